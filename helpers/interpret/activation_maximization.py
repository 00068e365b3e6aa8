"""Images that make a filter respond: gradient ascent on the pixels."""

from typing import NamedTuple

import numpy as np

from helpers.arguments import integer, show
from helpers.interpret.receptive_field import receptive_field_and_stride
from helpers.models.backend import keras, tf


class Ascent(NamedTuple):
    """An ascent of all filters of a layer, from its start to its last step.

    `patches` has the shape `(steps + 1, filters, field, field)`, with pixels from 0 to 1;
    `responses`, `(steps + 1, filters)`, holds each filter's number for its own patch, before ReLU.
    """

    patches: np.ndarray
    responses: np.ndarray


def activation_maximization(
    network: keras.Sequential, layer: int, penalty: float = 0.0, steps: int = 70
) -> Ascent:
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
        >>> from helpers.models.mnist_cnn import build
        >>> activation_maximization(build(), layer=0, steps=2).patches.shape
        (3, 32, 3, 3)

    """
    field, _ = receptive_field_and_stride(network, layer)
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
        numbers = (
            tf.nn.conv2d(tf.cast(numbers, tf.float32), chosen.kernel, chosen.strides, "VALID")
            + chosen.bias
        )
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
    return Ascent(np.array(seen), np.array(responses))
