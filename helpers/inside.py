"""What goes on inside a network: the numbers of each layer, and what part of the image they see."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.arguments import array, integer
from helpers.networks import keras, tf
from helpers.shapes import receptive_field

# Compiled functions that are kept; each keeps its network alive.
KEPT = 32


@functools.lru_cache(KEPT)
def rest(network: keras.Sequential, after: int = -1) -> tuple[Callable, Callable]:
    """Compile the way from a layer's output (-1: the image) to the scores, and the way back.

    Returns:
        A function from inputs to scores `(number, classes)`, and one from inputs and classes
        `(number,)` to the gradient of each input's own class score.

    Raises:
        ValueError: where the network's last layer is not dense.

    """
    last = last_layer(network)
    start = network.inputs[0] if after < 0 else network.layers[after].output
    body = keras.Model(start, last.input)

    def scores(inputs):
        return tf.matmul(body(inputs), last.kernel) + last.bias

    def slopes(inputs, classes):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            chosen = tf.gather(scores(inputs), classes, axis=1, batch_dims=1)
        return tape.gradient(chosen, inputs)

    given = tf.TensorSpec((None, *start.shape[1:]), tf.float32)
    wanted = tf.TensorSpec((None,), tf.int64)
    # Concrete functions are traced here, once, for batches of any size.
    forward = tf.function(scores).get_concrete_function(given)
    backward = tf.function(slopes).get_concrete_function(given, wanted)
    return (
        lambda values: forward(tf.constant(values)).numpy(),
        lambda values, classes: backward(tf.constant(values), tf.constant(classes)).numpy(),
    )


@functools.lru_cache(KEPT)
def head(network: keras.Sequential, layer: int) -> Callable:
    """Compile the way from images to the output of the layer at this place."""
    given = tf.TensorSpec((None, *network.input_shape[1:]), tf.float32)
    body = keras.Model(network.inputs[0], network.layers[layer].output)

    def outputs(images):
        return body(images)

    compiled = tf.function(outputs).get_concrete_function(given)
    return lambda images: compiled(tf.constant(images)).numpy()


def last_layer(network: keras.Sequential) -> keras.layers.Dense:
    """Return the dense layer at the network's end."""
    last = network.layers[-1]
    if not isinstance(last, keras.layers.Dense):
        raise ValueError(
            f"`network` must end in a Dense layer. Received a network that ends in {last.name!r}."
        )
    return last


def activations(network: keras.Sequential, images: Any, layer: int) -> np.ndarray:
    """Return what a layer puts out for images.

    Args:
        network: A network built layer by layer.
        images: `(number, height, width, channels)`, in the range that the network takes.
        layer: The place of the layer in `network.layers`.

    Returns:
        `(number, ...)`, float32.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where `layer` is out of range, or the images are of another shape.

    Examples:
        >>> from helpers.networks import mnist_cnn
        >>> activations(mnist_cnn(), np.zeros((1, 28, 28, 1)), layer=0).shape
        (1, 26, 26, 32)

    """
    pixels = array("images", images, dimensions=(4,)).astype(np.float32)
    if pixels.shape[1:] != network.input_shape[1:]:
        raise ValueError(
            f"`images` must have the shape (number, {str(network.input_shape[1:])[1:]}. "
            f"Received images of shape {pixels.shape}."
        )
    return head(network, integer("layer", layer, 0, len(network.layers) - 1))(pixels)


def scores(network: keras.Sequential, images: Any) -> np.ndarray:
    """Return the scores `(number, classes)` of images: what goes into the softmax.

    Raises:
        TypeError: where `images` does not hold real numbers.
        ValueError: where the network does not end in a dense layer.

    Examples:
        >>> from helpers.networks import mnist_cnn
        >>> scores(mnist_cnn(), np.zeros((2, 28, 28, 1))).shape
        (2, 10)

    """
    pixels = array("images", images, dimensions=(4,)).astype(np.float32)
    return rest(network)[0](pixels)


def sight(network: keras.Sequential, layer: int) -> tuple[int, int]:
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

    Source of the formula: see `helpers.shapes.receptive_field`.

    Examples:
        >>> from helpers.networks import mnist_cnn
        >>> [sight(mnist_cnn(), layer) for layer in range(5)]
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


def placed(maps: Any, field: int, step: int, size: int = 28) -> np.ndarray:
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
        >>> placed([[[1, 2]]], field=3, step=1, size=4)[0].astype(int)
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
