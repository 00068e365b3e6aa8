"""Where the windows of a convolution or of pooling stand on a map, and what they hold."""

import functools

import numpy as np

from helpers.layers.shapes import output_size, padding_amounts


class Windows:
    """The windows of one size on a map, row by row.

    Args:
        shape: Height and width of the map.
        size: Height and width of a window.
        strides: Pixels from one window to the next.
        padding: `"valid"` or `"same"`.

    Attributes:
        size: Height and width of a window.
        padding: Rows of zeros above and below, columns of zeros before and after.
        corners: For each window its first row and column on the map, below zero in the padding.

    Examples:
        >>> Windows((4, 4), (3, 3), 2, "same").corners
        [(0, 0), (0, 2), (2, 0), (2, 2)]

    """

    def __init__(self, shape: tuple[int, int], size: tuple[int, int], strides: int, padding: str):
        self.shape, self.size = shape, size
        kinds = [(length, reach, strides, padding)
                 for length, reach in zip(shape, size, strict=True)]  # fmt: skip
        (above, below), (before, after) = (padding_amounts(*kind) for kind in kinds)
        self.padding = (above, below, before, after)
        places = np.ndindex(*(output_size(*kind) for kind in kinds))
        self.corners = [(strides * row - above, strides * column - before)
                        for row, column in places]  # fmt: skip

    def inside(self, place: int) -> tuple[slice, slice]:
        """Return the rows and columns of a window that lie on the map."""
        ends = zip(self.corners[place], self.size, strict=True)
        return tuple(slice(max(begin, 0), begin + length) for begin, length in ends)

    def winner(self, values: np.ndarray, place: int) -> tuple[int, int]:
        """Return row and column of the largest number in a window; of several, the first."""
        rows, columns = self.inside(place)
        found = values[rows, columns]
        row, column = divmod(int(found.argmax()), found.shape[1])
        return rows.start + row, columns.start + column

    def contested(self, values: np.ndarray) -> set[tuple[int, int]]:
        """Return the winners of windows in which not all numbers are equal."""
        places = range(len(self.corners))
        return {self.winner(values, n) for n in places if np.ptp(values[self.inside(n)]) > 0}

    @functools.cached_property
    def unseen(self) -> list[tuple[int, int]]:
        """The pixels, by row and column, that lie in no window."""
        seen = np.zeros(self.shape, bool)
        for place in range(len(self.corners)):
            seen[self.inside(place)] = True
        return [tuple(place) for place in np.argwhere(~seen).tolist()]
