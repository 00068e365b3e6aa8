"""The exercise engine: it says correct, or what is wrong, and never stops a notebook."""

import ctypes
import html
import importlib.util
import inspect
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from helpers.arguments import show
from helpers.checks import progress_file

SOLUTIONS = Path(__file__).resolve().parents[2] / "notebooks" / "solutions"
SECONDS = 5.0
LARGEST_SHOWN = 9  # arrays up to this size are shown whole when they are wrong
LINK = re.compile(r"\[([^\]]+)\]\((\d\d_\w+\.ipynb(?:#cell-id=[a-z0-9-]+)?)\)")


class Wrong(Exception):
    """The answer is wrong; the text says why, in a sentence for the reader."""


class Untried(Exception):
    """There is no answer yet; the text says what is asked."""


class Stopped(BaseException):
    """Ends a function of the reader that runs too long; `except Exception` does not catch it."""


class Said:
    """What an exercise says: words, and the same in HTML with a mark that needs no colour.

    A link to a notebook, `[text](NN_name.ipynb#cell-id=the-cell)`, is one in HTML only.
    """

    def __init__(self, mark: str, words: str):
        self.mark, self.words = mark, words

    def __repr__(self) -> str:
        return LINK.sub(r"\1", f"{self.mark} {self.words}".strip())

    def _repr_html_(self) -> str:
        words = html.escape(self.words).replace("\n", "<br>")
        words = re.sub(r"`([^`]+)`", r"<code>\1</code>", words)
        words = LINK.sub(r'<a href="\2">\1</a>', words)
        return f"<p><b>{html.escape(self.mark)}</b> {words}</p>"


