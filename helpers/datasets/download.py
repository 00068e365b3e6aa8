"""Downloads that are verified before they get their name, and say in one sentence what failed."""

import contextlib
import errno
import logging
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pooch
import requests
from tqdm import tqdm

WORK_FOLDER = ".download-"
FORGOTTEN_AFTER = 3600.0


class DownloadError(RuntimeError):
    """A download that failed; its text is one clause without a full stop, fit for a reader."""


@contextlib.contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Let a connection be silent for some seconds only: Keras itself would wait for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def offline() -> bool:
    """Tell whether the environment variable `COURSE_OFFLINE` forbids downloads.

    Examples:
        >>> offline() in (True, False)
        True

    """
    return os.environ.get("COURSE_OFFLINE", "") not in ("", "0")


def fetch(
    url: str,
    path: Path,
    sha256: str,
    check: Callable[[Path], None] | None = None,
    timeout: float = 20.0,
) -> Path:
    """Download a file, verify it, and only then give it its name.

    The file is written into a working folder beside its final place and moved there in one
    step, so `path` holds either nothing, what it held before, or the complete new file, also
    where the process is killed or another one downloads the same file.

    Args:
        url: Where the file is.
        path: Its final place; the folder is made where it is missing.
        sha256: The file's SHA-256 as 64 hexadecimal digits.
        check: Called with the downloaded file before it is moved; may raise `DownloadError`.
        timeout: Seconds to wait for the connection, and for each next piece of the file.

    Returns:
        `path`.

    Raises:
        DownloadError: where the file could not be had; the text says why.

    Examples:
        >>> fetch("http://127.0.0.1:9/a", Path("a"), "0" * 64)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        helpers.datasets.download.DownloadError: ...

    """
    if offline():
        raise DownloadError("downloads are switched off by COURSE_OFFLINE")
    host = urlsplit(url).netloc
    pooch.get_logger().setLevel(logging.WARNING)
    with explain(host, path, timeout):
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent)
        with (
            tempfile.TemporaryDirectory(prefix=WORK_FOLDER, dir=path.parent) as work,
            # Pooch asks whether the bar is true, and sets the total itself.
            tqdm(
                total=1, desc=path.name, unit="B", unit_scale=True, leave=False, file=sys.stdout
            ) as bar,
        ):
            downloader = pooch.HTTPDownloader(bar, chunk_size=1 << 16, timeout=timeout)
            pooch.retrieve(url, f"sha256:{sha256}", path.name, work, downloader=downloader)
            part = Path(work) / path.name
            if check is not None:
                check(part)
            os.replace(part, path)
    return path


@contextlib.contextmanager
def explain(host: str, path: Path, timeout: float):
    """Turn what can go wrong in a download into a `DownloadError` with one clause."""
    try:
        yield
    except requests.exceptions.HTTPError as error:
        answer = error.response.status_code
        raise DownloadError(f"{host} answered with error {answer}") from error
    except requests.exceptions.ChunkedEncodingError as error:
        raise DownloadError(f"the connection to {host} was cut in the middle") from error
    except (requests.exceptions.Timeout, requests.exceptions.ConnectionError) as error:
        if isinstance(error, requests.exceptions.Timeout) or "timed out" in str(error):
            raise DownloadError(f"{host} sent nothing for {timeout:g} seconds") from error
        raise DownloadError(f"there is no connection to {host}") from error
    except ValueError as error:
        raise DownloadError(f"{host} sent another file (its checksum is wrong)") from error
    except OSError as error:
        refused = f"the folder {path.parent.name} cannot be written"
        reasons = dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), refused)
        reasons |= {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up"}
        other = f"the file could not be stored ({error.strerror or error})"
        raise DownloadError(reasons.get(error.errno, other)) from error


def sweep(folder: Path) -> None:
    """Remove what downloads left that were killed more than an hour ago."""
    for left in folder.glob(f"{WORK_FOLDER}*"):
        if time.time() - left.stat().st_mtime > FORGOTTEN_AFTER:
            shutil.rmtree(left, ignore_errors=True)
