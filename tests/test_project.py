"""What holds the project's files together."""

import ast
import graphlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import course
import numpy as np
import picture
import pytest
import set_up
import yaml
from course import ROOT, project_files
from PIL import Image

from helpers import explore
from helpers.datasets import locate, mnist

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
BINARY = (".h5", ".gif", ".png", ".pdf")


def test_the_address_stands_in_one_place():
    address = course.settings()["repository"].removeprefix("https://github.com/")
    stamped = {ROOT / "pyproject.toml", ROOT / "README.md", *course.notebook_paths()}
    for path in project_files():
        if path not in stamped and path.suffix not in BINARY:
            assert address not in path.read_text(encoding="utf-8"), path.name


def test_the_table_names_every_notebook():
    start = course.text(
        next(
            c["source"]
            for c in course.read(course.notebook_paths()[0])["cells"]
            if c["id"] == "map"
        )
    )
    address, branch = course.settings()["repository"], course.settings()["branch"]
    place = address.removeprefix("https://github.com/")
    for path in course.notebook_paths():
        cells = course.read(path)["cells"]
        title = course.text(cells[0]["source"]).splitlines()[0][2:]
        row = f"| [{path.name[:2]} {title}](notebooks/{path.name}) |"
        badge = f"(https://colab.research.google.com/github/{place}/blob/{branch}/notebooks/{path.name})"
        assert any(line.startswith(row) and badge in line for line in README.splitlines()), (
            f"README.md needs a line that begins {row} and links to Colab"
        )
        if path != course.notebook_paths()[0]:
            assert f"]({path.name})" in start
        said = re.search(r"takes about (\d+) minutes", course.text(cells[0]["source"]))
        assert said, f"{path.name}: the first cell must say that it takes about N minutes"
        for table in (README, start) if path != course.notebook_paths()[0] else (README,):
            line = next(line for line in table.splitlines() if f"[{path.name[:2]} {title}]" in line)
            assert f"| {said[1]} |" in line, path.name
    linked = set(re.findall(r"notebooks/(\w+\.ipynb)", README)) | set(
        re.findall(r"\((\w+\.ipynb)\)", start)
    )
    assert linked == {path.name for path in course.notebook_paths()}


@pytest.mark.parametrize("topic", explore.EXPLORERS)
def test_every_explorer_is_moved_in_a_browser(topic):
    tests = (ROOT / "tests" / f"test_browser_{topic}.py").read_text("utf-8")
    assert f'TOPIC = "{topic}"' in tests
    assert '@pytest.mark.parametrize("name", explore.EXPLORERS[TOPIC])' in tests
    assert "every_control_moves(opened(name))" in tests


def test_links_lead_somewhere():
    notebooks = {path: course.read(path)["cells"] for path in course.notebook_paths()}
    ids = {path: {cell["id"] for cell in cells} for path, cells in notebooks.items()}
    texts = [(ROOT / "README.md", README)]
    for path, cells in notebooks.items():
        texts += [(path, course.text(c["source"])) for c in cells if c["cell_type"] == "markdown"]
    for path, text in texts:
        for target in re.findall(r"\]\(([\w.][^)\s]*)\)", text):
            if "://" in target:
                continue
            name, _, fragment = target.partition("#")
            assert (path.parent / name).is_file(), f"{path.name}: {target}"
            if fragment:
                wanted = fragment.removeprefix("cell-id=")
                assert wanted in ids[path.parent / name], f"{path.name}: {target}"


def test_commands_of_the_readme_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^    |> )make ([a-z]+)", README, re.MULTILINE))
    assert named <= targets
    assert {"lab", "test", "lint", "format", "canonical", "bench", "help", "notebooks"} <= targets


def test_the_workflow_runs_commands_that_exist():
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)", text))
    assert {"lint", "test", "test-notebooks", "test-colab"} <= named <= targets
    assert f"key: mnist-{mnist.MNIST.sha256[:8]}\n" in text
    jobs = yaml.safe_load(text)["jobs"]
    assert "required" in jobs["test"]["env"]["COURSE_BROWSER"]
    assert all("timeout-minutes" in job for job in jobs.values())


