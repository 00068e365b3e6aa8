"""Bring every notebook to the one form in which it is kept, or check that it is.

    python tools/canonical.py            rewrite
    python tools/canonical.py --check    change nothing, fail where something would change

The form: nbformat 4.5, sorted keys, readable permanent cell ids, kernelspec python3 and no
other metadata, allow-listed tags, execution counts from 1 up, no widget state, no empty cell.
"""

import argparse
import json
import re
import sys

import nbformat
from course import STORED, TAGS, notebook_paths, read, run_digest, setup_source, text

from helpers.files import write_whole

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
READABLE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+|[a-z]{3,}")
RANDOM_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # as JupyterLab makes them
STALE = "code or outputs are not those of its last run: run `make notebooks`"
# A learner who meets this ran the source instead of the copy that `make lab` opens.
RESTORE = "; where it was only run and saved here, `git restore` brings it back"
LARGEST = 1_000_000


def canonical(notebook: dict) -> dict:
    """Return a notebook in canonical form."""
    cells, count = [], 0
    for cell in notebook["cells"]:
        source = text(cell["source"]).strip("\n")
        if cell["id"] == "setup":
            source = setup_source()
        if not source:
            continue
        kept = {
            "cell_type": cell["cell_type"],
            "id": cell["id"],
            "metadata": {},
            "source": source.splitlines(keepends=True),
        }
        if tags := sorted(cell["metadata"].get("tags", [])):
            kept["metadata"]["tags"] = tags
        if cell["cell_type"] == "code":
            count += 1
            kept["execution_count"] = count
            kept["outputs"] = [canonical_output(output, count) for output in cell["outputs"]]
        cells.append(kept)
    return {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}


def canonical_output(output: dict, count: int) -> dict:
    """Return one output without widget views, its text as lines."""
    kept = dict(output)
    if kept["output_type"] == "execute_result":
        kept["execution_count"] = count
    if "text" in kept:
        kept["text"] = text(kept["text"]).splitlines(keepends=True)
    if "data" in kept:
        kept["data"] = {
            kind: text(value).splitlines(keepends=True)
            if kind.startswith("text/")
            else (text(value).strip() if kind.startswith("image/") else value)
            for kind, value in kept["data"].items()
            if kind != WIDGET_VIEW
        }
    kept.pop("transient", None)
    return kept


def write(notebook: dict) -> str:
    """Return the bytes of a canonical notebook as text."""
    return json.dumps(notebook, sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def differing(notebook: dict) -> list[str]:
    """Return the ids of the cells that are not in canonical form; `metadata` for the rest."""
    form = canonical(notebook)
    kept = {cell["id"]: cell for cell in form["cells"]}
    found = [cell["id"] for cell in notebook["cells"] if kept.get(cell["id"]) != cell]
    same = all(notebook.get(name) == form[name] for name in form if name != "cells")
    return found if same else [*found, "metadata"]


def problems(notebook: dict, stored: str, digest: str | None) -> list[str]:
    """Say what is wrong with a canonical notebook that no rewriting can mend."""
    found = []
    ids = [cell["id"] for cell in notebook["cells"]]
    repeated = sorted({name for name in ids if ids.count(name) > 1})
    found += [f"cell id {name!r} stands twice" for name in repeated]
    found += [
        f"cell id {name!r} is not readable: in a text editor, write a name such as pool-by-hand"
        for name in ids
        if RANDOM_ID.fullmatch(name) or not READABLE_ID.fullmatch(name)
    ]
    for cell in notebook["cells"]:
        for tag in set(cell["metadata"].get("tags", [])) - TAGS:
            found.append(f"cell {cell['id']} has the unknown tag {tag!r}")
        for output in cell.get("outputs", []):
            alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
            if "image/png" in output.get("data", {}) and not alt.strip():
                found.append(f"cell {cell['id']} shows a picture without alt text")
    if "setup" not in ids:
        found.append("there is no set-up cell")
    if len(stored.encode()) > LARGEST:
        found.append(f"{len(stored.encode()):,} bytes are too many")
    if digest != run_digest(notebook):
        found.append(STALE)
    try:
        # Repeated ids would be mended on the way, with a warning.
        if not repeated:
            nbformat.validate(nbformat.from_dict(notebook))
    except nbformat.ValidationError as error:
        found.append(f"not a valid notebook: {error}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    check = parser.parse_args().check
    digests = json.loads(STORED.read_text(encoding="utf-8")) if STORED.is_file() else {}
    failed = False
    for path in notebook_paths():
        before = path.read_text(encoding="utf-8")
        notebook = canonical(read(path))
        after = write(notebook)
        complaints = problems(notebook, after, digests.get(path.name))
        if before != after and check:
            complaints.append(
                f"not in canonical form ({', '.join(differing(read(path))) or 'spaces'}): run "
                f"`make canonical`{RESTORE}"
            )
        elif before != after:
            write_whole(path, after)
        for complaint in complaints:
            # Whoever rewrites is still at work: that is the time to run it later.
            failed = failed or check or complaint != STALE
            print(f"{path.name}: {complaint}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
