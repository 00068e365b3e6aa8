"""The feature-map explorer: any digit, any layer, any channel, and what one number of it sees."""

import functools
from typing import Any

import numpy as np

from helpers.explore import panels
from helpers.explore.interpretation.digits import LAYERS, digits_to_show
from helpers.explore.panels import Choice, Frame, ImageGrid, Slider, number
from helpers.explore.trained import trained
from helpers.interpret.activations import activations
from helpers.interpret.receptive_field import receptive_field_and_stride

SAY = panels.Words(__name__)
FIRST, CHANNEL = "convolution 1", 9


def feature_maps(images: Any = None, labels: Any = None) -> panels.Explorer:
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
    pixels, labels_of = digits_to_show(images, labels)

    @functools.lru_cache(64)
    def maps(digit, layer):
        return activations(trained(), pixels[digit : digit + 1, ..., None], LAYERS[layer])[0]

    def limits(digit, layer, **_):
        rows, columns, channels = maps(digit, layer).shape
        return {"row": rows - 1, "column": columns - 1, "channel": channels - 1}

    def draw(digit, layer, **chosen):
        field = receptive_field_and_stride(trained(), LAYERS[layer])
        told = {"digit": digit, "label": labels_of[digit], **SAY.told(layer=layer)}
        return scene(pixels[digit], maps(digit, layer), *field, told, **chosen)

    # It begins at the largest number of the first map, not somewhere on empty paper.
    row, column = np.unravel_index(maps(0, FIRST)[..., CHANNEL].argmax(), (26, 26))
    controls = [
        [Slider("digit", 0, len(pixels) - 1, 0, wide=True)],
        [Choice("layer", tuple(LAYERS), FIRST)],
        [Slider("channel", 0, 31, CHANNEL, wide=True)],
        [Slider("row", 0, 25, row), Slider("column", 0, 25, column)],
    ]
    return panels.Explorer(draw, controls, words=SAY, limits=limits)


def scene(
    image: np.ndarray, maps: np.ndarray, field: int, stride: int, told: dict[str, Any],
    channel: int, row: int, column: int,
) -> panels.Scene:  # fmt: skip
    """Show the digit with a window, one map with the number that sees it, and all maps."""
    one, most, channels = maps[..., channel], float(maps.max()) or 1.0, maps.shape[2]
    top, left = row * stride, column * stride
    told = {
        **told, "channel": channel, "channels": channels, "size": len(one), "field": field,
        "row": row, "column": column, "value": number(float(one[row, column])), "top": top,
        "bottom": top + field - 1, "left": left, "right": left + field - 1,
        "most": number(float(one.max())), "zeros": float((one == 0).mean()),
    }  # fmt: skip
    window, output = Frame("window", top, left, field, field), Frame("output", row, column)
    shown = [
        ImageGrid(image, limits=(0, 1), over={0: [window]}, title=SAY("image", **told)),
        ImageGrid(one, limits=(0, most), over={0: [output]}, title=SAY("map", **told),
                  notes=SAY("largest", **told)),
        ImageGrid(list(np.moveaxis(maps, 2, 0)), across=int(np.ceil(np.sqrt(channels))), tight=True,
                  limits=(0, most), chosen={channel: "output"}, title=SAY("maps", **told),
                  notes=SAY("shades", most=number(most)), share=1.3),
    ]  # fmt: skip
    legend = panels.Legend([Frame(kind, name=SAY(kind, **told)) for kind in ("window", "output")])
    return panels.Scene([panels.Row(shown), legend], SAY("sentence", **told))
