"""The matrix explorer: four kinds of layer as a matrix, one row of it laid on the image."""

from typing import Any, NamedTuple

import ipywidgets as widgets
import numpy as np

from helpers.arguments import array, show
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas, number

KINDS = ("Dense", "Shared only", "Local only", "Convolution")
LARGEST = 6
IMAGE = np.array(
    [[9, 9, 9, 9, 9], [0, 0, 0, 9, 0], [0, 0, 9, 0, 0], [0, 9, 0, 0, 0], [9, 0, 0, 0, 0]]
)
KERNEL = np.array([[1, -2, 3], [-4, 5, -6], [7, -8, 9]])


class Layer(NamedTuple):
    """A layer without biases as a matrix, a row for each output and a column for each pixel.

    `weights` holds its numbers, `used` where there is a connection, and `which` tells the weights
    apart: places with the same number hold one and the same weight.
    """

    weights: np.ndarray
    used: np.ndarray
    which: np.ndarray

    @property
    def free(self) -> int:
        """Count the weights that training may choose."""
        return len(np.unique(self.which[self.used]))


def layer(kind: str, image_shape: tuple[int, int], kernel: np.ndarray) -> Layer:
    """Return one of the four `KINDS` for an image `(height, width)` and a kernel.

    In a convolution the weights are those of `kernel`; the kinds that have more weights than it
    fill the rest with whole numbers drawn once and for all.
    """
    rows, columns = kernel.shape
    outputs = np.subtract(image_shape, kernel.shape) + 1
    row, column = (place.reshape(-1, 1) for place in np.indices(outputs))
    down, across = (place.reshape(1, -1) for place in np.indices(image_shape))
    down, across = down - row, across - column
    near = (down >= 0) & (down < rows) & (across >= 0) & (across < columns)

    def by_distance(down, across):
        span = image_shape[1] + outputs[1] - 1
        return (down + outputs[0] - 1) * span + across + outputs[1] - 1

    random = np.random.default_rng(3)
    numbers = random.integers(1, 10, near.size) * random.choice([-1.0, 1.0], near.size)
    which = np.arange(near.size).reshape(near.shape)
    if kind in ("Shared only", "Convolution"):
        which = by_distance(down, across)
        numbers[by_distance(*np.indices(kernel.shape))] = kernel
    used = near if kind in ("Local only", "Convolution") else np.ones_like(near)
    return Layer(np.where(used, numbers[which], 0.0), used, which)


def matrix(image: Any = None, kernel: Any = None) -> Explorer:
    """See a layer as a matrix: each of its rows is one output, laid on the image.

    Args:
        image: `(height, width)`, at most 6 x 6 pixels; a drawn 7 where it is left out.
        kernel: `(height, width)`, not larger than the image; nine numbers where it is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where an argument does not hold real numbers.
        ValueError: where one is empty, not finite, too large, or not of two dimensions.

    Examples:
        >>> matrix().settings()
        {'kind': 'Convolution', 'output': 0}

    """
    pixels = array("image", IMAGE if image is None else image, dimensions=(2,))
    weights = array("kernel", KERNEL if kernel is None else kernel, dimensions=(2,))
    if max(pixels.shape) > LARGEST:
        raise ValueError(
            f"`image` must have at most {LARGEST} rows and columns. "
            f"Received image of shape {pixels.shape}."
        )
    if any(np.greater(weights.shape, pixels.shape)):
        raise ValueError(
            f"`kernel` must fit into the image of shape {pixels.shape}. "
            f"Received kernel={show(weights)}."
        )
    layers = {kind: layer(kind, pixels.shape, weights) for kind in KINDS}
    controls = {
        "kind": toggles("Layer", list(KINDS), "Convolution"),
        "output": widgets.IntSlider(
            description="Output no.", max=len(layers["Dense"].weights) - 1,
            layout=widgets.Layout(width="420px"),
        ),
    }  # fmt: skip
    outputs = tuple(int(n) for n in np.subtract(pixels.shape, weights.shape) + 1)
    return Explorer(
        lambda kind, output: scene(pixels, layers[kind], kind, outputs, output),
        controls,
        [["kind"], ["output"]],
    )


SAYS = {
    "Dense": "each place has a weight of its own",
    "Shared only": "every output uses the same weights, moved along with it",
    "Local only": "each output has a few weights of its own, for the pixels of its window",
    "Convolution": "every output uses the same few weights, for the pixels of its window",
}


