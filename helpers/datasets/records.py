"""What the course recorded and ships in data/: training runs and weights, verified when read."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from helpers.datasets.locate import DATA_FOLDER, DataError, why


def shipped_file(name: str, folder: Path) -> Path:
    """Return the path of a file that the course ships in data/, verified by its SHA-256.

    Raises:
        DataError: where it is missing or damaged.

    """
    path, again = folder / name, "get it again with `git checkout data`."
    if not path.is_file():
        raise DataError(f"{name} is missing in data/: {again}")
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    wanted = {file: digest for digest, file in (line.split() for line in lines)}
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise DataError(f"{name} in data/ cannot be read: {why(error, again)}") from error
    if found != wanted.get(name):
        raise DataError(f"{name} is damaged: {again}")
    return path


def load_record(name: str, folder: Path = DATA_FOLDER) -> dict[str, Any]:
    """Return the record of a training run that the course ships: `data/NAME.json`.

    Args:
        name: Its name, such as `"training_mnist_cnn"`.
        folder: Where it lies; the course's own folder where it is left out.

    Raises:
        DataError: where there is no such record, or it is damaged.

    Examples:
        >>> load_record("training_mnist_cnn")["command"]
        'make train ONLY=training_mnist_cnn'

    """
    return json.loads(shipped_file(f"{name}.json", folder).read_text(encoding="utf-8"))


def unpack_misclassified(record: dict[str, Any]) -> np.ndarray:
    """Return which pictures each recorded network misreads: `(networks, pictures)`, booleans.

    Args:
        record: `held_out_digits` or `held_out_pictures`, their number, and `mistakes`, for each
            network one bit a picture, packed by `np.packbits` and written in base64.

    Examples:
        >>> unpack_misclassified({"held_out_digits": 3, "mistakes": ["oA=="]}).tolist()
        [[True, False, True]]

    """
    rows = [np.frombuffer(base64.b64decode(row), np.uint8) for row in record["mistakes"]]
    number = record["held_out_pictures" if "held_out_pictures" in record else "held_out_digits"]
    return np.unpackbits(np.array(rows), axis=1)[:, :number].astype(bool)
