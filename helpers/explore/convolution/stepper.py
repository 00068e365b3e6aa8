"""The stepper: one window, one sum at a time."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.arguments import array
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene
from helpers.explore.canvas import Canvas, number
from helpers.layers.conv import conv2d

LARGEST = 12


def stepper(image: Any, kernel: Any) -> Explorer:
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
    places = conv2d(pixels, weights).size
    slider = widgets.IntSlider(
        description="Position",
        min=0,
        max=places - 1,
        continuous_update=True,
        layout=widgets.Layout(width="420px"),
    )
    play = widgets.Play(min=0, max=places - 1, interval=700)
    widgets.jslink((play, "value"), (slider, "value"))
    back = widgets.Button(description="Back", layout=widgets.Layout(width="80px"))
    step = widgets.Button(description="Step", layout=widgets.Layout(width="80px"))

    def move(by):
        slider.value = (slider.value + by) % places

    back.on_click(lambda _: move(-1))
    step.on_click(lambda _: move(1))
    return Explorer(
        lambda position: scene(pixels, weights, position),
        {"position": slider},
        [[play, back, step, "position"]],
    )


def scene(pixels: np.ndarray, weights: np.ndarray, position: int) -> Scene:
    """Draw the window at one position: input, window, kernel, products, output so far."""
    output = conv2d(pixels, weights)
    row, column = divmod(position, output.shape[1])
    height, width = weights.shape
    window = pixels[row : row + height, column : column + width]
    products = window * weights
    so_far = np.where(np.arange(output.size).reshape(output.shape) <= position, output, np.nan)

    cell, small = min(44, 310 // max(pixels.shape)), min(38, 116 // max(weights.shape))
    middle, right = 50 + pixels.shape[1] * cell, 130 + pixels.shape[1] * cell + width * small
    drawn = Canvas(
        max(right + output.shape[1] * cell + 16, 560),
        max(44 + max(len(pixels), len(output)) * cell + 34, 3 * (height * small + 30) + 50),
    )
    top = 34
    drawn.text(8, 22, "Input", canvas.TITLE)
    drawn.grid(8, top, cell, canvas.colors(pixels, (pixels < 0).any()), pixels)
    drawn.outline(8 + column * cell, top + row * cell, width * cell, height * cell)

    for place, (name, values, signed) in enumerate(
        (("Window", window, (pixels < 0).any()), ("× kernel", weights, True),
         ("= products", products, True))
    ):  # fmt: skip
        y = place * (height * small + 30)
        drawn.text(middle, y + 22, name, canvas.TITLE)
        fills = canvas.colors(values, signed, None if signed else pixels.max() or 1)
        drawn.grid(middle, y + top, small, fills, values)
    drawn.outline(middle, top, width * small, height * small)
    y = 3 * (height * small + 30) + 18
    drawn.text(middle, y, f"Sum: {number(products.sum())}", canvas.TITLE, canvas.OUTPUT)

    drawn.text(right, 22, "Output so far", canvas.TITLE)
    fills = canvas.colors(np.nan_to_num(so_far), True, np.abs(output).max())
    fills[np.isnan(so_far)] = 241
    drawn.grid(right, top, cell, fills, so_far)
    drawn.outline(right + column * cell, top + row * cell, cell, cell, canvas.OUTPUT)
    terms = [number(value) for value in products.flat if value]
    total = " + ".join(
        f"({term})" if term[0] == "−" and i else term for i, term in enumerate(terms)
    )
    words = (
        f"Window at row {row}, column {column}: {total or 'all products are 0'} = "
        f"{number(products.sum())}, the output at row {row}, column {column}."
    )
    return Scene(drawn, words)
