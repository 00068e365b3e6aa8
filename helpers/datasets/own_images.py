"""A folder of the reader's own pictures, one folder inside it for each class."""

import functools
import hashlib
import itertools
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from helpers.arguments import integer, show
from helpers.datasets.locate import DataError
from helpers.datasets.photographs import middle_square
from helpers.datasets.pictures import endings, formats, is_companion, open_picture
from helpers.datasets.tasks import Task

FEWEST, MOST_NAMED = 10, 20
# Folders of a data set that was split already: no classes, where they hold folders themselves.
PARTS = {"train", "training", "test", "testing", "val", "valid", "validation", "dev", "eval"}


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
        helpers.datasets.locate.DataError: There is no folder "no such folder": check its name.

    """
    side = integer("side", side, 8, 224)
    if not isinstance(color, bool):
        raise TypeError(f"`color` must be True or False. Received color={show(color)}.")
    if not isinstance(folder, str | Path):
        raise TypeError(f"`folder` must be a path. Received folder={show(folder)}.")
    root = Path(folder).expanduser()
    if root.is_file():
        raise DataError(f'"{folder}" is a file: unpack it, and give the folder that it becomes.')
    if not root.is_dir():
        raise DataError(f'There is no folder "{folder}": check its name.')
    try:
        classes = folders_in(root)
        check_classes(root, classes)
        found = [without_copies(place) for place in classes]
        left = Counter(passed_over(root, classes))
    except OSError as error:  # Another user's, a link to nowhere, or only on the internet so far.
        raise DataError(f'"{error.filename}" cannot be read ({error.strerror}).') from error
    parts: list[list[tuple[Path, int]]] = [[], [], []]
    for label, digests in enumerate(found):
        files = [digests[digest] for digest in sorted(digests)]
        fifth = len(files) // 5
        for part, chosen in zip(
            parts, (files[2 * fifth :], files[fifth : 2 * fifth], files[:fifth]), strict=True
        ):
            part += [(path, label) for path in chosen]
    names, notes = tuple(path.name for path in classes), Counter()
    train, validation = (read_pictures(part, side, color, notes) for part in parts[:2])
    read_pictures(parts[2], side, color, notes)
    print(
        f"Own pictures: {len(names)} classes ({listed(names)}), {len(train[1]):,} pictures to "
        f"train on and {len(validation[1]):,} to choose by; {len(parts[2]):,} stay away until the "
        "check."
    )
    if notes:
        print(f"Changed: {counted(notes)}.")
    shared = sum(number > 1 for number in Counter(d for digests in found for d in digests).values())
    if shared:
        print(f"In more than one class: {shared} of the pictures. Leave each in one class only.")
    if left:
        print(f"Passed over: files {counted(left)}; {formats()} are taken.")
    test = functools.partial(read_pictures, tuple(parts[2]), side, color)
    return Task(*train, *validation, names, "own pictures", "folder", test)


def listed(names: Sequence[str]) -> str:
    """Name the classes, of many the first."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def counted(found: Counter) -> str:
    """Name what was found and how often."""
    return "; ".join(f"{name} ({number})" for name, number in sorted(found.items()))


def folders_in(place: Path) -> list[Path]:
    """List the folders in a folder, without those that a system made."""
    return sorted(p for p in place.iterdir() if p.is_dir() and not is_companion(Path(p.name)))


def check_classes(root: Path, classes: Sequence[Path]) -> None:
    """Refuse too few classes, too many, and parts such as `train` and `test` in their place."""
    # Of train and test, the former is the one to take.
    for part in sorted(classes, key=lambda path: not path.name.lower().startswith("train")):
        if part.name.lower() in PARTS and (inner := folders_in(part)):
            raise DataError(
                f'"{root.name}" holds {listed([path.name for path in classes])}, and the classes '
                f"({listed([path.name for path in inner])}) lie inside: give the folder "
                f'"{root.name}/{part.name}", or put the pictures of each class into one folder.'
            )
    if len(classes) < 2:
        found = "".join(f': "{path.name}"' for path in classes)
        raise DataError(
            f'"{root.name}" must hold one sub-folder for each class, two or more. It holds '
            f"{len(classes)}{found}."
        )
    if len(classes) > 256:
        raise DataError(f'"{root.name}" holds {len(classes)} classes: at most 256 are possible.')


def files_in(place: Path) -> list[Path]:
    """List the files in a folder and below it, without those that a system made.

    Links inside it to other folders are not followed: they are listed as files.

    Raises:
        OSError: where a folder cannot be read.

    """

    def stop(error: OSError) -> None:
        raise error

    found = []
    for folder, folders, names in os.walk(place, onerror=stop):
        folders[:] = [name for name in folders if not is_companion(PurePath(name))]
        here = [Path(folder, name) for name in (*names, *folders)]
        found += [path for path in here if path.is_symlink() or path.is_file()]
    return [path for path in sorted(found) if not is_companion(PurePath(path.name))]


def without_copies(place: Path) -> dict[str, Path]:
    """Return the pictures of a class by their contents' digests, of several copies one.

    Raises:
        DataError: where there are too few.
        OSError: where one cannot be read.

    """
    taken = endings()
    files = [path for path in files_in(place) if path.suffix.lower() in taken]
    found = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in files}
    if len(found) < FEWEST:
        left = Counter(path.suffix.lower() or path.name for path in set(files_in(place)) - {*files})
        others = f", and other files: {counted(left)}" if left else ""
        raise DataError(
            f'The class "{place.name}" must have {FEWEST} or more different pictures. It has '
            f"{len(found)}{others}; {formats()} are taken."
        )
    return found


def passed_over(root: Path, classes: Sequence[Path]) -> Iterator[str]:
    """Name the files that are not taken: by their endings, or as lying beside the classes."""
    taken = endings()
    for path in sorted(root.iterdir()):
        if path.is_file() and not is_companion(PurePath(path.name)):
            yield f"{path.suffix.lower() or path.name} beside the classes"
    for path in itertools.chain.from_iterable(map(files_in, classes)):
        if (kind := path.suffix.lower() or path.name) not in taken:
            yield kind


def read_pictures(
    listed: Any, side: int, color: bool, notes: Counter | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Read pictures, cut out their middle squares, and count in `notes` what was changed."""
    pictures = np.empty((len(listed), side, side, 3 if color else 1), np.uint8)
    for place, (path, _) in enumerate(listed):
        found, note = open_picture(path, f"{path.parent.name}/{path.name}")
        if notes is not None and note:
            notes[note] += 1
        square = middle_square(found.convert("RGB" if color else "L"), side)
        pictures[place] = square if color else square[..., None]
    return pictures, np.array([label for _, label in listed], np.uint8)
