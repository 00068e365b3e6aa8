"""The winner's curse: choose the best of many, and see how good it is on digits it never met."""

import functools
from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.datasets.records import load_record, unpack_misclassified
from helpers.explore import canvas, chart
from helpers.explore.base import Explorer, Scene
from helpers.explore.canvas import Canvas
from helpers.explore.chart import Axis, Chart

SIZES = (100, 200, 400, 800, 1600, 3000)
DRAWS = 200
SHOWN = 20


def winners_curse(record: dict[str, Any] | None = None) -> Explorer:
    """Choose the best of some networks by some digits, and judge it by fresh ones.

    Args:
        record: `held_out_digits`, and in `mistakes` for each network of one and the same setting
            which of these digits it misreads, as bits in base64, as in
            data/hyperparameters_seeds.json, which is taken where the argument is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        ValueError: where `record` holds fewer than two networks or too few digits.

    Examples:
        >>> winners_curse().settings()["draw"]
        1

    """
    wrong = unpack_misclassified(load_record("hyperparameters_seeds") if record is None else record)
    networks, digits = wrong.shape
    sizes = [size for size in SIZES if size <= digits // 2]
    if networks < 2 or not sizes:
        raise ValueError(
            f"`record` must hold at least 2 networks and {2 * SIZES[0]} digits. "
            f"Received {networks} networks and {digits} digits."
        )
    layout = widgets.Layout(width="300px")
    controls = {
        "networks": widgets.IntSlider(
            description="Networks", value=networks, min=2, max=networks, layout=layout
        ),
        "size": widgets.IntSlider(
            description="Digits", value=1, max=len(sizes) - 1, readout=False, layout=layout
        ),
        "draw": widgets.IntSlider(description="Draw", value=1, min=1, max=SHOWN, layout=layout),
    }
    shuffled = Draws(wrong, sizes)
    return Explorer(functools.partial(scene, shuffled), controls, [["networks", "size", "draw"]])


class Draws:
    """Many random divisions of the held-out digits into those to choose by and fresh ones.

    Attributes:
        chosen_by: `(sizes, draws, networks)`, errors in percent on the digits to choose by.
        fresh: `(draws, networks)`, errors in percent on the other half.
        curse: `(sizes, networks)`, how much better the winner of the first networks looks than it
            is on fresh digits, on average over the draws, in percentage points.

    """

    def __init__(self, wrong: np.ndarray, sizes: list[int]):
        self.sizes = sizes
        random, half = np.random.default_rng(0), wrong.shape[1] // 2
        chosen_by, fresh = [], []
        for _ in range(DRAWS):
            order = random.permutation(wrong.shape[1])
            found = wrong[:, order[:half]]
            chosen_by.append([100 * found[:, :size].mean(axis=1) for size in sizes])
            fresh.append(100 * wrong[:, order[half:]].mean(axis=1))
        self.chosen_by = np.swapaxes(np.array(chosen_by), 0, 1)
        self.fresh = np.array(fresh)
        rows, gaps = np.arange(DRAWS), np.empty((len(sizes), wrong.shape[0]))
        for count in range(1, wrong.shape[0] + 1):
            winners = self.chosen_by[:, :, :count].argmin(axis=2)
            for size, picked in enumerate(winners):
                gap = self.fresh[rows, picked] - self.chosen_by[size, rows, picked]
                gaps[size, count - 1] = gap.mean()
        self.curse = gaps


def scene(draws: Draws, networks: int, size: int, draw: int) -> Scene:
    """Draw the networks' errors in one draw, and the mean gap over all draws."""
    chosen_by, fresh = draws.chosen_by[size, draw - 1, :networks], draws.fresh[draw - 1, :networks]
    winner = int(chosen_by.argmin())
    digits = draws.sizes[size]
    drawn = Canvas(900, 400)
    everything = draws.chosen_by[size, draw - 1]
    axis = chart.around([*everything, *draws.fresh[draw - 1]])
    plot = Chart(
        drawn, (50, 40, 480, 260), Axis(-1, draws.fresh.shape[1]), axis,
        f"Draw {draw}: error in % of {networks} networks",
    )  # fmt: skip
    plot.ticks({}, chart.round_ticks(axis.low, axis.high))
    plot.path((-1, draws.fresh.shape[1]), [fresh.mean()] * 2, canvas.ABSENT, 1, dashed=True)
    for place in range(networks):
        plot.dot(place, fresh[place], "cross", chart.FAINT, 3)
        plot.dot(place, chosen_by[place], "circle", canvas.OUTPUT, 4)
    plot.path((winner, winner), (chosen_by[winner], fresh[winner]), canvas.WINDOW, 3)
    plot.dot(winner, chosen_by[winner], "circle", canvas.WINDOW, 6)
    plot.dot(winner, fresh[winner], "cross", canvas.WINDOW, 6)
    plot.label("networks of one setting, which differ in their seed only")
    for line, text in enumerate((
        f"circle: on the {digits:,} digits to choose by     cross: on fresh digits",
        "orange: the winner     dashed: mean of all on fresh digits",
    )):  # fmt: skip
        drawn.text(50, 364 + 20 * line, text, canvas.SMALL)

    most = max(0.1, float(draws.curse.max()))
    lowest = min(0.0, float(draws.curse.min()))
    mean = Chart(
        drawn, (600, 40, 240, 260), Axis(1, draws.fresh.shape[1]), Axis(lowest, 1.1 * most),
        f"Points too good, mean of {DRAWS} draws",
    )  # fmt: skip
    ends = sorted({1, 10, 20, draws.fresh.shape[1]})
    mean.ticks({end: str(end) for end in ends if end <= draws.fresh.shape[1]},
               chart.round_ticks(lowest, 1.1 * most))  # fmt: skip
    counts = range(1, draws.fresh.shape[1] + 1)
    for other in draws.curse:
        mean.path(counts, other, chart.FAINT, 1)
    mean.path(counts, draws.curse[size], canvas.OUTPUT, 2)
    right = draws.fresh.shape[1]
    ends_of = [mean.place(right, last)[1] for last in draws.curse[:, -1]]
    order = np.argsort(ends_of, kind="stable")
    for place, height in zip(order, chart.apart([ends_of[k] for k in order], 14), strict=True):
        color = canvas.OUTPUT if place == size else canvas.ABSENT
        drawn.text(850, height + 4, f"{draws.sizes[place]:,}", canvas.SMALL, color)
    mean.dot(networks, draws.curse[size, networks - 1], "circle", canvas.WINDOW, 6)
    mean.label("networks to choose from")
    for line, text in enumerate((
        f"at the ends: digits to choose by; blue: {digits:,}",
        "orange: the chosen number of networks",
    )):  # fmt: skip
        drawn.text(600, 364 + 20 * line, text, canvas.SMALL)
    gap = fresh[winner] - chosen_by[winner]
    manner = f"{abs(gap):.2f} percentage points {'better' if gap > 0 else 'worse'} than"
    if f"{abs(gap):.2f}" == "0.00":
        manner = "as good as"
    words = (
        f"Draw {draw}, {networks} networks of one setting: the winner has "
        f"{chosen_by[winner]:.2f} % errors on the {digits:,} digits that it was chosen by, and "
        f"{fresh[winner]:.2f} % on fresh ones: it looked {manner} "
        f"it is. All of them together have {fresh.mean():.2f} % on fresh digits. "
        f"On average over {DRAWS} draws the winner looks better by "
        f"{draws.curse[size, networks - 1]:.2f} points."
    )
    return Scene(drawn, words)
