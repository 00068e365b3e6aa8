"""The small task of photographs: every place it may come from, and every way that can fail."""

import hashlib
import http.server
import io
import tarfile
import threading

import numpy as np
import pytest
from PIL import Image

from helpers.datasets import flowers, locate, photographs
from helpers.datasets.flowers import load_flowers

EACH = 4


def photograph(shade: int, size=(50, 40)) -> bytes:
    """Return a small JPEG in one shade."""
    stored = io.BytesIO()
    Image.new("RGB", size, (shade, shade, shade)).save(stored, "JPEG", quality=95)
    return stored.getvalue()


def members():
    """Yield names and contents of a small set of flowers, with what else lies in the archive."""
    yield "flower_photos/LICENSE.txt", b"CC BY 2.0"
    for place, flower in enumerate(flowers.FLOWERS):
        for number in range(EACH):
            shade = 40 * place + 8 * number
            yield f"flower_photos/{flower}/{number}.jpg", photograph(shade)


def archive(files) -> bytes:
    stored = io.BytesIO()
    with tarfile.open(fileobj=stored, mode="w:gz") as made:
        for name, content in files:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return stored.getvalue()


ARCHIVE = archive(members())


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(ARCHIVE)))
        self.end_headers()
        self.wfile.write(ARCHIVE if self.path == "/whole.tgz" else bytes(len(ARCHIVE)))

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.fixture(autouse=True)
def places(monkeypatch, tmp_path):
    """Give empty places, and a download that nobody answers."""
    for name in ("course/weights", "data", "keras/datasets"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.delenv("COURSE_OFFLINE", raising=False)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "course"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(locate, "DATA_FOLDER", tmp_path / "data")
    monkeypatch.setattr(flowers, "FLOWERS_URL", "http://127.0.0.1:9/flower_photos.tgz")
    monkeypatch.setattr(flowers, "FLOWERS_SHA256", hashlib.sha256(ARCHIVE).hexdigest())
    return tmp_path


def lay_out(folder):
    """Lay the flowers out as a folder."""
    for name, content in members():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def load(**numbers):
    return load_flowers(**{"train": 2, "test": 1, "side": 32, **numbers})


def is_right(task, source):
    assert (task.name, task.source, task.is_flowers) == ("flowers", source, True)
    assert task.x_train.shape == (10, 32, 32, 3)
    assert task.x_train.dtype == np.uint8
    assert task.y_train.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert task.y_test.tolist() == [0, 1, 2, 3, 4]
    shades = task.x_test.mean(axis=(1, 2, 3)) // 40
    assert shades.tolist() == [0, 1, 2, 3, 4]


def test_from_the_folder_and_from_keras_cache(places, capsys):
    lay_out(places / "course")
    is_right(load(), "COURSE_DATA")
    assert capsys.readouterr().out.startswith("Photographs: flowers, 5 classes; of each, 2 to")


@pytest.mark.parametrize(
    "folder", ["", "flower_photos", "flower_photos_extracted"], ids=["plain", "archive", "older"]
)
def test_from_keras_cache(places, folder):
    lay_out(places / "keras" / "datasets" / folder)
    is_right(load(), "Keras cache")


def test_from_a_downloaded_archive(places):
    (places / "data" / "flower_photos.tgz").write_bytes(ARCHIVE)
    is_right(load(), "data")


def test_a_download_is_verified_and_kept(places, server, monkeypatch):
    monkeypatch.setattr(flowers, "FLOWERS_URL", f"{server}/whole.tgz")
    is_right(load(), "download")
    assert [path.name for path in (places / "data").iterdir()] == ["flower_photos.tgz"]
    is_right(load(), "data")


def test_another_file_is_refused(places, server, monkeypatch, capsys):
    monkeypatch.setattr(flowers, "FLOWERS_URL", f"{server}/other.tgz")
    assert load().name == "stand-in"
    assert "sent another file (its checksum is wrong)." in capsys.readouterr().out
    assert list((places / "data").iterdir()) == []


def test_folder_and_archive_give_the_same_pictures(places):
    (places / "data" / "flower_photos.tgz").write_bytes(ARCHIVE)
    from_archive = load()
    lay_out(places / "course")
    assert np.array_equal(load().x_train, from_archive.x_train)


def test_the_test_pictures_stay_the_same(places):
    lay_out(places / "course")
    few, many = load(train=1), load(train=3)
    assert np.array_equal(few.x_test, many.x_test)
    tests = {picture.tobytes() for picture in many.x_test}
    assert not tests & {picture.tobytes() for picture in many.x_train}


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda content: content[: len(content) // 2], "it is damaged (ReadError); delete it."),
        (lambda _: b"", "it is damaged (ReadError); delete it."),
        (lambda _: b"no archive at all", "it is damaged (ReadError); delete it."),
    ],
)
def test_a_damaged_archive_is_passed_over(places, capsys, damage, sentence):
    (places / "data" / "flower_photos.tgz").write_bytes(damage(ARCHIVE))
    assert load().name == "stand-in"
    assert f"Passed over flower_photos.tgz from data: {sentence}" in capsys.readouterr().out


