"""Files that appear whole or not at all, also where the program is killed while it writes."""

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
