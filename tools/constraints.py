"""Write the version of every package that the course needs, directly or not, as installed here."""

import sys
import tomllib
from importlib import metadata

from course import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from helpers.files import write_whole


def needed(
    name: str = "cnn-course", extras: frozenset[str] = frozenset({"test"})
) -> dict[str, str]:
    """Return the installed version of each package that `name` needs, by canonical name."""
    found: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(name, extras)]
    while waiting:
        package, wanted = waiting.pop()
        if (package, wanted) in seen:
            continue
        seen.add((package, wanted))
        try:
            distribution = metadata.distribution(package)
        except metadata.PackageNotFoundError:
            continue
        found[canonicalize_name(package)] = distribution.version
        for line in distribution.requires or []:
            requirement = Requirement(line)
            marker = requirement.marker
            environments = [{"extra": extra} for extra in (*wanted, "")]
            if marker is None or any(marker.evaluate(each) for each in environments):
                waiting.append((canonicalize_name(requirement.name), frozenset(requirement.extras)))
    found.pop(canonicalize_name(name))
    return found


def misfits(versions: dict[str, str]) -> list[str]:
    """Say which versions are not those that pyproject.toml asks for, to build and to run."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["test"],
    ]
    found = []
    for requirement in map(Requirement, asked):
        version = versions.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version):
            found.append(f"{requirement.name} {version} is installed, {requirement} is needed")
    return found


def main() -> None:
    versions = needed()
    # What Python's venv module brings itself, an old setuptools, pip does not make newer.
    if wrong := misfits(versions):
        sys.exit(f"{'; '.join(wrong)}: install that with pip, and run the same command again.")
    lines = [f"{name}=={version}" for name, version in sorted(versions.items())]
    head = "# Every version that the tests ran with; written by `make constraints`."
    write_whole(ROOT / "constraints.txt", "\n".join([head, *lines]) + "\n")
    print(f"{len(lines)} versions")


if __name__ == "__main__":
    main()
