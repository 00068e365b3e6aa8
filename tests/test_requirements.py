"""What the course installs: named where it is imported, bounded, pinned, the same for all."""

import ast
import re
import sys
import tomllib
from importlib import metadata

import constraints
import course
import pytest
import yaml
from course import ROOT
from packaging.utils import canonicalize_name

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = PROJECT["project"]["dependencies"]
EXTRA = PROJECT["project"]["optional-dependencies"]["test"]
# Made by a notebook while it runs.
MADE = {"search_files"}


def pins():
    """Return the version of each package in constraints.txt."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|^-", text, re.MULTILINE)
    return dict(line.split("==") for line in text.splitlines() if not line.startswith("#"))


def test_conda_installs_the_same():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, packages = environment["dependencies"]
    assert python == f"python{PROJECT['project']['requires-python']}"
    assert pip == "pip"
    assert packages == {"pip": ["-c constraints.txt", "-e .[test]"]}
    assert environment["name"] == PROJECT["project"]["name"]


def test_constraints_are_what_is_installed():
    pinned, needed = pins(), constraints.needed()
    # Markers let some packages in only on other systems or other versions of Python.
    assert {"tensorflow", "keras", "jupyterlab", "nbval", "certifi"} <= needed.keys()
    for name in needed.keys() & pinned.keys():
        assert pinned[name] == needed[name]
    if sys.platform == "linux" and sys.version_info[:2] == (3, 11):
        assert needed.keys() <= pinned.keys()


def test_dependencies_have_bounds():
    for line in RUNTIME + EXTRA:
        assert re.fullmatch(r"[a-z0-9-]+>=[\d.]+(,<[\d.]+)?", line), line
    for line in RUNTIME:
        assert ",<" in line, line


def test_pins_satisfy_the_project_and_its_build():
    assert constraints.misfits(pins()) == []


def test_a_version_that_does_not_fit_is_not_pinned(monkeypatch):
    old = {**pins(), "setuptools": "65.5.0"}
    assert constraints.misfits(old) == ["setuptools 65.5.0 is installed, setuptools>=77 is needed"]
    monkeypatch.setattr(constraints, "needed", lambda: old)
    monkeypatch.setattr(constraints, "write_whole", pytest.fail)
    with pytest.raises(SystemExit, match="setuptools>=77 is needed: "):
        constraints.main()


def imported(source):
    """Return the top-level names that Python code imports, anywhere in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def in_notebooks():
    """Return what the notebooks' cells import, also those that write a file."""
    for path in course.notebook_paths():
        for cell in course.read(path)["cells"]:
            if cell["cell_type"] == "code":
                lines = course.text(cell["source"]).splitlines()
                yield from imported("\n".join(line for line in lines if line[:1] not in ("%", "!")))


def in_files(*folders):
    """Return what the Python files of some folders import."""
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            yield from imported(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("found", "declared"),
    [
        (lambda: {*in_files("helpers", "notebooks/solutions"), *in_notebooks()}, RUNTIME),
        (lambda: {*in_files("tools", "tests")}, RUNTIME + EXTRA),
    ],
    ids=["the course", "its tools and tests"],
)
def test_what_is_imported_is_declared(found, declared):
    own = {path.stem for name in ("tools", "tests") for path in (ROOT / name).glob("*.py")}
    own |= {"helpers", "wrong_answers"} | MADE
    names = {re.match("[a-z0-9-]+", line)[0] for line in declared}
    makers = metadata.packages_distributions()
    for name in found() - own - set(sys.stdlib_module_names):
        packages = {canonicalize_name(package) for package in makers[name]}
        assert packages & names, f"{name} is imported, and pyproject.toml does not name its package"
