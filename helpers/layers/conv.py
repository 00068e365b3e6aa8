"""Convolution and pooling in NumPy, equal to TensorFlow's within the rounding of float32.

Images have their channels last. What Keras calls a convolution is a cross-correlation: the
kernel is not flipped (Goodfellow, Bengio and Courville, *Deep Learning*, section 9.1).
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from helpers.arguments import array, choice, integer_pair, limit_size
from helpers.layers.shapes import PADDINGS, effective_kernel_size, output_size, padding_amounts


def conv2d(
    inputs: Any,
    kernel: Any,
    strides: int | tuple[int, int] = 1,
    padding: str = "valid",
    dilation_rate: int | tuple[int, int] = 1,
) -> np.ndarray:
    """Slide a kernel over an image: at each position multiply elementwise and add up.

    Args:
        inputs: `(height, width)`, `(height, width, channels)` or
            `(batch, height, width, channels)`, finite numbers.
        kernel: `(kernel_height, kernel_width, channels, filters)` as in Keras, or
            `(kernel_height, kernel_width)`, which is applied to each channel by itself.
        strides: Pixels from one window to the next, one integer or (height, width).
        padding: `"valid"` or `"same"`, as TensorFlow pads.
        dilation_rate: Pixels from one weight to the next, one integer or (height, width).
            Works together with `strides > 1` too, which Keras refuses in one layer.

    Returns:
        `(..., output_height, output_width)` for a kernel of two dimensions (with the channels
        of `inputs` behind, if it has any), `(..., output_height, output_width, filters)` for
        one of four. float32 where both arrays are float32, else float64.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where an array is empty, not finite or of the wrong shape, or a size does
            not fit; see `helpers.layers.shapes.output_size`.

    Source of the formula: the documentation of `tf.nn.conv2d`.

    Examples:
        >>> conv2d([[1, 2, 3], [4, 5, 6]], [[-1, 1]])
        array([[1., 1.],
               [1., 1.]])

    """
    images, has_batch, has_channels = as_batch(inputs)
    weights = array("kernel", kernel, (2, 4), drop_ones=False)
    if weights.ndim == 4 and weights.shape[2] != images.shape[3]:
        raise ValueError(
            f"`kernel` must have as many channels (its third dimension) as `inputs`, which has "
            f"{images.shape[3]}. Received kernel of shape {weights.shape}."
        )
    kernel_size = weights.shape[:2]
    settings = (strides, padding, dilation_rate)
    result = None
    for row, column, window in windows(images, kernel_size, settings, 0.0, weights.shape[3:]):
        weight = weights[row, column]
        product = window @ weight if weights.ndim == 4 else window * weight
        result = product if result is None else np.add(result, product, out=result)
    if not has_batch:
        result = result[0]
    return result if has_channels or weights.ndim == 4 else result[..., 0]


def conv1d(
    inputs: Any, kernel: Any, strides: int = 1, padding: str = "valid", dilation_rate: int = 1
) -> np.ndarray:
    """Slide a kernel along a sequence, as `keras.layers.Conv1D` does without its bias.

    Args:
        inputs: `(length,)` for a kernel of one dimension, else `(length, channels)` or
            `(batch, length, channels)`, finite numbers.
        kernel: `(kernel_size,)`, or `(kernel_size, channels, filters)` as in Keras.
        strides: Places from one window to the next, 1 or more.
        padding: `"valid"`, `"same"` as TensorFlow pads, or `"causal"`: all zeros go before, so
            that no output depends on inputs that come after it.
        dilation_rate: Places from one weight to the next, 1 or more.

    Returns:
        `(output_length,)` for a kernel of one dimension, else `(..., output_length, filters)`.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where an array is empty, not finite or of the wrong shape, or a size does
            not fit; see `helpers.layers.shapes.output_size`.

    Source of the formula: the documentation of `keras.layers.Conv1D`.

    Examples:
        >>> conv1d([1, 2, 4, 8], [-1, 1], padding="causal")
        array([1., 1., 2., 4.])

    """
    weights = array("kernel", kernel, (1, 3), drop_ones=False)
    sequence = array("inputs", inputs, (1,) if weights.ndim == 1 else (2, 3), drop_ones=False)
    if choice("padding", padding, (*PADDINGS, "causal")) == "causal":
        # The axis of time is the last but the channels, where there are any.
        zeros = [(0, 0)] * sequence.ndim
        axis = 0 if weights.ndim == 1 else -2
        zeros[axis] = (effective_kernel_size(len(weights), dilation_rate) - 1, 0)
        sequence, padding = np.pad(sequence, zeros), "valid"
    settings = ((1, strides), padding, (1, dilation_rate))
    if weights.ndim == 1:
        return conv2d(sequence[None], weights[None], *settings)[0]
    return conv2d(sequence[..., None, :, :], weights[None], *settings)[..., 0, :, :]


def max_pool2d(
    inputs: Any,
    pool_size: int | tuple[int, int] = 2,
    strides: int | tuple[int, int] | None = None,
    padding: str = "valid",
) -> np.ndarray:
    """Keep the largest number of each window, channel by channel.

    Args:
        inputs: `(height, width)`, `(height, width, channels)` or
            `(batch, height, width, channels)`, finite numbers.
        pool_size: Pixels in a window, one integer or (height, width).
        strides: Pixels from one window to the next; `None` is `pool_size`.
        padding: `"valid"` or `"same"`; padded pixels never win.

    Returns:
        An array with as many dimensions as `inputs`.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where `inputs` is empty, not finite or of the wrong shape, or a size does
            not fit.

    Source of the formula: the documentation of `keras.layers.MaxPooling2D`.

    Examples:
        >>> max_pool2d([[1, 2, 5, 6], [3, 4, 8, 7]])
        array([[4., 8.]])

    """
    return pool(inputs, pool_size, strides, padding, np.maximum, -np.inf)


def average_pool2d(
    inputs: Any,
    pool_size: int | tuple[int, int] = 2,
    strides: int | tuple[int, int] | None = None,
    padding: str = "valid",
) -> np.ndarray:
    """Average each window, channel by channel; padded pixels are not counted.

    Args:
        inputs: `(height, width)`, `(height, width, channels)` or
            `(batch, height, width, channels)`, finite numbers.
        pool_size: Pixels in a window, one integer or (height, width).
        strides: Pixels from one window to the next; `None` is `pool_size`.
        padding: `"valid"` or `"same"`.

    Returns:
        An array with as many dimensions as `inputs`.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where `inputs` is empty, not finite or of the wrong shape, or a size does
            not fit.

    Source of the formula: the documentation of `keras.layers.AveragePooling2D`.

    Examples:
        >>> average_pool2d([[1, 2, 5, 6], [3, 4, 8, 7]])
        array([[2.5, 6.5]])

    """
    total = pool(inputs, pool_size, strides, padding, np.add, 0.0)
    if padding == "valid":
        height, width = integer_pair("pool_size", pool_size)
        return total / total.dtype.type(height * width)
    return total / pool(np.ones_like(inputs, total.dtype), pool_size, strides, padding, np.add, 0.0)


def pool(
    inputs: Any, pool_size: Any, strides: Any, padding: str, combine: Callable, fill: float
) -> np.ndarray:
    """Combine the numbers of each window, two at a time, with `fill` beyond the border."""
    images, has_batch, has_channels = as_batch(inputs)
    size = integer_pair("pool_size", pool_size)
    step = size if strides is None else strides
    result = None
    for _, _, window in windows(images, size, (step, padding, 1), fill):
        result = window.copy() if result is None else combine(result, window, out=result)
    if not has_batch:
        result = result[0]
    return result if has_channels else result[..., 0]


def as_batch(inputs: Any) -> tuple[np.ndarray, bool, bool]:
    """View `inputs` as `(batch, height, width, channels)`, and say which of these it had."""
    images = array("inputs", inputs, (2, 3, 4), drop_ones=False)
    has_batch, has_channels = images.ndim == 4, images.ndim >= 3
    if not has_channels:
        images = images[..., np.newaxis]
    return images if has_batch else images[np.newaxis], has_batch, has_channels


def windows(
    images: np.ndarray,
    kernel_size: tuple[int, int],
    settings: tuple[Any, str, Any],
    fill: float,
    filters: tuple[int, ...] = (),
) -> Iterator[tuple[int, int, np.ndarray]]:
    """Give, for each place in the kernel, the pixels that it meets in all windows.

    `settings` are strides, padding and dilation rate. Arrays that would not fit into memory are
    refused before any memory is taken.

    Yields:
        `(row, column, pixels)`, with `pixels` of shape
        `(batch, output_height, output_width, channels)`.

    """
    strides, padding, dilation_rate = settings
    steps = integer_pair("strides", strides)
    rates = integer_pair("dilation_rate", dilation_rate)
    sizes = zip(images.shape[1:3], kernel_size, steps, rates, strict=True)
    axes = [(length, span, step, padding, rate) for length, span, step, rate in sizes]
    height, width = (output_size(*axis) for axis in axes)
    amounts = [padding_amounts(*axis) for axis in axes]
    padded = [axis[0] + sum(amount) for axis, amount in zip(axes, amounts, strict=True)]
    batch, channels = images.shape[0], images.shape[3]
    limit_size("padding", (batch, *padded, channels))
    limit_size("kernel", (batch, height, width, *(filters or (channels,))))
    if any(amount != (0, 0) for amount in amounts):
        images = np.pad(images, [(0, 0), *amounts, (0, 0)], constant_values=fill)
    for row, column in np.ndindex(*kernel_size):
        top, left = row * rates[0], column * rates[1]
        rows = slice(top, top + (height - 1) * steps[0] + 1, steps[0])
        columns = slice(left, left + (width - 1) * steps[1] + 1, steps[1])
        yield row, column, images[:, rows, columns]
