"""The study explorer: what was tried, what was pruned, and the best so far."""

import functools
from typing import Any

import numpy as np

from helpers.datasets.records import load_record
from helpers.explore import panels
from helpers.explore.panels import ABSENT, INK, OUTPUT, WINDOW, Axis, Chart, Line, Points

SAY = panels.Words(__name__)
LINES = ("all so far", "the five best so far")
SHAPES = {"complete": "circle", "pruned": "cross", "fail": "triangle"}
HIGHEST, LOWEST = 100.0, 2.0
ERRORS = Axis(LOWEST, HIGHEST, log=True, ticks=(2, 5, 10, 20, 50, 90))
# Above the errors of the history lies a strip, with this at half of its height.
NONE = 125.0
COORDINATES = {
    "learning_rate": Axis(1e-4, 3e-2, log=True),
    "batch_size": Axis(16, 128, log=True, ticks=(16, 32, 64, 128)),
    "depth": Axis(1, 3, ticks=(1, 2, 3)),
    "width": Axis(8, 32, log=True, ticks=(8, 16, 32)),
    "kernel_size": Axis(3, 5, ticks=(3, 5)),
    "error": ERRORS,
}


def search_study(record: dict[str, Any] | None = None) -> panels.Explorer:
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
    trials = record["trials"]
    count = len(trials)
    controls = [
        [panels.Slider("trial", 1, count, max(1, count * 2 // 3), wide=True)],
        [panels.Choice("lines", LINES, LINES[0])],
    ]
    return panels.Explorer(functools.partial(scene, trials), controls, words=SAY)


def last_error(trial: dict[str, Any]) -> float | None:
    """Return the last error of a trial, if one of its epochs ended."""
    return trial["errors"][-1] if trial["errors"] else None


def best_so_far(trials: list[dict[str, Any]]) -> list[int | None]:
    """Return for each trial the position of the best complete one up to it."""
    found: list[int | None] = []
    best = None
    for position, trial in enumerate(trials):
        if trial["state"] == "complete" and (
            best is None or trial["errors"][-1] < trials[best]["errors"][-1]
        ):
            best = position
        found.append(best)
    return found


def scene(trials: list[dict[str, Any]], trial: int, lines: str) -> panels.Scene:
    """Show history, learning curve and parallel coordinates up to one trial."""
    seen, bests = trials[:trial], best_so_far(trials[:trial])
    complete, pruned, lost = SHAPES.values()
    legend = panels.Legend([
        Line([], [], OUTPUT, "thin", shape=complete, size="small", name=SAY("complete")),
        Line([], [], OUTPUT, "thick", name=SAY("best")),
        Line([], [], ABSENT, "thin", shape=pruned, size="small", name=SAY("pruned")),
        Line([], [], ABSENT, "thin", shape=lost, size="small", name=SAY("lost")),
        Line([], [], WINDOW, shape="open circle", size="large", name=SAY("chosen")),
    ])  # fmt: skip
    longest = max((len(trial["errors"]) for trial in trials), default=1) or 1
    above = panels.Row([history(seen, bests, len(trials)), learning_curve(seen, longest)])
    shown = [above, coordinates(seen, bests[-1], lines), legend]
    return panels.Scene(shown, in_words(seen, bests, lines))


def history(seen: list[dict], bests: list[int | None], total: int) -> Chart:
    """Return the last error of each trial, and the best so far as a line of stairs."""
    errors = np.array([NONE if last_error(trial) is None else last_error(trial) for trial in seen])
    shapes = np.array([SHAPES.get(trial["state"], SHAPES["fail"]) for trial in seen])
    across = np.arange(1, len(seen) + 1)
    known = [position for position, best in enumerate(bests) if best is not None]
    stairs = [errors[bests[position]] for position in known]
    marks = [panels.Rule(y=HIGHEST),
             Line(np.repeat(across[known], 2)[1:], np.repeat(stairs, 2)[:-1])]  # fmt: skip
    for shape in SHAPES.values():
        color = OUTPUT if shape == SHAPES["complete"] else ABSENT
        which = shapes == shape
        marks.append(Points(across[which], errors[which], shape, color, "small"))
    marks.append(Points(len(seen), errors[-1], "open circle", WINDOW, "large"))
    ticks = {**ERRORS.written(), NONE: SAY("none")}
    vertical = Axis(LOWEST, NONE**2 / HIGHEST, log=True, ticks=ticks)
    horizontal = Axis(0, total + 1, SAY("trials"), ticks=range(10, total + 1, 10))
    return Chart(horizontal, vertical, marks, ratio=0.36, share=1.6, title=SAY("history"),
                 notes=SAY("none_means"))  # fmt: skip


def learning_curve(seen: list[dict], epochs: int) -> Chart:
    """Return the errors of the last trial over its epochs, among those of the others."""
    medians, errors = median_before(seen), seen[-1]["errors"]
    marks = [
        *(Line(range(1, len(trial["errors"]) + 1), trial["errors"], ABSENT, "thin")
          for trial in seen[:-1] if trial["errors"]),
        Line(range(1, len(medians) + 1), medians, INK, dashed=True, name=SAY("median")),
        Line(range(1, len(errors) + 1), errors, WINDOW, "thick", shape="circle"),
    ]  # fmt: skip
    horizontal = Axis(0.8, max(epochs, 2) + 0.2, SAY("epoch"), ticks=range(1, epochs + 1))
    return Chart(horizontal, ERRORS, marks, title=SAY("curve"))


def median_before(seen: list[dict]) -> list[float]:
    """Return, for each epoch, the median error of the complete trials before the last one."""
    earlier = [trial["errors"] for trial in seen[:-1] if trial["state"] == "complete"]
    return list(np.median(earlier, axis=0)) if earlier else []


def coordinates(seen: list[dict], best: int | None, lines: str) -> Chart:
    """Return each trial as a line across one axis for each hyper-parameter."""
    others = [trial for trial in seen if "learning_rate" in trial]
    if lines == LINES[1]:
        complete = [trial for trial in others if trial["state"] == "complete"]
        others = sorted(complete, key=last_error)[:5]
    marks: list[panels.Mark] = [
        trial_line(trial, OUTPUT if trial["state"] == "complete" else ABSENT, "thin")
        for trial in others
    ]
    if best is not None:
        marks.append(trial_line(seen[best], OUTPUT, "thick"))
    if "learning_rate" in seen[-1]:
        marks.append(trial_line(seen[-1], WINDOW, "normal"))
    last = len(COORDINATES) - 1
    # The numbers of the first and of the last axis stand outside, where no line is.
    outside = {0: (-0.05, "right"), last: (last + 0.05, "left")}
    for position, axis in enumerate(COORDINATES.values()):
        marks.append(Line([position] * 2, [0, 1], INK, "thin"))
        across, anchor = outside.get(position, (position, ""))
        marks += [panels.Label(across, axis.shares(value), text, anchor=anchor)
                  for value, text in axis.written().items()]  # fmt: skip
    names = [SAY(f"coordinates.{name}") for name in COORDINATES]
    title = SAY("parallel", lines=SAY.option("lines", lines))
    # With room above and below for the numbers at the ends.
    vertical = Axis(-0.06, 1.06, ticks=())
    return Chart(Axis.of(names), vertical, marks, frame=False, ratio=0.2, title=title)


def trial_line(trial: dict[str, Any], color: str, weight: str) -> Line:
    """Return a trial as a line across the parallel axes; without an error it ends before that."""
    values = {**trial, "error": last_error(trial)}
    heights = [float(axis.shares(values[name])) for name, axis in COORDINATES.items()
               if values[name] is not None]  # fmt: skip
    return Line(range(len(heights)), heights, color, weight)


def in_words(seen: list[dict], bests: list[int | None], lines: str) -> str:
    """Say what became of the trial, and what is best so far."""
    current, number = seen[-1], len(seen)
    told = {name: current[name] for name in COORDINATES if name in current}
    parts = [SAY("trial" if told else "trial_alone", number=number, **told)]
    state = SAY.option("state", current["state"])
    if epochs := len(current["errors"]):
        after = SAY.counted("epochs", epochs)
        parts.append(SAY("it_was", state=state, epochs=after, error=last_error(current)))
    else:
        parts.append(SAY("no_error", state=state))
    if bests[-1] == number - 1:
        parts.append(SAY("is_best"))
    elif bests[-1] is not None:
        parts.append(SAY("best_is", best=last_error(seen[bests[-1]])))
    pruned = sum(trial["state"] == "pruned" for trial in seen)
    parts.append(SAY("until_here", pruned=pruned, lines=SAY.option("lines", lines)))
    return " ".join(parts)
