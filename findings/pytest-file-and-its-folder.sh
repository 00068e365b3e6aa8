#!/usr/bin/env bash
# Guess: who names the slowest file first on the command line of pytest, and then the folder with
#   all of them, runs all of them, the slowest first.
# Seen: neither happens. pytest 8 runs the slowest file and leaves out the folder's other tests,
#   and the run is green; the other way round, too. pytest 9 runs them all, but the folder
#   swallows the file that lies in it: it runs where the folder's own order has it, even behind
#   other folders that were named after it. Two files alone run as they are named.
# Who meets it: whoever shortens a run on several cores, or wants the likely failure first, this
#   way.
# Remedy: sort in `pytest_collection_modifyitems`, and count the tests.
#
# Versions: pytest 8.4.2 and 9.2.0, Python 3.11. Seen on 28 November 2026:
#   pytest 8.4.2, slow.py and all: slow
#   pytest 8.4.2, all and slow.py: slow
#   pytest 9.2.0, slow.py and all: fast slow
#   pytest 8.4.2, slow.py, other and all: slow other
#   pytest 9.2.0, slow.py, other and all: other fast slow
#   pytest 9.2.0, slow.py and fast.py: slow fast

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
venv=${FINDINGS_VENV:-$work/venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv" || exit 2
"$venv/bin/python" -m pip install -q --disable-pip-version-check \
    pytest==9.2.0 \
    2>"$work/pip" ||
    { cat "$work/pip"; echo "COULD NOT INSTALL"; exit 2; }
"$venv/bin/python" -m pip install -q --disable-pip-version-check \
    --target "$work/older" pytest==8.4.2 2>"$work/pip" ||
    { cat "$work/pip"; echo "COULD NOT INSTALL"; exit 2; }
cd "$work"
"$venv/bin/python" - 2>"$work/log" <<'END' ||
import os
import pathlib
import re
import subprocess
import sys


def same(what, seen, before):
    print(f"{what}: {seen}")
    if seen != before:
        print(f"CHANGED: {what}: it was {before}, it is {seen}.")
        sys.exit(1)


for folder, name in (("all", "fast"), ("all", "slow"), ("other", "other")):
    pathlib.Path(folder).mkdir(exist_ok=True)
    pathlib.Path(folder, f"test_{name}.py").write_text(f"def test_{name}():\n    pass\n")


def order(version, *arguments):
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *arguments]
    environment = os.environ | ({"PYTHONPATH": "older"} if version == "8.4.2" else {})
    asked = {"capture_output": True, "text": True, "env": environment}
    said = subprocess.run([*command[:3], "--version"], check=True, **asked)
    assert version in said.stdout + said.stderr, said
    done = subprocess.run(command, check=True, **asked)
    return " ".join(re.findall(r"::test_(\w+)", done.stdout))


slow = "all/test_slow.py"
same("pytest 8.4.2, slow.py and all", order("8.4.2", slow, "all"), "slow")
same("pytest 8.4.2, all and slow.py", order("8.4.2", "all", slow), "slow")
same("pytest 9.2.0, slow.py and all", order("9.2.0", slow, "all"), "fast slow")
same(
    "pytest 8.4.2, slow.py, other and all",
    order("8.4.2", slow, "other", "all"),
    "slow other",
)
same(
    "pytest 9.2.0, slow.py, other and all",
    order("9.2.0", slow, "other", "all"),
    "other fast slow",
)
same("pytest 9.2.0, slow.py and fast.py", order("9.2.0", slow, "all/test_fast.py"), "slow fast")
END
    { sed '/0000/d' "$work/log" | tail -n 2; exit 1; }
