"""The searches of notebook 08: a range test, grids, an Optuna study, and the luck in choosing.

All on the same small part of MNIST, so that a training takes seconds. What is done is kept in a
file beside the record until the record is whole: an interrupted run goes on where it stopped.
"""

import base64
import itertools
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from recording import load_mnist

from helpers.files import write_whole
from helpers.models import small_cnn
from helpers.models.backend import keras

TRAINING, VALIDATION, FRESH = 4000, 2000, 4000
SEEDS = list(range(5))
# The last comparison has seeds that no choice has seen.
FINAL_SEEDS = list(range(100, 105))
RATES, BATCHES = [3e-4, 1e-3, 3e-3, 1e-2, 3e-2], [16, 32, 64, 128]
ARCHITECTURES = [(1, 16, 3), (2, 8, 3), (2, 16, 3), (2, 32, 3), (3, 16, 3), (2, 16, 5), (3, 16, 5),
                 (3, 32, 3)]  # fmt: skip
BEST_OF_GRID = {"learning_rate": 1e-2, "batch_size": 64}
CANDIDATES = 30
TRIALS, EPOCHS, STUDY_EPOCHS = 40, 3, 4


class Ledger:
    """Results that are kept line by line, with what is done and the time that is left."""

    def __init__(self, path: Path, total: int):
        self.path, self.total, self.count, self.new = path, total, 0, 0
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        # The last line is cut off where the run was stopped while it wrote.
        whole = text[: text.rfind("\n") + 1]
        if whole != text:
            write_whole(path, whole)
        self.kept = dict(json.loads(line) for line in whole.splitlines())
        self.begun = time.monotonic()

    def get(self, key: str, make: Callable[[], dict]) -> dict:
        """Return the kept result, or make and keep it."""
        self.count += 1
        if key not in self.kept:
            self.kept[key] = make()
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps([key, self.kept[key]]) + "\n")
            self.new += 1
        left = (time.monotonic() - self.begun) / max(self.new, 1) * (self.total - self.count)
        print(f"{self.count} of {self.total}: {key}, about {left:.0f} s left", flush=True)
        return self.kept[key]


class Trainer:
    """The digits of the search, and one training on them as a dictionary."""

    def __init__(self, short: bool):
        self.digits = load_mnist(short)
        few = 10 if short else 1
        self.training, self.validation = small_cnn.splits(
            self.digits, TRAINING // few, VALIDATION // few
        )
        first = len(self.validation.labels)
        self.fresh = small_cnn.split(
            self.digits.x_val, self.digits.y_val, first, first + FRESH // few
        )
        self.test = None

    def open_test_set(self) -> int:
        """Open the test set, so that trainings are judged by it too; return how many digits."""
        self.test = small_cnn.split(*self.digits.open_test_set())
        return len(self.test.labels)

    def sizes(self) -> dict[str, int]:
        """Return the number of digits in each part."""
        parts = {"training": self.training, "validation": self.validation, "fresh": self.fresh}
        return {f"{name}_digits": len(part.labels) for name, part in parts.items()}

    def train(self, settings: dict, seed: int, epochs: int = EPOCHS) -> dict:
        """Train once; errors in percent, cost in processor seconds."""
        done = small_cnn.train(settings, seed, self.training, self.validation, epochs)
        result = {
            "errors": done.errors[-1],
            "fresh_errors": small_cnn.error_percent(
                small_cnn.misclassified(done.network, self.fresh)
            ),
            "seconds": round(done.seconds, 2),
        }
        if self.test is not None:
            result["test_errors"] = small_cnn.error_percent(
                small_cnn.misclassified(done.network, self.test)
            )
        return result


def columns(results: list[dict]) -> dict[str, list]:
    """Turn one dictionary for each seed into one list for each quantity."""
    return {name: [result[name] for result in results] for name in results[0]}


