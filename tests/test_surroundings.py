"""Machines as learners have them: damaged and foreign files, proxies, read-only folders, locks."""

import contextlib
import hashlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import course
import numpy as np
import pytest
from filelock import FileLock

from helpers import files
from helpers.checks import progress_file
from helpers.datasets import download, fashion_mnist, flowers, locate, mnist, records
from helpers.training import processes

NOT_YOURS = "you may not read it; ask its owner."


def packed(save, **arrays):
    stored = io.BytesIO()
    save(stored, **arrays)
    return stored.getvalue()


def small_mnist():
    random = np.random.default_rng(1)
    return {
        "x_train": random.integers(0, 9, (60, 28, 28), dtype=np.uint8),
        "y_train": random.integers(0, 10, 60, dtype=np.uint8),
        "x_test": random.integers(0, 9, (10, 28, 28), dtype=np.uint8),
        "y_test": random.integers(0, 10, 10, dtype=np.uint8),
    }


FILE = packed(np.savez_compressed, **small_mnist())


def lay_out(root, monkeypatch):
    """Make empty places for the data in a folder, and let a small file stand for MNIST."""
    sums = {
        name: (found.shape, hashlib.sha256(found.tobytes()).hexdigest())
        for name, found in small_mnist().items()
    }
    small = locate.Published("http://127.0.0.1:9/x", hashlib.sha256(FILE).hexdigest(), sums)
    for name in ("course", "data", "keras/datasets", "keras/models", "home"):
        (root / name).mkdir(parents=True)
    monkeypatch.setattr(mnist, "MNIST", small)
    monkeypatch.setattr(locate, "DATA_FOLDER", root / "data")
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    monkeypatch.setenv("KERAS_HOME", str(root / "keras"))
    monkeypatch.setenv("COURSE_DATA", str(root / "course"))
    monkeypatch.setenv("HOME", str(root / "home"))
    monkeypatch.setenv("USERPROFILE", str(root / "home"))
    return root


@pytest.fixture
def places(tmp_path, monkeypatch):
    return lay_out(tmp_path, monkeypatch)


@pytest.fixture
def shared(monkeypatch):
    """Give the places on a machine where rights count: root, who may do all, becomes nobody."""
    if os.name == "nt":
        pytest.skip("Windows knows other rights")
    # What loaders import later must be there before: nobody may not read where Python lies.
    for load in (mnist.load_digits, fashion_mnist.load_fashion_mnist, flowers.load_flowers):
        load()
    "".encode("cp437")  # Archives name their files in it.
    root, before = Path(tempfile.mkdtemp()), os.umask(0)
    root.chmod(0o755)
    lay_out(root, monkeypatch)
    os.umask(before)
    for name in ("course", "data"):
        (root / name).chmod(0o755)
    is_root = os.geteuid() == 0
    yield root, (lambda: os.seteuid(65534) if is_root else None)
    if is_root:
        os.seteuid(0)
    for folder, _, _ in os.walk(root):
        os.chmod(folder, 0o700)
    shutil.rmtree(root)


# Damaged files.


def changed(content, start, number, value):
    return content[:start] + bytes([value]) * number + content[start + number :]


@pytest.mark.parametrize("value", [0, 12, 255])
def test_whatever_is_changed_inside_an_archive_it_is_damaged_or_right(places, value):
    path, kinds = places / "mnist.npz", set()
    for start in [*range(0, len(FILE), 97), *range(120), *range(len(FILE) - 400, len(FILE))]:
        path.write_bytes(changed(FILE, start, 4, value))
        try:
            found = locate.read_arrays(path, mnist.MNIST)
        except locate.DataError as error:
            kinds.add(type(error.__cause__).__name__)
        else:
            assert all((found[name] == right).all() for name, right in small_mnist().items())
    assert {"error", "BadZipFile"} <= kinds  # "error" is zlib's
    assert value != 12 or "NotImplementedError" in kinds


def test_a_byte_that_claims_another_compression_gets_the_usual_sentence(places, capsys):
    at = FILE.rindex(b"PK\x01\x02") + 10
    (places / "course" / "mnist.npz").write_bytes(changed(FILE, at, 1, 99))
    assert mnist.load_digits().name == "stand-in"
    assert (
        "Passed over mnist.npz from COURSE_DATA: the file is damaged or foreign "
        "(NotImplementedError); delete it.\n"
    ) in capsys.readouterr().out


