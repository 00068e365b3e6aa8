"""The winner's curse: choose the best of many, and see how good it is on digits it never met."""

import functools
from typing import Any

import numpy as np

from helpers.datasets.records import load_record, unpack_misclassified
from helpers.explore import panels
from helpers.explore.panels import ABSENT, OUTPUT, WINDOW, Axis, Chart, Line, Points, Slider

SAY = panels.Words(__name__)
SIZES = (100, 200, 400, 800, 1600, 3000)
DRAWS = 200
SHOWN = 20


def winners_curse(record: dict[str, Any] | None = None) -> panels.Explorer:
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
    last = len(sizes) - 1
    controls = [
        [Slider("networks", 2, networks, networks),
         Slider("size", 0, last, min(1, last), readout=False), Slider("draw", 1, SHOWN, 1)],
    ]  # fmt: skip
    draws = Draws(wrong, sizes)
    return panels.Explorer(functools.partial(scene, draws), controls, words=SAY)


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


def scene(draws: Draws, networks: int, size: int, draw: int) -> panels.Scene:
    """Show the networks' errors in one draw, and the mean gap over all draws."""
    chosen_by, fresh = draws.chosen_by[size, draw - 1, :networks], draws.fresh[draw - 1, :networks]
    winner, digits, most = int(chosen_by.argmin()), draws.sizes[size], draws.fresh.shape[1]
    ends = [chosen_by[winner], fresh[winner]]
    errors = [
        panels.Rule(y=fresh.mean(), dashed=True, name=SAY("mean")),
        Points(range(networks), fresh, "cross", ABSENT, "small", name=SAY("fresh")),
        Points(range(networks), chosen_by, name=SAY("chosen_by", digits=digits)),
        Line([winner] * 2, ends, WINDOW, "thick", name=SAY("winner")),
        *(Points(winner, error, shape, WINDOW, "large")
          for error, shape in zip(ends, ("circle", "cross"), strict=True)),
    ]  # fmt: skip
    vertical = Axis.around([*draws.chosen_by[size, draw - 1], *draws.fresh[draw - 1]])
    left = Chart(Axis(-1, most, SAY("networks"), ticks=()), vertical, errors, ratio=0.54, share=1.7,
                 title=SAY("errors", draw=draw, networks=networks))  # fmt: skip
    gap, curse = fresh[winner] - chosen_by[winner], draws.curse[size, networks - 1]
    looked = "worse" if gap < 0 else "better"
    if f"{abs(gap):.2f}" == "0.00":
        looked = "as_good"
    words = SAY(
        "sentence", draw=draw, networks=networks, chosen_by=ends[0], digits=digits, fresh=ends[1],
        looked=SAY(looked, gap=abs(gap)), mean=fresh.mean(), draws=DRAWS, curse=curse,
    )  # fmt: skip
    return panels.Scene(panels.Row([left, curse_chart(draws, networks, size)]), words)


def curse_chart(draws: Draws, networks: int, size: int) -> Chart:
    """Return how much too good the winner looks, for each number of digits to choose by."""
    most = draws.fresh.shape[1]
    still = [
        Line(range(1, most + 1), curse, OUTPUT if place == size else ABSENT,
             "normal" if place == size else "thin", end=f"{digits:,}",
             name=SAY("by_digits", digits=digits) if place == size else "")
        for place, (digits, curse) in enumerate(zip(draws.sizes, draws.curse, strict=True))
    ]  # fmt: skip
    chosen = Points(networks, draws.curse[size, networks - 1], color=WINDOW, size="large",
                    name=SAY("chosen"))  # fmt: skip
    ticks = [end for end in sorted({1, 10, 20, most}) if end <= most]
    vertical = Axis(min(0.0, draws.curse.min()), 1.1 * max(0.1, draws.curse.max()))
    across = Axis(0, most + 1, SAY("choice"), ticks=ticks)
    return Chart(across, vertical, [chosen], still, ratio=0.54,
                 title=SAY("too_good", draws=DRAWS), notes=SAY("ends"))  # fmt: skip
