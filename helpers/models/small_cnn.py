"""What a search trains again and again: a small network, one training."""

import importlib
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from helpers.arguments import integer, show
from helpers.datasets.mnist import Digits
from helpers.models.backend import keras

# Where no search has been made: Keras' own learning rate for Adam, and sizes that many use.
DEFAULT = {"learning_rate": 1e-3, "batch_size": 64, "depth": 2, "width": 16, "kernel_size": 3}


class Split(NamedTuple):
    """Digits ready for a network: images `(number, 28, 28, 1)` from 0 to 1, labels `(number,)`."""

    images: np.ndarray
    labels: np.ndarray


def split(images: np.ndarray, labels: np.ndarray, first: int = 0, last: int | None = None) -> Split:
    """Return the digits from `first` to before `last`, ready for a network.

    Args:
        images: `(number, 28, 28)`, uint8.
        labels: `(number,)`, uint8.
        first: Index of the first digit.
        last: Index after the last digit; all that follow where it is left out.

    Examples:
        >>> split(np.zeros((9, 28, 28), np.uint8), np.zeros(9, np.uint8), 2, 6).images.shape
        (4, 28, 28, 1)

    """
    chosen = slice(first, last)
    return Split(
        images[chosen, ..., None].astype(np.float32) / 255, labels[chosen].astype(np.int32)
    )


def splits(digits: Digits, training: int, validation: int) -> tuple[Split, Split]:
    """Return the first training digits and the first validation digits, ready for a network.

    Args:
        digits: The loaded digits.
        training: How many to train on, 1 or more; all that are there where there are fewer.
        validation: How many to choose by, likewise.

    Raises:
        TypeError: where a number is no integer.
        ValueError: where it is below 1.

    Examples:
        >>> from helpers.datasets.mnist import load_digits
        >>> training, validation = splits(load_digits(), 100, 50)  # doctest: +ELLIPSIS
        Digits: ...
        >>> training.images.shape, validation.labels.shape
        ((100, 28, 28, 1), (50,))

    """
    return (
        split(digits.x_train, digits.y_train, last=integer("training", training)),
        split(digits.x_val, digits.y_val, last=integer("validation", validation)),
    )


def build(depth: int = 2, width: int = 16, kernel_size: int = 3) -> keras.Sequential:
    """Build the network of the search, not compiled.

    Args:
        depth: Blocks of one convolution and one 2x2 max pooling, 1 to 4.
        width: Filters of the first convolution; each further one has twice as many.
        kernel_size: Height and width of all kernels.

    Raises:
        TypeError: where an argument is no integer.
        ValueError: where it is out of its range.

    Examples:
        >>> build().count_params()
        20490

    """
    integer("depth", depth, 1, 4)
    integer("width", width)
    integer("kernel_size", kernel_size)
    layers = keras.layers
    network = keras.Sequential([keras.Input((28, 28, 1))])
    for block in range(depth):
        filters = width * 2**block
        network.add(layers.Conv2D(filters, kernel_size, padding="same", activation="relu"))
        network.add(layers.MaxPooling2D(2))
    network.add(layers.Flatten())
    network.add(layers.Dense(10, activation="softmax"))
    return network


def compile_for(network: keras.Model, learning_rate: float) -> keras.Model:
    """Compile a network for Adam at a learning rate, for labels that are integers.

    Args:
        network: A Keras model that ends with a softmax.
        learning_rate: Above 0.

    Returns:
        The same network, compiled.

    Examples:
        >>> round(float(compile_for(build(), 0.01).optimizer.learning_rate), 4)
        0.01

    """
    # Compiling a graph with XLA pays only for trainings longer than those of a search.
    network.compile(
        keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy", jit_compile=False
    )
    return network


def misclassified(network: keras.Model, digits: Split) -> np.ndarray:
    """Return which digits the network misreads, `(number,)` booleans.

    Args:
        network: A Keras model with one output for each class.
        digits: The digits, with their labels.

    Examples:
        >>> zeros = split(np.zeros((3, 28, 28), np.uint8), np.arange(3))
        >>> misclassified(build(), zeros).shape
        (3,)

    """
    answers = [
        np.asarray(network(digits.images[start : start + 500])).argmax(axis=1)
        for start in range(0, len(digits.images), 500)
    ]
    return np.concatenate(answers) != digits.labels


def error_percent(wrong: np.ndarray) -> float:
    """Return the share of mistakes in percent, from booleans `(number,)`.

    Examples:
        >>> error_percent(np.array([True, False, False, False]))
        25.0

    """
    return round(100 * float(wrong.mean()), 4)


class Trained(NamedTuple):
    """A finished training: the network, its errors, and what it cost."""

    network: keras.Model
    errors: list[float]
    seconds: float


def train(
    settings: dict[str, Any],
    seed: int,
    training: Split,
    validation: Split,
    epochs: int = 3,
    report: Callable[[int, float], None] | None = None,
) -> Trained:
    """Train the small network once.

    Args:
        settings: Hyper-parameters that differ from `DEFAULT`, by name.
        seed: Decides the first weights and the order of the digits.
        training: Digits to train on.
        validation: Digits to judge by.
        epochs: Passes through the training digits, 1 or more.
        report: Called after each epoch with its number, from 0, and the error in percent. It may
            raise to end the training, as Optuna's pruning does.

    Returns:
        The network; the validation error in percent after each epoch; and the seconds of processor
        time that all threads used together, which other programs on the machine hardly change.

    Raises:
        TypeError: where an argument is of the wrong type, or a setting has an unknown name.
        ValueError: where an argument is out of its range.

    Examples:
        >>> few = split(np.zeros((8, 28, 28), np.uint8), np.zeros(8, np.uint8))
        >>> len(train({"width": 2}, 0, few, few, epochs=1).errors)
        1

    """
    unknown = settings.keys() - DEFAULT.keys()
    if unknown:
        raise TypeError(
            f"`settings` must be among {', '.join(DEFAULT)}. Received {show(sorted(unknown))}."
        )
    integer("epochs", epochs)
    chosen = DEFAULT | settings
    begun = time.process_time()
    keras.utils.set_random_seed(integer("seed", seed, 0))
    network = build(chosen["depth"], chosen["width"], chosen["kernel_size"])
    compile_for(network, chosen["learning_rate"])
    errors: list[float] = []
    for epoch in range(epochs):
        network.fit(*training, batch_size=chosen["batch_size"], verbose=0)
        errors.append(error_percent(misclassified(network, validation)))
        if report is not None:
            report(epoch, errors[-1])
    return Trained(network, errors, time.process_time() - begun)


def has_optuna() -> bool:
    """Tell whether Optuna can be imported; on Colab it cannot, until one gets it.

    Examples:
        >>> has_optuna() in (True, False)
        True

    """
    try:
        importlib.import_module("optuna")
    except ImportError:
        return False
    return True
