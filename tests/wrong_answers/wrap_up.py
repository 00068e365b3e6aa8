"""Wrong answers to the exercises of notebook 12, with words of the reason each must get."""

import dataclasses

import numpy as np

from helpers.datasets import drawn_clothes, fashion_mnist
from helpers.models.backend import keras

layers = keras.layers


# A few drawn clothes: the check gets its own, and only the trained networks need more.
TASK = dataclasses.replace(
    fashion_mnist.stand_in(),
    **dict(zip(("x_train", "y_train"), drawn_clothes.drawn_once(40, 1), strict=True)),
    **dict(zip(("x_val", "y_val"), drawn_clothes.drawn_once(20, 2), strict=True)),
)


def dense(shape=(28, 28, 1), outputs=10, units=0, activation="softmax"):
    """Build a dense network from fixed random weights."""
    keras.utils.set_random_seed(0)
    hidden = [layers.Dense(units, activation="relu")] if units else []
    last = layers.Dense(outputs, activation=activation)
    return keras.Sequential([keras.Input(shape), layers.Flatten(), *hidden, last])


def stuck():
    """Build a network that gives every picture the same answer."""
    network = dense()
    network.set_weights([np.zeros((784, 10)), np.eye(10)[6]])
    return network


def broken():
    """Build a network whose outputs are no numbers."""
    network = dense()
    network.set_weights([np.full((784, 10), np.nan), np.zeros(10)])
    return network


class Failing(keras.Model):
    """A network that fails when it is called."""

    def call(self, inputs):
        """Fail."""
        raise RuntimeError("no network")


WRONG = {
    "plan": [
        ((1024, 6517, 8), "the second pooling"), ((1024, 6517, 6), "the steps grow"),
        ((576, 4277, 10), "without padding"), ((1024, 6488, 10), "a bias"),
        ((1024, 1392, 10), "the dense layer"), ((64, 6517, 10), "16 channels"),
        ((1, 2, 3), "is not it"), (1024, "3 numbers"), ("1024", "leave the quotes"),
    ],
    "diagnose": [
        ("ABCD", "report 1"), ("BADC", "report 2"), ("BDCA", "report 3"), ("BBBB", "used once"),
        ("BDA", "used once"), (4, "four letters"), (["B", "D", "A", "C"], "four letters"),
    ],
    "capstone": [
        (dense(), "as a pair"), ((dense, TASK), "Call the function"),
        ((dense(), "clothes"), "load_fashion"), (TASK, "a pair"), ((1, TASK), "Keras network"),
        ((dense((28, 28, 3)), TASK), "28 × 28 × 1"),
        ((dense((32, 32, 1)), TASK), "input shape"), ((dense(), TASK), "Guessing gives as much"),
        ((dense(outputs=11), TASK), "10 numbers"), ((broken(), TASK), "NaN"),
        ((Failing(), TASK), "no network"),
        ((stuck(), TASK), "it says Shirt to every picture"),
    ],
}  # fmt: skip