def scene(
    pixels: np.ndarray, chosen: Layer, kind: str, outputs: tuple[int, int], output: int
) -> Scene:
    """Draw the matrix with one row marked, and below it the same row laid on the image."""
    values = chosen.weights @ pixels.ravel()
    used, weights = chosen.used[output], chosen.weights[output]
    shades = canvas.colors(chosen.weights, True, 12.0)
    shades[~chosen.used] = 255
    ink = canvas.colors(pixels, False)
    drawn = Canvas(900, 538)
    draw_matrix(drawn, pixels, chosen, shades, ink, output)

    top, cell = 380, 150 // max(pixels.shape)
    row, column = divmod(output, outputs[1])
    height, width = pixels.shape
    folded = shades[output].reshape(height, width, 3)
    shown = np.where(used, weights, np.nan).reshape(height, width)
    middle = top + height * cell / 2 + 6
    for left, title, fills, numbers in (
        (8, "Image", ink, pixels),
        (196, "The row, folded", folded, shown),
    ):
        drawn.text(left, top - 12, title, canvas.TITLE)
        drawn.grid(left, top, cell, fills, numbers)
        # What an output reads is always a rectangle.
        down, across = np.nonzero(used.reshape(height, width))
        drawn.outline(
            left + across[0] * cell, top + down[0] * cell,
            (across[-1] - across[0] + 1) * cell, (down[-1] - down[0] + 1) * cell,
        )  # fmt: skip
    drawn.text(177, middle, "×", canvas.TITLE, anchor="middle")
    drawn.text(366, middle, "→", canvas.TITLE, anchor="middle")
    drawn.text(388, top - 12, "Outputs", canvas.TITLE)
    small = min(50, 150 // max(outputs))
    plain = np.full((*outputs, 3), 255, np.uint8)
    drawn.grid(388, top, small, plain, values.reshape(outputs))
    drawn.outline(388 + column * small, top + row * small, small, small, canvas.OUTPUT)

    count = int(chosen.used.sum())
    words = (
        f"{kind}: {SAYS[kind]}. Of {chosen.used.size} places in the matrix {count} are "
        f"connections, and {chosen.free} weights are free to choose. Output {output} (row {row}, "
        f"column {column}) reads {int(used.sum())} of {pixels.size} pixels; the sum of the "
        f"products is {number(values[output])}."
    )
    lines = [
        f"{kind}",
        f"places in the matrix: {len(values)} · {pixels.size} = {chosen.used.size}",
        f"connections: {count}",
        f"free weights: {chosen.free}",
        f"this output reads {int(used.sum())} of {pixels.size} pixels",
        "orange: what the output reads   blue: the output",
    ]
    for place, line in enumerate(lines):
        size = {0: canvas.TITLE, 5: canvas.SMALL}.get(place, canvas.TEXT)
        drawn.text(580, top + 4 + 27 * place, line, size)
    return Scene(drawn, words)


def draw_matrix(
    drawn: Canvas, pixels: np.ndarray, chosen: Layer, shades: np.ndarray, ink: np.ndarray,
    output: int,
) -> None:  # fmt: skip
    """Draw the image as one line, the matrix below it, and the outputs beside it."""
    rows, columns = chosen.used.shape
    cell = min(28, 780 // columns, 252 // rows)
    top, right = 94, 8 + columns * cell + 22
    readable = cell >= 16
    drawn.text(8, 22, "The image, row after row", canvas.TITLE)
    drawn.grid(8, 32, cell, ink.reshape(1, -1, 3), pixels.reshape(1, -1) if readable else None)
    drawn.text(8, 84, "The matrix: a row for each output, a column for each pixel", canvas.TITLE)
    shown = np.where(chosen.used, chosen.weights, np.nan)
    drawn.grid(8, top, cell, shades, shown if readable else None)
    read = np.flatnonzero(chosen.used[output])
    for run in np.split(read, np.flatnonzero(np.diff(read) > 1) + 1):
        drawn.outline(8 + run[0] * cell, 32, len(run) * cell, cell)
    drawn.outline(8, top + output * cell, columns * cell, cell, canvas.OUTPUT)
    plain = np.full((rows, 1, 3), 255, np.uint8)
    values = (chosen.weights @ pixels.ravel())[:, None]
    drawn.grid(right, top, cell, plain, values if readable else None, 9)
    drawn.outline(right, top + output * cell, cell, cell, canvas.OUTPUT)
    drawn.text(right, top - 10, "outputs", canvas.SMALL)
