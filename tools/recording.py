"""What all recorders share: the real digits, finished runs kept on the way, weights written whole.

A recorder is a module `record_TOPIC` with a function `run(name, short, folder)` that returns the
record.
"""

from __future__ import annotations

import base64
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.datasets import mnist
from helpers.files import whole, write_whole
from helpers.plots.status_line import time_left

if TYPE_CHECKING:
    import keras

# What lies beside a record until it is whole: finished runs, and the journal of an Optuna study.
KEPT, JOURNAL = ".runs", ".journal"


class Ledger:
    """The finished runs of a recording, so that an interrupted one goes on where it stopped.

    They are kept in NAME.runs beside the record, which is written whole after each run. Runs made
    with other settings, and a file that cannot be read, are left: then all is run again.

    Args:
        folder: Where the record will be written.
        name: Its name.
        settings: What the runs depend on beside their keys, fit for JSON.
        total: How many runs there will be.

    """

    def __init__(self, folder: Path, name: str, settings: dict, total: int):
        self._path, self._name, self._total = folder / f"{name}{KEPT}", name, total
        # Compared as JSON gives them back, which knows no tuples.
        self._settings = json.loads(json.dumps(settings))
        self._runs = self._read()
        self._new, self._begun = 0, time.monotonic()

    def _read(self) -> dict[str, Any]:
        """Return the kept runs by key, none where they do not belong to this recording."""
        if not self._path.is_file():
            return {}
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            settings, runs = kept["settings"], dict(kept["runs"])
        except (ValueError, TypeError, KeyError):
            print(f"{self._name}: {self._path.name} is damaged, all is run again", flush=True)
            return {}
        if settings != self._settings:
            print(f"{self._name}: kept runs have other settings, all is run again", flush=True)
            return {}
        print(f"{self._name}: {len(runs)} of {self._total} are kept from before", flush=True)
        return runs

    def get(self, key: str, make: Callable[[], Any]) -> Any:
        """Return the run of this key; where it is missing, make it, keep it, say how far it is.

        Args:
            key: What tells this run from the others.
            make: Makes the run; returns what JSON can hold.

        """
        if key not in self._runs:
            self._runs[key] = make()
            self._new += 1
            write_whole(self._path, json.dumps({"settings": self._settings, "runs": self._runs}))
            done = len(self._runs)
            left = time_left(self._begun, self._new, self._new + self._total - done)
            print(f"{self._name}: {done} of {self._total}, {key}, {left}", flush=True)
        return self._runs[key]


def remove_kept(folder: Path, name: str) -> None:
    """Remove what was kept on the way to a record, now that the record is written."""
    for ending in (KEPT, JOURNAL):
        (folder / f"{name}{ending}").unlink(missing_ok=True)


def load_mnist(short: bool) -> mnist.Digits:
    """Load MNIST; a short trial may use the stand-in."""
    digits = mnist.load_digits()
    if not (digits.is_mnist or short):
        sys.exit("This needs the real MNIST: name its folder in COURSE_DATA.")
    return digits


def pack_misclassified(wrong: np.ndarray) -> str:
    """Write which digits a network misreads, `(digits,)`, as `unpack_misclassified` reads it."""
    return base64.b64encode(np.packbits(wrong).tobytes()).decode("ascii")


def save_weights(network: keras.Model, path: Path) -> None:
    """Save weights in one step; `path` ends in `.weights.h5`."""
    with whole(path) as part:
        network.save_weights(part)
