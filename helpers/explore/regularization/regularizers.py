"""The explorer of recorded runs: an overfitting network and its cures, epoch by epoch."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from helpers.datasets.records import load_record
from helpers.explore import panels
from helpers.explore.panels import ABSENT, OUTPUT, WINDOW, Axis, Chart, Interval, Line, Points
from helpers.stats import Difference, paired_difference

SAY = panels.Words(__name__)
PLAIN, PLACEBO = "plain", "another start"
PALE = {OUTPUT: "#A8CBE2", WINDOW: "#F0BF9C"}


class Quantity(NamedTuple):
    """How one quantity is drawn and spoken of; the last are keys of the words."""

    low: float
    high: float
    reach: float
    sign: int  # 1 where more is better, -1 where less is
    outside: str
    difference: str


QUANTITIES = {
    "accuracy": Quantity(60, 100, 8, 1, "below", "points"),
    "loss": Quantity(0, 1.2, 0.4, -1, "above", "loss_points"),
}


class Curves(NamedTuple):
    """The curves of all seeds of one setting, `(seeds, epochs)` each."""

    train: np.ndarray
    val: np.ndarray


def regularizers(record: dict[str, Any] | None = None) -> panels.Explorer:
    """Choose a cure for overfitting, and follow its recorded runs over the epochs.

    Args:
        record: The record of the runs; the one that the course ships where it is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where `record` is no dictionary.
        ValueError: where `record` holds no runs of the plain network, the placebo and a cure.

    Examples:
        >>> regularizers().settings()
        {'cure': 'dropout', 'quantity': 'accuracy', 'epoch': 60}

    """
    if record is None:
        record = load_record("regularization")
    if not isinstance(record, dict):
        raise TypeError(f"`record` must be a dictionary. Received record={record!r}.")
    names = list(record.get("runs", ()))
    if not {PLAIN, PLACEBO} < set(names):
        raise ValueError(
            f"`record` must hold runs of {PLAIN}, {PLACEBO} and of a cure. "
            f"Received record with runs of {names}."
        )
    epochs = record["settings"]["epochs"]
    first = next(name for name in names if name not in (PLAIN, PLACEBO))
    controls = [
        [panels.Choice("cure", names, first)],
        [panels.Choice("quantity", list(QUANTITIES), "accuracy"),
         panels.Slider("epoch", 1, epochs, epochs, wide=True)],
    ]  # fmt: skip
    read = functools.cache(functools.partial(curves, record))
    return panels.Explorer(functools.partial(scene, read), controls, words=SAY)


def curves(record: dict[str, Any], cure: str, quantity: str) -> Curves:
    """Return the curves of a setting, accuracies in percent."""
    runs = record["runs"][cure]
    if quantity == "loss":
        return Curves(*(np.array([run[f"{part}_loss"] for run in runs]) for part in Curves._fields))
    sizes = record["settings"]
    trained = sizes["more_digits" if cure.startswith("four times") else "training_digits"]
    return Curves(
        *(
            100 * (1 - np.array([run[f"{part}_mistakes"] for run in runs]) / size)
            for part, size in zip(Curves._fields, (trained, sizes["judging_digits"]), strict=True)
        )
    )


def scene(read: Callable[..., Curves], cure: str, quantity: str, epoch: int) -> panels.Scene:
    """Show the curves with the epoch marked, and the paired differences from plain beside them."""
    kind, found = QUANTITIES[quantity], read(cure, quantity)
    train, val = found.train[:, epoch - 1], found.val[:, epoch - 1]
    named, seeds = SAY.option("cure", cure), len(val)
    gap = SAY(kind.difference, value=abs(train.mean() - val.mean()))
    words = [
        SAY("sentence", cure=named, epoch=epoch, gap=gap, seeds=seeds,
            quantity=SAY.option("quantity", quantity), train=SAY(quantity, value=train.mean()),
            val=SAY(quantity, value=val.mean()), low=SAY(quantity, value=val.min()),
            high=SAY(quantity, value=val.max()))
    ]  # fmt: skip
    plain = read(PLAIN, quantity).val[:, epoch - 1]
    others = [name for name in dict.fromkeys([PLACEBO, cure]) if name != PLAIN]
    marks = []
    for place, name in enumerate(others):
        differences = read(name, quantity).val[:, epoch - 1] - plain
        marks += difference_marks(place, differences, kind)
        if name == cure:
            words.append(verdict(differences, kind))
    names = [SAY.option("cure", name) for name in others]
    title = SAY(f"curves_{quantity}", cure=named, seeds=seeds)
    right = Chart(
        Axis.of([*names, ""][:2]), Axis(-kind.reach, kind.reach, signed=True), marks,
        [panels.Rule(y=0, color=panels.INK),
         panels.Corner(SAY("better_side"), "top right" if kind.sign > 0 else "bottom right")],
        keys=difference_keys(), title=SAY("differences"),
        notes=SAY("beyond", reach=kind.reach),
    )  # fmt: skip
    return panels.Scene(panels.Row([curve_chart(found, kind, epoch, gap, title), right]),
                        " ".join(words))  # fmt: skip


def curve_chart(found: Curves, kind: Quantity, epoch: int, gap: str, title: str) -> Chart:
    """Return the curves of every seed and their means, with one epoch marked."""
    epochs = found.val.shape[1]
    across, still = range(1, epochs + 1), []
    for values, color, part in zip(found, (OUTPUT, WINDOW), ("training", "validation"),
                                   strict=True):  # fmt: skip
        still += [Line(across, seed, PALE[color], "thin") for seed in values]
        still.append(Line(across, values.mean(axis=0), color, "thick", part == "validation",
                          name=SAY(part)))  # fmt: skip
    means = [part[:, epoch - 1].mean() for part in found]
    marks = [
        panels.Rule(x=epoch, name=SAY("chosen")),
        *(Points(epoch, mean, "open square", color, "large")
          for mean, color in zip(means, (OUTPUT, WINDOW), strict=True)),
        panels.Label(epoch, np.mean(np.clip(means, kind.low, kind.high)), SAY("gap", gap=gap),
                     "title"),
    ]  # fmt: skip
    ticks = (1, *range(10, epochs + 1, 10))
    return Chart(
        Axis(1, max(epochs, 2), SAY("epoch"), ticks=ticks), Axis(kind.low, kind.high), marks, still,
        keys=[Line([], [], ABSENT, "thin", name=SAY("one_seed"))], title=title, share=1.9,
        notes=SAY(kind.outside, low=kind.low, high=kind.high),
    )  # fmt: skip


def compared(differences: np.ndarray) -> Difference:
    """Return the mean of paired differences and its 95 % interval."""
    return paired_difference(differences, np.zeros(len(differences)))


def look(mean: float, excludes_zero: bool, kind: Quantity) -> dict[str, str]:
    """Return colour and shape of a difference: those of `plots.forest`."""
    if not excludes_zero:
        return {"color": ABSENT, "shape": "open square"}
    return {"color": OUTPUT if kind.sign * mean > 0 else WINDOW, "shape": "square"}


def difference_marks(place: int, differences: np.ndarray, kind: Quantity) -> list[panels.Mark]:
    """Return every seed's difference, their mean and its 95 % interval.

    The marks are those of `plots.forest`: filled, blue or orange, where the interval leaves zero
    out; open and grey where it holds zero.
    """
    found = compared(differences)
    drawn = look(found.mean, found.excludes_zero, kind)
    spread = place + np.linspace(-0.36, 0.04, len(differences))
    return [
        Points(spread, differences, color=drawn["color"], size="small"),
        Interval(place + 0.25, found.low, found.high, found.mean, **drawn),
    ]


def difference_keys() -> list[panels.Mark]:
    """Return what stands in the legend of the differences."""
    kind = QUANTITIES["accuracy"]
    looks = (("better", 1, True), ("worse", -1, True), ("holds_zero", 0, False))
    return [Points(0, 0, color=ABSENT, size="small", name=SAY("seed")),
            *(Interval(0, 0, 0, 0, **look(mean, excludes_zero, kind), name=SAY(key))
              for key, mean, excludes_zero in looks)]  # fmt: skip


def verdict(differences: np.ndarray, kind: Quantity) -> str:
    """Say what the paired differences from plain are, and whether chance alone explains them."""
    found = compared(differences)
    said = "chance"
    if found.excludes_zero:
        said = "is_better" if kind.sign * found.mean > 0 else "is_worse"
    parts = [SAY(said)]
    if beyond := int((np.abs(differences) > kind.reach).sum()):
        parts.append(SAY("lie_beyond", count=beyond, seeds=len(differences), reach=kind.reach))
    return SAY(
        "verdict", mean=SAY(kind.difference, value=found.mean), said=" ".join(parts),
        low=SAY(f"{kind.difference}_alone", value=found.low),
        high=SAY(kind.difference, value=found.high),
    )  # fmt: skip
