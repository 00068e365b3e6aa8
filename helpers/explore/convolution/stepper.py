"""The stepper: one window, one sum at a time."""

import functools
from typing import Any

import numpy as np

from helpers.arguments import array
from helpers.explore import panels
from helpers.explore.panels import Frame, NumberGrid, Sign, Slider, Steps, number
from helpers.layers.conv import conv2d

SAY = panels.Words(__name__)
LARGEST = 12


def stepper(image: Any, kernel: Any) -> panels.Explorer:
    """Slide a kernel over a small image, one place at a time.

    Args:
        image: `(height, width)`, at most 12 x 12 numbers.
        kernel: `(kernel_height, kernel_width)`, not larger than the image.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where an array does not hold real numbers.
        ValueError: where an array is empty, too large, or has other than two dimensions.

    Examples:
        >>> stepper([[0, 1, 2]], [[1, -1]])
        Window at row 0, column 0: −1 = −1, the output at row 0, column 0.

    """
    pixels = array("image", image, dimensions=(2,))
    weights = array("kernel", kernel, dimensions=(2,))
    if max(pixels.shape) > LARGEST:
        raise ValueError(
            f"`image` must have at most {LARGEST} rows and columns. "
            f"Received image of shape {pixels.shape}."
        )
    output = conv2d(pixels, weights)
    position = Slider("position", 0, output.size - 1, 0, wide=True)
    draw = functools.partial(scene, pixels, weights, output)
    return panels.Explorer(draw, [[Steps("position"), position]], words=SAY)


def scene(
    pixels: np.ndarray, weights: np.ndarray, output: np.ndarray, position: int
) -> panels.Scene:
    """Show the window at one position: input, window, kernel, products, output so far."""
    row, column = divmod(position, output.shape[1])
    height, width = weights.shape
    window = pixels[row : row + height, column : column + width]
    products = window * weights
    total = number(products.sum())
    so_far = np.where(np.arange(output.size).reshape(output.shape) <= position, output, np.nan)

    largest = np.abs(pixels).max()
    colors = {"signed": bool((pixels < 0).any()), "limits": (pixels.min(), largest)}
    before = NumberGrid(pixels, title=SAY("input"), share=0.76, **colors,
                        frames=[Frame("window", row, column, height, width)])  # fmt: skip
    after = NumberGrid(so_far, signed=True, limits=(0, np.abs(output).max()), title=SAY("so_far"),
                       frames=[Frame("output", row, column)])  # fmt: skip
    terms = [
        NumberGrid(window, title=SAY("window"), frames=[Frame("window", 0, 0, height, width)],
                   **colors), Sign("×"),
        NumberGrid(weights, signed=True, title=SAY("kernel")), Sign("="),
        NumberGrid(products, signed=True, title=SAY("products")),
    ]  # fmt: skip
    sum_of_terms = panels.Text(SAY("sum", total=total), "title", panels.OUTPUT)
    right = panels.Column([after, panels.Row(terms, close=True), sum_of_terms])
    written = [number(value) for value in products.flat if value]
    spoken = " + ".join(f"({term})" if term.startswith("−") and place else term
                        for place, term in enumerate(written))  # fmt: skip
    words = SAY("sentence", row=row, column=column, terms=spoken or SAY("nothing"), total=total)
    return panels.Scene(panels.Row([before, right]), words)
