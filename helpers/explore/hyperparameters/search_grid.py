"""The search explorer: learning rate by batch size, the spread beside it, and what is chance."""

import functools
from typing import Any

import ipywidgets as widgets
import matplotlib
import numpy as np

from helpers.datasets.records import load_record
from helpers.explore import canvas, chart
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas
from helpers.stats import paired_difference

KINDS = {"validation digits": "errors", "fresh digits": "fresh_errors"}
SIDE = 50


def search_grid(record: dict[str, Any] | None = None) -> Explorer:
    """Choose a learning rate and a batch size, and compare the cell with the best one.

    Args:
        record: `learning_rates`, `batch_sizes`, `seeds`, and for each pair one of `cells` with its
            `errors` and `fresh_errors` in percent over the seeds, as in
            data/hyperparameters_grid.json, which is taken where the argument is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        ValueError: where `record` does not hold one cell for each pair.

    Examples:
        >>> search_grid().settings()["judged"]
        'validation digits'

    """
    record = load_record("hyperparameters_grid") if record is None else record
    rates, batches = record["learning_rates"], record["batch_sizes"]
    if len(record["cells"]) != len(rates) * len(batches):
        raise ValueError(
            "`record` must hold one cell for each learning rate and batch size, "
            f"{len(rates)} × {len(batches)}. Received {len(record['cells'])} cells."
        )
    slider = functools.partial(
        widgets.IntSlider, readout=False, layout=widgets.Layout(width="300px")
    )
    controls = {
        "rate": slider(description="Learning rate", value=1, max=len(rates) - 1,
                       style={"description_width": "90px"}),
        "batch": slider(description="Batch size", value=len(batches) // 2, max=len(batches) - 1),
        "judged": toggles("Judged by", list(KINDS), "validation digits"),
    }  # fmt: skip
    return Explorer(functools.partial(scene, record), controls, [["rate", "batch"], ["judged"]])


def results(record: dict[str, Any], kind: str) -> np.ndarray:
    """Return the errors in percent, `(learning rates, batch sizes, seeds)`."""
    shape = (len(record["learning_rates"]), len(record["batch_sizes"]), -1)
    return np.array([cell[kind] for cell in record["cells"]]).reshape(shape)


@functools.cache
def shades() -> np.ndarray:
    """Return 256 colours from white to grey, on which frames in colour stand out."""
    return np.rint(255 * matplotlib.colormaps["Greys"](np.arange(256) * 0.55 / 255)[:, :3])


def fills(values: np.ndarray) -> np.ndarray:
    """Colour numbers above 0 by how many times the smallest they are, up to four times."""
    factors = values / max(values.min(), 1e-9)
    shares = np.clip(np.log(np.maximum(factors, 1)) / np.log(4), 0, 1)
    return shades()[np.rint(255 * shares).astype(int)].astype(np.uint8)


def scene(record: dict[str, Any], rate: int, batch: int, judged: str) -> Scene:
    """Draw the mean errors, the spread, and the chosen cell against the best."""
    errors = results(record, KINDS[judged])
    means, spread = errors.mean(axis=2), errors.std(axis=2, ddof=1)
    best = np.unravel_index(means.argmin(), means.shape)
    alike = [
        place
        for place in np.ndindex(means.shape)
        if place != best and not paired_difference(errors[place], errors[best]).excludes_zero
    ]
    drawn = Canvas(900, 440)
    top = 64
    for left, title, unit, values in (
        (70, "Mean error in %", f"of the {judged}", means),
        (345, "Spread of seeds", "standard deviation, in points", spread),
    ):
        heat_map(drawn, record, left, top, values)
        drawn.text(left, 24, title, canvas.TITLE)
        drawn.text(left, 44, unit, canvas.SMALL)
        for row, column in alike:
            drawn.dot(left + SIDE * column + 13, top + SIDE * row + 12, "triangle", canvas.INK, 3.5)
        frame(drawn, left, top, best, canvas.OUTPUT, 0)
        frame(drawn, left, top, (rate, batch), canvas.WINDOW, 4)
    drawn.text(8, 396, "orange, inner frame: chosen     blue, outer frame: best mean", canvas.SMALL)
    drawn.text(8, 416, "triangle: the seeds cannot tell it from the best", canvas.SMALL)

    rates, batches = record["learning_rates"], record["batch_sizes"]
    seeds = ", ".join(f"{error:.2f}" for error in errors[rate, batch])
    words = (
        f"Learning rate {rates[rate]:g}, batch size {batches[batch]}: mean error "
        f"{means[rate, batch]:.2f} % of the {judged}, "
        f"standard deviation {spread[rate, batch]:.2f}; the seeds gave {seeds}. "
    )
    box = (650, top, 236, 230)
    if (rate, batch) == best:
        axis = chart.around(errors[best])
        plot = chart.Chart(
            drawn, box, chart.Axis(-1, errors.shape[2]), axis, "The best: seed by seed"
        )
        plot.ticks({}, chart.round_ticks(axis.low, axis.high))
        for seed, error in enumerate(errors[best]):
            plot.dot(seed, error, "square", canvas.OUTPUT, 5)
        drawn.text(box[0], 316, f"mean {means[best]:.2f}: the best of {means.size}")
        words += f"It has the best mean of all {means.size} cells."
    else:
        verdict = chart.pairs(drawn, box, ("chosen", "best"), errors[rate, batch], errors[best])
        best_words = f"{rates[best[0]]:g} and {batches[best[1]]}"
        words += f"The best mean, {means[best]:.2f} %, has {best_words}. {verdict}"
    words += f" {len(alike)} cells cannot be told from the best."
    return Scene(drawn, words)


def heat_map(drawn: Canvas, record: dict[str, Any], left: float, top: float, values) -> None:
    """Draw one number for each learning rate and batch size, with both written beside it."""
    rows, columns = values.shape
    drawn.grid(left, top, SIDE, fills(values), values, canvas.TEXT, "{:.1f}".format)
    bottom = top + SIDE * rows
    for column, size in enumerate(record["batch_sizes"]):
        across = left + SIDE * (column + 0.5)
        drawn.text(across, bottom + 17, f"{size}", canvas.SMALL, anchor="middle")
    for row, value in enumerate(record["learning_rates"]):
        down = top + SIDE * (row + 0.5) + 4
        drawn.text(left - 6, down, f"{value:g}", canvas.SMALL, anchor="right")
    axes = "across: batch size, down: learning rate"
    drawn.text(left + SIDE * columns / 2, bottom + 36, axes, canvas.SMALL, anchor="middle")


def frame(drawn: Canvas, left: float, top: float, place, color: str, inset: float) -> None:
    """Draw a frame around a cell, or inside another frame."""
    drawn.outline(
        left + SIDE * place[1] + inset, top + SIDE * place[0] + inset, SIDE - 2 * inset,
        SIDE - 2 * inset, color, 3,
    )  # fmt: skip
