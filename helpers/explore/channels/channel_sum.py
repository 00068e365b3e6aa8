"""The channel explorer: three planes of colour, three planes of weights, one map."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.arguments import integer, picture_values
from helpers.datasets.photographs import load_photograph
from helpers.explore import panels
from helpers.explore.panels import Column, Frame, ImageGrid, NumberGrid, Sign, Slider, Text, number
from helpers.layers.conv import conv2d
from helpers.layers.kernels import kernel

SAY = panels.Words(__name__)
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


def channel_sum(
    image: Any = None, row: int | None = None, column: int | None = None
) -> panels.Explorer:
    """Choose a filter and see how three planes of colour become one map.

    Args:
        image: `(height, width, 3)`, values from 0 to 1 or from 0 to 255, at most 96 x 96 pixels; a
            photograph of a cup of coffee where it is left out.
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
        pixels = picture_values("image", image, dimensions=(3,))
    height, width, depth = pixels.shape
    if depth != len(PLANES) or not 3 <= min(height, width) <= max(height, width) <= SIDE:
        raise ValueError(
            f"`image` must have 3 channels and from 3 to {SIDE} rows and columns. "
            f"Received image of shape {np.shape(image)}."
        )
    controls = [
        [panels.Choice("chosen", list(FILTERS), "Red, not green or blue")],
        [position_slider("row", row, height), position_slider("column", column, width),
         Slider("bias", -1.0, 1.0, 0.0, step=0.1)],
    ]  # fmt: skip
    # Bias and window move often, the filter seldom.
    convolved = functools.cache(lambda chosen: conv2d(pixels, FILTERS[chosen])[..., 0])
    return panels.Explorer(functools.partial(scene, pixels, convolved), controls, words=SAY)


def position_slider(name: str, begin: int | None, length: int) -> Slider:
    """Return the slider for where a window of 3 pixels begins along `length` pixels."""
    value = min(length // 2, length - 3) if begin is None else integer(name, begin, 0, length - 3)
    return Slider(name, 0, length - 3, value)


def scene(
    pixels: np.ndarray, convolved: Callable[[str], np.ndarray], chosen: str, row: int, column: int,
    bias: float,
) -> panels.Scene:  # fmt: skip
    """Show the planes, one window of each, the weights on it, each plane's sum, and their sum."""
    weights = FILTERS[chosen][..., 0]
    output = convolved(chosen) + bias
    window = pixels[row : row + 3, column : column + 3]
    sums = (window * weights).sum(axis=(0, 1))
    largest = np.abs(output).max()
    told = {
        **SAY.told(chosen=chosen), "row": row, "column": column, "bias": number(bias),
        "total": number(output[row, column]), "low": number(output.min()),
        "high": number(output.max()), **dict(zip(PLANES, map(number, sums), strict=True)),
    }  # fmt: skip

    rows = []
    for plane, name in enumerate(PLANES):
        titles = [SAY(key) if plane == 0 else "" for key in ("planes", "window", "filter", "sums")]
        rows.append(panels.Row([
            ImageGrid(pixels[..., plane], limits=(0, 1), notes=SAY(name), title=titles[0],
                      over={0: [Frame("window", row, column, 3, 3)]}),
            NumberGrid(window[..., plane], limits=(0, 1), title=titles[1],
                       frames=[Frame("window", 0, 0, 3, 3)]), Sign("×"),
            NumberGrid(weights[..., plane], signed=True, limits=(0, np.abs(weights).max()),
                       title=titles[2]), Sign("→"),
            Text(told[name], "title", title=titles[3], middle=True, share=0.7),
        ], close=True))  # fmt: skip

    # A map has no values on the border of one pixel: it is empty there.
    bordered = np.pad(output, 1, constant_values=np.nan)
    one_map = ImageGrid(bordered, signed=True, limits=(0, largest), framed=True, title=SAY("map"),
                        over={0: [Frame("output", row + 1, column + 1)]})  # fmt: skip
    terms = " + ".join(in_brackets(value) for value in sums)
    lines = [SAY("terms", terms=terms),
             SAY("bias", bias=in_brackets(bias), total=told["total"]),
             "", SAY("weights")]  # fmt: skip
    legend = panels.Legend([
        Frame("window", name=SAY("window_frame")), Frame("output", name=SAY("output")),
        panels.Shades(SAY("shades", low=number(-largest), high=number(largest)), signed=True),
    ])  # fmt: skip
    both = panels.Row([Column(rows, share=1.9), Column([one_map, Text(lines), legend])])
    return panels.Scene(both, SAY("sentence", **told))


def in_brackets(value: float) -> str:
    """Write a number, in brackets where it is below zero."""
    text = number(value)
    return f"({text})" if text.startswith("−") else text
