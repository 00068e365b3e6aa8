"""The digits network moves to other digits: four ways, seven numbers of labels, five seeds.

The source is `mnist_cnn`, trained on MNIST; the target is scikit-learn's digits, brought to
MNIST's form. The rates were chosen with 2 labels of each class, on training digits that were left
over, never on the test set.
Each run is kept as soon as it is made, so an interrupted recording goes on where it stopped.
"""

import json
import time
from pathlib import Path

import numpy as np

from helpers.datasets import mnist
from helpers.files import write_whole
from helpers.models import mnist_cnn
from helpers.models.backend import keras

SCRATCH, RANDOM, FROZEN, TUNED = "from scratch", "random, frozen", "trained, frozen", "fine-tuned"
WAYS = (SCRATCH, RANDOM, FROZEN, TUNED)
SETTINGS = {
    "labels_per_class": [1, 2, 5, 10, 20, 50, 100],
    "seeds": [0, 1, 2, 3, 4],
    "steps": 300,
    "batch_size": 32,
    "rates": {SCRATCH: 1e-3, FROZEN: 1e-2, TUNED: 1e-4},  # frozen: trained or random
}


def choose(labels: np.ndarray, per_class: int, seed: int) -> np.ndarray:
    """Draw the places of `per_class` digits of each class."""
    random = np.random.default_rng(seed)
    places = [np.flatnonzero(labels == digit) for digit in range(10)]
    return np.concatenate([random.permutation(found)[:per_class] for found in places])


class Ways:
    """Three networks, compiled once: all trained, head only, all trained with small steps."""

    def __init__(self, settings: dict):
        self.settings = settings
        self.networks = {way: self.compiled(way) for way in (SCRATCH, FROZEN, TUNED)}

    def compiled(self, way: str) -> keras.Sequential:
        """Build backbone and head, and compile them for one way of training."""
        backbone = keras.Sequential(mnist_cnn.build().layers[:-1])
        backbone.trainable = way != FROZEN
        network = keras.Sequential([backbone, keras.layers.Dense(10, activation="softmax")])
        network.build((None, 28, 28, 1))
        optimizer = keras.optimizers.Adam(self.settings["rates"][way])
        network.compile(optimizer, "sparse_categorical_crossentropy", jit_compile=False)
        return network

    def fit(self, way: str, start: list, images, labels, seed: int) -> keras.Sequential:
        """Train from `start` for a fixed number of steps, on the given digits again and again."""
        network, steps = self.networks[way], self.settings["steps"]
        network.set_weights(start)
        for variable in network.optimizer.variables:
            if variable is not network.optimizer.learning_rate:
                variable.assign(np.zeros(variable.shape, variable.dtype))
        random = np.random.default_rng(seed)
        size = min(self.settings["batch_size"], len(labels))
        rounds = -(-steps * size // len(labels))
        rows = np.concatenate([random.permutation(len(labels)) for _ in range(rounds)])
        rows = rows[: steps * size]
        network.fit(images[rows], labels[rows], batch_size=size, shuffle=False, verbose=0)
        return network

    def train(self, way: str, images, labels, seed: int) -> keras.Sequential:
        """Train a network one way; fine-tuning starts where the frozen one ends."""
        keras.utils.set_random_seed(seed)
        fresh = mnist_cnn.build().get_weights()
        if way == SCRATCH:
            return self.fit(SCRATCH, fresh, images, labels, seed)
        source = fresh if way == RANDOM else mnist_cnn.load_trained().get_weights()
        network = self.fit(FROZEN, source[:-2] + fresh[-2:], images, labels, seed)
        if way == TUNED:
            return self.fit(TUNED, network.get_weights(), images, labels, seed)
        return network


def accuracy(network, images, labels) -> float:
    """Return the share of right answers."""
    answers = np.asarray(network(images, training=False)).argmax(axis=1)
    return round(float((answers == labels).mean()), 4)


def run(name: str, short: bool, folder: Path) -> dict:
    """Train all combinations that are not there yet, and return the record."""
    settings = dict(SETTINGS)
    if short:
        settings |= {"labels_per_class": [2, 10], "seeds": [0, 1], "steps": 20}
    arrays = mnist.stand_in_digits()
    images, tests = (
        arrays[part][..., None].astype("float32") / 255 for part in ("x_train", "x_test")
    )
    labels, truth = arrays["y_train"].astype(int), arrays["y_test"].astype(int)
    part = folder / f"{name}.part"
    kept = json.loads(part.read_text(encoding="utf-8")) if part.is_file() else {}
    if kept.get("settings") != settings:
        kept = {"settings": settings, "runs": {}, "processor_seconds": 0.0}
    combinations = [
        (way, count, seed)
        for count in settings["labels_per_class"] for way in WAYS for seed in settings["seeds"]
    ]  # fmt: skip
    ways, begun, done = Ways(settings), time.monotonic(), 0
    for place, (way, count, seed) in enumerate(combinations):
        key = f"{way}/{count}/{seed}"
        if key in kept["runs"]:
            continue
        used = time.process_time()
        chosen = choose(labels, count, seed)
        network = ways.train(way, images[chosen], labels[chosen], seed)
        kept["runs"][key] = accuracy(network, tests, truth)
        kept["processor_seconds"] += time.process_time() - used
        write_whole(part, json.dumps(kept))
        done += 1
        left = (time.monotonic() - begun) / done * (len(combinations) - place - 1)
        print(f"{key}: {kept['runs'][key]:.3f}; about {left / 60:.0f} minutes left", flush=True)
    runs = kept["runs"]
    part.unlink()
    return {
        "settings": settings,
        "source": "mnist_cnn, trained on MNIST",
        "target": "scikit-learn's digits, brought to 28 x 28",
        "test_digits": len(truth),
        "no_labels": accuracy(mnist_cnn.load_trained(), tests, truth),
        "accuracy": {
            way: {
                str(count): [runs[f"{way}/{count}/{seed}"] for seed in settings["seeds"]]
                for count in settings["labels_per_class"]
            }
            for way in WAYS
        },
        "processor_seconds": round(kept["processor_seconds"], 1),
    }
