"""Exercises of notebook 04, Shift the picture."""

from typing import Any

import numpy as np

from helpers.arguments import show
from helpers.checks.engine import Notebook, Untried, Wrong, compare, predict_numbers, run, weights

notebook = Notebook("04_translation")

pooled = notebook.prediction(
    "pooled",
    "the 2 × 2 numbers that max pooling gives",
    predict_numbers(
        [[5, 7], [8, 6]],
        {
            (3.25, 2.5, 2.75, 5): "these are the averages: max pooling keeps the largest number.",
            (13, 10, 11, 20): "these are the sums: max pooling keeps the largest number.",
            (1, 2, 0, 6): "this is the first number of each window, not the largest.",
            (1, 0, 0, 3): "these are the smallest numbers.",
            (5, 8, 7, 6): "the numbers are right, but rows and columns are exchanged.",
            (5, 7, 4, 7): "the window moves by its own size: the second row of windows begins at "
            "row 2.",
            (0, 0, 0, 0): "in each window stand numbers above 0.",
        },
        "The windows hold 1, 5, 3, 4 – 2, 0, 7, 1 – 0, 2, 8, 1 – 6, 6, 3, 5.",
        "Draw the four windows of 2 × 2 side by side, and keep the largest number of each.",
    ),
    [
        "A window of 2 × 2 that moves by 2: four windows, none of them overlap.",
        "The first window holds 1, 5, 3 and 4.",
    ],
)


@notebook.exercise(
    "a kernel of shape (2, 2, 2, 2)",
    "The shape is height, width, input channels, filters. Filter 0 makes map 0.",
    "Filter 0 takes a quarter of each pixel of channel 0, and nothing of channel 1.",
    "`kernel[:, :, 0, 0] = 0.25`, and the same for channel and filter 1.",
)
def average_kernel(answer: Any) -> str:
    """Judge a kernel by what each output map takes from each channel."""
    meaning = ": height, width, input channels, filters"
    found = weights(answer, (2, 2, 2, 2), meaning)
    if not found.any():
        raise Wrong("with nothing but zeros every output is 0.")
    own, other = found[:, :, [0, 1], [0, 1]], found[:, :, [0, 1], [1, 0]]
    if other.any() and not own.any():
        raise Wrong("the channels are exchanged: map 0 averages channel 1.")
    if other.any():
        raise Wrong("a map takes from both channels: pooling keeps channels apart.")
    for channel in (0, 1):
        window = own[:, :, channel]
        total = window.sum()
        if not np.isclose(total, 1):
            raise Wrong(
                f"the weights of channel {channel} add up to {total:g}: an even area would not "
                "keep its brightness."
            )
        if not np.allclose(window, 0.25):
            raise Wrong(f"in channel {channel} not all four pixels count alike.")
    return "Average pooling is a convolution whose weights are fixed, with a stride."


@notebook.exercise(
    "a function that returns one number for each map",
    "Height and width disappear, the channels stay: (height, width, channels) → (channels,).",
    "NumPy's `mean` takes an `axis`, also several of them as a tuple.",
    "`maps.mean(axis=(0, 1))`",
)
def global_average(function: Any) -> str:
    """Call the function on random maps, and name the mistake that its numbers show."""
    random = np.random.default_rng(4)
    for shape in [(5, 4, 3), (2, 7, 4), (1, 1, 2), (6, 6, 6)]:
        maps = random.normal(size=shape)
        expected = maps.mean(axis=(0, 1))
        found = run(function, maps)
        where = f"for maps of shape {shape}"
        slips = [
            (maps.mean(), "it averages over the channels, too: each map keeps its own number"),
            (maps.mean(axis=2), "it averages over the channels: height and width should go"),
            (maps.mean(axis=0), "it averages over the rows only: the columns go, too"),
            (maps.mean(axis=1), "it averages over the columns only: the rows go, too"),
            (maps.max(axis=(0, 1)), "this is the largest number of each map: average it"),
            (maps.sum(axis=(0, 1)), "this is the sum of each map: divide by its size"),
        ]
        compare(found, expected, where, slips)
    return "One number for each map, whatever the size of the maps."


