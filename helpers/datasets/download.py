"""Downloads that are verified before they get their name, and say in one sentence what failed."""

import contextlib
import errno
import logging
import os
import re
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
CONNECT = 8.0
# The course's own addresses are right: what Requests cannot read is that of a proxy.
REFUSED_PROXY = (requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL)


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
    return os.environ.get("COURSE_OFFLINE", "").lower() not in ("", "0", "false", "no", "off")


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
        timeout: Seconds to wait for each next piece of the file; for the connection, 8 at most.

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
    pooch.get_logger().setLevel(logging.WARNING)
    connect = min(timeout, CONNECT)
    with explain(url, path, connect, timeout), folder_in_use(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent)
        with (
            tempfile.TemporaryDirectory(prefix=WORK_FOLDER, dir=path.parent) as work,
            # Pooch asks whether the bar is true, and sets the total itself.
            tqdm(
                total=1,
                desc=f"{path.name} from {urlsplit(url).netloc}",
                unit="B",
                unit_scale=True,
                leave=False,
                file=sys.stdout,
            ) as bar,
        ):
            downloader = pooch.HTTPDownloader(bar, chunk_size=1 << 16, timeout=(connect, timeout))
            pooch.retrieve(url, f"sha256:{sha256}", path.name, work, downloader=downloader)
            part = Path(work) / path.name
            if check is not None:
                check(part)
            os.replace(part, path)
    return path


@contextlib.contextmanager
def folder_in_use(folder: Path) -> Iterator[None]:
    """Remove a new folder again where it stays empty: it would be taken for damaged data."""
    is_new = not folder.exists()
    try:
        yield
    finally:
        if is_new:
            with contextlib.suppress(OSError):
                folder.rmdir()


@contextlib.contextmanager
def explain(url: str, path: Path, connect: float, timeout: float):
    """Turn what can go wrong in a download into a `DownloadError` with one clause."""
    host = urlsplit(url).netloc
    try:
        yield
    except requests.exceptions.HTTPError as error:
        answer = error.response.status_code
        raise DownloadError(f"{host} answered with error {answer}") from error
    except requests.exceptions.ChunkedEncodingError as error:
        raise DownloadError(f"the connection to {host} was cut in the middle") from error
    except requests.exceptions.ConnectTimeout as error:
        raise DownloadError(f"{host} did not answer within {connect:g} seconds") from error
    except (requests.exceptions.ProxyError, *REFUSED_PROXY) as error:
        raise DownloadError(f"{proxy_of(url)} cannot be used: {brief(error)}") from error
    except requests.exceptions.SSLError as error:
        raise DownloadError(f"{host} could not be verified{bundle()}: {brief(error)}") from error
    except (requests.exceptions.Timeout, requests.exceptions.ConnectionError) as error:
        if isinstance(error, requests.exceptions.Timeout) or "timed out" in str(error):
            raise DownloadError(f"{host} sent nothing for {timeout:g} seconds") from error
        raise DownloadError(f"there is no connection to {host}") from error
    except ValueError as error:
        if "hash of downloaded file" in str(error):  # Pooch's words.
            raise DownloadError(f"{host} sent another file (its checksum is wrong)") from error
        raise DownloadError(f"{host} could not be asked: {brief(error)}") from error
    except OSError as error:
        if "TLS" in str(error):  # Requests' words; it looks for the bundle before it asks.
            raise DownloadError(
                f"{host} could not be verified{bundle()}: {brief(error)}"
            ) from error
        refused = f"the folder {path.parent.name} cannot be written"
        reasons = dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), refused)
        reasons |= {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up"}
        other = f"the file could not be stored ({error.strerror or error})"
        raise DownloadError(reasons.get(error.errno, other)) from error


def proxy_of(url: str) -> str:
    """Say which proxy the reader's settings name for an address, without a password."""
    proxy = requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url))
    named = f"the proxy {proxy}, which {urlsplit(url).scheme.upper()}_PROXY or ALL_PROXY names,"
    return without_password(named)


def bundle() -> str:
    """Name the reader's own file of certificates, if there is one."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        if os.environ.get(name):
            return f" with the certificates that {name} names"
    return ""


def brief(error: Exception) -> str:
    """Return what was at the bottom of an error of Requests, as one clause."""
    cause = error.args[0] if error.args else error
    for name in ("reason", "original_error"):
        cause = getattr(cause, name, cause)
    words = re.sub(r"^\w+\(.*?\): ", "", " ".join(str(cause).split()))
    return without_password(words).rstrip(".")[:200]


def without_password(words: str) -> str:
    """Return a text whose addresses have lost what stands before an @."""
    return re.sub(r"(?<=//)[^/\s]*@", "", words)


def sweep(folder: Path) -> None:
    """Remove what downloads left that were killed more than an hour ago."""
    for left in folder.glob(f"{WORK_FOLDER}*"):
        if time.time() - left.stat().st_mtime > FORGOTTEN_AFTER:
            shutil.rmtree(left, ignore_errors=True)
