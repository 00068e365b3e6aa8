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
from recording import write

from helpers import data, networks
from helpers.networks import keras

SCRATCH, RANDOM, FROZEN, TUNED = "from scratch", "random, frozen", "trained, frozen", "fine-tuned"
WAYS = (SCRATCH, RANDOM, FROZEN, TUNED)
SETTINGS = {
    "labels_per_class": [1, 2, 5, 10, 20, 50, 100],
    "seeds": [0, 1, 2, 3, 4],
    "steps": 300,
    "batch_size": 32,
    "rates": {SCRATCH: 1e-3, RANDOM: 1e-2, FROZEN: 1e-2, TUNED: 1e-4},
}


def choose(labels: np.ndarray, per_class: int, seed: int) -> np.ndarray:
    """Draw the places of `per_class` digits of each class."""
    random = np.random.default_rng(seed)
    places = [np.flatnonzero(labels == digit) for digit in range(10)]
    return np.concatenate([random.permutation(found)[:per_class] for found in places])


def build(way: str) -> keras.Sequential:
    """Build a backbone, with trained or random weights, and a new head on top of it."""
    source = networks.load_trained() if way in (FROZEN, TUNED) else networks.mnist_cnn()
    backbone = keras.Sequential(source.layers[:-1])
    backbone.trainable = way == SCRATCH
    return keras.Sequential([backbone, keras.layers.Dense(10, activation="softmax")])


def fit(network, images, labels, rate: float, settings: dict, seed: int) -> None:
    """Train for a fixed number of steps, on the given digits again and again."""
    random, steps = np.random.default_rng(seed), settings["steps"]
    size = min(settings["batch_size"], len(labels))
    rounds = -(-steps * size // len(labels))
    rows = np.concatenate([random.permutation(len(labels)) for _ in range(rounds)])[: steps * size]
    optimizer = keras.optimizers.Adam(rate)
    network.compile(optimizer, "sparse_categorical_crossentropy", jit_compile=False)
    network.fit(images[rows], labels[rows], batch_size=size, shuffle=False, verbose=0)


def accuracy(network, images, labels) -> float:
    """Return the share of right answers."""
    answers = np.asarray(network(images, training=False)).argmax(axis=1)
    return round(float((answers == labels).mean()), 4)


def train(way: str, images, labels, settings: dict, seed: int) -> keras.Sequential:
    """Train a network one way; fine-tuning starts where the frozen one ends."""
    keras.utils.set_random_seed(seed)
    network = build(way)
    rates = settings["rates"]
    fit(network, images, labels, rates[FROZEN if way == TUNED else way], settings, seed)
    if way == TUNED:
        network.layers[0].trainable = True
        fit(network, images, labels, rates[TUNED], settings, seed)
    return network


def run(name: str, short: bool, folder: Path) -> dict:
    """Train all combinations that are not there yet, and return the record."""
    settings = dict(SETTINGS)
    if short:
        settings |= {"labels_per_class": [2, 10], "seeds": [0, 1], "steps": 20}
    arrays = data.stand_in_digits()
    images, tests = (arrays[part][..., None].astype("float32") / 255 for part in ("x_train", "x_test"))
    labels, truth = arrays["y_train"].astype(int), arrays["y_test"].astype(int)
    part = folder / f"{name}.part"
    kept = json.loads(part.read_text(encoding="utf-8")) if part.is_file() else {}
    if kept.get("settings") != settings:
        kept = {"settings": settings, "runs": {}, "processor_seconds": 0.0}
    combinations = [
        (way, count, seed)
        for count in settings["labels_per_class"] for way in WAYS for seed in settings["seeds"]
    ]  # fmt: skip
    begun, done = time.monotonic(), 0
    for place, (way, count, seed) in enumerate(combinations):
        key = f"{way}/{count}/{seed}"
        if key in kept["runs"]:
            continue
        used = time.process_time()
        chosen = choose(labels, count, seed)
        network = train(way, images[chosen], labels[chosen], settings, seed)
        kept["runs"][key] = accuracy(network, tests, truth)
        kept["processor_seconds"] += time.process_time() - used
        write(json.dumps(kept), part)
        keras.backend.clear_session()
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
        "no_labels": accuracy(networks.load_trained(), tests, truth),
        "accuracy": {
            way: {
                str(count): [runs[f"{way}/{count}/{seed}"] for seed in settings["seeds"]]
                for count in settings["labels_per_class"]
            }
            for way in WAYS
        },
        "processor_seconds": round(kept["processor_seconds"], 1),
    }
