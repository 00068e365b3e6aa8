"""Output sizes, padding, receptive fields and parameter counts: integers in, integers out.

Sizes are in pixels along one axis; height and width follow the same formulas.
"""

from collections.abc import Iterable
from typing import Any

from helpers.arguments import choice, integer, integer_pair, show

PADDINGS = ("valid", "same")


def effective_kernel_size(kernel_size: int, dilation_rate: int = 1) -> int:
    """Pixels that a dilated kernel spans: `dilation_rate * (kernel_size - 1) + 1`.

    Args:
        kernel_size: Weights along the axis, 1 or more.
        dilation_rate: Step from one weight to the next in pixels, 1 or more; 1 is no dilation.

    Raises:
        TypeError: where an argument is no integer.
        ValueError: where an argument is below 1.

    Source of the formula: Dumoulin and Visin 2016, arXiv:1603.07285, section 5.1.

    Examples:
        >>> effective_kernel_size(3, dilation_rate=2)
        5

    """
    kernel_size = integer("kernel_size", kernel_size)
    return integer("dilation_rate", dilation_rate) * (kernel_size - 1) + 1


def output_size(
    input_size: int,
    kernel_size: int,
    strides: int = 1,
    padding: str = "valid",
    dilation_rate: int = 1,
) -> int:
    """Size of the output of a convolution or pooling along one axis.

    With `k` the effective kernel size, `"valid"` gives `floor((input_size - k) / strides) + 1`
    and `"same"` gives `ceil(input_size / strides)`.

    Args:
        input_size: Pixels along the axis, 1 or more.
        kernel_size: Weights along the axis, 1 or more.
        strides: Pixels from one window to the next, 1 or more.
        padding: `"valid"` (none) or `"same"` (as TensorFlow pads).
        dilation_rate: Pixels from one weight to the next, 1 or more. The formula also holds
            for `strides > 1` with `dilation_rate > 1`, which Keras refuses in one layer.

    Returns:
        The number of windows, 1 or more.

    Raises:
        TypeError: where a size is no integer or `padding` no string.
        ValueError: where a size is below 1, `padding` is unknown, or the kernel is larger than
            the input under `"valid"`.

    Source of the formula: TensorFlow's notes on padding, https://www.tensorflow.org/api_docs/python/tf/nn.

    Examples:
        >>> output_size(28, 5, strides=2), output_size(28, 5, strides=2, padding="same")
        (12, 14)

    """
    input_size = integer("input_size", input_size)
    strides = integer("strides", strides)
    span = effective_kernel_size(kernel_size, dilation_rate)
    if choice("padding", padding, PADDINGS) == "same":
        return -(-input_size // strides)
    if span > input_size:
        raise ValueError(
            f'`kernel_size` must fit into the input under padding="valid". Received '
            f"kernel_size={kernel_size}, which spans {span} pixels with "
            f"dilation_rate={dilation_rate}, and input_size={input_size}."
        )
    return (input_size - span) // strides + 1


def padding_amounts(
    input_size: int,
    kernel_size: int,
    strides: int = 1,
    padding: str = "same",
    dilation_rate: int = 1,
) -> tuple[int, int]:
    """Zeros that TensorFlow puts before and after the input along one axis.

    In total `max((output_size - 1) * strides + k - input_size, 0)` with `k` the effective
    kernel size: half of them before, rounded down, and the rest after.

    Args:
        input_size: Pixels along the axis, 1 or more.
        kernel_size: Weights along the axis, 1 or more.
        strides: Pixels from one window to the next, 1 or more.
        padding: `"same"`, or `"valid"` for (0, 0).
        dilation_rate: Pixels from one weight to the next, 1 or more.

    Returns:
        `(before, after)` in pixels; `after` is larger by one where the total is odd.

    Raises:
        TypeError: where a size is no integer or `padding` no string.
        ValueError: as `output_size` does.

    Source of the formula: TensorFlow's notes on padding, https://www.tensorflow.org/api_docs/python/tf/nn.

    Examples:
        >>> padding_amounts(6, 3, strides=2)
        (0, 1)

    """
    outputs = output_size(input_size, kernel_size, strides, padding, dilation_rate)
    if padding == "valid":
        return 0, 0
    span = effective_kernel_size(kernel_size, dilation_rate)
    total = max((outputs - 1) * strides + span - input_size, 0)
    return total // 2, total - total // 2


def conv2d_parameters(
    kernel_size: int | tuple[int, int], input_channels: int, filters: int, use_bias: bool = True
) -> int:
    """Count the trainable numbers of a `Conv2D` layer, whatever the size of its input.

    Args:
        kernel_size: One integer, or (height, width), 1 or more.
        input_channels: Channels of the input, 1 or more.
        filters: Filters, which is also the channels of the output, 1 or more.
        use_bias: Whether each filter has a bias.

    Returns:
        `(kernel_height * kernel_width * input_channels + use_bias) * filters`.

    Raises:
        TypeError: where a number is no integer or `use_bias` no boolean.
        ValueError: where a number is below 1.

    Source of the formula: the kernel's shape in the documentation of `keras.layers.Conv2D`.

    Examples:
        >>> conv2d_parameters((3, 3), input_channels=64, filters=128)
        73856

    """
    height, width = integer_pair("kernel_size", kernel_size)
    weights = height * width * integer("input_channels", input_channels)
    if not isinstance(use_bias, bool):
        raise TypeError(f"`use_bias` must be True or False. Received use_bias={show(use_bias)}.")
    return (weights + use_bias) * integer("filters", filters)


def receptive_field(layers: Iterable[Any]) -> int:
    """Count the input pixels along one axis that one output of a stack of layers can see.

    Args:
        layers: The layers from input to output, each a tuple `(kernel_size,)`,
            `(kernel_size, strides)` or `(kernel_size, strides, dilation_rate)`; pooling counts
            with its `pool_size` as `kernel_size`. No layers give 1: a pixel sees itself.

    Returns:
        The size in pixels. Padding does not change it; near the border a part of it lies
        outside the image.

    Raises:
        TypeError: where `layers` or a layer is no sequence, or a number no integer.
        ValueError: where a layer has none or more than three numbers, or one below 1.

    Source of the formula: Araujo, Norris and Sim 2019, "Computing Receptive Fields of
    Convolutional Neural Networks", https://distill.pub/2019/computing-receptive-fields/.

    Examples:
        Two 3x3 convolutions see as far as one 5x5; pooling between them lets them see further.

        >>> receptive_field([(3,), (3,)]), receptive_field([(3,), (2, 2), (3,)])
        (5, 8)

    """
    message = (
        "`layers` must be a sequence of tuples (kernel_size, strides, dilation_rate), of which "
        "the last two may be left out. Received "
    )
    if isinstance(layers, str | bytes | dict) or not isinstance(layers, Iterable):
        raise TypeError(f"{message}layers={show(layers)}.")
    field, jump = 1, 1
    for number, layer in enumerate(layers):
        if not isinstance(layer, tuple | list):
            raise TypeError(f"{message}layers[{number}]={show(layer)}.")
        if not 1 <= len(layer) <= 3:
            raise ValueError(f"{message}layers[{number}]={show(layer)}.")
        kernel_size, strides, dilation_rate = (*layer, 1, 1)[:3]
        field += (effective_kernel_size(kernel_size, dilation_rate) - 1) * jump
        jump *= integer("strides", strides)
    return field
