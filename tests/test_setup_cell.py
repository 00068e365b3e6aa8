"""The set-up cell, run by a fresh Python: in the course, on a stub of Colab, alone, offline."""

import os
import shutil
import subprocess
import sys

import course
import pytest

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
PROBE = "\nimport helpers\nprint('helpers from', helpers.__file__)\n"


def run_cell(folder, stubs=None, repository=None):
    """Run the set-up cell in `folder` as a kernel would; `stubs` make it believe in Colab."""
    source = course.setup_source()
    if repository is not None:
        source = source.replace(course.settings()["repository"], repository)
    start = "import google.colab\n" if stubs else ""
    return subprocess.run(
        # Without site packages an installed copy of the course cannot help out.
        [sys.executable, "-S", "-c", start + source + PROBE],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(stubs or "")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def colab(tmp_path):
    """Make a folder with a stub of the package google.colab."""
    package = tmp_path / "stubs" / "google" / "colab"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    return tmp_path / "stubs"


@pytest.fixture
def alone(tmp_path):
    """Make a folder that holds only a notebook."""
    folder = tmp_path / "content"
    folder.mkdir()
    shutil.copy(course.notebook_paths()[0], folder)
    return folder


@pytest.fixture
def remote(tmp_path):
    """Make a git remote of this machine that holds the helpers on the right branch."""
    folder = tmp_path / "remote"
    shutil.copytree(
        course.ROOT / "helpers", folder / "helpers", ignore=shutil.ignore_patterns("__pycache__")
    )
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org"]
    for command in (
        ["init", "-q", "-b", course.settings()["branch"]],
        ["add", "."],
        ["commit", "-q", "-m", "Start"],
    ):
        subprocess.run([*git, *command], cwd=folder, check=True)
    return folder.as_uri()


def last_line(failed):
    assert failed.returncode != 0
    return failed.stderr.strip().splitlines()[-1]


def test_in_the_course(colab):
    for folder in (course.ROOT, course.NOTEBOOKS):
        for stubs in (None, colab):
            done = run_cell(folder, stubs)
            assert done.returncode == 0, done.stderr
            assert str(course.ROOT / "helpers") in done.stdout


def test_in_a_folder_of_the_learners_own(tmp_path):
    (tmp_path / "my_notebooks").mkdir()
    shutil.copytree(course.ROOT / "helpers", tmp_path / "helpers")
    done = run_cell(tmp_path / "my_notebooks")
    assert str(tmp_path / "helpers") in done.stdout, done.stderr


@needs_git
def test_on_colab_it_clones_once(alone, colab, remote):
    first = run_cell(alone, colab, repository=remote)
    assert first.returncode == 0, first.stderr
    assert str(alone / "cnn-course" / "helpers") in first.stdout
    again = run_cell(alone, colab, repository="file:///gone")
    assert again.returncode == 0, again.stderr
    assert again.stdout == first.stdout


@needs_git
def test_on_colab_a_broken_download_is_made_good(alone, colab, remote):
    (alone / "cnn-course" / ".git").mkdir(parents=True)
    (alone / "cnn-course" / ".git" / "HEAD").write_text("half", encoding="utf-8")
    done = run_cell(alone, colab, repository=remote)
    assert done.returncode == 0, done.stderr
    assert (alone / "cnn-course" / "helpers" / "layers" / "shapes.py").is_file()


@needs_git
@pytest.mark.parametrize(
    "address", ["file:///nowhere/at/all", "http://127.0.0.1:9/a/b", "no address"]
)
def test_on_colab_offline_or_with_a_wrong_address(alone, colab, address):
    failed = run_cell(alone, colab, repository=address)
    sentence = f"{alone} is not in the course: go there, be online or get {address}."
    assert last_line(failed) == f"RuntimeError: {sentence}"
    assert "fatal" not in failed.stderr
    assert not (alone / "cnn-course").exists()


@needs_git
def test_a_lone_notebook_elsewhere(alone, remote):
    failed = run_cell(alone, repository=remote)
    assert last_line(failed) == (
        f"RuntimeError: {alone} is not in the course: go there, be online or get {remote}."
    )
    assert [path.suffix for path in alone.iterdir()] == [".ipynb"]


def test_every_notebook_has_this_very_cell():
    for path in course.notebook_paths():
        cells = {cell["id"]: cell for cell in course.read(path)["cells"]}
        assert course.text(cells["setup"]["source"]) == course.setup_source()
