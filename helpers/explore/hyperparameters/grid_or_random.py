"""The same number of trials on a grid and at random: how many different values are tried."""

import ipywidgets as widgets
import numpy as np

from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene
from helpers.explore.canvas import Canvas
from helpers.explore.chart import Axis, Chart

RATES, DROPOUTS = Axis(1e-4, 1e-1, True), Axis(0.0, 0.6)
RATE_TICKS = {1e-4: "0.0001", 1e-3: "0.001", 1e-2: "0.01", 1e-1: "0.1"}
# Where a learning rate is good, for the picture's sake; which one it is plays no part.
GOOD = (4e-3, 8e-3)
STRIPE = "#DEDEDE"


def grid_or_random() -> Explorer:
    """Spend the same number of trials on a grid and at random.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Source of the idea: Bergstra and Bengio 2012, "Random search for hyper-parameter optimization",
    Journal of Machine Learning Research 13.

    Examples:
        >>> grid_or_random().settings()
        {'side': 4, 'draw': 1}

    """
    controls = {
        "side": widgets.IntSlider(
            description="Grid's side", value=4, min=2, max=7, style={"description_width": "80px"}
        ),
        "draw": widgets.IntSlider(description="Draw", value=1, min=1, max=20),
    }
    return Explorer(scene, controls, [["side", "draw"]])


def points(side: int, draw: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the settings of the grid and those drawn at random, both `(side², 2)`.

    The first column is the learning rate, evenly spread in its logarithm, the second the other
    hyper-parameter, evenly spread.
    """
    rates = np.geomspace(RATES.low, RATES.high, side + 2)[1:-1]
    others = np.linspace(DROPOUTS.low, DROPOUTS.high, side + 2)[1:-1]
    grid = np.array([(rate, other) for rate in rates for other in others])
    random = np.random.default_rng([side, draw])
    logs = random.uniform(np.log(RATES.low), np.log(RATES.high), side**2)
    drawn = random.uniform(DROPOUTS.low, DROPOUTS.high, side**2)
    return grid, np.column_stack([np.exp(logs), drawn])


def scene(side: int, draw: int) -> Scene:
    """Draw both kinds of search, with what they try of the learning rate below."""
    drawn = Canvas(900, 430)
    counts, hits = [], []
    for place, (name, found) in enumerate(
        zip(("On a grid", "At random"), points(side, draw), strict=True)
    ):
        box = (70 + 440 * place, 44, 370, 250)
        plot = Chart(drawn, box, RATES, DROPOUTS, f"{name}: {len(found)} trials")
        strip(drawn, plot)
        plot.ticks({}, {0: "0", 0.2: "0.2", 0.4: "0.4", 0.6: "0.6"})
        rates = np.unique(found[:, 0].round(12))
        good = (rates >= GOOD[0]) & (rates <= GOOD[1])
        bottom = box[1] + box[3]
        for rate, other in found:
            plot.dot(rate, other, "circle", canvas.OUTPUT, 4.5)
        for rate, is_good in zip(rates, good, strict=True):
            across, _ = plot.place(rate, 0)
            color = canvas.WINDOW if is_good else canvas.ABSENT
            drawn.line([(across, bottom + 6), (across, bottom + 26)], color, 3 if is_good else 1.5)
        for rate, text in RATE_TICKS.items():
            across, _ = plot.place(rate, 0)
            drawn.text(across, bottom + 44, text, canvas.SMALL, anchor="middle")
        drawn.text(box[0] + 185, bottom + 62, "learning rate", canvas.SMALL, anchor="middle")
        text = f"{len(rates)} learning rates tried, {good.sum()} of them good"
        drawn.text(box[0], bottom + 88, text)
        counts.append(len(rates))
        hits.append(int(good.sum()))
    legend = "blue: trials     marks below: their learning rates     "
    legend += "grey stripe, orange marks: good learning rates     up: dropout"
    drawn.text(8, 420, legend, canvas.SMALL)
    words = (
        f"{side**2} trials each. The grid tries {counts[0]} learning rates, {hits[0]} of "
        f"them in the good stripe; the random search, draw {draw}, tries {counts[1]}, {hits[1]} of "
        "them in it."
    )
    return Scene(drawn, words)


def strip(drawn: Canvas, plot: Chart) -> None:
    """Shade where the learning rate is good."""
    left, right = (plot.place(rate, 0)[0] for rate in GOOD)
    top, bottom = plot.top, plot.top + plot.height
    box = tuple(round(edge * canvas.SCALE) for edge in (left, top + 1, right, bottom - 1))
    drawn.image.paste(STRIPE, box)
