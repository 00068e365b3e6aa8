"""Make again what data/ ships: trained weights and recorded runs.

    make train                    all of it (hours)
    make train ONLY=mnist_cnn     one of them

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

from course import write_whole

from helpers import data
from helpers.networks import keras, tf

# Each module has a function `run(name, short, folder)` that returns the record.
MODULES = {
    "mnist_cnn": "record_mnist",  # the course's network, and its weights: a minute
    "mnist_far": "record_mnist",  # how far one network goes, notebook 05: half an hour
    "shift": "record_shift",  # digits that are shifted, notebook 04: ten minutes
    "search_grid": "record_search",  # notebook 08, all four: half an hour
    "search_architectures": "record_search",
    "search_luck": "record_search",
    "search_study": "record_search",
    "cures": "record_cures",  # overfitting and its cures, notebook 07: a quarter of an hour
    "names": "record_sequences",  # names in six languages, notebook 10: a second
    "sequences": "record_sequences",  # networks for sequences, notebook 10: some minutes
    "borrow": "record_borrow",  # the digits network moved to other digits, notebook 09: 5 minutes
    "backbones": "record_backbones",  # networks of ImageNet and their answers: half a minute
    "capstone": "record_capstone",  # three networks on drawn clothes, notebook 12: 5 minutes
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
    parser.add_argument("--folder", type=Path, default=data.DATA_FOLDER, help="where to write")
    chosen = parser.parse_args()
    for name in chosen.names or MODULES:
        record = {
            "command": f"make train ONLY={name}",
            **importlib.import_module(MODULES[name]).run(name, chosen.short, chosen.folder),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
        }
        write_whole(chosen.folder / f"{name}.json", compact(record))
        write_sums(chosen.folder)
        print(f"{name} is recorded.", flush=True)


if __name__ == "__main__":
    main()
