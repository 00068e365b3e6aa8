"""Reference solutions of notebook 04, run by the course's tests."""

import numpy as np


def pooled():
    table = np.array([[1, 5, 2, 0], [3, 4, 7, 1], [0, 2, 6, 6], [8, 1, 3, 5]])
    return [[table[r : r + 2, c : c + 2].max() for c in (0, 2)] for r in (0, 2)]


def average_kernel():
    kernel = np.zeros((2, 2, 2, 2))
    kernel[:, :, 0, 0] = 0.25
    kernel[:, :, 1, 1] = 0.25
    return kernel


def global_average(maps):
    return maps.mean(axis=(0, 1))


def exact_shifts():
    total_stride = 2 * 2 * 2
    return [shift for shift in range(1, 17) if shift % total_stride == 0]


def any_place():
    from helpers.models.backend import keras

    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((44, 44, 1)),
            layers.Conv2D(8, 3, padding="same", activation="relu", use_bias=False),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 3, padding="same", activation="relu", use_bias=False),
            layers.GlobalMaxPooling2D(),
            layers.Dense(10, activation="softmax"),
        ]
    )
