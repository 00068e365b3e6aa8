"""What all recorded runs share: the real digits, and weights that appear whole or not at all."""

import sys
from pathlib import Path

from helpers.datasets import mnist
from helpers.datasets.mnist import load_digits
from helpers.files import whole
from helpers.models.backend import keras


def load_mnist(short: bool) -> mnist.Digits:
    """Load MNIST; a short trial may use the stand-in."""
    digits = load_digits()
    if not (digits.is_mnist or short):
        sys.exit("This needs the real MNIST: name its folder in COURSE_DATA.")
    return digits


def save_weights(network: keras.Model, path: Path) -> None:
    """Save weights in one step; `path` ends in `.weights.h5`."""
    with whole(path) as part:
        network.save_weights(part)
