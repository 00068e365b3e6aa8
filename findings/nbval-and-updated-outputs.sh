#!/usr/bin/env bash
# Guess: a notebook that nbclient has just run and stored passes nbval, as long as no chance and
#   no time shows in its outputs.
# Seen: not if an output was replaced while its cell ran. nbclient stores what stood there last.
#   nbval gathers the messages itself: it leaves out `update_display_data` and `clear_output`, and
#   compares what stood there *first* with what is stored. So a status line by `display_id`, the
#   usual progress line of a notebook, always fails, and `clear_output` too, with or without
#   `wait`. A line written anew with a carriage return passes.
# Who meets it: whoever shows progress in a notebook whose outputs are compared.
# Remedy: do not compare the cell that shows progress, and show its result in the next one.
#
# Versions: nbval 0.11.0, nbclient 0.11.0, nbformat 5.11.1, ipykernel 7.4.0, jupyter_client 8.10.0,
# pytest 9.2.0, Python 3.11. Seen on 28 November 2026:
#   shown once: stored 'done', nbval: passed
#   shown, then updated: stored 'done', nbval: failed
#   printed, clear_output(), printed: stored 'done', nbval: failed
#   printed, clear_output(wait=True), printed: stored 'done', nbval: failed
#   printed, carriage return, printed: stored 'begun done', nbval: passed

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
venv=${FINDINGS_VENV:-$work/venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv" || exit 2
"$venv/bin/python" -m pip install -q --disable-pip-version-check \
    nbclient==0.11.0 nbformat==5.11.1 ipykernel==7.4.0 jupyter_client==8.10.0 \
    nbval==0.11.0 pytest==9.2.0 \
    2>"$work/pip" ||
    { cat "$work/pip"; echo "COULD NOT INSTALL"; exit 2; }
cd "$work"
"$venv/bin/python" - 2>"$work/log" <<'END' ||
import subprocess
import sys

import nbclient
import nbformat
from nbformat.v4 import new_code_cell, new_notebook


def same(what, seen, before):
    print(f"{what}: {seen}")
    if seen != before:
        print(f"CHANGED: {what}: it was {before}, it is {seen}.")
        sys.exit(1)


def outcome(source):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = new_notebook(cells=[new_code_cell(source)], metadata=kernel)
    nbclient.NotebookClient(notebook).execute()
    nbformat.write(notebook, "some.ipynb")
    stored = [
        output.text if output.output_type == "stream" else output.data["text/plain"]
        for output in notebook.cells[0].outputs
    ]
    words = " ".join("".join(stored).replace("'", " ").split())
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "some.ipynb"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    ending = done.stdout.strip().splitlines()[-1]
    said = {0: "passed", 1: "failed"}.get(done.returncode, ending)
    return f"stored '{words}', nbval: {said}"


clear = "from IPython.display import clear_output\nprint('begun')\nclear_output({})\nprint('done')"
right, wrong = "stored 'done', nbval: passed", "stored 'done', nbval: failed"
same("shown once", outcome("_ = display('done', display_id=True)"), right)
update = "line = display('begun', display_id=True)\nline.update('done')"
same("shown, then updated", outcome(update), wrong)
same("printed, clear_output(), printed", outcome(clear.format("")), wrong)
same("printed, clear_output(wait=True), printed", outcome(clear.format("wait=True")), wrong)
same(
    "printed, carriage return, printed",
    outcome("print('begun', end='\\r')\nprint('done')"),
    "stored 'begun done', nbval: passed",
)
END
    { sed '/0000/d' "$work/log" | tail -n 2; exit 1; }
