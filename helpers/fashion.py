"""The capstone's pictures: Fashion-MNIST, clothes that the course draws, or a folder of one's own.

Fashion-MNIST comes from the first of these places that has its four files: `fashion-mnist/` in
the folder that `COURSE_DATA` names, `data/fashion-mnist/`, Keras' own cache, a download.
"""

import functools
import gzip
import hashlib
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from helpers import data
from helpers.arguments import integer, show
from helpers.clothes import CLASSES, draw_clothes
from helpers.data import DataError
from helpers.downloads import DownloadError, fetch

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
ENDINGS = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"}
FEWEST, MOST_PIXELS = 10, 50_000_000


@dataclass
class Task:
    """Pictures in classes: a part to train on, one to choose by, and one that stays away.

    Attributes:
        x_train, x_val: Pictures `(number, side, side, channels)`, uint8 from 0 to 255.
        y_train, y_val: Labels `(number,)`, uint8, places in `class_names`.
        class_names: One name for each class.
        name: `"Fashion-MNIST"`, `"stand-in"`, or `"own pictures"`.
        source: `"COURSE_DATA"`, `"data"`, `"Keras cache"`, `"download"`, `"drawn"` or `"folder"`.

    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    class_names: tuple[str, ...]
    name: str
    source: str
    _kept_away: Any = field(default=None, repr=False)

    @property
    def is_fashion(self) -> bool:
        """Whether this is Fashion-MNIST."""
        return self.name == "Fashion-MNIST"


def load_fashion() -> Task:
    """Load Fashion-MNIST where it can be had, else clothes that the course draws; say which.

    Returns:
        The training and validation pictures, of 28 x 28 x 1; see `Task`. The test pictures are
        not among them: `held_out` gets them for the check.

    Raises:
        DataError: where `COURSE_DATA` names a folder that does not exist.

    Source of the pictures: Xiao, Rasul and Vollgraf 2017, "Fashion-MNIST: a Novel Image Dataset
    for Benchmarking Machine Learning Algorithms", arXiv:1708.07747 (MIT licence).

    Examples:
        >>> task = load_fashion()  # doctest: +ELLIPSIS
        Clothes: ...
        >>> task.x_train.shape[1:], len(task.class_names)
        ((28, 28, 1), 10)

    """
    arrays, source, reason = find_fashion()
    if arrays:
        images, labels = arrays[:2]
        order = np.random.default_rng(0).permutation(len(labels))
        kept, held = np.sort(order[10_000:]), np.sort(order[:10_000])
        print(
            f"Clothes: Fashion-MNIST, {len(kept):,} to train on and {len(held):,} to choose by; "
            f"{len(arrays[3]):,} stay away until the check."
        )
        return Task(images[kept], labels[kept], images[held], labels[held], CLASSES,
                    "Fashion-MNIST", source)  # fmt: skip
    train, validation = (drawn(*DRAWN[part]) for part in ("train", "validation"))
    print(
        f"Clothes: the stand-in, {len(train[1]):,} drawn pictures to train on and "
        f"{len(validation[1]):,} to choose by; {DRAWN['test'][0]:,} stay away until the check. "
        f"Fashion-MNIST could not be had: {reason}."
    )
    return Task(*train, *validation, CLASSES, "stand-in", "drawn")


def find_fashion() -> tuple[list[np.ndarray], str, str]:
    """Look for the four files in all places: arrays, source, and why there are none."""
    course = data.course_data_folder()
    kept = data.DATA_FOLDER / "fashion-mnist"
    places = {
        "COURSE_DATA": course / "fashion-mnist" if course else None,
        "data": kept,
        "Keras cache": data.keras_folder() / "datasets" / "fashion-mnist",
    }
    for source, folder in places.items():
        if folder is None or not all((folder / name).is_file() for name in FILES):
            continue
        try:
            return read_fashion(folder), source, ""
        except DataError as error:
            print(f"Passed over fashion-mnist from {source}: {error}")
    try:
        for name, sha256 in FILES.items():
            if not (kept / name).is_file():
                fetch(ADDRESS + name, kept / name, sha256)
        return read_fashion(kept), "download", ""
    except DownloadError as error:
        return [], "drawn", str(error)
    except DataError as error:
        return [], "drawn", f"in the download, {str(error).rstrip('.')}"


def read_fashion(folder: Path) -> list[np.ndarray]:
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
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(f"{name} is damaged ({type(error).__name__}); delete it.") from error
        numbers = int(np.prod(shape))
        if len(values) < numbers:
            raise DataError(f"{name} is too short; delete it.")
        # The header is 16 bytes before images and 8 before labels.
        array = values[len(values) - numbers :].reshape(shape)
        found.append(array[..., None] if array.ndim == 3 else array)
    return found


@functools.lru_cache(4)
def drawn(number: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw clothes once in a process, as `(number, 28, 28, 1)`; nobody may change them."""
    images, labels = draw_clothes(number, seed)
    images = images[..., None]
    images.flags.writeable = labels.flags.writeable = False
    return images, labels


