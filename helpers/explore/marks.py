"""Marks of charts, and how each looks in a legend.

A mark holds numbers of the chart's axes and no pixel. `name` makes it an entry of the legend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from helpers.explore import canvas
from helpers.explore.canvas import Canvas

WEIGHTS = {"thin": 1.0, "normal": 2.0, "thick": 3.0}
SIZES = {"tiny": 2.5, "small": 3.5, "normal": 4.5, "large": 6.0}
# How wide the sample of a mark in a legend is.
SAMPLE = 24
# How much of the height of a chart its label moves at a time to keep clear of another.
MOVES = (0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6, 6)


class Plot(NamedTuple):
    """The frame of a chart on a canvas, and its axes; whatever lies outside is at the edge."""

    drawn: Canvas
    left: int
    top: int
    width: int
    height: int
    x: Any
    y: Any
    labels: list[tuple[float, float, float, float]]

    def across(self, values: Any) -> np.ndarray:
        """Return where numbers of the horizontal axis lie, in screen pixels."""
        return self.left + self.width * self.x.shares(values)

    def down(self, values: Any) -> np.ndarray:
        """Return where numbers of the vertical axis lie."""
        return self.top + self.height * (1 - self.y.shares(values))

    def points(self, x: Any, y: Any) -> list[tuple[float, float]]:
        """Return the places of points; one number on an axis stands for all."""
        across, down = np.broadcast_arrays(np.atleast_1d(self.across(x)), self.down(y))
        return list(zip(across.tolist(), down.tolist(), strict=True))

    def write(self, x: float, y: float, text: str, size: float, anchor: str) -> None:
        """Write on a white ground, as near to a place as no other label and no edge is."""
        wide, high = canvas.text_width(text, size), size + 5
        left = x - {"left": 0.0, "middle": wide / 2, "right": wide}[anchor]
        left = min(max(left, self.left + 4), self.left + self.width - wide - 4)
        for move in MOVES:
            top = min(max(y - high / 2 + move * high, self.top + 2), self.top + self.height - high)
            box = (left - 3, top, left + wide + 3, top + high)
            if not any(overlap(box, other) for other in self.labels):
                break
        self.labels.append(box)
        self.drawn.bar(box[0], box[1], wide + 6, high - 1, canvas.PAPER)
        self.drawn.text(left, top + size + 1, text, size)


def overlap(one: Sequence[float], other: Sequence[float]) -> bool:
    """Tell whether two boxes `(left, top, right, bottom)` have an area in common."""
    return (
        one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    )  # fmt: skip


@dataclass(kw_only=True)
class Mark:
    """Something drawn in a chart; its `name` stands in the legend beside a sample of it."""

    name: str = ""

    def draw(self, plot: Plot) -> None:
        """Draw the mark."""

    def sample(self, drawn: Canvas, x: float, y: float) -> None:
        """Draw a sample `SAMPLE` wide for a legend, its middle at the height `y`."""

    def ends(self) -> list[tuple[float, str]]:
        """Return texts that stand to the right of the frame, with their numbers."""
        return []


@dataclass
class Line(Mark):
    """A line through points, with a shape on each where one is named.

    Attributes:
        x: Horizontal numbers, one for each point.
        y: Vertical numbers.
        color: Of line and shapes.
        weight: `thin`, `normal` or `thick`.
        dashed: Whether it is drawn in dashes.
        shape: One of `canvas.SHAPES`, or `open` and one of them.
        size: Of the shapes: `tiny`, `small`, `normal` or `large`.
        end: What stands at its end, to the right of the frame.

    """

    x: Any
    y: Any
    color: str = canvas.OUTPUT
    weight: str = "normal"
    dashed: bool = False
    shape: str = ""
    size: str = "normal"
    end: str = ""

    def draw(self, plot: Plot) -> None:
        """Draw line and shapes."""
        points = plot.points(self.x, self.y)
        way = plot.drawn.dashes if self.dashed else plot.drawn.line
        if len(points) > 1:
            way(points, self.color, WEIGHTS[self.weight])
        for x, y in points if self.shape else ():
            plot.drawn.dot(x, y, self.shape, self.color, SIZES[self.size])

    def sample(self, drawn: Canvas, x: float, y: float) -> None:
        """Draw a short line with one shape."""
        way = drawn.dashes if self.dashed else drawn.line
        way([(x, y), (x + SAMPLE, y)], self.color, WEIGHTS[self.weight])
        if self.shape:
            drawn.dot(x + SAMPLE / 2, y, self.shape, self.color, SIZES[self.size])

    def ends(self) -> list[tuple[float, str]]:
        """Return the text at the end of the line."""
        return [(float(np.asarray(self.y)[-1]), self.end)] if self.end else []


@dataclass
class Points(Mark):
    """Points, each with the same shape."""

    x: Any
    y: Any
    shape: str = "circle"
    color: str = canvas.OUTPUT
    size: str = "normal"

    def draw(self, plot: Plot) -> None:
        """Draw the shapes."""
        for x, y in plot.points(self.x, self.y):
            plot.drawn.dot(x, y, self.shape, self.color, SIZES[self.size])

    def sample(self, drawn: Canvas, x: float, y: float) -> None:
        """Draw one shape."""
        drawn.dot(x + SAMPLE / 2, y, self.shape, self.color, SIZES[self.size])


@dataclass
class Interval(Mark):
    """Vertical lines from one number to another, with a shape at the middle where it is named.

    An end beyond the axis has no cap: the interval goes on.
    """

    x: Any
    low: Any
    high: Any
    middle: Any = None
    color: str = canvas.OUTPUT
    shape: str = "square"
    weight: str = "normal"
    size: str = "normal"
    caps: bool = True

    def draw(self, plot: Plot) -> None:
        """Draw the lines, their caps and shapes."""
        thick = WEIGHTS[self.weight]
        parts = zip(plot.across(np.atleast_1d(self.x)), np.atleast_1d(self.low),
                    np.atleast_1d(self.high), strict=True)  # fmt: skip
        for x, *ends in parts:
            bottom, top = plot.down(ends)
            plot.drawn.line([(x, bottom), (x, top)], self.color, thick)
            for number, end in zip(ends, (bottom, top), strict=True):
                if self.caps and plot.y.holds(number):
                    plot.drawn.line([(x - 6, end), (x + 6, end)], self.color, thick)
        if self.middle is not None:
            self._shapes(plot.drawn, plot.points(self.x, self.middle))

    def sample(self, drawn: Canvas, x: float, y: float) -> None:
        """Draw a short interval."""
        middle = x + SAMPLE / 2
        drawn.line([(middle, y - 7), (middle, y + 7)], self.color, WEIGHTS[self.weight])
        for end in (y - 7, y + 7) if self.caps else ():
            drawn.line([(middle - 5, end), (middle + 5, end)], self.color, WEIGHTS[self.weight])
        if self.middle is not None:
            self._shapes(drawn, [(middle, y)])

    def _shapes(self, drawn: Canvas, places: Sequence[tuple[float, float]]) -> None:
        for x, y in places:
            if self.shape.startswith("open "):
                # On paper: the line would otherwise run through what is open.
                drawn.dot(x, y, self.shape.removeprefix("open "), canvas.PAPER, SIZES[self.size])
            drawn.dot(x, y, self.shape, self.color, SIZES[self.size])


@dataclass
class Rule(Mark):
    """A line across the whole chart, at a number of one axis, with words on it.

    Attributes:
        x: Where it stands, if it is vertical.
        y: Where it lies, if it is horizontal.
        text: What is written at its left end.

    """

    x: float | None = None
    y: float | None = None
    color: str = canvas.ABSENT
    weight: str = "thin"
    dashed: bool = False
    text: str = ""

    def draw(self, plot: Plot) -> None:
        """Draw the line and the words."""
        low, high = (plot.top, plot.top + plot.height), (plot.left, plot.left + plot.width)
        if self.y is None:
            ends = [(float(plot.across(self.x)), end) for end in low]
        else:
            ends = [(end, float(plot.down(self.y))) for end in high]
        way = plot.drawn.dashes if self.dashed else plot.drawn.line
        way(ends, self.color, WEIGHTS[self.weight])
        if self.text:
            plot.write(ends[0][0] + 4, ends[0][1] - 11, self.text, canvas.SMALL, "left")

    def sample(self, drawn: Canvas, x: float, y: float) -> None:
        """Draw a short piece of it."""
        way = drawn.dashes if self.dashed else drawn.line
        if self.y is None:
            way(
                [(x + SAMPLE / 2, y - 8), (x + SAMPLE / 2, y + 8)], self.color, WEIGHTS[self.weight]
            )
        else:
            way([(x, y), (x + SAMPLE, y)], self.color, WEIGHTS[self.weight])


@dataclass
class Box(Mark):
    """A frame around, or a ground behind, a part of the chart; an end left out is the chart's.

    Attributes:
        left: Where it begins on the horizontal axis.
        right: Where it ends.
        low: Where it begins on the vertical axis.
        high: Where it ends.
        color: Of the frame, or of the ground.
        filled: Whether it is a ground.
        text: What is written in its middle, where there is room.

    """

    left: float | None = None
    right: float | None = None
    low: float | None = None
    high: float | None = None
    color: str = canvas.INK
    filled: bool = False
    weight: str = "normal"
    text: str = ""

    def draw(self, plot: Plot) -> None:
        """Draw frame or ground, and the words."""
        ends = [plot.left, plot.left + plot.width, plot.top + plot.height, plot.top]
        for place, (value, where) in enumerate(
            ((self.left, plot.across), (self.right, plot.across),
             (self.low, plot.down), (self.high, plot.down))
        ):  # fmt: skip
            if value is not None:
                ends[place] = float(where(value))
        # An axis may run the other way.
        (left, right), (top, bottom) = sorted(ends[:2]), sorted(ends[2:])
        if self.filled:
            plot.drawn.bar(left, top, right - left, bottom - top, self.color)
        else:
            thick = WEIGHTS[self.weight]
            plot.drawn.outline(left, top, right - left, bottom - top, self.color, thick)
        if self.text and canvas.text_width(self.text, canvas.SMALL) <= right - left - 2:
            ink = readable(self.color if self.filled else canvas.PAPER)
            middle = (left + right) / 2, (top + bottom) / 2 + 4
            plot.drawn.text(*middle, self.text, canvas.SMALL, ink, anchor="middle")

    def sample(self, drawn: Canvas, x: float, y: float) -> None:
        """Draw a small frame or ground."""
        if self.filled:
            drawn.bar(x + 4, y - 6, SAMPLE - 8, 12, self.color)
        else:
            drawn.outline(x + 6, y - 7, SAMPLE - 12, 14, self.color, WEIGHTS[self.weight])


@dataclass
class Label(Mark):
    """Words beside a point, on a white ground, moved so that labels keep clear of each other.

    They stand to the right of the point, or to its left where the chart ends. With an `anchor`
    (`left`, `middle` or `right`) they stand at the point itself, on no ground, and are not moved.
    """

    x: float
    y: float
    text: str
    look: str = "small"
    anchor: str = ""

    def draw(self, plot: Plot) -> None:
        """Write the words."""
        size = {"small": canvas.SMALL, "text": canvas.TEXT, "title": canvas.TITLE}[self.look]
        x, y = float(plot.across(self.x)), float(plot.down(self.y))
        if self.anchor:
            plot.drawn.text(x, y + size / 3, self.text, size, anchor=self.anchor)
            return
        is_right = x > plot.left + plot.width / 2
        plot.write(x - 12 if is_right else x + 12, y, self.text, size,
                   "right" if is_right else "left")  # fmt: skip


@dataclass
class Corner(Mark):
    """Words in a corner of the chart: `top right`, `bottom left` and so on."""

    text: str
    corner: str = "top right"

    def draw(self, plot: Plot) -> None:
        """Write the words."""
        vertical, horizontal = self.corner.split()
        x = plot.left + 6 if horizontal == "left" else plot.left + plot.width - 6
        y = plot.top + 11 if vertical == "top" else plot.top + plot.height - 11
        plot.write(x, y, self.text, canvas.SMALL, horizontal)


@dataclass
class Figures(Mark):
    """A short text at each point instead of a shape, such as the label of a digit."""

    x: Any
    y: Any
    texts: Sequence[str]
    colors: Sequence[str]

    def draw(self, plot: Plot) -> None:
        """Draw the texts, the middle of each at its point."""
        points = zip(plot.points(self.x, self.y), self.texts, self.colors, strict=True)
        for (x, y), text, color in points:
            mask = canvas.text_mask(text, canvas.SMALL)
            corner = (round(x * canvas.SCALE) - mask.width // 2,
                      round(y * canvas.SCALE) - mask.height // 2)  # fmt: skip
            plot.drawn.image.paste(color, corner, mask)


def apart(places: Sequence[float], gap: float) -> np.ndarray:
    """Return growing places moved as little as keeps `gap` between each and the next.

    Examples:
        >>> apart([0, 1, 9], 2).tolist()
        [-0.5, 1.5, 9.0]

    """
    from scipy.optimize import isotonic_regression

    steps = gap * np.arange(len(places))
    return isotonic_regression(np.asarray(places, float) - steps).x + steps


def readable(ground: str) -> str:
    """Return the ink that stands out most from a ground, by the contrast of WCAG 2.2."""
    return max((canvas.INK, canvas.PAPER), key=lambda ink: contrast(ink, ground))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it, from 1 to 21.

    Examples:
        >>> contrast("#000000", "#FFFFFF")
        21.0

    """
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    """Return the relative luminance of a colour."""
    from PIL import ImageColor

    shares = [part / 255 for part in ImageColor.getrgb(color)[:3]]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(weight * s for weight, s in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
