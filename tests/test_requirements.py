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
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = PROJECT["project"]["dependencies"]
EXTRA = PROJECT["project"]["optional-dependencies"]["test"]
# Made by a notebook while it runs.
MADE = {"search_files"}


def pins(**environment):
    """Return the version of each package in constraints.txt that is for this environment."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|^-|^/|--hash", text, re.MULTILINE)
    lines = [Requirement(line) for line in text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch("==[^*]+", str(line.specifier)) for line in lines)
    for_here = [line for line in lines if not line.marker or line.marker.evaluate(environment)]
    found = {line.name: str(line.specifier)[2:] for line in for_here}
    assert len(found) == len(for_here)
    return found


def test_conda_installs_the_same():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, packages = environment["dependencies"]
    assert python == f"python{PROJECT['project']['requires-python']}"
    assert pip == "pip"
    assert packages == {"pip": ["-c constraints.txt", "-e .[test]"]}
    assert environment["name"] == PROJECT["project"]["name"]


def needed(name, extras):
    """Return the installed version of each package that `name` needs here, directly or not."""
    found, seen, waiting = {}, set(), [(name, frozenset(extras))]
    while waiting:
        package, wanted = waiting.pop()
        if (package, wanted) in seen:
            continue
        seen.add((package, wanted))
        distribution = metadata.distribution(package)
        found[canonicalize_name(package)] = distribution.version
        for requirement in map(Requirement, distribution.requires or []):
            marker = requirement.marker
            if not marker or any(marker.evaluate({"extra": extra}) for extra in (*wanted, "")):
                waiting.append((requirement.name, frozenset(requirement.extras)))
    return found


def test_what_is_installed_is_pinned():
    installed = needed(PROJECT["project"]["name"], {"test"})
    del installed[PROJECT["project"]["name"]]
    pinned = pins()
    assert {"tensorflow", "keras", "jupyterlab", "nbval", "certifi"} <= installed.keys()
    assert installed == {name: pinned.get(name) for name in installed}


def test_dependencies_have_bounds():
    for line in RUNTIME + EXTRA:
        assert re.fullmatch(r"[a-z0-9-]+>=[\d.]+(,<[\d.]+)?", line), line
    for line in RUNTIME:
        assert ",<" in line, line


@pytest.mark.parametrize("python", ["3.11.0", "3.12.0", "3.13.0"])
@pytest.mark.parametrize(
    ("system", "name"), [("linux", "posix"), ("darwin", "posix"), ("win32", "nt")]
)
def test_pins_satisfy_the_project_and_its_build(python, system, name):
    pinned = pins(
        python_version=python[:4], python_full_version=python, sys_platform=system, os_name=name
    )
    for requirement in map(Requirement, PROJECT["build-system"]["requires"] + RUNTIME + EXTRA):
        version = pinned[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


def test_the_command_keeps_pins_and_works_for_all_systems(monkeypatch):
    ran = []
    monkeypatch.setattr(constraints.subprocess, "call", lambda command, cwd: ran.append(command))
    monkeypatch.setattr(sys, "argv", ["constraints.py", "--upgrade-package", "keras"])
    constraints.main()
    assert ran[0][-2:] == ["--upgrade-package", "keras"]
    assert "--universal" in ran[0]
    # uv keeps what stands in the file that it writes.
    assert "--output-file=constraints.txt" in ran[0]
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=").partition(",")[0]
    assert f"--python-version={oldest}" in ran[0]


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
