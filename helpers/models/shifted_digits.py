"""Digits on a larger sheet of paper, where they can be shifted, and the networks that read them.

A digit of 28 x 28 pixels lies on 44 x 44: moved by up to 8 pixels, no ink is cut off.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from helpers.arguments import array, choice, integer
from helpers.datasets.locate import DATA_FOLDER
from helpers.datasets.records import shipped_file
from helpers.models.backend import keras

SIDE, MARGIN = 44, 8
# Two poolings by 2: a cell of the last feature maps is 4 pixels wide.
TOTAL_STRIDE = 4
NETWORKS = {
    "dense": "Dense",
    "flatten": "CNN + Flatten",
    "global": "CNN + global pooling",
    "moved": "CNN + Flatten, trained with shifts",
}


def shift_on_paper(images: Any, right: int = 0, down: int = 0) -> np.ndarray:
    """Put digits on empty paper, in the middle or shifted away from it.

    Args:
        images: `(number, 28, 28)`, uint8 from 0 to 255, or floats from 0 (paper) to 1 (ink).
        right: Pixels to the right of the middle, -8 to 8.
        down: Pixels below the middle, -8 to 8.

    Returns:
        `(number, 44, 44, 1)`, float32 from 0 to 1.

    Raises:
        TypeError: where `images` holds no real numbers, or a shift is no integer.
        ValueError: where a shape or a shift is out of its range.

    Examples:
        >>> shift_on_paper(np.ones((1, 28, 28)), right=8)[0, 8:36, 16:44].min()
        np.float32(1.0)

    """
    scale = 255 if getattr(images, "dtype", None) == np.uint8 else 1
    digits = array("images", images, dimensions=(3,))
    if digits.shape[1:] != (SIDE - 2 * MARGIN,) * 2:
        raise ValueError(
            f"`images` must have shape (number, 28, 28). Received images of shape {digits.shape}."
        )
    left = MARGIN + integer("right", right, -MARGIN, MARGIN)
    top = MARGIN + integer("down", down, -MARGIN, MARGIN)
    paper = np.zeros((len(digits), SIDE, SIDE, 1), "float32")
    paper[:, top : top + digits.shape[1], left : left + digits.shape[2], 0] = digits / scale
    return paper


def max_pooling() -> list[keras.layers.Layer]:
    """Make what halves the maps: one max pooling."""
    return [keras.layers.MaxPooling2D(2)]


def build(name: str, halve: Callable[[], list] = max_pooling) -> keras.Sequential:
    """Build one of the networks whose accuracy is measured on shifted digits, not compiled.

    The convolutions have no bias: empty paper stays 0 in every map, as if it went on beyond the
    border.

    Args:
        name: `"dense"`, `"flatten"`, `"global"` or `"moved"`, which is built as `"flatten"`.
        halve: Makes the layers that halve the maps, new ones at each call.

    Raises:
        TypeError: where `name` is no string.
        ValueError: where there is no such network.

    Examples:
        >>> [build(name).count_params() for name in NETWORKS]
        [62314, 52754, 14354, 52754]

    """
    layers = keras.layers
    network = keras.Sequential([keras.Input((SIDE, SIDE, 1))])
    if choice("name", name, NETWORKS) == "dense":
        network.add(layers.Flatten())
        network.add(layers.Dense(32, activation="relu"))
    else:
        for filters, kernel_size in ((8, 3), (16, 3), (32, 5)):
            if filters > 8:
                for layer in halve():
                    network.add(layer)
            options = {"padding": "same", "activation": "relu", "use_bias": False}
            network.add(layers.Conv2D(filters, kernel_size, **options))
        network.add(layers.GlobalMaxPooling2D() if name == "global" else layers.Flatten())
    network.add(layers.Dense(10, activation="softmax"))
    return network


def load_trained(name: str, folder: Path = DATA_FOLDER) -> keras.Sequential:
    """Return a network of `build` with the weights that the course trained on MNIST.

    Args:
        name: One of `NETWORKS`.
        folder: Where the weights lie; the course's own folder where it is left out.

    Raises:
        DataError: where the weights are missing, or are not the ones that the course ships.
        TypeError: where `name` is no string.
        ValueError: where there is no such network.

    Examples:
        >>> load_trained("global").output_shape
        (None, 10)

    """
    network = build(name)
    network.load_weights(shipped_file(f"translation_{name}.weights.h5", folder))
    return network
