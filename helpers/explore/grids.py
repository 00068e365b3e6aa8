"""Grids of numbers and of images, bars and tables, with the signs that are laid on them."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from helpers.explore import canvas
from helpers.explore.canvas import Canvas
from helpers.explore.charts import Legend
from helpers.explore.layout import NEAR, SMALL_LINE, Panel, content, kept
from helpers.explore.marks import SAMPLE

# The largest cell of a grid, the smallest in which a number can be read, and a line of bars.
CELL, LEGIBLE, BAR = 46, 16, 27
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
        inset = min(inset, cell / 6)
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
        for row, column in self.crossed:
            drawn.cross(left + column * cell, top + row * cell, cell)


@dataclass
class Contour:
    """The outline of the ink of an image, laid on an image of the same size."""

    image: np.ndarray

    def draw(self, drawn: Canvas, x: float, y: float, cell: float) -> None:
        """Draw a line between ink and paper."""
        ink = np.pad(self.image > 0.5, 1)
        for row, column in np.argwhere(ink[1:] != ink[:-1]):
            left, top = x + (column - 1) * cell, y + row * cell
            drawn.line([(left, top), (left + cell, top)], canvas.INK, 1)
        for row, column in np.argwhere(ink[:, 1:] != ink[:, :-1]):
            left, top = x + column * cell, y + (row - 1) * cell
            drawn.line([(left, top), (left, top + cell)], canvas.INK, 1)


@dataclass
class Middle:
    """Two thin lines that cross in an image, and a cross at another place of it.

    Attributes:
        row: Where the horizontal line lies.
        column: Where the vertical line stands.
        height: How many rows the image has.
        width: How many columns.
        cross: `(row, column)` of the cross, or None.

    """

    row: float
    column: float
    height: float
    width: float
    cross: tuple[float, float] | None = None

    def draw(self, drawn: Canvas, x: float, y: float, cell: float) -> None:
        """Draw the lines and the cross."""
        middle, level = x + self.column * cell, y + self.row * cell
        drawn.line([(x, level), (x + self.width * cell, level)])
        drawn.line([(middle, y), (middle, y + self.height * cell)])
        if self.cross is not None:
            row, column = self.cross
            drawn.dot(x + column * cell, y + row * cell, "cross", canvas.WINDOW, 6)


@dataclass
class ImageGrid(Panel):
    """Images or maps side by side and one below the other.

    Attributes:
        images: `(height, width)` or `(height, width, 3)` for one, or a sequence of them; a last
            dimension of three is taken for colours, from 0 to 255 in whole numbers.
        across: How many stand side by side; all of them where it is left out.
        signed: Whether colours run from blue over white at zero to red.
        limits: The numbers at the ends of the colours; None for those of each image.
        over: What is laid on an image, by its number: `Frame` in its pixels, `Contour`, `Middle`.
        chosen: For images by their number, the kind of a frame around the whole image.
        captions: What stands below each image.
        badges: A sign in the corner of an image, by its number.
        tight: Whether there is next to no gap between them, as for the maps of a layer.
        framed: Whether each has a thin frame.
        room: How many rows of images there is room for, however few are shown.
        zoom: How large the whole is at most, compared with its part of the row.

    """

    images: Any
    across: int = 0
    signed: bool = False
    limits: tuple[float, float] | None = None
    over: Mapping[int, Sequence[Any]] = field(default_factory=dict)
    chosen: Mapping[int, str] = field(default_factory=dict)
    captions: Sequence[str] = ()
    badges: Mapping[int, str] = field(default_factory=dict)
    tight: bool = False
    framed: bool = False
    room: int = 0
    zoom: float = 1.0

    def _all(self) -> list[np.ndarray]:
        found = self.images
        if isinstance(found, np.ndarray) and (found.ndim == 2 or found.shape[2:] == (3,)):
            return [found]
        return list(found)

    def _layout(self, width: int) -> tuple[int, float, int, int]:
        """Return how many stand side by side, how wide each is, the gap, and how high a row is."""
        images = self._all()
        across = self.across or max(1, len(images))
        gap = 2 if self.tight else NEAR
        side = (self.zoom * width - gap * (across - 1)) / across
        # In whole pixels of the picture, so that the edges of all images are sharp.
        side = math.floor(side * canvas.SCALE) / canvas.SCALE
        highest = max((image.shape[0] / max(image.shape[:2]) for image in images), default=1.0)
        caption = SMALL_LINE + 2 if self.captions else 0
        return across, side, gap, math.ceil(side * highest) + caption

    def natural(self, width: int) -> int:
        """Return how wide all of it is."""
        return math.ceil(self.zoom * width)

    def body(self, width: int) -> tuple[int, int]:
        """Return how high the rows of images are, with their captions."""
        across, _, gap, height = self._layout(width)
        rows = max(self.room, math.ceil(len(self._all()) / across), 1)
        return rows * height + gap * (rows - 1), 0

    def draw_body(self, drawn: Canvas, x: int, y: int, width: int, core: int) -> None:
        """Draw the images, and what is laid on them."""
        across, side, gap, height = self._layout(width)
        images = self._all()
        parts = (content(self.images), self.signed, content(self.limits), across, self.tight)

        def still():
            made = Canvas(width, core)
            for place, image in enumerate(images):
                row, column = divmod(place, across)
                made.picture(column * (side + gap), row * (height + gap), side, self._fills(image))
            return made.image

        corner = (x * canvas.SCALE, y * canvas.SCALE)
        drawn.image.paste(kept(("images", parts, width, core), still), corner)
        for place, image in enumerate(images):
            row, column = divmod(place, across)
            left, top = x + column * (side + gap), y + row * (height + gap)
            self._signs(drawn, place, image, left, top, side)
            if self.captions:
                drawn.text(left, top + height - 4, self.captions[place], canvas.SMALL)

    def _fills(self, image: np.ndarray) -> np.ndarray:
        if image.ndim == 3:
            return image.astype(np.uint8)
        return shades(image, self.signed, self.limits)

    def _signs(
        self, drawn: Canvas, place: int, image: np.ndarray, left: float, top: float, side: float
    ) -> None:
        pixel = side / max(image.shape[:2])
        high, wide = (length * pixel for length in image.shape[:2])
        if self.framed:
            drawn.outline(left, top, wide, high, canvas.LINE, 1)
        for sign in self.over.get(place, ()):
            sign.draw(drawn, left, top, pixel)
        if place in self.badges:
            room = canvas.text_width(self.badges[place], canvas.TEXT) + 6
            drawn.bar(left + wide - room, top, room, 18, canvas.PAPER)
            drawn.text(left + wide - room + 3, top + 14, self.badges[place], canvas.TEXT)
        if place in self.chosen:
            color, thick, _ = FRAMES[self.chosen[place]]
            # Around a tile of a mosaic, not over the few pixels that it has.
            out = 1 if self.tight else 0
            drawn.outline(left - out, top - out, wide + 2 * out, high + 2 * out, color, thick)


def percent(probability: float) -> str:
    """Write a probability in percent, and never round it to certainty.

    Examples:
        >>> percent(0.976), percent(0.9999), percent(0.0001)
        ('98 %', '> 99 %', '< 1 %')

    """
    if probability >= 0.995:
        return "> 99 %"
    return "< 1 %" if probability < 0.005 else f"{100 * probability:.0f} %"


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
    counts: ClassVar[bool] = True

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
