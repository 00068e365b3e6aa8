"""The explorer of recorded runs: an overfitting network and its cures, epoch by epoch."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import ipywidgets as widgets
import numpy as np

from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas
from helpers.paired import paired_difference
from helpers.recorded import load_record

PLAIN, PLACEBO = "plain", "another start"
LEFT, RIGHT, TOP, BOTTOM = 64, 560, 44, 396


class Quantity(NamedTuple):
    """How one quantity is read from the record, drawn and spoken of."""

    low: float
    high: float
    ticks: tuple[float, ...]
    reach: float
    unit: str
    digits: int
    sign: int  # 1 where more is better, -1 where less is


QUANTITIES = {
    "accuracy": Quantity(60, 100, (60, 70, 80, 90, 100), 8, " %", 1, 1),
    "loss": Quantity(0, 1.2, (0, 0.4, 0.8, 1.2), 0.4, "", 3, -1),
}


class Curves(NamedTuple):
    """The curves of all seeds of one setting, `(seeds, epochs)` each."""

    train: np.ndarray
    val: np.ndarray


def cures(record: dict[str, Any] | None = None) -> Explorer:
    """Choose a cure for overfitting, and follow its recorded runs over the epochs.

    Args:
        record: The record of the runs; the one that the course ships where it is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where `record` is no dictionary.
        ValueError: where `record` holds no runs of the plain network, the placebo and a cure.

    Examples:
        >>> cures().settings()
        {'cure': 'dropout', 'quantity': 'accuracy', 'epoch': 60}

    """
    if record is None:
        record = load_record("cures")
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
    read = functools.cache(lambda cure, quantity: curves(record, cure, quantity))
    drawn = functools.cache(lambda cure, quantity: chart(read(cure, quantity), cure, quantity))
    controls = {
        "cure": toggles("Cure", names, first),
        "quantity": toggles("Curve", list(QUANTITIES), "accuracy"),
        "epoch": widgets.IntSlider(
            description="Epoch", min=1, max=epochs, value=epochs,
            layout=widgets.Layout(width="520px"),
        ),
    }  # fmt: skip
    return Explorer(
        lambda cure, quantity, epoch: scene(read, drawn, cure, quantity, epoch),
        controls,
        [["cure"], ["quantity", "epoch"]],
    )


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


def interval(differences: np.ndarray) -> tuple[float, float, float]:
    """Return the mean of paired differences and the ends of its 95 % t-interval."""
    found = paired_difference(differences, np.zeros(len(differences)))
    return found.mean, found.low, found.high


def chart(found: Curves, cure: str, quantity: str) -> Canvas:
    """Draw what does not depend on the epoch: the axes, every seed's curves, and their means."""
    drawn, kind = Canvas(900, 488), QUANTITIES[quantity]
    epochs = found.val.shape[1]
    title = f"{quantity.capitalize()}{' in %' if kind.unit else ''}: {cure}, {len(found.val)} seeds"
    drawn.text(8, 22, title, canvas.TITLE)
    for tick in kind.ticks:
        y = height(tick, kind)
        drawn.line([(LEFT, y), (RIGHT, y)], canvas.EMPTY, 1)
        drawn.text(LEFT - 8, y + 5, f"{tick:g}", canvas.TEXT, anchor="right")
    drawn.line([(LEFT, TOP), (LEFT, BOTTOM), (RIGHT, BOTTOM)], canvas.INK, 1)
    for epoch in range(0, epochs + 1, 10):
        drawn.text(place(max(1, epoch), epochs), BOTTOM + 18, str(max(1, epoch)), anchor="middle")
    drawn.text((LEFT + RIGHT) / 2, BOTTOM + 38, "epoch", anchor="middle")
    for values, color, pale in (
        (found.train, canvas.OUTPUT, "#A8CBE2"), (found.val, canvas.WINDOW, "#F0BF9C"),
    ):  # fmt: skip
        for seed in values:
            drawn.line(path(seed, kind), pale, 1)
        mean = path(values.mean(axis=0), kind)
        (drawn.dashes if color == canvas.WINDOW else drawn.line)(mean, color, 3)
    outside = f"{f'below {kind.low}' if kind.low else f'above {kind.high}'}: at the edge"
    legend = "blue, solid: training     orange, dashed: validation"
    drawn.text(8, 464, legend, canvas.SMALL)
    drawn.text(8, 481, f"thick: mean     thin: one seed each     {outside}", canvas.SMALL)
    return drawn


def path(values: np.ndarray, kind: Quantity) -> list[tuple[float, float]]:
    """Return the points of a curve."""
    places = enumerate(values, start=1)
    return [(place(epoch, len(values)), height(value, kind)) for epoch, value in places]


def place(epoch: float, epochs: int) -> float:
    """Return the horizontal place of an epoch."""
    return LEFT + (RIGHT - LEFT) * (epoch - 1) / max(1, epochs - 1)


def height(value: float, kind: Quantity) -> float:
    """Return the vertical place of a value; what lies outside stays at the edge."""
    share = (np.clip(value, kind.low, kind.high) - kind.low) / (kind.high - kind.low)
    return BOTTOM - (BOTTOM - TOP) * share


