"""The architecture explorer: error against parameters or time, each compared with one of them."""

import functools
from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.explore import canvas, chart
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas
from helpers.explore.chart import Axis, Chart
from helpers.recorded import load_record

ACROSS = ("parameters", "processor seconds")
COMPARED = (2, 16, 3)


def architectures(record: dict[str, Any] | None = None) -> Explorer:
    """Choose an architecture, and compare it with depth 2, width 16, kernel 3.

    Args:
        record: `architectures`, each with `depth`, `width`, `kernel_size`, `parameters`, and over
            the seeds `errors` in percent and `seconds`, as in data/search_architectures.json, which
            is taken where the argument is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        ValueError: where the architecture to compare with is not among them.

    Examples:
        >>> architectures().settings()["across"]
        'parameters'

    """
    rows = (load_record("search_architectures") if record is None else record)["architectures"]
    if COMPARED not in [sizes(row) for row in rows]:
        raise ValueError(
            f"`record` must hold the architecture {COMPARED}. "
            f"Received {[sizes(row) for row in rows]}."
        )
    rows = sorted(rows, key=lambda row: row["parameters"])
    controls = {
        "place": widgets.IntSlider(
            description="Network", value=len(rows), min=1, max=len(rows),
            layout=widgets.Layout(width="340px"),
        ),
        "across": toggles("Across", list(ACROSS), ACROSS[0]),
    }  # fmt: skip
    return Explorer(functools.partial(scene, rows), controls, [["place", "across"]])


def sizes(row: dict[str, Any]) -> tuple[int, int, int]:
    """Return depth, width and kernel size."""
    return row["depth"], row["width"], row["kernel_size"]


def scene(rows: list[dict[str, Any]], place: int, across: str) -> Scene:
    """Draw all architectures, and the chosen one against the one to compare with."""
    chosen = rows[place - 1]
    compared = next(row for row in rows if sizes(row) == COMPARED)
    costs = [
        row["parameters"] if across == ACROSS[0] else float(np.mean(row["seconds"])) for row in rows
    ]
    drawn = Canvas(900, 420)
    errors = [error for row in rows for error in row["errors"]]
    vertical = chart.around(errors, 0.1)
    horizontal = Axis(min(costs) / 1.35, max(costs) * 1.35, True)
    plot = Chart(
        drawn, (60, 40, 500, 270), horizontal, vertical, "Error in % of the validation digits"
    )
    ticks = [n * 10**power for power in range(5) for n in (1, 2, 5)] if across == ACROSS[1] else [
        5_000, 10_000, 20_000, 50_000, 100_000, 200_000
    ]  # fmt: skip
    plot.ticks(
        {tick: f"{tick:,}" for tick in ticks if horizontal.low < tick < horizontal.high},
        chart.round_ticks(vertical.low, vertical.high),
    )
    plot.label(f"{across} (each step the same factor)")
    for row, cost in zip(rows, costs, strict=True):
        color = (
            canvas.WINDOW if row is chosen else canvas.OUTPUT if row is compared else canvas.ABSENT
        )
        shape = "circle" if row is chosen else "square" if row is compared else "triangle"
        for error in row["errors"]:
            plot.dot(cost, error, shape, color, 3.5)
        mean = float(np.mean(row["errors"]))
        plot.path((cost / 1.06, cost * 1.06), (mean, mean), color, 3)
    drawn.text(
        60,
        376,
        "orange circles: chosen     blue squares: depth 2, width 16, kernel 3",
        canvas.SMALL,
    )
    drawn.text(60, 396, "one mark for each seed, a line for their mean", canvas.SMALL)
    depth, width, kernel = sizes(chosen)
    seconds = np.mean(chosen["seconds"])
    words = (
        f"Depth {depth}, width {width}, kernel {kernel}: {chosen['parameters']:,} parameters, "
        f"{seconds:.1f} processor seconds for a training, "
        f"mean error {np.mean(chosen['errors']):.2f} %. "
        f"Drawn against {across}. "
    )
    if chosen is compared:
        drawn.text(640, 60, "This is the one that the")
        drawn.text(640, 80, "others are compared with.")
        return Scene(drawn, words + "It is the one that the others are compared with.")
    names = (f"{depth}, {width}, {kernel}", "2, 16, 3")
    verdict = chart.pairs(drawn, (640, 40, 240, 270), names, chosen["errors"], compared["errors"])
    return Scene(drawn, words + f"Against depth 2, width 16, kernel 3: {verdict}")
