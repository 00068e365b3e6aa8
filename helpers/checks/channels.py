"""Exercises of notebook 03, Stack channels, count parameters."""

from typing import Any

import numpy as np

from helpers.checks.engine import Notebook, compare, predict_number, predict_numbers, run
from helpers.layers.shapes import conv2d_parameters

notebook = Notebook("03_channels")

count = notebook.prediction(
    "count",
    "the number of parameters",
    predict_number(
        conv2d_parameters(3, 64, 128),
        {
            73_728: "the 128 biases are missing, one for each filter.",
            1_280: "each filter looks at all 64 channels: its kernel has 3 · 3 · 64 weights.",
            73_792: "there is one bias for each of the 128 filters, not for each input channel.",
            577: "this is one filter: there are 128.",
            576: "these are the weights of one filter, without its bias.",
            0: "a convolution learns its weights.",
        },
        "(3 · 3 · 64 + 1) · 128 = 73,856.",
        "(kernel height · kernel width · input channels + 1) · filters",
    ),
    [
        "One filter has a weight for each place of its kernel and each input channel.",
        "That is 3 · 3 · 64 = 576 weights, and one bias.",
        "There are 128 such filters.",
    ],
)

shape = notebook.prediction(
    "shape",
    "height, width and channels of the output",
    predict_numbers(
        (32, 32, 24),
        {
            (64, 64, 24): "the stride of 2 leaves out every second place.",
            (30, 30, 24): "this is the size with valid: same pads.",
            (32, 32, 3): "each filter makes a map: the channels of the input are added up.",
            (32, 32, 72): "the channels of the input are added up, not multiplied by the filters.",
            (24, 32, 32): "the channels come last.",
            (0, 0, 0): "there is an output.",
        },
        "⌈64 / 2⌉ = 32, and one map for each of the 24 filters.",
        "Height and width follow from notebook 02, the channels are the filters.",
    ),
    [
        "With same, height and width are the input's divided by the stride, rounded up.",
        "The number of maps is the number of filters, whatever the input has.",
    ],
)

dense = notebook.prediction(
    "dense",
    "the number of parameters of the dense layer",
    predict_number(
        (224 * 224 * 3 + 1) * 1000,
        {
            150_528_000: "the 1,000 biases are missing.",
            150_528: "this is the number of inputs: each neuron has a weight for each of them.",
            50_177_000: "the image has three channels.",
            0: "a dense layer learns its weights.",
        },
        "(224 · 224 · 3 + 1) · 1,000 = 150,529,000.",
        "(inputs + 1) · neurons",
    ),
    [
        "The image has 224 · 224 · 3 numbers, and each neuron a weight for each of them.",
        "Each neuron has a bias besides.",
    ],
)


@notebook.exercise(
    "a function that returns the number of parameters",
    "Count the two parts one by one, then add.",
    "Depthwise: one kernel of kernel_size² weights for each channel.",
    "Pointwise: channels · filters weights, and one bias for each filter.",
)
def separable(function: Any) -> str:
    """Compare with the count that Keras gives, for random sizes."""
    random = np.random.default_rng(5)
    for kernel_size, channels, filters in [(3, 64, 128), *random.integers(2, 20, (20, 3)).tolist()]:
        expected = kernel_size**2 * channels + channels * filters + filters
        found = run(function, kernel_size, channels, filters)
        called = f"for kernel {kernel_size}, {channels} channels and {filters} filters"
        slips = [
            (expected - filters, "the biases are missing, one for each filter"),
            (expected + channels, "the depthwise part has no bias of its own"),
            (conv2d_parameters(kernel_size, channels, filters), "this is a usual convolution"),
            (kernel_size * channels + channels * filters + filters, "the kernel has two sides"),
            (kernel_size**2 * channels + filters, "the weights of the 1 × 1 part are missing"),
        ]
        compare(found, expected, called, slips)
    return (
        "Depthwise: k² for each channel. Pointwise: channels · filters, and a bias for each filter."
    )


@notebook.exercise(
    "a function that returns the same images with their channels last",
    "Draw one image before and after: is it still the same picture?",
    "The numbers must move to other places: exchange axes instead of giving a new shape.",
    "`np.transpose(images, axes)` takes the old axes in their new order, the batch first.",
)
def channels_last(function: Any) -> str:
    """Compare with moved axes, for random batches; a changed order of numbers is named."""
    random = np.random.default_rng(6)
    for shape in [(2, 3, 4, 5), (1, 3, 6, 6), *random.integers(2, 7, (6, 4)).tolist()]:
        images = random.integers(0, 256, shape)
        expected = np.moveaxis(images, 1, -1)
        found = run(function, images)
        called = f"for an array of shape {tuple(shape)}"
        slips = [
            (images.transpose(0, 3, 2, 1), "height and width change places: each image is "
             "mirrored at its diagonal"),
            (images.reshape(expected.shape), "the shape is right, but `reshape` keeps the numbers "
             "in their old order: pixels that were neighbours are no longer side by side"),
            (found, "the shape is right, but the numbers stand in other places"),
        ]  # fmt: skip
        compare(found, expected, called, slips if np.shape(found) == expected.shape else slips[:1])
    return "Each number has moved with its pixel: `transpose` exchanges axes, `reshape` does not."


__all__ = ["channels_last", "count", "dense", "separable", "shape"]
