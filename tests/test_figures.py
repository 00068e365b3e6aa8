"""FIGURES.md: made by its command, and about the course as it is now."""

import re

import course
import figures
import pytest

from helpers import explore


def rows(name):
    return re.findall(r"^\| ([^|]+) \|", figures.tables()[name], re.MULTILINE)[2:]


def test_every_table_is_there():
    assert set(figures.tables()) == set(figures.TITLES)


def test_every_notebook_has_its_time():
    command = "COURSE_DATA=<folder with mnist.npz> make figures ONLY=notebooks"
    assert rows("notebooks") == [path.stem for path in course.notebook_paths()], command


def test_notebooks_are_not_timed_without_mnist(monkeypatch):
    monkeypatch.delenv("COURSE_DATA", raising=False)
    with pytest.raises(SystemExit, match="name its folder in COURSE_DATA"):
        next(figures.notebooks())


def test_every_explorer_has_its_latency():
    measured = " ".join(rows("explorers"))
    for name in explore.__all__:
        assert name.replace("_", " ") in measured.replace("'", "").replace("_", " "), (
            f"no row of FIGURES.md begins with {name.replace('_', ' ')}: add it to explorers() in "
            "tools/bench.py, and run `make figures ONLY=explorers`"
        )


def test_a_table_is_measured_again_and_the_others_stay(monkeypatch, tmp_path):
    page = tmp_path / "FIGURES.md"
    monkeypatch.setattr(figures, "PAGE", page)
    answers = {"conv": [("a | b", "1.5", "below 3")], "import": [("c", "0.5", "below 1")]}
    for name, found in answers.items():
        monkeypatch.setitem(figures.bench.MEASUREMENTS, name, lambda found=found: iter(found))
    monkeypatch.setattr("sys.argv", ["figures.py", "import", "conv"])
    figures.main()
    before = figures.tables()
    assert "| a / b | 1.5 | below 3 |" in before["conv"]
    answers["conv"][0] = ("a | b", "9.9", "below 3")
    monkeypatch.setattr("sys.argv", ["figures.py", "conv"])
    figures.main()
    after = figures.tables()
    assert "9.9" in after["conv"]
    assert after["import"] == before["import"]
    assert page.read_text(encoding="utf-8").startswith("# Figures\n")


def test_unknown_tables_are_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["figures.py", "nothing"])
    with pytest.raises(SystemExit):
        figures.main()
    assert "invalid choice: 'nothing'" in capsys.readouterr().err
