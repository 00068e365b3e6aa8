"""Two settings seed by seed: a difference that is more than chance leans the same way each time."""

import functools
from typing import Any

import numpy as np

from helpers.datasets.records import load_record
from helpers.explore import panels
from helpers.explore.panels import ABSENT, INK, OUTPUT, WINDOW, Axis, Chart, Choice, Line, Points

SAY = panels.Words(__name__)
JUDGED = {"validation": "errors", "fresh": "fresh_errors", "test": "test_errors"}


def seed_pairs(record: dict[str, Any] | None = None) -> panels.Explorer:
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
    seeds = len(finals[names[0]]["errors"])
    controls = [
        [Choice("first", names, names[-1]), Choice("second", names, names[0])],
        [Choice("judged", list(JUDGED), "test"), panels.Slider("seeds", 2, seeds, seeds)],
    ]
    return panels.Explorer(functools.partial(scene, finals), controls, words=SAY)


def scene(finals: dict[str, Any], first: str, second: str, judged: str, seeds: int) -> panels.Scene:
    """Show all settings, and two of them seed by seed."""
    told = SAY.told(first=first, second=second, judged=judged)
    errors = {name: np.array(row[JUDGED[judged]][:seeds]) for name, row in finals.items()}
    looks = {first: ("circle", WINDOW), second: ("square", OUTPUT)}
    marks, names = [], []
    for place, (name, row) in enumerate(finals.items()):
        across = place + np.linspace(-0.15, 0.15, seeds)
        mean = [errors[name].mean()] * 2
        marks += [
            Points(across, errors[name], *looks.get(name, ("triangle", ABSENT))),
            Line([place - 0.3, place + 0.3], mean, INK, "thin", name=SAY("mean")),
        ]
        names.append(SAY("setting", name=SAY.option("first", name), parameters=row["parameters"],
                         seconds=np.mean(row["seconds"])))  # fmt: skip
    every = [error for kind in JUDGED.values() for row in finals.values() for error in row[kind]]
    left = Chart(Axis.of(names), Axis.around(every, 0.08), marks, ratio=0.58, share=1.5,
                 title=SAY("all", **told))  # fmt: skip
    words = [SAY("judged_by", **told, seeds=seeds)]
    if first == second:
        right = panels.Text(SAY("choose"))
        words.append(SAY("same", **told))
    else:
        names = told["first"], told["second"]
        right, verdict = panels.seed_pairs(names, errors[first], errors[second], ratio=0.87)
        means = {"mean": errors[first].mean(), "other_mean": errors[second].mean()}
        words += [SAY("means", **told, **means), verdict]
    return panels.Scene(panels.Row([left, right]), " ".join(words))
