"""The matrix explorer: four kinds of layer as a matrix, one row of it laid on the image."""

from typing import Any, NamedTuple

import numpy as np

from helpers.arguments import array, show
from helpers.explore import panels
from helpers.explore.panels import Choice, Frame, NumberGrid, Row, Sign, Slider, Text, number

SAY = panels.Words(__name__)
# The number that has the deepest colour; the weights that are drawn at random stay below it.
DEEPEST = 12
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


def matrix(image: Any = None, kernel: Any = None) -> panels.Explorer:
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
    outputs = tuple(int(n) for n in np.subtract(pixels.shape, weights.shape) + 1)
    last = len(layers["Dense"].weights) - 1
    controls = [
        [Choice("kind", KINDS, "Convolution")],
        [Slider("output", 0, last, 0, wide=True)],
    ]
    return panels.Explorer(
        lambda kind, output: scene(pixels, layers[kind], outputs, kind, output),
        controls, words=SAY,
    )  # fmt: skip


def scene(
    pixels: np.ndarray, chosen: Layer, outputs: tuple[int, int], kind: str, output: int
) -> panels.Scene:
    """Show the matrix with one row marked, and below it the same row laid on the image."""
    values = chosen.weights @ pixels.ravel()
    used = chosen.used[output]
    row, column = divmod(output, outputs[1])
    told = {
        **SAY.told(kind=kind), "says": SAY(f"says.{kind}"), "output": output, "row": row,
        "column": column, "outputs": len(values), "pixels": pixels.size,
        "places": chosen.used.size, "connections": int(chosen.used.sum()), "free": chosen.free,
        "read": int(used.sum()), "total": number(values[output]),
    }  # fmt: skip

    connected = np.where(chosen.used, chosen.weights, np.nan)
    signed = {"signed": True, "limits": (-DEEPEST, DEEPEST)}
    window = [rectangle(used.reshape(pixels.shape))]
    folded = NumberGrid(connected[output].reshape(pixels.shape), frames=window,
                        title=SAY("folded"), **signed)  # fmt: skip
    made = NumberGrid(values.reshape(outputs), fills=white(*outputs), title=SAY("outputs"),
                      frames=[Frame("output", row, column)])  # fmt: skip
    product = Row([NumberGrid(pixels, frames=window, title=SAY("image")), Sign("×"), folded,
                   Sign("→"), made], close=True, share=1.9)  # fmt: skip
    lines = [SAY(key, **told) for key in ("places", "connections", "free", "reads")]
    below = Row([product, Text(lines, title=told["kind"])])
    legend = panels.signs(SAY, "window", "output")
    shown = [*matrix_panels(pixels, connected, values, used, output, signed), below, legend]
    return panels.Scene(shown, SAY("sentence", **told))


def matrix_panels(
    pixels: np.ndarray, connected: np.ndarray, values: np.ndarray, used: np.ndarray, output: int,
    signed: dict[str, Any],
) -> list[panels.Panel]:  # fmt: skip
    """Return the image as one line, the matrix below it in the same columns, and the outputs."""
    rows, columns = connected.shape
    # All of them have cells of the same size.
    look = {"cell": min(0.6, 17 / columns, 5.5 / rows), "share": 0}
    read = np.flatnonzero(used)
    runs = np.split(read, np.flatnonzero(np.diff(read) > 1) + 1)
    line = NumberGrid(pixels.reshape(1, -1), title=SAY("line"), **look,
                      frames=[Frame("window", 0, run[0], 1, len(run)) for run in runs])  # fmt: skip
    numbers = NumberGrid(connected, frames=[Frame("output", output, 0, 1, columns)],
                         **signed, **look)  # fmt: skip
    made = NumberGrid(values[:, None], fills=white(rows, 1), frames=[Frame("output", output)],
                      **look)  # fmt: skip
    return [line, Text(SAY("matrix"), "title"), Row([numbers, made])]


def rectangle(used: np.ndarray) -> Frame:
    """Return the frame around what an output reads, which is always a rectangle."""
    down, across = np.nonzero(used)
    return Frame("window", down[0], across[0], np.ptp(down) + 1, np.ptp(across) + 1)


def white(rows: int, columns: int) -> np.ndarray:
    """Return the fills of cells whose numbers have no colour."""
    return np.full((rows, columns, 3), 255, np.uint8)
