"""Digits for the explorers of this topic, and the layers of the network by their names."""

import functools
from typing import Any

import numpy as np

from helpers.arguments import array, picture_values
from helpers.datasets.mnist import stand_in_digits

BUNDLED = 40
SIZE = 28
LAYERS = {
    "convolution 1": 0,
    "pooling 1": 1,
    "convolution 2": 2,
    "pooling 2": 3,
    "convolution 3": 4,
}
CONVOLUTIONS = tuple(name for name in LAYERS if name.startswith("convolution"))


@functools.cache
def bundled() -> tuple[np.ndarray, np.ndarray]:
    """Return a few of scikit-learn's digits that the network has never seen, and their labels."""
    digits = stand_in_digits()
    return digits["x_test"][:BUNDLED], digits["y_test"][:BUNDLED]


def digits_to_show(images: Any, labels: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return digits `(number, 28, 28)` from 0 to 1 with their labels; bundled ones for `None`.

    Raises:
        TypeError: where an argument does not hold numbers.
        ValueError: where shapes do not fit, or values are out of range.

    """
    if images is None and labels is None:
        images, labels = bundled()
    pixels = picture_values("images", images, dimensions=(3,)).astype(np.float32)
    if pixels.shape[1:] != (SIZE, SIZE):
        raise ValueError(
            f"`images` must have the shape (number, 28, 28). Received images of shape "
            f"{pixels.shape}."
        )
    named = array("labels", labels, dimensions=(1,))
    if named.shape != (len(pixels),) or not np.isin(named, range(10)).all():
        raise ValueError(
            f"`labels` must hold a digit from 0 to 9 for each of the {len(pixels)} images. "
            f"Received labels of shape {named.shape}."
        )
    return pixels, named.astype(int)
