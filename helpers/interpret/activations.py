"""What goes on inside a network: the numbers of each layer, and what part of the image they see."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.arguments import array, integer
from helpers.models.backend import keras, tf

# Compiled functions that are kept; each keeps its network alive.
KEPT = 32


@functools.lru_cache(KEPT)
def logits_from_layer(network: keras.Sequential, after: int = -1) -> tuple[Callable, Callable]:
    """Compile the way from a layer's output (-1: the image) to the scores, and the way back.

    Returns:
        A function from inputs to scores `(number, classes)`, and one from inputs and weights
        `(number, classes)` to the gradient of each input's weighted sum of scores.

    Raises:
        ValueError: where the network's last layer is not dense.

    """
    last = last_layer(network)
    start = network.inputs[0] if after < 0 else network.layers[after].output
    body = keras.Model(start, last.input)

    def scores(inputs):
        return tf.matmul(body(inputs), last.kernel) + last.bias

    def slopes(inputs, weights):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            explained = tf.reduce_sum(scores(inputs) * weights, axis=1)
        return tape.gradient(explained, inputs)

    given = tf.TensorSpec((None, *start.shape[1:]), tf.float32)
    wanted = tf.TensorSpec((None, last.units), tf.float32)
    # Concrete functions are traced here, once, for batches of any size.
    forward = tf.function(scores).get_concrete_function(given)
    backward = tf.function(slopes).get_concrete_function(given, wanted)
    return (
        lambda values: forward(tf.constant(values)).numpy(),
        lambda values, weights: backward(tf.constant(values), tf.constant(weights)).numpy(),
    )


@functools.lru_cache(KEPT)
def output_function(network: keras.Sequential, layer: int) -> Callable:
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
        >>> from helpers.models.mnist_cnn import build
        >>> activations(build(), np.zeros((1, 28, 28, 1)), layer=0).shape
        (1, 26, 26, 32)

    """
    pixels = array("images", images, dimensions=(4,)).astype(np.float32)
    if pixels.shape[1:] != network.input_shape[1:]:
        raise ValueError(
            f"`images` must have the shape (number, {str(network.input_shape[1:])[1:]}. "
            f"Received images of shape {pixels.shape}."
        )
    return output_function(network, integer("layer", layer, 0, len(network.layers) - 1))(pixels)


def logits(network: keras.Sequential, images: Any) -> np.ndarray:
    """Return the scores `(number, classes)` of images: what goes into the softmax.

    Raises:
        TypeError: where `images` does not hold real numbers.
        ValueError: where the network does not end in a dense layer.

    Examples:
        >>> from helpers.models.mnist_cnn import build
        >>> logits(build(), np.zeros((2, 28, 28, 1))).shape
        (2, 10)

    """
    pixels = array("images", images, dimensions=(4,)).astype(np.float32)
    return logits_from_layer(network)[0](pixels)
