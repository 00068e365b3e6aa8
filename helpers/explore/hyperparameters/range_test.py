"""The range test explorer: the loss while the learning rate grows."""

import functools
from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.arguments import array
from helpers.datasets.records import load_record
from helpers.explore import canvas, chart
from helpers.explore.base import Explorer, Scene
from helpers.explore.canvas import Canvas
from helpers.explore.chart import Axis, Chart


def range_test(rates: Any = None, losses: Any = None) -> Explorer:
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
    controls = {
        "step": widgets.IntSlider(
            description="Step", value=len(x) // 2, min=1, max=len(x),
            layout=widgets.Layout(width="460px"),
        ),
        "smoothing": widgets.IntSlider(description="Smoothing", value=9, min=1, max=25),
    }  # fmt: skip
    return Explorer(functools.partial(scene, x, y), controls, [["step", "smoothing"]])


def smooth(values: np.ndarray, window: int) -> np.ndarray:
    """Return the mean of each number and its neighbours, as far as they lie in the window."""
    ones = np.ones(min(window, 2 * len(values) - 1))
    middle = slice((len(ones) - 1) // 2, (len(ones) - 1) // 2 + len(values))
    return np.convolve(values, ones)[middle] / np.convolve(np.ones(len(values)), ones)[middle]


def steepest(rates: np.ndarray, losses: np.ndarray) -> int:
    """Return the step, before the lowest loss, at which it falls fastest as factors go."""
    last = max(int(losses.argmin()), 1) + 1
    return int(np.gradient(losses[:last], np.log(rates[:last])).argmin())


def scene(rates: np.ndarray, losses: np.ndarray, step: int, smoothing: int) -> Scene:
    """Draw the losses and their smoothed curve, with the chosen step."""
    curve = smooth(losses, smoothing)
    lowest, fastest = int(curve.argmin()), steepest(rates, curve)
    # A loss that explodes would press everything else flat: what is far above the start is cut off.
    high = min(float(losses.max()), 1.6 * float(curve[: max(1, len(curve) // 4)].max()))
    drawn = Canvas(900, 388)
    plot = Chart(
        drawn, (60, 40, 800, 250), Axis(rates[0], rates[-1], True), Axis(0, 1.05 * high),
        "Loss of each batch while the learning rate grows",
    )  # fmt: skip
    tens = [10.0**power for power in range(-8, 3) if rates[0] <= 1.001 * 10.0**power]
    across = {ten: f"{ten:.8f}".rstrip("0").rstrip(".") for ten in tens if ten <= 1.001 * rates[-1]}
    plot.ticks(across, chart.round_ticks(0, 1.05 * high))
    plot.label("learning rate, each step the same factor larger")
    for rate, loss in zip(rates, losses, strict=True):
        plot.dot(rate, loss, "circle", chart.FAINT, 2.5)
    plot.path(rates, curve, canvas.OUTPUT, 2)
    plot.dot(rates[fastest], curve[fastest], "triangle", canvas.INK, 7)
    plot.dot(rates[lowest], curve[lowest], "square", canvas.INK, 6)
    chosen = step - 1
    plot.path((rates[chosen],) * 2, (0, 1.05 * high), canvas.WINDOW, 2)
    plot.dot(rates[chosen], curve[chosen], "circle", canvas.WINDOW, 6)
    drawn.text(
        60, 362, "grey: batches     blue: smoothed     triangle: falls fastest     "
        "square: lowest     orange: the chosen step", canvas.SMALL,
    )  # fmt: skip
    above = int((losses > 1.05 * high).sum())
    if above:
        drawn.text(60, 379, "above the frame: drawn at its edge", canvas.SMALL)
    words = (
        f"Step {step} of {len(rates)}: at a learning rate of {rates[chosen]:.2g} the loss of the "
        f"batch is {losses[chosen]:.2f}, smoothed over {smoothing} step{'s' * (smoothing > 1)} "
        f"{curve[chosen]:.2f}. "
        f"The smoothed curve falls fastest at {rates[fastest]:.2g}, is lowest at "
        f"{rates[lowest]:.2g}, and ends at {curve[-1]:.2f}."
    )
    if above:
        words += f" The losses of {above} batch{'es' * (above > 1)} lie above the frame."
    return Scene(drawn, words)
