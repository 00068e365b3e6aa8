"""The records of notebook 09: a network moved to other digits, and networks of ImageNet.

    transfer              four strategies, seven numbers of labels, five seeds; and what the
                          features' scale and the number of steps do to a head
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
from recording import Ledger, pack_misclassified

from helpers.datasets import mnist, photographs
from helpers.datasets.records import unpack_misclassified
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
    "heads_labels": [2, 100],
    "heads_steps": [300, 3000],
}
SHORT = {"labels_per_class": [2, 10], "seeds": [0, 1], "steps": 20, "heads_labels": [2],
         "heads_steps": [10, 20]}  # fmt: skip
TOGETHER = 10  # steps of a head that Keras takes at once, which saves most of their time
BACKBONES = ("MobileNet 0.25", "MobileNetV2", "InceptionV3", "ResNet50", "VGG16")
CLASSIFIERS = ("MobileNet 0.25", "MobileNetV2")
PHOTOGRAPHS = ("chelsea", "coffee", "camera", "rocket", "china", "flower", "coins", "brick")


def choose(labels: np.ndarray, per_class: int, seed: int) -> np.ndarray:
    """Draw the places of `per_class` pictures of each class."""
    random = np.random.default_rng(seed)
    places = [np.flatnonzero(labels == kind) for kind in np.unique(labels)]
    return np.concatenate([random.permutation(found)[:per_class] for found in places])


class Trainer:
    """Networks that are compiled once: from scratch, fine-tuned, and the head on its features.

    The head gets each feature with mean 0 and variance 1, measured on `pool`: all training digits,
    since that needs no labels. When the backbone is trained too, a layer keeps this scale.
    """

    def __init__(self, settings: dict, pool: np.ndarray):
        self.settings, self.pool, self.scales = settings, pool, {}
        self.networks = {strategy: self.compiled(strategy) for strategy in (SCRATCH, FROZEN, TUNED)}

    def compiled(self, strategy: str) -> keras.Sequential:
        """Build what is trained by one strategy, and compile it."""
        backbone = keras.Sequential(mnist_cnn.build().layers[:-1])
        # Frozen, it takes off its mean and divides by the root of its variance, and learns nothing.
        scale = keras.layers.BatchNormalization(center=False, scale=False, epsilon=1e-9)
        scale.trainable = False
        parts = {SCRATCH: [backbone], FROZEN: [], TUNED: [backbone, scale]}[strategy]
        network = keras.Sequential([*parts, keras.layers.Dense(10, activation="softmax")])
        network.build((None, 28, 28, 1) if parts else (None, backbone.layers[-1].units))
        network.compile(
            keras.optimizers.Adam(self.settings["rates"][strategy]),
            "sparse_categorical_crossentropy",
            jit_compile=False,
            steps_per_execution=1 if parts else TOGETHER,
        )
        return network

    def fit(self, strategy: str, start: list, images, labels, seed: int, steps: int) -> None:
        """Train from `start` for a fixed number of steps, on the given digits again and again."""
        network = self.networks[strategy]
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

    def train(self, strategy: str, images, labels, seed: int) -> keras.Sequential:
        """Train a network by one strategy; fine-tuning starts where the frozen one ends."""
        keras.utils.set_random_seed(seed)
        fresh, steps = mnist_cnn.build().get_weights(), self.settings["steps"]
        if strategy == SCRATCH:
            self.fit(SCRATCH, fresh, images, labels, seed, steps)
            return self.networks[SCRATCH]
        source = fresh if strategy == RANDOM else mnist_cnn.load_trained().get_weights()
        network = self.networks[TUNED]
        network.layers[0].set_weights(source[:-2])
        mean, variance = self.scale(seed if strategy == RANDOM else "trained")
        found = (self.features(images) - mean) / variance**0.5
        self.fit(FROZEN, fresh[-2:], found, labels, seed, steps)
        start = [*source[:-2], mean, variance, *self.networks[FROZEN].get_weights()]
        if strategy == TUNED:
            self.fit(TUNED, start, images, labels, seed, steps)
        else:
            network.set_weights(start)
        return network

    def features(self, images) -> np.ndarray:
        """Return what the backbone that is loaded makes of images, `(images, 64)`."""
        return np.asarray(self.networks[TUNED].layers[0](images, training=False))

    def scale(self, kind: int | str) -> tuple[np.ndarray, np.ndarray]:
        """Return the mean and the variance of the loaded backbone's features, kept for a kind."""
        if kind not in self.scales:
            found = self.features(self.pool)
            variance = found.var(axis=0)
            self.scales[kind] = found.mean(axis=0), np.where(variance == 0, 1, variance)
        return self.scales[kind]

    def head(self, weights: str, scaled: bool, steps: int, images, labels, tests, seed: int):
        """Train a head on random or trained features as they are, or scaled; answer the tests."""
        keras.utils.set_random_seed(seed)
        fresh = mnist_cnn.build().get_weights()
        source = fresh if weights == "random" else mnist_cnn.load_trained().get_weights()
        self.networks[TUNED].layers[0].set_weights(source[:-2])
        kind = seed if weights == "random" else "trained"
        mean, variance = self.scale(kind) if scaled else (0.0, 1.0)
        found = (self.features(images) - mean) / variance**0.5
        self.fit(FROZEN, fresh[-2:], found, labels, seed, steps)
        inputs = (self.features(tests) - mean) / variance**0.5
        return np.asarray(self.networks[FROZEN](inputs)).argmax(axis=1)


