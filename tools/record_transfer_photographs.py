"""The records of notebook 09 that need the flowers and the weights of ImageNet.

    transfer_depth     where to cut a network for a near and for a far task: 13 layers, two ways to
                       make features of a layer's maps, trained and random weights
    transfer_sizes     three networks on photographs of 128 and of 224 pixels
    transfer_tuning    fine-tuning against its control, more training of the head alone

Of each kind of flower 200 photographs are kept to judge with; what is trained on is drawn from 300
others. Each run says which pictures it misclassifies, so that the notebook can compare two runs
picture by picture.
"""

import functools
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from record_transfer import choose
from recording import Ledger, pack_misclassified
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.datasets import mnist
from helpers.datasets.flowers import find_flowers
from helpers.models import pretrained
from helpers.models.backend import keras

layers = keras.layers
SMALLEST = "MobileNet 0.25"
BLOCKS = [f"conv_pw_{place}_relu" for place in range(1, 14)]
GRID = 4
DEPTH = {"labels_per_class": {"digits": 10, "flowers": 30}, "seeds": [0, 1, 2, 3, 4], "side": 128,
         "penalty": 0.01, "test": 200, "pool": 120}  # fmt: skip
SIZES = {"labels_per_class": 30, "seeds": [0, 1, 2, 3, 4], "sides": [128, 224], "penalty": 0.01,
         "networks": [SMALLEST, "MobileNetV2", "InceptionV3"], "test": 200, "pool": 60}  # fmt: skip
TUNING = {"labels_per_class": 120, "seeds": [0, 1, 2, 3, 4], "side": 128, "penalty": 0.01,
          "epochs": [5, 20], "rate": 3e-5, "batch_size": 25, "first": "conv_dw_6", "test": 200,
          "pool": 300}  # fmt: skip
SHORT = {"seeds": [0, 1], "test": 4, "pool": 8}
SHORT_OF = {
    "transfer_depth": SHORT | {"labels_per_class": {"digits": 3, "flowers": 5}},
    "transfer_sizes": SHORT | {"labels_per_class": 5, "networks": [SMALLEST]},
    "transfer_tuning": SHORT | {"labels_per_class": 5, "epochs": [1, 2]},
}


class Pictures(NamedTuple):
    """Pictures to draw from and pictures to judge with, uint8 from 0 to 255, with their labels."""

    pool: np.ndarray
    pool_labels: np.ndarray
    test: np.ndarray
    test_labels: np.ndarray


def load(settings: dict, side: int) -> Pictures:
    """Load the flowers, the same ones at each size."""
    test, number = settings["test"], settings["test"] + settings["pool"]
    pictures, _, reason = find_flowers(number, side)
    if pictures is None:
        sys.exit(f"This needs the flowers: be online, or name COURSE_DATA ({reason}).")
    kinds = np.arange(len(pictures))
    return Pictures(
        np.concatenate([found[test:] for found in pictures.values()]),
        kinds.repeat(settings["pool"]),
        np.concatenate([found[:test] for found in pictures.values()]),
        kinds.repeat(test),
    )


def enlarged_digits() -> Pictures:
    """Bring scikit-learn's digits to the form of photographs: 128 × 128, three channels."""
    arrays = mnist.stand_in_digits()

    def enlarge(digits):
        large = np.kron(digits, np.ones((1, 4, 4), np.uint8))
        return np.pad(large, ((0, 0), (8, 8), (8, 8)))[..., None].repeat(3, axis=-1)

    return Pictures(
        enlarge(arrays["x_train"]), arrays["y_train"].astype(int),
        enlarge(arrays["x_test"]), arrays["y_test"].astype(int),
    )  # fmt: skip


def borrowed(name: str, side: int) -> pretrained.Base:
    """Load a network with the weights of ImageNet."""
    base = pretrained.load_base(name, side)
    if base.weights != "ImageNet":
        sys.exit("This needs ImageNet weights: be online, or name COURSE_DATA.")
    return base


def head(penalty: float):
    """Return the head of notebook 09: features brought to one scale, then logistic regression."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=penalty, solver="newton-cg"))


def judge(settings: dict, count: int, pool, labels, test, truth) -> dict:
    """Train a head on features with each seed's labels; note which pictures it misclassifies."""
    # In single precision the solver stops early with some features.
    pool, test = pool.astype(float), test.astype(float)
    rows = []
    for seed in settings["seeds"]:
        chosen = choose(labels, count, seed)
        found = head(settings["penalty"]).fit(pool[chosen], labels[chosen]).predict(test)
        rows.append(pack_misclassified(found != truth))
    return {"held_out_pictures": len(truth), "mistakes": rows}


