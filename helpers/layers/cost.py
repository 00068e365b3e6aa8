"""What a plan of a network costs, layer by layer, before it is built: integers only."""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from helpers.arguments import integer, show
from helpers.layers.shapes import conv2d_parameters, output_size, receptive_field

# What follows the name of each kind: so many numbers (the padding counted) at least and at most.
COUNTS = {"conv": (2, 4), "pool": (1, 1), "flatten": (0, 0), "global": (0, 0), "dense": (1, 1)}


class Row(NamedTuple):
    """One layer of a plan.

    Attributes:
        name: What it is called in the course's tables, such as `"Conv2D(32, 3)"`.
        shape: Its output without the batch: (height, width, channels), or (numbers,).
        parameters: Its trainable numbers.
        multiply_adds: Products that it adds up for one picture; comparing and writing count as 0.
        field: Pixels of the input, along one axis, that one of its outputs can see.

    """

    name: str
    shape: tuple[int, ...]
    parameters: int
    multiply_adds: int
    field: int


def plan(input_shape: tuple[int, int, int], layers: Iterable[tuple]) -> list[Row]:
    """Work out shapes, parameters, multiply-adds and receptive fields of a stack of layers.

    Args:
        input_shape: (height, width, channels), 1 or more each.
        layers: From input to output, each a tuple: `("conv", filters, kernel_size)`, to which
            `strides` and `padding` may be added, `("pool", size)`, `("flatten",)`, `("global",)`
            for global pooling, or `("dense", units)`.

    Returns:
        A row for the input and one for each layer.

    Raises:
        TypeError: where a number is no integer, the shape or a layer no tuple, or
            `layers` no sequence.
        ValueError: where a layer is unknown, has too few or too many numbers, stands where it
            cannot, or does not fit any more.

    Source of the formulas: the kernels' shapes in the documentation of `keras.layers`.

    Examples:
        >>> rows = plan((28, 28, 1), [("conv", 32, 3), ("pool", 2), ("flatten",), ("dense", 10)])
        >>> [row.shape for row in rows]
        [(28, 28, 1), (26, 26, 32), (13, 13, 32), (5408,), (10,)]
        >>> [row.parameters for row in rows], rows[1].multiply_adds
        ([0, 320, 0, 0, 54090], 194688)

    """
    wanted = f"must be (height, width, channels). Received input_shape={show(input_shape)}."
    if not isinstance(input_shape, tuple | list):
        raise TypeError(f"`input_shape` {wanted}")
    shape = tuple(integer("input_shape", number) for number in input_shape)
    if len(shape) != 3:
        raise ValueError(f"`input_shape` {wanted}")
    if not isinstance(layers, Iterable):
        raise TypeError(f"`layers` must be a sequence of tuples. Received layers={show(layers)}.")
    whole, seen = max(shape[:2]), []
    rows = [Row("input", shape, 0, 0, 1)]
    for place, layer in enumerate(layers):
        if not isinstance(layer, tuple | list) or not layer:
            raise TypeError(f"`layers[{place}]` must be a tuple. Received {show(layer)}.")
        kind, *numbers = layer
        if not isinstance(kind, str) or kind not in COUNTS:
            raise ValueError(
                f"`layers[{place}]` must begin with one of {', '.join(COUNTS)}. "
                f"Received {show(layer)}."
            )
        least, most = COUNTS[kind]
        if not least <= len(numbers) <= most:
            count = f"{least} to {most}" if least < most else least or "nothing"
            raise ValueError(
                f'`layers[{place}]` must hold {count} after "{kind}". Received {show(layer)}.'
            )
        if (len(shape) == 1) != (kind == "dense"):
            raise ValueError(
                f"`layers[{place}]` cannot stand here: dense layers follow Flatten or global "
                f"pooling, the others come before. Received {show(layer)}."
            )
        if kind == "conv":
            name, after, parameters, work = convolution(shape, *numbers)
            seen.append((numbers[1], *numbers[2:3]))
        elif kind == "pool":
            size = integer("pool_size", numbers[0])
            after = (*(output_size(side, size, size) for side in shape[:2]), shape[2])
            name, parameters, work = f"MaxPooling2D({size})", 0, 0
            seen.append((size, size))
        elif kind == "dense":
            after = (integer("units", numbers[0]),)
            name, work = f"Dense({after[0]})", shape[0] * after[0]
            parameters = work + after[0]
        else:
            numbers_left = math.prod(shape) if kind == "flatten" else shape[2]
            name = "Flatten" if kind == "flatten" else "GlobalMaxPooling2D"
            after, parameters, work = (numbers_left,), 0, 0
        field = whole if len(after) == 1 else receptive_field(seen)
        rows.append(Row(name, after, parameters, work, field))
        shape = after
    return rows


def convolution(
    shape: tuple[int, ...], filters: Any, kernel_size: Any, strides: Any = 1, padding: str = "valid"
) -> tuple[str, tuple[int, ...], int, int]:
    """Return name, output shape, parameters and multiply-adds of a `Conv2D` layer."""
    sides = (output_size(side, kernel_size, strides, padding) for side in shape[:2])
    after = (*sides, integer("filters", filters))
    parameters = conv2d_parameters(kernel_size, shape[2], filters)
    work = after[0] * after[1] * (parameters - filters)
    name = f"Conv2D({filters}, {kernel_size})" + (f", stride {strides}" if strides > 1 else "")
    return name, after, parameters, work


def total(rows: list[Row]) -> tuple[int, int, int]:
    """Return all parameters, all multiply-adds, and the numbers that all outputs hold.

    Args:
        rows: What `plan` returns; the input's numbers are counted, too.

    Examples:
        >>> total(plan((28, 28, 1), [("flatten",), ("dense", 10)]))
        (7850, 7840, 1578)

    """
    totals = ((row.parameters, row.multiply_adds, math.prod(row.shape)) for row in rows)
    return tuple(map(sum, zip(*totals, strict=True)))


MNIST_NETWORK = (
    ("conv", 32, 3), ("pool", 2), ("conv", 64, 3), ("pool", 2), ("conv", 64, 3),
    ("flatten",), ("dense", 64), ("dense", 10),
)  # fmt: skip
