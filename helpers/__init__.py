"""Helpers of the course on convolutional neural networks with Keras.

Importing this package costs nothing: TensorFlow and Keras are loaded only by
`helpers.models.backend`, which the notebooks that train import themselves.
"""

import importlib.machinery
import sys
from pathlib import Path

OLDEST = (3, 11)

if sys.version_info < OLDEST:
    raise RuntimeError(
        f"This kernel runs Python {sys.version.split()[0]} ({sys.executable}), and the course "
        "needs 3.11 or newer: choose another one in the menu Kernel, Change Kernel."
    )
# A reader's `keras.py` beside the notebook would be imported in place of Keras.
for _name in ("anywidget", "ipywidgets", "keras", "matplotlib", "numpy", "optuna", "PIL", "scipy",
              "skimage", "sklearn", "tensorflow"):  # fmt: skip
    _found = importlib.machinery.PathFinder.find_spec(_name)
    if _found and Path(_found.origin or "").parent in (Path.cwd(), Path.cwd() / _name):
        raise RuntimeError(
            f"The file {_found.origin} hides the package {_name}: rename it, and restart the "
            "kernel."
        )

if not __debug__:
    print(
        "Python runs without assertions (-O or PYTHONOPTIMIZE): the course's claims are then not "
        "checked. Remove that setting, and restart the kernel."
    )

__version__ = "0.1.0"
