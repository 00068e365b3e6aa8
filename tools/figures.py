"""Measure the course and write the figures to FIGURES.md: times, sizes, latencies, ratios.

    make figures                          all of them (about an hour)
    make figures ONLY="explorers"         some of them; the other tables stay as they are

Notebooks are timed on the stand-in and with MNIST: COURSE_DATA names the folder of mnist.npz.
"""

import argparse
import os
import platform
import re
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import bench
import nbclient
import nbformat
from course import NOTEBOOKS, ROOT, notebook_paths

from helpers.files import write_whole

PAGE = ROOT / "FIGURES.md"
INTRODUCTION = """\
# Figures

Each table was measured in one run on the machine named below it, and is written by
`make figures`, never by hand. A ratio below 1 means that the first thing is faster.
"""
TITLES = {
    "notebooks": "Notebooks: seconds from top to bottom, and size",
    "conv": "The course's own convolution",
    "recipe": "The fast recipe of notebook 05",
    "curve": "The live curve",
    "import": "Importing the helpers",
    "explorers": "Explorers: a step of a slider in the kernel",
    "browser": "Explorers in JupyterLab, in headless Chromium",
}


def notebooks() -> Iterator[tuple[str, ...]]:
    """Time each notebook without internet, on the stand-in and with MNIST."""
    folder = os.environ.get("COURSE_DATA")
    if not folder:
        raise SystemExit("Notebooks are timed with MNIST too: name its folder in COURSE_DATA.")
    yield "notebook", "stand-in", "MNIST", "size"
    for path in notebook_paths():
        plain = {key: value for key, value in os.environ.items() if key != "COURSE_DATA"}
        plain["COURSE_OFFLINE"] = "1"
        taken = [seconds(path, plain), seconds(path, {**plain, "COURSE_DATA": folder})]
        yield path.stem, *taken, f"{path.stat().st_size / 1000:.0f} kB"


def seconds(path: Path, environment: dict[str, str]) -> str:
    """Run a notebook without storing anything, and return how long it took."""
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": NOTEBOOKS}}
    client = nbclient.NotebookClient(notebook, timeout=1800, resources=resources)
    begun = time.perf_counter()
    client.execute(env={**environment, "COURSE_PROGRESS": "off"})
    return f"{time.perf_counter() - begun:.0f} s"


def measure(name: str) -> str:
    """Measure one table, and return it as Markdown."""
    begun = time.time()
    if name == "notebooks":
        rows = [*notebooks()]
    else:
        rows = [("what", "measured", "aim"), *bench.MEASUREMENTS[name]()]
    rows.insert(1, ("---",) * len(rows[0]))
    table = "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)
    return f"{table}\n\n{machine()}, {(time.time() - begun) / 60:.0f} min."


def machine() -> str:
    """Say where this was measured."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("tensorflow", "keras"))
    return (
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {versions}"
    )


def tables() -> dict[str, str]:
    """Return the tables that are on the page, by name."""
    if not PAGE.is_file():
        return {}
    parts = re.split(r"^## (.*)\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = dict(zip(parts[::2], parts[1::2], strict=True))
    return {name: found[title].strip() for name, title in TITLES.items() if title in found}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[[], *TITLES], help="default: all")
    found = tables()
    for name in parser.parse_args().names or TITLES:
        found[name] = measure(name)
        print(found[name], flush=True)
        ordered = (f"## {TITLES[key]}\n\n{found[key]}\n" for key in TITLES if key in found)
        write_whole(PAGE, "\n".join((INTRODUCTION, *ordered)))


if __name__ == "__main__":
    main()
