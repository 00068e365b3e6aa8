"""The study explorer: what was tried, what was pruned, and the best so far."""

import functools
from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.datasets.records import load_record
from helpers.explore import canvas, chart
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas
from helpers.explore.chart import Axis, Chart

LINES = ("all so far", "the five best so far")
STATES = {"complete": "complete", "pruned": "pruned", "fail": "lost with its process"}
HIGHEST, LOWEST = 100.0, 2.0
# Above the history lies a strip, this many screen pixels high, for trials that have no error.
STRIP = 20
ERRORS = {2: "2", 5: "5", 10: "10", 20: "20", 50: "50", 90: "90"}
# Each axis of the parallel coordinates: its name, its range, and the numbers written on it.
COORDINATES = {
    "learning_rate": ("learning rate", Axis(1e-4, 3e-2, True), (1e-4, 1e-3, 1e-2)),
    "batch_size": ("batch size", Axis(16, 128, True), (16, 32, 64, 128)),
    "depth": ("depth", Axis(1, 3), (1, 2, 3)),
    "width": ("width", Axis(8, 32, True), (8, 16, 32)),
    "kernel_size": ("kernel size", Axis(3, 5), (3, 5)),
    "error": ("error in %", Axis(LOWEST, HIGHEST, True), tuple(ERRORS)),
}


def search_study(record: dict[str, Any] | None = None) -> Explorer:
    """Slide through the trials of a study in the order in which they ended.

    Args:
        record: `trials`, each with `number`, `state`, the five hyper-parameters, and `errors` in
            percent after each epoch, as in
            data/hyperparameters_study.json, which is taken where the
            argument is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        ValueError: where `record` holds no trial.

    Examples:
        >>> search_study().settings()["lines"]
        'all so far'

    """
    record = load_record("hyperparameters_study") if record is None else record
    if not record["trials"]:
        raise ValueError("`record` must hold at least one trial. Received 0 trials.")
    slider = widgets.IntSlider(
        description="Trial", value=len(record["trials"]) * 2 // 3, min=1, max=len(record["trials"]),
        layout=widgets.Layout(width="520px"),
    )  # fmt: skip
    controls = {"trial": slider, "lines": toggles("Lines", list(LINES), LINES[0])}
    trials = record["trials"]
    return Explorer(functools.partial(scene, trials), controls, [["trial"], ["lines"]])


def last_error(trial: dict[str, Any]) -> float | None:
    """Return the last error of a trial, if one of its epochs ended."""
    return trial["errors"][-1] if trial["errors"] else None


def best_so_far(trials: list[dict[str, Any]]) -> list[int | None]:
    """Return for each trial the place of the best complete one up to it."""
    found: list[int | None] = []
    best = None
    for place, trial in enumerate(trials):
        if trial["state"] == "complete" and (
            best is None or trial["errors"][-1] < trials[best]["errors"][-1]
        ):
            best = place
        found.append(best)
    return found


def scene(trials: list[dict[str, Any]], trial: int, lines: str) -> Scene:
    """Draw history, learning curve and parallel coordinates up to one trial."""
    seen, current = trials[:trial], trials[trial - 1]
    bests = best_so_far(seen)
    drawn = Canvas(900, 573)
    history(drawn, seen, bests, len(trials))
    learning_curve(drawn, seen)
    coordinates(drawn, seen, bests[-1], lines)
    drawn.text(
        8, 546, "blue circle, blue line: complete, best so far     grey cross: pruned     "
        "grey triangle: lost     orange: the chosen trial", canvas.SMALL,
    )  # fmt: skip
    drawn.text(
        8, 563, "in the strip “none”, and with a line that ends before the error: lost before the "
        "first epoch ended", canvas.SMALL,
    )  # fmt: skip
    return Scene(drawn, in_words(seen, current, bests, lines))


def history(drawn: Canvas, seen: list[dict], bests: list[int | None], total: int) -> None:
    """Draw the last error of each trial, and the best so far as a line."""
    drawn.text(50, 24, "History: last error in %", canvas.TITLE)
    across, errors = Axis(0, total + 1), Axis(LOWEST, HIGHEST, True)
    plot = Chart(drawn, (50, 36 + STRIP, 480, 190 - STRIP), across, errors, "")
    drawn.outline(50, 36, 480, STRIP, canvas.LINE, 1)
    drawn.text(44, 49, "none", canvas.SMALL, anchor="right")
    plot.ticks({tick: str(tick) for tick in range(10, total + 1, 10)}, ERRORS)
    plot.label("trials, in the order in which they ended")
    steps = [
        (place + 1, last_error(seen[best])) for place, best in enumerate(bests) if best is not None
    ]
    stairs = [(x, y) for x, (_, y) in zip([x for x, _ in steps[1:]], steps, strict=False)]
    corners = sorted([*steps, *stairs], key=lambda point: (point[0], -point[1]))
    if len(corners) > 1:
        plot.path(*zip(*corners, strict=True), canvas.OUTPUT, 2)
    for place, trial in enumerate(seen):
        shape = {"complete": "circle", "pruned": "cross"}.get(trial["state"], "triangle")
        color = canvas.OUTPUT if shape == "circle" else canvas.ABSENT
        drawn.dot(*spot(plot, place + 1, trial), shape, color, 3.5)
    drawn.dot(*spot(plot, len(seen), seen[-1]), "ring", canvas.WINDOW, 8)