class Exercise:
    """An exercise: call it with an answer, ask it for a `hint()` or the `solution()`.

    Args:
        notebook: The notebook's file name without ending; its solutions have the same name.
        name: The exercise's name, and that of the function with its solution.
        asked: What is asked, as a clause.
        judge: Takes the answer; raises `Wrong` or `Untried`, or returns a word of praise.
        hints: At least two, from general to particular.

    """

    def __init__(
        self,
        notebook: str,
        name: str,
        asked: str,
        judge: Callable[[Any], str],
        hints: Sequence[str],
    ):
        self.notebook, self.name, self.asked = notebook, name, asked
        self.judge, self.hints = judge, tuple(hints)
        self._next_hint = 0
        EXERCISES[self.key] = self

    def __call__(self, answer: Any = ...) -> Said:
        """Judge an answer. Whatever it is, nothing is raised."""
        try:
            if answer is None or answer is ...:
                raise Untried
            praise = self.judge(answer)
        except Untried as reason:
            return Said("Not attempted yet:", str(reason) or f"{self.asked}.")
        except Wrong as reason:
            self._record(correct=False)
            return Said("Not yet:", str(reason))
        except Exception as error:
            self._record(correct=False)
            return Said("Not yet:", f"the answer cannot be used ({type(error).__name__}).")
        self._record(correct=True)
        return Said("Correct.", praise)

    def hint(self) -> Said:
        """Give the next hint; after the last one they begin again."""
        place = self._next_hint % len(self.hints)
        self._next_hint += 1
        progress_file.note(self.key, hints=place + 1)
        return Said(f"Hint {place + 1} of {len(self.hints)}:", self.hints[place])

    def solution(self) -> Said:
        """Show the reference solution, which the course's tests run."""
        progress_file.note(self.key, solution=True)
        return Said("Solution:", f"\n{inspect.getsource(self.reference())}")

    def reference(self) -> Callable:
        """Return the function with the reference solution."""
        path = SOLUTIONS / f"{self.notebook}.py"
        spec = importlib.util.spec_from_file_location(f"solutions_{self.notebook}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return getattr(module, self.name)

    @property
    def key(self) -> str:
        """The name under which progress is recorded."""
        return f"{self.notebook[:2]}/{self.name}"

    def _record(self, correct: bool) -> None:
        progress_file.note(self.key, attempts=1, correct=correct)


EXERCISES: dict[str, Exercise] = {}


class Notebook:
    """What makes the exercises of one notebook; `name` is its file name without ending."""

    def __init__(self, name: str):
        self.name = name

    def prediction(self, name: str, asked: str, judge: Callable, hints: Sequence[str]) -> Exercise:
        """Make an exercise that `predict_number` or `predict_numbers` judges."""
        return Exercise(self.name, name, asked, judge, hints)

    def exercise(self, asked: str, *hints: str) -> Callable[[Callable], Exercise]:
        """Make an exercise of the decorated function: it judges, and has the exercise's name."""
        return lambda judge: Exercise(self.name, judge.__name__, asked, judge, hints)


def number(value: Any) -> float:
    """Return one number of the reader's answer.

    Raises:
        Wrong: where it is no single finite number.

    """
    if isinstance(value, str):
        raise Wrong(f"a number is asked for: leave the quotes out of {show(value)}.")
    if isinstance(value, bool | np.bool_):
        raise Wrong(f"a number is asked for, not a truth value such as {show(value)}.")
    if callable(value):
        raise Wrong("a number is asked for, not a function: call it first.")
    found = np.asarray(value)
    if found.size != 1 or found.dtype.kind not in "iuf":
        raise Wrong(f"one number is asked for. Received {show(value)}.")
    if not np.isfinite(found).all():
        raise Wrong(f"the answer is {found.item()}, which is no finite number.")
    return float(found.item())


def same(found: float, wanted: float) -> bool:
    """Tell whether two numbers are equal but for rounding, large counts to the last digit."""
    return bool(np.isclose(found, wanted, rtol=1e-9, atol=1e-9))


def predict_number(expected: float, mistakes: dict[float, str], praise: str, rest: str):
    """Make a judge of one predicted number, with reasons for the mistakes one expects."""

    def judge(answer: Any) -> str:
        found = number(answer)
        if same(found, expected):
            return praise
        reasons = (why for wrong, why in mistakes.items() if same(found, wrong))
        raise Wrong(next(reasons, f"{show(answer)} is not it. {rest}"))

    return judge


def predict_numbers(
    expected: Sequence, mistakes: dict[tuple, str], praise: str, rest: str, within: float = 1e-8
):
    """Make a judge of several predicted numbers, such as a pair or a small table.

    Numbers that are off by `within` or less are taken for rounded ones.
    """
    wanted = np.asarray(expected, dtype=float)

    def judge(answer: Any) -> str:
        if isinstance(answer, str):
            raise Wrong(f"numbers are asked for: leave the quotes out of {show(answer)}.")
        try:
            found = np.array(answer)
        except ValueError:
            found = np.array(None)
        if any(value is ... for value in found.ravel()):
            raise Untried
        if found.dtype.kind == "b":
            raise Wrong("numbers are asked for, not truth values.")
        if found.dtype.kind not in "iuf" or found.shape != wanted.shape:
            shape = " × ".join(map(str, wanted.shape))
            raise Wrong(f"{shape} numbers are asked for, without None. Received {show(answer)}.")
        if not np.isfinite(found).all():
            raise Wrong(f"every number must be finite. Received {show(answer)}.")
        if np.allclose(found, wanted, atol=within):
            return praise
        reasons = (
            why for wrong, why in mistakes.items() if np.allclose(found.ravel(), wrong, atol=within)
        )
        raise Wrong(next(reasons, f"{show(answer)} is not it. {rest}"))

    return judge


def run(function: Any, *arguments: Any, seconds: float | None = None) -> Any:
    """Call a function of the reader with copies of arguments, and stop it if it runs too long.

    It runs in a thread of its own, which is stopped from outside: on every system, and without
    touching the notebook's own thread.

    Raises:
        Wrong: where it is no function, raises, runs too long, or changes its arguments.
        Untried: where it returns nothing.

    """
    if not callable(function):
        raise Wrong(f"a function is asked for. Received {show(function)}.")
    given = [np.array(value) if isinstance(value, np.ndarray) else value for value in arguments]
    box: dict[str, Any] = {}

    def work():
        try:
            box["value"] = function(*given)
        except Stopped:
            box["stopped"] = True
        except BaseException as error:
            box["error"] = error

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(SECONDS if seconds is None else seconds)
    if worker.is_alive():
        stop(worker)
        raise Wrong("the function runs for ever: look for a loop that does not end.")
    called = f"for {', '.join(brief(value) for value in arguments)}"
    if "error" in box:
        error = box["error"]
        raise Wrong(f"the function raises {type(error).__name__} {called}: {show_error(error)}")
    if any(changed(before, after) for before, after in zip(arguments, given, strict=True)):
        raise Wrong("the function changes its arguments: work on a copy, or on a new array.")
    if box.get("value") is None or box["value"] is ...:
        raise Untried("the function returns nothing yet. If you wrote one, look for its `return`.")
    return box["value"]


def stop(worker: threading.Thread) -> None:
    """Raise `Stopped` in a thread, several times where it is caught there."""
    for _ in range(20):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(worker.ident), ctypes.py_object(Stopped)
        )
        worker.join(0.05)
        if not worker.is_alive():
            return


