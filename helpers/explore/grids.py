"""Grids of numbers, and the frames and signs that are laid on them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.explore import canvas
from helpers.explore.canvas import Canvas
from helpers.explore.charts import CELL, Legend
from helpers.explore.layout import NEAR, SMALL_LINE, Panel, content, kept
from helpers.explore.marks import SAMPLE, readable

# The smallest cell in which a number can be read.
LEGIBLE = 16
# For each kind of frame: its colour, its thickness, and how far inside the cell it is drawn.
FRAMES = {
    "window": (canvas.WINDOW, 3.0, 0),
    "output": (canvas.OUTPUT, 3.0, 0),
    "winner": (canvas.OUTPUT, 2.0, 4),
    "weight": (canvas.WINDOW, 2.0, 2),
    "inner": (canvas.WINDOW, 3.0, 4),
    "absent": (canvas.ABSENT, 1.0, 0),
    "plain": (canvas.LINE, 1.0, 0),
}


@dataclass
class Frame:
    """A frame around cells of a grid or pixels of an image.

    Attributes:
        kind: A key of `FRAMES`: `window` is orange, `output` and `winner` blue.
        row: The first row.
        column: The first column.
        height: How many rows.
        width: How many columns.
        name: Its entry in a legend.

    """

    kind: str
    row: float = 0
    column: float = 0
    height: float = 1
    width: float = 1
    name: str = ""

    def draw(self, drawn: Canvas, x: float, y: float, cell: float) -> None:
        """Draw the frame on cells that begin at a place."""
        color, thick, inset = FRAMES[self.kind]
        # What is framed stays to be seen, however few pixels it has.
        beyond = max(0.0, 4 * thick - cell * min(self.width, self.height)) / 2
        inset = min(inset, cell / 6) - beyond
        drawn.outline(
            x + self.column * cell + inset, y + self.row * cell + inset,
            self.width * cell - 2 * inset, self.height * cell - 2 * inset, color, thick,
        )  # fmt: skip

    def sample(self, drawn: Canvas, x: float, y: float) -> None:
        """Draw a small frame for a legend; one that lies inside its cell is smaller."""
        color, thick, inset = FRAMES[self.kind]
        side = 10 if inset else 14
        drawn.outline(x + (SAMPLE - side) / 2, y - side / 2, side, side, color, thick)


@dataclass
class Hatched:
    """The sign of a zero of the padding, for a legend."""

    name: str

    def sample(self, drawn: Canvas, x: float, y: float) -> None:
        """Draw a hatched cell."""
        drawn.hatch(x + 5, y - 7, 14)


@dataclass
class Crossed:
    """The sign of a cell that is crossed out, for a legend."""

    name: str

    def sample(self, drawn: Canvas, x: float, y: float) -> None:
        """Draw a crossed cell."""
        drawn.outline(x + 5, y - 7, 14, 14, canvas.LINE, 1)
        drawn.cross(x + 5, y - 7, 14)


@dataclass
class Swatch:
    """A colour, for a legend."""

    color: str
    name: str

    def sample(self, drawn: Canvas, x: float, y: float) -> None:
        """Draw a field of the colour."""
        drawn.bar(x + 4, y - 6, SAMPLE - 8, 12, self.color)
        drawn.outline(x + 4, y - 6, SAMPLE - 8, 12, canvas.LINE, 1)


@dataclass
class Shades:
    """The colours from low to high, for a legend: black to white, or blue over white to red."""

    name: str
    signed: bool = False

    def sample(self, drawn: Canvas, x: float, y: float) -> None:
        """Draw the colours side by side."""
        for place, color in enumerate(canvas.color_table(self.signed)[:: 256 // SAMPLE][:SAMPLE]):
            drawn.bar(x + place, y - 6, 1, 12, "#{:02x}{:02x}{:02x}".format(*color))
        drawn.outline(x, y - 6, SAMPLE, 12, canvas.LINE, 1)


def signs(say: Callable[[str], str], *kinds: str) -> Legend:
    """Return a legend of what is laid on grids: kinds of frames, `hatched` and `crossed`.

    Args:
        say: The words of the explorer, which has a name for each kind under the kind itself.
        kinds: Keys of `FRAMES`, `hatched`, `crossed`.

    """
    others = {"hatched": Hatched, "crossed": Crossed}
    return Legend([
        others[kind](say(kind)) if kind in others else Frame(kind, name=say(kind)) for kind in kinds
    ])  # fmt: skip


def shades(values: np.ndarray, signed: bool, limits: tuple[float, float] | None) -> np.ndarray:
    """Return the colours of numbers; a place without a number (NaN) is pale."""
    known = np.nan_to_num(values)
    if limits is None or signed:
        fills = canvas.colors(known, signed, None if limits is None else limits[1])
    else:
        fills = canvas.colors(known - limits[0], False, (limits[1] - limits[0]) or 1.0)
    if np.isnan(values).any():
        fills = fills.copy()
        fills[np.isnan(values)] = 241
    return fills


@dataclass
class NumberGrid(Panel):
    """Cells with a colour and a number each.

    Attributes:
        values: `(rows, columns)`; NaN where a cell is empty.
        signed: Whether colours run from blue over white at zero to red, and not from black to
            white.
        limits: The numbers at the ends of the colours; those of `values` where it is left out.
        fills: `(rows, columns, 3)`, colours of its own where the numbers do not give them.
        texts: `(rows, columns)`, what is written in the cells instead of the numbers.
        write: How a number is written; None where none is.
        padding: Hatched cells above, below, before and after.
        hatched: `(row, column)` of cells that are hatched.
        crossed: `(row, column)` of cells that are crossed out.
        frames: What is framed, in cells of `values`.
        rows: What stands before each row.
        columns: What stands below each column.
        room: How much height is kept for it, compared with its width, however many cells it has;
            None for as much as its cells take.
        cell: How large a cell is at most, compared with the usual largest one.

    """

    values: np.ndarray
    signed: bool = False
    limits: tuple[float, float] | None = None
    fills: np.ndarray | None = None
    texts: Any = None
    write: Callable[[float], str] | None = canvas.number
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)
    hatched: Sequence[tuple[int, int]] = ()
    crossed: Sequence[tuple[int, int]] = ()
    frames: Sequence[Frame] = ()
    rows: Sequence[Any] = ()
    columns: Sequence[Any] = ()
    room: float | None = None
    cell: float = 1.0

    def _shape(self) -> tuple[int, int]:
        above, below, before, after = self.padding
        height, width = self.values.shape
        return above + height + below, before + width + after

    def _before(self) -> int:
        texts = [canvas.text_width(str(text), canvas.SMALL) for text in self.rows]
        return math.ceil(max(texts, default=-NEAR)) + NEAR

    def side(self, width: int) -> int:
        """Return how large a cell is, in screen pixels."""
        height, across = self._shape()
        room = width if self.room is None else round(self.room * width)
        highest = room // height if self.room is not None else CELL
        return max(1, min(round(self.cell * CELL), (width - self._before()) // across, highest))

    def natural(self, width: int) -> int:
        """Return how wide the cells are."""
        return self._before() + self.side(width) * self._shape()[1] + 1

    def body(self, width: int) -> tuple[int, int]:
        """Return how high the cells are, and the names of the columns below them."""
        core = self.side(width) * self._shape()[0] + 1
        foot = NEAR + SMALL_LINE if len(self.columns) else 0
        if self.room is not None:
            core = max(core, round(self.room * width) + 1 - foot)
        return core, foot

    def draw_body(self, drawn: Canvas, x: int, y: int, width: int, core: int) -> None:  # noqa: ARG002
        """Draw the cells, the signs on them, and the names beside them."""
        cell, (above, _, before, _) = self.side(width), self.padding
        rows, columns = self._shape()
        x += self._before()
        left, top = x + before * cell, y + above * cell
        parts = (self.values, self.signed, self.limits, self.fills, self.texts, self.write,
                 self.padding, self.hatched, self.crossed, cell)  # fmt: skip

        def still():
            made = Canvas(columns * cell + 1, rows * cell + 1)
            self._cells(made, cell)
            return made.image

        corner = (round(x * canvas.SCALE), round(y * canvas.SCALE))
        drawn.image.paste(kept(("grid", content(parts)), still), corner)
        for frame in self.frames:
            frame.draw(drawn, left, top, cell)
        for row, text in enumerate(self.rows):
            middle = top + (row + 0.5) * cell + 4
            drawn.text(x - NEAR, middle, str(text), canvas.SMALL, anchor="right")
        for column, text in enumerate(self.columns):
            bottom = y + rows * cell + NEAR + 10
            middle = left + (column + 0.5) * cell
            drawn.text(middle, bottom, str(text), canvas.SMALL, anchor="middle")

    def _cells(self, drawn: Canvas, cell: int) -> None:
        """Draw all that stays while frames move, with its corner in that of a canvas."""
        (above, _, before, _), (height, across) = self.padding, self.values.shape
        left, top = before * cell, above * cell
        for row, column in np.ndindex(*self._shape()) if any(self.padding) else ():
            if not (above <= row < above + height and before <= column < before + across):
                drawn.hatch(column * cell, row * cell, cell)
        fills = self.fills
        if fills is None:
            fills = shades(self.values, self.signed, self.limits)
        numbers = self.values if self.write and cell >= LEGIBLE else None
        if self.texts is None:
            drawn.grid(left, top, cell, fills, numbers, write=self.write or str)
        else:
            places = np.arange(self.values.size, dtype=float).reshape(self.values.shape)
            words = np.ravel(self.texts)
            drawn.grid(left, top, cell, fills, places, write=lambda place: str(words[int(place)]))
        for row, column in self.hatched:
            drawn.hatch(left + column * cell, top + row * cell, cell)
        hatched = {tuple(place) for place in self.hatched}
        for row, column in self.crossed:
            ground = "#{:02x}{:02x}{:02x}".format(*fills[row, column])
            ink = canvas.INK if (row, column) in hatched else readable(ground)
            drawn.cross(left + column * cell, top + row * cell, cell, ink)
