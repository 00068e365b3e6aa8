"""How the pictures of explorers are laid out: panels with a title and notes, in rows and columns.

Whoever declares a panel names no pixel: widths are shares of a row, heights follow from what a
panel holds, and text is broken where its letters end in the font that it is drawn in.
"""

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from helpers.explore import canvas
from helpers.explore.canvas import Canvas

# Screen pixels: the picture, its empty edge, and the gaps between panels.
WIDTH, EDGE, GAP, CLOSE, BELOW = 900, 8, 28, 10, 18
# From one line to the next, and what stands between a text and what it belongs to.
TITLE_LINE, TEXT_LINE, SMALL_LINE, NEAR, UNDER = 20, 22, 17, 8, 12
LOOKS = {
    "title": (canvas.TITLE, TITLE_LINE + 4),
    "text": (canvas.TEXT, TEXT_LINE),
    "small": (canvas.SMALL, SMALL_LINE),
}
KEPT = 64


@functools.lru_cache(4096)
def wrapped(text: str, size: float, width: float) -> tuple[str, ...]:
    """Break a text into lines that are at most `width` screen pixels wide.

    The two sides of a product stay together, and a line break in the text stays one.

    Examples:
        >>> wrapped("a map of 8 × 8", 13, 60)
        ('a map of', '8 × 8')

    """
    if "\n" in text:
        return tuple(line for part in text.split("\n") for line in wrapped(part, size, width))
    lines = [""]
    for word in text.replace(" × ", "\u00a0×\u00a0").split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and canvas.text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return tuple(line.replace("\u00a0", " ") for line in lines)


def broken(texts: str | Sequence[str], size: float, width: float) -> list[str]:
    """Break one text or several, each from a new line on."""
    found = [texts] if isinstance(texts, str) else texts
    return [line for text in found if text for line in wrapped(text, size, width)]


class Size(NamedTuple):
    """How high the parts of a panel are: its title, what it shows, and what stands below that."""

    head: int
    core: int
    foot: int


@dataclass(kw_only=True)
class Panel:
    """A part of a picture.

    Attributes:
        title: Above it; titles of a row stand on one line.
        notes: Small text below it, one text or several, each from a new line on.
        share: Its part of the width of a row, compared with the other panels; 0 for as little as
            it needs.

    """

    title: str = ""
    notes: str | Sequence[str] = ()
    share: float = 1.0
    # Whether it grows to the height of its row, and whether others grow to its height.
    stretches: ClassVar[bool] = False
    counts: ClassVar[bool] = True
    # How far from its left edge the frame of a chart begins at least: set by a column.
    indent: ClassVar[int] = 0

    def margin(self, width: int) -> int:  # noqa: ARG002
        """Return how much room it needs to the left of a frame."""
        return 0

    def body(self, width: int) -> tuple[int, int]:
        """Return how high what it shows is when it is so wide, and what hangs below that."""
        raise NotImplementedError

    def draw_body(self, drawn: Canvas, x: int, y: int, width: int, core: int) -> None:
        """Draw what it shows, and what hangs below that."""
        raise NotImplementedError

    def natural(self, width: int) -> int:
        """Return how wide it is where it takes no share of its row."""
        return width

    def measure(self, width: int) -> Size:
        """Return how high the panel is when it is so wide."""
        titles, notes = broken(self.title, canvas.TITLE, width), self._notes(width)
        core, foot = self.body(width)
        head = TITLE_LINE * len(titles) + UNDER if titles else 0
        return Size(head, core, foot + (NEAR + SMALL_LINE * len(notes) if notes else 0))

    def draw(self, drawn: Canvas, x: int, y: int, width: int, size: Size) -> None:
        """Draw the panel with its title and notes at a place of the picture."""
        titles = broken(self.title, canvas.TITLE, width)
        for line, text in enumerate(titles):
            baseline = y + size.head - UNDER - 4 - TITLE_LINE * (len(titles) - 1 - line)
            drawn.text(x, baseline, text, canvas.TITLE)
        top = y + size.head
        self.draw_body(drawn, x, top, width, size.core)
        top += size.core + self.body(width)[1] + NEAR
        for line, text in enumerate(self._notes(width)):
            drawn.text(x, top + 12 + SMALL_LINE * line, text, canvas.SMALL)

    def _notes(self, width: int) -> list[str]:
        return broken(self.notes, canvas.SMALL, width)


@dataclass
class Row(Panel):
    """Panels side by side, their titles and their upper edges in line.

    Attributes:
        panels: From left to right.
        close: Whether they stand near each other, such as the terms of a sum.

    """

    panels: Sequence[Panel]
    close: bool = False

    @property
    def stretches(self) -> bool:
        """Whether one of its panels grows with a row that this one stands in."""
        return any(panel.stretches and panel.counts for panel in self.panels)

    def widths(self, width: int) -> list[int]:
        """Return how wide each panel is."""
        shares = sum(panel.share for panel in self.panels)
        rest = width - (CLOSE if self.close else GAP) * (len(self.panels) - 1)
        fixed = [0 if panel.share else panel.natural(rest) for panel in self.panels]
        rest -= sum(fixed)
        return [
            math.floor(rest * panel.share / shares) if panel.share else needed
            for panel, needed in zip(self.panels, fixed, strict=True)
        ]

    def sizes(self, width: int, least: int = 0) -> list[Size]:
        """Return the heights of all panels; those that can grow to the height of the others."""
        pairs = list(zip(self.panels, self.widths(width), strict=True))
        sizes = [panel.measure(part) for panel, part in pairs]
        head = max(size.head for size in sizes)
        counted = [s.core for (panel, _), s in zip(pairs, sizes, strict=True) if panel.counts]
        core = max([least, *counted])
        return [
            Size(head, max(core, size.core) if panel.stretches else size.core, size.foot)
            for panel, size in zip(self.panels, sizes, strict=True)
        ]

    def measure(self, width: int) -> Size:
        """Return how high the row is."""
        sizes = self.sizes(width)
        core = max((s.core for p, s in zip(self.panels, sizes, strict=True) if p.counts), default=0)
        return Size(sizes[0].head, core, max(size.core + size.foot for size in sizes) - core)

    def draw(self, drawn: Canvas, x: int, y: int, width: int, size: Size) -> None:
        """Draw the panels."""
        gap = CLOSE if self.close else GAP
        parts = zip(self.panels, self.widths(width), self.sizes(width, size.core), strict=True)
        for panel, part, own in parts:
            panel.draw(drawn, x, y, part, own._replace(head=size.head))
            x += part + gap


