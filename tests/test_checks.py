"""Exercises: the solutions pass, typical wrong answers get the reason that fits, nothing raises."""

import importlib
import inspect
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time

import course
import numpy as np
import pytest
from filelock import FileLock
from second_kernel import note_many
from wrong_answers.convolution import window

from helpers import checks, files
from helpers.checks import engine, progress_file
from helpers.checks.engine import EXERCISES


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Wait less for endless loops, and start with no progress."""
    monkeypatch.setattr(engine, "SECONDS", 1.0)
    monkeypatch.setattr(progress_file, "_memory", {})
    monkeypatch.setattr(progress_file, "_said", set())


def answer_of(exercise):
    """Return what a reader would hand in who copies the solution."""
    reference = exercise.reference()
    return reference if inspect.signature(reference).parameters else reference()


def zeros_like(answer):
    """Return an answer of the same kind that is nothing but zeros."""
    if callable(answer):
        return lambda *arguments: np.zeros_like(answer(*arguments))
    return "0" if isinstance(answer, str) else np.zeros_like(answer)


@pytest.mark.parametrize(
    "key",
    # The capstone's solution trains a network for half a minute.
    [pytest.param(key, marks=[pytest.mark.weekly] * (key == "12/capstone")) for key in EXERCISES],
)
def test_solutions_pass_and_zeros_do_not(key):
    exercise = EXERCISES[key]
    answer = answer_of(exercise)
    assert exercise(answer).mark == "Correct."
    assert exercise(zeros_like(answer)).mark == "Not yet:"
    assert progress_file.load()[key] == {"attempts": 2, "correct": 1, "hints": 0, "solution": 0}


# For each exercise, what readers hand in, and words of the reason that each must be given.
WRONG = {
    f"{module}.{exercise}": rows
    for module in checks.__all__
    if module != "progress"
    for exercise, rows in importlib.import_module(f"wrong_answers.{module}").WRONG.items()
}


def exercise_named(name):
    module, exercise = name.split(".")
    return getattr(getattr(checks, module), exercise)


@pytest.mark.parametrize(
    ("name", "answer", "reason"),
    [(name, *row) for name, rows in WRONG.items() for row in rows],
    ids=[f"{name}-{place}" for name, rows in WRONG.items() for place in range(len(rows))],
)
def test_wrong_answers_get_the_reason_that_fits(name, answer, reason):
    said = exercise_named(name)(answer)
    assert said.mark == "Not yet:"
    assert reason in said.words


def test_every_exercise_is_complete():
    assert {exercise_named(name) for name in WRONG} == set(EXERCISES.values())
    for name, rows in WRONG.items():
        assert len(rows) >= 4, name
        exercise = exercise_named(name)
        assert len(exercise.hints) >= 2, name
        assert exercise.name == name.split(".")[1]
    for path in course.notebook_paths():
        here = f"{path.stem[:2]}/"
        number = sum(key.startswith(here) for key in EXERCISES)
        used = json.dumps(course.read(path))
        if number:
            assert 3 <= number <= 5, f"{path.name} has {number} exercises: 3 to 5 are allowed"
        for key, exercise in EXERCISES.items():
            if key.startswith(here):
                module = next(n.split(".")[0] for n in WRONG if exercise_named(n) is exercise)
                assert f"checks.{module}.{exercise.name}(" in used, key


class Hostile:
    def _fail(self, *_):
        raise RuntimeError("hostile")

    __eq__ = __array__ = __repr__ = __len__ = __iter__ = __float__ = __hash__ = _fail


@pytest.mark.parametrize("key", EXERCISES)
def test_nothing_raises_and_no_garbage_passes(key):
    garbage = [Hostile(), object(), {}, [], {"a": 1}, [[1], [1, 2]], b"x", 1j, -1e300, float("inf"),
               iter([1]), "x" * 10_000, int, lambda *_: Hostile(), lambda *_: [[1], [1, 2]],
               lambda *_: 1 / 0, sys.exit]  # fmt: skip
    for answer in garbage:
        said = EXERCISES[key](answer)
        assert said.mark in ("Not yet:", "Not attempted yet:")
        assert said.words
    for nothing in (None, ...):
        assert EXERCISES[key](nothing).mark == "Not attempted yet:"
    assert EXERCISES[key]().mark == "Not attempted yet:"


def loops_forever(*_):
    while True:
        pass


def loops_and_catches(*_):
    while True:
        try:
            time.sleep(0.001)
        except Exception as error:
            print(error)


@pytest.mark.parametrize("endless", [loops_forever, loops_and_catches])
def test_endless_loops_are_stopped(endless, monkeypatch):
    monkeypatch.setattr(engine, "SECONDS", 0.2)
    before = engine.threading.active_count()
    said = checks.convolution.one_output(endless)
    assert "runs for ever" in said.words
    assert engine.threading.active_count() == before


def test_changed_arguments_are_noticed():
    def clears(image, kernel, row, column):
        result = (window(image, kernel, row, column) * kernel).sum()
        image[:] = 0
        return result

    assert "changes its arguments" in checks.convolution.one_output(clears).words


def test_rounded_predictions_are_taken():
    for rounded in (0.71, 0.707, 0.7071068):
        assert checks.regularization.difference((2, rounded)).mark == "Correct."
    assert checks.regularization.difference((2, 0.72)).mark == "Not yet:"


def test_an_unwritten_function_is_not_attempted():
    said = checks.convolution.one_output(lambda *_: None)
    assert said.mark == "Not attempted yet:"
    assert "return" in said.words
    assert progress_file.load() == {}


def test_hints_come_one_by_one_and_begin_again():
    exercise = checks.convolution.design
    exercise._next_hint = 0
    said = [repr(exercise.hint()) for _ in range(len(exercise.hints) + 1)]
    assert said[0].startswith("Hint 1 of 3: The rows")
    assert said[-1] == said[0]
    assert len(set(said)) == len(exercise.hints)
    assert progress_file.load()[exercise.key]["hints"] == 3


@pytest.mark.parametrize("key", EXERCISES)
def test_the_solution_is_shown_as_it_runs(key):
    said = EXERCISES[key].solution()
    assert said.words.strip() == inspect.getsource(EXERCISES[key].reference()).strip()
    assert progress_file.load()[key]["solution"] == 1


def test_what_is_said_is_escaped_in_html():
    said = checks.training.parameters("<b>7</b>")
    assert "&lt;b&gt;7" in said._repr_html_()
    assert "<b>7" not in said._repr_html_()


@pytest.fixture
def file(monkeypatch, tmp_path):
    path = tmp_path / "progress.json"
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    return path


def test_progress_is_kept_and_shown(file):
    assert "0 of" in repr(checks.progress())
    checks.convolution.window_sum(10)
    checks.convolution.window_sum(-9)
    checks.convolution.window_sum(3)
    assert json.loads(file.read_text("utf-8"))[checks.convolution.window_sum.key]["attempts"] == 3
    shown = checks.progress("01")
    assert repr(shown).startswith("1 of 5 exercises of notebook 01 are solved.")
    assert "window_sum  correct, 3 attempts" in repr(shown)
    assert "<td>window_sum</td><td>correct, 3 attempts</td>" in shown._repr_html_()
    whole = checks.progress()
    assert "\n01  1 of 5  one_output, flip, magnitude, design\n" in repr(whole)
    assert "<td>01</td><td>1 of 5</td><td>one_output, flip, " in whole._repr_html_()
    assert len(whole.shown) == len(list((course.NOTEBOOKS / "solutions").glob("[0-9]*.py")))
    assert {path.name for path in file.parent.iterdir()} == {file.name, f"{file.name}.locked"}


@pytest.mark.parametrize("damage", ["", "{", "[1]", '{"a": 3}', '{"a": {"b": "c"}}', "\0"])
def test_a_damaged_file_is_set_aside(file, capsys, damage):
    file.write_text(damage, encoding="utf-8")
    checks.convolution.window_sum(-9)
    assert "Your progress was damaged" in capsys.readouterr().out
    assert (file.parent / "progress.damaged.json").read_text("utf-8") == damage
    assert list(json.loads(file.read_text("utf-8"))) == [checks.convolution.window_sum.key]


def test_where_nothing_can_be_written_it_is_said_once(file, capsys, monkeypatch):
    monkeypatch.setattr(files.os, "replace", refuse)
    for _ in range(2):
        checks.convolution.window_sum(-9)
    assert capsys.readouterr().out.count("cannot be kept in progress.json") == 1
    assert repr(checks.progress()).startswith("1 of")
    assert not file.exists()
    assert {path.name for path in file.parent.iterdir()} <= {f"{file.name}.locked"}


def refuse(*_):
    raise PermissionError(13, "Permission denied")


def test_two_kernels_lose_nothing(file):
    start = multiprocessing.get_context("spawn").Process
    both = [start(target=note_many, args=(file, name)) for name in ("a", "b")]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert {key: entry["attempts"] for key, entry in progress_file.load().items()} == {
        "a": 40,
        "b": 40,
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_kernel_leaves_a_whole_file(file):
    code = (
        "from helpers.checks import progress_file\n"
        "while True: progress_file.note('a', attempts=1); print('.', flush=True)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=course.ROOT, stdout=subprocess.PIPE
    )
    for _ in range(5):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert json.loads(file.read_text("utf-8"))["a"]["attempts"] >= 5
    progress_file.note("a", attempts=1)
    assert progress_file.load()["a"]["attempts"] >= 6


@pytest.mark.parametrize("rounded", [(-1, -0.99), (-1, -0.992), (-1.0, -0.9922)])
def test_a_rounded_answer_is_right(rounded):
    assert str(checks.transfer.twice(rounded)).startswith("Correct")


def test_progress_of_an_older_course_is_kept(file):
    entry = {"attempts": 2, "correct": 1, "hints": 0, "solution": 0}
    file.write_text(json.dumps({"01_slide_a_filter_over_an_image/window_sum": entry}), "utf-8")
    assert progress_file.load() == {"01/window_sum": entry}
    checks.convolution.window_sum(-9)
    assert json.loads(file.read_text("utf-8"))["01/window_sum"]["attempts"] == 3


def test_who_waits_too_long_keeps_progress_in_memory(file, capsys, monkeypatch):
    monkeypatch.setattr(progress_file, "PATIENCE", 0.1)
    with FileLock(f"{file}.locked"):
        checks.convolution.window_sum(-9)
    assert "another notebook holds it" in capsys.readouterr().out
    assert not file.exists()
    assert repr(checks.progress()).startswith("1 of")
