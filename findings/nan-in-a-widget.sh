#!/usr/bin/env bash
# Guess: a Float of a widget that is NaN or infinite reaches the browser as NaN or Infinity, or is
#   refused. In any case it does not depend on what else is installed.
# Seen: what is sent is the text 'nan', 'inf' or '-inf' in place of a number; JavaScript's
#   Number() takes none of them for the number meant. If the package orjson happens to be
#   installed, with which jupyter_client then writes, null is sent, which Number() makes 0: the
#   best loss of all. NaN and both infinities become one. In Python the value stays, so the two
#   sides differ.
# Who meets it: whoever shows a loss that has become NaN with a widget of their own (anywidget).
# Remedy: send a flag or a text of one's own beside the number.
#
# Versions: anywidget 0.11.0, ipywidgets 8.1.9, jupyter_client 8.10.0, ipykernel 7.4.0, nbclient
# 0.11.0, orjson 3.13.0, Python 3.11. Seen on 28 November 2026:
#   without orjson, the widget's state: {'loss': 'nan', 'many': [1.0, 'inf', '-inf']}
#   without orjson, in Python afterwards: nan [1.0, inf, -inf]
#   with orjson, the widget's state: {'loss': None, 'many': [1.0, None, None]}
#   with orjson, in Python afterwards: nan [1.0, inf, -inf]

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
venv=${FINDINGS_VENV:-$work/venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv" || exit 2
"$venv/bin/python" -m pip install -q --disable-pip-version-check \
    nbclient==0.11.0 nbformat==5.11.1 ipykernel==7.4.0 jupyter_client==8.10.0 \
    anywidget==0.11.0 ipywidgets==8.1.9 \
    2>"$work/pip" ||
    { cat "$work/pip"; echo "COULD NOT INSTALL"; exit 2; }
"$venv/bin/python" -m pip install -q --disable-pip-version-check --no-deps \
    --target "$work/extra" orjson==3.13.0 2>"$work/pip" ||
    { cat "$work/pip"; echo "COULD NOT INSTALL"; exit 2; }
cd "$work"
"$venv/bin/python" - 2>"$work/log" <<'END' ||
import os
import sys

import nbclient
from nbformat.v4 import new_code_cell, new_notebook


def same(what, seen, before):
    print(f"{what}: {seen}")
    if seen != before:
        print(f"CHANGED: {what}: it was {before}, it is {seen}.")
        sys.exit(1)


SOURCE = """
import anywidget, traitlets
class Losses(anywidget.AnyWidget):
    _esm = "export default { render() {} }"
    loss = traitlets.Float().tag(sync=True)
    many = traitlets.List().tag(sync=True)
losses = Losses(loss=float("nan"), many=[1.0, float("inf"), -float("inf")])
"""


def outcome():
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [new_code_cell(SOURCE), new_code_cell("print(losses.loss, losses.many)")]
    notebook = new_notebook(cells=cells, metadata=kernel)
    nbclient.NotebookClient(notebook).execute()
    widgets = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    states = [widget["state"] for widget in widgets.values() if widget["model_name"] == "AnyModel"]
    sent = {name: states[0][name] for name in ("loss", "many")}
    return sent, notebook.cells[1].outputs[0].text.strip()


kept = "nan [1.0, inf, -inf]"
sent, afterwards = outcome()
same(
    "without orjson, the widget's state",
    sent,
    {"loss": "nan", "many": [1.0, "inf", "-inf"]},
)
same("without orjson, in Python afterwards", afterwards, kept)
os.environ["PYTHONPATH"] = os.path.abspath("extra")  # for the kernel, which begins anew
sent, afterwards = outcome()
same("with orjson, the widget's state", sent, {"loss": None, "many": [1.0, None, None]})
same("with orjson, in Python afterwards", afterwards, kept)
END
    { sed '/0000/d' "$work/log" | tail -n 2; exit 1; }
