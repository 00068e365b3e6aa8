"""Where data lies: the folder that `COURSE_DATA` names, `data/`, Keras' cache, or the internet."""

import hashlib
import io
import os
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from helpers.datasets.download import DownloadError

COURSE_FOLDER = Path(__file__).resolve().parents[2]
DATA_FOLDER = COURSE_FOLDER / "data"

Arrays = dict[str, np.ndarray]
Read = TypeVar("Read")


class DataError(RuntimeError):
    """Data that cannot be used; the text is one sentence that says what to do."""


class Published(NamedTuple):
    """A file of arrays as it was published: address, SHA-256 of the file and of each array."""

    url: str
    sha256: str
    arrays: Mapping[str, tuple[tuple[int, ...], str]]


def course_data_folder() -> Path | None:
    """Return the folder that the environment variable `COURSE_DATA` names, if it is set.

    Raises:
        DataError: where there is no such folder.

    """
    named = os.environ.get("COURSE_DATA", "")
    if not named:
        return None
    folder = COURSE_FOLDER / Path(named).expanduser()
    if not folder.is_dir():
        raise DataError(
            f"The environment variable COURSE_DATA names a folder that does not exist "
            f"({named}): correct it, or remove it to let the course find its data by itself."
        )
    return folder


def keras_folder() -> Path:
    """Return the folder in which Keras keeps its downloads, without importing Keras."""
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras").expanduser()


def read_arrays(path: Path, published: Published) -> Arrays:
    """Read the arrays of an `.npz` file and verify each one's shape and SHA-256.

    Raises:
        DataError: where the file cannot be read or holds something else.

    """
    try:
        # From memory: NumPy leaves a damaged file open, which Windows then cannot delete.
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in published.arrays}
    except (OSError, ValueError, KeyError, EOFError, IndexError, zipfile.BadZipFile) as error:
        raise DataError(
            f"the file is damaged or foreign ({type(error).__name__}); delete it."
        ) from error
    for name, (shape, sha256) in published.arrays.items():
        found = arrays[name]
        if found.shape != shape or found.dtype != np.uint8:
            raise DataError(
                f"its {name} has shape {found.shape} and dtype {found.dtype} instead of "
                f"{shape} and uint8; delete it."
            )
        if hashlib.sha256(np.ascontiguousarray(found)).hexdigest() != sha256:
            raise DataError(f"the numbers in its {name} are not MNIST's; delete it.")
    return arrays


def first_usable(
    places: Iterable[tuple[str, Path | None]],
    read: Callable[[Path], Read],
    download: Callable[[], Read],
) -> tuple[Read | None, str, str]:
    """Read data from the first place that holds it whole, and download it where none does.

    Args:
        places: Names of sources, each with where the data would lie there; None is passed over.
        read: Reads and verifies what lies at a path. It raises `DataError` where that is damaged:
            then one line says so, and the next place is tried.
        download: Downloads the data and reads it, or raises `DownloadError`.

    Returns:
        What was read, from which source, and why there is nothing; either the first or the last
        is empty.

    Examples:
        >>> first_usable([("data", Path(__file__))], lambda path: path.name, str)
        ('locate.py', 'data', '')

    """
    for source, path in places:
        if path is None or not path.exists():
            continue
        try:
            return read(path), source, ""
        except DataError as error:
            print(f"Passed over {path.name} from {source}: {error}")
    try:
        return download(), "download", ""
    except DownloadError as error:
        return None, "", str(error)
    except DataError as error:
        return None, "", f"in the download, {str(error).rstrip('.')}"
