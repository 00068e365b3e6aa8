"""The capstone of notebook 12 on drawn clothes: a dense network, a first CNN, and the solution.

Each is trained from five seeds and judged on the pictures that the check keeps away. From this
come the baseline and the target of `checks.wrap_up.capstone`.
"""

import time
from pathlib import Path

import numpy as np

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


def run(_: str, short: bool, __: Path) -> dict:
    """Train the three networks from all seeds, and return the record."""
    task = fashion_mnist.stand_in()
    tests, truth = tasks.held_out(task)
    images = task.x_train.astype("float32") / 255
    ways = {
        "dense network": lambda: fitted(dense_network, images, task.y_train, EPOCHS),
        "first CNN": lambda: fitted(first_network, images, task.y_train, EPOCHS),
        "solution": lambda: wrap_up.capstone.reference()()[0],
    }
    if short:
        ways.pop("solution")
    accuracy, seconds, parameters = {}, {}, {}
    for name, train in ways.items():
        begun, accuracy[name] = time.process_time(), []
        for seed in range(1 if short else SEEDS):
            keras.utils.set_random_seed(seed)
            network = train()
            answers = network.predict(tests / np.float32(255), verbose=0).argmax(axis=1)
            accuracy[name].append(round(float((answers == truth).mean()), 4))
        seconds[name] = round((time.process_time() - begun) / len(accuracy[name]), 1)
        parameters[name] = network.count_params()
        print(f"{name}: {accuracy[name]}, {seconds[name]} processor seconds each", flush=True)
    return {
        "settings": {"seeds": SEEDS, "epochs": EPOCHS, "batch_size": BATCH},
        "pictures": {"train": len(images), "test": len(truth)},
        "accuracy": accuracy,
        "parameters": parameters,
        "processor_seconds": seconds,
    }