def test_a_changed_archive_of_flowers_is_passed_over(places, capsys):
    import tarfile

    stored = io.BytesIO()
    with tarfile.open(fileobj=stored, mode="w:gz") as archive:
        for name in flowers.FLOWERS:
            entry = tarfile.TarInfo(f"flower_photos/{name}/1.jpg")
            entry.size = 40_000
            archive.addfile(entry, io.BytesIO(np.random.default_rng(0).bytes(40_000)))
    content = stored.getvalue()
    for start in range(0, len(content), len(content) // 40):
        damaged = changed(content, start, 8, 0)
        (places / "data" / "flower_photos.tgz").write_bytes(damaged)
        assert flowers.find_flowers(1, 32)[0] is None
        assert "Passed over flower_photos.tgz from data: " in capsys.readouterr().out


def test_changed_features_are_not_trusted(places):
    from helpers.models import feature_cache

    path, values = places / "features.npz", np.arange(600.0)
    feature_cache.write(path, "key", values, 1.0)
    content = path.read_bytes()
    for start in range(0, len(content), 13):
        for value in (0, 12, 255):
            path.write_bytes(changed(content, start, 3, value))
            found = feature_cache.read(path, "key")
            assert found is None or (found.values == values).all()


# Files of another user.


def test_a_folder_that_may_not_be_read_is_passed_over_by_all_loaders(shared, capsys):
    from helpers.models import pretrained

    root, become_nobody = shared
    pretrained.load_base("MobileNet 0.25", weights="random")
    (root / "data" / "mnist.npz").write_bytes(FILE)
    (root / "data" / "mnist.npz").chmod(0o644)
    for name in ("course", "keras"):
        (root / name).chmod(0)
    become_nobody()
    assert mnist.load_digits().source == "data"
    assert fashion_mnist.load_fashion_mnist().name == "stand-in"
    assert flowers.load_flowers(1, 1, 32).name == "stand-in"
    assert pretrained.load_base("MobileNet 0.25").weights == "random"
    assert pretrained.class_names() is None
    said = capsys.readouterr().out
    for file in ("mnist.npz", "fashion-mnist", "flower_photos", "MobileNet-0.25-224.weights.h5"):
        assert said.count(f"Passed over {file} from COURSE_DATA: {NOT_YOURS}\n") == 1
    for file in ("mobilenet_2_5_224_tf_no_top.h5", pretrained.CLASS_INDEX):
        assert f"Passed over {file} from Keras cache: {NOT_YOURS}" in said
    assert "Passed over mnist.npz from Keras cache" not in said  # It came from data/ before.


def test_files_that_may_not_be_read_are_passed_over(shared, capsys):
    root, become_nobody = shared
    for name in ("fashion-mnist", "flower_photos", "flower_photos/daisy"):
        (root / "course" / name).mkdir()
        (root / "course" / name).chmod(0o755)
    (root / "course/fashion-mnist/train-images-idx3-ubyte.gz").touch(0)
    (root / "course/mnist.npz").touch(0)
    (root / "course/flower_photos/daisy").chmod(0)
    become_nobody()
    mnist.load_digits()
    fashion_mnist.load_fashion_mnist()
    flowers.load_flowers(1, 1, 32)
    said = capsys.readouterr().out
    for file in ("mnist.npz", "fashion-mnist", "flower_photos"):
        assert f"Passed over {file} from COURSE_DATA: {NOT_YOURS}\n" in said


def test_what_the_course_ships_and_nobody_may_read_is_named(shared):
    root, become_nobody = shared
    (root / "data/a.json").touch(0)
    (root / "data/SHA256SUMS").write_text(f"{'0' * 64}  a.json\n")
    become_nobody()
    with pytest.raises(locate.DataError, match=f"a.json in data/ cannot be read: {NOT_YOURS}"):
        records.load_record("a", root / "data")


# A folder for COURSE_DATA that holds something else.


@pytest.mark.parametrize(
    ("lies_there", "told"),
    [
        (["train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"],
         "it holds t10k-labels-idx1-ubyte, train-images-idx3-ubyte"),
        (["train-images.idx3-ubyte", "weights"], "it holds train-images.idx3-ubyte"),
        (list("abcdef"), "it holds a, b, c, d, ..."),
        ([], "it holds nothing"),
    ],
)  # fmt: skip
def test_it_is_said_what_a_foreign_folder_holds(places, capsys, lies_there, told):
    for name in lies_there:
        (places / "course" / name).touch()
    assert mnist.load_digits().name == "stand-in"
    reason = f"COURSE_DATA holds no mnist.npz ({told})"
    assert capsys.readouterr().out.endswith(f"by COURSE_OFFLINE; {reason}.\n")
    (places / "data" / "mnist.npz").write_bytes(FILE)
    assert mnist.load_digits().source == "data"
    assert capsys.readouterr().out.startswith(f"{reason}: taken from data instead.\nDigits: MNIST,")


def test_a_file_for_course_data_is_told(places, monkeypatch):
    (places / "course/mnist.npz").touch()
    monkeypatch.setenv("COURSE_DATA", str(places / "course/mnist.npz"))
    with pytest.raises(locate.DataError) as failed:
        mnist.load_digits()
    assert str(failed.value) == (
        f"The environment variable COURSE_DATA names a file ({places / 'course/mnist.npz'}): name "
        "the folder in which it lies."
    )


@pytest.mark.parametrize("other", ["flower_photos", "weights", "keras"])
def test_other_data_of_the_course_is_no_foreign_folder(places, capsys, other):
    (places / "course" / other).mkdir()
    mnist.load_digits()
    assert "COURSE_DATA holds" not in capsys.readouterr().out


def test_unpacked_files_of_fashion_mnist_are_told(places, capsys):
    (places / "course/fashion-mnist").mkdir()
    (places / "course/fashion-mnist/train-images-idx3-ubyte").touch()
    fashion_mnist.load_fashion_mnist()
    said = capsys.readouterr().out
    assert "fashion-mnist from COURSE_DATA: it has no train-images-idx3-ubyte.gz.\n" in said


# Proxies and certificates.


@pytest.fixture
def silent():
    """Give the port of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server, contextlib.ExitStack() as kept:

        def take():
            with contextlib.suppress(OSError):
                while True:
                    kept.callback(server.accept()[0].close)

        threading.Thread(target=take, daemon=True).start()
        yield server.getsockname()[1]


HOST = "https://storage.googleapis.com/x"
HTTPS = "which HTTPS_PROXY or ALL_PROXY names, cannot be used: "


@pytest.mark.parametrize(
    ("name", "value", "url", "told"),
    [
        ("HTTPS_PROXY", "socks5://me:secret@127.0.0.1:9", HOST,
         f"the proxy socks5://127.0.0.1:9, {HTTPS}Missing dependencies for SOCKS support"),
        ("HTTPS_PROXY", "http://me:secret@127.0.0.1:9", HOST,
         f"the proxy http://127.0.0.1:9, {HTTPS}Failed to establish a new connection"),
        ("HTTPS_PROXY", "http://me:secret@127.0.0.1:abc", HOST,
         f"the proxy http://127.0.0.1:abc, {HTTPS}Failed to parse: '127.0.0.1:abc'"),
        ("HTTPS_PROXY", "http://", HOST, f"the proxy http://, {HTTPS}Please check proxy URL."),
        ("HTTP_PROXY", "http://127.0.0.1:9", "http://example.org/x",
         "the proxy http://127.0.0.1:9, which HTTP_PROXY or ALL_PROXY names, cannot be used: "),
        ("HTTPS_PROXY", "http://127.0.0.1:{silent}", HOST,
         "storage.googleapis.com sent nothing for 0.5 seconds"),
        ("REQUESTS_CA_BUNDLE", "no such.pem", HOST, "storage.googleapis.com could not be verified "
         "with the certificates that REQUESTS_CA_BUNDLE names: Could not find a suitable TLS CA"),
        ("REQUESTS_CA_BUNDLE", __file__, "https://127.0.0.1:{silent}/x",
         " could not be verified with the certificates that REQUESTS_CA_BUNDLE names: "),
    ],
)  # fmt: skip
def test_it_is_said_why_a_proxy_or_a_certificate_cannot_be_used(
    tmp_path, monkeypatch, silent, capsys, name, value, url, told
):
    for other in list(os.environ):
        if other.lower().endswith("_proxy") or "BUNDLE" in other or other == "COURSE_OFFLINE":
            monkeypatch.delenv(other)
    monkeypatch.setenv(name, value.format(silent=silent))
    begun = time.monotonic()
    with pytest.raises(download.DownloadError) as failed:
        download.fetch(url.format(silent=silent), tmp_path / "a.npz", "0" * 64, timeout=0.5)
    assert time.monotonic() - begun < 5
    assert told in str(failed.value)
    assert "secret" not in str(failed.value)
    assert "checksum" not in str(failed.value)
    assert "a.npz from" in capsys.readouterr().out  # Said before anybody waits.


def test_a_download_that_failed_leaves_no_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_OFFLINE", raising=False)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/1.gz").touch()
    for name in ("fashion-mnist", "kept"):
        with pytest.raises(download.DownloadError, match="no connection to 127.0.0.1:9"):
            download.fetch("http://127.0.0.1:9/2.gz", tmp_path / name / "2.gz", "0" * 64)
    assert [path.name for path in tmp_path.rglob("*")] == ["kept", "1.gz"]


# Read-only folders.


def test_the_first_folder_that_can_be_written_is_taken(places, capsys, monkeypatch):
    monkeypatch.chdir(places / "data")
    assert files.writable_folder() == Path()
    assert files.writable_folder(places / "new" / "er") == places / "new" / "er"
    assert capsys.readouterr().out == ""
    (places / "file").touch()
    home = places / "home" / "cnn-course-files"
    assert files.writable_folder(places / "file") == home
    said = capsys.readouterr().out
    assert said.startswith(f"The folder {places / 'file'} cannot be written (")
    assert said.endswith(f"): {home} is used.\n")
    assert files.writable_folder(places / "file", places / "course") == places / "course"
    (places / "home").rmdir() if not home.exists() else shutil.rmtree(places / "home")
    (places / "home").touch()
    last = files.writable_folder(places / "file")
    assert last.parent == Path(tempfile.gettempdir())
    last.rmdir()


def cell(notebook, name):
    path = next(path for path in course.notebook_paths() if path.name.startswith(notebook))
    return next(
        course.text(cell["source"]) for cell in course.read(path)["cells"] if cell["id"] == name
    )


def test_cells_that_store_files_work_in_a_folder_that_is_read_only(shared, monkeypatch, capsys):
    root, become_nobody = shared
    monkeypatch.chdir(root / "data")
    become_nobody()
    home, stored = root / "home" / "cnn-course-files", []

    class Model:
        def save(self, path):
            Path(path).write_text("all of it")

        def load_model(self, path):
            stored.append(Path(path).read_text())
            return self

        def predict(self, *_, **__):
            return np.arange(3)

    names = {"writable_folder": files.writable_folder, "shutil": shutil, "model": Model()}
    keras = type("Keras", (), {"models": Model()})
    exec(cell("05", "save"),
         names | {"keras": keras, "val_images": 0, "probabilities": np.arange(3)})  # fmt: skip
    assert stored == ["all of it"]
    exec(cell("08", "folder"), names)
    assert names["folder"] == home / "search_files"
    assert (home / "search_files").is_dir()
    assert sorted(path.name for path in home.iterdir()) == ["my_first_cnn.keras", "search_files"]
    assert capsys.readouterr().out.count(f": {home} is used.") == 2
    for name in ("worker-study", "worker-objective", "worker-main"):
        assert '"{folder}/worker.py"' in cell("08", name).splitlines()[0]


def test_downloads_are_kept_in_keras_cache_where_the_course_is_read_only(
    places, monkeypatch, capsys
):
    (places / "data").rmdir()
    (places / "data").touch()
    monkeypatch.delenv("COURSE_OFFLINE")
    monkeypatch.setattr(mnist, "fetch", lambda _, path, *__: path.write_bytes(FILE) and path)
    assert mnist.load_digits().source == "download"
    kept = places / "keras" / "datasets"
    assert f"cannot be written (File exists): {kept} is used." in capsys.readouterr().out
    assert [path.name for path in kept.iterdir()] == ["mnist.npz"]
    assert mnist.load_digits().source == "Keras cache"


def test_progress_is_kept_elsewhere_where_the_course_is_read_only(places, monkeypatch, capsys):
    (places / "file").touch()
    monkeypatch.delenv("COURSE_PROGRESS", raising=False)
    monkeypatch.setattr(progress_file, "FILE", places / "file" / "progress.json")
    monkeypatch.setattr(progress_file, "_memory", {})
    progress_file.own_place.cache_clear()
    for _ in range(2):
        progress_file.note("a", attempts=1)
    progress_file.own_place.cache_clear()
    home = places / "home" / "cnn-course-files"
    assert capsys.readouterr().out.count(f": {home} is used.") == 1
    assert json.loads((home / "progress.json").read_text("utf-8"))["a"]["attempts"] == 2


# Locks and workers.


@pytest.fixture
def progress(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.setattr(progress_file, "_memory", {})
    monkeypatch.setattr(progress_file, "_said", set())
    return tmp_path / "progress.json.locked"


@pytest.mark.parametrize("holds", [[], ["a file"]])
def test_a_lock_that_is_a_folder_keeps_progress_in_memory(progress, capsys, holds):
    progress.mkdir()
    for name in holds:
        (progress / name).touch()
    for _ in range(2):
        progress_file.note("a", attempts=1)
    said = capsys.readouterr().out
    assert said.count("Your progress cannot be kept in progress.json (") == 1
    assert said.endswith("): it lasts until you close this notebook.\n")
    assert progress_file.load()["a"]["attempts"] == 2


def test_a_lock_that_lies_there_and_nobody_holds_is_taken(progress, capsys):
    progress.write_text("4711\nanother-machine\n", encoding="utf-8")
    progress_file.note("a", attempts=1)
    assert capsys.readouterr().out == ""
    assert progress.with_name("progress.json").is_file()


def test_only_the_first_answer_waits_for_another_notebook(progress, capsys, monkeypatch):
    assert progress_file.PATIENCE <= 2
    monkeypatch.setattr(progress_file, "PATIENCE", 1)
    took = []
    with FileLock(progress):
        for _ in range(3):
            begun = time.monotonic()
            progress_file.note("a", attempts=1)
            took.append(time.monotonic() - begun)
    assert took[0] > 0.9
    assert max(took[1:]) < 0.6
    assert capsys.readouterr().out.count("(another notebook holds it)") == 1
    assert progress_file.load()["a"]["attempts"] == 3


def test_a_file_system_without_locks_keeps_progress_in_memory(progress, capsys, monkeypatch):
    def refuse(*_, **__):
        raise NotImplementedError("no flock here")

    monkeypatch.setattr(progress_file, "FileLock", refuse)
    progress_file.note("a", attempts=1)
    assert "progress.json (no flock here): it lasts" in capsys.readouterr().out
    assert not progress.exists()


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-16", "latin-1:strict"])
def test_a_workers_own_error_is_shown_whatever_it_is_written_in(tmp_path, monkeypatch, encoding):
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    folder = tmp_path / "Größe 数"
    folder.mkdir()
    script = folder / "work.py"
    script.write_text("raise ValueError('caf\u00e9 \u6570')", encoding="utf-8")
    worker = processes.start(script)
    with pytest.raises(RuntimeError, match="ValueError: café 数") as failed:
        processes.follow([worker], lambda: 0, 1)
    assert str(script) in str(failed.value)


def test_bytes_of_no_encoding_do_not_hide_a_workers_error(tmp_path):
    script = tmp_path / "work.py"
    script.write_text("import os\nos.write(1, bytes([255, 10]))\n1 / 0\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        processes.follow([processes.start(script)], lambda: 0, 1)


# What the environment says.


def run(code, *options, **environment):
    """Run code in a fresh Python, with environment variables changed, or removed by None."""
    changed = {**os.environ, "PYTHONPATH": str(course.ROOT), **environment}
    kept = {name: value for name, value in changed.items() if value is not None}
    return subprocess.run(
        [sys.executable, *options, "-c", code], env=kept, capture_output=True, text=True,
        encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip


SETTINGS = (
    '"backend": "tensorflow", "image_data_format": "channels_last", "floatx": "float32", '
    '"epsilon": 1e-07'
)


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ('{"image_data_format": "channels_first"}',
         'is set to image_data_format "channels_first", and the course needs "channels_last"'),
        ('{"floatx": "float16"}', 'is set to floatx "float16", and the course needs "float32"'),
        ('{"epsilon": 0.01}', "is set to epsilon 0.01, and the course needs 1e-07"),
        ('{"epsilon": 1}',
         "cannot start (Invalid `epsilon` configuration. Expected a float. Received: epsilon=1)"),
        ('{"backend": "nonsense"}', "cannot start (Unable to import backend : nonsense)"),
        ("[1]", "cannot start ('list' object has no attribute 'get')"),
    ],
)  # fmt: skip
def test_settings_of_keras_are_named(tmp_path, stored, told):
    (tmp_path / "keras.json").write_text(stored, encoding="utf-8")
    done = run("import helpers.models.backend", KERAS_HOME=str(tmp_path), KERAS_BACKEND=None)
    file = tmp_path / "keras.json"
    assert done.stderr.strip().splitlines()[-1].removeprefix("RuntimeError: Keras ") == (
        f"{told}: write {SETTINGS} into {file}, or remove that file, and restart the kernel."
    )


@pytest.mark.parametrize("name", ["KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH"])
def test_a_limit_of_keras_for_every_training_is_named(name):
    done = run("import helpers.models.backend", **{name: "1"})
    assert done.stderr.strip().splitlines()[-1] == (
        f"RuntimeError: The environment variable {name} is set, which cuts every training short: "
        "remove it, and restart the kernel."
    )


def test_flags_that_may_end_the_kernel_are_named():
    flags = "--xla_force_host_platform_device_count=1"
    assert run("import helpers.models.backend", XLA_FLAGS=flags).stdout == (
        f"The environment variable XLA_FLAGS is set ({flags}). Where TensorFlow does not know one "
        "of these flags, the kernel dies in its first compiled training: then remove it.\n"
    )


def test_a_kernel_without_keras_is_named(tmp_path):
    hidden = "raise ModuleNotFoundError(\"No module named 'keras'\", name='keras')"
    (tmp_path / "keras").mkdir()
    (tmp_path / "keras/__init__.py").write_text(hidden, encoding="utf-8")
    paths = os.pathsep.join((str(tmp_path), str(course.ROOT)))
    done = run("import helpers.models.backend", PYTHONPATH=paths)
    assert done.stderr.strip().splitlines()[-1] == (
        f"RuntimeError: This kernel's Python ({sys.executable}) has no keras: choose another one "
        "in the menu Kernel, Change Kernel, or install it there."
    )


def test_a_kernel_of_an_older_python_is_named():
    done = run("import sys; sys.version_info = (3, 9); import helpers")
    assert done.stderr.strip().splitlines()[-1] == (
        f"RuntimeError: This kernel runs Python {sys.version.split()[0]} ({sys.executable}), and "
        "the course needs 3.11 or newer: choose another one in the menu Kernel, Change Kernel."
    )


@pytest.mark.parametrize("file", ["keras.py", "numpy.py", "PIL/__init__.py"])
def test_a_file_that_hides_a_package_is_named(tmp_path, monkeypatch, file):
    monkeypatch.chdir(tmp_path)
    for harmless in ("random.py", "test.py", "tensorflow/notes.txt"):
        Path(harmless).parent.mkdir(exist_ok=True)
        Path(harmless).write_text("1 / 0", encoding="utf-8")
    assert run("import helpers").stderr == ""
    Path(file).parent.mkdir(exist_ok=True)
    Path(file).touch()
    package = file.split("/")[0].removesuffix(".py")
    assert run("import helpers").stderr.strip().splitlines()[-1] == (
        f"RuntimeError: The file {tmp_path / file} hides the package {package}: rename it, and "
        "restart the kernel."
    )


@pytest.mark.parametrize(
    ("value", "is_off"), [("1", True), ("yes", True), ("0", False), ("False", False), ("no", False)]
)
def test_downloads_are_switched_off_by_words_that_say_so(monkeypatch, value, is_off):
    monkeypatch.setenv("COURSE_OFFLINE", value)
    assert download.offline() == is_off


def test_another_backend_of_the_environment_is_named(tmp_path):
    done = run("import helpers.models.backend", KERAS_HOME=str(tmp_path), KERAS_BACKEND="nonsense")
    assert done.stderr.strip().endswith(
        'nonsense): the environment variable KERAS_BACKEND is "nonsense"; set it to "tensorflow", '
        "or remove it, and restart the kernel."
    )


def test_a_policy_that_was_left_over_is_named(tmp_path):
    code = (
        "import keras; keras.config.set_dtype_policy('mixed_bfloat16'); "
        "import helpers.models.backend"
    )
    done = run(code, KERAS_HOME=str(tmp_path), KERAS_BACKEND=None)
    assert 'RuntimeError: Keras\' dtype policy is "mixed_bfloat16", and the course' in done.stderr


DRAW = """
import hashlib
{first}
import numpy as np
from helpers import explore, plots
made, axes = plots.figure(4, 3)
plots.curves(axes[0, 0], [{{"loss": 2.3, "val_loss": 2.1}}, {{"loss": 1}}], "loss", 5)
made.canvas.draw()
found = hashlib.sha256(np.asarray(made.canvas.buffer_rgba()))
found.update(explore.range_test().picture.value)
print(found.hexdigest())
"""


@pytest.fixture(scope="module")
def drawn():
    done = run(DRAW.format(first=""))
    assert len(done.stdout) == 65, done.stderr
    return done.stdout


@pytest.mark.parametrize("first", ["", "import matplotlib", "from helpers.explore import charts"])
@pytest.mark.parametrize(
    "settings", ["text.usetex: True\naxes.facecolor: red\nfont.size: 30", "\xff"]
)
def test_figures_do_not_depend_on_settings_of_matplotlib(tmp_path, drawn, settings, first):
    if settings == "\xff" and first == "import matplotlib":
        pytest.skip("there Matplotlib itself fails")
    file = tmp_path / "matplotlibrc"
    file.write_bytes(settings.encode("latin-1"))
    done = run(DRAW.format(first=first), MATPLOTLIBRC=str(file))
    assert (done.stdout, done.stderr) == (drawn, "")


def test_a_backend_of_matplotlib_that_is_not_there_is_named():
    done = run("from helpers import plots", MPLBACKEND="nonsense")
    assert done.stderr.strip().splitlines()[-1] == (
        "RuntimeError: Matplotlib cannot start with MPLBACKEND=nonsense: remove that environment "
        "variable, and restart the kernel."
    )


LOAD = """
from helpers import explore, plots
from helpers.checks import progress_file
from helpers.datasets.mnist import load_digits
load_digits()
print(explore.stepper([[0, 1], [1, 0]], [[1]]))
progress_file.note("a", attempts=1)
print(progress_file.load()["a"]["attempts"], "attempt")
"""


@pytest.mark.parametrize(
    ("options", "environment"),
    [
        ([], {"HOME": None, "USER": None, "LOGNAME": None, "USERPROFILE": None}),
        ([], {"TMPDIR": "/no/such/folder", "TEMP": "/no/such/folder", "TMP": "/no/such/folder"}),
        ([], {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}),
        ([], {"PYTHONIOENCODING": "ascii"}),
        (["-X", "utf8=0"], {"PYTHONIOENCODING": "cp1252"}),
        (["-W", "error"], {}),
    ],
    ids=["no home", "no folder for temporary files", "C", "ascii", "cp1252", "warnings"],
)
def test_the_course_works_in_odd_surroundings(options, environment):
    done = run(LOAD, *options, COURSE_OFFLINE="1", COURSE_DATA="", **environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Digits: " in done.stdout
    assert done.stdout.endswith("1 attempt\n")


@pytest.mark.parametrize(("options", "environment"), [(["-O"], {}), ([], {"PYTHONOPTIMIZE": "1"})])
def test_it_is_said_where_assertions_are_switched_off(options, environment):
    done = run("import helpers", *options, **environment)
    assert done.stdout.startswith("Python runs without assertions (-O or PYTHONOPTIMIZE): ")
    assert run("import helpers").stdout == ""
