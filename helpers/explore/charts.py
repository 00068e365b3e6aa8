"""Charts and legends: axes with round numbers, and marks between them."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from helpers.explore import canvas
from helpers.explore.canvas import Canvas
from helpers.explore.layout import (
    NEAR,
    SMALL_LINE,
    Panel,
    content,
    kept,
    wrapped,
)
from helpers.explore.marks import SAMPLE, Mark, Plot, apart
from helpers.plots.look import matplotlib

# From the frame to the numbers along it, and between two entries of a legend.
TICK, BETWEEN = 6, 20
# The largest cell of a grid.
CELL = 46
# Marks on the frame reach over it by so much.
BLEED = 7


@dataclass(frozen=True)
class Axis:
    """From where to where an axis goes, and what is written along it.

    Attributes:
        low: The number at the left or lower end; above `high` where the axis runs the other way.
        high: The number at the other end.
        name: What the numbers are.
        log: Whether equal steps are equal factors.
        ticks: The numbers that are written, or a dictionary with what is written for each; round
            ones where it is left out.
        signed: Whether numbers above zero have a plus.
        names: For an axis of names, which stand at 0, 1, 2 ...

    """

    low: float
    high: float
    name: str = ""
    log: bool = False
    ticks: Any = None
    signed: bool = False
    names: tuple[str, ...] = ()

    @classmethod
    def around(cls, values: Any, margin: float = 0.12, **rest: Any) -> "Axis":
        """Return an axis that holds all values with a margin on both sides."""
        low, high = float(np.min(values)), float(np.max(values))
        room = margin * ((high - low) or 1.0)
        return cls(low - room, high + room, **rest)

    @classmethod
    def of(cls, names: Sequence[Any], name: str = "", down: bool = False) -> "Axis":
        """Return an axis of names at 0, 1, 2 ..., the first on top where it goes down."""
        ends = (-0.5, len(names) - 0.5)
        return cls(*(ends[::-1] if down else ends), name=name, names=tuple(map(str, names)))

    def shares(self, values: Any) -> np.ndarray:
        """Return where numbers lie, 0 at the low end and 1 at the high end, and none outside."""
        found, low, high = np.asarray(values, float), self.low, self.high
        if self.log:
            found, low, high = np.log(np.maximum(found, 1e-12)), np.log(low), np.log(high)
        # Faster than `np.clip` for the single numbers of which charts have hundreds.
        return np.minimum(np.maximum((found - low) / (high - low), 0.0), 1.0)

    def holds(self, value: float) -> bool:
        """Tell whether a number lies on the axis."""
        return min(self.low, self.high) <= value <= max(self.low, self.high)

    def written(self) -> dict[float, str]:
        """Return the numbers that are written along the axis, each with its text.

        Examples:
            >>> Axis(-8, 8, signed=True).written()
            {-8.0: '−8', -4.0: '−4', 0.0: '0', 4.0: '+4', 8.0: '+8'}

        """
        if self.names:
            return dict(enumerate(self.names))
        if isinstance(self.ticks, dict):
            return self.ticks
        ticks = None if self.ticks is None else tuple(self.ticks)
        return round_numbers(self.low, self.high, self.log, ticks, self.signed)


@functools.lru_cache(512)
def round_numbers(
    low: float, high: float, log: bool, ticks: tuple[float, ...] | None, signed: bool
) -> dict[float, str]:
    """Return the numbers of an axis, those given or round ones, each with its text.

    All have as many decimals as one of them needs; on an axis of factors each has its own.
    """
    low, high = sorted((low, high))
    if ticks is not None:
        found = ticks
    elif log:
        few = high / low < 30
        found = matplotlib.ticker.LogLocator(subs=(1, 2, 5) if few else (1,)).tick_values(low, high)
    else:
        found = matplotlib.ticker.MaxNLocator(6, steps=[1, 2, 4, 5, 10]).tick_values(low, high)
    room = 1e-9 * (high - low)
    inside = [value for value in found if low - room <= value <= high + room]
    numbers = [float(min(max(value, low), high)) for value in inside]

    def decimals(several):
        return next((d for d in range(9) if np.allclose(np.round(several, d), several)), 9)

    common = decimals(numbers)

    def text(value):
        if abs(value) <= room:
            value = 0.0
        sign = "+" if signed and value else ""
        own = decimals([value]) if log or (signed and not value) else common
        return f"{value:{sign},.{own}f}".replace("-", "−")

    return {value: text(value) for value in numbers}


@dataclass
class Legend(Panel):
    """Samples of marks with their names, as many in a line as there is room for.

    Attributes:
        marks: All that has a name and a sample: marks of charts, and signs of grids.

    """

    marks: Sequence[Any]
    counts: ClassVar[bool] = False

    def lines(self, width: int) -> list[list[Any]]:
        """Return what stands in each line."""
        return legend_lines(self.marks, width)

    def body(self, width: int) -> tuple[int, int]:
        """Return how high the lines are."""
        return (SMALL_LINE + 3) * len(self.lines(width)), 0

    def draw_body(self, drawn: Canvas, x: int, y: int, width: int, core: int) -> None:  # noqa: ARG002
        """Draw the samples and write the names."""
        draw_legend(drawn, x, y, self.lines(width))


def legend_lines(marks: Sequence[Any], width: float) -> list[list[Any]]:
    """Return marks with a name, each once, in lines that are at most `width` wide."""
    lines: list[list[Any]] = [[]]
    used = 0.0
    for mark in {mark.name: mark for mark in marks if mark.name}.values():
        needed = SAMPLE + NEAR + canvas.text_width(mark.name, canvas.SMALL)
        if lines[-1] and used + needed > width:
            lines.append([])
            used = 0.0
        lines[-1].append(mark)
        used += needed + BETWEEN
    return [line for line in lines if line]


def draw_legend(drawn: Canvas, x: float, y: float, lines: list[list[Any]]) -> None:
    """Draw lines of a legend."""
    for row, line in enumerate(lines):
        left, middle = x, y + (SMALL_LINE + 3) * (row + 0.5)
        for mark in line:
            mark.sample(drawn, left, middle)
            drawn.text(left + SAMPLE + NEAR, middle + 4, mark.name, canvas.SMALL)
            left += SAMPLE + NEAR + canvas.text_width(mark.name, canvas.SMALL) + BETWEEN


@dataclass
class Chart(Panel):
    """Marks between two axes; whatever lies outside is drawn at the edge.

    Attributes:
        x: The horizontal axis.
        y: The vertical axis; what its numbers are stands in the title.
        marks: What is drawn, in this order.
        still: What is drawn before; it is kept, so that a step of a slider need not draw it anew.
        keys: Further entries of the legend, which is made of all that has a name.
        ratio: How high it is, compared with its width.
        frame: Whether it has a frame, and lines across at the numbers of the vertical axis.
        cells: How many cells the grid has that it stands in line with; 0 for none.

    """

    x: Axis
    y: Axis
    marks: Sequence[Mark] = ()
    still: Sequence[Mark] = ()
    keys: Sequence[Mark] = ()
    ratio: float = 0.6
    frame: bool = True
    cells: int = 0
    stretches: ClassVar[bool] = True

    def _sides(self, width: int) -> tuple[int, int]:
        """Return how much room numbers and words need to the left and right of the frame."""
        texts = self.y.written().values()
        left = max((canvas.text_width(text, canvas.SMALL) for text in texts), default=0)
        left = left + TICK + 2 if left else 0
        ends = [text for mark in (*self.still, *self.marks) for _, text in mark.ends()]
        right = max((canvas.text_width(text, canvas.SMALL) + TICK for text in ends), default=0)
        for value, text in {} if self.x.names else self.x.written().items():
            share, half = float(self.x.shares(value)), canvas.text_width(text, canvas.SMALL) / 2
            right = max(right, half - (1 - share) * (width - left))
            left = max(left, half - share * (width - left))
        if self.cells:
            return 0, width - self.cells * min(CELL, width // self.cells)
        return max(round(left), self.indent), round(right) + 1

    def margin(self, width: int) -> int:
        """Return how much room the numbers of the vertical axis need."""
        self.indent = 0
        return self._sides(width)[0]

    def _below(self, width: int) -> list[tuple[float, tuple[str, ...]]]:
        """Return what is written below the frame: for each number its lines."""
        left, right = self._sides(width)
        room = (width - left - right) / max(1, len(self.x.names)) - 6 if self.x.names else width
        return [
            (value, wrapped(text, canvas.SMALL, max(room, 20)))
            for value, text in self.x.written().items()
        ]

    def body(self, width: int) -> tuple[int, int]:
        """Return how high the frame is, and what stands below it."""
        lines = max((len(lines) for _, lines in self._below(width)), default=0)
        foot = NEAR + SMALL_LINE * lines if lines else 0
        foot += SMALL_LINE if self.x.name else 0
        legend = len(legend_lines(self._named(), width))
        foot += NEAR + (SMALL_LINE + 3) * legend if legend else 0
        # Not by the width of the frame, which numbers with more digits make smaller.
        return round(self.ratio * width), foot

    def _named(self) -> list[Mark]:
        return [*self.still, *self.marks, *self.keys]

    def draw_body(self, drawn: Canvas, x: int, y: int, width: int, core: int) -> None:
        """Draw axes, marks and legend."""
        left, right = self._sides(width)
        kind = (
            content(self.x),
            content(self.y),
            self.frame,
            content(list(self.still)),
            left,
            width,
            core,
        )

        def still():
            made = Canvas(width + 2 * BLEED, core + 2 * BLEED)
            plot = Plot(made, BLEED + left, BLEED, width - left - right, core, self.x, self.y, [])
            self._axes(plot)
            for mark in self.still:
                mark.draw(plot)
            return made.image, plot.labels

        image, labels = kept(("chart", kind), still)
        corner = (round((x - BLEED) * canvas.SCALE), round((y - BLEED) * canvas.SCALE))
        drawn.image.paste(image, corner)
        moved = [(a + x - BLEED, b + y - BLEED, c + x - BLEED, d + y - BLEED)
                 for a, b, c, d in labels]  # fmt: skip
        plot = Plot(drawn, x + left, y, width - left - right, core, self.x, self.y, moved)
        for mark in self.marks:
            mark.draw(plot)
        self._words(plot, x, width)

    def _axes(self, plot: Plot) -> None:
        if not self.frame:
            return
        for value in self.y.written():
            height = float(plot.down(value))
            plot.drawn.line([(plot.left, height), (plot.left + plot.width, height)], canvas.EMPTY)
        plot.drawn.outline(plot.left, plot.top, plot.width, plot.height, canvas.LINE, 1)

    def _words(self, plot: Plot, x: int, width: int) -> None:
        drawn, bottom, right = plot.drawn, plot.top + plot.height, plot.left + plot.width
        for value, text in self.y.written().items():
            height = float(plot.down(value)) + 4
            drawn.text(plot.left - TICK, height, text, canvas.SMALL, anchor="right")
        below = self._below(width)
        for value, lines in below:
            across = float(plot.across(value))
            if not self.x.names:
                drawn.line([(across, bottom), (across, bottom + 4)], canvas.LINE)
            for line, text in enumerate(lines):
                drawn.text(across, bottom + NEAR + 10 + SMALL_LINE * line, text, canvas.SMALL,
                           anchor="middle")  # fmt: skip
        high = max((len(lines) for _, lines in below), default=0)
        foot = bottom + (NEAR + SMALL_LINE * high if high else 0)
        if self.x.name:
            middle = (plot.left + right) / 2
            drawn.text(middle, foot + 12, self.x.name, canvas.SMALL, anchor="middle")
            foot += SMALL_LINE
        draw_legend(drawn, x, foot + NEAR, legend_lines(self._named(), width))
        ends = [end for mark in (*self.still, *self.marks) for end in mark.ends()]
        heights = [float(plot.down(value)) for value, _ in ends]
        order = np.argsort(heights, kind="stable")
        places = apart([heights[place] for place in order], 14) if ends else ()
        for place, height in zip(order, places, strict=True):
            drawn.text(right + TICK, height + 4, ends[place][1], canvas.SMALL)