def in_batches(network, base: pretrained.Base, pictures: np.ndarray) -> list[np.ndarray]:
    """Run a network with one or more outputs on pictures, a hundred at a time."""
    found = []
    for start in range(0, len(pictures), 100):
        answer = network(base.preprocess(pictures[start : start + 100]), training=False)
        found.append([np.asarray(part) for part in keras.tree.flatten(answer)])
    return [np.concatenate(parts) for parts in zip(*found, strict=True)]


def blocks(base: pretrained.Base):
    """Return a network from a picture to features of each block: averaged, then in a grid."""
    outputs = []
    for name in BLOCKS:
        maps = base.network.get_layer(name).output
        window = maps.shape[1] // GRID
        outputs += [
            layers.GlobalAveragePooling2D()(maps),
            layers.Flatten()(layers.AveragePooling2D(window)(maps)),
        ]
    return keras.Model(base.network.input, outputs)


def depth(short: bool, folder: Path) -> dict:
    """Judge the features of each block, for a near task and for a far one."""
    begun = time.process_time()
    settings = DEPTH | (SHORT_OF["transfer_depth"] if short else {})
    tasks = {"digits": enlarged_digits(), "flowers": load(settings, settings["side"])}
    bases = {
        "ImageNet": borrowed(SMALLEST, settings["side"]),
        "random": pretrained.load_base(SMALLEST, settings["side"], "random"),
    }
    ledger = Ledger(folder, "transfer_depth", settings, len(tasks) * (1 + len(bases)))

    def of_pixels(task: str) -> dict:
        found, count = tasks[task], settings["labels_per_class"][task]
        # Digits in their 28 × 28 pixels; photographs as they are averaged to 32 × 32.
        if task == "digits":
            pool, test = (x[:, 8:-8:4, 8:-8:4, 0] for x in (found.pool, found.test))
        else:
            pool, test = (
                x.reshape(len(x), 32, 4, 32, 4, 3).mean(axis=(2, 4))
                for x in (found.pool, found.test)
            )
        flat = [x.reshape(len(x), -1) / 255 for x in (pool, test)]
        return judge(settings, count, flat[0], found.pool_labels, flat[1], found.test_labels)

    def of_blocks(task: str, weights: str) -> dict:
        found, count, base = tasks[task], settings["labels_per_class"][task], bases[weights]
        network = blocks(base)
        pools, tests = (in_batches(network, base, x) for x in (found.pool, found.test))
        rows = [
            judge(settings, count, pool, found.pool_labels, test, found.test_labels)
            for pool, test in zip(pools, tests, strict=True)
        ]
        return {"averaged": rows[::2], "grid": rows[1::2]}

    results = {}
    for task in tasks:
        results[task] = {
            "pixels": ledger.get(f"{task}, pixels", functools.partial(of_pixels, task))
        }
        for weights in bases:
            make = functools.partial(of_blocks, task, weights)
            for way, rows in ledger.get(f"{task}, {weights}", make).items():
                results[task][f"{weights}, {way}"] = rows
    shapes = [bases["random"].network.get_layer(name).output.shape for name in BLOCKS]
    return {
        "settings": settings,
        "network": SMALLEST,
        "grid": GRID,
        "layers": [
            {"name": name, "size": shape[1], "channels": shape[3]}
            for name, shape in zip(BLOCKS, shapes, strict=True)
        ],
        "tasks": results,
        "processor_seconds": round(time.process_time() - begun, 1),
    }


def sizes(short: bool, folder: Path) -> dict:
    """Judge the features of three networks on smaller and on larger photographs."""
    begun = time.process_time()
    settings = SIZES | (SHORT_OF["transfer_sizes"] if short else {})
    networks, sides = settings["networks"], settings["sides"]
    ledger = Ledger(folder, "transfer_sizes", settings, len(networks) * len(sides))

    def judged(name: str, side: int) -> dict:
        task, base = load(settings, side), borrowed(name, side)
        average = keras.Sequential([base.network, layers.GlobalAveragePooling2D()])
        pool, test = (in_batches(average, base, x)[0] for x in (task.pool, task.test))
        count = settings["labels_per_class"]
        return judge(settings, count, pool, task.pool_labels, test, task.test_labels)

    return {
        "settings": settings,
        "networks": {
            name: {
                str(side): ledger.get(f"{name}, {side}", functools.partial(judged, name, side))
                for side in sides
            }
            for name in networks
        },
        "processor_seconds": round(time.process_time() - begun, 1),
    }


