"""In which order pytest runs, what it says meanwhile, and how it compares notebooks (nbval)."""

import os
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

# Tests and compared notebooks neither read nor write the reader's own progress.
os.environ["COURSE_PROGRESS"] = "off"
# Some tests work on a copy of the course, from where a relative path would lead elsewhere.
if named := os.environ.get("COURSE_DATA"):
    os.environ["COURSE_DATA"] = str(Path(__file__).parent / Path(named).expanduser())
# First the notebooks, each with a kernel of its own; then the browser, which ends after the last of
# its tests; then what loads TensorFlow into pytest's own processes. So not all of it is in memory
# at the same time.
KINDS = (".ipynb", "test_browser_", "")
# About how many seconds the longest files take, by the start of their names, and any other one.
# Among their kind these come first: so both processes have work to the end.
SECONDS = {
    "05_": 80, "11_": 65, "09_": 45, "07_": 35, "10_": 35, "02_": 30, "0": 25, "1": 25,
    "test_browser_evening": 60, "test_browser_": 20, "test_explore.py": 60, "test_models_": 40,
    "test_checks": 25, "test_panels": 25, "test_html": 25, "test_contrast": 20,
    "test_surroundings": 60, "test_notebooks": 15, "": 4,
}  # fmt: skip


def kind(name: str) -> int:
    """Return which of the kinds a file is."""
    return next(place for place, part in enumerate(KINDS) if part in name)


def seconds(path: str) -> float:
    """Return about how many seconds a file takes."""
    name = Path(path).name
    return next(took for start, took in SECONDS.items() if name.startswith(start))


def pytest_configure(config: pytest.Config) -> None:
    """Say how far it is, where pytest-xdist runs several files at a time."""
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(config))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files in order, and see which notebooks' cells are compared."""
    items.sort(key=lambda item: (kind(item.path.name), -seconds(item.path.name)))
    compare_what_mnist_gave(items)


def compare_what_mnist_gave(items: list[pytest.Item]) -> None:
    """Compare cells tagged `mnist-output` only where the real MNIST is there.

    Their stored outputs hold numbers of MNIST. On the stand-in they run, and what they assert
    must hold, but other numbers come out.
    """
    cells = [item for item in items if type(item).__name__ == "IPyNbCell"]
    if not cells:
        return
    from helpers.datasets.mnist import load_digits

    if load_digits().is_mnist:
        return
    for cell in cells:
        if "mnist-output" in cell.cell.metadata.get("tags", []):
            cell.options["check"] = False


class Progress:
    """Says every ten seconds what runs, how much is done and how long it will take.

    Plain lines instead of pytest's dots: a log shows them as they come, and the files that run
    longest come first, when there would be a dot a minute.
    """

    def __init__(self, config: pytest.Config, every: float = 10):
        self.config, self.every = config, every
        self.begun = time.monotonic()
        self.over = threading.Event()
        self.weights: dict[str, float] = {}  # About how many seconds each item takes.
        self.running: dict[str, float] = {}  # Since when.
        self.done: set[str] = set()

    def line(self, now: float) -> str:
        """Return the present state in a line."""
        minutes, rest = divmod(round(now - self.begun), 60)
        start = f"{minutes:3d}:{rest:02d}"
        if not self.weights:
            return f"{start}  looking for tests and cells of notebooks"
        files = sorted({Path(item.split("::")[0]).name for item in self.running})
        return (
            f"{start}  {len(self.done)} of {len(self.weights)} done, {self.left(now)}; "
            f"now {', '.join(files) or 'nothing'}"
        )

    def left(self, now: float) -> str:
        """Say about how long it still takes, at the speed so far."""
        total = sum(self.weights.values())
        done = sum(self.weights.get(item, 0) for item in self.done)
        done += sum(min(now - t, self.weights.get(i, 0)) for i, t in self.running.items())
        # At first the seconds above are all that is known; then this machine's speed counts.
        known = 30
        processes = self.config.getoption("numprocesses")
        speed = (done + known) / ((now - self.started) * processes + known)
        left = (total - done) / speed / processes
        return f"about {left / 60:.0f} min left" if left > 90 else "about a minute left"

    def say(self) -> None:
        """Write a line now and then, until all is over."""
        while not self.over.wait(self.every):
            self.write(self.line(time.monotonic()))

    def write(self, line: str) -> None:
        """Write a line between those of pytest."""
        self.config.pluginmanager.getplugin("terminalreporter").write_line(line)

    def pytest_sessionstart(self) -> None:
        """Begin to speak."""
        threading.Thread(target=self.say, daemon=True).start()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Learn what there is to do."""
        files = Counter(item.split("::")[0] for item in ids)
        self.started = time.monotonic()
        self.weights = {
            item: seconds(item.split("::")[0]) / files[item.split("::")[0]] for item in ids
        }

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note what runs."""
        self.running[nodeid] = time.monotonic()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Note what is done."""
        self.running.pop(nodeid, None)
        self.done.add(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Name what fails at once."""
        if report.failed:
            self.write(f"FAILED {report.nodeid}")

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self):
        """Write no dots and letters; the words are for the summary."""
        status = yield
        return status and (status[0], "", status[2] if status[1] else "")

    def pytest_sessionfinish(self) -> None:
        """Fall silent."""
        self.over.set()
