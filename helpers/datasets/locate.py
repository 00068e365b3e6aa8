"""Where data lies: the folder that `COURSE_DATA` names, `data/`, Keras' cache, or the internet."""

import hashlib
import io
import lzma
import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from PIL import Image

from helpers.datasets.download import DownloadError, offline
from helpers.files import writable_folder

COURSE_FOLDER = Path(__file__).resolve().parents[2]
DATA_FOLDER = COURSE_FOLDER / "data"

# What lies in a folder for `COURSE_DATA`: one that holds none of it is another folder.
COURSE_DATA_HOLDS = ("mnist.npz", "fashion-mnist", "flower_photos", "weights", "keras")
# Reading a file that is cut, changed inside, foreign or another user's fails in one of these ways:
# a changed byte may claim another compression, a password, or a size that no memory has.
UNREADABLE = (
    ArithmeticError, EOFError, LookupError, MemoryError, OSError, RuntimeError, SyntaxError,
    TypeError, ValueError, Image.DecompressionBombError, lzma.LZMAError, struct.error,
    tarfile.TarError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip

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
    folder = COURSE_FOLDER / os.path.expanduser(named)
    try:
        is_folder, is_file = folder.is_dir(), folder.is_file()
    except OSError:  # In another user's folder: whoever reads there says so.
        is_folder, is_file = True, False
    if is_file:
        raise DataError(
            f"The environment variable COURSE_DATA names a file ({named}): name the folder in "
            "which it lies."
        )
    if not is_folder:
        raise DataError(
            f"The environment variable COURSE_DATA names a folder that does not exist "
            f"({named}): correct it, or remove it to let the course find its data by itself."
        )
    return folder


def keras_folder() -> Path:
    """Return the folder in which Keras keeps its downloads, without importing Keras."""
    # As Keras does it: also where nobody knows the reader's home, which `Path.home` refuses.
    return Path(os.path.expanduser(os.environ.get("KERAS_HOME") or "~/.keras"))


def download_folder() -> Path:
    """Return where downloads are kept: `data/`, or Keras' cache where that cannot be written."""
    return DATA_FOLDER if offline() else writable_folder(DATA_FOLDER, keras_folder() / "datasets")


def why(error: BaseException, otherwise: str) -> str:
    """Return a clause that says why something could not be read.

    Args:
        error: What happened.
        otherwise: What is said where it was not that the reader may not read it.

    Examples:
        >>> why(PermissionError(13, "Permission denied"), "it is damaged; delete it.")
        'you may not read it; ask its owner.'

    """
    return (
        "you may not read it; ask its owner." if isinstance(error, PermissionError) else otherwise
    )


def read_arrays(path: Path, published: Published) -> Arrays:
    """Read the arrays of an `.npz` file and verify each one's shape and SHA-256.

    Raises:
        DataError: where the file cannot be read or holds something else.

    """
    try:
        # From memory: NumPy leaves a damaged file open, which Windows then cannot delete.
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in published.arrays}
    except UNREADABLE as error:
        damaged = f"the file is damaged or foreign ({type(error).__name__}); delete it."
        raise DataError(why(error, damaged)) from error
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
    missed = ""
    for source, path in places:
        try:
            if path is None or not is_there(path):
                if path is not None and source == "COURSE_DATA":
                    missed = what_lies_in(path)
                continue
            found = read(path)
        except (DataError, PermissionError) as error:
            print(f"Passed over {path.name} from {source}: {why(error, str(error))}")
            continue
        if missed:
            print(f"{missed}: taken from {source} instead.")
        return found, source, ""
    try:
        found = download()
    except (DownloadError, DataError) as error:
        reason = str(error).rstrip(".")
        if isinstance(error, DataError):
            reason = f"in the download, {reason}"
        return None, "", f"{reason}; {missed}" if missed else reason
    if missed:
        print(f"{missed}: downloaded instead.")
    return found, "download", ""


def is_there(path: Path) -> bool:
    """Tell whether there is such a file or folder; `Path.exists` hides or raises who may not ask.

    Raises:
        PermissionError: where the reader may not look.

    """
    try:
        path.stat()
    except PermissionError:
        raise
    except (OSError, ValueError):
        return False
    return True


def what_lies_in(wanted: Path) -> str:
    """Say what a folder for `COURSE_DATA` holds that lacks a file, or nothing where it is right.

    It is right where it holds other data of the course, unless unpacked files of MNIST, which the
    course does not read, lie there too.
    """
    folder = next(parent for parent in wanted.parents if parent.is_dir())
    names = sorted(path.name for path in folder.iterdir())
    unpacked = [name for name in names if "-ubyte" in name]
    if not unpacked and (set(names) & set(COURSE_DATA_HOLDS) or folder.name in COURSE_DATA_HOLDS):
        return ""
    listed = unpacked or names
    held = ", ".join(listed[:4]) + (", ..." if len(listed) > 4 else "") if listed else "nothing"
    return f"COURSE_DATA holds no {wanted.name} (it holds {held})"
