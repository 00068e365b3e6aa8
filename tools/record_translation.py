"""The two records of notebook 04, on shifted digits: four networks, and four ways of pooling.

Each network is trained on 20,000 MNIST training digits from five random starts, and judged by
2,000 validation digits; the test set stays closed. Ways of pooling differ by little, so each of
their starts has 2,000 validation digits of its own: differences between starts hold both kinds of
chance, that of the start and that of the digits.
"""

import functools
import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from recording import Ledger, load_mnist, save_weights

from helpers.models import shifted_digits
from helpers.models.backend import keras
from helpers.models.shifted_digits import shift_on_paper
from helpers.training.schedules import warm_cosine

SETTINGS = {
    "training_digits": 20_000,
    "validation_digits": 2_000,
    "epochs": 3,
    "batch_size": 64,
    "peak_learning_rate": 6e-3,
    "seeds": [0, 1, 2, 3, 4],
    "shifts": [0, 1, 2, 3, 4, 5, 6, 7, 8],
}
SHORT = {"training_digits": 512, "validation_digits": 64, "epochs": 1, "seeds": [0, 1]}
POOLING_SETTINGS = {
    **{key: value for key, value in SETTINGS.items() if key != "validation_digits"},
    "network": "global",
    "box": 15,  # pixels: an average so wide that it erases the digit
    "shifts": [0, 1, 2, 3, 4],
    "digits_of_a_start": 2_000,
}
POOLING_SHORT = {"training_digits": 512, "epochs": 1, "seeds": [0, 1], "digits_of_a_start": 64}
DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1))


