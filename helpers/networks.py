"""The Keras side: a quiet import, live curves, measured trainings, shipped weights."""

import functools
import math
import time
from pathlib import Path
from typing import Any

import numpy as np

from helpers.arguments import choice, integer
from helpers.data import DATA_FOLDER
from helpers.quiet import quiet_start
from helpers.recorded import load_record, shipped

with quiet_start():
    import keras
    import tensorflow as tf

    tf.config.list_physical_devices("GPU")
    tf.constant(0.0).numpy()

from helpers.livecurve import LiveCurve

__all__ = [
    "LiveCurve",
    "keras",
    "keras_output_size",
    "load_record",
    "load_trained",
    "measure_training",
    "mnist_cnn",
    "tf",
    "warm_cosine",
]

PRECISIONS = ("float32", "mixed_bfloat16")


def mnist_cnn() -> keras.Sequential:
    """Build the course's network for digits: 93,322 parameters, not compiled.

    Three 3x3 convolutions with 32, 64 and 64 filters, 2x2 max pooling after the first two, a
    dense layer of 64 and a softmax over the 10 digits, on inputs `(batch, 28, 28, 1)` from 0 to 1.

    Examples:
        >>> mnist_cnn().count_params()
        93322

    """
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(64, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(64, (3, 3), activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def load_trained(folder: Path = DATA_FOLDER) -> keras.Sequential:
    """Return `mnist_cnn()` with the weights that the course trained on MNIST.

    Args:
        folder: Where the weights lie; the course's own folder where it is left out.

    Raises:
        DataError: where the weights are missing, or are not the ones that the course ships.

    Examples:
        >>> load_trained().output_shape
        (None, 10)

    """
    network = mnist_cnn()
    network.load_weights(shipped("mnist_cnn.weights.h5", folder))
    return network


@functools.lru_cache(1024)
def keras_output_size(
    input_size: int, kernel_size: int, strides: int, padding: str, dilation_rate: int
) -> int:
    """Ask Keras for the output size of a `Conv2D` layer, instead of computing it.

    Raises:
        ValueError: where Keras refuses the settings; the text is Keras' own.

    Examples:
        >>> keras_output_size(28, 5, 2, "same", 1)
        14

    """
    layer = keras.layers.Conv2D(1, kernel_size, strides, padding, dilation_rate=dilation_rate)
    return layer.compute_output_shape((1, input_size, input_size, 1))[1]


def warm_cosine(peak: float, steps: int) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return a learning rate that rises to `peak` in a fifth of the steps, then falls to zero.

    Args:
        peak: The highest learning rate, above 0.
        steps: Training steps in all, 5 or more.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where `peak` is not positive or `steps` below 5.

    Source of the shape: Loshchilov and Hutter 2017, "SGDR", arXiv:1608.03983.

    Examples:
        >>> schedule = warm_cosine(0.004, steps=100)
        >>> round(float(schedule(20)), 6), float(schedule(100))
        (0.004, 0.0)

    """
    steps = integer("steps", steps, 5)
    if isinstance(peak, bool) or not isinstance(peak, int | float):
        raise TypeError(f"`peak` must be a number. Received peak={peak!r}.")
    if not 0 < peak < float("inf"):
        raise ValueError(f"`peak` must be a finite number above 0. Received peak={peak!r}.")
    rising = steps // 5
    return keras.optimizers.schedules.CosineDecay(
        peak / 20, steps - rising, warmup_target=peak, warmup_steps=rising
    )


def measure_training(
    ways: dict[str, dict[str, Any]], examples: int = 4096, repeats: int = 3
) -> dict[str, float]:
    """Time the training of `mnist_cnn` in several ways, in turns, so that all meet the same load.

    Args:
        ways: For each name, what differs from the usual way: `batch_size` (64), `precision`
            (`"float32"` or `"mixed_bfloat16"`) and `jit_compile` (`"auto"`, `True`, `False`).
        examples: Random images that one measurement trains on, 1 or more.
        repeats: Measurements of each way, of which the fastest counts, 1 or more.

    Returns:
        Seconds for one measurement by the name of the way. Building and compiling are not in it.

    Raises:
        TypeError: where an argument is of the wrong type, or a way has an unknown setting.
        ValueError: where an argument is out of its range.

    Examples:
        >>> sorted(measure_training({"a": {}, "b": {"batch_size": 128}}, examples=128, repeats=1))
        ['a', 'b']

    """
    examples, repeats = integer("examples", examples), integer("repeats", repeats)
    random = np.random.default_rng(0)
    images = random.random((examples, 28, 28, 1), dtype=np.float32)
    labels = np.eye(10, dtype=np.float32)[random.integers(0, 10, examples)]

    def prepared(batch_size=64, precision="float32", jit_compile="auto"):
        keras.config.set_dtype_policy(choice("precision", precision, PRECISIONS))
        network = mnist_cnn()
        loss = "categorical_crossentropy"
        network.compile(optimizer="adam", loss=loss, jit_compile=jit_compile)
        return lambda: network.fit(images, labels, batch_size=batch_size, verbose=0)

    before = keras.config.dtype_policy()
    try:
        trainings = {name: prepared(**way) for name, way in ways.items()}
        with quiet_start():  # The first training of each compiles.
            for training in trainings.values():
                training()
    finally:
        keras.config.set_dtype_policy(before)
    seconds = dict.fromkeys(ways, float("inf"))
    for _ in range(repeats):
        for name, training in trainings.items():
            begun = time.perf_counter()
            training()
            seconds[name] = min(seconds[name], time.perf_counter() - begun)
    return seconds


def multiply_adds(network: Any) -> int:
    """Count the multiplications, each with its addition, that a network takes for one picture.

    Convolutions and dense layers are counted, for the input size that the network was built for;
    the rest (batch normalisation, activations, pooling) is small beside them.

    Args:
        network: A Keras model without nested models, with a known input size.

    Returns:
        The number, for one picture.

    Examples:
        >>> multiply_adds(keras.Sequential([keras.Input((5, 5, 2)), keras.layers.Conv2D(4, 3)]))
        648

    """
    total = 0
    for layer in network.layers:
        if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D):
            places = math.prod(layer.output.shape[1:3])
            total += places * math.prod(layer.kernel.shape)
        elif isinstance(layer, keras.layers.Dense):
            total += math.prod(layer.kernel.shape)
    return total
