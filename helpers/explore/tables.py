"""Bars and tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.explore import canvas
from helpers.explore.canvas import Canvas
from helpers.explore.layout import NEAR, Panel

# From one bar to the next.
BAR = 27


def percent(probability: float) -> str:
    """Write a probability in percent, and never round it to certainty.

    Examples:
        >>> percent(0.976), percent(0.9999), percent(0.0001)
        ('98 %', '> 99 %', '< 1 %')

    """
    text = f"{100 * probability:.0f} %"
    return {"100 %": "> 99 %", "0 %": "< 1 %"}.get(text, text)


@dataclass
class Bars(Panel):
    """A bar for each name, one below the other, with its number behind it.

    Attributes:
        names: What stands before the bars.
        values: A number for each.
        low: The number at the left end; where it is below zero, bars begin at a line of zero.
        high: The number at the right end; the largest where it is left out.
        chosen: The bar that stands out, in blue; the largest where it is left out, -1 for none.
        framed: The bar with an orange frame, or None.
        before: Earlier numbers, drawn as a thin black line across each bar.
        colors: The colour of each bar, where these are not blue and grey.
        write: How a number is written.
        ground: Whether the room up to the right end is filled with a pale ground.

    """

    names: Sequence[Any]
    values: Sequence[float]
    low: float = 0.0
    high: float | None = 1.0
    chosen: int | None = None
    framed: int | None = None
    before: Sequence[float] | None = None
    colors: Sequence[str] | None = None
    write: Callable[[float], str] = percent
    ground: bool = True

    def _ends(self) -> tuple[float, float]:
        return self.low, float(np.max(self.values)) if self.high is None else self.high

    def _sides(self) -> tuple[int, int]:
        """Return the widths of names and numbers; the numbers' does not change with them."""
        names = max(canvas.text_width(str(name), canvas.TEXT) for name in self.names)
        written = [self.write(value) for value in (*self.values, *self._ends())]
        return round(names) + NEAR, round(
            max(canvas.text_width(text, canvas.TITLE) for text in written)
        ) + NEAR

    def body(self, width: int) -> tuple[int, int]:  # noqa: ARG002
        """Return how high the bars are."""
        return BAR * len(self.names), 0

    def draw_body(self, drawn: Canvas, x: int, y: int, width: int, core: int) -> None:  # noqa: ARG002
        """Draw names, bars and numbers."""
        low, high = self._ends()
        names, numbers = self._sides()
        left, longest = x + names, width - names - numbers
        chosen = int(np.argmax(self.values)) if self.chosen is None else self.chosen

        def across(value):
            return left + longest * float(np.clip((value - low) / ((high - low) or 1.0), 0, 1))

        for place, (name, value) in enumerate(zip(self.names, self.values, strict=True)):
            top = y + BAR * place
            if self.ground:
                drawn.bar(left, top + 5, longest, 16, canvas.EMPTY)
            color = canvas.OUTPUT if place == chosen else canvas.ABSENT
            if self.colors is not None:
                color = self.colors[place]
            drawn.text(x, top + 18, str(name), canvas.TEXT)
            begin, end = sorted((across(0.0), across(value)))
            if value:
                drawn.bar(begin, top + 5, end - begin, 16, color)
            if low < 0:
                drawn.line([(across(0.0), top + 2), (across(0.0), top + 24)], canvas.LINE)
            if self.before is not None:
                old = across(self.before[place])
                drawn.line([(old, top + 2), (old, top + 24)], canvas.INK, 2)
            size = canvas.TITLE if place == chosen else canvas.TEXT
            drawn.text(left + longest + NEAR, top + 18, self.write(value), size)
            if place == self.framed:
                drawn.outline(x - 4, top + 1, width + 4, BAR - 3)


@dataclass
class Table(Panel):
    """Rows of words and numbers below their names, numbers to the right.

    Attributes:
        columns: What stands above each column.
        rows: For each row what stands in the columns, as it is written.
        chosen: The row with an orange frame, or None.
        bars: For each row a number from 0 to 1, drawn as a bar in a last column.
        left: How many columns, from the first on, begin at the left.
        room: For how many rows there is room, however few there are.

    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    chosen: int | None = None
    bars: Sequence[float] = ()
    left: int = 1
    room: int = 0

    def _columns(self, width: int) -> tuple[list[float], list[float]]:
        """Return where each column begins and ends, with gaps as large as the width allows."""
        texts = [*zip(self.columns, *(self._cells(row) for row in self.rows), strict=True)]
        widths = [
            max(canvas.text_width(str(text), canvas.SMALL) for text in column) for column in texts
        ]
        if self.bars:
            widths[-1] = max(widths[-1], 0.12 * width)
        gap = min(26.0, (width - sum(widths)) / max(1, len(widths) - 1))
        rights = np.cumsum(widths) + gap * np.arange(len(widths))
        return list(rights - widths), list(rights)

    def _cells(self, row: Sequence[str]) -> Sequence[str]:
        return (*row, "") if self.bars else row

    def body(self, width: int) -> tuple[int, int]:  # noqa: ARG002
        """Return how high the rows are, with the names above them."""
        heads = 24 if any(self.columns) else 0
        return heads + 25 * max(self.room, len(self.rows)), 0

    def draw_body(self, drawn: Canvas, x: int, y: int, width: int, core: int) -> None:  # noqa: ARG002
        """Write the table."""
        lefts, rights = self._columns(width)
        if any(self.columns):
            self._line(drawn, x, y + 13, self.columns, lefts, rights)
            drawn.line([(x, y + 20), (x + rights[-1], y + 20)])
            y += 24
        for place, row in enumerate(self.rows):
            self._line(drawn, x, y + 25 * place + 17, row, lefts, rights)
            if place == self.chosen:
                drawn.outline(x - 4, y + 25 * place + 2, rights[-1] + 8, 23, canvas.WINDOW, 2)
        for place, share in enumerate(self.bars):
            if share > 0:
                wide = (rights[-1] - lefts[-1]) * min(share, 1.0)
                drawn.bar(x + lefts[-1], y + 25 * place + 8, wide, 10, canvas.OUTPUT)

    def _line(
        self, drawn: Canvas, x: float, baseline: float, texts: Sequence[str], lefts: list[float],
        rights: list[float],
    ) -> None:  # fmt: skip
        for column, text in enumerate(texts):
            is_left = column < self.left or (self.bars and column == len(rights) - 1)
            place = lefts[column] if is_left else rights[column]
            drawn.text(x + place, baseline, str(text), canvas.SMALL,
                       anchor="left" if is_left else "right")  # fmt: skip
