"""The field explorer: what one number of each layer of a trained network sees of a digit."""

import functools
from typing import Any, NamedTuple

import numpy as np

from helpers.arguments import picture_values
from helpers.datasets.mnist import load_digit_image
from helpers.explore import panels
from helpers.explore.panels import Frame, ImageGrid, NumberGrid, Slider, number
from helpers.layers import shapes
from helpers.models.backend import tf
from helpers.models.mnist_cnn import load_trained

SAY = panels.Words(__name__)
SIDE = 28
NAMES = ("Conv 1", "Pool 1", "Conv 2", "Pool 2", "Conv 3")
SIZES = ((3, 1), (2, 2), (3, 1), (2, 2), (3, 1))

trained = functools.cache(load_trained)


class Stage(NamedTuple):
    """One layer: its maps `(height, width, channels)`, and how far and in what steps it sees."""

    maps: np.ndarray
    field: int
    step: int


def stages(digit: np.ndarray) -> dict[str, Stage]:
    """Return what the trained network makes of a digit, layer by layer, up to `Flatten`."""
    values = tf.constant(digit[None, :, :, None], "float32")
    found = {}
    step = 1
    for index, layer in enumerate(trained().layers[: len(NAMES)]):
        values = layer(values)
        step *= SIZES[index][1]
        field = shapes.receptive_field(SIZES[: index + 1])
        found[NAMES[index]] = Stage(np.asarray(values[0]), field, step)
    return found


def receptive_field(digit: Any = None) -> panels.Explorer:
    """See the receptive field grow from layer to layer of the course's trained network.

    Args:
        digit: `(28, 28)`, from 0 (paper) to 1 or 255 (ink); a handwritten digit where it is left
            out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where `digit` does not hold real numbers.
        ValueError: where it has another shape, or holds numbers that are not finite.

    Examples:
        >>> receptive_field().settings()
        {'layer': 'Conv 2', 'row': 4, 'column': 4}

    """
    pixels = load_digit_image() if digit is None else picture_values("digit", digit)
    if pixels.shape != (SIDE, SIDE):
        raise ValueError(
            f"`digit` must have the shape (28, 28). Received digit of shape {pixels.shape}."
        )
    found = stages(pixels)
    controls = [
        [panels.Choice("layer", NAMES, "Conv 2")],
        [Slider("row", 0, SIDE, 4), Slider("column", 0, SIDE, 4)],
    ]

    def limits(layer, **_):
        last = len(found[layer].maps) - 1
        return {"row": last, "column": last}

    draw = functools.partial(scene, pixels, found)
    return panels.Explorer(draw, controls, words=SAY, limits=limits)


def scene(
    pixels: np.ndarray, found: dict[str, Stage], layer: str, row: int, column: int
) -> panels.Scene:
    """Show the digit with the field of one output, and the map in which that output stands."""
    maps, size, step = found[layer]
    best = int(maps[row, column].argmax())
    top, left = row * step, column * step
    told = {
        **SAY.told(layer=layer), "row": row, "column": column, "size": size,
        "top": top, "bottom": top + size - 1, "left": left, "right": left + size - 1,
        "share": size**2 / SIDE**2, "outputs": len(maps), "channels": maps.shape[2],
        "best": best, "strongest": number(maps[row, column, best]),
    }  # fmt: skip
    digit = NumberGrid(pixels, limits=(0, 1), write=None, title=SAY("digit"),
                       frames=[Frame("window", top, left, size, size)])  # fmt: skip
    one_map = ImageGrid(maps[..., best], framed=True, title=SAY("map", **told), share=0.8,
                        over={0: [Frame("output", row, column)]},
                        notes=SAY("strongest"))  # fmt: skip
    rows = [(SAY.option("layer", name), SAY("product", count=stage.field),
             SAY("product", count=len(stage.maps))) for name, stage in found.items()]  # fmt: skip
    table = panels.Table([SAY(key) for key in ("layer", "sees", "outputs")], rows,
                         chosen=NAMES.index(layer), share=0.55)  # fmt: skip
    legend = panels.signs(SAY, "window", "output")
    shown = [panels.Row([digit, one_map, table]), panels.Text(SAY("share", **told)), legend]
    return panels.Scene(shown, SAY("sentence", **told))
