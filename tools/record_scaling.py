"""Learning rates × batch sizes of notebook 11, with plain gradient descent.

Every pair is trained once per seed, for the same number of steps, and judged on the way. So the
batches can be compared after the same number of steps, and after the same number of digits: 16 in
a batch after 256 steps, 256 in a batch after 16 steps.
"""

import functools
from pathlib import Path

import numpy as np
from recording import Ledger, load_mnist

from helpers.models import small_cnn
from helpers.models.backend import keras

RATES, BATCHES = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6], [16, 64, 256]
# After how many steps a training is judged; the last number is its length.
STEPS = [16, 32, 64, 128, 256]
TRAINING, VALIDATION = 16384, 2500
SEEDS = list(range(5))


def network() -> keras.Sequential:
    """Build the network of notebook 11."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


class Judge(keras.callbacks.Callback):
    """Notes the error on the validation digits, in percent, after some of the steps."""

    def __init__(self, validation: small_cnn.Split):
        super().__init__()
        self.validation, self.steps, self.errors = validation, 0, {}

    def on_train_batch_end(self, batch, logs=None):
        """Judge the network where the number of steps asks for it."""
        # It is called once for all the steps that are made at once.
        self.steps += STEPS[0]
        if self.steps in STEPS:
            images, labels = self.validation
            wrong = np.asarray(self.model(images, training=False)).argmax(axis=1) != labels
            self.errors[str(self.steps)] = round(100 * float(wrong.mean()), 2)


@functools.cache
def compiled() -> keras.Sequential:
    """Compile the network once, for all trainings."""
    made = network()
    loss = "sparse_categorical_crossentropy"
    made.compile(keras.optimizers.SGD(), loss, jit_compile=False, steps_per_execution=STEPS[0])
    return made


def train(data: tuple, batch_size: int, rate: float, seed: int) -> dict[str, float]:
    """Train one pair from one seed; return its error after each number of steps.

    As many digits are taken as the steps need; where there are not so many, all of them, again.
    """
    training, validation = data
    needed = STEPS[-1] * batch_size
    digits = min(needed, len(training.labels))
    made = compiled()
    keras.utils.set_random_seed(seed)
    made.set_weights(network().get_weights())
    made.optimizer.learning_rate = rate
    judge = Judge(validation)
    made.fit(
        training.images[:digits],
        training.labels[:digits],
        batch_size=batch_size,
        epochs=needed // digits,
        verbose=0,
        callbacks=[judge],
    )
    return judge.errors


def run(name: str, short: bool, folder: Path) -> dict:
    """Train every pair from every seed; return the record."""
    batches = BATCHES[:2] if short else BATCHES
    data = small_cnn.splits(load_mnist(short), TRAINING, VALIDATION)
    if short:  # The stand-in has fewer digits; the same ones come again.
        data = tuple(small_cnn.Split(part.images[:512], part.labels[:512]) for part in data)
    seeds = SEEDS[:1] if short else SEEDS
    pairs = [(rate, size) for rate in RATES for size in batches]
    settings = {"training": len(data[0].labels), "steps": STEPS, "short": short}
    ledger = Ledger(folder, name, settings, len(pairs) * len(seeds))
    errors = {
        (seed, *pair): ledger.get(
            f"seed {seed}, rate {pair[0]:g}, batch {pair[1]}",
            functools.partial(train, data, pair[1], pair[0], seed),
        )
        for seed in seeds
        for pair in pairs
    }
    return {
        "training_digits": len(data[0].labels),
        "validation_digits": len(data[1].labels),
        "steps": STEPS,
        "seeds": seeds,
        "learning_rates": RATES,
        "batch_sizes": batches,
        "cells": [
            {
                "learning_rate": rate,
                "batch_size": size,
                "errors": {
                    str(steps): [errors[seed, rate, size][str(steps)] for seed in seeds]
                    for steps in STEPS
                },
            }
            for rate, size in pairs
        ],
    }
