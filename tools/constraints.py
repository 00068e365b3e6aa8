"""Pin in constraints.txt what pyproject.toml asks for, for all its systems and Pythons at once.

    make constraints                                   keep the pins that still fit
    make constraints WITH="--upgrade"                  take the newest release of every package
    make constraints WITH="--upgrade-package keras"    take the newest release of one

What is named in WITH is passed on to `uv pip compile`.
"""

import subprocess
import sys

from course import ROOT

COMPILE = [
    *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--extra=test"),
    *("--universal", "--python-version=3.11", "--output-file=constraints.txt"),
    *("--no-annotate", "--quiet", "--custom-compile-command=make constraints"),
]


def main() -> int:
    return subprocess.call([*COMPILE, *sys.argv[1:]], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
