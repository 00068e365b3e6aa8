"""A learner's evening: open, run, solve, change, save, close; then the tests, and `git pull`."""

import json
import os
import shutil
import subprocess
import sys

import course
import jupyterlab_page
import nbformat
import pytest
from course import ROOT
from explorer_page import whole_notebook

from helpers.checks import progress_file

pytestmark = pytest.mark.browser

NAME = "my_notebooks/04_translation.ipynb"
ANSWER = "answer = [[5, 7], [8, 6]]  # by hand"
# What looks at the files of the course; the rest of `make test` cannot see this evening, nor can
# those that make a small course of their own.
TESTS = ("notebooks", "glossary", "project", "course", "requirements", "mission")
OWN_COURSE = "address or one_byte or reminded or failing_notebook"


def git(folder, *command):
    identity = ("-c", "user.name=A learner", "-c", "user.email=learner@example.org")
    ran = subprocess.run(
        ["git", *identity, *command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def evening(tmp_path_factory):
    """Spend the evening in a clone; give the course, the clone and the notebook as it was left."""
    jupyterlab_page.need_chromium()
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    folder = tmp_path_factory.mktemp("evening")
    origin, clone = folder / "course", folder / "clone"
    for path in course.project_files():
        place = origin / path.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    git(folder, "init", "-q", "-b", "main", str(origin))
    git(origin, "add", "-A")
    git(origin, "commit", "-q", "-m", "The course")
    git(folder, "clone", "-q", str(origin), str(clone))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COURSE_PROGRESS", raising=False)
        program = (sys.executable, clone / "tools/lab.py")
        with jupyterlab_page.open_lab(clone, folder / "state", program) as lab:
            spend(lab)
    return origin, clone, (clone / NAME).read_bytes()


def spend(lab):
    # Of the long ones: it loads TensorFlow, which is noisy, and shipped weights; it has exercises,
    # tables, pictures and two explorers; and it trains nothing, so that it takes half a minute.
    whole_notebook(lab, NAME)
    exercise = lab.cell("ex-pooled")
    exercise.locator(".cm-content").click()
    lab.page.keyboard.press("ControlOrMeta+Home")
    lab.page.keyboard.press("Shift+End")
    lab.page.keyboard.insert_text(ANSWER)
    lab.page.keyboard.press("Shift+Enter")
    lab.idle()
    lab.page.keyboard.press("Escape")
    lab.page.keyboard.press("a")
    lab.page.keyboard.press("Enter")
    lab.page.keyboard.insert_text("mine = 6 * 7\nmine")
    lab.page.keyboard.press("Shift+Enter")
    lab.idle()
    lab.page.keyboard.press("ControlOrMeta+s")
    lab.page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")


def cells_of(content):
    stored = json.loads(content)
    nbformat.validate(nbformat.from_dict(stored))
    return {cell["id"]: cell for cell in stored["cells"]}


def test_the_evening_is_kept(evening):
    _, clone, left = evening
    cells = cells_of(left)
    assert course.text(cells["ex-pooled"]["source"]).startswith(ANSWER)
    assert "Correct" in json.dumps(cells["ex-pooled"]["outputs"])
    assert any(course.text(cell["source"]) == "mine = 6 * 7\nmine" for cell in cells.values())
    entries = json.loads((clone / progress_file.FILE.name).read_text("utf-8"))
    assert entries["04/pooled"]["correct"] == 1


def test_git_sees_nothing_of_it_and_the_tests_pass(evening):
    _, clone, _ = evening
    assert git(clone, "status", "--porcelain") == ""
    # As contributors and other editors leave them.
    shutil.copytree(
        clone / "my_notebooks/.ipynb_checkpoints", clone / "notebooks/.ipynb_checkpoints"
    )
    files = [f"tests/test_{name}.py" for name in TESTS]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-k", f"not ({OWN_COURSE})", *files],
        cwd=clone, env={**os.environ, "PYTHONPATH": str(clone), "PYTEST_ADDOPTS": ""},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert git(clone, "status", "--porcelain") == ""


def test_a_newer_course_comes_with_git_pull(evening):
    origin, clone, left = evening
    path = origin / "notebooks/04_translation.ipynb"
    newer = course.read(path)
    cells = {cell["id"]: cell for cell in newer["cells"]}
    cells["ex-pooled-text"]["source"] = ["A better text."]
    last = newer["cells"].index(cells["ex-average-kernel"])
    newer["cells"].insert(last, {**cells["ex-pooled-text"], "id": "one-more", "source": ["More."]})
    path.write_text(json.dumps(newer), encoding="utf-8")
    git(origin, "commit", "-q", "-a", "-m", "Newer")
    git(clone, "pull", "-q")
    ran = subprocess.run(
        [sys.executable, "tools/lab.py", "--update"],
        cwd=clone, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "04_translation.ipynb: brought up to the course's new version." in ran.stdout
    assert ran.stdout.count("\n") == 1
    after, before = cells_of((clone / NAME).read_bytes()), cells_of(left)
    assert course.text(after["ex-pooled-text"]["source"]) == "A better text."
    assert course.text(after["one-more"]["source"]) == "More."
    for name, cell in before.items():
        if name != "ex-pooled-text":
            assert after[name] == cell
    assert len(after) == len(before) + 1
    (kept,) = (clone / "my_notebooks/earlier").iterdir()
    assert kept.read_bytes() == left
    assert git(clone, "status", "--porcelain") == ""
