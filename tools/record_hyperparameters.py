"""The searches of notebook 08: a range test, grids, many seeds, and an Optuna study.

All on the same small part of MNIST, so that a training takes seconds. The study has worker
processes that share one journal file; each is this file, run as a script:

    python tools/record_hyperparameters.py JOURNAL NAME SEED TRIALS EPOCHS SHORT
"""

import functools
import itertools
import subprocess
import sys
import time
from pathlib import Path

# A worker takes the helpers of its own checkout.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import optuna
from optuna.importance import FanovaImportanceEvaluator, get_param_importances
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
from optuna.trial import FrozenTrial, TrialState
from recording import JOURNAL, Ledger, load_mnist, pack_misclassified

from helpers.datasets.records import load_record
from helpers.models import small_cnn
from helpers.models.backend import keras
from helpers.plots.status_line import time_left

TRAINING, VALIDATION, FRESH = 4000, 2000, 4000
SEEDS = list(range(5))
# The last comparison has seeds that no choice has seen.
FINAL_SEEDS = list(range(100, 105))
RATES, BATCHES = [3e-4, 1e-3, 3e-3, 1e-2, 3e-2], [16, 32, 64, 128]
ARCHITECTURES = [(1, 16, 3), (2, 8, 3), (2, 16, 3), (2, 32, 3), (3, 16, 3), (2, 16, 5), (3, 16, 5),
                 (3, 32, 3)]  # fmt: skip
BEST_OF_GRID = {"learning_rate": 1e-2, "batch_size": 64}
CANDIDATES = 30
TRIALS, EPOCHS, STUDY_EPOCHS, WORKERS = 40, 3, 4, 2
LONG_EPOCHS = 16
FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)


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

    def ledger(self, folder: Path, name: str, total: int, **settings) -> Ledger:
        """Return the ledger of a record, tied to the digits and to further settings."""
        return Ledger(folder, name, {**self.sizes(), "epochs": EPOCHS, **settings}, total)

    def train_seeds(
        self, ledger: Ledger, key: str, settings: dict, seeds: list[int], epochs: int = EPOCHS
    ) -> dict[str, list]:
        """Train once from each seed; return one list for each quantity."""
        results = [
            ledger.get(f"{key}, seed {seed}", functools.partial(self.train, settings, seed, epochs))
            for seed in seeds
        ]
        return columns(results)


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


def grid(name: str, short: bool, folder: Path) -> dict:
    """Train every learning rate with every batch size, and make the range test."""
    trainer = Trainer(short)
    rates, batches, seeds = RATES, BATCHES, SEEDS
    if short:
        rates, batches, seeds = RATES[1:3], BATCHES[2:], SEEDS[:2]
    ledger = trainer.ledger(folder, name, len(rates) * len(batches) * len(seeds))
    cells = []
    for rate, batch in itertools.product(rates, batches):
        settings = {"learning_rate": rate, "batch_size": batch}
        key = f"learning rate {rate}, batch size {batch}"
        cells.append(settings | trainer.train_seeds(ledger, key, settings, seeds))
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


def architectures(name: str, short: bool, folder: Path) -> dict:
    """Train several architectures, each with the grid's best learning rate and batch size."""
    trainer = Trainer(short)
    shapes, seeds = (ARCHITECTURES[:2], SEEDS[:2]) if short else (ARCHITECTURES, SEEDS)
    ledger = trainer.ledger(folder, name, len(shapes) * len(seeds), best=BEST_OF_GRID)
    rows = []
    for shape in shapes:
        sizes = dict(zip(("depth", "width", "kernel_size"), shape, strict=True))
        parameters = {"parameters": small_cnn.build(*shape).count_params()}
        settings = BEST_OF_GRID | sizes
        results = trainer.train_seeds(ledger, f"architecture {shape}", settings, seeds)
        rows.append(sizes | parameters | results)
    return {
        **trainer.sizes(),
        "epochs": EPOCHS,
        "seeds": seeds,
        **BEST_OF_GRID,
        "architectures": rows,
    }


def many_seeds(name: str, short: bool, folder: Path) -> dict:
    """Train one setting from many seeds, and keep which held-out digits each network misreads."""
    trainer = Trainer(short)
    both = zip(trainer.validation, trainer.fresh, strict=True)
    held_out = small_cnn.Split(*(np.concatenate(pair) for pair in both))
    count = 3 if short else CANDIDATES
    ledger = trainer.ledger(folder, name, count, best=BEST_OF_GRID)

    def candidate(seed: int) -> dict:
        done = small_cnn.train(BEST_OF_GRID, seed, trainer.training, trainer.validation, EPOCHS)
        return {
            "mistakes": pack_misclassified(small_cnn.misclassified(done.network, held_out)),
            "seconds": round(done.seconds, 2),
        }

    found = [
        ledger.get(f"seed {seed}", functools.partial(candidate, seed)) for seed in range(count)
    ]
    return {
        "training_digits": len(trainer.training.labels),
        "held_out_digits": len(held_out.labels),
        "epochs": EPOCHS,
        **BEST_OF_GRID,
        "seeds": list(range(count)),
        **columns(found),
    }


