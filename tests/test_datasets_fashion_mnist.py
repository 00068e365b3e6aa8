"""The capstone's pictures: from every place, drawn, or one's own; every failure is explained."""

import gzip
import hashlib
import re
import struct
from zlib import crc32

import numpy as np
import pytest

from helpers.datasets import drawn_clothes, fashion_mnist, locate, tasks
from helpers.datasets.download import DownloadError
from helpers.datasets.fashion_mnist import load_fashion_mnist
from helpers.datasets.own_images import load_folder


def test_clothes_are_drawn_anew_and_the_same_each_time():
    images, labels = drawn_clothes.draw_clothes(60, seed=5)
    again, _ = drawn_clothes.draw_clothes(60, seed=5)
    other, _ = drawn_clothes.draw_clothes(60, seed=6)
    np.testing.assert_array_equal(images, again)
    assert (images != other).any(axis=(1, 2)).all()
    assert len({image.tobytes() for image in images}) == 60
    assert np.bincount(labels).tolist() == [6] * 10
    assert images.max(axis=(1, 2)).min() > 60


def as_idx(array):
    """Pack an array the way the files of Fashion-MNIST are packed."""
    head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes()
    return gzip.compress(head + array.tobytes(), mtime=0)


@pytest.fixture
def small_fashion(tmp_path, monkeypatch):
    """Make four small files in the place of Fashion-MNIST's, and empty folders to put them."""
    random = np.random.default_rng(0)
    shapes = ((10_100, 28, 28), (10_100,), (10, 28, 28), (10,))
    arrays = [random.integers(0, 256 if len(s) == 3 else 10, s, dtype=np.uint8) for s in shapes]
    packed = dict(zip(fashion_mnist.FILES, map(as_idx, arrays), strict=True))
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in packed.items()}
    monkeypatch.setattr(fashion_mnist, "FILES", sums)
    monkeypatch.setattr(fashion_mnist, "SHAPES", shapes)
    monkeypatch.setattr(locate, "DATA_FOLDER", tmp_path / "data")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "course"))
    for name in ("data", "keras", "course"):
        (tmp_path / name).mkdir()
    return tmp_path, packed, arrays


def put(folder, packed):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in packed.items():
        (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("where", "source"),
    [("course/fashion-mnist", "COURSE_DATA"), ("data/fashion-mnist", "data"),
     ("keras/datasets/fashion-mnist", "Keras cache")],
)  # fmt: skip
def test_fashion_is_found(small_fashion, capsys, where, source):
    root, packed, arrays = small_fashion
    put(root / where, packed)
    task = load_fashion_mnist()
    assert (task.name, task.source, task.is_fashion) == ("Fashion-MNIST", source, True)
    assert task.x_train.shape == (100, 28, 28, 1)
    assert task.x_val.shape == (10_000, 28, 28, 1)
    tests, labels = tasks.held_out(task)
    np.testing.assert_array_equal(tests[..., 0], arrays[2])
    np.testing.assert_array_equal(labels, arrays[3])
    assert "10 stay away until the check" in capsys.readouterr().out


@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b"", lambda b: b[:-1] + b"x"])
def test_a_damaged_file_is_passed_over(small_fashion, capsys, monkeypatch, damage):
    root, packed, _ = small_fashion
    put(root / "course/fashion-mnist", {n: damage(content) for n, content in packed.items()})
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    assert load_fashion_mnist().name == "stand-in"
    said = capsys.readouterr().out
    assert "Passed over fashion-mnist from COURSE_DATA: train-images" in said
    assert "could not be had: downloads are switched off" in said


def test_fashion_is_downloaded_file_by_file(small_fashion, monkeypatch, capsys):
    packed = small_fashion[1]
    fetched = []

    def fetch(url, path, sha256):
        name = url.removeprefix(fashion_mnist.ADDRESS)
        if len(fetched) == 2 and "cut" not in fetched:
            fetched.append("cut")
            raise DownloadError("the connection was cut")
        assert sha256 == fashion_mnist.FILES[name]
        fetched.append(name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(packed[name])
        return path

    monkeypatch.setattr(fashion_mnist, "fetch", fetch)
    assert load_fashion_mnist().name == "stand-in"
    assert "the connection was cut" in capsys.readouterr().out
    assert load_fashion_mnist().source == "download"
    assert [name for name in fetched if name != "cut"] == list(packed)


def test_own_pictures_are_split_by_content(folder, capsys):
    task = load_folder(folder)
    assert task.class_names == ("bags", "trousers")
    assert (len(task.y_train), len(task.y_val)) == (24, 8)
    tests, labels = tasks.held_out(task)
    assert np.bincount(labels).tolist() == [4, 4]
    for path in list((folder / "bags").glob("*.png")):
        path.with_name(f"copy_{path.name}").write_bytes(path.read_bytes())
    again = load_folder(folder)
    np.testing.assert_array_equal(again.x_train, task.x_train)
    parts = [{p.tobytes() for p in part} for part in (task.x_train, task.x_val, tests)]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 40
    larger = load_folder(str(folder), side=64, color=True)
    assert larger.x_train.shape == (24, 64, 64, 3)
    assert "8 stay away until the check" in capsys.readouterr().out


# The second is so large that Pillow itself refuses it.
SIDES = {"large": 8_000, "huge": 20_000}


def header(side):
    """Return a PNG that claims to have side x side pixels, and holds none of them."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)), (b"IDAT", b"")]
    packed = [
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc32(kind + content))
        for kind, content in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def spoil(folder, what):
    """Make a folder unusable in one way."""
    if what == "one class":
        (folder / "bags").rename(folder / ".bags")
    elif what == "few":
        for path in list((folder / "bags").glob("*.png"))[5:]:
            path.unlink()
    elif what == "damaged":
        (folder / "bags" / "0.png").write_bytes(b"no picture")
    elif what == "cut":
        path = folder / "bags" / "0.png"
        path.write_bytes(path.read_bytes()[:60])
    elif what in SIDES:
        (folder / "bags" / "0.png").write_bytes(header(SIDES[what]))


@pytest.mark.parametrize(
    ("what", "reason"),
    [("one class", 'two or more. It holds 1: "trousers".'),
     ("few", 'class "bags" must have 10 or more'),
     ("damaged", '"bags/0.png" cannot be read'), ("cut", '"bags/0.png" cannot be read'),
     *((what, '"bags/0.png" has more than 50 million pixels: scale it down.') for what in SIDES)],
)  # fmt: skip
def test_a_folder_that_cannot_be_used_is_explained(folder, what, reason):
    spoil(folder, what)
    with pytest.raises(locate.DataError, match=re.escape(reason)):
        load_folder(folder)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [({"side": 4}, "side"), ({"side": "28"}, "side"), ({"color": 1}, "color"),
     ({"folder": 3}, "folder")],
)  # fmt: skip
def test_bad_arguments_are_named(folder, arguments, name):
    with pytest.raises((TypeError, ValueError), match=f"`{name}` must"):
        load_folder(**{"folder": folder, **arguments})
    with pytest.raises(TypeError, match="`task` must be a Task"):
        tasks.held_out(folder)
