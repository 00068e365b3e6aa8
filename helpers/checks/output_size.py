"""Exercises of notebook 02, Set the output size."""

from typing import Any

import numpy as np

from helpers.checks.engine import Notebook, compare, predict_number, predict_numbers, run
from helpers.layers.shapes import output_size, padding_amounts, receptive_field

notebook = Notebook("02_output_size")

pair = notebook.prediction(
    "pair",
    "two sizes, first with valid, then with same",
    predict_numbers(
        [output_size(28, 5, 2), output_size(28, 5, 2, "same")],
        {
            (24, 28): "these are the sizes with stride 1: every second place is left out.",
            (14, 12): "the two are exchanged: valid comes first.",
            (12, 12): "with same the padding makes room for more windows: ⌈28 / 2⌉.",
            (11, 14): "(28 − 5) / 2 rounded down is the number of steps: the first window counts, "
            "too.",
            (13, 14): "round (28 − 5) / 2 = 11.5 down before you add 1.",
            (12.5, 14): "a size is a whole number: round (28 − 5) / 2 down.",
            (0, 0): "there is room for at least one window.",
        },
        "⌊(28 − 5) / 2⌋ + 1 = 12 and ⌈28 / 2⌉ = 14.",
        "How many places has the window, if it moves by 2?",
    ),
    [
        "With valid: how many steps of 2 fit between the first and the last place?",
        "The last place begins at pixel 28 − 5 = 23 at most; 11 steps of 2 fit.",
        "11 steps make 12 places. With same the size is 28 / 2, rounded up.",
    ],
)


@notebook.exercise(
    "a function that returns the smallest input for a number of outputs",
    "How many steps lie between the first window and the last?",
    "outputs − 1 steps of `strides` pixels lead to the beginning of the last window.",
    "(outputs − 1) · strides + kernel_size",
)
def input_size(function: Any) -> str:
    """Compare with the smallest input that gives the size, found by trying."""
    random = np.random.default_rng(3)
    settings = [(1, 1, 1), (5, 3, 1), (3, 3, 2), *random.integers(1, 8, (30, 3)).tolist()]
    for outputs, kernel_size, strides in settings:
        expected = next(
            n for n in range(kernel_size, 99) if output_size(n, kernel_size, strides) == outputs
        )
        found = run(function, outputs, kernel_size, strides)
        called = f"for {outputs} outputs, kernel {kernel_size} and stride {strides}"
        steps = outputs - 1
        slips = [
            (outputs * strides + kernel_size, f"it is too large: {outputs} windows make only "
             f"{steps} steps"),
            (steps * strides, "the last window is missing: it needs room for the kernel"),
            (outputs * strides, "the kernel plays no part in the result"),
            *((size, f"a smaller input would do: {expected} pixels")
              for size in range(expected + 1, expected + strides)),
        ]  # fmt: skip
        compare(found, expected, called, slips)
    return "The last window begins after outputs − 1 steps, and is as wide as the kernel."


unvisited = notebook.prediction(
    "unvisited",
    "how many of the 12 pixels are never visited",
    predict_number(
        3,
        {
            1: "only the rest at the end is counted: between the windows there are gaps, too.",
            2: "only the gaps between the windows are counted: a pixel is left over at the end.",
            0: "the stride is larger than the kernel: there must be gaps.",
            9: "9 pixels are visited; how many are not?",
            6: "the windows begin at pixels 0, 4 and 8 and are 3 wide.",
        },
        "Pixels 3, 7 and 11 lie in no window.",
        "Write down which pixels each window covers.",
    ),
    [
        "The stride is larger than the kernel: what lies between two windows?",
        "The windows cover the pixels 0 to 2, 4 to 6 and 8 to 10.",
    ],
)

where_padded = notebook.prediction(
    "where_padded",
    "how many zeros TensorFlow puts before and after",
    predict_numbers(
        padding_amounts(9, 4, 2),
        {
            (2, 1): "TensorFlow puts the larger half after, not before.",
            (1.5, 1.5): "a zero cannot be halved: the odd one goes after.",
            (0, 3): "the zeros are shared between both sides as evenly as can be.",
            (1, 1): "there are 5 outputs; the last window begins at 8 and ends after 12 pixels.",
            (2, 2): "4 zeros are one too many: 8 + 4 − 9 are needed.",
            (0, 0): "without zeros there would be 3 outputs, and same asks for 5.",
        },
        "5 windows need (5 − 1) · 2 + 4 = 12 pixels, 3 more than there are: 1 before, 2 after.",
        "How many outputs does same give, and how many pixels do they need?",
    ),
    [
        "With same there are ⌈9 / 2⌉ = 5 outputs.",
        "5 windows of 4, 2 apart, need 12 pixels.",
        "12 − 9 = 3 zeros are needed; the larger half goes after.",
    ],
)

field = notebook.prediction(
    "field",
    "the receptive field in pixels",
    predict_number(
        receptive_field([(5,), (2, 2), (3,), (3,)]),
        {
            10: "the stride of the pooling is forgotten: after it, one step is two pixels.",
            13: "these are the kernel sizes added up.",
            6: "this is what the pooling sees: two convolutions follow.",
            9: "the field begins with 1 pixel, or the last layer is missing.",
            18: "the pooling itself still moves by single pixels: only the layers after it count "
            "double.",
            0: "an output sees at least one pixel.",
        },
        "1 + 4 + 1 + 2 · 2 + 2 · 2 = 14.",
        "Start with 1; each layer adds (k − 1) times the strides before it.",
    ),
    [
        "Start with 1 pixel and go through the layers from the first to the last.",
        "The 5 × 5 convolution adds 4, the pooling 1.",
        "After the pooling each step is two pixels: each 3 × 3 convolution adds 2 · 2.",
    ],
)
__all__ = ["field", "input_size", "pair", "unvisited", "where_padded"]
