"""A small canvas for explorers: grids of numbers, images, and the marks that all of them share.

Matplotlib takes 90 ms for a picture with 200 numbers, Pillow about 5 ms; so explorers draw with
Pillow, in Matplotlib's own font. Coordinates are screen pixels; the picture has twice as many.
"""

import functools
import io
import math
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from helpers.plots import BLUE, GREY, ORANGE
from helpers.plots.look import matplotlib

SCALE = 2
DASH, GAP = 7.0, 4.0
TITLE, TEXT, SMALL = 15, 13, 11
INK, PAPER, LINE = "#1A1A1A", "#FFFFFF", "#B8B8B8"
WINDOW, OUTPUT, ABSENT = ORANGE, BLUE, GREY
EMPTY = "#F1F1F1"
FONT = str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")


@functools.cache
def font(size: float) -> ImageFont.FreeTypeFont:
    """Return the font in a size of screen pixels."""
    return ImageFont.truetype(FONT, round(size * SCALE))


@functools.cache
def color_table(signed: bool) -> np.ndarray:
    """Return the 256 colours for grey images, or for maps with numbers below and above zero."""
    colormap = matplotlib.colormaps["RdBu_r" if signed else "gray"]
    return np.rint(255 * colormap(np.arange(256))[:, :3]).astype(np.uint8)


@functools.lru_cache(4096)
def text_mask(text: str, size: float) -> Image.Image:
    """Return the shape of a text, trimmed to its ink."""
    left, top, right, bottom = font(size).getbbox(text)
    mask = Image.new("L", (max(1, right - left), max(1, bottom - top)))
    ImageDraw.Draw(mask).text((-left, -top), text, fill=255, font=font(size))
    return mask


@functools.lru_cache(4096)
def stencil(text: str, size: float) -> tuple[Image.Image, int, int]:
    """Return the shape of a text, and where it begins from the left end of its baseline.

    Kept, since most of what an explorer writes stays from one step of a slider to the next.
    """
    left, top, right, bottom = (round(end) for end in font(size).getbbox(text, anchor="ls"))
    mask = Image.new("L", (max(1, right - left), max(1, bottom - top)))
    ImageDraw.Draw(mask).text((-left, -top), text, fill=255, font=font(size), anchor="ls")
    return mask, left, top


@functools.lru_cache(4096)
def text_width(text: str, size: float) -> float:
    """Return how many screen pixels a text takes."""
    return font(size).getlength(text) / SCALE


