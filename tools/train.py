"""Make again what data/ ships: trained weights and recorded runs.

    make train                    all of it (hours)
    make train ONLY=training_mnist_cnn     one of them

With COURSE_DATA naming a folder that holds mnist.npz, or with internet. Each run writes its record
data/NAME.json and brings data/SHA256SUMS up to date.
"""

import argparse
import hashlib
import importlib
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from recording import remove_kept

from helpers.datasets import locate
from helpers.files import write_whole
from helpers.models.backend import keras, tf

# An interrupted run goes on where it stopped: recording.py says how.
MODULES = {
    "training_mnist_cnn": "record_training",  # the course's network and its weights: a minute
    "training_mnist_far": "record_training",  # how far one network goes: half an hour
    "training_recipes": "record_training",  # classic and fast recipe, five seeds: ten minutes
    "interpretation": "record_interpretation",  # other networks to compare with: ten minutes
    "translation": "record_translation",  # digits that are shifted: ten minutes
    "translation_pooling": "record_translation",  # ways of pooling, one pixel: ten minutes
    "hyperparameters_grid": "record_hyperparameters",  # these five: half an hour
    "hyperparameters_architectures": "record_hyperparameters",
    "hyperparameters_seeds": "record_hyperparameters",
    "hyperparameters_study": "record_hyperparameters",
    "hyperparameters_budgets": "record_hyperparameters",
    "regularization": "record_regularization",  # against overfitting: a quarter of an hour
    "sequences_names": "record_sequences",  # names in six languages: a second
    "sequences": "record_sequences",  # networks for sequences: some minutes
    "scaling": "record_scaling",  # learning rates × batch sizes: ten minutes
    "transfer": "record_transfer",  # the digits network moved to other digits: five minutes
    "transfer_backbones": "record_transfer",  # networks of ImageNet: half a minute
    # These three with the flowers and the weights of ImageNet, a few minutes each.
    "transfer_depth": "record_transfer_photographs",
    "transfer_sizes": "record_transfer_photographs",
    "transfer_tuning": "record_transfer_photographs",
    "wrap_up": "record_wrap_up",  # three networks on drawn clothes: five minutes
}


def compact(record: dict) -> str:
    """Write a record as JSON, each list of plain values on one line."""
    text = json.dumps(record, indent=1)
    lists = re.compile(r"\[[^][{}]*\]")
    return lists.sub(lambda found: re.sub(r"\s*\n\s*", " ", found[0]), text) + "\n"


def write_sums(folder: Path) -> None:
    """Write the checksums of all weights and records."""
    files = sorted([*folder.glob("*.json"), *folder.glob("*.weights.h5")])
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in files]
    write_whole(folder / "SHA256SUMS", "\n".join(sums) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[[], *MODULES], help="which (default: all)")
    parser.add_argument("--short", action="store_true", help="a small part of the run, as a trial")
    parser.add_argument("--folder", type=Path, default=locate.DATA_FOLDER, help="where to write")
    chosen = parser.parse_args()
    for name in chosen.names or MODULES:
        record = {
            "command": f"make train ONLY={name}",
            **importlib.import_module(MODULES[name]).run(name, chosen.short, chosen.folder),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
        }
        write_whole(chosen.folder / f"{name}.json", compact(record))
        remove_kept(chosen.folder, name)
        write_sums(chosen.folder)
        print(f"{name} is recorded.", flush=True)


if __name__ == "__main__":
    main()
