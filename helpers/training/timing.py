"""How long a training takes, in several variants side by side."""

import time
from typing import Any

import numpy as np

from helpers.arguments import choice, integer
from helpers.models import mnist_cnn
from helpers.models.backend import keras
from helpers.models.startup import quiet_start

PRECISIONS = ("float32", "mixed_bfloat16")


def measure_training(
    variants: dict[str, dict[str, Any]], examples: int = 4096, repeats: int = 3
) -> dict[str, float]:
    """Time the training of the digits network in variants, in turns: all meet the same load.

    Args:
        variants: For each name, what differs from the usual training: `batch_size` (64),
            `precision` (`"float32"` or `"mixed_bfloat16"`) and `jit_compile` (`"auto"`, `True`,
            `False`).
        examples: Random images that one measurement trains on, 1 or more.
        repeats: Measurements of each variant, of which the fastest counts, 1 or more.

    Returns:
        Seconds for one measurement by the name of the variant, without building and compiling.

    Raises:
        TypeError: where an argument is of the wrong type, or a variant has an unknown setting.
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
        network = mnist_cnn.build()
        loss = "categorical_crossentropy"
        network.compile(optimizer="adam", loss=loss, jit_compile=jit_compile)
        return lambda: network.fit(images, labels, batch_size=batch_size, verbose=0)

    before = keras.config.dtype_policy()
    try:
        trainings = {name: prepared(**variant) for name, variant in variants.items()}
        with quiet_start():  # The first training of each compiles.
            for training in trainings.values():
                training()
    finally:
        keras.config.set_dtype_policy(before)
    seconds = dict.fromkeys(variants, float("inf"))
    for _ in range(repeats):
        for name, training in trainings.items():
            begun = time.perf_counter()
            training()
            seconds[name] = min(seconds[name], time.perf_counter() - begun)
    return seconds
