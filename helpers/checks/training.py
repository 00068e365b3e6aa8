"""Exercises of notebook 05, Train the MNIST CNN."""

from typing import Any

import numpy as np

from helpers.checks.engine import (
    Notebook,
    Wrong,
    compare,
    predict_number,
    predict_numbers,
    run,
)
from helpers.layers.shapes import conv2d_parameters

notebook = Notebook("05_training")

parameters = notebook.prediction(
    "parameters",
    "the number of parameters of the layer",
    predict_number(
        conv2d_parameters(5, 32, 64),
        {
            51_200: "the 64 biases are missing, one for each filter.",
            1_664: "each filter looks at all 32 channels: its kernel has 5 · 5 · 32 weights.",
            18_496: "this is the layer with a 3 × 3 kernel.",
            51_232: "there is one bias for each of the 64 filters, not for each input channel.",
            800: "these are the weights of a single filter, without its bias.",
            0: "a convolution learns its weights.",
        },
        "(5 · 5 · 32 + 1) · 64 = 51,264.",
        "(kernel height · kernel width · input channels + 1) · filters",
    ),
    [
        "One filter has a weight for each place of the kernel and each input channel.",
        "That makes 5 · 5 · 32 weights and one bias for each filter.",
    ],
)

logit_gradient = notebook.prediction(
    "logit_gradient",
    "the gradient of the loss with respect to three logits",
    predict_numbers(
        [0.7, -0.8, 0.1],
        {
            (-0.7, 0.8, -0.1): "this is label minus probability: the loss falls along it.",
            (0.7, 0.2, 0.1): "these are the probabilities: take the label off, 1 for class 1.",
            (0.7, 0.8, 0.1): "the right class needs a minus sign: 0.2 − 1.",
            (-0.3, 0.2, 0.1): "classes are counted from 0: class 1 is the second.",
            (0, -0.8, 0): "the other classes have a gradient, too: their label is 0.",
            (0, -5, 0): "this is −1/p, with respect to the probabilities, not to the logits.",
        },
        "0.7 − 0, 0.2 − 1, 0.1 − 0. The three numbers add up to 0.",
        "Each number is probability minus label.",
    ),
    [
        "The label is the row 0, 1, 0.",
        "Subtract the label from the probabilities, number by number.",
    ],
)


@notebook.exercise(
    "a function that returns the gradient of the bias",
    "The bias is used in every place, as a weight of the kernel is.",
    "A weight's gradient adds up gradient · pixel. What takes the pixel's part for the bias?",
    "The bias is multiplied by 1 in each place: add up all of `sent`.",
)
def bias_gradient(function: Any) -> str:
    """Call the function on random gradients of several shapes."""
    random = np.random.default_rng(7)
    for shape in [(3, 3), (2, 5), (1, 1)]:
        sent = random.normal(size=shape)
        slips = [
            (sent.mean(), "it gives the mean: a sum over all places is asked for"),
            (sent.sum(axis=0), "it adds up each column by itself: there is one bias for all"),
            (sent.sum(axis=1), "it adds up each row by itself: there is one bias for all"),
            (np.abs(sent).sum(), "it drops the signs of the gradients"),
            (sent.size, "it counts the places: add up the gradients in them"),
        ]
        compare(run(function, sent), sent.sum(), f"for `sent` of shape {shape}", slips)
    return "The bias has a part in every place, so its gradient is the sum over all of them."


@notebook.exercise(
    "a function that returns √(p(1 − p)/n)",
    "The formula stands in the text below the training curve.",
    "`np.sqrt(p * (1 - p) / n)`",
)
def standard_error(function: Any) -> str:
    """Compare with the formula, and name the usual slips."""
    for share, count in [(0.99, 10_000), (0.9, 297), (0.5, 100), (1.0, 50)]:
        expected = np.sqrt(share * (1 - share) / count)
        found = run(function, share, count)
        called = f"for an accuracy of {share:g} on {count:,} digits"
        slips = [
            (share * (1 - share) / count, "the root is missing"),
            (np.sqrt(share * (1 - share)), "more digits must make it smaller: divide by n"),
            (np.sqrt(share * (1 - share)) / count, "divide by n inside the root"),
            (np.sqrt(share / count), "the factor (1 − p) is missing"),
        ]
        compare(found, expected, called, slips)
    return "Ten thousand digits at 99 % leave about 0.1 % to chance."


@notebook.exercise(
    "a function that returns the share of right answers",
    "The network's answer is the digit with the largest probability.",
    "`probabilities.argmax(axis=1)` gives one digit for each row.",
    "Compare them with the labels, and take the mean of true and false.",
)
def accuracy(function: Any) -> str:
    """Call the function on random answers of known accuracy."""
    random = np.random.default_rng(4)
    for count, classes in [(8, 10), (50, 10), (7, 3)]:
        answers = random.dirichlet(np.ones(classes), count)
        labels = random.integers(0, classes, count)
        labels[: count // 2] = answers[: count // 2].argmax(axis=1)
        right = answers.argmax(axis=1) == labels
        found = run(function, answers, labels)
        called = f"for {count} answers with {right.sum()} right"
        if np.shape(found) == (count,):
            raise Wrong("it returns one value for each answer: the mean of these is asked for.")
        slips = [
            (right.sum(), "it counts the right answers: divide by how many there are"),
            (100 * right.mean(), "it gives percent: a share from 0 to 1 is asked for"),
            (1 - right.mean(), "it gives the share of the mistakes"),
            (answers.max(axis=1).mean(), "it gives how sure the network is, not how often "
             "it is right: the labels play no part"),
        ]  # fmt: skip
        compare(found, right.mean(), called, slips)
    return "The place of the largest probability is the answer; the mean of true is the share."


__all__ = [
    "accuracy",
    "bias_gradient",
    "logit_gradient",
    "parameters",
    "standard_error",
]