class Batches(keras.utils.PyDataset):
    """Shuffled digits, in the middle of the paper, or each at a place of its own drawn anew."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, batch_size: int, moved: bool, seed):
        super().__init__()
        self.images, self.labels = images, labels
        self.batch_size, self.moved = batch_size, moved
        self.random = np.random.default_rng(seed)
        self.on_epoch_end()

    def on_epoch_end(self) -> None:
        """Shuffle anew."""
        self.order = self.random.permutation(len(self.images))

    def __len__(self) -> int:
        return math.ceil(len(self.images) / self.batch_size)

    def __getitem__(self, number: int):
        chosen = self.order[number * self.batch_size : (number + 1) * self.batch_size]
        if not self.moved:
            return shift_on_paper(self.images[chosen]), self.labels[chosen]
        margin = shifted_digits.MARGIN
        shifts = self.random.integers(-margin, margin + 1, (len(chosen), 2)).tolist()
        placed = [
            shift_on_paper(self.images[one : one + 1], *shift)
            for one, shift in zip(chosen, shifts, strict=True)
        ]
        return np.concatenate(placed), self.labels[chosen]


def accuracy(network: keras.Model, images: np.ndarray, labels: np.ndarray, shift: int) -> float:
    """Return the accuracy on digits shifted right, left, down and up, all four together."""
    right = [
        np.asarray(network.predict_on_batch(placed)).argmax(axis=1) == labels
        for placed in (
            shift_on_paper(images, shift * across, shift * down) for across, down in DIRECTIONS
        )
    ]
    return float(np.mean(right))


def train(name: str, seed: int, settings: dict, digits) -> tuple[keras.Model, dict]:
    """Train one network from one random start, and measure it."""
    keras.utils.set_random_seed(seed)
    network = shifted_digits.build(name)
    count = settings["training_digits"]
    given = Batches(
        digits.x_train[:count],
        digits.y_train[:count],
        settings["batch_size"],
        moved=name == "moved",
        seed=seed,
    )
    steps = settings["epochs"] * len(given)
    schedule = warm_cosine(settings["peak_learning_rate"], steps)
    network.compile(keras.optimizers.Adam(schedule), "sparse_categorical_crossentropy")
    begun = time.process_time()
    history = network.fit(given, epochs=settings["epochs"], shuffle=False, verbose=0)
    seconds = time.process_time() - begun
    held_out = slice(settings["validation_digits"])
    images, labels = digits.x_val[held_out], digits.y_val[held_out]
    found = [accuracy(network, images, labels, shift) for shift in settings["shifts"]]
    return network, {
        "accuracy": np.round(found, 5).tolist(),
        "last_loss": round(history.history["loss"][-1], 5),
        "processor_seconds": round(seconds, 1),
    }


def blurred(*average: keras.layers.Layer) -> list[keras.layers.Layer]:
    """Take the largest number of every window, average as told, and so halve the maps."""
    return [keras.layers.MaxPooling2D(2, strides=1, padding="same"), *average]


def poolings(box: int) -> dict:
    """Return, by name, what makes the layers that halve the maps."""
    average = keras.layers.AveragePooling2D
    return {
        "max": shifted_digits.max_pooling,
        "average": lambda: [average(2)],
        # Two averages of neighbours, one after the other, weigh 1, 2, 1: the blur of Zhang 2019.
        "blur": lambda: blurred(average(2, strides=1, padding="same"), average(2)),
        "box": lambda: blurred(average(box, strides=2, padding="same")),
    }


def one_pixel(network: keras.Model, images: np.ndarray, labels: np.ndarray, shifts: list) -> dict:
    """Measure what steps of one pixel, right or down, change in the answers of a network.

    Returns:
        The accuracy over all places; the consistency, how many answers stay the same when the
        digit makes a step; and how much the probability of the answer changes at a step.

    """
    given = np.array(
        [
            [
                network.predict(shift_on_paper(images, shift * right, shift * down), verbose=0)
                for shift in shifts
            ]
            for right, down in ((1, 0), (0, 1))
        ]
    )
    answers = given.argmax(axis=-1)
    before, after = given[:, :-1], given[:, 1:]
    chosen = answers[:, :-1, :, None]
    step = np.take_along_axis(after, chosen, -1) - np.take_along_axis(before, chosen, -1)
    return {
        "accuracy": round(float((answers == labels).mean()), 5),
        "consistency": round(float((answers[:, 1:] == answers[:, :-1]).mean()), 5),
        "change": round(float(np.abs(step).mean()), 5),
    }


def train_pooling(halve: Callable, seed: int, settings: dict, digits) -> dict:
    """Train one network with this way of pooling, and measure it on the digits of its start."""
    keras.utils.set_random_seed(seed)
    network = shifted_digits.build(settings["network"], halve)
    images = shift_on_paper(digits.x_train[: settings["training_digits"]])
    labels = digits.y_train[: settings["training_digits"]]
    epochs, batch_size = settings["epochs"], settings["batch_size"]
    steps = epochs * math.ceil(len(images) / batch_size)
    schedule = warm_cosine(settings["peak_learning_rate"], steps)
    network.compile(keras.optimizers.Adam(schedule), "sparse_categorical_crossentropy")
    begun = time.process_time()
    network.fit(images, labels, batch_size=batch_size, epochs=epochs, verbose=0)
    seconds = time.process_time() - begun
    count = settings["digits_of_a_start"]
    own = slice(seed * count, (seed + 1) * count)
    found = one_pixel(network, digits.x_val[own], digits.y_val[own], settings["shifts"])
    return {**found, "processor_seconds": round(seconds, 1)}


def run_poolings(name: str, short: bool, folder: Path) -> dict:
    """Train with each way of pooling from each start, return the record."""
    digits = load_mnist(short)
    settings = POOLING_SETTINGS | (POOLING_SHORT if short else {})
    ways, seeds = poolings(settings["box"]), settings["seeds"]
    ledger = Ledger(folder, name, settings, len(ways) * len(seeds))
    runs = {
        (way, seed): ledger.get(
            f"{way}, seed {seed}",
            functools.partial(train_pooling, ways[way], seed, settings, digits),
        )
        for seed in seeds
        for way in ways
    }
    return {
        "settings": settings,
        **{
            what: {way: [runs[way, seed][what] for seed in seeds] for way in ways}
            for what in ("accuracy", "consistency", "change", "processor_seconds")
        },
    }


def run(name: str, short: bool, folder: Path) -> dict:
    """Make the record of this name.

    That of the four networks also saves the weights of their first starts.
    """
    if name == "translation_pooling":
        return run_poolings(name, short, folder)
    digits = load_mnist(short)
    settings = SETTINGS | (SHORT if short else {})
    networks, seeds = shifted_digits.NETWORKS, settings["seeds"]
    ledger = Ledger(folder, name, settings, len(networks) * len(seeds))

    def trained(network: str, seed: int) -> dict:
        made, found = train(network, seed, settings, digits)
        if seed == seeds[0]:
            # A copy that was never compiled carries no state of the optimiser.
            copy = shifted_digits.build(network)
            copy.set_weights(made.get_weights())
            save_weights(copy, folder / f"translation_{network}.weights.h5")
        return found

    runs = {
        (network, seed): ledger.get(
            f"{network}, seed {seed}", functools.partial(trained, network, seed)
        )
        for seed in seeds
        for network in networks
    }
    return {
        "settings": settings,
        "parameters": {
            network: shifted_digits.build(network).count_params() for network in networks
        },
        **{
            what: {network: [runs[network, seed][what] for seed in seeds] for network in networks}
            for what in ("accuracy", "last_loss", "processor_seconds")
        },
    }
