"""Checks of arguments: each error names the argument, the rule and the value received."""

import math
import operator
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
from PIL import ImageOps

# Arrays above this size would only exhaust the memory of the reader's machine.
LARGEST_ARRAY = 2**28


def show(value: Any) -> str:
    """Return `value` as text of at most 80 characters, arrays by their shape.

    Examples:
        >>> show([1, 2])
        '[1, 2]'

    """
    if isinstance(value, np.ndarray) and value.size > 9:
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    text = repr(value).replace("\n", " ")
    return text if len(text) <= 80 else text[:77] + "..."


def integer(name: str, value: Any, minimum: int = 1, maximum: int | None = None) -> int:
    """Return `value` as an `int` of at least `minimum` and, if given, at most `maximum`.

    Raises:
        TypeError: where `value` is no integer (`True` and `3.0` are none either).
        ValueError: where it is out of range.

    Examples:
        >>> integer("strides", 2)
        2

    """
    rule = {0: "a non-negative integer", 1: "a positive integer"}.get(
        minimum, f"an integer of at least {minimum}"
    )
    if maximum is not None:
        rule = f"an integer from {minimum} to {maximum}"
    message = f"`{name}` must be {rule}. Received {name}={show(value)}."
    if isinstance(value, bool | np.bool_):
        raise TypeError(message)
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(message) from None
    if number < minimum or (maximum is not None and number > maximum):
        raise ValueError(message)
    return number


def integer_pair(name: str, value: Any) -> tuple[int, int]:
    """Return one positive integer, or a pair of them, as a pair (height, width).

    Raises:
        TypeError: where `value` holds something else than integers.
        ValueError: where there are not two, or one is not positive.

    Examples:
        >>> integer_pair("strides", 2), integer_pair("strides", (1, 2))
        ((2, 2), (1, 2))

    """
    if not isinstance(value, tuple | list):
        number = integer(name, value)
        return number, number
    if len(value) != 2:
        raise ValueError(
            f"`{name}` must be a positive integer or a pair of them (height, width). "
            f"Received {name}={show(value)}."
        )
    return integer(name, value[0]), integer(name, value[1])


def choice(name: str, value: Any, allowed: Collection[str]) -> str:
    """Return `value`, which must be one of the strings in `allowed`.

    Raises:
        TypeError: where `value` is no string.
        ValueError: where it is another string.

    Examples:
        >>> choice("padding", "same", ("valid", "same"))
        'same'

    """
    words = ", ".join(f'"{word}"' for word in allowed)
    message = f"`{name}` must be one of {words}. Received {name}={show(value)}."
    if not isinstance(value, str):
        raise TypeError(message)
    if value not in allowed:
        raise ValueError(message)
    return value


def array(name: str, value: Any, dimensions: Iterable[int], drop_ones: bool = True) -> np.ndarray:
    """Return `value` as a floating-point array with one of the given numbers of dimensions.

    Integers and booleans become float64, float16 and bfloat16 float32; float32 and float64 stay
    what they are. A picture of Pillow is turned upright, and becomes RGBA where it is in CMYK, has
    a palette, or the like. Where there are too many dimensions, those of length 1 are dropped,
    unless `drop_ones` is false: the last one first, such as the channel of grey images, then the
    first, such as a batch of one.

    Raises:
        TypeError: where `value` does not hold real numbers.
        ValueError: where it is empty, too large, not finite, or of another number of dimensions.

    Examples:
        >>> array("kernel", [[0, 1], [2, 3]], dimensions=(2,)).dtype
        dtype('float64')

    """
    if hasattr(value, "getbands"):
        value = ImageOps.exif_transpose(value)
        if value.mode not in ("1", "L", "RGB", "RGBA") and value.mode[0] not in "IF":
            value = value.convert("RGBA")
    try:
        found = np.asarray(value)
    except ValueError:
        raise ValueError(
            f"`{name}` must be an array in which all rows have the same length. "
            f"Received {name}={show(value)}."
        ) from None
    if found.dtype.name == "bfloat16":  # TensorFlow's; NumPy itself does not know it as a number.
        found = found.astype(np.float32)
    if found.dtype.kind not in "buif":
        raise TypeError(
            f"`{name}` must be an array of real numbers. "
            f"Received {name}={show(value)} of dtype {found.dtype}."
        )
    wanted, given = tuple(dimensions), found.shape
    while drop_ones and found.ndim not in wanted and found.ndim > min(wanted) and 1 in found.shape:
        ones = [axis for axis in (-1, *range(found.ndim)) if found.shape[axis] == 1]
        found = found.squeeze(ones[0])
    if found.ndim not in wanted:
        ways = " or ".join(str(number) for number in wanted)
        raise ValueError(f"`{name}` must have {ways} dimensions. Received {name} of shape {given}.")
    if found.size == 0:
        raise ValueError(f"`{name}` must not be empty. Received {name} of shape {found.shape}.")
    limit_size(name, found.shape)
    if found.dtype.kind != "f":
        return found.astype(np.float64)
    if not np.isfinite(found).all():
        where = tuple(int(index) for index in np.argwhere(~np.isfinite(found))[0])
        raise ValueError(
            f"`{name}` must hold finite numbers. Received {found[where]} at index {where}."
        )
    return found.astype(np.float32) if found.dtype.itemsize < 4 else found


