"""What Keras itself says of a layer or a network: output sizes and multiply-adds."""

import functools
import math
from typing import Any

from helpers.models.backend import keras


@functools.lru_cache(1024)
def keras_output_size(
    input_size: int, kernel_size: int, strides: int, padding: str, dilation_rate: int
) -> int:
    """Ask Keras for the output size of a `Conv2D` layer, instead of computing it.

    Raises:
        ValueError: where Keras refuses the settings; the text is Keras' own.

    Examples:
        >>> keras_output_size(28, 5, 2, "same", 1)
        14

    """
    layer = keras.layers.Conv2D(1, kernel_size, strides, padding, dilation_rate=dilation_rate)
    return layer.compute_output_shape((1, input_size, input_size, 1))[1]


def multiply_adds(network: Any) -> int:
    """Count the multiplications, each with its addition, that a network takes for one picture.

    Convolutions and dense layers are counted, for the input size that the network was built for;
    the rest (batch normalisation, activations, pooling) is small beside them.

    Args:
        network: A Keras model without nested models, with a known input size.

    Returns:
        The number, for one picture.

    Examples:
        >>> multiply_adds(keras.Sequential([keras.Input((5, 5, 2)), keras.layers.Conv2D(4, 3)]))
        648

    """
    total = 0
    for layer in network.layers:
        if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D):
            places = math.prod(layer.output.shape[1:3])
            total += places * math.prod(layer.kernel.shape)
        elif isinstance(layer, keras.layers.Dense):
            total += math.prod(layer.kernel.shape)
    return total