def scene(
    read: Callable[..., Curves], drawn: Callable[..., Canvas], cure: str, quantity: str, epoch: int
) -> Scene:
    """Mark the epoch in the curves, and draw the paired differences from plain beside them."""
    kind, still = QUANTITIES[quantity], drawn(cure, quantity)
    picture = Canvas(still.width, still.height)
    picture.image.paste(still.image)
    found = read(cure, quantity)
    x = place(epoch, found.val.shape[1])
    picture.line([(x, TOP), (x, BOTTOM)], canvas.ABSENT, 1.5)
    train, val = found.train[:, epoch - 1], found.val[:, epoch - 1]
    for mean, color in ((train.mean(), canvas.OUTPUT), (val.mean(), canvas.WINDOW)):
        y = height(mean, kind)
        picture.outline(x - 5, y - 5, 10, 10, color, 2.5)
    gap = spoken(abs(train.mean() - val.mean()), kind)
    text = f"gap {gap}"
    wide = canvas.text_mask(text, canvas.TITLE).width / canvas.SCALE
    left = x - 10 - wide if x > (LEFT + RIGHT) / 2 else x + 10
    middle = (height(train.mean(), kind) + height(val.mean(), kind)) / 2
    # On a white ground, so that no curve runs through it.
    picture.bar(left - 3, middle - 10, wide + 6, 20, canvas.PAPER)
    picture.text(left, middle + 5, text, canvas.TITLE)

    words = [
        f"{cure[0].upper()}{cure[1:]}, epoch {epoch}: {quantity} {shown(train.mean(), kind)} on "
        f"the training digits and {shown(val.mean(), kind)} on the validation digits, mean of "
        f"{len(val)} seeds: a gap of {gap}. Validation, single seeds: {shown(val.min(), kind)} to "
        f"{shown(val.max(), kind)}."
    ]
    plain = read(PLAIN, quantity).val[:, epoch - 1]
    picture.text(640, 22, "Minus plain, seed by seed", canvas.TITLE)
    for row, name in enumerate(dict.fromkeys([PLACEBO, cure])):
        if name == PLAIN:
            continue
        differences = read(name, quantity).val[:, epoch - 1] - plain
        draw_differences(picture, 715 + 110 * row, name, differences, kind)
        if name == cure:
            words.append(verdict(differences, kind))
    draw_scale(picture, kind)
    return Scene(picture, " ".join(words))


def shown(value: float, kind: Quantity) -> str:
    """Write a value with its unit."""
    return f"{value:.{kind.digits}f}{kind.unit}"


def spoken(value: float, kind: Quantity) -> str:
    """Write a difference of two values with its unit."""
    return f"{value:.{kind.digits}f}{' points' if kind.unit else ''}".replace("-", "−")


def level(value: float, kind: Quantity) -> float:
    """Return the vertical place of a difference; what lies outside stays at the edge."""
    middle = (TOP + BOTTOM) / 2
    return middle - (BOTTOM - TOP) / 2 * np.clip(value / kind.reach, -1, 1)


def draw_scale(picture: Canvas, kind: Quantity) -> None:
    """Draw the axis of the differences, with a line at zero."""
    for share in (-1, -0.5, 0, 0.5, 1):
        value = share * kind.reach
        text = f"{value:+g}".replace("-", "−") if value else "0"
        picture.text(652, level(value, kind) + 5, text, anchor="right")
    zero = level(0, kind)
    picture.line([(660, zero), (892, zero)], canvas.INK, 1)
    better = TOP + 14 if kind.sign > 0 else BOTTOM - 6
    picture.text(892, better, "better than plain", canvas.SMALL, anchor="right")
    edge = f"beyond ±{kind.reach:g}: at the edge"
    for line, words in enumerate((
        f"dot: a seed     square: mean     bar: 95 % interval     {edge}",
        "blue: better     orange: worse     grey, open: interval holds zero",
    )):  # fmt: skip
        picture.text(892, 464 + 17 * line, words, canvas.SMALL, anchor="right")


def draw_differences(
    picture: Canvas, x: float, name: str, differences: np.ndarray, kind: Quantity
) -> None:
    """Draw every seed's difference, their mean and its 95 % interval, above a name.

    The marks are those of `plots.forest`: filled, blue or orange, where the interval leaves zero
    out; open and grey where it holds zero. What lies outside stays at the edge.
    """
    mean, low, high = interval(differences)
    holds_zero = low <= 0 <= high
    better = canvas.OUTPUT if kind.sign * mean > 0 else canvas.WINDOW
    color = canvas.ABSENT if holds_zero else better
    for seed, value in enumerate(differences):
        picture.dot(x - 36 + 8 * seed, level(value, kind), "circle", color, 3)
    picture.line([(x + 18, level(low, kind)), (x + 18, level(high, kind))], color, 2)
    for end in (low, high):
        if abs(end) <= kind.reach:
            picture.line([(x + 12, level(end, kind)), (x + 24, level(end, kind))], color, 2)
    picture.dot(x + 18, level(mean, kind), "square", color, 5)
    if holds_zero:
        picture.dot(x + 18, level(mean, kind), "square", canvas.PAPER, 3)
    for line, part in enumerate(wrapped(name)):
        picture.text(x, BOTTOM + 18 + 15 * line, part, canvas.SMALL, anchor="middle")


def wrapped(name: str, longest: int = 17) -> list[str]:
    """Break a name into lines."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > longest:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def verdict(differences: np.ndarray, kind: Quantity) -> str:
    """Say what the paired differences from plain are, and whether chance alone explains them."""
    mean, low, high = interval(differences)
    ends = f"{spoken(low, kind).removesuffix(' points')} to {spoken(high, kind)}"
    if low <= 0 <= high:
        said = "zero lies inside: chance alone can explain it."
    else:
        better = "better" if kind.sign * mean > 0 else "worse"
        said = f"zero lies outside: {better} than plain by more than chance."
    beyond = int((np.abs(differences) > kind.reach).sum())
    if beyond:
        said += f" {beyond} of {len(differences)} seeds lie beyond ±{kind.reach:g}, at the edge."
    return f"Minus plain, paired by seed: {spoken(mean, kind)}, 95 % interval {ends}; {said}"
