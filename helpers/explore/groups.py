"""Groups of points with names on flags, which keep clear of each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.explore import canvas
from helpers.explore.marks import SIZES, Mark, Plot, apart, contrast


@dataclass
class Groups(Mark):
    """Groups of points, each above its number, with its mean and its name on a flag.

    Groups that would cover each other are moved apart, and no flag covers another: leave room for
    them at the upper end of the vertical axis.

    Attributes:
        x: A number for each group.
        values: For each group its numbers.
        texts: What stands on the flags.
        shapes: For each group the shape of its points.
        colors: For each group its colour.

    """

    x: Any
    values: Sequence[Any]
    texts: Sequence[str]
    shapes: Sequence[str]
    colors: Sequence[str]

    def draw(self, plot: Plot) -> None:
        """Draw flags, points and means."""
        order = np.argsort(np.asarray(self.x, float), kind="stable")
        across = apart(plot.across(np.asarray(self.x, float)[order]), 18)
        rows = flag_rows(across, [self.texts[place] for place in order])
        for place, x, row in zip(order, across, rows, strict=True):
            color, heights = self.colors[place], plot.down(self.values[place])
            top = plot.top + 6 + 15 * row
            plot.drawn.line([(x, top), (x, heights.min() - 6)], canvas.LINE)
            # Orange is dark enough for marks and not for words.
            ink = color if contrast(color, canvas.PAPER) >= 4.5 else canvas.INK
            plot.drawn.text(x + 3, top + 9, self.texts[place], canvas.SMALL, ink)
            for height in heights:
                plot.drawn.dot(x, height, self.shapes[place], color, SIZES["small"])
            mean = float(plot.down(np.mean(self.values[place])))
            plot.drawn.line([(x - 8, mean), (x + 8, mean)], color, 3)


def flag_rows(across: np.ndarray, texts: Sequence[str]) -> list[int]:
    """Return for each text, which begins at its place, the row in which no other covers it.

    A text stands above those to its right that it reaches: their poles end below it.
    """
    ends = [x + 9 + canvas.text_width(text, canvas.SMALL)
            for x, text in zip(across, texts, strict=True)]  # fmt: skip
    floors: list[int] = []
    for place in reversed(range(len(across))):
        later = zip(across[place + 1 :], floors, strict=True)
        floors.insert(0, 1 + max((floor for x, floor in later if x < ends[place]), default=-1))
    return [max(floors) - floor for floor in floors]
