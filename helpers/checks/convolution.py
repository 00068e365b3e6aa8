"""Exercises of notebook 01, Slide a filter over an image."""

from typing import Any

import numpy as np

from helpers.checks.engine import (
    Notebook,
    Wrong,
    compare,
    predict_number,
    predict_numbers,
    run,
    weights,
)
from helpers.layers.conv import conv2d
from helpers.layers.kernels import kernel

notebook = Notebook("01_convolution")

window_sum = notebook.prediction(
    "window_sum",
    "the sum of the products of window and kernel",
    predict_number(
        -9,
        {
            10: "10 is the sum of the window alone: multiply by the kernel first.",
            0: "0 is the sum of the kernel: the window's numbers are not all equal.",
            15: "15 comes out when the minus of the −4 is lost: 4 · 3 is to be taken away.",
            -1: "−1 is the average of the products: convolution adds up and does not divide.",
            9: "the sign is wrong: the −4 lies on the 3 in the middle.",
            -12: "−12 is the product in the middle alone: four more weights are not 0.",
        },
        "2 + 0 − 12 + 1 + 0 = −9.",
        "Multiply number by number, then add up the nine products.",
    ),
    [
        "Only five weights are not 0, so only five products matter.",
        "The middle gives −4 · 3 = −12.",
        "Above, left, right and below the middle of the window stand 2, 0, 1 and 0.",
    ],
)


@notebook.exercise(
    "a function that returns one number of the feature map",
    "The window begins at the given row and column, and is as large as the kernel.",
    "`image[row : row + height, column : column + width]` is the window.",
    "Multiply the window by the kernel, then `.sum()`.",
)
def one_output(function: Any) -> str:
    """Call the function on random images, and name the mistake that its numbers show."""
    random = np.random.default_rng(1)
    for height, width, rows, columns in [(6, 4, 2, 3), (5, 5, 3, 3), (3, 7, 1, 2), (4, 4, 4, 4)]:
        image = random.integers(-9, 10, (height, width)).astype(float)
        weights = random.integers(-4, 5, (rows, columns)) + 0.5
        expected = conv2d(image, weights)
        row, column = expected.shape[0] - 1, max(expected.shape[1] - 2, 0)
        found = run(function, image, weights, row, column)
        if np.shape(found) == weights.shape:
            raise Wrong("it returns the products, one for each weight: add them up.")
        window = image[row : row + rows, column : column + columns]
        where = f"for an image of shape {image.shape}, row {row} and column {column},"
        slips = [
            ((window * weights[::-1, ::-1]).sum(), "the kernel is flipped: Conv2D does not"),
            ((window * weights).mean(), "it divides by the number of weights: only add up"),
            (window.sum(), "the kernel plays no part: multiply by it"),
        ]
        compare(found, expected[row, column], where, slips)
    return "That is the whole operation; the loops only repeat it."


flip = notebook.prediction(
    "flip",
    "the 2 × 2 numbers that Conv2D gives",
    predict_numbers(
        [[4, 3], [2, 1]],
        {
            (1, 2, 3, 4): "this is the kernel as it stands, which mathematical convolution would "
            "give. Conv2D does not flip, and so the impulse meets the weights in reverse order.",
            (1, 3, 2, 4): "rows and columns are exchanged.",
            (3, 4, 1, 2): "only the rows are turned round: the columns turn, too.",
            (2, 1, 4, 3): "only the columns are turned round: the rows turn, too.",
            (4, 2, 3, 1): "the numbers are right, but rows and columns are exchanged.",
            (0, 0, 0, 0): "each window contains the 1, so no output is 0.",
        },
        "In the first window the 1 lies at the bottom right, on the weight 4.",
        "Lay the kernel over each of the four windows; where does the 1 lie in it?",
    ),
    [
        "There are four windows, and the single 1 lies in each of them, each time elsewhere.",
        "In the first window, at the top left, the 1 lies at the bottom right.",
        "The weight on that place is 4.",
    ],
)


@notebook.exercise(
    "a function that returns √(x² + y²)",
    "Try the broken function on an edge that gets darker to the right: across is negative.",
    "`np.maximum(x, 0)` throws away half of the edges. Squares have no sign.",
    "`np.sqrt(across**2 + down**2)`",
)
def magnitude(function: Any) -> str:
    """Try all directions of an edge, then random maps."""
    for across, down, direction in (
        (-3.0, 4.0, "left and below"),
        (3.0, 4.0, "right and below"),
        (3.0, -4.0, "right and above"),
        (0.0, -2.0, "above"),
    ):
        found = run(function, np.array([[across]]), np.array([[down]]))
        called = f"for an edge brighter {direction} ({across:g}, {down:g})"
        slips = [
            (abs(across) + abs(down), "|x| + |y| is not the length of the arrow: √(x² + y²) is"),
            (across**2 + down**2, "this is the square of the length: the root is missing"),
        ]
        compare(found, [[np.hypot(across, down)]], called, slips)
    maps = np.random.default_rng(2).normal(size=(2, 5, 6))
    compare(run(function, *maps), np.hypot(*maps), "for random maps")
    return "Now edges of all directions count alike, whichever side is brighter."


@notebook.exercise(
    "a 3 × 3 kernel that is positive where the image gets brighter from top to bottom",
    "The rows must differ from each other; within a row nothing should change.",
    "What lies below counts positively, what lies above negatively, and the sum must be 0.",
    f"The kernel Sobel, top to bottom is one: {kernel('sobel_y').astype(int).tolist()}.",
)
def design(answer: Any) -> str:
    """Judge a kernel by what it does, not by what it is."""
    found = weights(answer, (3, 3))
    if not found.any():
        raise Wrong("with nothing but zeros every output is 0, on edges too.")
    even = conv2d(np.ones((3, 3)), found)[0, 0]
    if not np.isclose(even, 0):
        raise Wrong(f"on an even area it gives {even:g} times the brightness: let the sum be 0.")
    step = np.zeros((4, 4))
    step[2:] = 1
    below = conv2d(step, found)
    if (below < 0).any() and (below <= 0).all():
        raise Wrong("on an edge that is brighter below it is negative: turn the signs round.")
    if not (below > 0).all():
        raise Wrong("on an edge that is brighter below it should be above 0 wherever it meets it.")
    sideways = conv2d(step.T, found)
    if not np.allclose(sideways, 0):
        raise Wrong("on an edge that is brighter on the right it should be 0, and is not.")
    return "It finds horizontal edges that are brighter below, and only those."


__all__ = ["design", "flip", "magnitude", "one_output", "window_sum"]
