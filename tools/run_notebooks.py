"""Run notebooks from top to bottom and store their outputs.

    make notebooks              all of them
    make notebooks ONLY="05"    those whose names begin so

With COURSE_DATA naming a folder that holds mnist.npz: a notebook that shows numbers of MNIST is
run only where MNIST is there. A notebook in which a cell fails keeps what it held before.
"""

import json
import os
import sys
import time
from pathlib import Path

import nbclient
import nbformat
from canonical import canonical, write
from course import NOTEBOOKS, ROOT, STORED, notebook_paths, run_digest

from helpers.files import write_whole


def need_mnist(paths: list[Path]) -> None:
    """Stop where a notebook shows numbers of MNIST, and MNIST is not here."""
    wanting = [path.name for path in paths if '"mnist-output"' in path.read_text("utf-8")]
    if not wanting:
        return
    sys.path.insert(0, str(ROOT))
    from helpers.datasets.mnist import load_digits

    if not load_digits().is_mnist:
        raise SystemExit(
            f"{', '.join(wanting)}: what is stored there shows MNIST, and MNIST is not here. Name "
            "its folder: COURSE_DATA=<folder with mnist.npz> make notebooks"
        )


def main() -> None:
    os.environ["COURSE_PROGRESS"] = "off"  # Stored outputs show an untouched course.
    digests = json.loads(STORED.read_text(encoding="utf-8")) if STORED.is_file() else {}
    paths = notebook_paths(sys.argv[1:])
    need_mnist(paths)
    for path in paths:
        begun = time.perf_counter()
        notebook = nbformat.read(path, as_version=4)
        client = nbclient.NotebookClient(
            notebook,
            timeout=1800,
            kernel_name="python3",
            coalesce_streams=True,
            resources={"metadata": {"path": NOTEBOOKS}},
        )
        client.execute()
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
        stored = canonical(json.loads(nbformat.writes(notebook)))
        write_whole(path, write(stored))
        digests[path.name] = run_digest(stored)
        # A notebook that was renamed leaves its old name behind.
        digests = {name: sha for name, sha in digests.items() if (NOTEBOOKS / name).is_file()}
        write_whole(STORED, json.dumps(digests, indent=1, sort_keys=True) + "\n")
        size = path.stat().st_size // 1000
        print(f"{path.name}: {time.perf_counter() - begun:.0f} s, {size} kB", flush=True)


if __name__ == "__main__":
    main()
