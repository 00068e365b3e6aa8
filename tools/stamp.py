"""Carry the repository's address from pyproject.toml into the badges and the set-up cells.

python tools/stamp.py            rewrite
python tools/stamp.py --check    change nothing, fail where something would change
"""

import re
import sys

from canonical import write
from course import ROOT, notebook_paths, read, settings, setup_source, text

from helpers.files import write_whole

BADGE = re.compile(r"https://colab\.research\.google\.com/github/[^/]+/[^/]+/blob/[^/]+/notebooks/")


def main() -> None:
    check = "--check" in sys.argv[1:]
    address, branch = settings()["repository"], settings()["branch"]
    place = address.removeprefix("https://github.com/")
    badge = f"https://colab.research.google.com/github/{place}/blob/{branch}/notebooks/"
    stale = []
    for path in [ROOT / "README.md", *notebook_paths()]:
        before = path.read_text(encoding="utf-8")
        after = BADGE.sub(badge, before)
        if path.suffix == ".ipynb":
            notebook = read(path)
            for cell in notebook["cells"]:
                if cell["id"] == "setup" and text(cell["source"]) != setup_source():
                    cell["source"] = setup_source().splitlines(keepends=True)
                    after = BADGE.sub(badge, write(notebook))
        if after != before:
            stale.append(path.name)
            if not check:
                write_whole(path, after)
    if check and stale:
        sys.exit(
            f"The repository's address is not stamped into {', '.join(stale)}: run `make stamp`."
        )


if __name__ == "__main__":
    main()
