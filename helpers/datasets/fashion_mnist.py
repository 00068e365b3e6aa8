"""The capstone's pictures: Fashion-MNIST, clothes that the course draws, or a folder of one's own.

Fashion-MNIST comes from the first of these places that has its four files: `fashion-mnist/` in
the folder that `COURSE_DATA` names, `data/fashion-mnist/`, Keras' own cache, a download.
"""

import functools
import gzip
import hashlib
import zlib
from pathlib import Path

import numpy as np

from helpers.datasets import locate
from helpers.datasets.download import fetch
from helpers.datasets.drawn_clothes import CLASSES, drawn_once
from helpers.datasets.locate import DataError
from helpers.datasets.tasks import Task

ADDRESS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
# Their MD5 sums stand in the README of github.com/zalandoresearch/fashion-mnist.
SHA256 = {
    "train-images-idx3": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "train-labels-idx1": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "t10k-images-idx3": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "t10k-labels-idx1": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
}
FILES = {f"{name}-ubyte.gz": digest for name, digest in SHA256.items()}
SHAPES = ((60000, 28, 28), (60000,), (10000, 28, 28), (10000,))
DRAWN = {"train": (4000, 1), "validation": (1000, 2), "test": (2000, 3)}


def load_fashion_mnist() -> Task:
    """Load Fashion-MNIST where it can be had, else clothes that the course draws; say which.

    Returns:
        The training and validation pictures, of 28 x 28 x 1; see `Task`. The test pictures are
        not among them: `held_out` gets them for the check.

    Raises:
        DataError: where `COURSE_DATA` names a folder that does not exist.

    Source of the pictures: Xiao, Rasul and Vollgraf 2017, "Fashion-MNIST: a Novel Image Dataset
    for Benchmarking Machine Learning Algorithms", arXiv:1708.07747 (MIT licence).

    Examples:
        >>> task = load_fashion_mnist()  # doctest: +ELLIPSIS
        Clothes: ...
        >>> task.x_train.shape[1:], len(task.class_names)
        ((28, 28, 1), 10)

    """
    arrays, source, reason = find_fashion_mnist()
    if arrays:
        images, labels = arrays[:2]
        order = np.random.default_rng(0).permutation(len(labels))
        kept, held = np.sort(order[10_000:]), np.sort(order[:10_000])
        print(
            f"Clothes: Fashion-MNIST, {len(kept):,} to train on and {len(held):,} to choose by; "
            f"{len(arrays[3]):,} stay away until the check."
        )
        return Task(images[kept], labels[kept], images[held], labels[held], CLASSES,
                    "Fashion-MNIST", source, read_test_pictures)  # fmt: skip
    task = stand_in()
    print(
        f"Clothes: the stand-in, {len(task.y_train):,} drawn pictures to train on and "
        f"{len(task.y_val):,} to choose by; {DRAWN['test'][0]:,} stay away until the check. "
        f"Fashion-MNIST could not be had: {reason}."
    )
    return task


def stand_in() -> Task:
    """Return the clothes that the course draws, without looking for Fashion-MNIST.

    Examples:
        >>> stand_in().name
        'stand-in'

    """
    train, validation = (drawn_once(*DRAWN[part]) for part in ("train", "validation"))
    test = functools.partial(drawn_once, *DRAWN["test"])
    return Task(*train, *validation, CLASSES, "stand-in", "drawn", test)


def read_test_pictures() -> tuple[np.ndarray, np.ndarray]:
    """Read Fashion-MNIST's test pictures and labels anew.

    Raises:
        DataError: where they are not to be had any more.

    """
    arrays, _, reason = find_fashion_mnist()
    if not arrays:
        raise DataError(f"Fashion-MNIST cannot be had any more: {reason}.")
    return arrays[2], arrays[3]


def find_fashion_mnist() -> tuple[list[np.ndarray] | None, str, str]:
    """Look for the four files in all places: arrays, source, and why there are none."""
    course = locate.course_data_folder()
    places = [
        ("COURSE_DATA", course and course / "fashion-mnist"),
        ("data", locate.DATA_FOLDER / "fashion-mnist"),
        ("Keras cache", locate.keras_folder() / "datasets" / "fashion-mnist"),
    ]

    def download():
        kept = locate.download_folder() / "fashion-mnist"
        for name, sha256 in FILES.items():
            if not (kept / name).is_file():
                fetch(ADDRESS + name, kept / name, sha256)
        return read_fashion_mnist(kept)

    return locate.first_usable(places, read_fashion_mnist, download)


def read_fashion_mnist(folder: Path) -> list[np.ndarray]:
    """Read and verify the four files: training images and labels, test images and labels.

    Raises:
        DataError: where one is damaged; the text is one sentence.

    """
    found = []
    for (name, sha256), shape in zip(FILES.items(), SHAPES, strict=True):
        try:
            packed = (folder / name).read_bytes()
            if hashlib.sha256(packed).hexdigest() != sha256:
                raise DataError(f"{name} is damaged (its checksum is wrong); delete it.")
            values = np.frombuffer(gzip.decompress(packed), np.uint8)
        except FileNotFoundError as error:
            raise DataError(f"it has no {name}.") from error
        except (OSError, EOFError, zlib.error) as error:
            damaged = f"{name} is damaged ({type(error).__name__}); delete it."
            raise DataError(locate.why(error, damaged)) from error
        numbers = int(np.prod(shape))
        if len(values) < numbers:
            raise DataError(f"{name} is too short; delete it.")
        # The header is 16 bytes before images and 8 before labels.
        array = values[len(values) - numbers :].reshape(shape)
        found.append(array[..., None] if array.ndim == 3 else array)
    return found
