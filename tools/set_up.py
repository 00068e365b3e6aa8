"""Make the course's own environment in .venv, or find that it is already there.

Needs nothing but Python's standard library. Run by ``make lab`` and ``make test``;
the second run only compares a stamp and takes a fraction of a second.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = "python.exe" if os.name == "nt" else "python"
STAMP = VENV / "set-up.stamp"
LOG = ROOT / ".venv-set-up.log"
OLDEST, NEWEST = (3, 11), (3, 13)
FREE_BYTES = 4 * 10**9


def main() -> None:
    version = sys.version_info[:2]
    if not OLDEST <= version <= NEWEST:
        stop(
            f"This course needs Python 3.11, 3.12 or 3.13, and {sys.executable} is "
            f"{version[0]}.{version[1]}: install one of them and name it, as in "
            "`make lab PYTHON=python3.12`."
        )
    stamp = fingerprint()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == stamp:
        return
    make_environment()
    install()
    fresh = STAMP.with_suffix(".part")
    fresh.write_text(stamp, encoding="utf-8")
    fresh.replace(STAMP)
    LOG.unlink(missing_ok=True)


def fingerprint() -> str:
    """Describe all that the environment depends on."""
    digest = hashlib.sha256(f"{ROOT}\n{sys.version}\n".encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def make_environment() -> None:
    """Create .venv, or create it anew where it is broken or of another Python."""
    python = BIN / PYTHON
    usable = python.exists() and (
        run([python, "-c", f"import sys, pip; assert sys.version == {sys.version!r}"]) == 0
    )
    if usable:
        return
    free = shutil.disk_usage(ROOT).free
    if free < FREE_BYTES:
        stop(
            f"Setting up needs {FREE_BYTES / 1e9:.0f} GB of free disk, and {ROOT} has "
            f"{free / 1e9:.1f} GB: free some space and run the same command again."
        )
    print("Making the environment in .venv ...", flush=True)
    if run([sys.executable, "-m", "venv", "--clear", VENV]) != 0:
        stop(
            "Python could not make a virtual environment: install its venv module (on Debian and "
            f"Ubuntu the package python3-venv) and run the same command again. Details: {LOG.name}"
        )


def install() -> None:
    """Install the course's packages, in the versions that its tests ran with."""
    print("Installing TensorFlow, JupyterLab and the rest (once, some minutes) ...", flush=True)
    python = BIN / PYTHON
    command = [python, "-m", "pip", "install", "--disable-pip-version-check"]
    if run([*command, "-c", "constraints.txt", "-e", ".[test]"]) != 0:
        stop(
            "The packages could not be installed: check the internet connection and run the same "
            f"command again. Details: {LOG.name}"
        )


def run(command: list) -> int:
    """Run a command in the course's folder with its output in the log, and give its exit code."""
    with LOG.open("ab") as log:
        return subprocess.run(
            [str(part) for part in command], cwd=ROOT, stdout=log, stderr=log, check=False
        ).returncode


def stop(sentence: str) -> None:
    """End with one clear sentence."""
    sys.exit(f"\n{sentence}\n")


if __name__ == "__main__":
    main()
