"""The Keras side: a quiet import, live curves, a measured choice of precision, shipped weights."""

import hashlib
import time
from pathlib import Path

import numpy as np

from helpers.arguments import choice, integer
from helpers.data import DATA_FOLDER, DataError
from helpers.quiet import quiet_start

with quiet_start():
    import keras
    import tensorflow as tf

    tf.config.list_physical_devices("GPU")
    tf.constant(0.0).numpy()

from helpers.livecurve import LiveCurve

__all__ = [
    "LiveCurve",
    "choose_precision",
    "keras",
    "load_trained",
    "measure_precision",
    "mnist_cnn",
    "tf",
    "warm_cosine",
]


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

    Raises:
        DataError: where the weights are missing, or are not the ones that the course ships.

    Examples:
        >>> load_trained().output_shape
        (None, 10)

    """
    name = "mnist_cnn.weights.h5"
    path = folder / name
    if not path.is_file():
        raise DataError(f"{name} is missing in data/: get it again with `git checkout data`.")
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    wanted = {file: digest for digest, file in (line.split() for line in lines)}
    if hashlib.sha256(path.read_bytes()).hexdigest() != wanted.get(name):
        raise DataError(f"{name} is damaged: get it again with `git checkout data`.")
    network = mnist_cnn()
    network.load_weights(path)
    return network


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


def measure_precision(batches: int = 12, repeats: int = 3) -> dict[str, float]:
    """Time training steps of `mnist_cnn` in float32 and in mixed bfloat16, in turns.

    Args:
        batches: Steps of 128 random images in one measurement, 1 or more.
        repeats: Measurements of each, of which the fastest counts, 1 or more.

    Returns:
        Seconds for one measurement by the name of the policy.

    Examples:
        >>> sorted(measure_precision(batches=1, repeats=1))
        ['float32', 'mixed_bfloat16']

    """
    batches, repeats = integer("batches", batches), integer("repeats", repeats)
    random = np.random.default_rng(0)
    images = random.random((128 * batches, 28, 28, 1), dtype=np.float32)
    labels = np.eye(10, dtype=np.float32)[random.integers(0, 10, len(images))]
    before, networks = keras.config.dtype_policy(), {}
    try:
        for policy in ("float32", "mixed_bfloat16"):
            keras.config.set_dtype_policy(policy)
            networks[policy] = mnist_cnn()
            networks[policy].compile(optimizer="adam", loss="categorical_crossentropy")
            networks[policy].fit(images, labels, batch_size=128, verbose=0)
    finally:
        keras.config.set_dtype_policy(before)
    seconds = dict.fromkeys(networks, float("inf"))
    for _ in range(repeats):
        for policy, network in networks.items():
            begun = time.perf_counter()
            network.fit(images, labels, batch_size=128, verbose=0)
            seconds[policy] = min(seconds[policy], time.perf_counter() - begun)
    return seconds


def choose_precision(wanted: str = "auto") -> str:
    """Choose the precision in which training is faster on this machine.

    Args:
        wanted: `"auto"` measures; `"float32"` and `"mixed_bfloat16"` are returned as they are.

    Returns:
        The name of a Keras dtype policy. bfloat16 must be faster by a tenth to be chosen: it
        pays only on processors that have it built in.

    Raises:
        TypeError: where `wanted` is no string.
        ValueError: where it is another string.

    Examples:
        >>> choose_precision("float32")
        'float32'

    """
    if choice("wanted", wanted, ("auto", "float32", "mixed_bfloat16")) != "auto":
        return wanted
    seconds = measure_precision()
    faster = seconds["mixed_bfloat16"] < 0.9 * seconds["float32"]
    return "mixed_bfloat16" if faster else "float32"
