"""Digits from every place, and every way in which getting them can fail."""

import errno
import hashlib
import http.server
import io
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

from helpers.datasets import download, locate, mnist, photographs
from helpers.datasets.mnist import load_digits

ROOT = locate.COURSE_FOLDER


def small_mnist() -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    return {
        "x_train": random.integers(0, 256, (60, 28, 28), dtype=np.uint8),
        "y_train": random.integers(0, 10, 60, dtype=np.uint8),
        "x_test": random.integers(0, 256, (10, 28, 28), dtype=np.uint8),
        "y_test": random.integers(0, 10, 10, dtype=np.uint8),
    }


def as_file(arrays: dict[str, np.ndarray]) -> bytes:
    stored = io.BytesIO()
    np.savez(stored, **arrays)
    return stored.getvalue()


FILE = as_file(small_mnist())


class Server(http.server.BaseHTTPRequestHandler):
    """Answers as its path says."""

    def do_GET(self):
        if self.path in ("/404", "/500"):
            self.send_error(int(self.path[1:]))
            return
        body = FILE if self.path != "/wrong" else bytes(len(FILE))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.path == "/cut":
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
        elif self.path in ("/stall", "/slow"):
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            time.sleep(3)
        else:
            self.wfile.write(body)

    def log_message(self, *_):
        pass


class QuietServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_):
        pass


@pytest.fixture(autouse=True)
def downloads_allowed(monkeypatch):
    """Allow downloads, which `make test` forbids; every server here is one of this machine."""
    monkeypatch.delenv("COURSE_OFFLINE", raising=False)


@pytest.fixture(scope="module")
def server():
    with QuietServer(("127.0.0.1", 0), Server) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.fixture
def places(monkeypatch, tmp_path):
    """Give empty places for the data, and a small file in the part of MNIST."""
    arrays = small_mnist()
    published = locate.Published(
        "http://127.0.0.1:9/mnist.npz",
        hashlib.sha256(FILE).hexdigest(),
        {n: (a.shape, hashlib.sha256(a.tobytes()).hexdigest()) for n, a in arrays.items()},
    )
    for name in ("course/weights", "data", "keras/datasets"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(mnist, "MNIST", published)
    monkeypatch.setattr(locate, "DATA_FOLDER", tmp_path / "data")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "course"))
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "source"),
    [("course", "COURSE_DATA"), ("data", "data"), ("keras/datasets", "Keras cache")],
)
def test_digits_come_from_each_place(places, folder, source, capsys):
    (places / folder / "mnist.npz").write_bytes(FILE)
    digits = load_digits()
    assert (digits.name, digits.source) == ("MNIST", source)
    assert capsys.readouterr().out == "Digits: MNIST, 60 for training and 10 for testing.\n"


def test_digits_are_downloaded_and_kept(places, server, monkeypatch):
    monkeypatch.setattr(mnist, "MNIST", mnist.MNIST._replace(url=f"{server}/good"))
    assert load_digits().source == "download"
    assert load_digits().source == "data"
    assert [path.name for path in (places / "data").iterdir()] == ["mnist.npz"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/404", "answered with error 404"),
        ("/500", "answered with error 500"),
        ("/cut", "was cut in the middle"),
        ("/wrong", "sent another file"),
    ],
)
def test_failed_downloads_leave_nothing_and_say_why(
    places, server, monkeypatch, capsys, path, reason
):
    monkeypatch.setattr(mnist, "MNIST", mnist.MNIST._replace(url=f"{server}{path}"))
    assert load_digits().name == "stand-in"
    said = capsys.readouterr().out.splitlines()[-1]
    assert "the stand-in" in said
    assert reason in said
    assert list((places / "data").iterdir()) == []


@pytest.mark.usefixtures("places")
def test_no_connection(capsys):
    assert load_digits().name == "stand-in"
    assert "there is no connection to 127.0.0.1:9." in capsys.readouterr().out


def test_a_server_that_stalls_is_not_waited_for(server, tmp_path):
    begun = time.monotonic()
    with pytest.raises(download.DownloadError, match=r"sent nothing for 0\.3 seconds"):
        download.fetch(f"{server}/stall", tmp_path / "a", "0" * 64, timeout=0.3)
    assert time.monotonic() - begun < 2.9
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "cannot be written")],
)
def test_disks_that_refuse(server, tmp_path, monkeypatch, number, reason):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(download.os, "replace", refuse)
    with pytest.raises(download.DownloadError, match=reason):
        download.fetch(f"{server}/good", tmp_path / "a", hashlib.sha256(FILE).hexdigest())
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk(server, tmp_path):
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine may not mount a tmpfs")
    try:
        with pytest.raises(download.DownloadError, match="the disk is full"):
            download.fetch(f"{server}/good", small / "a", hashlib.sha256(FILE).hexdigest())
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)


FETCH = """
    import sys
    from pathlib import Path
    from helpers.datasets.download import fetch
    fetch(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
"""


def start(url, path):
    command = [sys.executable, "-c", textwrap.dedent(FETCH), url, str(path)]
    return subprocess.Popen(
        [*command, hashlib.sha256(FILE).hexdigest()], cwd=ROOT, stdout=subprocess.DEVNULL
    )


