"""Two settings seed by seed: a difference that is more than chance leans the same way each time."""

import functools
from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.datasets.records import load_record
from helpers.explore import canvas, chart
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas

JUDGED = {"validation": "errors", "fresh": "fresh_errors", "test": "test_errors"}


def seed_pairs(record: dict[str, Any] | None = None) -> Explorer:
    """Compare two of several settings over the same seeds.

    Args:
        record: `finals`, by name of the setting its `errors`, `fresh_errors` and `test_errors` in
            percent over the seeds, as in
            data/hyperparameters_study.json, which is taken where the argument
            is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        ValueError: where there are fewer than two settings.

    Examples:
        >>> seed_pairs().settings()["first"]
        'winner'

    """
    finals = (load_record("hyperparameters_study") if record is None else record)["finals"]
    names = list(finals)
    if len(names) < 2:
        raise ValueError(f"`record` must hold two settings or more. Received {len(names)}.")
    controls: dict[str, widgets.Widget] = {
        "first": toggles("First", names, names[-1]),
        "second": toggles("Second", names, names[0]),
        "judged": toggles("Judged by", list(JUDGED), "test"),
        "seeds": widgets.IntSlider(
            description="Seeds", value=len(finals[names[0]]["errors"]), min=2,
            max=len(finals[names[0]]["errors"]),
        ),
    }  # fmt: skip
    return Explorer(
        functools.partial(scene, finals), controls, [["first", "second"], ["judged", "seeds"]]
    )


def scene(finals: dict[str, Any], first: str, second: str, judged: str, seeds: int) -> Scene:
    """Draw all settings, and two of them seed by seed."""
    drawn = Canvas(900, 400)
    kind = JUDGED[judged]
    everything = [error for one in JUDGED.values() for row in finals.values() for error in row[one]]
    axis = chart.around(everything, 0.08)
    plot = chart.Chart(
        drawn, (60, 40, 400, 270), chart.Axis(-0.6, len(finals) - 0.4), axis,
        f"All settings, error in % of the {judged} digits",
    )  # fmt: skip
    plot.ticks({}, chart.round_ticks(axis.low, axis.high))
    for place, (name, row) in enumerate(finals.items()):
        errors = row[kind][:seeds]
        color = {second: canvas.OUTPUT, first: canvas.WINDOW}.get(name, canvas.ABSENT)
        shape = {second: "square", first: "circle"}.get(name, "triangle")
        for offset, error in zip(np.linspace(-0.15, 0.15, len(errors)), errors, strict=True):
            plot.dot(place + offset, error, shape, color, 4.5)
        plot.path((place - 0.3, place + 0.3), [np.mean(errors)] * 2, canvas.INK, 1)
        middle, _ = plot.place(place, axis.low)
        for line, text in enumerate((name, f"{row['parameters']:,} parameters",
                                     f"{np.mean(row['seconds']):.1f} processor s")):  # fmt: skip
            drawn.text(middle, 330 + 18 * line, text, canvas.SMALL, anchor="middle")
    words = f"Judged by the {judged} digits over {seeds} seeds. "
    if first == second:
        drawn.text(560, 60, "Choose two different settings.")
        return Scene(drawn, f"{words}Both are the {first}: choose two different settings.")
    a, b = finals[first][kind][:seeds], finals[second][kind][:seeds]
    verdict = chart.pairs(drawn, (560, 40, 300, 270), (first, second), a, b)
    words += f"The {first}: mean error {np.mean(a):.2f} %; the {second}: {np.mean(b):.2f} %. "
    return Scene(drawn, words + verdict)