@notebook.exercise(
    "a list of the shifts, from 1 to 16, that stay exact",
    "How many pixels of the input wide is one cell of the last maps?",
    "Each pooling doubles the width of a cell: 2, 4, 8.",
    "The shift must be a multiple of that width.",
)
def exact_shifts(answer: Any) -> str:
    """Compare with the multiples of the total stride."""
    if isinstance(answer, str):
        raise Wrong(f"numbers are asked for: leave the quotes out of {show(answer)}.")
    found = np.array(sorted(answer) if isinstance(answer, set | frozenset) else answer)
    if any(value is ... or value is None for value in found.ravel()):
        raise Untried
    if found.size and found.dtype.kind not in "iuf":
        raise Wrong(f"a list of whole numbers is asked for. Received {show(answer)}.")
    given = set(found.ravel().tolist())
    reasons = {
        (): "a shift by the total stride moves the last maps by exactly one cell.",
        (2, 4, 6, 8, 10, 12, 14, 16): "a shift by 2 keeps the first pooling exact: it moves the "
        "first maps by one cell. What does the second pooling make of a shift by one cell?",
        (4, 8, 12, 16): "a shift by 4 keeps two of the poolings exact, and there are three.",
        (6, 12): "the strides are added up: one cell of the last maps is 2 · 2 · 2 pixels wide.",
        (8,): "8 is one of them: and two cells of the last maps?",
        (16,): "16 is one of them, but it is not the smallest.",
        tuple(range(1, 17)): "only without strides is every shift exact.",
    }
    if (why := reasons.get(tuple(sorted(given)))) is not None:
        raise Wrong(why)
    if given != {8, 16}:
        outside = sorted(given - {8, 16})
        raise Wrong(
            f"a shift by {outside[0]} is no whole number of cells of the last maps."
            if outside
            else "one is missing."
        )
    return "The total stride is 2 · 2 · 2 = 8, and every multiple of it is exact."


@notebook.exercise(
    "a network that gives the same answer wherever the picture stands",
    "The convolutions and the pooling are all right: their maps move along with the picture.",
    "Which layer gives each place of the maps weights of its own?",
    "Put `layers.GlobalMaxPooling2D()` (or average) in the place of `layers.Flatten()`.",
)
def any_place(network: Any) -> str:
    """Judge a network by its answers to the same picture at several places."""
    from helpers.models.backend import keras

    if not isinstance(network, keras.Model):
        raise Wrong(f"a Keras network is asked for. Received {show(network)}.")
    if network.input_shape != (None, 44, 44, 1):
        raise Wrong(f"it should take inputs of 44 × 44 × 1. It takes {network.input_shape[1:]}.")
    if network.output_shape != (None, 10):
        raise Wrong(
            f"it should give ten numbers for each picture. It gives {network.output_shape[1:]}."
        )
    kinds = [type(layer).__name__ for layer in network.layers]
    if kinds.count("Conv2D") < 2:
        raise Wrong("keep the two convolutions: without them it cannot tell shapes apart.")
    random = np.random.default_rng(6)
    pictures = np.zeros((4, 44, 44, 1), "float32")
    pictures[:, 14:26, 14:26, 0] = random.random((4, 12, 12))
    answers = [
        np.asarray(network(np.roll(pictures, shift, (1, 2))))
        for shift in ((0, 0), (0, 4), (-8, 0), (8, -4))
    ]
    if not np.isfinite(answers[0]).all():
        raise Wrong("its answers are no finite numbers.")
    if np.ptp(answers[0], axis=0).max() < 1e-6:
        raise Wrong("it says the same of every picture: it must still tell pictures apart.")
    worst = max(np.abs(answer - answers[0]).max() for answer in answers)
    if worst > 1e-5:
        rest = " Flatten gives each place weights of its own." if "Flatten" in kinds else ""
        raise Wrong(f"moved by 4 or 8 pixels, the same picture gets another answer.{rest}")
    return (
        f"The same answer wherever the picture stands, with {network.count_params():,} parameters."
    )


__all__ = ["any_place", "average_kernel", "exact_shifts", "global_average", "pooled"]
