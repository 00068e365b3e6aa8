"""Make the course's own environment in .venv, or find that it is already there.

Needs nothing but Python's standard library. Run by ``make lab`` and ``make test``;
the second run only compares a stamp and takes a fraction of a second.
"""

import ast
import hashlib
import os
import pathlib
import re
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
# Of the reader's settings of pip, those that say where packages come from and how to get there.
# All others may lead them past .venv: `user`, `target`, `prefix`, `root`, `no-deps`, ...
KEPT = {
    "cache-dir", "cert", "client-cert", "default-timeout", "extra-index-url", "find-links",
    "index-url", "keyring-provider", "no-cache-dir", "no-index", "pre", "prefer-binary", "proxy",
    "resume-retries", "retries", "timeout", "trusted-host", "use-deprecated", "use-feature",
}  # fmt: skip
# What Python itself reads leads it past .venv too.
LEFT_OUT = {
    "PYTHONHOME", "PYTHONOPTIMIZE", "PYTHONPATH", "PYTHONSAFEPATH", "PYTHONSTARTUP",
    "PYTHONUSERBASE", "PYTHONWARNINGS",
}  # fmt: skip
NO_CONNECTION = re.compile(
    r"ConnectionError|NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError"
    r"|Connection (broken|reset|refused|timed out|aborted)|Read timed out|name resolution"
)


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
    try:
        LOG.touch()
    except OSError as error:
        stop(
            f"Setting up writes into {ROOT}, and that cannot be done ({error.strerror}): copy the "
            "course's folder to a place that is yours, and run the same command there."
        )
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
    settings, begun = pip_settings(), LOG.stat().st_size if LOG.is_file() else 0
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    if run([*command, "-c", "constraints.txt", "-e", ".[test]"], settings) != 0:
        said = LOG.read_bytes()[begun:].decode(errors="replace") if LOG.is_file() else ""
        stop(
            f"The packages could not be installed: {reason(said)}. Then run the same command "
            f"again. Details: {LOG.name}"
        )


def pip_settings() -> dict[str, str]:
    """Return the reader's settings of pip that are of use here, as environment variables."""
    command = [str(BIN / PYTHON), "-m", "pip", "config", "list"]
    listed = subprocess.run(
        command, cwd=ROOT, env=surroundings(own_pip=True),
        capture_output=True, text=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    if listed.returncode != 0:
        stop(f"pip cannot read your settings: {' '.join(listed.stderr.split())[:300]}")
    found = re.findall(r"^(global|install|:env:)\.([\w-]+)=(.*)$", listed.stdout, re.MULTILINE)
    order = ("global", "install", ":env:")  # The later ones win, as with pip itself.
    chosen = {}
    for _, name, value in sorted(found, key=lambda setting: order.index(setting[0])):
        if name in KEPT:
            chosen[name] = " ".join(str(ast.literal_eval(value)).split())
    return {f"PIP_{name.upper().replace('-', '_')}": value for name, value in chosen.items()}


def reason(said: str) -> str:
    """Return what to do where pip failed, from what it said."""
    if "No space left" in said or "Disk quota exceeded" in said:
        return "the disk is full, so free some space"
    if "ProxyError" in said or "proxy" in last_error(said).lower():
        return "the proxy that your settings name cannot be used, so correct or remove it"
    if "SSLError" in said or "certificate" in last_error(said).lower():
        return f"the certificates do not fit ({last_error(said)}), so check your settings"
    if NO_CONNECTION.search(said):
        return "check the internet connection"
    return f"pip said {last_error(said)!r}, so mend that"


def last_error(said: str) -> str:
    """Return the last error that pip names, in one line, without a password."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(ERROR|error|\w*Error)\b", line)]
    if errors and "No matching distribution" in errors[-1]:
        # Why pip did not find it, it only warns of.
        errors += [line for line in lines if line.startswith("WARNING: ")]
    words = re.sub(r"^(ERROR|WARNING): ", "", (errors or lines or ["nothing"])[-1])
    return re.sub(r"(?<=//)[^/\s]*@", "", words)[:300]


def surroundings(own_pip: bool = False) -> dict[str, str]:
    """Return the environment without what leads Python, or pip, past .venv."""
    kept = {name: value for name, value in os.environ.items() if name.upper() not in LEFT_OUT}
    if not own_pip:
        kept = {name: value for name, value in kept.items() if not name.upper().startswith("PIP_")}
        kept["PIP_CONFIG_FILE"] = os.devnull
    return kept


def run(command: list, settings: dict[str, str] | None = None) -> int:
    """Run a command in the course's folder with its output in the log, and give its exit code."""
    with LOG.open("ab") as log:
        return subprocess.run(
            [str(part) for part in command], cwd=ROOT, env=surroundings() | (settings or {}),
            stdout=log, stderr=log, check=False,
        ).returncode  # fmt: skip


def stop(sentence: str) -> None:
    """End with one clear sentence."""
    sys.exit(f"\n{sentence}\n")


if __name__ == "__main__":
    main()