@dataclass
class Column(Panel):
    """Panels one below the other; the frames of charts begin in line.

    In a row, it is the first of them that stands in line with the others.
    """

    panels: Sequence[Panel]

    @property
    def stretches(self) -> bool:
        """Whether the first panel grows with its row."""
        return self.panels[0].stretches

    @property
    def counts(self) -> bool:
        """Whether others grow to the height of the first panel."""
        return self.panels[0].counts

    def _align(self, width: int) -> None:
        lefts = [panel.margin(width) for panel in self.panels]
        for panel in self.panels:
            panel.indent = max(lefts)

    def measure(self, width: int) -> Size:
        """Return how high the column is."""
        self._align(width)
        first, *others = [panel.measure(width) for panel in self.panels]
        below = sum(map(sum, others)) + BELOW * len(others)
        return first._replace(foot=first.foot + below)

    def draw(self, drawn: Canvas, x: int, y: int, width: int, size: Size) -> None:
        """Draw the panels."""
        self._align(width)
        for place, panel in enumerate(self.panels):
            own = panel.measure(width)
            if place == 0:
                own = own._replace(head=size.head, core=size.core)
            panel.draw(drawn, x, y, width, own)
            y += sum(own) + BELOW


@dataclass
class Text(Panel):
    """Lines of text, broken where they are too long.

    Attributes:
        lines: One text or several, each from a new line on; an empty one leaves a gap.
        look: `text`, `title` or `small`.
        color: Its colour.
        room: For how many lines there is room, however few are written.
        middle: Whether they stand at half of the height of their row, such as a result.

    """

    lines: str | Sequence[str]
    look: str = "text"
    color: str = canvas.INK
    room: int = 0
    middle: bool = False
    stretches: ClassVar[bool] = True
    counts: ClassVar[bool] = False

    def _lines(self, width: int) -> list[str]:
        texts = [self.lines] if isinstance(self.lines, str) else self.lines
        size, _ = LOOKS[self.look]
        return [line for text in texts for line in wrapped(text, size, width)]

    def natural(self, width: int) -> int:
        """Return how wide the longest line is."""
        texts = [self.lines] if isinstance(self.lines, str) else self.lines
        widths = [canvas.text_width(text, LOOKS[self.look][0]) for text in texts]
        return min(width, math.ceil(max(widths)) + 1)

    def body(self, width: int) -> tuple[int, int]:
        """Return how high the lines are."""
        return LOOKS[self.look][1] * max(self.room, len(self._lines(width))), 0

    def draw_body(self, drawn: Canvas, x: int, y: int, width: int, core: int) -> None:
        """Write the lines."""
        size, step = LOOKS[self.look]
        if self.middle:
            y += (core - self.body(width)[0]) // 2
        for line, text in enumerate(self._lines(width)):
            drawn.text(x, y + step * line + size + 2, text, size, self.color)


@dataclass
class Sign(Panel):
    """A sign between two panels, such as × or →, at half of the height of its row."""

    sign: str
    share: float = field(default=0.0, kw_only=True)
    stretches: ClassVar[bool] = True
    counts: ClassVar[bool] = False

    def natural(self, width: int) -> int:
        """Return how wide the sign is."""
        return min(width, math.ceil(canvas.text_width(self.sign, canvas.TITLE)))

    def body(self, width: int) -> tuple[int, int]:  # noqa: ARG002
        """Return how high the sign is."""
        return TITLE_LINE, 0

    def draw_body(self, drawn: Canvas, x: int, y: int, width: int, core: int) -> None:
        """Write the sign."""
        drawn.text(x + width / 2, y + core / 2 + 5, self.sign, canvas.TITLE, anchor="middle")


def render(panel: Panel) -> Canvas:
    """Draw a panel as a picture of its own.

    Examples:
        >>> render(Text("one line")).width
        900

    """
    width = WIDTH - 2 * EDGE
    size = panel.measure(width)
    drawn = Canvas(WIDTH, sum(size) + 2 * EDGE)
    panel.draw(drawn, EDGE, EDGE, width, size)
    return drawn


def content(value: Any) -> Any:
    """Return what tells a declared value from others, so that what was drawn of it can be kept.

    Examples:
        >>> content(Text("a")) == content(Text("a")), content(Text("a")) == content(Text("b"))
        (True, False)

    """
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if is_dataclass(value):
        return type(value), *(content(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, dict):
        return tuple((key, content(part)) for key, part in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(content, value))
    return value


_kept: dict[Any, Any] = {}


def kept(key: Any, make: Callable[[], Any]) -> Any:
    """Return what was made for the same key before, or make it; the oldest are forgotten."""
    if key in _kept:
        _kept[key] = _kept.pop(key)
    else:
        _kept[key] = make()
        if len(_kept) > KEPT:
            del _kept[next(iter(_kept))]
    return _kept[key]


def forget() -> None:
    """Forget what was drawn, so that all is drawn anew."""
    _kept.clear()
