"""What goes on inside a network: the numbers of each layer, and what part of the image they see."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from helpers.arguments import array, integer, show
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


class Climb(NamedTuple):
    """An ascent of all filters of a layer, from its start to its last step.

    `patches` has the shape `(steps + 1, filters, field, field)`, with pixels from 0 to 1;
    `responses`, `(steps + 1, filters)`, holds each filter's number for its own patch, before ReLU.
    """

    patches: np.ndarray
    responses: np.ndarray


def climb(network: keras.Sequential, layer: int, penalty: float = 0.0, steps: int = 70) -> Climb:
    """Change patches step by step so that each filter of a convolution responds more strongly.

    All begin with grey noise, the same one every time; Adam takes the steps, and after each the
    pixels are brought back into the range from 0 to 1.

    Args:
        network: Convolutions and poolings without padding, up to the layer; images of one channel.
        layer: The place of a convolution in `network.layers`.
        penalty: Weight of what is taken off the response: the sum of the squared pixels and the
            total variation, which is the sum of the differences of neighbouring pixels. 0 or more.
        steps: How many steps are taken, 1 or more.

    Returns:
        The patches and the responses, from the start on.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where one is out of its range, or the layer is no convolution.

    Source of the method: Erhan and others 2009, "Visualizing higher-layer features of a deep
    network".

    Examples:
        >>> from helpers.networks import mnist_cnn
        >>> climb(mnist_cnn(), layer=0, steps=2).patches.shape
        (3, 32, 3, 3)

    """
    field, _ = sight(network, layer)
    chosen = network.layers[layer]
    if not isinstance(chosen, keras.layers.Conv2D):
        raise ValueError(f"`layer` must be a convolution. Received layer={layer}, {chosen.name!r}.")
    integer("steps", steps)
    if not isinstance(penalty, int | float) or isinstance(penalty, bool):
        raise TypeError(f"`penalty` must be a number. Received {show(penalty)}.")
    if not 0 <= penalty < float("inf"):
        raise ValueError(f"`penalty` must be 0 or more. Received penalty={penalty}.")
    grey = np.random.default_rng(0).uniform(0.4, 0.6, (chosen.filters, field, field, 1))
    patches, adam = tf.Variable(grey.astype("float32")), keras.optimizers.Adam(0.1)
    adam.build([patches])

    @tf.function
    def look():
        numbers = tf.identity(patches)
        for before in network.layers[:layer]:
            numbers = before(numbers)
        # The convolution without its ReLU: where that gives zero, there is no way up.
        numbers = tf.nn.conv2d(numbers, chosen.kernel, chosen.strides, "VALID") + chosen.bias
        own = tf.linalg.diag_part(numbers[:, 0, 0])
        rough = tf.reduce_sum(tf.image.total_variation(patches)) + tf.reduce_sum(patches**2)
        return own, tf.gradients(penalty * rough - tf.reduce_sum(own), patches)[0]

    seen, responses = [], []
    for step in range(steps + 1):
        own, slopes = look()
        seen.append(patches.numpy()[..., 0])
        responses.append(own.numpy())
        if step < steps:
            adam.apply([slopes], [patches])
            patches.assign(tf.clip_by_value(patches, 0, 1))
    return Climb(np.array(seen), np.array(responses))
