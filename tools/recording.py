"""What all recorded runs share: the digits, the precision, files that are whole or not there."""

import os
import sys
from pathlib import Path

from helpers import data, networks
from helpers.networks import keras


def load_mnist(short: bool) -> data.Digits:
    """Load MNIST; a short trial may use the stand-in."""
    digits = data.load_digits()
    if not (digits.is_mnist or short):
        sys.exit("This needs the real MNIST: name its folder in COURSE_DATA.")
    return digits


def choose_precision() -> str:
    """Measure in which precision training is faster on this machine.

    bfloat16 must be faster by a tenth to be chosen: it pays only on processors that have it
    built in.
    """
    ways = {name: {"precision": name, "batch_size": 128} for name in networks.PRECISIONS}
    seconds = networks.measure_training(ways)
    faster = seconds["mixed_bfloat16"] < 0.9 * seconds["float32"]
    return "mixed_bfloat16" if faster else "float32"


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
