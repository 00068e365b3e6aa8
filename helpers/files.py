"""Files that appear whole or not at all, and a folder for them that can be written."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

PART = ".part-"


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give another place to write to, so that `path` itself never holds a part of a file.

    Args:
        path: The file; its folder must exist.

    Yields:
        A path of the same name in a folder of its own beside it, since Keras knows weights by the
        ending. What is there when the block ends without an error takes the place of `path`.

    Raises:
        OSError: where the folder cannot be written, or the disk is full.

    Examples:
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with whole(Path(folder) / "a.txt") as part:
        ...         _ = part.write_text("all of it", encoding="utf-8")
        ...     (Path(folder) / "a.txt").read_text(encoding="utf-8")
        'all of it'

    """
    with tempfile.TemporaryDirectory(prefix=PART, dir=path.parent) as folder:
        part = Path(folder) / path.name
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(part, path)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file at once: where the writing is interrupted, it keeps what it held before.

    Raises:
        OSError: where the folder cannot be written, or the disk is full.

    Examples:
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_whole(Path(folder) / "a.txt", "all of it")
        ...     (Path(folder) / "a.txt").read_bytes()
        b'all of it'

    """
    with whole(path) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)


def writable_folder(*folders: str | Path) -> Path:
    """Return the first folder that can be written, and say so where it is not the first of all.

    On a shared machine the course often lies in a folder that belongs to somebody else.

    Args:
        folders: Folders in the order of preference, made where they are missing; the present one
            where they are left out. `cnn-course-files` in the reader's home and, should that fail
            too, a temporary folder come last.

    Returns:
        The folder.

    Raises:
        OSError: where not even a temporary folder can be written.

    Examples:
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     writable_folder(folder) == Path(folder)
        True

    """
    places = [Path(folder) for folder in folders or ("",)]
    reason = ""
    for place in (*places, Path(os.path.expanduser("~/cnn-course-files"))):
        try:
            place.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=place):
                break
        except OSError as error:
            reason = reason or error.strerror or str(error)
    else:
        place = Path(tempfile.mkdtemp(prefix="cnn-course-"))
    if reason:
        print(f"The folder {places[0].resolve()} cannot be written ({reason}): {place} is used.")
    return place
