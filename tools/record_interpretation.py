"""The networks that notebook 06 compares with the course's: other starts, and shuffled labels.

Three are trained as the course's own network was, from other random starts; their weights are
shipped as float16. Five more learn from 4,000 digits, and five from the same digits with
shuffled labels: of these the record keeps the 32 filters of the first convolution. The test set
stays closed.
"""

import functools
from pathlib import Path

import numpy as np
from recording import Ledger, load_mnist, save_weights

from helpers.models import mnist_cnn
from helpers.models.backend import keras
from helpers.training.schedules import warm_cosine

SETTINGS = {
    "others": {"digits": 60_000, "epochs": 5, "batch_size": 128, "peak_learning_rate": 4e-3},
    "filters": {"digits": 4_000, "epochs": 12, "batch_size": 64, "peak_learning_rate": 2e-3},
    "seeds": [1, 2, 3, 4, 5],
}
SHORT = {
    "others": SETTINGS["others"] | {"digits": 1_024, "epochs": 1},
    "filters": SETTINGS["filters"] | {"digits": 1_024, "epochs": 1},
    "seeds": [1, 2],
}


def train(images: np.ndarray, labels: np.ndarray, seed: int, settings: dict):
    """Train the course's network from one random start; return it and its training accuracy."""
    keras.utils.set_random_seed(seed)
    network, batch_size = mnist_cnn.build(), settings["batch_size"]
    images, labels = (given[: settings["digits"]] for given in (images, labels))
    steps = settings["epochs"] * -(-len(images) // batch_size)
    schedule = warm_cosine(settings["peak_learning_rate"], steps)
    network.compile(keras.optimizers.Adam(schedule), "sparse_categorical_crossentropy")
    network.fit(images, labels, batch_size, settings["epochs"], verbose=0)
    parts = np.array_split(images, -(-len(images) // 1_000))
    read = np.concatenate([network(part, training=False) for part in parts]).argmax(axis=1)
    return network, round(float((read == labels).mean()), 4)


def save_half(network: keras.Sequential, path: Path) -> None:
    """Save the weights as float16: half the size, and three digits are enough to compare."""
    keras.config.set_dtype_policy("float16")
    half = mnist_cnn.build()
    keras.config.set_dtype_policy("float32")
    half.set_weights(network.get_weights())
    save_weights(half, path)


def run(name: str, short: bool, folder: Path) -> dict:
    """Train all, save the weights of the other starts, and return the record."""
    digits, settings = load_mnist(short), SHORT if short else SETTINGS
    # Training and validation digits together, as the course's own network had them.
    images = np.concatenate([digits.x_train, digits.x_val])[..., None].astype("float32") / 255
    labels = np.concatenate([digits.y_train, digits.y_val])
    shuffled = np.random.default_rng(0).permutation(labels)
    seeds = settings["seeds"]
    ledger = Ledger(folder, name, settings, 2 * len(seeds) + len(mnist_cnn.OTHERS))

    def other(file: str, seed: int) -> float:
        network, accuracy = train(images, labels, seed, settings["others"])
        save_half(network, folder / f"{file}.weights.h5")
        return accuracy

    def first_filters(given: np.ndarray, seed: int) -> dict:
        network, accuracy = train(images, given, seed, settings["filters"])
        filters = network.layers[0].kernel.numpy().astype(float).round(3)
        return {"accuracy": accuracy, "filters": filters.ravel().tolist()}

    others = [
        ledger.get(file, functools.partial(other, file, seed))
        for seed, file in enumerate(mnist_cnn.OTHERS, start=1)
    ]
    found = {
        kind: [
            ledger.get(f"{kind} labels, seed {seed}", functools.partial(first_filters, given, seed))
            for seed in seeds
        ]
        for kind, given in (("true", labels), ("shuffled", shuffled))
    }
    return {
        "settings": settings,
        "training_accuracy_of_others": others,
        **{
            f"{what}_{kind}": [run[what] for run in runs]
            for kind, runs in found.items()
            for what in ("accuracy", "filters")
        },
    }
