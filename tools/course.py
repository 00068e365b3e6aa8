"""What the tools and the tests know about the course's notebooks."""

import fnmatch
import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Tools run as scripts: the helpers that they use are those of the same checkout.
sys.path.insert(0, str(ROOT))
NOTEBOOKS = ROOT / "notebooks"
# For each notebook, the digest of its code and stored outputs, written by `make notebooks` only.
STORED = NOTEBOOKS / "stored.json"
TAGS = {"mnist-output", "nbval-ignore-output", "raises-exception"}

SETUP_CELL = """\
# Run this first. It finds the course's helpers, on Colab it downloads them; it installs nothing.
import os, pathlib, shutil, subprocess, sys

REPOSITORY, BRANCH = "{repository}", "{branch}"
here, clone = pathlib.Path.cwd(), pathlib.Path.cwd() / "cnn-course"
places = [p for p in (here, *here.parents, clone) if (p / "helpers" / "files.py").is_file()]
if not places and "google.colab" in sys.modules:
    shutil.rmtree(clone, ignore_errors=True)  # what a broken download may have left
    git = ["git", "-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=30", "clone", "-q"]
    git += ["--depth=1", "--branch", BRANCH, REPOSITORY, str(clone)]
    ran = subprocess.run(git, capture_output=True, env={{**os.environ, "GIT_TERMINAL_PROMPT": "0"}})
    places = [clone] if ran.returncode == 0 else []
if not places:
    raise RuntimeError(f"{{here}} is not in the course: go there, be online or get {{REPOSITORY}}.")
sys.path.insert(0, str(places[0]))"""


def settings() -> dict[str, str]:
    """Return the repository's address and branch, which stand in pyproject.toml only."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["tool"]["course"]


def setup_source() -> str:
    """Return the set-up cell with the address filled in."""
    return SETUP_CELL.format(**settings())


def notebook_paths(names: list[str] | None = None) -> list[Path]:
    """Return the notebooks in order; `names` are beginnings of file names."""
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    for name in names or []:
        if not any(path.name.startswith(name) for path in paths):
            last = paths[-1].name[:2]
            raise SystemExit(f"No notebook begins with {name}: there are 00 to {last}.")
    return [path for path in paths if not names or path.name.startswith(tuple(names))]


def project_files(root: Path = ROOT) -> list[Path]:
    """Return the files that belong to the repository, also where it came without git."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        names = listed.stdout.split("\0") if listed.returncode == 0 else []
    except FileNotFoundError:
        names = []
    if not any(names):
        rules = [".git", *(root / ".gitignore").read_text(encoding="utf-8").splitlines()]
        inside = (path.relative_to(root).as_posix() for path in root.rglob("*"))
        names = [name for name in inside if not ignored(name, rules)]
    return sorted(root / name for name in names if name and (root / name).is_file())


def ignored(name: str, rules: list[str]) -> bool:
    """Tell whether rules, as they stand in .gitignore, keep a file out."""
    parts = name.split("/")
    for depth in range(1, len(parts) + 1):
        here, is_file, out = "/".join(parts[:depth]), depth == len(parts), False
        for rule in rules:
            pattern = rule.removeprefix("!").rstrip("/")
            if not pattern or rule.startswith("#") or (rule.endswith("/") and is_file):
                continue
            if "/" in pattern:  # From the root on, and a star ends at the next slash.
                hit = pattern.count("/") == depth and fnmatch.fnmatchcase(f"/{here}", pattern)
            else:
                hit = fnmatch.fnmatchcase(parts[depth - 1], pattern)
            if hit:
                out = not rule.startswith("!")
        if out:
            return True
    return False


def read(path: Path) -> dict:
    """Read a notebook as plain JSON."""
    return json.loads(path.read_text(encoding="utf-8"))


def text(source: str | list[str]) -> str:
    """Return a multi-line field of a notebook as one string."""
    return source if isinstance(source, str) else "".join(source)


def run_digest(notebook: dict) -> str:
    """Return the SHA-256 of what a run stored: each code cell, its source and its outputs."""
    cells = [
        [cell["id"], text(cell["source"]), cell["outputs"]]
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()
