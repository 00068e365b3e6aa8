"""The channel explorer: three planes of colour, three planes of weights, one map."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.arguments import array, integer
from helpers.datasets.photographs import load_photograph
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas, number
from helpers.layers.conv import conv2d
from helpers.layers.kernels import kernel

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


def channel_sum(image: Any = None, row: int | None = None, column: int | None = None) -> Explorer:
    """Choose a filter and see how three planes of colour become one map.

    Args:
        image: `(height, width, 3)`, values from 0 to 1, at most 96 x 96 pixels; a photograph of
            a cup of coffee where it is left out.
        row: The row in which the window begins at first; in the middle where it is left out.
        column: Its column.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where `image` does not hold real numbers, or a place is no whole number.
        ValueError: where `image` is empty, not finite, too large, or has another shape, or
            the window does not lie on it.

    Examples:
        >>> channel_sum().settings()["chosen"]
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
        "row": place_slider("row", row, height),
        "column": place_slider("column", column, width),
        "bias": widgets.FloatSlider(description="Bias", value=0.0, min=-1.0, max=1.0, step=0.1),
    }
    return Explorer(
        lambda chosen, row, column, bias: scene(pixels, chosen, row, column, bias),
        controls,
        [["chosen"], ["row", "column", "bias"]],
    )


def place_slider(name: str, begin: int | None, length: int) -> widgets.IntSlider:
    """Return the slider for where a window of 3 pixels begins along `length` pixels."""
    value = min(length // 2, length - 3) if begin is None else integer(name, begin, 0, length - 3)
    return widgets.IntSlider(description=name.capitalize(), value=value, max=length - 3)


def scene(pixels: np.ndarray, chosen: str, row: int, column: int, bias: float) -> Scene:
    """Draw the planes, one window of each, the weights on it, each plane's sum, and their sum."""
    weights = FILTERS[chosen][..., 0]
    output = conv2d(pixels, FILTERS[chosen])[..., 0] + bias
    window = pixels[row : row + 3, column : column + 3]
    sums = (window * weights).sum(axis=(0, 1))

    drawn = Canvas(900, 492)
    side, large, cell = 128, 266, 40
    for x, title in (
        (8, "Input planes"),
        (166, "The window"),
        (318, "Filter planes"),
        (470, "Their sums"),
        (626, "Output: one map"),
    ):
        drawn.text(x, 22, title, canvas.TITLE)
    for plane, name in enumerate(PLANES):
        top = 36 + plane * 152
        draw_plane(drawn, top, side, pixels[..., plane], (row, column))
        drawn.text(8, top + side + 16, name)
        drawn.grid(
            166, top + 4, cell, canvas.colors(window[..., plane], False, 1.0), window[..., plane]
        )
        drawn.outline(166, top + 4, 3 * cell, 3 * cell, canvas.WINDOW)
        drawn.text(302, top + 69, "×", canvas.TITLE, anchor="middle")
        shown = canvas.colors(weights[..., plane], True, np.abs(weights).max())
        drawn.grid(318, top + 4, cell, shown, weights[..., plane])
        drawn.text(454, top + 69, "→", canvas.TITLE, anchor="middle")
        drawn.text(474, top + 69, number(sums[plane]), 18)
        drawn.text(474, top + 88, name, canvas.SMALL)
    drawn.line([(550, 48), (562, 48), (562, 448), (550, 448)], canvas.INK)
    drawn.text(590, 256, "Σ", 22, anchor="middle")

    pixel = large / max(pixels.shape[:2])
    # A map has no values on the border of one pixel: it is drawn where its windows' middles lie.
    limit = max(np.abs(output).max(), 1e-9)
    drawn.outline(626, 36, pixels.shape[1] * pixel, pixels.shape[0] * pixel, canvas.LINE, 1)
    drawn.picture(
        626 + pixel, 36 + pixel, pixel * max(output.shape), canvas.colors(output, True, limit)
    )
    drawn.outline(
        626 + (column + 1.5) * pixel - 6, 36 + (row + 1.5) * pixel - 6, 12, 12, canvas.OUTPUT
    )
    terms = " + ".join(in_brackets(value) for value in sums)
    lines = [
        f"{terms}",
        f"+ bias {in_brackets(bias)} ≈ {number(output[row, column])}",
        "",
        "3 · 3 · 3 = 27 weights and 1 bias",
        "blue frame: this output",
        f"white: 0   red: up to {number(limit)}   blue: down to {number(-limit)}",
    ]
    for place, line in enumerate(lines):
        drawn.text(626, 328 + 24 * place, line, canvas.TEXT if place < 5 else canvas.SMALL)
    words = (
        f"{chosen}. At row {row}, column {column} the planes give {number(sums[0])} (red), "
        f"{number(sums[1])} (green) and {number(sums[2])} (blue); with the bias of "
        f"{number(bias)} the output there is {number(output[row, column])}. "
        f"The map lies between {number(output.min())} and {number(output.max())}."
    )
    return Scene(drawn, words)


def draw_plane(
    drawn: Canvas, top: float, side: float, plane: np.ndarray, place: tuple[int, int]
) -> None:
    """Draw one plane of the image, with the window and lines that lead the eye to it."""
    pixel = side / max(plane.shape)
    drawn.picture(8, top, side, canvas.colors(plane, False, 1.0))
    y, x = top + place[0] * pixel, 8 + place[1] * pixel
    drawn.outline(x - 2, y - 2, 3 * pixel + 4, 3 * pixel + 4, canvas.WINDOW, 2)


def in_brackets(value: float) -> str:
    """Write a number, in brackets where it is below zero."""
    text = number(value)
    return f"({text})" if text.startswith("−") else text
