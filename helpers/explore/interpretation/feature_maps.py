"""The feature-map explorer: any digit, any layer, any channel, and what one number of it sees."""

import functools
from typing import Any

import ipywidgets as widgets
import numpy as np
from PIL import Image

from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas, number
from helpers.explore.trained import LAYERS, SIZE, digits_to_show, trained
from helpers.interpret.activations import activations
from helpers.interpret.receptive_field import receptive_field_and_stride

LARGE = 252
MOSAIC = 330
CHANNEL = 9


def feature_maps(images: Any = None, labels: Any = None) -> Explorer:
    """Choose a digit, a layer, a channel and a place, and see the maps of the trained network.

    Args:
        images: `(number, 28, 28)`, integers from 0 to 255 or numbers from 0 to 1; some bundled
            digits where it is left out.
        labels: `(number,)` digits from 0 to 9.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where an argument does not hold numbers.
        ValueError: where shapes do not fit, or values are out of range.

    Examples:
        >>> feature_maps().settings()["layer"]
        'convolution 1'

    """
    pixels, names = digits_to_show(images, labels)

    @functools.lru_cache(64)
    def maps(digit, layer):
        return activations(trained(), pixels[digit : digit + 1, ..., None], LAYERS[layer])[0]

    @functools.lru_cache(64)
    def mosaic(digit, layer):
        return all_maps(maps(digit, layer), layer)

    # It begins at the largest number of the first map, not somewhere on empty paper.
    row, column = np.unravel_index(maps(0, "convolution 1")[..., CHANNEL].argmax(), (26, 26))
    wide = widgets.Layout(width="420px")
    controls = {
        "digit": widgets.IntSlider(description="Digit", max=len(pixels) - 1, layout=wide),
        "layer": toggles("Layer", list(LAYERS), "convolution 1"),
        "channel": widgets.IntSlider(description="Channel", value=CHANNEL, max=31, layout=wide),
        "row": widgets.IntSlider(description="Row", value=int(row), max=25),
        "column": widgets.IntSlider(description="Column", value=int(column), max=25),
    }

    def fit(controls):
        rows, columns, channels = maps(controls["digit"].value, controls["layer"].value).shape
        for name, length in (("row", rows), ("column", columns), ("channel", channels)):
            controls[name].max = length - 1

    def draw(digit, layer, channel, row, column):
        title = f"Digit {digit}, a {names[digit]}"
        whole = mosaic(digit, layer)
        return scene(pixels[digit], title, maps(digit, layer), whole, layer, channel, row, column)

    return Explorer(draw, controls, [["digit"], ["layer"], ["channel"], ["row", "column"]], fit)


def across(channels: int) -> int:
    """Return how many small maps stand side by side: 6 of 32, 8 of 64."""
    return int(np.ceil(np.sqrt(channels)))


def all_maps(maps: np.ndarray, layer: str) -> Image.Image:
    """Draw the maps of all channels: what stays while channel and place change."""
    drawn, most, channels = Canvas(900, 400), float(maps.max()) or 1.0, maps.shape[2]
    side = MOSAIC // across(channels)
    drawn.text(562, 22, f"All {channels} channels of {layer}", canvas.TITLE)
    for place in range(channels):
        down, right = divmod(place, across(channels))
        fills = canvas.colors(maps[..., place], False, most)
        drawn.picture(562 + right * side, 36 + down * side, side - 1, fills)
    drawn.text(8, 380, f"black 0, white {number(most)}: the largest number of the layer")
    return drawn.image


def scene(
    image: np.ndarray, title: str, maps: np.ndarray, whole: Image.Image, layer: str, channel: int,
    row: int, column: int,
) -> Scene:  # fmt: skip
    """Draw the digit with a window, one map with the number that sees it, and all maps."""
    field, step = receptive_field_and_stride(trained(), LAYERS[layer])
    top, left = row * step, column * step
    one, most = maps[..., channel], float(maps.max()) or 1.0
    size = len(one)

    drawn = Canvas(900, 400)
    drawn.image.paste(whole)
    drawn.text(8, 22, title, canvas.TITLE)
    drawn.picture(8, 36, LARGE, canvas.colors(image, False, 1.0))
    pixel = LARGE / SIZE
    drawn.outline(8 + left * pixel, 36 + top * pixel, field * pixel, field * pixel)
    drawn.text(8, 310, "orange: the pixels that this number sees,")
    drawn.text(8, 330, f"its receptive field of {field} × {field}")

    x = 284
    drawn.text(x, 22, f"Channel {channel}, {size} × {size}", canvas.TITLE)
    drawn.picture(x, 36, LARGE, canvas.colors(one, False, most))
    cell = LARGE / size
    drawn.outline(x + column * cell, 36 + row * cell, cell, cell, canvas.OUTPUT)
    value, zeros = float(one[row, column]), float((one == 0).mean())
    drawn.text(x, 310, f"blue: row {row}, column {column} holds {number(value)}")
    drawn.text(x, 330, f"largest {number(one.max())}; {zeros:.0%} of the map is zero")

    side = MOSAIC // across(maps.shape[2])
    down, right = divmod(channel, across(maps.shape[2]))
    drawn.outline(562 + right * side, 36 + down * side, side - 1, side - 1, canvas.OUTPUT)
    words = (
        f"{title}: {layer} gives {maps.shape[2]} maps of {size} × {size}. In channel {channel} "
        f"the number at row {row}, column {column} is {number(value)}; it sees rows {top} to "
        f"{top + field - 1} and columns {left} to {left + field - 1} of the digit. The largest "
        f"number of this map is {number(one.max())}, and {zeros:.0%} of it is zero."
    )
    return Scene(drawn, words)