def number(value: float) -> str:
    """Write a number with at most two decimals and a true minus sign."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", "−")


def listed(values: Iterable[float]) -> str:
    """Write numbers one after the other.

    Examples:
        >>> listed([0, -2.5])
        '0, −2.5'

    """
    return ", ".join(map(number, values))


def colors(values: np.ndarray, signed: bool, most: float | None = None) -> np.ndarray:
    """Return the colours `(height, width, 3)` of an array of numbers.

    Signed numbers are spread from `-most` (blue) over 0 (white) to `most` (red); others from
    their smallest (black) to their largest (white), or from 0 to `most`.
    """
    if signed:
        limit = most or np.abs(values).max() or 1.0
        low, high = -limit, limit
    else:
        low, high = (values.min(), values.max()) if most is None else (0.0, most)
    shares = (values - low) / ((high - low) or 1.0)
    return color_table(signed)[np.rint(255 * np.clip(shares, 0, 1)).astype(int)]


class Canvas:
    """A white picture of `width` x `height` screen pixels."""

    def __init__(self, width: int, height: int):
        self.width, self.height = width, height
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), PAPER)
        self._draw = ImageDraw.Draw(self.image)

    def text(
        self, x: float, y: float, text: str, size: float = TEXT, color: str = INK, anchor="left"
    ) -> None:
        """Write a line; `y` is its baseline, `anchor` is left, middle or right."""
        mask, left, top = stencil(text, size)
        before = {"left": 0.0, "middle": 0.5, "right": 1.0}[anchor] * text_width(text, size)
        place = (round((x - before) * SCALE) + left, round(y * SCALE) + top)
        self.image.paste(color, place, mask)

    def grid(
        self, x: float, y: float, cell: float, fills: np.ndarray, numbers=None, size: float = TEXT,
        write: Callable[[float], str] = number,
    ) -> None:  # fmt: skip
        """Draw cells in the colours `fills`, with a number each where `numbers` is given."""
        rows, columns = fills.shape[:2]
        side = round(cell * SCALE)
        blown_up = np.repeat(np.repeat(fills, side, axis=0), side, axis=1)
        blown_up[::side, :] = blown_up[:, ::side] = 184
        left, top = round(x * SCALE), round(y * SCALE)
        self.image.paste(Image.fromarray(blown_up), (left, top))
        end = (left + columns * side, top + rows * side)
        self._draw.rectangle((left, top, *end), outline=LINE)
        if numbers is None:
            return
        longest = max((len(write(value)) for value in np.ravel(numbers)), default=1)
        fitting = min(size, 1.45 * cell / max(longest, 2))
        bright = fills @ np.array([0.299, 0.587, 0.114]) > 128
        for (row, column), value in np.ndenumerate(numbers):
            if np.isnan(value):
                continue
            mask = text_mask(write(value), fitting)
            place = (
                left + column * side + (side - mask.width) // 2 + 1,
                top + row * side + (side - mask.height) // 2 + 1,
            )
            self.image.paste(INK if bright[row, column] else PAPER, place, mask)

    def picture(self, x: float, y: float, side: float, fills: np.ndarray) -> None:
        """Draw an image in the colours `fills`, scaled so that its longer side is `side`."""
        factor = side * SCALE / max(fills.shape[:2])
        size = tuple(max(1, round(length * factor)) for length in fills.shape[1::-1])
        way = Image.Resampling.NEAREST if factor > 1 else Image.Resampling.BOX
        self.image.paste(
            Image.fromarray(fills).resize(size, way), (round(x * SCALE), round(y * SCALE))
        )

    def outline(
        self, x: float, y: float, width: float, height: float, color: str = WINDOW, thick: float = 3
    ) -> None:
        """Draw a frame: orange for the window, blue for the current output."""
        box = (x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE)
        self._draw.rectangle(tuple(map(round, box)), outline=color, width=round(thick * SCALE))

    def bar(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """Draw a filled bar, at least a pixel wide."""
        ends = (x + max(width, 1 / SCALE), y + height)
        box = (x * SCALE, y * SCALE, ends[0] * SCALE - 1, ends[1] * SCALE - 1)
        self._draw.rectangle(tuple(map(round, box)), fill=color)

    def hatch(self, x: float, y: float, side: float) -> None:
        """Fill a cell with slanted lines: a zero of the padding."""
        tile = hatched(round(side * SCALE))
        self.image.paste(tile, (round(x * SCALE), round(y * SCALE)))

    def cross(self, x: float, y: float, side: float, color: str = INK) -> None:
        """Cross a cell out: a pixel that no window visits."""
        inset = side * 0.25
        for ends in (
            (x + inset, y + inset, x + side - inset, y + side - inset),
            (x + inset, y + side - inset, x + side - inset, y + inset),
        ):
            self._draw.line([round(end * SCALE) for end in ends], fill=color, width=3)

    def line(
        self, points: list[tuple[float, float]], color: str = ABSENT, thick: float = 1
    ) -> None:
        """Draw a line through points."""
        scaled = [(round(x * SCALE), round(y * SCALE)) for x, y in points]
        self._draw.line(scaled, fill=color, width=round(thick * SCALE))

    def dashes(
        self, points: list[tuple[float, float]], color: str = ABSENT, thick: float = 1
    ) -> None:
        """Draw a line through points in dashes that are measured along the whole line.

        Between two points that lie close together there would be no room for one.
        """
        if len(points) < 2:
            return
        across, down = np.transpose(points)
        way = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(across), np.diff(down)))])
        for begin in np.arange(0, way[-1], DASH + GAP):
            end = min(begin + DASH, way[-1])
            stops = [begin, *way[(way > begin) & (way < end)], end]
            ends = zip(np.interp(stops, way, across), np.interp(stops, way, down), strict=True)
            self.line([*ends], color, thick)

    def dot(
        self, x: float, y: float, shape: str = "circle", color: str = OUTPUT, size: float = 4
    ) -> None:
        """Mark a point with one of the `SHAPES` or `ring`, of radius `size`."""
        mask = mark(shape, size)
        place = (round(x * SCALE), round(y * SCALE))
        self.image.paste(color, tuple(c - mask.width // 2 for c in place), mask)

    def jpeg(self) -> bytes:
        """Return the picture for the live view: encoded five times as fast as a PNG."""
        stored = io.BytesIO()
        self.image.save(stored, "JPEG", quality=92, subsampling=0)
        return stored.getvalue()


# Corners of the marks, in shares of the radius from the middle.
SHAPES = {
    "circle": [
        (math.cos(turn / 32 * math.pi), math.sin(turn / 32 * math.pi)) for turn in range(64)
    ],
    "square": [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)],
    "triangle": [(0, -1), (1, 1), (-1, 1)],
    "diamond": [(0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)],
    "cross": [(-1, -1), (1, 1), (0, 0), (-1, 1), (1, -1), (0, 0)],
}


@functools.cache
def mark(shape: str, size: float) -> Image.Image:
    """Return the mask of a mark, drawn four times as large so that its edge is smooth.

    `open square` is the outline of a square, likewise for the other shapes; `ring` is an open
    circle.
    """
    name = "open circle" if shape == "ring" else shape
    kind = name.removeprefix("open ")
    fine, half = 4, round(1.2 * size * SCALE)
    side = (2 * half + 1) * fine
    mask = Image.new("L", (side, side))
    scaled = [(side / 2 + x * size * SCALE * fine, side / 2 + y * size * SCALE * fine)
              for x, y in SHAPES[kind]]  # fmt: skip
    thick = round(1.5 * SCALE * fine)
    draw = ImageDraw.Draw(mask)
    if kind == "cross" or name != kind:
        # Twice round, so that the first corner is closed like the others.
        draw.line([*scaled, *scaled[:2]], fill=255, width=thick, joint="curve")
    else:
        draw.polygon(scaled, fill=255)
    return mask.resize((2 * half + 1,) * 2, Image.Resampling.BOX)


@functools.cache
def hatched(side: int) -> Image.Image:
    """Return a hatched cell of `side` picture pixels."""
    tile = Image.new("RGB", (side, side), PAPER)
    draw = ImageDraw.Draw(tile)
    for start in range(-side, side, 10):
        draw.line((start, side, start + side, 0), fill=ABSENT, width=2)
    draw.rectangle((0, 0, side, side), outline=LINE)
    return tile
