"""What goes on inside a network: the numbers of each layer, and what part of the image they see."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.arguments import batch, integer
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
        ValueError: where the network's last layer is not dense, or there is no way to it.

    """
    last = last_layer(network)
    body = way(network, after + 1, len(network.layers) - 1)

    def scores(inputs):
        # Under mixed precision the layers compute in 16 bits, and weights are kept in 32.
        found = tf.matmul(tf.cast(body(inputs), tf.float32), tf.cast(last.kernel, tf.float32))
        return found if last.bias is None else found + last.bias

    def slopes(inputs, weights):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            explained = tf.reduce_sum(scores(inputs) * weights, axis=1)
        return tape.gradient(explained, inputs)

    given = tf.TensorSpec((None, *body.input_shape[1:]), tf.float32)
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
    body = way(network, 0, layer + 1)

    def outputs(images):
        return tf.cast(body(images), tf.float32)

    compiled = tf.function(outputs).get_concrete_function(given)
    return lambda images: compiled(tf.constant(images)).numpy()


def way(network: keras.Model, first: int, end: int) -> keras.Model:
    """Return the part of a network from before the layer `first` to before the layer `end`.

    Raises:
        ValueError: where the layers do not follow each other, as in a network that holds another.

    """
    layers = network.layers
    if isinstance(network, keras.Sequential):
        # The layer's own input and output would be another network's, where it is nested.
        shape = network.input_shape
        for layer in layers[:first]:
            shape = layer.compute_output_shape(shape)
        start = found = keras.Input(batch_shape=shape)
        for layer in layers[first:end]:
            found = layer(found)
        return keras.Model(start, found)
    try:
        start = network.inputs[0] if first == 0 else layers[first - 1].output
        is_last = end == len(layers) - 1
        return keras.Model(start, layers[end].input if is_last else layers[end - 1].output)
    except ValueError as error:
        raise ValueError(
            "`layer` must lie on the way from the images to the classes. Received "
            f"{layers[max(first, end) - 1].name!r}, which the network holds as a whole network: "
            "its layers are reached in that one only."
        ) from error


def images_for(network: keras.Model, images: Any) -> np.ndarray:
    """Return images as float32, in the shape that a network takes."""
    if not network.built:
        raise ValueError(
            "`network` must know the shape of its images: begin it with keras.Input, or call it "
            f"once. Received {network.name!r}, which is not built."
        )
    return batch("images", images, network.input_shape[1:])


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
    pixels = images_for(network, images)
    return output_function(network, integer("layer", layer, 0, len(network.layers) - 1))(pixels)


def logits(network: keras.Sequential, images: Any) -> np.ndarray:
    """Return the scores `(number, classes)` of images: what goes into the softmax.

    Raises:
        TypeError: where `images` does not hold real numbers.
        ValueError: where the network does not end in a dense layer, or takes other shapes.

    Examples:
        >>> from helpers.models.mnist_cnn import build
        >>> logits(build(), np.zeros((2, 28, 28, 1))).shape
        (2, 10)

    """
    pixels = images_for(network, images)
    return logits_from_layer(network)[0](pixels)
