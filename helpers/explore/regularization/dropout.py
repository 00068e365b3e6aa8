"""The dropout explorer: the mask, the scaling, and the average over many draws."""

import functools
from typing import Any

import numpy as np

from helpers.arguments import array
from helpers.explore import panels
from helpers.explore.panels import Choice, NumberGrid, Slider, number

SAY = panels.Words(__name__)
DRAWS = 200
LARGEST = 6
ACTIVATIONS = ((4, 9, 2, 5), (0, 8, 1, 7), (6, 3, 8, 2), (5, 7, 0, 4))
CONTROLS = [
    [Choice("mode", ("training", "inference"), "training")],
    [Slider("rate", 0, 90, 50, step=5), Slider("draws", 1, DRAWS, 1)],
]


def dropout(values: Any = None) -> panels.Explorer:
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
    inputs = array("values", ACTIVATIONS if values is None else values, dimensions=(2,))
    if max(inputs.shape) > LARGEST:
        raise ValueError(
            f"`values` must have at most {LARGEST} rows and columns. "
            f"Received values of shape {inputs.shape}."
        )
    chances = np.random.default_rng(0).random((DRAWS, *inputs.shape))
    return panels.Explorer(functools.partial(scene, inputs, chances), CONTROLS, words=SAY)


def dropped(inputs: np.ndarray, chances: np.ndarray, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Return which numbers are kept, and what comes out: kept ones times 1 / (1 - rate)."""
    kept = chances >= rate
    return kept, np.where(kept, inputs / (1 - rate), 0.0)


def scene(
    inputs: np.ndarray, chances: np.ndarray, mode: str, rate: int, draws: int
) -> panels.Scene:
    """Show the numbers that come in, the mask, what comes out, and the average so far."""
    fraction = rate / 100 if mode == "training" else 0.0
    kept, outputs = dropped(inputs, chances[:draws], fraction)
    mask, average, scale = kept[-1], outputs.mean(axis=0), 1 / (1 - fraction)
    most, signed = max(np.abs(inputs).max() * scale, 1e-9), bool((inputs < 0).any())
    zeros = {"hatched": np.argwhere(~mask).tolist(), "crossed": np.argwhere(~mask).tolist()}
    told = {
        "rate": rate, "fraction": number(fraction), "scale": number(scale), "draw": draws,
        "draws": SAY.counted("draws", draws), "dropped": int((~mask).sum()), "all": mask.size,
        "input": number(inputs.mean()), "output": number(outputs[-1].mean()),
        "off": number(np.abs(average - inputs).mean()),
    }  # fmt: skip
    grids = [
        NumberGrid(values, signed, (0.0, high), title=SAY(key, **told),
                   notes=SAY("mean", value=number(values.mean())), **crossed)
        for key, values, high, crossed in (
            ("input", inputs, most, {}), (f"mask_{mode}", mask * scale, 2 * scale, zeros),
            ("output", outputs[-1], most, zeros), ("average", average, most, {}),
        )
    ]  # fmt: skip
    lines = panels.Text([SAY("scaling", **told), SAY("distance", **told)])
    legend = panels.signs(SAY, "crossed")
    return panels.Scene([panels.Row(grids), lines, legend], SAY(mode, **told))