def answers_of(network, images) -> np.ndarray:
    """Return the likeliest class of each image."""
    return np.asarray(network(images, training=False)).argmax(axis=1)


def transfer(name: str, short: bool, folder: Path) -> dict:
    """Train by each strategy, number of labels and seed; then heads in four ways."""
    settings = SETTINGS | (SHORT if short else {})
    counts, seeds = settings["labels_per_class"], settings["seeds"]
    arrays = mnist.stand_in_digits()
    images, tests = (
        arrays[part][..., None].astype("float32") / 255 for part in ("x_train", "x_test")
    )
    labels, truth = arrays["y_train"].astype(int), arrays["y_test"].astype(int)
    heads = [
        (weights, scale, steps, count)
        for count in settings["heads_labels"]
        for weights in ("random", "trained")
        for scale in ("as they are", "scaled")
        for steps in settings["heads_steps"]
    ]
    runs = (len(STRATEGIES) * len(counts) + len(heads)) * len(seeds)
    ledger = Ledger(folder, name, settings, runs)
    trainer, begun = Trainer(settings, images), time.process_time()

    def trained(strategy: str, count: int, seed: int) -> str:
        chosen = choose(labels, count, seed)
        network = trainer.train(strategy, images[chosen], labels[chosen], seed)
        return pack_misclassified(answers_of(network, tests) != truth)

    def head(weights: str, scale: str, steps: int, count: int, seed: int) -> str:
        chosen, scaled = choose(labels, count, seed), scale == "scaled"
        found = trainer.head(weights, scaled, steps, images[chosen], labels[chosen], tests, seed)
        return pack_misclassified(found != truth)

    def together(rows: list[str]) -> dict:
        return {"held_out_digits": len(truth), "mistakes": rows}

    mistakes = {
        strategy: {
            str(count): together([
                ledger.get(
                    f"{strategy}, {count} labels, seed {seed}",
                    functools.partial(trained, strategy, count, seed),
                )
                for seed in seeds
            ])
            for count in counts
        }
        for strategy in STRATEGIES
    }  # fmt: skip
    found = [
        [
            ledger.get(f"head, {kind}, seed {seed}", functools.partial(head, *kind, seed))
            for seed in seeds
        ]
        for kind in heads
    ]
    no_labels = answers_of(mnist_cnn.load_trained(), tests) != truth
    return {
        "settings": settings,
        "source": "mnist_cnn, trained on MNIST",
        "target": "scikit-learn's digits, brought to 28 x 28",
        "scaled_by": "all training digits, without their labels",
        "test_digits": len(truth),
        "no_labels": round(float(1 - no_labels.mean()), 4),
        "no_labels_misclassified": together([pack_misclassified(no_labels)]),
        "accuracy": {
            strategy: {
                count: [round(1 - row.mean(), 4) for row in unpack_misclassified(kept)]
                for count, kept in table.items()
            }
            for strategy, table in mistakes.items()
        },
        "misclassified": mistakes,
        "heads": [
            {"features": weights, "scale": scale, "steps": steps, "labels": count} | together(row)
            for (weights, scale, steps, count), row in zip(heads, found, strict=True)
        ],
        "processor_seconds": round(time.process_time() - begun, 1),
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


# As https://keras.io/api/applications listed them: top-1 accuracy in percent on ImageNet's
# validation pictures, million parameters, and depth, its count of layers with parameters.
PUBLISHED = {
    "source": "https://keras.io/api/applications",
    "read": "2026-12-01",
    "networks": {
        "MobileNetV2": {"top_1": 71.3, "parameters": 3.5, "depth": 105},
        "InceptionV3": {"top_1": 77.9, "parameters": 23.9, "depth": 189},
        "ResNet50": {"top_1": 74.9, "parameters": 25.6, "depth": 107},
        "VGG16": {"top_1": 71.3, "parameters": 138.4, "depth": 16},
    },
}


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
        return {"networks": {BACKBONES[0]: facts(BACKBONES[0])}, "answers": {},
                "published": PUBLISHED}  # fmt: skip
    record = {
        "networks": {network: facts(network) for network in BACKBONES},
        "answers": {network: answers(network, list(PHOTOGRAPHS)) for network in CLASSIFIERS},
        "published": PUBLISHED,
    }
    return {**record, "processor_seconds": round(time.process_time() - begun, 1)}


def run(name: str, short: bool, folder: Path) -> dict:
    """Return the record `name`."""
    return backbones(short) if name == "transfer_backbones" else transfer(name, short, folder)