def spot(plot: Chart, x: float, trial: dict) -> tuple[float, float]:
    """Return where a trial stands in the history: in the strip above it, if it has no error."""
    error = last_error(trial)
    across, height = plot.place(x, HIGHEST if error is None else error)
    return across, height - STRIP / 2 if error is None else height


def learning_curve(drawn: Canvas, seen: list[dict]) -> None:
    """Draw the errors over the epochs, with the median of the earlier trials at each."""
    epochs = max((len(trial["errors"]) for trial in seen), default=1) or 1
    plot = Chart(
        drawn, (600, 36, 280, 190), Axis(0.8, max(epochs, 2) + 0.2), Axis(LOWEST, HIGHEST, True),
        "Its error over the epochs",
    )  # fmt: skip
    plot.ticks({epoch: str(epoch) for epoch in range(1, epochs + 1)}, ERRORS)
    plot.label("epoch     dashed: median of those complete before")
    for trial in seen[:-1]:
        plot.path(range(1, len(trial["errors"]) + 1), trial["errors"], chart.FAINT, 1)
    medians = median_before(seen)
    plot.path(range(1, len(medians) + 1), medians, canvas.INK, 2, dashed=True)
    errors = seen[-1]["errors"]
    plot.path(range(1, len(errors) + 1), errors, canvas.WINDOW, 3)
    for epoch, error in enumerate(errors, 1):
        plot.dot(epoch, error, "circle", canvas.WINDOW, 4.5)


def median_before(seen: list[dict]) -> list[float]:
    """Return, for each epoch, the median error of the complete trials before the last one."""
    earlier = [trial["errors"] for trial in seen[:-1] if trial["state"] == "complete"]
    return list(np.median(earlier, axis=0)) if earlier else []


def coordinates(drawn: Canvas, seen: list[dict], best: int | None, lines: str) -> None:
    """Draw each trial as a line across one axis for each hyper-parameter."""
    left, top, width, height = 80, 312, 760, 186
    drawn.text(8, 288, f"Parallel coordinates: {lines}", canvas.TITLE)
    across = {name: left + width * place / 5 for place, name in enumerate(COORDINATES)}

    def height_of(name: str, value: float) -> float:
        return top + height * (1 - COORDINATES[name][1].share(value))

    def line(trial: dict, color: str, thick: float) -> None:
        values = {**trial, "error": last_error(trial)}
        drawn.line(
            [
                (x, height_of(name, values[name]))
                for name, x in across.items()
                if values[name] is not None
            ],
            color,
            thick,
        )

    others = [trial for trial in seen if "learning_rate" in trial]
    if lines == LINES[1]:
        complete = [trial for trial in others if trial["state"] == "complete"]
        others = sorted(complete, key=last_error)[:5]
    for trial in others:
        line(trial, chart.FAINT if trial["state"] != "complete" else canvas.OUTPUT, 1)
    if best is not None:
        line(seen[best], canvas.OUTPUT, 3)
    if "learning_rate" in seen[-1]:
        line(seen[-1], canvas.WINDOW, 2)
    for name, x in across.items():
        title, _, ticks = COORDINATES[name]
        drawn.line([(x, top), (x, top + height)], canvas.INK, 1)
        drawn.text(x, top + height + 22, title, canvas.SMALL, anchor="middle")
        for value in ticks:
            chart.plate(drawn, x - 6, height_of(name, value), f"{value:g}")


def in_words(seen: list[dict], current: dict, bests: list[int | None], lines: str) -> str:
    """Say what became of the trial, and what is best so far."""
    words = f"The trial that ended as number {len(seen)}"
    if "learning_rate" in current:
        words += (
            f": learning rate {current['learning_rate']:.2g}, batch size {current['batch_size']}, "
            f"depth {current['depth']}, width {current['width']}, kernel {current['kernel_size']}"
        )
    words += f". It was {STATES.get(current['state'], current['state'])}"
    if current["errors"]:
        epochs = len(current["errors"])
        words += f" after {epochs} epoch{'s' * (epochs > 1)} "
        words += f"with an error of {last_error(current):.2f} %"
    else:
        words += " before its first epoch ended, so it has no error"
    words += ". "
    if bests[-1] is not None:
        best = last_error(seen[bests[-1]])
        words += (
            "It is the best so far. "
            if bests[-1] == len(seen) - 1
            else f"Best so far: {best:.2f} %. "
        )
    pruned = sum(trial["state"] == "pruned" for trial in seen)
    return words + f"Pruned until here: {pruned}. The lines show {lines}."
