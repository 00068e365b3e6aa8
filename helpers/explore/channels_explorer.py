"""The channel explorer: three planes of colour, three planes of weights, one map."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.arguments import array
from helpers.conv import conv2d
from helpers.data import load_photograph
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas, number
from helpers.kernels import kernel

PLANES = ("red", "green", "blue")
SIDE = 96


def planes(*weights: np.ndarray) -> np.ndarray:
    """Stack three kernels `(3, 3)` to the kernel of one filter, `(3, 3, 3, 1)` as in Keras."""
    return np.stack(weights, axis=-1)[..., None]


NOTHING, MIDDLE, EDGE = np.zeros((3, 3)), kernel("identity"), kernel("sobel_x")
FILTERS = {
    "Brightness": planes(MIDDLE / 3, MIDDLE / 3, MIDDLE / 3),
    "Red, not green or blue": planes(MIDDLE, -MIDDLE / 2, -MIDDLE / 2),
    "Blue, not red": planes(-MIDDLE, NOTHING, MIDDLE),
    "Edges of brightness": planes(EDGE / 3, EDGE / 3, EDGE / 3),
    "Edges from green to red": planes(EDGE, -EDGE, NOTHING),
    "Blurred green": planes(NOTHING, kernel("gaussian_blur"), NOTHING),
}


def channels(image: Any = None) -> Explorer:
    """Choose a filter and see how three planes of colour become one map.

    Args:
        image: `(height, width, 3)`, values from 0 to 1, at most 96 x 96 pixels; a photograph of
            a cup of coffee where it is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where `image` does not hold real numbers.
        ValueError: where it is empty, not finite, too large, or has another shape.

    Examples:
        >>> channels().settings()["chosen"]
        'Red, not green or blue'

    """
    if image is None:
        pixels = load_photograph("coffee")[8:392:4, 108:492:4] / 255
    else:
        pixels = array("image", image, dimensions=(3,))
    height, width, depth = pixels.shape
    if depth != len(PLANES) or not 3 <= min(height, width) <= max(height, width) <= SIDE:
        raise ValueError(
            f"`image` must have 3 channels and from 3 to {SIDE} rows and columns. "
            f"Received image of shape {pixels.shape}."
        )
    controls = {
        "chosen": toggles("Filter", list(FILTERS), "Red, not green or blue"),
        "row": widgets.IntSlider(description="Row", value=height // 2, max=height - 3),
        "column": widgets.IntSlider(description="Column", value=width // 2, max=width - 3),
    }
    return Explorer(
        lambda chosen, row, column: scene(pixels, chosen, row, column),
        controls,
        [["chosen"], ["row", "column"]],
    )


def scene(pixels: np.ndarray, chosen: str, row: int, column: int) -> Scene:
    """Draw the planes, the weights, each plane's map, and their sum."""
    weights = FILTERS[chosen]
    maps = [conv2d(pixels[..., plane], weights[:, :, plane, 0]) for plane in range(3)]
    output = conv2d(pixels, weights)[..., 0]
    parts = [found[row, column] for found in maps]
    most = max(np.abs(found).max() for found in [*maps, output])

    drawn = Canvas(900, 506)
    side = 128
    pixel = side / max(pixels.shape[:2])
    for x, title in (
        (8, "Input planes"),
        (190, "Kernel planes"),
        (360, "Their maps"),
        (570, "Sum"),
    ):
        drawn.text(x, 22, title, canvas.TITLE)
    for plane, name in enumerate(PLANES):
        top = 36 + plane * 156
        drawn.picture(8, top, side, canvas.colors(pixels[..., plane], False, 1.0))
        drawn.outline(8 + column * pixel, top + row * pixel, 3 * pixel, 3 * pixel, canvas.WINDOW, 2)
        drawn.text(8, top + side + 16, name)
        drawn.text(152, top + 70, "×", canvas.TITLE)
        kernel_colors = canvas.colors(weights[:, :, plane, 0], True, np.abs(weights).max())
        drawn.grid(190, top, 42, kernel_colors, weights[:, :, plane, 0])
        drawn.text(328, top + 70, "=", canvas.TITLE)
        drawn.picture(360, top, side, canvas.colors(maps[plane], True, most))
        drawn.outline(
            360 + column * pixel, top + row * pixel, pixel + 2, pixel + 2, canvas.OUTPUT, 2
        )
        drawn.text(360, top + side + 16, f"at the mark: {number(parts[plane])}")
    large = 296
    drawn.text(545, 190, "Σ", 22)
    drawn.picture(570, 36, large, canvas.colors(output, True, np.abs(output).max()))
    step = large / max(pixels.shape[:2])
    drawn.outline(570 + column * step, 36 + row * step, step + 2, step + 2, canvas.OUTPUT, 2)
    total = " + ".join(f"({number(part)})" if part < 0 else number(part) for part in parts)
    drawn.text(570, 356, f"at the mark: {total} ≈ {number(output[row, column])}")
    drawn.text(570, 378, "blue below zero, white zero, red above", canvas.SMALL)
    drawn.text(570, 410, f"{weights.size} weights and 1 bias: one map")
    words = (
        f"{chosen}. At row {row}, column {column} the planes give {number(parts[0])} (red), "
        f"{number(parts[1])} (green) and {number(parts[2])} (blue); their sum is "
        f"{number(output[row, column])}. The map lies between {number(output.min())} and "
        f"{number(output.max())}."
    )
    return Scene(drawn, words)
