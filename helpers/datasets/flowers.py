"""A small task of photographs: TensorFlow's flowers, or patches of bundled pictures as a stand-in.

The flowers come from the first of these places that has them: `flower_photos/` in the folder that
the environment variable `COURSE_DATA` names, a downloaded `data/flower_photos.tgz`, Keras' own
cache, a download. The archive is read without unpacking it, so nothing in it can write a file.
"""

import functools
import os
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image

from helpers.arguments import integer
from helpers.datasets import locate, photographs
from helpers.datasets.download import fetch
from helpers.datasets.locate import DataError
from helpers.datasets.pictures import is_companion, open_picture

FLOWERS = ("daisy", "dandelion", "roses", "sunflowers", "tulips")
FLOWERS_URL = (
    "https://storage.googleapis.com/download.tensorflow.org/example_images/flower_photos.tgz"
)
# As TensorFlow Datasets lists it for tf_flowers: 228,813,984 bytes.
FLOWERS_SHA256 = "4c54ace7911aaffe13a365c34f650e71dd5bf1be0a58b464e5a7183e3e595d9c"
STAND_IN = ("brick", "grass", "gravel", "coins", "page", "chelsea")
PATCH = 64


@dataclass
class Flowers:
    """A task of photographs in two parts.

    Attributes:
        x_train, x_test: Pictures `(number, side, side, 3)`, uint8 from 0 to 255.
        y_train, y_test: Labels `(number,)`, int64, places in `class_names`.
        class_names: One name for each class.
        name: `"flowers"`, or `"stand-in"` for patches of bundled pictures.
        source: `"COURSE_DATA"`, `"data"`, `"Keras cache"`, `"download"` or `"scikit-image"`.

    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    class_names: tuple[str, ...]
    name: str
    source: str

    @property
    def is_flowers(self) -> bool:
        """Whether these are the flowers."""
        return self.name == "flowers"


def load_flowers(train: int = 40, test: int = 20, side: int = 128) -> Flowers:
    """Load the flowers where they can be had, else the stand-in, and say which in one line.

    Which photographs are taken is drawn once and for all by a fixed seed: the test pictures
    stay the same however many are taken for training.

    Args:
        train: Pictures of each class to train on, 1 to 500.
        test: Pictures of each class to test with, 1 to 100.
        side: Height and width in pixels, 32 to 320; the middle square is cut out.

    Returns:
        The pictures, class by class; see `Flowers`.

    Raises:
        DataError: where `COURSE_DATA` names a folder that does not exist.
        TypeError: where an argument is no integer.
        ValueError: where one is out of range.

    Source of the flowers: The TensorFlow Team, "Flowers", 2019 (CC BY 2.0; the photographers are
    named in the archive).

    Examples:
        >>> photos = load_flowers(train=2, test=1, side=32)  # doctest: +ELLIPSIS
        Photographs: ...
        >>> photos.x_train.shape[1:], len(photos.x_test) == len(photos.class_names)
        ((32, 32, 3), True)

    """
    train, test = integer("train", train, 1, 500), integer("test", test, 1, 100)
    side = integer("side", side, 32, 320)
    pictures, source, reason = find_flowers(train + test, side)
    if pictures:
        print(
            f"Photographs: flowers, {len(FLOWERS)} classes; of each, {train} to train on and "
            f"{test} to test with."
        )
        tests = [found[:test] for found in pictures.values()]
        trains = [found[test:] for found in pictures.values()]
        name, names = "flowers", FLOWERS
    else:
        print(
            f"Photographs: the stand-in, patches of {len(STAND_IN)} bundled pictures; of each, "
            f"{train} from one half to train on and {test} from the other to test with. "
            f"The flowers could not be had: {reason}."
        )
        trains, tests = stand_in(train, test, side)
        name, names, source = "stand-in", STAND_IN, "scikit-image"
    labels = np.arange(len(names))
    return Flowers(
        np.concatenate(trains), labels.repeat(train), np.concatenate(tests), labels.repeat(test),
        names, name, source,
    )  # fmt: skip


def find_flowers(number: int, side: int) -> tuple[dict[str, np.ndarray] | None, str, str]:
    """Look for the flowers in all places: pictures by class, source, and why there are none."""
    course, cache = locate.course_data_folder(), locate.keras_folder() / "datasets"
    archive = "flower_photos.tgz"
    places = [
        ("COURSE_DATA", course and course / "flower_photos"),
        ("data", locate.DATA_FOLDER / archive),
    ]
    for name in ("flower_photos/flower_photos", "flower_photos_extracted/flower_photos",
                 "flower_photos", archive):  # fmt: skip
        places.append(("Keras cache", cache / name))
    read = functools.partial(read_flowers, number=number, side=side)

    def download():
        return read(fetch(FLOWERS_URL, locate.download_folder() / archive, FLOWERS_SHA256))

    return locate.first_usable(places, read, download)


def read_flowers(path: Path, number: int, side: int) -> dict[str, np.ndarray]:
    """Read `number` photographs of each class from a folder or from the archive.

    Raises:
        DataError: where some are missing or damaged; the text is one sentence.

    """
    try:
        listed = [name for name, _ in photographs_in(path)]
        chosen = {}
        for flower in FLOWERS:
            found = sorted(name for name in listed if name.split("/")[0] == flower)
            if len(found) < number:
                raise DataError(
                    f"it holds {len(found)} photographs of {flower}, and {number} are needed; "
                    "get it again."
                )
            order = np.random.default_rng(0).permutation(len(found))[:number]
            chosen |= {found[place]: flower for place in order}
        contents = {name: read() for name, read in photographs_in(path) if name in chosen}
    except DataError:
        raise
    except locate.UNREADABLE as error:
        damaged = f"it is damaged ({type(error).__name__}); delete it."
        raise DataError(locate.why(error, damaged)) from error
    pictures = {flower: [] for flower in FLOWERS}
    for name, flower in chosen.items():
        try:
            pictures[flower].append(decode_square(contents[name], side))
        except locate.UNREADABLE as error:
            raise DataError(f"the photograph {name} is damaged; get it again.") from error
    return {flower: np.stack(found) for flower, found in pictures.items()}


def photographs_in(path: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Give each photograph in a folder or in an archive: `class/file.jpg`, and what reads it."""
    if path.is_dir():
        for folder in filter(Path.is_dir, path.iterdir()):
            os.listdir(folder)  # Fails where `glob` would silently find nothing.
        for file in path.glob("*/*.jpg"):
            if not is_companion(file.relative_to(path)):
                yield f"{file.parent.name}/{file.name}", file.read_bytes
        return
    with tarfile.open(path, "r|gz") as archive:
        for member in archive:
            # Below the archive's own folder; beside the classes lies a licence.
            name = PurePosixPath(member.name)
            inner = name.parts[1:]
            is_picture = len(inner) == 2 and inner[1].endswith(".jpg") and not is_companion(name)
            if member.isfile() and is_picture:
                yield "/".join(inner), archive.extractfile(member).read


def decode_square(content: bytes, side: int) -> np.ndarray:
    """Decode a photograph, scale its shorter side to `side`, and cut out the middle."""
    return photographs.middle_square(open_picture(content, "", side)[0], side)


def stand_in(train: int, test: int, side: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Cut patches out of bundled pictures: from the left half to train on, the right to test."""
    random = np.random.default_rng(0)
    trains, tests = [], []
    for name in STAND_IN:
        picture = Image.fromarray(photographs.load_photograph(name)).convert("RGB")
        half = picture.width // 2
        for parts, number, first in ((tests, test, half), (trains, train, 0)):
            patches = []
            for _ in range(number):
                left = first + int(random.integers(0, half - PATCH + 1))
                top = int(random.integers(0, picture.height - PATCH + 1))
                patch = picture.crop((left, top, left + PATCH, top + PATCH))
                patches.append(photographs.middle_square(patch, side))
            parts.append(np.stack(patches))
    return trains, tests
