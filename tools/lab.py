"""Open the course in JupyterLab: a working copy of its notebooks, brought up to date first.

    python tools/lab.py                bring my_notebooks/ up to date and open it
    python tools/lab.py --source       open the course's own notebooks, to change the course
    python tools/lab.py --update       bring my_notebooks/ up to date, and open nothing

Any other option goes to JupyterLab. What a learner runs, changes and saves lies in `my_notebooks/`,
which git does not know: the notebooks of the course stay as they came, so tests pass and `git pull`
works. Where the course has a newer version of a notebook, its cells are taken over one by one;
those that the learner changed or added are kept, and so is the whole notebook as it was, in
`my_notebooks/earlier/`.
"""

import argparse
import datetime
import importlib.util
import itertools
import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

# Without make, PYTHONSAFEPATH may keep out the folder of this file.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from course import NOTEBOOKS, ROOT, text

from helpers.files import writable_folder, write_whole

MINE = ROOT / "my_notebooks"
# The course's version that each notebook of the working copy was last brought up to.
TAKEN = ".taken_over"
EARLIER = "earlier"


def content(cell: dict) -> tuple[str, str]:
    """Return what a cell is and says, without its outputs."""
    return cell["cell_type"], text(cell["source"])


class Merged:
    """A learner's notebook brought up to a newer version of the course, cell by cell.

    Args:
        base: The version of the course that the learner's notebook began from.
        mine: The learner's notebook.
        new: The newer version of the course.

    Attributes:
        notebook: The result.
        kept: Ids of the cells that the learner changed and the course did not.
        both: Ids of the cells that both changed: the learner's stands behind the course's.
        own: Ids of the cells that the learner added, or changed and the course took out.

    """

    def __init__(self, base: dict, mine: dict, new: dict):
        self.kept: list[str] = []
        self.both: list[str] = []
        self.own: list[str] = []
        self._before = {cell["id"]: content(cell) for cell in base["cells"]}
        self._mine = {cell["id"]: cell for cell in mine["cells"]}
        self._used = {*self._mine, *(cell["id"] for cell in new["cells"])}
        cells = [part for cell in new["cells"] for part in self._chosen(cell)]
        self._insert_own(cells)
        self.notebook = {**new, "metadata": mine.get("metadata", {}), "cells": cells}

    def _chosen(self, new: dict) -> list[dict]:
        """Return what stands where the course has this cell: one cell, two, or none."""
        mine, before = self._mine.get(new["id"]), self._before.get(new["id"])
        if mine is None:  # Taken out by the learner, or new in the course.
            return [] if before == content(new) else [new]
        if content(mine) == content(new):
            return [mine]  # With the outputs of the learner's run.
        if content(mine) == before:
            return [new]
        if content(new) == before:
            self.kept.append(new["id"])
            return [mine]
        self.both.append(new["id"])
        names = (f"{new['id'][:50]}-mine{number}" for number in ("", *range(2, 1000)))
        name = next(name for name in names if name not in self._used)
        self._used.add(name)
        return [new, {**mine, "id": name}]

    def _insert_own(self, cells: list[dict]) -> None:
        """Insert what only the learner has, each cell behind the one that it stood behind."""
        at = 0
        for name, cell in self._mine.items():
            here = [one["id"] for one in cells]
            if name in here:
                at = here.index(name) + (2 if name in self.both else 1)
            elif self._before.get(name) != content(cell):  # Else the course took it out.
                self.own.append(name)
                cells.insert(at, cell)
                at += 1


