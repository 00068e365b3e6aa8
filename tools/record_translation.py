"""Accuracy on shifted digits of the four networks of notebook 04, each from five random starts.

Trained on 20,000 MNIST training digits, judged by 2,000 validation digits in four directions; the
test set stays closed.
"""

import functools
import math
import time
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


def run(name: str, short: bool, folder: Path) -> dict:
    """Train each network from each start, save the weights of the first, return the record."""
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