def test_a_damaged_photograph_is_named(places, capsys):
    lay_out(places / "course")
    for path in (places / "course" / "flower_photos" / "roses").iterdir():
        path.write_bytes(path.read_bytes()[:40])
    assert load().name == "stand-in"
    said = capsys.readouterr().out
    assert "Passed over flower_photos from COURSE_DATA: the photograph roses/" in said
    assert "is damaged; get it again." in said


def test_too_few_photographs_are_counted(places, capsys):
    lay_out(places / "course")
    assert load(train=4).name == "stand-in"
    assert "it holds 4 photographs of daisy, and 5 are needed" in capsys.readouterr().out


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "archive"])
def test_companions_are_skipped(places, packed, capsys):
    """A copy made on macOS has a file `._x.jpg` of a few bytes beside each `x.jpg`."""
    (places / "data" / "flower_photos.tgz").write_bytes(ARCHIVE)
    expected = load(train=3)
    companions = [
        (f"flower_photos/{flower}/._{number}.jpg", b"\x00\x05\x16\x07")
        for flower in flowers.FLOWERS
        for number in range(EACH)
    ] + [("__MACOSX/daisy/0.jpg", b"\x00\x05\x16\x07")]
    if packed:
        made = archive([*members(), *companions])
        (places / "data" / "flower_photos.tgz").write_bytes(made)
    else:
        lay_out(places / "course")
        for name, content in companions[:-1]:
            (places / "course" / name).write_bytes(content)
    found = load(train=3)
    assert (found.name, found.source) == ("flowers", "data" if packed else "COURSE_DATA")
    assert "Passed over" not in capsys.readouterr().out
    np.testing.assert_array_equal(found.x_train, expected.x_train)
    np.testing.assert_array_equal(found.x_test, expected.x_test)


def test_nothing_is_unpacked(places):
    evil = [*members(), ("../evil.jpg", b"x"), ("flower_photos/../../evil.jpg", b"x")]
    (places / "data" / "flower_photos.tgz").write_bytes(archive(evil))
    is_right(load(), "data")
    assert not list(places.rglob("evil.jpg"))
    assert [path.name for path in (places / "data").iterdir()] == ["flower_photos.tgz"]


def test_offline_gives_the_stand_in_and_says_so(monkeypatch, capsys):
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    task = load()
    assert (task.name, task.source, task.is_flowers) == ("stand-in", "scikit-image", False)
    assert task.class_names == flowers.STAND_IN
    assert task.x_train.shape == (12, 32, 32, 3)
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert said.endswith("could not be had: downloads are switched off by COURSE_OFFLINE.\n")


def test_the_stand_in_keeps_its_halves_apart(monkeypatch):
    pictures = {}
    for place, name in enumerate(flowers.STAND_IN):
        pictures[name] = np.full((80, 160), 10 * place, np.uint8)
        pictures[name][:, 80:] += 100
    monkeypatch.setattr(photographs, "load_photograph", pictures.__getitem__)
    trains, tests = flowers.stand_in(5, 5, 64)
    assert max(part.max() for part in trains) < 100 <= min(part.min() for part in tests)


def test_squares():
    assert photographs.load_square("camera").shape == (224, 224, 3)
    tall = flowers.decode_square(photograph(90, size=(40, 90)), 32)
    assert tall.shape == (32, 32, 3)
    assert abs(int(tall.mean()) - 90) <= 2


@pytest.mark.parametrize(
    ("numbers", "error"),
    [({"train": 0}, ValueError), ({"test": 101}, ValueError), ({"side": 31}, ValueError),
     ({"train": 2.0}, TypeError), ({"side": "32"}, TypeError)],
)  # fmt: skip
def test_bad_numbers_are_refused(numbers, error):
    with pytest.raises(error, match=f"`{next(iter(numbers))}` must be an integer from"):
        load(**numbers)


def test_a_missing_folder_is_an_error(places, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(places / "nowhere"))
    with pytest.raises(locate.DataError, match="names a folder that does not exist"):
        load()
