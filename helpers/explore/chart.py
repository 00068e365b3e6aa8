"""Axes on a canvas, for explorers that draw results: points, lines, and pairs over seeds."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from helpers.explore import canvas
from helpers.explore.canvas import Canvas
from helpers.stats import paired_difference

FAINT = "#8F8F8F"


class Axis(NamedTuple):
    """From where to where an axis goes, and whether its steps are factors."""

    low: float
    high: float
    log: bool = False

    def share(self, value: float) -> float:
        """Return where a value lies, 0 at the low end and 1 at the high end."""
        low, high, log = self
        if log:
            low, high, value = math.log(low), math.log(high), math.log(max(value, 1e-12))
        return min(1.0, max(0.0, (value - low) / (high - low)))


class Chart:
    """A frame on a canvas with two axes; whatever lies outside is drawn at its border."""

    def __init__(
        self, drawn: Canvas, box: tuple[float, float, float, float], x: Axis, y: Axis, title: str
    ):
        self.drawn, self.x, self.y = drawn, x, y
        self.left, self.top, self.width, self.height = box
        drawn.text(self.left, self.top - 12, title, canvas.TITLE)
        drawn.outline(*box, canvas.LINE, 1)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return the screen pixels of a point."""
        return (
            self.left + self.width * self.x.share(x),
            self.top + self.height * (1 - self.y.share(y)),
        )

    def ticks(self, x: dict[float, str], y: dict[float, str]) -> None:
        """Write numbers along the axes, with a thin line across for each of the vertical axis."""
        for value, text in y.items():
            _, height = self.place(self.x.low, value)
            self.drawn.line([(self.left, height), (self.left + self.width, height)], canvas.EMPTY)
            self.drawn.text(self.left - 6, height + 4, text, canvas.SMALL, anchor="right")
        for value, text in x.items():
            across, _ = self.place(value, self.y.low)
            bottom = self.top + self.height
            self.drawn.line([(across, bottom), (across, bottom + 4)], canvas.LINE)
            self.drawn.text(across, bottom + 17, text, canvas.SMALL, anchor="middle")

    def label(self, text: str) -> None:
        """Say below the frame what the horizontal axis is."""
        self.drawn.text(
            self.left + self.width / 2, self.top + self.height + 36, text, canvas.SMALL,
            anchor="middle",
        )  # fmt: skip

    def dot(self, x: float, y: float, shape="circle", color=canvas.OUTPUT, size: float = 4) -> None:
        """Mark a point."""
        self.drawn.dot(*self.place(x, y), shape, color, size)

    def path(self, x: Sequence, y: Sequence, color=canvas.OUTPUT, thick=2.0, dashed=False) -> None:
        """Draw a line through points, whole or in dashes."""
        points = [self.place(*point) for point in zip(x, y, strict=True)]
        draw = self.drawn.dashes if dashed else self.drawn.line
        draw(points, color, thick)


def round_ticks(low: float, high: float) -> dict[float, str]:
    """Return about four round numbers between two numbers, as they are written."""
    raw = (high - low) / 4
    power = 10.0 ** np.floor(np.log10(raw))
    step = power * min((1, 2, 5, 10), key=lambda factor: abs(factor * power - raw))
    first = int(np.ceil(low / step - 1e-9))
    last = int(np.floor(high / step + 1e-9))
    return {step * place: canvas.number(step * place) for place in range(first, last + 1)}


def around(values: Sequence[float], margin: float = 0.12) -> Axis:
    """Return an axis that holds all values with a margin on both sides."""
    low, high = float(np.min(values)), float(np.max(values))
    room = margin * ((high - low) or 1.0)
    return Axis(low - room, high + room)


def apart(places: Sequence[float], gap: float) -> np.ndarray:
    """Return growing places moved as little as keeps `gap` between each and the next."""
    from scipy.optimize import isotonic_regression

    steps = gap * np.arange(len(places))
    return isotonic_regression(np.asarray(places, float) - steps).x + steps


def pairs(
    drawn: Canvas,
    box: tuple[float, float, float, float],
    names: tuple[str, str],
    first: Sequence[float],
    second: Sequence[float],
) -> str:
    """Draw two settings' errors, one line for each seed, and say in words whether they differ.

    Where all lines lean the same way, the difference is more than chance.
    """
    axis = around([*first, *second])
    chart = Chart(drawn, box, Axis(0, 1), axis, "Seed by seed, error in %")
    chart.ticks({}, round_ticks(axis.low, axis.high))
    ends = (0.22, 0.78)
    for one, other in zip(first, second, strict=True):
        chart.path(ends, (one, other), canvas.ABSENT, 1)
        chart.dot(ends[0], one, "circle", canvas.WINDOW, 5)
        chart.dot(ends[1], other, "square", canvas.OUTPUT, 5)
    for end, name, values in zip(ends, names, (first, second), strict=True):
        across, _ = chart.place(end, axis.low)
        bottom = box[1] + box[3]
        drawn.text(across, bottom + 18, name, canvas.SMALL, anchor="middle")
        mean = f"mean {np.mean(values):.2f}"
        drawn.text(across, bottom + 35, mean, canvas.SMALL, anchor="middle")
    found = paired_difference(first, second)
    reach = found.high - found.mean
    below = box[1] + box[3] + 60
    drawn.text(box[0], below, f"difference {signed(found.mean)} ± {reach:.2f}:")
    drawn.text(box[0], below + 20, "more than chance" if found.excludes_zero else "may be chance")
    meaning = (
        "more than chance makes"
        if found.excludes_zero
        else "chance alone can make such a difference"
    )
    return (
        f"The difference is {signed(found.mean)} ± {reach:.2f} percentage points over "
        f"{len(first)} seeds: {meaning}."
    )


def plate(drawn: Canvas, x: float, y: float, text: str) -> None:
    """Write a small text that ends at `x`, on a white ground that hides lines behind it."""
    mask = canvas.text_mask(text, canvas.SMALL)
    right, top = round(x * canvas.SCALE), round(y * canvas.SCALE) - mask.height // 2
    left = right - mask.width
    drawn.image.paste(canvas.PAPER, (left - 3, top - 3, right + 3, top + mask.height + 3))
    drawn.image.paste(canvas.INK, (left, top), mask)


def signed(value: float) -> str:
    """Write a number with its sign and two decimals."""
    return f"{value:+.2f}".replace("-", "−")
