"""Wrong answers to the exercises of notebook 09, with words of the reason each must get."""

import keras
import numpy as np

MEANS = np.array([103.939, 116.779, 123.68])
LOSS = "sparse_categorical_crossentropy"


def only_unfrozen(network, base):
    base.trainable = True
    return network


def only_compiled(network, base):
    network.compile(keras.optimizers.Adam(1e-4), LOSS)
    return network


def too_fast(network, base):
    base.trainable = True
    network.compile("adam", LOSS)
    return network


def half_unfrozen(network, base):
    base.trainable = True
    base.layers[0].trainable = False
    network.compile(keras.optimizers.Adam(1e-4), LOSS)
    return network


def no_steps(network, base):
    base.trainable = True
    network.compile(keras.optimizers.Adam(0.0), LOSS)
    return network


def the_base(network, base):
    base.trainable = True
    network.compile(keras.optimizers.Adam(1e-4), LOSS)
    return base


def moves_statistics(network, base):
    base.trainable = True
    network.compile(keras.optimizers.Adam(1e-4), LOSS)
    return network


def other_loss(network, base):
    base.trainable = True
    network.compile(keras.optimizers.Adam(1e-4), "categorical_crossentropy")
    return network


WRONG = {
    "head": [
        (6_400, "5 biases are missing"), (1_281_000, "the old head"), (7_680, "for each class"),
        (1_285, "multiply"), (42, "is not it"), ("6405", "leave the quotes"),
    ],
    "twice": [
        ((-1, 1), "without the division"), ((0, 1), "division alone"), ((-1, 0), "is not 1"),
        ((0, 1 / 127.5), "the − 1 is missing"), ((5, 6), "is not it"), (-1, "2 numbers"),
        ((-1, -1), "three digits"), ((-1, -0.98), "is not it"),
    ],
    "prepare": [
        (lambda x: x - MEANS, "still in the order"), (lambda x: x[..., ::-1], "not taken off"),
        (lambda x: x[..., ::-1] - MEANS[::-1], "belong to blue"),
        (lambda x: x - MEANS[::-1], "turned round"), (lambda x: x / 255, "do not divide"),
        (lambda x: x / 127.5 - 1, "MobileNet's"),
        (lambda x: (x[..., ::-1] - MEANS) / 255, "divide"),
        (lambda x: x[..., ::-1] + MEANS, "are added"),
        (lambda x: x[:, :, ::-1, ::-1] - MEANS, "mirrored"), (lambda x: x.mean(), "shape"),
        (lambda x: "blue", "should return numbers"),
    ],
    "moving": [
        ((248, 0), "a mean and a variance"), ((216, 32), "also learns"), ((240, 16), "216"),
        ((16, 232), "other way round"), ((1, 2), "is not it"), (232, "2 numbers"),
    ],
    "unfreeze": [
        (only_unfrozen, "compile again"), (only_compiled, "still frozen"),
        (too_fast, "is for a new head"), (half_unfrozen, "convolution of the base is still frozen"),
        (moves_statistics, "means and variances"),
        (no_steps, "learning rate of 0"), (the_base, "the network that it was given"),
        (other_loss, "check the loss"), (lambda n, b: n.no_such(), "raises AttributeError"),
    ],
}  # fmt: skip
