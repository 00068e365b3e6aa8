"""The dropout explorer: the mask, the scaling, and the average over many draws."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.arguments import array
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas, number

DRAWS = 200
LARGEST = 6
TRAINING, INFERENCE = "training", "inference"


def dropout(values: Any = None) -> Explorer:
    """Set a share of numbers to zero, scale the others, and watch many draws average out.

    Args:
        values: `(rows, columns)`, at most 6 x 6 numbers: the activations that come in; sixteen
            numbers from 0 to 9 where it is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where `values` does not hold real numbers.
        ValueError: where it is empty, not finite, too large, or not two-dimensional.

    Examples:
        >>> dropout([[2, 4]]).settings()
        {'mode': 'training', 'rate': 50, 'draws': 1}

    """
    if values is None:
        values = [[4, 9, 2, 5], [0, 8, 1, 7], [6, 3, 8, 2], [5, 7, 0, 4]]
    inputs = array("values", values, dimensions=(2,))
    if max(inputs.shape) > LARGEST:
        raise ValueError(
            f"`values` must have at most {LARGEST} rows and columns. "
            f"Received values of shape {inputs.shape}."
        )
    chances = np.random.default_rng(0).random((DRAWS, *inputs.shape))
    controls = {
        "mode": toggles("Mode", [TRAINING, INFERENCE], TRAINING),
        "rate": widgets.IntSlider(description="Rate in %", min=0, max=90, value=50, step=5),
        "draws": widgets.IntSlider(description="Draws", min=1, max=DRAWS, value=1),
    }
    return Explorer(
        lambda mode, rate, draws: scene(inputs, chances, mode, rate, draws),
        controls,
        [["mode"], ["rate", "draws"]],
    )


def dropped(inputs: np.ndarray, chances: np.ndarray, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Return which numbers are kept, and what comes out: kept ones times 1 / (1 - rate)."""
    kept = chances >= rate
    return kept, np.where(kept, inputs / (1 - rate), 0.0)


def scene(inputs: np.ndarray, chances: np.ndarray, mode: str, rate: int, draws: int) -> Scene:
    """Draw the numbers that come in, the mask, what comes out, and the average so far."""
    share = rate / 100 if mode == TRAINING else 0.0
    kept, outputs = dropped(inputs, chances[:draws], share)
    average, last = outputs.mean(axis=0), kept[-1]
    scale = 1 / (1 - share)
    most = max(np.abs(inputs).max() * scale, 1e-9)
    signed = bool((inputs < 0).any())

    drawn = Canvas(900, 336)
    cell = 196 // max(inputs.shape)
    columns = (
        ("Input", inputs),
        ("Mask × scaling" if mode == TRAINING else "No mask", last * scale),
        (f"Output of draw {draws}", outputs[-1]),
        (f"Mean of {draws} draw{'s' if draws > 1 else ''}", average),
    )
    for place, (name, values) in enumerate(columns):
        x = 8 + 226 * place
        drawn.text(x, 24, name, canvas.TITLE)
        fills = canvas.colors(values, signed, most if place != 1 else 2 * scale)
        drawn.grid(x, 36, cell, fills, values)
        drawn.text(x, 254, f"mean {number(values.mean())}")
        if place in (1, 2):
            for row, column in np.argwhere(~last):
                left, top = x + column * cell, 36 + row * cell
                drawn.hatch(left, top, cell)
                drawn.cross(left, top, cell)
    off = np.abs(average - inputs).mean()
    drawn.text(
        8, 292, f"scaling 1 / (1 − {number(share)}) = {number(scale)}    "
        f"average distance of the mean from the input: {number(off)}",
    )  # fmt: skip
    drawn.text(8, 322, "crossed: dropped, set to zero", canvas.SMALL)
    if mode == INFERENCE:
        words = (
            f"Inference, rate {rate} %: nothing is dropped and nothing is scaled, in draw {draws} "
            f"as in any other. The output is the input; its mean is {number(inputs.mean())}."
        )
    else:
        words = (
            f"Training, rate {rate} %, draw {draws}: {(~last).sum()} of {last.size} numbers are "
            f"dropped, the others are multiplied by {number(scale)}. The mean of the output is "
            f"{number(outputs[-1].mean())}, that of the input {number(inputs.mean())}. Averaged "
            f"over {draws} draw{'s' if draws > 1 else ''}, each number is off by {number(off)}."
        )
    return Scene(drawn, words)