def test_two_processes_at_once(server, tmp_path):
    both = [start(f"{server}/good", tmp_path / "a") for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert (tmp_path / "a").read_bytes() == FILE
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_killed_in_the_middle_then_again(server, tmp_path, monkeypatch):
    process = start(f"{server}/slow", tmp_path / "a")
    while not list(tmp_path.glob(f"{download.WORK_FOLDER}*/*")):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "a").exists()
    monkeypatch.setattr(download, "FORGOTTEN_AFTER", -1.0)
    download.fetch(f"{server}/good", tmp_path / "a", hashlib.sha256(FILE).hexdigest())
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def damaged() -> dict[str, bytes]:
    arrays = small_mnist()
    objects = np.array([{"a": 1}], dtype=object)
    return {
        "cut": FILE[: len(FILE) // 2],
        "empty": b"",
        "text": b"<html>not found</html>",
        "one_array": as_file({"x_train": arrays["x_train"]}),
        "pickled": as_file({**arrays, "x_train": objects}),
        "wrong_dtype": as_file({**arrays, "x_train": arrays["x_train"].astype("int64")}),
        "one_pixel": as_file({**arrays, "x_test": arrays["x_test"] ^ (np.arange(28) == 3)}),
    }


@pytest.mark.parametrize("kind", damaged())
def test_a_damaged_file_is_passed_over(places, capsys, kind):
    (places / "course" / "mnist.npz").write_bytes(damaged()[kind])
    (places / "data" / "mnist.npz").write_bytes(FILE)
    assert load_digits().source == "data"
    assert "Passed over mnist.npz from COURSE_DATA: " in capsys.readouterr().out


def test_a_course_folder_that_does_not_exist(places, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(places / "nowhere"))
    with pytest.raises(locate.DataError, match=r"nowhere.*correct it, or remove it"):
        load_digits()


@pytest.mark.usefixtures("places")
def test_the_stand_in_looks_like_mnist():
    digits = load_digits()
    assert (digits.name, digits.source) == ("stand-in", "scikit-learn")
    (x_train, y_train), (x_test, y_test) = digits.load_data()
    assert x_train.shape == (1500, 28, 28)
    assert x_test.shape == (297, 28, 28)
    assert x_train.dtype == y_train.dtype == x_test.dtype == y_test.dtype == np.uint8
    assert set(y_train) == set(y_test) == set(range(10))
    assert x_train.min() == 0
    assert x_train.max() == 255
    ink = x_train / x_train.sum(axis=(1, 2), keepdims=True)
    centres = np.stack([(ink.sum(axis=2) @ np.arange(28)), (ink.sum(axis=1) @ np.arange(28))])
    assert np.abs(centres - 14).max() < 1
    assert len(digits.x_train) + len(digits.x_val) == 1500


@pytest.mark.usefixtures("places")
def test_validation_digits_are_held_out_once_and_for_all():
    first, second = load_digits(), load_digits(validation_size=7)
    assert len(first.y_val) == 250
    assert len(second.y_val) == 7
    np.testing.assert_array_equal(first.x_val, load_digits().x_val)
    together = np.concatenate([first.x_train, first.x_val]).reshape(1500, -1)
    everything = first.load_data()[0][0].reshape(1500, -1)
    assert sorted(map(bytes, together)) == sorted(map(bytes, everything))


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("bad", [0, -1, 1500, 1.5, "10", True])
def test_bad_validation_sizes_are_named(bad):
    with pytest.raises((ValueError, TypeError), match="`validation_size` .*Received"):
        load_digits(validation_size=bad)


@pytest.mark.usefixtures("places")
def test_the_test_set_counts_its_openings(capsys):
    digits = load_digits()
    capsys.readouterr()
    digits.open_test_set()[0][:] = 0
    assert digits.open_test_set()[0].any()
    assert digits.test_openings == 2
    first, second = capsys.readouterr().out.splitlines()
    assert "first time" in first
    assert "opening number 2" in second


def test_centering():
    assert not mnist.center_like_mnist(np.zeros((9, 9))).any()
    line = np.zeros((40, 30))
    line[3:33, 25] = 1
    centered = mnist.center_like_mnist(line)
    assert np.flatnonzero(centered.any(axis=1)).tolist() == list(range(4, 24))
    for bad in (
        np.full((3, 3), 2.0),
        -np.ones((3, 3)),
        np.ones(3),
        [],
        "x",
        np.full((3, 3), np.nan),
    ):
        with pytest.raises((ValueError, TypeError), match="`image`"):
            mnist.center_like_mnist(bad)


@pytest.mark.parametrize("name", photographs.PHOTOGRAPHS)
def test_photographs(name):
    pixels = photographs.load_photograph(name)
    assert pixels.dtype == np.uint8
    assert pixels.ndim in (2, 3)
    assert int(pixels.max()) - int(pixels.min()) > 100


def test_unknown_photographs_are_named():
    for bad in ("lena", None, 3):
        with pytest.raises((ValueError, TypeError), match="`name` must be one of"):
            photographs.load_photograph(bad)
