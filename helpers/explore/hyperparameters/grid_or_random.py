"""The same number of trials on a grid and at random: how many different values are tried."""

from typing import Any

import numpy as np

from helpers.explore import panels
from helpers.explore.panels import ABSENT, WINDOW, Axis, Chart, Interval, Points, Slider

SAY = panels.Words(__name__)
RATES, DROPOUTS = (1e-4, 1e-1), (0.0, 0.6)
# Where a learning rate is good, for the picture's sake; which one it is plays no part.
GOOD = (4e-3, 8e-3)
STRIPE = "#DEDEDE"
# Below the dropouts there is room for marks at the learning rates.
BELOW = (-0.08, -0.02)
UPWARDS = Axis(-0.1, 0.6, ticks=(0, 0.2, 0.4, 0.6))


def grid_or_random() -> panels.Explorer:
    """Spend the same number of trials on a grid and at random.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Source of the idea: Bergstra and Bengio 2012, "Random search for hyper-parameter optimization",
    Journal of Machine Learning Research 13.

    Examples:
        >>> grid_or_random().settings()
        {'side': 4, 'draw': 1}

    """
    controls = [[Slider("side", 2, 7, 4), Slider("draw", 1, 20, 1)]]
    return panels.Explorer(scene, controls, words=SAY)


def points(side: int, draw: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the settings of the grid and those drawn at random, both `(side², 2)`.

    The first column is the learning rate, evenly spread in its logarithm, the second the other
    hyper-parameter, evenly spread.
    """
    rates = np.geomspace(*RATES, side + 2)[1:-1]
    others = np.linspace(*DROPOUTS, side + 2)[1:-1]
    grid = np.array([(rate, other) for rate in rates for other in others])
    random = np.random.default_rng([side, draw])
    logs = random.uniform(*np.log(RATES), side**2)
    return grid, np.column_stack([np.exp(logs), random.uniform(*DROPOUTS, side**2)])


def scene(side: int, draw: int) -> panels.Scene:
    """Show both kinds of search, with what they try of the learning rate below."""
    searches, counts = [], []
    for kind, found in zip(("on_a_grid", "at_random"), points(side, draw), strict=True):
        rates = np.unique(found[:, 0].round(12))
        good = (rates >= GOOD[0]) & (rates <= GOOD[1])
        counts += [len(rates), int(good.sum())]
        marks = [Points(*found.T), panels.Rule(y=0), tried(rates[~good]), tried(rates[good], True)]
        ground = [panels.Box(*GOOD, color=STRIPE, filled=True)]
        chart = Chart(Axis(*RATES, SAY("across"), log=True), UPWARDS, marks, ground, ratio=0.62,
                      title=SAY(kind, trials=len(found)))  # fmt: skip
        told = panels.Text(SAY("tried", rates=len(rates), good=good.sum()))
        searches.append(panels.Column([chart, told]))
    legend = panels.Legend([
        Points(0, 0, name=SAY("trial")), tried(0, name=SAY("rate")),
        panels.Box(color=STRIPE, filled=True, name=SAY("good_rates")),
        tried(0, True, name=SAY("good_rate")),
    ])  # fmt: skip
    names = ("rates", "hits", "random_rates", "random_hits")
    words = SAY("sentence", trials=side**2, draw=draw, **dict(zip(names, counts, strict=True)))
    return panels.Scene([panels.Row(searches), legend], words)


def tried(rates: Any, are_good: bool = False, name: str = "") -> Interval:
    """Return marks below the trials, one for each learning rate."""
    look = {"color": WINDOW, "weight": "thick"} if are_good else {"color": ABSENT, "weight": "thin"}
    low, high = np.broadcast_to(BELOW, (np.size(rates), 2)).T
    return Interval(rates, low, high, caps=False, name=name, **look)
