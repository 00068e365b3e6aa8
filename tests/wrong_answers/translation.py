"""Wrong answers to the exercises of notebook 04, with words of the reason each must get."""

import numpy as np

from helpers.models.backend import keras

layers = keras.layers


def network(*end, convolutions=2):
    made = keras.Sequential([keras.Input((44, 44, 1))])
    for filters in (8, 16)[:convolutions]:
        made.add(layers.Conv2D(filters, 3, padding="same", activation="relu", use_bias=False))
    for layer in end:
        made.add(layer)
    return made


def same_for_all():
    made = network(layers.GlobalMaxPooling2D(), layers.Dense(10))
    made.set_weights([np.zeros_like(weights) for weights in made.get_weights()])
    return made


def diagonal(weight):
    kernel = np.zeros((2, 2, 2, 2))
    kernel[:, :, 0, 0] = kernel[:, :, 1, 1] = weight
    return kernel


UNEVEN = diagonal(0.25)
UNEVEN[:, :, 1, 1] = [[0.5, 0.25], [0.25, 0]]
WRONG = {
    "pooled": [
        ([[3.25, 2.5], [2.75, 5]], "the averages"), ([[13, 10], [11, 20]], "the sums"),
        ([[1, 2], [0, 6]], "first number of each window"), ([[5, 8], [7, 6]], "exchanged"),
        ([[5, 7], [4, 7]], "moves by its own size"), ([5, 7, 8, 6], "2 × 2 numbers"),
        ([[5, 7], [8, 5]], "is not it"), ("5 7 8 6", "leave the quotes"),
    ],
    "average_kernel": [
        (np.full((2, 2, 2, 2), 0.25), "keeps channels apart"), (diagonal(1), "add up to 4"),
        (diagonal(0.125), "add up to 0.5"), (diagonal(0.25)[..., ::-1], "exchanged"),
        (UNEVEN, "not all four pixels count alike"), (np.full((2, 2), 0.25), "shape (2, 2, 2, 2)"),
        (np.full((2, 2, 2, 2), np.nan), "finite"),
    ],
    "global_average": [
        (lambda maps: maps.mean(), "over the channels, too"),
        (lambda maps: maps.mean(axis=2), "height and width should go"),
        (lambda maps: maps.mean(axis=0), "rows only"), (lambda maps: maps.mean(axis=1), "columns"),
        (lambda maps: maps.max(axis=(0, 1)), "largest number"),
        (lambda maps: maps.sum(axis=(0, 1)), "divide by its size"),
        (lambda maps: maps[0, 0], "is right"), (3, "a function is asked for"),
    ],
    "exact_shifts": [
        ([2, 4, 6, 8, 10, 12, 14, 16], "second pooling"), ([4, 8, 12, 16], "there are three"),
        ([6, 12], "added up"), ([8], "two cells"), (list(range(1, 17)), "only without strides"),
        ([], "one cell"), ([8, 16, 3], "a shift by 3"), ("8, 16", "leave the quotes"),
        ({16}, "not the smallest"), (["a"], "whole numbers"),
    ],
    "any_place": [
        (network(layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(10)), "Flatten gives"),
        (network(layers.Reshape((44 * 44 * 16,)), layers.Dense(10)), "gets another answer"),
        (network(layers.Dense(10)), "ten numbers for each picture"),
        (network(layers.GlobalMaxPooling2D(), layers.Dense(10), convolutions=0), "convolutions"),
        (same_for_all(), "says the same of every picture"),
        (network(layers.GlobalAveragePooling2D(), layers.Dense(9)), "ten numbers"), (7, "Keras"),
        (keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten()]), "44 × 44 × 1"),
    ],
}  # fmt: skip
