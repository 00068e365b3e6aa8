"""The explorer of notebook 09's recorded runs: accuracy against labels, four ways."""

import ipywidgets as widgets
import numpy as np

from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas
from helpers.plots import BLUE, GREEN, GREY, ORANGE
from helpers.recorded import load_record

COLORS = (ORANGE, GREY, BLUE, GREEN)
SHAPES = ("square", "triangle", "circle", "diamond")
CORNERS = {
    "square": [(-1, -1), (1, -1), (1, 1), (-1, 1)],
    "triangle": [(0, -1.2), (1.1, 0.9), (-1.1, 0.9)],
    "diamond": [(0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0)],
    "circle": [(np.cos(turn), np.sin(turn)) for turn in np.linspace(0, 2 * np.pi, 17)[:-1]],
}
LEFT, TOP, WIDTH, HEIGHT = 60, 46, 470, 300
RIGHT = 600


def borrow() -> Explorer:
    """Move through the recorded runs: labels of each class, and which way is looked at.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        DataError: where the record is missing or damaged.

    Examples:
        >>> borrow().settings()["way"]
        'trained, frozen'

    """
    record = load_record("borrow")
    counts, runs = record["settings"]["labels_per_class"], record["accuracy"]
    controls = {
        "place": widgets.IntSlider(
            description="Labels", value=2, max=len(counts) - 1, readout=False
        ),
        "way": toggles("Way", list(runs), "trained, frozen"),
    }
    return Explorer(
        lambda place, way: scene(counts, runs, record["no_labels"], place, way),
        controls,
        [["place"], ["way"]],
    )


def scene(counts: list[int], runs: dict, no_labels: float, place: int, way: str) -> Scene:
    """Draw accuracy against labels for all ways, and the single runs at one number of labels."""
    lowest = np.floor(10 * min(min(row) for table in runs.values() for row in table.values())) / 10
    drawn = Canvas(900, 462)
    across = [LEFT + WIDTH * (index + 0.5) / len(counts) for index in range(len(counts))]

    def height(accuracy):
        return TOP + HEIGHT * (1 - (accuracy - lowest) / (1 - lowest))

    drawn.text(LEFT, 24, "Mean accuracy, and the range of the seeds", canvas.TITLE)
    drawn.text(RIGHT, 24, f"Each seed, {per_class(counts[place])}", canvas.TITLE)
    for tenth in range(round(10 * lowest), 11):
        y = height(tenth / 10)
        drawn.line([(LEFT, y), (LEFT + WIDTH, y)], canvas.LINE, 0.5)
        drawn.line([(RIGHT, y), (RIGHT + 280, y)], canvas.LINE, 0.5)
        drawn.text(LEFT - 8, y + 4, f"{tenth / 10:.1f}", canvas.SMALL, anchor="right")
        drawn.text(RIGHT - 8, y + 4, f"{tenth / 10:.1f}", canvas.SMALL, anchor="right")
    drawn.outline(across[place] - 22, TOP - 4, 44, HEIGHT + 8, canvas.INK, 2)
    for x, count in zip(across, counts, strict=True):
        drawn.text(x, TOP + HEIGHT + 22, str(count), canvas.SMALL, anchor="middle")
    drawn.text(
        LEFT + WIDTH / 2, TOP + HEIGHT + 42, "labels of each class", canvas.SMALL, anchor="middle"
    )
    y = height(no_labels)
    drawn.dashes([(LEFT, y), (LEFT + WIDTH, y)], canvas.INK)
    drawn.text(LEFT + 4, y - 7, f"as it comes: {no_labels:.3f}", canvas.SMALL)
    for index, (name, table) in enumerate(runs.items()):
        color, shape = COLORS[index], SHAPES[index]
        thick = 3.5 if name == way else 1.2
        rows = [np.array(table[str(count)]) for count in counts]
        points = [(x, height(row.mean())) for x, row in zip(across, rows, strict=True)]
        drawn.line(points, color, thick)
        for (x, y), row in zip(points, rows, strict=True):
            drawn.line([(x, height(row.min())), (x, height(row.max()))], color, thick / 2)
            mark(drawn, x, y, shape, color, 5)
        middle = RIGHT + 35 + index * 70
        for offset, accuracy in zip(
            np.linspace(-18, 18, len(rows[place])), rows[place], strict=True
        ):
            mark(drawn, middle + offset, height(accuracy), shape, color, 4)
        mean = height(rows[place].mean())
        drawn.line([(middle - 24, mean), (middle + 24, mean)], canvas.INK, 1)
        for line, word in enumerate(name.split(", ")):
            y = TOP + HEIGHT + 22 + 15 * line
            drawn.text(middle, y, word, canvas.SMALL, anchor="middle")
        left = 40 + index * 215
        mark(drawn, left, 424, shape, color, 5)
        drawn.text(left + 14, 429, name, canvas.TEXT)
    legend = "frame: the labels shown on the right   thick line: the chosen way"
    drawn.text(40, 452, legend, canvas.SMALL)
    return Scene(drawn, describe(counts[place], runs, no_labels, way))


def per_class(count: int) -> str:
    """Return the number of labels in words."""
    return f"{count} label{'s' if count > 1 else ''} of each class"


def describe(count: int, runs: dict, no_labels: float, way: str) -> str:
    """Say what the picture shows for one number of labels and one way."""
    found = {name: np.array(table[str(count)]) for name, table in runs.items()}
    chosen = found.pop(way)
    others = ", ".join(f"{name} {row.mean():.3f}" for name, row in found.items())
    better = "above" if chosen.mean() > no_labels else "not above"
    return (
        f"With {per_class(count)}, {way} reaches {chosen.mean():.3f} on average over "
        f"{len(chosen)} seeds (from {chosen.min():.3f} to {chosen.max():.3f}); {others}. "
        f"That is {better} the {no_labels:.3f} of the borrowed network as it comes, which needs "
        "no label."
    )


def mark(drawn: Canvas, x: float, y: float, shape: str, color: str, size: float) -> None:
    """Draw a marker, its outline closed."""
    corners = [(x + size * right, y + size * down) for right, down in CORNERS[shape]]
    drawn.line([*corners, *corners[:2]], color, 2)
