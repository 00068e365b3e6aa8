"""The records of notebook 09: a network moved to other digits, and networks of ImageNet.

    transfer              four strategies, seven numbers of labels, five seeds
    transfer_backbones    what networks of ImageNet are, and what two of them see on photographs

In the first, the source is `mnist_cnn`, trained on MNIST; the target is scikit-learn's digits,
brought to MNIST's form. The learning rates were chosen with 2 labels of each class, on training
digits that were left over, never on the test set.

In the second, the facts (sizes, parameters, multiply-adds) come from the networks as Keras builds
them; the answers need the ImageNet weights of both classifiers, and the names of the classes.
"""

import functools
import sys
import time
from pathlib import Path

import numpy as np
from recording import Ledger

from helpers.datasets import mnist, photographs
from helpers.models import mnist_cnn, pretrained
from helpers.models.backend import keras
from helpers.models.inspection import multiply_adds

SCRATCH, RANDOM, FROZEN, TUNED = "from scratch", "random, frozen", "trained, frozen", "fine-tuned"
STRATEGIES = (SCRATCH, RANDOM, FROZEN, TUNED)
SETTINGS = {
    "labels_per_class": [1, 2, 5, 10, 20, 50, 100],
    "seeds": [0, 1, 2, 3, 4],
    "steps": 300,
    "batch_size": 32,
    "rates": {SCRATCH: 1e-3, FROZEN: 1e-2, TUNED: 1e-4},  # frozen: trained or random
}
SHORT = {"labels_per_class": [2, 10], "seeds": [0, 1], "steps": 20}
BACKBONES = ("MobileNet 0.25", "MobileNetV2", "InceptionV3", "ResNet50", "VGG16")
CLASSIFIERS = ("MobileNet 0.25", "MobileNetV2")
PHOTOGRAPHS = ("chelsea", "coffee", "camera", "rocket", "china", "flower", "coins", "brick")


def choose(labels: np.ndarray, per_class: int, seed: int) -> np.ndarray:
    """Draw the places of `per_class` digits of each class."""
    random = np.random.default_rng(seed)
    places = [np.flatnonzero(labels == digit) for digit in range(10)]
    return np.concatenate([random.permutation(found)[:per_class] for found in places])


class Trainer:
    """Three networks, compiled once: all trained, head only, all trained with small steps."""

    def __init__(self, settings: dict):
        self.settings = settings
        self.networks = {strategy: self.compiled(strategy) for strategy in (SCRATCH, FROZEN, TUNED)}

    def compiled(self, strategy: str) -> keras.Sequential:
        """Build backbone and head, and compile them for one strategy."""
        backbone = keras.Sequential(mnist_cnn.build().layers[:-1])
        backbone.trainable = strategy != FROZEN
        network = keras.Sequential([backbone, keras.layers.Dense(10, activation="softmax")])
        network.build((None, 28, 28, 1))
        optimizer = keras.optimizers.Adam(self.settings["rates"][strategy])
        network.compile(optimizer, "sparse_categorical_crossentropy", jit_compile=False)
        return network

    def fit(self, strategy: str, start: list, images, labels, seed: int) -> keras.Sequential:
        """Train from `start` for a fixed number of steps, on the given digits again and again."""
        network, steps = self.networks[strategy], self.settings["steps"]
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

    def train(self, strategy: str, images, labels, seed: int) -> keras.Sequential:
        """Train a network by one strategy; fine-tuning starts where the frozen one ends."""
        keras.utils.set_random_seed(seed)
        fresh = mnist_cnn.build().get_weights()
        if strategy == SCRATCH:
            return self.fit(SCRATCH, fresh, images, labels, seed)
        source = fresh if strategy == RANDOM else mnist_cnn.load_trained().get_weights()
        network = self.fit(FROZEN, source[:-2] + fresh[-2:], images, labels, seed)
        if strategy == TUNED:
            return self.fit(TUNED, network.get_weights(), images, labels, seed)
        return network


def accuracy(network, images, labels) -> float:
    """Return the share of right answers."""
    answers = np.asarray(network(images, training=False)).argmax(axis=1)
    return round(float((answers == labels).mean()), 4)