class Tuner:
    """One base and one head, compiled anew for each seed: fine-tuned, and the head alone."""

    def __init__(self, settings: dict):
        self.settings, self.base = settings, borrowed(SMALLEST, settings["side"])
        self.task = load(settings, settings["side"])
        self.before = [weight.numpy().copy() for weight in self.base.network.weights]
        self.average = keras.Sequential([self.base.network, layers.GlobalAveragePooling2D()])
        self.features = [
            in_batches(self.average, self.base, x)[0] for x in (self.task.pool, self.task.test)
        ]

    def dense(self, features: np.ndarray, labels: np.ndarray) -> keras.layers.Dense:
        """Return the penalised head as one dense layer, its scaling put into the weights."""
        scale, best = head(self.settings["penalty"]).fit(features, labels)
        kernel = (best.coef_ / scale.scale_).T
        dense = layers.Dense(len(kernel.T), activation="softmax")
        dense.build(features.shape)
        dense.set_weights([kernel, best.intercept_ - scale.mean_ @ kernel])
        return dense

    def unfreeze(self) -> None:
        """Let training move the base's top, except for its batch normalisation."""
        base, first = self.base.network, self.settings["first"]
        base.trainable = True
        start = base.layers.index(base.get_layer(first))
        for place, layer in enumerate(base.layers):
            is_norm = isinstance(layer, layers.BatchNormalization)
            layer.trainable = place >= start and not is_norm

    def trained(self, network, pictures, labels, judged) -> dict:
        """Train, and judge after each number of epochs."""
        settings, done, rows = self.settings, 0, {}
        optimizer = keras.optimizers.Adam(settings["rate"])
        network.compile(optimizer, "sparse_categorical_crossentropy", jit_compile=False)
        for epochs in settings["epochs"]:
            network.fit(pictures, labels, epochs=epochs - done, verbose=0,
                        batch_size=settings["batch_size"])  # fmt: skip
            done, rows[str(epochs)] = epochs, self.wrong(network, judged)
        return rows

    def wrong(self, network, judged: np.ndarray) -> str:
        """Note which test pictures a network misclassifies."""
        parts = [np.asarray(network(judged[start : start + 100], training=False))
                 for start in range(0, len(judged), 100)]  # fmt: skip
        answers = np.concatenate(parts).argmax(axis=1)
        return pack_misclassified(answers != self.task.test_labels)

    def run(self, seed: int) -> dict:
        """Train the head of one draw, then fine-tune, and train the head alone as its control."""
        for weight, value in zip(self.base.network.weights, self.before, strict=True):
            weight.assign(value)
        pool, test = self.features
        chosen = choose(self.task.pool_labels, self.settings["labels_per_class"], seed)
        labels = self.task.pool_labels[chosen]
        keras.utils.set_random_seed(seed)
        alone = keras.Sequential([keras.Input(pool.shape[1:]), self.dense(pool[chosen], labels)])
        found = {"head": self.wrong(alone, test)}
        inputs = keras.Input(self.base.network.input_shape[1:])
        features = layers.GlobalAveragePooling2D()(self.base.network(inputs, training=False))
        network = keras.Model(inputs, self.dense(pool[chosen], labels)(features))
        self.unfreeze()
        pictures, judged = (
            self.base.preprocess(x) for x in (self.task.pool[chosen], self.task.test)
        )
        found["fine-tuned"] = self.trained(network, pictures, labels, judged)
        found["head alone"] = self.trained(alone, pool[chosen], labels, test)
        return found


def tuning(short: bool, folder: Path) -> dict:
    """Fine-tune from the penalised head, and train the head alone for as long."""
    begun = time.process_time()
    settings = TUNING | (SHORT_OF["transfer_tuning"] if short else {})
    ledger = Ledger(folder, "transfer_tuning", settings, len(settings["seeds"]))
    tuner = Tuner(settings)
    runs = [
        ledger.get(f"seed {seed}", functools.partial(tuner.run, seed)) for seed in settings["seeds"]
    ]
    number = len(tuner.task.test)

    def together(rows: list[str]) -> dict:
        return {"held_out_pictures": number, "mistakes": rows}

    return {
        "settings": settings,
        "network": SMALLEST,
        "head": together([run["head"] for run in runs]),
        **{
            way: {
                str(epochs): together([run[way][str(epochs)] for run in runs])
                for epochs in settings["epochs"]
            }
            for way in ("fine-tuned", "head alone")
        },
        "processor_seconds": round(time.process_time() - begun, 1),
    }


def run(name: str, short: bool, folder: Path) -> dict:
    """Return the record `name`."""
    made = {"transfer_depth": depth, "transfer_sizes": sizes, "transfer_tuning": tuning}
    return made[name](short, folder)