def study(name: str, short: bool, folder: Path) -> dict:
    """Make the study, then judge default, grid and winner over fresh seeds by the test set."""
    trials, epochs = (4, 2) if short else (TRIALS, STUDY_EPOCHS)
    made = search(folder / f"{name}{JOURNAL}", trials, epochs, short)
    trainer = Trainer(short)
    # The choices are made: from here on nothing is chosen any more.
    test_digits = trainer.open_test_set()
    seeds = FINAL_SEEDS[:2] if short else FINAL_SEEDS
    settings = {"default": {}, "best of the grid": BEST_OF_GRID, "winner": made["winner"]}
    chosen = {key: small_cnn.DEFAULT | given for key, given in settings.items()}
    total = len(chosen) * len(seeds)
    ledger = trainer.ledger(folder, name, total, epochs=epochs, chosen=chosen)

    def final(key: str) -> dict:
        shape = [chosen[key][size] for size in ("depth", "width", "kernel_size")]
        parameters = {"parameters": small_cnn.build(*shape).count_params()}
        results = trainer.train_seeds(ledger, key, chosen[key], seeds, epochs)
        return chosen[key] | parameters | results

    return {
        **trainer.sizes(),
        "test_digits": test_digits,
        "epochs": epochs,
        **made,
        "final_seeds": seeds,
        "finals": {key: final(key) for key in chosen},
    }


def budgets(name: str, short: bool, folder: Path) -> dict:
    """Train default, grid and winner for the study's epochs and for four times as many.

    The held-out digits are those that no search chose by; the test set stays closed. For each of
    them it is kept whether a network misreads it.
    """
    trainer = Trainer(short)
    first = len(trainer.validation.labels)
    last = first + trainer.fresh.labels.size if short else None
    held_out = small_cnn.split(trainer.digits.x_val, trainer.digits.y_val, first, last)
    seeds = FINAL_SEEDS[:2] if short else FINAL_SEEDS
    epochs = (1, 2) if short else (STUDY_EPOCHS, LONG_EPOCHS)
    settings = {
        "default": {}, "best of the grid": BEST_OF_GRID,
        "winner": load_record("hyperparameters_study")["winner"],
    }  # fmt: skip
    total = len(settings) * len(seeds) * len(epochs)
    ledger = trainer.ledger(folder, name, total, budgets=epochs, chosen=settings)

    def final(chosen: dict, seed: int, count: int) -> dict:
        done = small_cnn.train(chosen, seed, trainer.training, trainer.validation, count)
        return {
            "mistakes": pack_misclassified(small_cnn.misclassified(done.network, held_out)),
            "seconds": round(done.seconds, 2),
        }

    def budget(key: str, count: int) -> dict:
        found = [
            ledger.get(
                f"{key}, {count} epochs, seed {seed}",
                functools.partial(final, settings[key], seed, count),
            )
            for seed in seeds
        ]
        return {"epochs": count, "held_out_digits": len(held_out.labels)} | columns(found)

    return {
        "training_digits": len(trainer.training.labels),
        "budgets": list(epochs),
        "final_seeds": seeds,
        "settings": {key: small_cnn.DEFAULT | chosen for key, chosen in settings.items()},
        "finals": {key: [budget(key, count) for count in epochs] for key in settings},
    }


def open_study(journal: Path, settings: str, seed: int = 0) -> optuna.Study:
    """Open the study that all workers share, or begin it; other settings make another study."""
    # This kind of lock works on Windows too. One that a killed worker holds is broken after 10 s.
    lock = JournalFileOpenLock(str(journal), grace_period=10)
    return optuna.create_study(
        study_name=f"search, {settings}",
        storage=JournalStorage(JournalFileBackend(str(journal), lock_obj=lock)),
        sampler=optuna.samplers.TPESampler(seed=seed, constant_liar=True),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=8),
        load_if_exists=True,
    )


