"""Run notebooks as Google Colab would: its versions, and a folder that holds only the notebook.

    make test-colab              all of them
    make test-colab ONLY="05"    those whose names begin so

An environment in .venv-colab holds the versions in tests/colab_pins.txt. Each notebook lies alone
in an empty folder, a stub of the package google.colab makes its set-up cell believe in Colab, and
the course's public address leads to a git repository made from this folder. Nothing is downloaded
but the packages.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbclient
import nbformat
from course import ROOT, notebook_paths, project_files, settings

PINS = ROOT / "tests" / "colab_pins.txt"
VENV = ROOT / ".venv-colab"
STAMP = VENV / "set-up.stamp"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
# Colab's own Python first.
CANDIDATES = ("python3.13", "python3.12", sys.executable)


def main() -> None:
    set_up()
    with tempfile.TemporaryDirectory() as folder:
        environment = pretend(Path(folder))
        troubles = [run(path, Path(folder), environment) for path in notebook_paths(sys.argv[1:])]
    if any(troubles):
        sys.exit("\nThese do not run with Colab's versions:\n" + "\n".join(filter(None, troubles)))


def set_up() -> None:
    """Make the environment with Colab's versions, or find that it is already there."""
    python = next(name for name in CANDIDATES if version(name))
    wanted = hashlib.sha256(PINS.read_bytes() + version(python).encode()).hexdigest()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    print(f"Installing Colab's versions for Python {version(python)} ...", flush=True)
    install = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", PINS]
    for command in ([python, "-m", "venv", "--clear", VENV], install):
        if subprocess.run(command, check=False).returncode:
            sys.exit("The environment could not be made: see the lines above.")
    STAMP.write_text(wanted, encoding="utf-8")


def version(python: str) -> str:
    """Return the version of a Python, or nothing where there is none."""
    if shutil.which(python) is None:
        return ""
    asked = [python, "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def pretend(folder: Path) -> dict[str, str]:
    """Make a stub of google.colab, a remote and a kernel, and return what a kernel is told."""
    stub = folder / "stubs" / "google" / "colab"
    stub.mkdir(parents=True)
    (stub / "__init__.py").touch()
    startup = folder / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "colab.py").write_text("import google.colab\n", encoding="utf-8")
    kernel = folder / "jupyter" / "kernels" / "colab"
    kernel.mkdir(parents=True)
    # The debugger would complain on stderr about modules that Python keeps frozen.
    command = [str(PYTHON), "-Xfrozen_modules=off", "-m", "ipykernel_launcher"]
    command += ["-f", "{connection_file}"]
    kernel.joinpath("kernel.json").write_text(
        json.dumps({"argv": command, "display_name": "Colab", "language": "python"}),
        encoding="utf-8",
    )
    remote = folder / "remote"
    for path in project_files():
        copy = remote / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org"]
    for action in (["init", "-q", "-b", settings()["branch"]], ["add", "."],
                   ["commit", "-q", "-m", "Start"]):  # fmt: skip
        subprocess.run([*git, *action], cwd=remote, check=True)
    return {
        **os.environ,
        "COURSE_OFFLINE": "1",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{remote.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": settings()["repository"],
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_DATA_DIR": str(folder / "jupyter"),
        "KERAS_HOME": str(folder / "keras"),
        "PYTHONPATH": str(folder / "stubs"),
    }


def run(path: Path, folder: Path, environment: dict[str, str]) -> str:
    """Run a notebook alone in a folder of its own, and return what went wrong, or nothing."""
    alone = folder / path.stem
    alone.mkdir()
    shutil.copy(path, alone)
    notebook = nbformat.read(alone / path.name, as_version=4)
    resources = {"metadata": {"path": str(alone)}}
    client = nbclient.NotebookClient(
        notebook, timeout=1800, kernel_name="colab", resources=resources
    )
    begun = time.perf_counter()
    os.environ["JUPYTER_DATA_DIR"] = environment["JUPYTER_DATA_DIR"]
    try:
        client.execute(env=environment)
    except nbclient.exceptions.CellExecutionError as error:
        return f"{path.name}: {error}"
    noise = [
        f"{path.name}, cell {cell['id']}: {output['text'].strip()}"
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.get("name") == "stderr"
    ]
    if not (alone / "cnn-course" / "helpers").is_dir():
        noise.append(f"{path.name}: the set-up cell did not download the course")
    print(f"{path.name}: {time.perf_counter() - begun:.0f} s", flush=True)
    return "\n".join(noise)


if __name__ == "__main__":
    main()
