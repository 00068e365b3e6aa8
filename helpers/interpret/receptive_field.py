"""Which pixels an output of a layer sees, and maps laid back over the image."""

from typing import Any

import numpy as np

from helpers.arguments import array, integer
from helpers.layers.shapes import receptive_field
from helpers.models.backend import keras


def receptive_field_and_stride(network: keras.Sequential, layer: int) -> tuple[int, int]:
    """Tell how many pixels an output of a layer sees, and how far apart two neighbours look.

    Args:
        network: Convolutions and poolings without padding, up to the layer.
        layer: The place of the layer in `network.layers`.

    Returns:
        The receptive field and the step, in pixels along one axis: the output at row `r` sees
        the rows from `r * step` to `r * step + field - 1`.

    Raises:
        TypeError: where `layer` is no integer.
        ValueError: where it is out of range, or a layer up to it pads or is of another kind.

    Source of the formula: see `helpers.layers.shapes.receptive_field`.

    Examples:
        >>> from helpers.models.mnist_cnn import build
        >>> [receptive_field_and_stride(build(), layer) for layer in range(5)]
        [(3, 1), (4, 2), (8, 2), (10, 4), (18, 4)]

    """
    place, sizes, step = integer("layer", layer, 0, len(network.layers) - 1), [], 1
    for found in network.layers[: place + 1]:
        size = getattr(found, "kernel_size", getattr(found, "pool_size", None))
        if size is None or len(size) != 2 or found.padding != "valid":
            raise ValueError(
                "`layer` must have only convolutions and poolings without padding up to it. "
                f"Received layer={layer}, with {found.name!r} before or at it."
            )
        rate = getattr(found, "dilation_rate", (1, 1))[0]
        sizes.append((size[0], found.strides[0], rate))
        step *= found.strides[0]
    return receptive_field(sizes), step


def to_image(maps: Any, field: int, step: int, size: int = 28) -> np.ndarray:
    """Lay coarse maps over the image: each number covers the pixels in the middle of its window.

    Args:
        maps: `(number, rows, columns)`.
        field: Pixels that one number sees along an axis: its window, 1 or more.
        step: Pixels from one window to the next, 1 up to `field`.
        size: Height and width of the image.

    Returns:
        `(number, size, size)`, zero where no window has its middle. Stretching a map over the
        whole image, as is often done, would put its numbers in the wrong place.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where the windows do not fit into the image.

    Examples:
        >>> to_image([[[1, 2]]], field=3, step=1, size=4)[0].astype(int)
        array([[0, 0, 0, 0],
               [0, 1, 2, 0],
               [0, 0, 0, 0],
               [0, 0, 0, 0]])

    """
    values = array("maps", maps, dimensions=(3,))
    field, size = integer("field", field), integer("size", size)
    step = integer("step", step, 1, field)
    rows, columns = values.shape[1:]
    if (max(rows, columns) - 1) * step + field > size:
        raise ValueError(
            f"`maps` must come from windows inside {size} pixels. Received maps of shape "
            f"{values.shape} with field={field} and step={step}."
        )
    first = (field - step) // 2
    result = np.zeros((len(values), size, size), values.dtype)
    large = values.repeat(step, axis=1).repeat(step, axis=2)
    result[:, first : first + rows * step, first : first + columns * step] = large
    return result
