"""Images and maps side by side, and what is laid on them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from helpers.explore import canvas
from helpers.explore.canvas import Canvas
from helpers.explore.grids import FRAMES, shades
from helpers.explore.layout import NEAR, SMALL_LINE, Panel, content, kept, wrapped


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
        lines = max((len(self._caption(n, side)) for n in range(len(self.captions))), default=0)
        return across, side, gap, math.ceil(side * highest) + (SMALL_LINE * lines + 2) * (lines > 0)

    def _caption(self, place: int, side: float) -> tuple[str, ...]:
        return wrapped(self.captions[place], canvas.SMALL, side)

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
            for place, fills in enumerate(self._fills(images)):
                row, column = divmod(place, across)
                made.picture(column * (side + gap), row * (height + gap), side, fills)
            return made.image

        corner = (x * canvas.SCALE, y * canvas.SCALE)
        drawn.image.paste(kept(("images", parts, width, core), still), corner)
        for place, image in enumerate(images):
            row, column = divmod(place, across)
            left, top = x + column * (side + gap), y + row * (height + gap)
            self._signs(drawn, place, image, left, top, side)
            bottom = top + side * image.shape[0] / max(image.shape[:2])
            for line, text in enumerate(self._caption(place, side) if self.captions else ()):
                drawn.text(left, bottom + 14 + SMALL_LINE * line, text, canvas.SMALL)

    def _fills(self, images: Sequence[np.ndarray]) -> Sequence[np.ndarray]:
        alike = len({image.shape for image in images}) == 1 and images[0].ndim == 2
        if alike and self.limits is not None:
            # All at once: for the many small maps of a layer this takes half the time.
            return shades(np.stack(images), self.signed, self.limits)
        return [
            image.astype(np.uint8) if image.ndim == 3
            else shades(image, self.signed, self.limits)
            for image in images
        ]  # fmt: skip

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
