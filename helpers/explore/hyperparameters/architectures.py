"""The architecture explorer: error against parameters or time, each compared with one of them."""

import functools
from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.datasets.records import load_record
from helpers.explore import canvas, chart
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas
from helpers.explore.chart import Axis, Chart

ACROSS = ("parameters", "processor seconds")
COMPARED = (2, 16, 3)
# Groups are drawn this far apart, in screen pixels: closer, they would cover each other.
GAP = 18


def architectures(record: dict[str, Any] | None = None) -> Explorer:
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
    drawn = Canvas(900, 436)
    errors = [error for row in rows for error in row["errors"]]
    vertical = chart.around(errors, 0.1)
    horizontal = Axis(min(costs) / 1.2, max(costs) * 1.5, True)
    # Above the highest mark stand the names, in up to four rows.
    vertical = vertical._replace(high=vertical.high + 0.3 * (vertical.high - vertical.low))
    plot = Chart(
        drawn, (60, 40, 520, 290), horizontal, vertical, "Error in % of the validation digits"
    )
    ticks = [n * 10**power for power in range(5) for n in (1, 2, 5)] if across == ACROSS[1] else [
        5_000, 10_000, 20_000, 50_000, 100_000, 200_000
    ]  # fmt: skip
    plot.ticks(
        {tick: f"{tick:,}" for tick in ticks if horizontal.low < tick < horizontal.high},
        chart.round_ticks(vertical.low, vertical.high),
    )
    plot.label(f"{across} (each step the same factor)")
    groups(plot, rows, costs, chosen, compared)
    for line, text in enumerate((
        "orange circles: chosen     blue squares: depth 2, width 16, kernel 3",
        "one mark for each seed, a line for their mean     on each flag: depth, width, kernel",
        "groups that would cover each other are moved apart",
    )):  # fmt: skip
        drawn.text(60, 392 + 17 * line, text, canvas.SMALL)
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


def groups(
    plot: Chart, rows: list[dict[str, Any]], costs: list[float], chosen: dict, compared: dict
) -> None:
    """Draw the marks of every architecture, with its name on a flag above them."""
    order = np.argsort(costs, kind="stable")
    across = chart.apart([plot.place(costs[k], plot.y.low)[0] for k in order], GAP)
    names = [", ".join(map(str, sizes(rows[k]))) for k in order]
    for k, x, name, row in zip(order, across, names, flag_rows(across, names), strict=True):
        group = rows[k]
        # Orange is dark enough for marks and not for words.
        color, shape, named = (
            (canvas.WINDOW, "circle", canvas.INK) if group is chosen
            else (canvas.OUTPUT, "square", canvas.OUTPUT) if group is compared
            else (canvas.ABSENT, "triangle", canvas.ABSENT)
        )  # fmt: skip
        heights = [plot.place(costs[k], error)[1] for error in group["errors"]]
        top = plot.top + 6 + 15 * row
        plot.drawn.line([(x, top), (x, min(heights) - 6)], canvas.LINE)
        plot.drawn.text(x + 3, top + 9, name, canvas.SMALL, named)
        for height in heights:
            plot.drawn.dot(x, height, shape, color, 3.5)
        mean = plot.place(costs[k], float(np.mean(group["errors"])))[1]
        plot.drawn.line([(x - 8, mean), (x + 8, mean)], color, 3)


def flag_rows(across: np.ndarray, names: list[str]) -> list[int]:
    """Return for each name, which begins at its place, the row in which no other covers it.

    A name stands above those to its right that it reaches: their poles end below it.
    """
    ends = [
        x + 9 + canvas.text_mask(name, canvas.SMALL).width / canvas.SCALE
        for x, name in zip(across, names, strict=True)
    ]
    floors: list[int] = []
    for place in reversed(range(len(across))):
        reached = [
            floor for x, floor in zip(across[place + 1 :], floors, strict=True) if x < ends[place]
        ]
        floors.insert(0, 1 + max(reached, default=-1))
    return [max(floors) - floor for floor in floors]