def changed(before: Any, after: Any) -> bool:
    """Tell whether an array is no longer what it was."""
    return isinstance(before, np.ndarray) and not np.array_equal(before, after)


def brief(value: Any) -> str:
    """Describe an argument in a few words."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    return show(value)


def show_error(error: BaseException) -> str:
    """Return an error's own words, on one line and not too long."""
    return " ".join(str(error).split())[:200]


def compare(
    found: Any,
    expected: Any,
    called: str,
    slips: Iterable[tuple[Any, str]] = (),
    within: float = 1e-7,
) -> None:
    """Compare what a function returned with what it should.

    Args:
        found: What the function returned.
        expected: Numbers, alone or in an array.
        called: With which arguments, such as "for 5 seeds".
        slips: What usual mistakes return, each with its reason, a clause. One that is right by
            chance is passed over.
        within: How far numbers may be apart, besides a hundred-thousandth of their size.

    Raises:
        Wrong: with the reason of the first slip that fits; or where type, shape or numbers differ,
            with both.

    """
    if isinstance(found, str | bool) or callable(found):
        raise Wrong(f"{called} it should return numbers. It returned {show(found)}.")
    array, wanted = np.asarray(found), np.asarray(expected)
    if array.dtype.kind not in "iufb":
        raise Wrong(f"{called} it should return numbers. It returned {show(found)}.")
    for slip, why in slips:
        if near(array, slip, within) and not near(slip, wanted, within):
            raise Wrong(f"{called} {why}.")
    if array.shape != wanted.shape:
        shape = f"shape {wanted.shape}" if wanted.shape else "a single number"
        raise Wrong(f"{called} the result should have {shape}. It has shape {array.shape}.")
    if not np.isfinite(array).all():
        raise Wrong(f"{called} the result holds NaN or infinity.")
    if not near(array, wanted, within):
        if array.size <= LARGEST_SHOWN:
            raise Wrong(f"{called} it returned {compact(array)}; {compact(wanted)} is right.")
        apart = ~np.isclose(array, wanted, rtol=1e-5, atol=within)
        place = tuple(int(index) for index in np.argwhere(apart)[0])
        raise Wrong(
            f"{called} {apart.sum()} of {apart.size} numbers are wrong, first the one at {place}: "
            f"it is {float(array[place]):g}, and {float(wanted[place]):g} is right."
        )


def near(found: Any, wanted: Any, within: float) -> bool:
    """Tell whether all numbers are equal but for rounding; arrays of another shape are not."""
    fits = np.shape(found) == np.shape(wanted) or np.size(found) == np.size(wanted) == 1
    return fits and np.allclose(found, wanted, rtol=1e-5, atol=within)


def compact(array: np.ndarray) -> str:
    """Write a number or a small array on one line."""
    if array.size == 1:
        return f"{float(array.reshape(())):g}" if array.ndim == 0 else str(array.tolist())
    return str(np.round(array, 3).tolist())


def weights(answer: Any, shape: tuple[int, ...], meaning: str = "") -> np.ndarray:
    """Return an answer as the kernel that it should be.

    Raises:
        Untried: where the learner has not filled it in.
        Wrong: where it has another shape, or holds what is no finite number.

    """
    wanted = f"a kernel of shape {shape} is asked for{meaning}."
    try:
        found = np.array(answer)
    except ValueError:
        raise Wrong(f"{wanted} Received rows of different lengths.") from None
    if any(value is ... or value is None for value in found.ravel()):
        raise Untried
    if found.dtype.kind not in "iuf" or found.shape != shape:
        raise Wrong(f"{wanted} Received shape {found.shape}.")
    if not np.isfinite(found).all():
        raise Wrong("every weight must be a finite number.")
    return found