def take_over(course: Path, mine: Path) -> list[str]:
    """Bring a working copy up to the course's notebooks, and say what was done.

    Args:
        course: The folder with the course's notebooks.
        mine: The folder of the working copy; it is made where there is none.

    Returns:
        A sentence for each notebook that the learner had run or changed and that has a newer
        version; none for the others.

    """
    (mine / TAKEN).mkdir(parents=True, exist_ok=True)
    said = []
    for path in sorted(course.glob("*.ipynb")):
        copy, base = mine / path.name, mine / TAKEN / path.name
        new = path.read_bytes()
        old = base.read_bytes() if base.exists() else None
        if not copy.exists() or copy.read_bytes() == old:
            write_whole(copy, new)
        elif old != new:
            said.append(update(copy, base, new))
        write_whole(base, new)
    return said


def update(copy: Path, base: Path, new: bytes) -> str:
    """Bring one notebook of the working copy up to a newer version, and say what became of it."""
    was = copy.read_bytes()
    kept = keep(copy, was)
    try:
        merged = Merged(*(json.loads(part) for part in (base.read_bytes(), was, new)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Without whole cells there is nothing to compare.
        write_whole(copy, new)
        return f"{copy.name}: the course's new version. Yours could not be joined with it: {kept}"
    write_whole(copy, json.dumps(merged.notebook, indent=1, ensure_ascii=False) + "\n")
    counts = "".join(
        f" Cells {words}: {', '.join(names)}."
        for words, names in (
            ("that you changed, kept", merged.kept),
            ("that are your own, kept", merged.own),
            ("that you and the course changed, yours behind the course's", merged.both),
        )
        if names
    )
    return f"{copy.name}: brought up to the course's new version.{counts} As it was: {kept}"


def keep(copy: Path, was: bytes) -> Path:
    """Put a notebook as it was into `earlier/`, under a name with the day, and return the path."""
    stem = f"{copy.stem}-{datetime.date.today():%Y-%m-%d}"
    for number in itertools.count(1):
        place = copy.parent / EARLIER / f"{stem}{'' if number == 1 else f'-{number}'}.ipynb"
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            write_whole(place, was)
        if place.read_bytes() == was:
            return place.relative_to(copy.parent.parent)


def jupyter(question: str) -> str:
    """Ask Jupyter for one of its folders."""
    command = [sys.executable, "-m", "jupyter", question]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Open your own copy of the course in JupyterLab.", allow_abbrev=False
    )
    parser.add_argument("--source", action="store_true", help="open the course's own notebooks")
    parser.add_argument("--update", action="store_true", help="open nothing")
    chosen, options = parser.parse_known_args()
    if not chosen.source:
        try:
            for sentence in take_over(NOTEBOOKS, MINE):
                print(sentence)
        except OSError as error:
            sys.exit(
                f"Your copy of the notebooks cannot be written ({error}): make room for it, or "
                "copy the course's folder to a place that is yours."
            )
    if chosen.update:
        return
    if importlib.util.find_spec("jupyterlab") is None:
        sys.exit(f"{sys.executable} has no JupyterLab: `make lab` sets all up, or see README.md.")
    # JupyterLab refuses to start for root (as in a container) unless it is told to.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    # JupyterLab does not start where it cannot write, as in a container without a home.
    os.environ["JUPYTER_RUNTIME_DIR"] = str(writable_folder(jupyter("--runtime-dir")))
    # A kernel "Python 3" of another Python may come first otherwise.
    own = [str(Path(sys.prefix) / "share" / "jupyter"), os.environ.get("JUPYTER_PATH", "")]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, own))
    # Claims are assertions.
    os.environ.pop("PYTHONOPTIMIZE", None)
    first = (NOTEBOOKS if chosen.source else MINE) / "00_start_here.ipynb"
    # A folder that the reader prefers elsewhere lies outside the course: JupyterLab would stop.
    own = [f"--ServerApp.root_dir={ROOT}", "--FileContentsManager.preferred_dir="]
    sys.argv[1:] = [*own, *options, str(first)]
    sys.path[:] = [name for name in sys.path if Path(name) not in (ROOT, ROOT / "tools")]
    # In this process, so that Ctrl-C reaches JupyterLab alone.
    runpy.run_module("jupyterlab", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
