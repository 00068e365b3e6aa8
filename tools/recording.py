"""What all recorded runs share: the real digits, and files that appear whole or not at all."""

import os
import sys
from pathlib import Path

from helpers import data
from helpers.networks import keras


def load_mnist(short: bool) -> data.Digits:
    """Load MNIST; a short trial may use the stand-in."""
    digits = data.load_digits()
    if not (digits.is_mnist or short):
        sys.exit("This needs the real MNIST: name its folder in COURSE_DATA.")
    return digits


def write(text: str, path: Path) -> None:
    """Write a file under another name first, so that its own name never holds a part of it."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, path)


def save_weights(network: keras.Model, path: Path) -> None:
    """Save weights in one step; `path` ends in `.weights.h5`."""
    part = path.with_name("part.weights.h5")
    network.save_weights(part)
    os.replace(part, path)