def test_the_picture_of_the_readme_moves_and_comes_to_rest():
    assert "](data/explorers.gif)" in README
    with Image.open(locate.DATA_FOLDER / "explorers.gif") as moving:
        steps = sum(len(values) for *_, values in picture.SHOWN)
        assert (moving.n_frames, moving.size) == (steps, (picture.WIDTH, picture.HEIGHT))
        assert moving.info["loop"] == picture.LOOPS
        first = next(picture.frames())[0]
        shown = np.asarray(moving.convert("RGB"), int)
        # The file has fewer colours than the frame, and the same drawing.
        assert np.abs(shown - np.asarray(first, int)).mean() < 2


def test_shipped_data_is_named_with_its_checksum():
    table = (locate.DATA_FOLDER / "README.md").read_text(encoding="utf-8")
    shipped = {path.name: path for path in project_files() if path.parent == locate.DATA_FOLDER}
    for name in shipped.keys() - {"README.md", "SHA256SUMS"}:
        digest = hashlib.sha256(shipped[name].read_bytes()).hexdigest()
        assert re.search(rf"^\| `{re.escape(name)}` \|.*`{digest}` \|$", table, re.MULTILINE), name
    for line in (locate.DATA_FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        assert hashlib.sha256(shipped[name].read_bytes()).hexdigest() == digest
    assert mnist.MNIST.sha256 in table


def imported_files(path):
    """Return the project's own files that a Python file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            place = name.replace(".", "/")
            for file in (f"{place}.py", f"{place}/__init__.py", f"tools/{place}.py"):
                if (ROOT / file).is_file():
                    yield ROOT / file


def test_no_import_goes_in_circles():
    files = [path for folder in ("helpers", "tools") for path in (ROOT / folder).rglob("*.py")]
    graph = {path: set(imported_files(path)) for path in files}
    # A module of a package may import others of it from the package: that is no circle.
    for path, needed in graph.items():
        needed.discard(path.parent / "__init__.py")
    assert set(graphlib.TopologicalSorter(graph).static_order()) == set(files)
    training, recording = (ROOT / "tools" / name for name in ("train.py", "recording.py"))
    assert recording in graph[training]
    with pytest.raises(graphlib.CycleError):
        tuple(graphlib.TopologicalSorter({**graph, recording: {training}}).static_order())


def test_keras_is_loaded_where_it_is_needed_only():
    code = "import sys, helpers; from helpers import checks, explore; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "helpers.checks.engine" in loaded
    assert not loaded & {"keras", "tensorflow"}


def test_notebooks_come_first_then_the_browser_and_what_takes_longest_before_others(request):
    order = request.config.pluginmanager.get_plugin(str(ROOT / "conftest.py"))
    names = ["test_course.py", "00_start_here.ipynb", "test_explore.py", "test_browser_wrap_up.py",
             "05_training.ipynb", "shapes.py"]  # fmt: skip
    items = [SimpleNamespace(path=Path(name)) for name in names]
    order.pytest_collection_modifyitems(items)
    assert [item.path.name for item in items] == [names[place] for place in (4, 1, 3, 2, 0, 5)]


def test_what_is_said_to_take_long_is_there(request):
    order = request.config.pluginmanager.get_plugin(str(ROOT / "conftest.py"))
    names = [path.name for path in project_files()]
    for start in order.SECONDS:
        assert any(name.startswith(start) for name in names), start


def test_no_path_of_one_machine():
    pattern = re.compile(r"(?<![\w.])/(work|tmp|root|home|Users)/")
    for path in project_files():
        if path.suffix not in BINARY:
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".ipynb":
                text = re.sub(r'"image/png": "[^"]+"', "", text)
            if path != Path(__file__):
                assert not pattern.search(text), path.name


def test_the_repository_is_light():
    sizes = {path.name: path.stat().st_size for path in project_files()}
    assert sum(sizes.values()) < 30e6
    assert max(sizes.values()) < 2e6


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """Let the set-up work in an empty folder, with commands that are only noted."""
    monkeypatch.setattr(set_up, "ROOT", tmp_path)
    for name, place in (("VENV", ".venv"), ("BIN", ".venv/bin"), ("STAMP", ".venv/set-up.stamp"),
                        ("LOG", ".log")):  # fmt: skip
        monkeypatch.setattr(set_up, name, tmp_path / place)
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    noted = SimpleNamespace(commands=[], answers={})

    def run(command, settings=None):
        noted.settings = settings
        line = " ".join(str(part) for part in command)
        noted.commands.append(line)
        if "-m venv" in line:
            set_up.BIN.mkdir(parents=True, exist_ok=True)
            (set_up.BIN / set_up.PYTHON).touch()
        return next((code for part, code in noted.answers.items() if part in line), 0)

    monkeypatch.setattr(set_up, "run", run)
    monkeypatch.setattr(set_up, "pip_settings", lambda: {"PIP_PROXY": "http://proxy"})
    return noted


def test_setting_up_twice_installs_once(machine):
    set_up.main()
    steps = zip(("-m venv", "pip install"), machine.commands, strict=True)
    assert all(word in line for word, line in steps)
    assert "-c constraints.txt -e .[test]" in machine.commands[1]
    assert machine.settings == {"PIP_PROXY": "http://proxy"}
    machine.commands.clear()
    set_up.main()
    assert machine.commands == []


def test_a_change_of_versions_installs_again(machine):
    set_up.main()
    machine.commands.clear()
    (set_up.ROOT / "constraints.txt").write_text("numpy==2.1.0\n", encoding="utf-8")
    set_up.main()
    assert any("pip install" in line for line in machine.commands)
    assert not any("venv" in line.split() for line in machine.commands)


def test_a_broken_environment_is_made_anew(machine):
    set_up.main()
    machine.commands.clear()
    set_up.STAMP.unlink()
    machine.answers = {"import sys, pip": 1}
    set_up.main()
    assert any("-m venv --clear" in line for line in machine.commands)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"-m venv": 1}, "Python could not make a virtual environment: install its venv module"),
        ({"pip install": 1}, "The packages could not be installed: pip said 'nothing'"),
    ],
)
def test_set_up_fails_with_one_sentence(machine, answers, sentence):
    machine.answers = answers
    with pytest.raises(SystemExit) as failed:
        set_up.main()
    assert str(failed.value).strip().startswith(sentence)
    assert not set_up.STAMP.exists()


def test_a_folder_that_cannot_be_written_is_said_before(machine, monkeypatch):
    monkeypatch.setattr(set_up, "LOG", set_up.ROOT / "pyproject.toml" / "log")
    with pytest.raises(SystemExit) as failed:
        set_up.main()
    assert str(failed.value).strip() == (
        f"Setting up writes into {set_up.ROOT}, and that cannot be done (Not a directory): copy "
        "the course's folder to a place that is yours, and run the same command there."
    )
    assert machine.commands == []


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_make_keeps_settings_of_the_readers_python_from_the_course(tmp_path):
    stub = tmp_path / "python"
    stub.write_text('#!/bin/sh\necho "ran $*"\nenv\n', encoding="utf-8")
    stub.chmod(0o755)
    kept_out = {"PYTHONHOME": "/no", "PYTHONPATH": "/no", "PYTHONOPTIMIZE": "2",
                "PYTHONSAFEPATH": "1", "PYTHONWARNINGS": "error"}  # fmt: skip
    assert kept_out.keys() <= set_up.LEFT_OUT
    done = subprocess.run(
        ["make", "-C", ROOT, "lab", f"PYTHON={stub}", f"RUN={stub}"], cwd=tmp_path,
        env={**os.environ, **kept_out, "LAB_OPTIONS": "--no-browser"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert [line for line in lines if line.startswith("ran ")] == [
        "ran tools/set_up.py", "ran tools/lab.py --no-browser"
    ]  # fmt: skip
    assert "LAB_OPTIONS=--no-browser" in lines
    assert not [line for line in lines if line.partition("=")[0] in kept_out]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "the disk is full"),
        ("WARNING: Retrying after connection broken by 'NewConnectionError'\nERROR: No matching "
         "distribution found for keras", "check the internet connection"),
        ("WARNING: Retrying after connection broken by 'ProxyError('Cannot connect to proxy.')'",
         "the proxy that your settings name cannot be used"),
        ("ERROR: Could not find a suitable TLS CA certificate bundle, invalid path: /no/such.pem",
         "the certificates do not fit (Could not find a suitable TLS CA certificate bundle"),
        ("WARNING: The repository located at a.b is not trusted\nERROR: No matching distribution "
         "found for keras", "pip said 'The repository located at a.b is not trusted'"),
        ("ERROR: Looking at https://me:secret@a.b/simple\nnote: that was all",
         "pip said 'Looking at https://a.b/simple'"),
    ],
)  # fmt: skip
def test_why_pip_failed_is_said(said, told):
    assert set_up.reason(said).startswith(told)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """Make a course whose packages are two small wheels, with a set-up of its own."""
    root = tmp_path_factory.mktemp("tiny")
    for name in ("course/tools", "wheels", "home"):
        (root / name).mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "set_up.py", root / "course" / "tools")
    (root / "course" / "constraints.txt").touch()
    (root / "course" / "pyproject.toml").write_text(TINY, encoding="utf-8")
    (root / "course" / "backend.py").write_text(BACKEND, encoding="utf-8")
    make = {}
    exec(BACKEND, make)
    make["make"](root / "wheels", "needed", "")
    return root


TINY = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "tiny"
version = "1.0"
"""
BACKEND = """
import pathlib, zipfile
def make(folder, name, more):
    file, info = f"{name}-1.0-py3-none-any.whl", f"{name}-1.0.dist-info"
    with zipfile.ZipFile(pathlib.Path(folder) / file, "w") as wheel:
        wheel.writestr(f"{name}.py", "")
        head = f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n{more}"
        wheel.writestr(f"{info}/METADATA", head)
        tag = "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        wheel.writestr(f"{info}/WHEEL", tag)
        names = (f"{name}.py", f"{info}/METADATA", f"{info}/WHEEL", f"{info}/RECORD")
        wheel.writestr(f"{info}/RECORD", "".join(f"{each},,\\n" for each in names))
    return file
def build_editable(folder, config_settings=None, metadata_directory=None):
    return make(folder, "tiny", "Provides-Extra: test\\nRequires-Dist: needed\\n")
"""


@pytest.mark.parametrize(
    ("written", "environment"),
    [
        ("[install]\nuser = true\n", {}),
        ("", {"PIP_TARGET": "elsewhere", "PIP_PREFIX": "elsewhere", "PIP_NO_DEPS": "1",
              "PIP_REQUIRE_VIRTUALENV": "1", "PYTHONPATH": "elsewhere", "PYTHONUSERBASE": "else"}),
    ],
    ids=["file", "environment"],
)  # fmt: skip
def test_settings_of_pip_do_not_lead_past_the_environment(tiny, written, environment):
    settings = tiny / "pip.conf"
    # Where packages come from stays as the reader has set it: without it, nothing would be found.
    found = f"[global]\nno-index = true\nfind-links = {(tiny / 'wheels').as_posix()}\n"
    settings.write_text(found + written, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    kept |= {"PIP_CONFIG_FILE": str(settings), "HOME": str(tiny / "home")}
    shutil.rmtree(tiny / "course" / ".venv", ignore_errors=True)
    done = subprocess.run(
        [sys.executable, tiny / "course" / "tools" / "set_up.py"], cwd=tiny, check=False,
        env=kept | environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    installed = {path.name for path in (tiny / "course" / ".venv").rglob("*.py")}
    assert {"tiny.py", "needed.py"} <= installed
    assert not (tiny / "home" / ".local").exists()
    assert not list(tiny.rglob("else*"))


def test_a_damaged_file_of_pips_settings_is_named(tiny, monkeypatch):
    settings = tiny / "damaged.conf"
    settings.write_text("garbage", encoding="utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    monkeypatch.setattr(set_up, "BIN", Path(sys.executable).parent)
    with pytest.raises(SystemExit, match=r"pip cannot read your settings: .*damaged\.conf"):
        set_up.pip_settings()


@pytest.mark.parametrize("version", [(3, 10, 4), (3, 14, 0)])
def test_other_pythons_are_refused(machine, monkeypatch, version):
    monkeypatch.setattr(set_up.sys, "version_info", version)
    with pytest.raises(SystemExit, match="This course needs Python 3.11, 3.12 or 3.13"):
        set_up.main()
    assert machine.commands == []


@pytest.mark.usefixtures("machine")
def test_a_full_disk_is_said_before(monkeypatch):
    monkeypatch.setattr(set_up.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10**9}))
    with pytest.raises(SystemExit, match=r"needs 4 GB of free disk, and .* has 1\.0 GB"):
        set_up.main()


def test_the_installed_package_is_this_one():
    assert metadata.version(PROJECT["project"]["name"]) == PROJECT["project"]["version"]