def held_out(task: Task) -> tuple[np.ndarray, np.ndarray]:
    """Return the pictures and labels of a task that were kept away, read anew.

    Raises:
        DataError: where they are not to be had any more.
        TypeError: where `task` is no `Task`.

    Examples:
        >>> task = Task(*[None] * 4, CLASSES, "stand-in", "drawn")
        >>> held_out(task)[0].shape
        (2000, 28, 28, 1)

    """
    if not isinstance(task, Task):
        raise TypeError(f"`task` must be a Task. Received task={show(task)}.")
    if task._kept_away is not None:
        return read_pictures(*task._kept_away)
    if not task.is_fashion:
        return drawn(*DRAWN["test"])
    arrays, _, reason = find_fashion()
    if not arrays:
        raise DataError(f"Fashion-MNIST cannot be had any more: {reason}.")
    return arrays[2], arrays[3]


def load_folder(folder: str | Path, side: int = 28, color: bool = False) -> Task:
    """Load your own pictures: a folder with one sub-folder for each class, named as the class.

    A fifth of each class is kept away for the check and a fifth is for choosing. Which ones is
    decided by their contents: it stays so when pictures are added, and copies of a picture count
    as one.

    Args:
        folder: The folder, with two or more classes of 10 or more different pictures each.
        side: Height and width to which the middle square of each picture is brought, 8 to 224.
        color: Whether to keep colours: three channels, else one.

    Returns:
        The pictures to train on and to choose by, with their labels; see `Task`.

    Raises:
        DataError: where the folder, a class or a picture cannot be used, in one sentence.
        TypeError: where an argument is of the wrong type.
        ValueError: where `side` is out of range.

    Examples:
        >>> load_folder("no such folder")
        Traceback (most recent call last):
        helpers.data.DataError: There is no folder "no such folder": check its name.

    """
    side = integer("side", side, 8, 224)
    if not isinstance(color, bool):
        raise TypeError(f"`color` must be True or False. Received color={show(color)}.")
    if not isinstance(folder, str | Path):
        raise TypeError(f"`folder` must be a path. Received folder={show(folder)}.")
    root = Path(folder).expanduser()
    if not root.is_dir():
        raise DataError(f'There is no folder "{folder}": check its name.')
    classes = sorted(path for path in root.iterdir() if path.is_dir() and path.name[0] != ".")
    if len(classes) < 2:
        raise DataError(
            f'"{root.name}" must hold one sub-folder for each class, two or more. It holds '
            f"{len(classes)}."
        )
    if len(classes) > 256:
        raise DataError(f'"{root.name}" holds {len(classes)} classes: at most 256 are possible.')
    parts: list[list[tuple[Path, int]]] = [[], [], []]
    for label, place in enumerate(classes):
        files = different(place)
        fifth = len(files) // 5
        for part, chosen in zip(
            parts, (files[2 * fifth :], files[fifth : 2 * fifth], files[:fifth]), strict=True
        ):
            part += [(path, label) for path in chosen]
    names = tuple(path.name for path in classes)
    train, validation = (read_pictures(part, side, color) for part in parts[:2])
    read_pictures(parts[2], side, color)
    print(
        f"Own pictures: {len(names)} classes, {len(train[1]):,} pictures to train on and "
        f"{len(validation[1]):,} to choose by; {len(parts[2]):,} stay away until the check."
    )
    kept_away = (tuple(parts[2]), side, color)
    return Task(*train, *validation, names, "own pictures", "folder", kept_away)


def different(place: Path) -> list[Path]:
    """List the pictures of a class in the order of their contents' digests, copies once."""
    files = (path for path in sorted(place.rglob("*")) if path.suffix.lower() in ENDINGS)
    found = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in files}
    if len(found) < FEWEST:
        raise DataError(
            f'The class "{place.name}" must have {FEWEST} or more different pictures. It has '
            f"{len(found)}; files are taken whose names end in {', '.join(sorted(ENDINGS))}."
        )
    return [found[digest] for digest in sorted(found)]


def read_pictures(listed: Any, side: int, color: bool) -> tuple[np.ndarray, np.ndarray]:
    """Read pictures, cut out their middle squares, and bring them to one size."""
    pictures = np.empty((len(listed), side, side, 3 if color else 1), np.uint8)
    for place, (path, _) in enumerate(listed):
        too_large = f'The picture "{path.parent.name}/{path.name}" has more than 50 million pixels.'
        try:
            with Image.open(path) as opened:
                width, height = opened.size
                if width * height > MOST_PIXELS:
                    raise DataError(too_large)
                found = opened.convert("RGB" if color else "L")
        except Image.DecompressionBombError as error:  # Far above the limit, Pillow refuses first.
            raise DataError(too_large) from error
        except (OSError, ValueError, SyntaxError, UnidentifiedImageError) as error:
            raise DataError(
                f'The picture "{path.parent.name}/{path.name}" cannot be read '
                f"({type(error).__name__}): take it out, or store it again."
            ) from error
        half = min(width, height)
        left, top = (width - half) // 2, (height - half) // 2
        square = found.crop((left, top, left + half, top + half))
        pixels = np.asarray(square.resize((side, side), Image.Resampling.BOX))
        pictures[place] = pixels if color else pixels[..., None]
    return pictures, np.array([label for _, label in listed], np.uint8)
