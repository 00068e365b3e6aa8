"""Small kernels made by hand, each with a name for people and what it shows.

The entries of `KERNELS` are in the order in which the notebooks meet them. All are of odd
size, in the orientation in which `Conv2D` applies them (without a flip).
"""

from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from helpers.arguments import choice


class Kernel(NamedTuple):
    """A kernel made by hand: its `title`, what it `shows`, and its `weights`."""

    title: str
    shows: str
    weights: np.ndarray


def fixed(rows: list, scale: float = 1.0) -> np.ndarray:
    """Make an array that nobody changes by accident."""
    weights = np.array(rows, dtype=np.float64) * scale
    weights.setflags(write=False)
    return weights


BINOMIAL = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1])

KERNELS = MappingProxyType(
    {
        "identity": Kernel("Identity",
            "The image itself: one in the middle, zero around it.",
            fixed([[0, 0, 0], [0, 1, 0], [0, 0, 0]])),
        "shift_left": Kernel("Shift to the left",
            "The image, moved by one pixel: each output copies its right neighbour.",
            fixed([[0, 0, 0], [0, 0, 1], [0, 0, 0]])),
        "box_blur": Kernel("Box blur",
            "Each output is the average of nine pixels: details vanish.",
            fixed([[1, 1, 1], [1, 1, 1], [1, 1, 1]], 1 / 9)),
        "gaussian_blur": Kernel("Gaussian blur",
            "A weighted average in which near pixels count more.",
            fixed([[1, 2, 1], [2, 4, 2], [1, 2, 1]], 1 / 16)),
        "gaussian_blur_5": Kernel("Gaussian blur, 5x5",
            "A wider weighted average: a stronger blur.",
            fixed(BINOMIAL, 1 / 256)),
        "sharpen": Kernel("Sharpen",
            "The difference to the neighbours is added: edges stand out.",
            fixed([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])),
        "sobel_x": Kernel("Sobel, left to right",
            "Large where brightness rises from left to right: vertical edges.",
            fixed([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])),
        "sobel_y": Kernel("Sobel, top to bottom",
            "Large where brightness rises from top to bottom: horizontal edges.",
            fixed([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])),
        "laplacian": Kernel("Laplacian",
            "Far from zero where brightness bends: edges of all directions.",
            fixed([[0, 1, 0], [1, -4, 1], [0, 1, 0]])),
        "emboss": Kernel("Emboss",
            "Light from the top left: the image looks raised.",
            fixed([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])),
        "diagonal_down": Kernel("Diagonal, down",
            "Large on a stroke from the top left to the bottom right.",
            fixed([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]])),
        "diagonal_up": Kernel("Diagonal, up",
            "Large on a stroke from the bottom left to the top right.",
            fixed([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]])),
    }
)  # fmt: skip


def kernel(name: str) -> np.ndarray:
    """Return the weights of a named kernel as a new array that may be changed.

    Args:
        name: A key of `KERNELS`.

    Returns:
        An array of shape `(height, width)`, float64.

    Raises:
        TypeError: where `name` is no string.
        ValueError: where there is no kernel of that name; the message lists the names.

    Examples:
        >>> kernel("sobel_x")[0]
        array([-1.,  0.,  1.])

    """
    return KERNELS[choice("name", name, KERNELS)].weights.copy()
