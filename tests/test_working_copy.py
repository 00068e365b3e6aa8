"""The learner's copy of the notebooks: it takes over what is new, and loses nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import canonical
import course
import lab
import nbformat
import pytest
from course import ROOT


def cell(name, source, **more):
    kind = {"cell_type": "markdown"}
    if more.pop("code", True):
        kind = {"cell_type": "code", "outputs": [], "execution_count": None}
    return {"id": name, "source": source, "metadata": {}, **kind, **more}


def notebook(*cells):
    return {"cells": [*cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


BASE = [cell("title", "# A", code=False), cell("first", "1"), cell("ex-one", "answer = ..."),
        cell("last", "3")]  # fmt: skip


@pytest.fixture
def folders(tmp_path):
    """A course with one notebook, and a copy of it."""
    source, mine = tmp_path / "notebooks", tmp_path / "mine"
    source.mkdir()
    store(source / "01_a.ipynb", *BASE)
    assert lab.take_over(source, mine) == []
    return source, mine


def store(path, *cells):
    path.write_text(canonical.write(notebook(*cells)), encoding="utf-8")


def sources(path):
    stored = json.loads(path.read_text("utf-8"))
    nbformat.validate(nbformat.from_dict(stored))
    return [(c["id"], course.text(c["source"])) for c in stored["cells"]]


def test_a_copy_that_nobody_touched_is_replaced_without_a_word(folders):
    source, mine = folders
    store(source / "01_a.ipynb", *BASE[:2], cell("last", "4"))
    assert lab.take_over(source, mine) == []
    assert (mine / "01_a.ipynb").read_bytes() == (source / "01_a.ipynb").read_bytes()
    assert not (mine / "earlier").exists()
    (mine / "01_a.ipynb").unlink()  # The way to begin anew.
    assert lab.take_over(source, mine) == []
    assert sources(mine / "01_a.ipynb")[-1] == ("last", "4")


def test_a_copy_stays_as_it_is_where_the_course_did_not_change(folders):
    source, mine = folders
    store(mine / "01_a.ipynb", *BASE, cell("own", "mine"))
    before = (mine / "01_a.ipynb").read_bytes()
    assert lab.take_over(source, mine) == []
    assert (mine / "01_a.ipynb").read_bytes() == before


def test_cells_are_taken_over_one_by_one(folders):
    source, mine = folders
    ran = {**BASE[1], "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}]}
    solved = cell("ex-one", "answer = 5")
    own, top = cell("0a1b2c3d", "my own"), cell("4e5f6a7b", "on top")
    store(mine / "01_a.ipynb", top, BASE[0], ran, solved, own, BASE[3])
    before = (mine / "01_a.ipynb").read_bytes()
    fresh = cell("more", "new in the course")
    store(source / "01_a.ipynb", cell("title", "# B", code=False), BASE[1], fresh, *BASE[2:])
    said = lab.take_over(source, mine)
    assert sources(mine / "01_a.ipynb") == [
        ("4e5f6a7b", "on top"), ("title", "# B"), ("first", "1"), ("more", "new in the course"),
        ("ex-one", "answer = 5"), ("0a1b2c3d", "my own"), ("last", "3"),
    ]  # fmt: skip
    stored = json.loads((mine / "01_a.ipynb").read_text("utf-8"))
    assert stored["cells"][2]["outputs"] == ran["outputs"]
    (kept,) = (mine / "earlier").iterdir()
    assert kept.read_bytes() == before
    assert len(said) == 1
    for part in ("01_a.ipynb", "kept: ex-one", "kept: 4e5f6a7b, 0a1b2c3d", kept.name):
        assert part in said[0]
    assert lab.take_over(source, mine) == []


def test_where_both_changed_a_cell_both_stay(folders):
    source, mine = folders
    store(mine / "01_a.ipynb", *BASE[:2], cell("ex-one", "answer = 5"), cell("own", "x"), BASE[3])
    for step, said in ((1, "ex-one-mine"), (2, "ex-one-mine")):
        store(source / "01_a.ipynb", *BASE[:2], cell("ex-one", f"answer = ...  # {step}"), BASE[3])
        assert "behind the course's: ex-one" in lab.take_over(source, mine)[0] or step == 2
        assert sources(mine / "01_a.ipynb")[2:5] == [
            ("ex-one", f"answer = ...  # {step}"), (said, "answer = 5"), ("own", "x"),
        ]  # fmt: skip
    stored = json.loads((mine / "01_a.ipynb").read_text("utf-8"))["cells"]
    answer = cell("ex-one", "answer = 6")
    store(mine / "01_a.ipynb", *(answer if part["id"] == "ex-one" else part for part in stored))
    store(source / "01_a.ipynb", *BASE[:2], cell("ex-one", "3"), BASE[3])
    lab.take_over(source, mine)
    assert [text for _, text in sources(mine / "01_a.ipynb")[2:5]] == [
        "3", "answer = 6", "answer = 5",
    ]  # fmt: skip
    assert len(list((mine / "earlier").iterdir())) == 3


def test_what_was_taken_out_stays_out_and_what_was_changed_stays(folders):
    source, mine = folders
    store(mine / "01_a.ipynb", BASE[0], BASE[2], cell("last", "30"))
    store(source / "01_a.ipynb", *BASE[:2])
    lab.take_over(source, mine)
    assert sources(mine / "01_a.ipynb") == [("title", "# A"), ("last", "30")]


def test_a_damaged_copy_is_kept_and_said(folders):
    source, mine = folders
    (mine / "01_a.ipynb").write_text('{"cells": [', encoding="utf-8")
    store(source / "01_a.ipynb", *BASE[:2])
    (said,) = lab.take_over(source, mine)
    assert "could not be joined" in said
    assert next((mine / "earlier").iterdir()).read_text("utf-8") == '{"cells": ['
    assert len(sources(mine / "01_a.ipynb")) == 2


def test_a_copy_that_cannot_be_written_is_one_sentence(tmp_path):
    for name in ("tools", "helpers", "notebooks"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "my_notebooks").write_text("a file in the way", encoding="utf-8")
    script = "import course, lab, pathlib; lab.MINE = pathlib.Path('my_notebooks'); lab.main()"
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, 'tools'); {script}", "--update"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "Your copy of the notebooks cannot be written" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("settings", [{"PYTHONSAFEPATH": "1"}, {"PYTHONOPTIMIZE": "2"}])
def test_it_starts_without_make_under_settings_of_python(settings):
    ran = subprocess.run(
        [sys.executable, ROOT / "tools/lab.py", "--help"], env={**os.environ, **settings},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Open your own copy of the course in JupyterLab." in ran.stdout


def kernel():
    """Return the folder of the kernel that notebooks get."""
    command = [sys.executable, "-m", "jupyter", "kernelspec", "list", "--json"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return Path(json.loads(told)["kernelspecs"]["python3"]["resource_dir"])


def test_settings_of_jupyter_do_not_keep_the_course_from_opening(tmp_path, monkeypatch, capsys):
    (tmp_path / "a file").touch()
    foreign = tmp_path / "other/kernels/python3/kernel.json"
    foreign.parent.mkdir(parents=True)
    foreign.write_text(
        '{"argv": ["python2"], "display_name": "Python 3", "language": "python"}', "utf-8"
    )
    home, started = tmp_path / "home", []
    for name, value in {"JUPYTER_RUNTIME_DIR": tmp_path / "a file", "PYTHONOPTIMIZE": "1",
                        "JUPYTER_PATH": tmp_path / "other", "HOME": home,
                        "USERPROFILE": home}.items():  # fmt: skip
        monkeypatch.setenv(name, str(value))
    assert kernel() == foreign.parent
    monkeypatch.setattr(lab, "MINE", tmp_path / "mine")
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "argv", ["lab.py", "--no-browser"])
    monkeypatch.setattr(
        lab.runpy, "run_module", lambda *_, **__: started.append((dict(os.environ), sys.argv[1:]))
    )
    lab.main()
    ((environment, options),) = started
    assert f"--ServerApp.root_dir={ROOT}" in options
    assert "--FileContentsManager.preferred_dir=" in options
    assert "--no-browser" in options
    assert environment["JUPYTER_RUNTIME_DIR"] == str(home / "cnn-course-files")
    assert sys.prefix in map(str, kernel().parents)
    assert "PYTHONOPTIMIZE" not in environment
    assert f"): {home / 'cnn-course-files'} is used.\n" in capsys.readouterr().out


def test_a_source_that_was_only_run_is_said_to_be_that():
    path = course.notebook_paths()[1]
    ran = course.read(path)
    counted = [part for part in ran["cells"] if part["cell_type"] == "code"]
    counted[3]["execution_count"] = 40
    ran["metadata"]["language_info"] = {"name": "python"}
    assert canonical.differing(course.read(path)) == []
    assert canonical.differing(ran) == [counted[3]["id"], "metadata"]
