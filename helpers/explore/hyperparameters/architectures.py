"""The architecture explorer: error against parameters or time, each compared with one of them."""

import functools
from typing import Any

import numpy as np

from helpers.datasets.records import load_record
from helpers.explore import panels
from helpers.explore.panels import ABSENT, OUTPUT, WINDOW, Axis, Chart, Choice, Points, Slider

SAY = panels.Words(__name__)
ACROSS = ("parameters", "processor seconds")
COMPARED = (2, 16, 3)
TICKS = [digit * 10**power for power in range(7) for digit in (1, 2, 5)]


def architectures(record: dict[str, Any] | None = None) -> panels.Explorer:
    """Choose an architecture, and compare it with depth 2, width 16, kernel 3.

    Args:
        record: `architectures`, each with `depth`, `width`, `kernel_size`, `parameters`, and over
            the seeds `errors` in percent and `seconds`, as in
            data/hyperparameters_architectures.json, which is taken where the argument is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        ValueError: where the architecture to compare with is not among them.

    Examples:
        >>> architectures().settings()["across"]
        'parameters'

    """
    rows = (load_record("hyperparameters_architectures") if record is None else record)[
        "architectures"
    ]
    if COMPARED not in [sizes(row) for row in rows]:
        raise ValueError(
            f"`record` must hold the architecture {COMPARED}. "
            f"Received {[sizes(row) for row in rows]}."
        )
    rows = sorted(rows, key=lambda row: row["parameters"])
    controls = [[Slider("index", 1, len(rows), len(rows)), Choice("across", ACROSS, ACROSS[0])]]
    return panels.Explorer(functools.partial(scene, rows), controls, words=SAY)


def sizes(row: dict[str, Any]) -> tuple[int, int, int]:
    """Return depth, width and kernel size."""
    return row["depth"], row["width"], row["kernel_size"]


def scene(rows: list[dict[str, Any]], index: int, across: str) -> panels.Scene:
    """Show all architectures, and the chosen one against the one to compare with."""
    chosen, compared = rows[index - 1], next(row for row in rows if sizes(row) == COMPARED)
    depth, width, kernel = sizes(chosen)
    seconds, error = (float(np.mean(chosen[key])) for key in ("seconds", "errors"))
    words = [
        SAY("sentence", depth=depth, width=width, kernel=kernel, parameters=chosen["parameters"],
            seconds=seconds, error=error, across=SAY.option("across", across))
    ]  # fmt: skip
    if chosen is compared:
        right: panels.Panel = panels.Text(SAY("is_compared"))
        words.append(SAY("it_is_compared"))
    else:
        names = (written(chosen), written(compared))
        right, verdict = panels.seed_pairs(names, chosen["errors"], compared["errors"])
        words.append(SAY("against", verdict=verdict))
    left = groups(rows, chosen, compared, across)
    return panels.Scene(panels.Row([left, right]), " ".join(words))


def written(row: dict[str, Any]) -> str:
    """Return how the name of an architecture is written."""
    return ", ".join(map(str, sizes(row)))


def groups(rows: list[dict[str, Any]], chosen: dict, compared: dict, across: str) -> Chart:
    """Return the errors of every architecture, with its name on a flag above them."""
    costs = [row["parameters"] if across == ACROSS[0] else np.mean(row["seconds"]) for row in rows]
    name = SAY("axis", across=SAY.option("across", across))
    horizontal = Axis(min(costs) / 1.2, max(costs) * 1.5, name, log=True, ticks=TICKS)
    errors = [row["errors"] for row in rows]
    low, high = np.min(errors), np.max(errors)
    # Above the highest mark stand the names, in up to four rows.
    vertical = Axis.around([low, high + 0.3 * (high - low)], 0.1)
    looks = {"chosen": ("circle", WINDOW), "compared": ("square", OUTPUT),
             "another": ("triangle", ABSENT)}  # fmt: skip
    kinds = [
        "chosen" if row is chosen else "compared" if row is compared else "another" for row in rows
    ]
    shapes, colors = zip(*(looks[kind] for kind in kinds), strict=True)
    marks = [panels.Groups(costs, errors, [written(row) for row in rows], shapes, colors)]
    keys = [*(Points(0, 0, *look, size="small", name=SAY(kind)) for kind, look in looks.items()),
            panels.Line([], [], panels.INK, "thick", name=SAY("mean"))]  # fmt: skip
    return Chart(horizontal, vertical, marks, keys=keys, share=1.9, title=SAY("errors"),
                 notes=[SAY("flags"), SAY("apart")])  # fmt: skip
