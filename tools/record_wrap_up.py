"""The capstone of notebook 12 on drawn clothes: a dense network, a first CNN, and the solution.

Each is trained from five seeds and judged on the pictures that the check keeps away. From this
come the baseline and the target of `checks.wrap_up.capstone`.
"""

import functools
import time
from pathlib import Path

import numpy as np
from recording import Ledger

from helpers.checks import wrap_up
from helpers.datasets import fashion_mnist, tasks
from helpers.models.backend import keras

SEEDS, EPOCHS, BATCH = 5, 5, 64


def dense_network() -> keras.Sequential:
    """Build the dense network of the notebook."""
    layers = keras.layers
    return keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(128, activation="relu"),
         layers.Dense(10, activation="softmax")]
    )  # fmt: skip


def first_network() -> keras.Sequential:
    """Build the CNN that the notebook begins with."""
    layers = keras.layers
    network = keras.Sequential([keras.Input((28, 28, 1))])
    for filters in (16, 32):
        network.add(layers.Conv2D(filters, 3, activation="relu"))
        network.add(layers.MaxPooling2D(2))
    network.add(layers.Flatten())
    network.add(layers.Dense(64, activation="relu"))
    network.add(layers.Dense(10, activation="softmax"))
    return network


def fitted(build, images, labels, epochs: int):
    """Build a network and train it as the notebook does."""
    network = build()
    network.compile("adam", "sparse_categorical_crossentropy", jit_compile=False)
    network.fit(images, labels, batch_size=BATCH, epochs=epochs, verbose=0)
    return network


def run(name: str, short: bool, folder: Path) -> dict:
    """Train the three networks from all seeds, and return the record."""
    task = fashion_mnist.stand_in()
    tests, truth = tasks.held_out(task)
    images = task.x_train.astype("float32") / 255
    networks = {
        "dense network": lambda: fitted(dense_network, images, task.y_train, EPOCHS),
        "first CNN": lambda: fitted(first_network, images, task.y_train, EPOCHS),
        "solution": lambda: wrap_up.capstone.reference()()[0],
    }
    if short:
        networks.pop("solution")
    settings = {"seeds": SEEDS, "epochs": EPOCHS, "batch_size": BATCH}
    seeds = range(1 if short else SEEDS)
    ledger = Ledger(folder, name, settings, len(networks) * len(seeds))

    def trained(network: str, seed: int) -> dict:
        begun = time.process_time()
        keras.utils.set_random_seed(seed)
        made = networks[network]()
        answers = made.predict(tests / np.float32(255), verbose=0).argmax(axis=1)
        return {
            "accuracy": round(float((answers == truth).mean()), 4),
            "parameters": made.count_params(),
            "processor_seconds": time.process_time() - begun,
        }

    runs = {
        network: [
            ledger.get(f"{network}, seed {seed}", functools.partial(trained, network, seed))
            for seed in seeds
        ]
        for network in networks
    }
    return {
        "settings": settings,
        "pictures": {"train": len(images), "test": len(truth)},
        "accuracy": {
            network: [run["accuracy"] for run in found] for network, found in runs.items()
        },
        "parameters": {network: found[0]["parameters"] for network, found in runs.items()},
        "processor_seconds": {
            network: round(sum(run["processor_seconds"] for run in found) / len(found), 1)
            for network, found in runs.items()
        },
    }
