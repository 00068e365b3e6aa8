"""The backward pass: what a loss says about each weight and each pixel.

Each gradient has the shape of what it belongs to. Sources: Goodfellow, Bengio and Courville, *Deep
Learning*, section 9.5 for the convolution, section 6.2.2.3 for softmax.
"""

from typing import Any

import numpy as np

from helpers.arguments import array, integer
from helpers.layers.conv import conv2d


def softmax(logits: Any) -> np.ndarray:
    """Turn logits into probabilities: `exp(logit)` divided by the sum of all `exp(logit)`.

    Args:
        logits: `(classes,)`, finite numbers.

    Returns:
        `(classes,)`, between 0 and 1, with the sum 1.

    Raises:
        TypeError: where `logits` does not hold real numbers.
        ValueError: where it is empty, not finite, or has other than one dimension.

    Examples:
        >>> softmax([0, 0])
        array([0.5, 0.5])

    """
    numbers = array("logits", logits, dimensions=(1,), drop_ones=False)
    # The largest is taken off first: that changes no probability, and no exp overflows.
    powers = np.exp(numbers - numbers.max())
    return powers / powers.sum()


def of_output(gradient: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Return the gradient of an output as an array, if it has the output's shape."""
    sent = array("gradient", gradient, dimensions=(2,), drop_ones=False)
    if sent.shape != shape:
        raise ValueError(
            f"`gradient` must have the shape of the output, {shape}. "
            f"Received gradient of shape {sent.shape}."
        )
    return sent


def conv2d_gradients(image: Any, kernel: Any, gradient: Any) -> tuple[np.ndarray, np.ndarray]:
    """Carry the gradient of a convolution's output back to its kernel and its input.

    The convolution has one channel, one filter, stride 1 and no padding. Each weight meets each
    window of the image once, so its gradient is a sum over all places. Each pixel gets what the
    windows that hold it send back: a transposed convolution.

    Args:
        image: `(height, width)`, the input.
        kernel: `(kernel_height, kernel_width)`, not larger than the image.
        gradient: `(output_height, output_width)`, the gradient of the loss with respect to the
            output.

    Returns:
        The gradients with respect to the kernel, in the kernel's shape, and with respect to the
        image, in the image's shape.

    Raises:
        TypeError: where an argument does not hold real numbers.
        ValueError: where an array is empty, not finite, or of the wrong shape.

    Examples:
        >>> of_kernel, of_image = conv2d_gradients([[1, 2, 3]], [[4, 5]], [[1, 10]])
        >>> of_kernel
        array([[21., 32.]])
        >>> of_image
        array([[ 4., 45., 50.]])

    """
    pixels = array("image", image, dimensions=(2,), drop_ones=False)
    weights = array("kernel", kernel, dimensions=(2,), drop_ones=False)
    height, width = weights.shape
    sent = of_output(gradient, (len(pixels) - height + 1, pixels.shape[1] - width + 1))
    of_kernel = conv2d(pixels, sent)
    around = np.pad(sent, ((height - 1,) * 2, (width - 1,) * 2))
    return of_kernel, conv2d(around, weights[::-1, ::-1])


def max_pool2d_gradient(image: Any, pool_size: int, gradient: Any) -> np.ndarray:
    """Carry the gradient of a max pooling with stride 1 back to its input.

    Each window sends all of its gradient to its largest number, the first of equal ones.

    Args:
        image: `(height, width)`, the input.
        pool_size: Height and width of the windows, an integer from 1 up.
        gradient: `(output_height, output_width)`, the gradient of the loss with respect to the
            output.

    Returns:
        The gradient with respect to the image, in the image's shape.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where an array is empty, not finite, or of the wrong shape.

    Source of the rule: the documentation of `tf.raw_ops.MaxPoolGrad`.

    Examples:
        >>> max_pool2d_gradient([[1, 3], [2, 0]], 2, [[5]])
        array([[0., 5.],
               [0., 0.]])

    """
    pixels = array("image", image, dimensions=(2,), drop_ones=False)
    size = integer("pool_size", pool_size, 1, min(pixels.shape))
    sent = of_output(gradient, tuple(side - size + 1 for side in pixels.shape))
    found = np.zeros(pixels.shape)
    for row, column in np.ndindex(sent.shape):
        window = pixels[row : row + size, column : column + size]
        down, across = divmod(int(window.argmax()), size)
        found[row + down, column + across] += sent[row, column]
    return found
