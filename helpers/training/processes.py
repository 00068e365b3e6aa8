"""Worker processes of a notebook: started, followed with the time that is left, never left over."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from helpers.datasets.locate import COURSE_FOLDER
from helpers.plots.status_line import StatusLine, time_left


def ending(code: int) -> str:
    """Say how a process ended that did not succeed; below zero, the number is that of a signal."""
    if code > 0:
        return f"failed with exit code {code}"
    names = {number.value: number.name for number in signal.Signals}
    return f"was ended from outside by {names.get(-code, f'signal {-code}')}"


def start(script: Path, *arguments: Any) -> subprocess.Popen:
    """Run a Python script as a process of its own that can import the course's helpers.

    Args:
        script: The file; what the process prints goes into a file of the same name with `.log`.
        arguments: What the script finds in `sys.argv`, as text.

    Returns:
        The process, which runs at the same time as the notebook.

    Raises:
        OSError: where the file's folder does not exist or cannot be written.

    Examples:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     script = Path(folder) / "work.py"
        ...     _ = script.write_text("print(6 * 7)", encoding="utf-8")
        ...     start(script).wait(), script.with_suffix(".log").read_text().strip()
        (0, '42')

    """
    command = [sys.executable, str(script), *map(str, arguments)]
    paths = [str(COURSE_FOLDER), os.environ.get("PYTHONPATH", "")]
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    # The log is read as UTF-8, whatever the reader's own programs write.
    surroundings["PYTHONIOENCODING"] = "utf-8:backslashreplace"
    with Path(script).with_suffix(".log").open("a", encoding="utf-8") as log:
        return subprocess.Popen(command, env=surroundings, stdout=log, stderr=subprocess.STDOUT)


def follow(
    workers: Sequence[subprocess.Popen],
    done: Callable[[], int],
    goal: int,
    until: Callable[[], bool] | None = None,
    seconds: float = 900.0,
) -> None:
    """Wait for workers, and show how much is done and, once that can be told, how long it takes.

    Args:
        workers: The processes; they are killed where the waiting is interrupted or fails.
        done: Gives how much is done, a count.
        goal: How much there is to do, in the same count.
        until: Ends the waiting earlier, as soon as it is true.
        seconds: How long to wait at most.

    Raises:
        RuntimeError: where a worker fails, a signal ends it, or the time is over.

    Examples:
        >>> follow([], lambda: 3, 3)

    """
    begun, first = time.monotonic(), done()
    pace: list[tuple[float, int]] = []  # When the first of them was done, and how many were.
    line = StatusLine(f"{first} of {goal} done")

    def tell(ended: bool = False) -> None:
        finished, now = done(), time.monotonic()
        note = f"{finished} of {goal} done"
        if finished > first and not pace:
            pace.append((now, finished))
        # What came before the first belongs to the start of the workers, not to their pace; and
        # two workers may finish at the same time, so one further step does not tell it either.
        since, counted = pace[0] if pace else (now, finished)
        if not ended and counted + 2 <= finished < goal:
            note += f", {time_left(since, finished - counted, goal - counted)}"
        line.say(note, last=ended)

    try:
        while any(worker.poll() is None for worker in workers):
            if until is not None and until():
                break
            if time.monotonic() - begun > seconds:
                raise RuntimeError(f"The workers did not finish within {seconds:.0f} seconds.")
            tell()
            time.sleep(0.05)
        failed = [worker for worker in workers if worker.returncode not in (None, 0)]
        if failed:
            # What does not come from Python itself may be written in any encoding.
            log = Path(failed[0].args[1]).with_suffix(".log").read_text("utf-8", "replace")
            raise RuntimeError(f"A worker {ending(failed[0].returncode)}:\n{log[-2000:]}")
        tell(ended=True)
    except BaseException:
        for worker in workers:
            worker.kill()
            worker.wait()
        raise
