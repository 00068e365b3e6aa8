"""A folder of the reader's own pictures, one folder inside it for each class."""

import functools
import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from helpers.arguments import integer, show
from helpers.datasets.locate import DataError
from helpers.datasets.tasks import Task

ENDINGS = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"}
FEWEST, MOST_PIXELS = 10, 50_000_000


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
        files = without_copies(place)
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
    test = functools.partial(read_pictures, tuple(parts[2]), side, color)
    return Task(*train, *validation, names, "own pictures", "folder", test)


def without_copies(place: Path) -> list[Path]:
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
