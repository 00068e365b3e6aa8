"""What the tools share: which files are the course's, and files written whole or not at all."""

import ast
import shutil
import subprocess
from pathlib import Path

import pytest
from course import ROOT, project_files

from helpers import files

# What work with the course leaves behind, and what a reader may put there.
LEFT_BEHIND = (
    ".venv/bin/python", ".venv-colab/set-up.stamp", ".venv-set-up.log", ".ruff_cache/0.1/1",
    "cnn_course.egg-info/PKG-INFO", "helpers/__pycache__/conv.pyc", "build/pages/00.html",
    "data/mnist.npz", "data/features/1.npz", "data/fashion-mnist/a.gz", "data/names.json.part",
    "progress.json", "progress.json.part", "notebooks/mine.keras", "notebooks/search_files/a.py",
    "notebooks/.ipynb_checkpoints/01.ipynb", "notebooks/.part-x1/01.ipynb",
)  # fmt: skip


def test_the_files_are_the_same_with_git_and_without(tmp_path):
    names = {path.relative_to(ROOT).as_posix() for path in project_files()}
    assert {
        "README.md",
        ".gitignore",
        "data/README.md",
        "data/training_mnist_cnn.weights.h5",
    } <= names
    wanted = names | {"notebooks/13_mine.ipynb", "data/own.json", "data/own.weights.h5"}
    for name in [*wanted, *LEFT_BEHIND]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    shutil.copy(ROOT / ".gitignore", tmp_path)

    def found():
        return {path.relative_to(tmp_path).as_posix() for path in project_files(tmp_path)}

    assert found() ^ wanted == set()
    if shutil.which("git"):
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
        assert found() ^ wanted == set()


@pytest.mark.parametrize("content", ["é\nß\n", b"\x00\r\n"])
def test_a_file_is_written_to_the_byte(tmp_path, content):
    path = tmp_path / "a.txt"
    for _ in range(2):
        files.write_whole(path, content)
        assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_keeps_what_it_held_where_the_writing_fails(tmp_path, monkeypatch):
    path = tmp_path / "a.weights.h5"
    path.write_bytes(b"before")

    def full(part, content):
        part.write_text(content[:3].decode(), "utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        files.write_whole(path, b"afterwards")
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_who_saves_by_another_way_keeps_the_ending(tmp_path):
    path = tmp_path / "a.weights.h5"
    with files.whole(path) as part:
        assert part.name == path.name
        part.write_bytes(b"weights")
        assert not path.exists()
    assert path.read_bytes() == b"weights"


# These write where nobody looks but themselves, or may not import anything of the course.
BY_THEMSELVES = {"colab.py", "set_up.py", "course.py"}


def test_tools_write_whole():
    for path in (ROOT / "tools").glob("*.py"):
        found = {
            node.attr
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute)
        }
        if path.name not in BY_THEMSELVES:
            assert not found & {"write_text", "write_bytes"}, f"{path.name}: use write_whole"