def picture_values(
    name: str, value: Any, dimensions: Iterable[int] = (2,), smallest: int = 1
) -> np.ndarray:
    """Return one or more images as an array of values from 0 to 1, checked as by `array`.

    Values from 0 to 1 and from 0 to 255 are both taken: nothing above 1 means the former. Fractions
    of which the highest lies from 1 to 16 are refused: they are likely neither.

    Args:
        name: What errors call it.
        value: `(height, width)`, or `(number, height, width)` where `dimensions` is `(3,)`. Where
            it is `(2, 3)`, also `(height, width, 3)` and `(height, width, 4)`; the fourth channel
            is opacity, and the image is laid on white.
        dimensions: How many there may be.
        smallest: How many rows and columns an image has at least.

    Raises:
        TypeError: where `value` does not hold real numbers.
        ValueError: where it is too small, has another shape, or holds values out of range.

    Examples:
        >>> picture_values("image", [[[0], [51]], [[204], [255]]])
        array([[0. , 0.2],
               [0.8, 1. ]])

    """
    wanted = tuple(dimensions)
    found = array(name, value, wanted)
    in_color = wanted == (2, 3) and found.ndim == 3
    if in_color and found.shape[-1] not in (3, 4):
        found, in_color = array(name, found, (2,)), False
    height, width = found.shape[:2] if in_color else found.shape[-2:]
    if min(height, width) < smallest:
        raise ValueError(
            f"`{name}` must have {smallest} or more rows and columns. "
            f"Received {name} of shape {np.shape(value)}."
        )
    low, high = found.min(), found.max()
    highest = 1 if high <= 1.001 else 255
    unclear = np.asarray(value).dtype.kind not in "bui" and 1.001 < high < 16
    # Resizing and arithmetic leave values that are a little out of range.
    if unclear or low < -0.001 * highest or high > 1.001 * highest:
        raise ValueError(
            f"`{name}` must hold integers from 0 to 255 or numbers from 0 to 1. "
            f"Received values from {low:g} to {high:g}."
        )
    found = np.clip(found / highest, 0, 1)
    if in_color and found.shape[-1] == 4:
        found = found[..., :3] * found[..., 3:] + 1 - found[..., 3:]
    return found


def batch(name: str, value: Any, shape: tuple[int | None, ...]) -> np.ndarray:
    """Return images as `(number, *shape)`, float32, as a network of this input takes them.

    More axes of length 1 than these are dropped. Where `shape` holds None, only their number is
    checked.

    Raises:
        TypeError: where `value` does not hold real numbers.
        ValueError: where it is not finite, or has another shape.

    Examples:
        >>> batch("images", np.zeros((1, 5, 28, 28, 1)), (28, 28, 1)).shape
        (5, 28, 28, 1)

    """
    axes = len(shape) + 1
    if None in shape:
        return array(name, value, (axes,)).astype(np.float32)
    found = array(name, value, {axes, max(axes, getattr(value, "ndim", 0))})
    sides, wanted = ([n for n in lengths if n != 1] for lengths in (found.shape, shape))
    more = len(sides) - len(wanted)
    if more not in (0, 1) or sides[more:] != wanted:
        raise ValueError(
            f"`{name}` must have the shape (number, {str(tuple(shape))[1:]}. "
            f"Received {name} of shape {found.shape}."
        )
    return found.reshape(-1, *shape).astype(np.float32)


def limit_size(name: str, shape: tuple[int, ...]) -> None:
    """Refuse an array that would have more than 2**28 elements.

    Raises:
        ValueError: naming the argument and the shape.

    """
    size = math.prod(map(int, shape))
    if size > LARGEST_ARRAY:
        raise ValueError(
            f"`{name}` asks for an array of shape {shape}, above the limit of "
            f"{LARGEST_ARRAY:,} elements. Received {name}={size:,} elements."
        )