def range_test(training: small_cnn.Split, seed: int, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Train once with a learning rate that grows by a fixed factor with every batch of 64.

    Smith 2017, "Cyclical learning rates for training neural networks", arXiv:1506.01186. The
    digits are gone through again and again. Returns the learning rates, from 1e-5 to 1, and the
    loss of the batch at each, both `(steps,)`.
    """
    keras.utils.set_random_seed(seed)
    rates, losses = np.geomspace(1e-5, 1, steps), []
    network = small_cnn.compile_for(small_cnn.build(), rates[0])
    random, rounds = np.random.default_rng(seed), 1 + 64 * steps // len(training.images)
    order = np.concatenate([random.permutation(len(training.images)) for _ in range(rounds)])
    for step, rate in enumerate(rates):
        network.optimizer.learning_rate.assign(rate)
        batch = order[64 * step : 64 * (step + 1)]
        losses.append(float(network.train_on_batch(*(values[batch] for values in training))))
        # Keras reports the mean since the last reset; the loss of this batch alone is wanted.
        network.reset_metrics()
    return rates, np.array(losses)


def grid(short: bool, folder: Path) -> dict:
    """Train every learning rate with every batch size, and make the range test."""
    trainer = Trainer(short)
    rates, batches, seeds = RATES, BATCHES, SEEDS
    if short:
        rates, batches, seeds = RATES[1:3], BATCHES[2:], SEEDS[:2]
    ledger = Ledger(folder / "hyperparameters_grid.jsonl", len(rates) * len(batches) * len(seeds))

    def cell(rate, batch):
        settings = {"learning_rate": rate, "batch_size": batch}
        name = f"rate {rate}, batch {batch}"
        return settings | columns(
            [
                ledger.get(f"{name}, seed {seed}", lambda seed=seed: trainer.train(settings, seed))
                for seed in seeds
            ]
        )

    cells = [cell(rate, batch) for rate, batch in itertools.product(rates, batches)]
    tests = [range_test(trainer.training, seed, 20 if short else 120) for seed in seeds[:3]]
    return {
        **trainer.sizes(),
        "epochs": EPOCHS,
        "seeds": seeds,
        "learning_rates": rates,
        "batch_sizes": batches,
        "cells": cells,
        "range_test": {
            "learning_rates": [float(f"{rate:.4g}") for rate in tests[0][0]],
            "losses": [np.round(losses, 4).tolist() for _, losses in tests],
        },
    }


def architectures(short: bool, folder: Path) -> dict:
    """Train several architectures, each with the grid's best learning rate and batch size."""
    trainer = Trainer(short)
    shapes, seeds = (ARCHITECTURES[:2], SEEDS[:2]) if short else (ARCHITECTURES, SEEDS)
    ledger = Ledger(folder / "hyperparameters_architectures.jsonl", len(shapes) * len(seeds))

    def row(shape):
        sizes = dict(zip(("depth", "width", "kernel_size"), shape, strict=True))
        results = [
            ledger.get(
                f"architecture {shape}, seed {seed}",
                lambda seed=seed: trainer.train(BEST_OF_GRID | sizes, seed),
            )
            for seed in seeds
        ]
        parameters = small_cnn.build(*shape).count_params()
        return sizes | {"parameters": parameters} | columns(results)

    rows = [row(shape) for shape in shapes]
    return {
        **trainer.sizes(),
        "epochs": EPOCHS,
        "seeds": seeds,
        **BEST_OF_GRID,
        "architectures": rows,
    }


def many_seeds(short: bool, folder: Path) -> dict:
    """Train one setting from many seeds, and keep which held-out digits each network misreads."""
    trainer = Trainer(short)
    both = zip(trainer.validation, trainer.fresh, strict=True)
    held_out = small_cnn.Split(*(np.concatenate(pair) for pair in both))
    count = 3 if short else CANDIDATES
    ledger = Ledger(folder / "hyperparameters_seeds.jsonl", count)

    def candidate(seed):
        done = small_cnn.train(BEST_OF_GRID, seed, trainer.training, trainer.validation, EPOCHS)
        bits = np.packbits(small_cnn.misclassified(done.network, held_out)).tobytes()
        return {
            "mistakes": base64.b64encode(bits).decode("ascii"),
            "seconds": round(done.seconds, 2),
        }

    found = [ledger.get(f"seed {seed}", lambda seed=seed: candidate(seed)) for seed in range(count)]
    return {
        "training_digits": len(trainer.training.labels),
        "held_out_digits": len(held_out.labels),
        "epochs": EPOCHS,
        **BEST_OF_GRID,
        "seeds": list(range(count)),
        **columns(found),
    }


def study(short: bool, folder: Path) -> dict:
    """Make the study, then judge default, grid and winner over fresh seeds by the test set."""
    import search_study  # It needs Optuna; the other records do not.

    trials, epochs = (4, 2) if short else (TRIALS, STUDY_EPOCHS)
    made = search_study.run(folder / "search_study.journal", trials, epochs, short)
    trainer = Trainer(short)
    # The choices are made: from here on nothing is chosen any more.
    test_digits = trainer.open_test_set()
    seeds = FINAL_SEEDS[:2] if short else FINAL_SEEDS
    settings = {"default": {}, "best of the grid": BEST_OF_GRID, "winner": made["winner"]}
    ledger = Ledger(folder / "hyperparameters_study.jsonl", len(settings) * len(seeds))

    def final(name):
        chosen = small_cnn.DEFAULT | settings[name]
        results = [
            ledger.get(
                f"{name}, seed {seed}", lambda seed=seed: trainer.train(chosen, seed, epochs)
            )
            for seed in seeds
        ]
        shape = [chosen[size] for size in ("depth", "width", "kernel_size")]
        return chosen | {"parameters": small_cnn.build(*shape).count_params()} | columns(results)

    return {
        **trainer.sizes(),
        "test_digits": test_digits,
        "epochs": epochs,
        **made,
        "final_seeds": seeds,
        "finals": {name: final(name) for name in settings},
    }


MAKERS = {
    "hyperparameters_grid": grid,
    "hyperparameters_architectures": architectures,
    "hyperparameters_seeds": many_seeds,
    "hyperparameters_study": study,
}


def run(name: str, short: bool, folder: Path) -> dict:
    """Make one record; what was kept on the way is deleted when it is whole."""
    made = MAKERS[name](short, folder)
    for ending in ("jsonl", "journal"):
        (folder / f"{name}.{ending}").unlink(missing_ok=True)
    return made