def work(journal: str, name: str, seed: str, trials: str, epochs: str, short: str) -> None:
    """Work on the study until it has enough finished trials; this is what one process does."""
    trainer = Trainer(short == "True")

    def objective(trial: optuna.Trial) -> float:
        trial.set_user_attr("worker", name)
        settings = {
            "learning_rate": trial.suggest_float("learning_rate", 1e-4, 3e-2, log=True),
            "batch_size": trial.suggest_categorical("batch_size", [16, 32, 64, 128]),
            "depth": trial.suggest_int("depth", 1, 3),
            "width": trial.suggest_categorical("width", [8, 16, 32]),
            "kernel_size": trial.suggest_categorical("kernel_size", [3, 5]),
        }
        begun = time.process_time()

        def report(epoch: int, error: float) -> None:
            trial.report(error, epoch)
            trial.set_user_attr("seconds", round(time.process_time() - begun, 2))
            if trial.should_prune():
                raise optuna.TrialPruned

        # Each trial has a seed of its own: with one for all, the search would fit that seed.
        parts = trainer.training, trainer.validation
        done = small_cnn.train(settings, 1000 + trial.number, *parts, int(epochs), report)
        wrong = small_cnn.misclassified(done.network, trainer.fresh)
        trial.set_user_attr("fresh_error", small_cnn.error_percent(wrong))
        return done.errors[-1]

    enough = optuna.study.MaxTrialsCallback(int(trials), states=FINISHED)
    study = open_study(Path(journal), f"{epochs} epochs, short {short}", int(seed))
    study.optimize(objective, callbacks=[enough])


def take_up(study: optuna.Study) -> list[int]:
    """Put what killed workers were at into the queue again; return the numbers of these trials.

    Nobody may work on the study meanwhile: a running trial would be taken for a lost one.
    """
    lost = study.get_trials(states=[TrialState.RUNNING])
    for trial in lost:
        study.tell(trial.number, state=TrialState.FAIL)
        if trial.params:
            study.enqueue_trial(trial.params, user_attrs={"again": trial.number})
    return [trial.number for trial in lost]


def search(journal: Path, trials: int, epochs: int, short: bool) -> dict:
    """Let two workers begin the study, kill both after a third of it, and let two others go on."""
    study = open_study(journal, f"{epochs} epochs, short {short}")
    taken_up = take_up(study)
    begun, at_first = time.monotonic(), finished(study)
    for half, goal in enumerate((trials // 3, trials)):
        if finished(study) >= goal:
            continue
        numbers = range(half * WORKERS, (half + 1) * WORKERS)
        workers = [
            subprocess.Popen(
                [sys.executable, __file__, str(journal), f"worker {number + 1}", str(number),
                 str(trials), str(epochs), str(short)]
            )
            for number in numbers
        ]  # fmt: skip
        said = -1
        try:
            while finished(study) < goal and all(worker.poll() is None for worker in workers):
                time.sleep(1)
                if (done := finished(study)) != said:
                    said, new = done, max(done - at_first, 1)
                    left = time_left(begun, new, new + max(trials - done, 0))
                    print(f"{done} of {trials} trials, {left}", flush=True)
        except BaseException:
            # Whoever interrupts this process alone must not leave workers behind. What they have
            # finished is in the journal.
            for worker in workers:
                worker.kill()
                worker.wait()
            raise
        for worker in workers:
            if goal < trials:
                worker.kill()
            if worker.wait() and goal == trials:
                sys.exit("A worker of the study failed: run the command again to go on.")
        taken_up += take_up(study)
    ordered = sorted(study.trials, key=lambda trial: trial.datetime_complete)
    return {
        "optuna": optuna.__version__,
        "taken_up": taken_up,
        "best_trial": study.best_trial.number,
        "winner": study.best_params,
        "trials": [row(trial) for trial in ordered],
        "importances": importances(study),
    }


def finished(study: optuna.Study) -> int:
    """Return how many trials were completed or pruned."""
    return len(study.get_trials(deepcopy=False, states=FINISHED))


def row(trial: FrozenTrial) -> dict:
    """Return what the record keeps of a trial."""
    noted = trial.user_attrs
    return {
        "number": trial.number,
        "state": trial.state.name.lower(),
        "worker": noted.get("worker"),
        "again": noted.get("again"),
        **trial.params,
        "errors": [trial.intermediate_values[step] for step in sorted(trial.intermediate_values)],
        "fresh_error": noted.get("fresh_error"),
        "seconds": noted.get("seconds", 0.0),
    }


def importances(study: optuna.Study) -> dict[str, list[float]]:
    """Return each hyper-parameter's importance by fANOVA, from ten random forests.

    Source: Hutter, Hoos and Leyton-Brown 2014, "An efficient approach for assessing hyperparameter
    importance", ICML.
    """
    forests = [
        get_param_importances(study, evaluator=FanovaImportanceEvaluator(seed=seed))
        for seed in range(10)
    ]
    return {name: [round(forest[name], 4) for forest in forests] for name in sorted(forests[0])}


MAKERS = {
    "hyperparameters_grid": grid,
    "hyperparameters_architectures": architectures,
    "hyperparameters_seeds": many_seeds,
    "hyperparameters_study": study,
    "hyperparameters_budgets": budgets,
}


def run(name: str, short: bool, folder: Path) -> dict:
    """Return the record `name`."""
    return MAKERS[name](name, short, folder)


if __name__ == "__main__":
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    work(*sys.argv[1:])
