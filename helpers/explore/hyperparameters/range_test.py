"""The range test explorer: the loss while the learning rate grows."""

import functools
from typing import Any

import numpy as np

from helpers.arguments import array
from helpers.datasets.records import load_record
from helpers.explore import panels
from helpers.explore.panels import ABSENT, INK, WINDOW, Axis, Chart, Line, Points, Slider

SAY = panels.Words(__name__)


def range_test(rates: Any = None, losses: Any = None) -> panels.Explorer:
    """Slide along a learning-rate range test, and smooth its curve.

    Args:
        rates: Growing learning rates above 0, `(steps,)`; a recorded test where both are left out.
        losses: The loss of the batch at each, `(steps,)`.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where an argument does not hold real numbers.
        ValueError: where the two differ in length, or the rates do not grow.

    Examples:
        >>> range_test([0.001, 0.01, 0.1], [2.3, 1.5, 4.0]).settings()["smoothing"]
        9

    """
    if rates is None and losses is None:
        recorded = load_record("hyperparameters_grid")["range_test"]
        rates, losses = recorded["learning_rates"], recorded["losses"][0]
    x = array("rates", rates, dimensions=(1,)).astype(float)
    y = array("losses", losses, dimensions=(1,)).astype(float)
    if len(x) != len(y) or len(x) < 2:
        raise ValueError(
            "`rates` and `losses` must have the same length, 2 or more. "
            f"Received {len(x)} and {len(y)} numbers."
        )
    if x[0] <= 0 or not (np.diff(x) > 0).all():
        raise ValueError(
            f"`rates` must be above 0 and grow. Received rates from {x[0]} to {x[-1]}."
        )
    controls = [[Slider("step", 1, len(x), len(x) // 2, wide=True), Slider("smoothing", 1, 25, 9)]]
    return panels.Explorer(functools.partial(scene, x, y), controls, words=SAY)


def smooth(values: np.ndarray, window: int) -> np.ndarray:
    """Return the mean of each number and its neighbours, as far as they lie in the window."""
    ones = np.ones(min(window, 2 * len(values) - 1))
    middle = slice((len(ones) - 1) // 2, (len(ones) - 1) // 2 + len(values))
    return np.convolve(values, ones)[middle] / np.convolve(np.ones(len(values)), ones)[middle]


def steepest(rates: np.ndarray, losses: np.ndarray) -> int:
    """Return the step, before the lowest loss, at which it falls fastest as factors go."""
    last = max(int(losses.argmin()), 1) + 1
    return int(np.gradient(losses[:last], np.log(rates[:last])).argmin())


def scene(rates: np.ndarray, losses: np.ndarray, step: int, smoothing: int) -> panels.Scene:
    """Show the losses and their smoothed curve, with the chosen step."""
    curve, chosen = smooth(losses, smoothing), step - 1
    lowest, fastest = int(curve.argmin()), steepest(rates, curve)
    # A loss that explodes would press everything else flat: what is far above the start is cut off.
    high = 1.05 * min(losses.max(), 1.6 * curve[: max(1, len(curve) // 4)].max())
    above = int((losses > high).sum())
    still = [
        Points(rates, losses, color=ABSENT, size="tiny", name=SAY("batch")),
        Line(rates, curve, name=SAY("smoothed")),
        Points(rates[fastest], curve[fastest], "triangle", INK, "large", name=SAY("fastest")),
        Points(rates[lowest], curve[lowest], "square", INK, "large", name=SAY("lowest")),
    ]
    marks = [
        panels.Rule(x=rates[chosen], color=WINDOW, weight="normal"),
        Points(rates[chosen], curve[chosen], "circle", WINDOW, "large", name=SAY("chosen")),
    ]
    across = Axis(rates[0], rates[-1], SAY("across"), log=True)
    chart = Chart(across, Axis(0, high), marks, still, ratio=0.29, title=SAY("losses"))
    note = panels.Text(SAY("edge") if above else "", "small")
    said = {
        "step": step, "steps": len(rates), "loss": losses[chosen], "smooth": curve[chosen],
        "over": SAY.counted("over", smoothing), "end": curve[-1],
        **{name: f"{rates[place]:.2g}" for name, place in
           (("rate", chosen), ("fastest", fastest), ("lowest", lowest))},
    }  # fmt: skip
    words = [SAY("sentence", **said), *([SAY.counted("above", above)] if above else ())]
    return panels.Scene([chart, note], " ".join(words))
