"""The field explorer: what one number of each layer of a trained network sees of a digit."""

import functools
from typing import Any, NamedTuple

import ipywidgets as widgets
import numpy as np

from helpers.arguments import array
from helpers.datasets.mnist import load_digit_image
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas, number
from helpers.layers import shapes
from helpers.models.backend import tf
from helpers.models.mnist_cnn import load_trained

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
    for place, layer in enumerate(trained().layers[: len(NAMES)]):
        values = layer(values)
        step *= SIZES[place][1]
        field = shapes.receptive_field(SIZES[: place + 1])
        found[NAMES[place]] = Stage(np.asarray(values[0]), field, step)
    return found


def receptive_field(digit: Any = None) -> Explorer:
    """See the receptive field grow from layer to layer of the course's trained network.

    Args:
        digit: `(28, 28)`, from 0 (paper) to 1 (ink); a handwritten digit where it is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where `digit` does not hold real numbers.
        ValueError: where it has another shape, or holds numbers that are not finite.

    Examples:
        >>> receptive_field().settings()
        {'layer': 'Conv 2', 'row': 4, 'column': 4}

    """
    pixels = load_digit_image() if digit is None else array("digit", digit, dimensions=(2,))
    if pixels.shape != (SIDE, SIDE):
        raise ValueError(
            f"`digit` must have the shape (28, 28). Received digit of shape {pixels.shape}."
        )
    found = stages(pixels)
    controls = {
        "layer": toggles("Layer", list(NAMES), "Conv 2"),
        "row": widgets.IntSlider(description="Row", value=4, max=10),
        "column": widgets.IntSlider(description="Column", value=4, max=10),
    }

    def fit(controls: dict[str, widgets.Widget]) -> None:
        last = len(found[controls["layer"].value].maps) - 1
        controls["row"].max = controls["column"].max = last

    return Explorer(
        lambda layer, row, column: scene(pixels, found, layer, row, column),
        controls,
        [["layer"], ["row", "column"]],
        adjust=fit,
    )


def scene(pixels: np.ndarray, found: dict[str, Stage], layer: str, row: int, column: int) -> Scene:
    """Draw the digit with the field of one output, and the map in which that output stands."""
    maps, size, step = found[layer]
    best = int(maps[row, column].argmax())
    outputs, channels = maps.shape[1:]
    top, left = row * step, column * step
    drawn = Canvas(900, 436)
    cell = 12
    drawn.text(8, 22, "What the output sees of the digit", canvas.TITLE)
    drawn.grid(8, 36, cell, canvas.colors(pixels, False, 1.0))
    drawn.outline(8 + left * cell, 36 + top * cell, size * cell, size * cell)
    drawn.text(8, 398, "orange: the receptive field", canvas.SMALL)

    drawn.text(380, 22, f"{layer}: filter no. {best} of {channels}", canvas.TITLE)
    small = 308 / outputs
    drawn.picture(380, 36, 308, canvas.colors(maps[..., best], False))
    drawn.outline(380, 36, 308, 308, canvas.LINE, 1)
    drawn.outline(
        380 + column * small, 36 + row * small, small, small, canvas.OUTPUT, min(3, small / 4)
    )
    drawn.text(380, 362, "blue: the output, in the map of the filter that is", canvas.SMALL)
    drawn.text(380, 378, "strongest there; white is the largest number", canvas.SMALL)
    for place, name in enumerate(NAMES):
        y = 66 + 46 * place
        shown = found[name]
        if name == layer:
            drawn.outline(714, y - 22, 178, 44, canvas.WINDOW, 2)
        drawn.text(724, y - 4, f"{name}: sees {shown.field} × {shown.field}")
        drawn.text(724, y + 13, f"{len(shown.maps)} × {len(shown.maps)} outputs", canvas.SMALL)
    share = size**2 / SIDE**2
    drawn.text(8, 422, f"{size} × {size} of 28 × 28 pixels: {share:.0%} of the image")
    words = (
        f"{layer}: the output at row {row}, column {column} sees {size} × {size} pixels, rows "
        f"{top} to {top + size - 1} and columns {left} to {left + size - 1}: {share:.0%} of the "
        f"image. The layer has {outputs} × {outputs} such places and {channels} filters; filter "
        f"{best} answers most strongly there, with {number(maps[row, column, best])}."
    )
    return Scene(drawn, words)