def transfer(name: str, short: bool, folder: Path) -> dict:
    """Train by each strategy, with each number of labels, from each seed."""
    settings = SETTINGS | (SHORT if short else {})
    counts, seeds = settings["labels_per_class"], settings["seeds"]
    arrays = mnist.stand_in_digits()
    images, tests = (
        arrays[part][..., None].astype("float32") / 255 for part in ("x_train", "x_test")
    )
    labels, truth = arrays["y_train"].astype(int), arrays["y_test"].astype(int)
    ledger = Ledger(folder, name, settings, len(STRATEGIES) * len(counts) * len(seeds))
    trainer = Trainer(settings)

    def trained(strategy: str, count: int, seed: int) -> dict:
        begun = time.process_time()
        chosen = choose(labels, count, seed)
        network = trainer.train(strategy, images[chosen], labels[chosen], seed)
        found = accuracy(network, tests, truth)
        return {"accuracy": found, "processor_seconds": time.process_time() - begun}

    runs = {
        (strategy, count, seed): ledger.get(
            f"{strategy}, {count} labels, seed {seed}",
            functools.partial(trained, strategy, count, seed),
        )
        for count in counts for strategy in STRATEGIES for seed in seeds
    }  # fmt: skip
    return {
        "settings": settings,
        "source": "mnist_cnn, trained on MNIST",
        "target": "scikit-learn's digits, brought to 28 x 28",
        "test_digits": len(truth),
        "no_labels": accuracy(mnist_cnn.load_trained(), tests, truth),
        "accuracy": {
            strategy: {
                str(count): [runs[strategy, count, seed]["accuracy"] for seed in seeds]
                for count in counts
            }
            for strategy in STRATEGIES
        },
        "processor_seconds": round(sum(run["processor_seconds"] for run in runs.values()), 1),
    }


def stages(network) -> list[list[int]]:
    """List the network's sizes: height, convolutions with outputs of it, most channels there."""
    found: dict[int, list[int]] = {}
    for layer in network.layers:
        shape = layer.output.shape
        if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D):
            found.setdefault(shape[1], [0, 0])[0] += 1
        if len(shape) == 4 and shape[1] in found:
            found[shape[1]][1] = max(found[shape[1]][1], shape[3])
    return [[size, *numbers] for size, numbers in sorted(found.items(), reverse=True)]


def facts(name: str) -> dict:
    """Return what a network is, from the network itself."""
    whole, base = pretrained.build(name, top=True), pretrained.build(name)
    return {
        "size": pretrained.CATALOGUE[name].size,
        "parameters": whole.count_params(),
        "parameters_without_classifier": base.count_params(),
        "multiply_adds": multiply_adds(whole),
        "stages": stages(base),
    }


def preparations(name: str, picture: np.ndarray) -> dict[str, np.ndarray]:
    """Return a picture as each of four preparations hands it to a network."""
    pixels = picture.astype("float32")
    return {
        "its own": pretrained.application(name).preprocess_input(pixels.copy()),
        "divided by 255": pixels / 255,
        "none": pixels,
        "VGG16's": pretrained.application("VGG16").preprocess_input(pixels.copy()),
    }


def answers(name: str, pictures: list[str]) -> dict:
    """Return the five likeliest classes of each photograph, prepared each way."""
    network, names = pretrained.load_classifier(name), pretrained.class_names()
    if network is None or names is None:
        sys.exit("This needs ImageNet weights and class names: be online, or name COURSE_DATA.")
    found = {}
    for photograph in pictures:
        inputs = preparations(name, photographs.load_square(photograph))
        probabilities = np.asarray(network(np.stack(list(inputs.values())), training=False))
        found[photograph] = {
            way: [[word, round(share, 4)] for word, share in pretrained.top_five(row, names)]
            for way, row in zip(inputs, probabilities, strict=True)
        }
    return found


def backbones(short: bool) -> dict:
    """Collect facts and answers of networks of ImageNet; a short trial has one network's facts."""
    begun = time.process_time()
    if short:
        return {"networks": {BACKBONES[0]: facts(BACKBONES[0])}, "answers": {}}
    record = {
        "networks": {network: facts(network) for network in BACKBONES},
        "answers": {network: answers(network, list(PHOTOGRAPHS)) for network in CLASSIFIERS},
    }
    return {**record, "processor_seconds": round(time.process_time() - begun, 1)}


def run(name: str, short: bool, folder: Path) -> dict:
    """Return the record `name`."""
    return backbones(short) if name == "transfer_backbones" else transfer(name, short, folder)
