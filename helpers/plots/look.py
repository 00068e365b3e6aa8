"""Matplotlib as the course needs it: without the settings of the reader's own `matplotlibrc`.

Modules take it from here: `from helpers.plots.look import matplotlib`.
"""

import importlib
import importlib.util
import os
from pathlib import Path
from typing import Any


def import_matplotlib() -> Any:
    """Import Matplotlib with the settings that it brings along; only the backend stays.

    A style, a font or `text.usetex` of the reader's would change every figure, or make it fail,
    and a damaged file keeps Matplotlib from being imported.

    Raises:
        RuntimeError: where the environment names a backend that there is not.

    Examples:
        >>> import_matplotlib().rcParams["text.usetex"]
        False

    """
    package = Path(importlib.util.find_spec("matplotlib").origin).parent
    named = os.environ.get("MATPLOTLIBRC")
    os.environ["MATPLOTLIBRC"] = str(package / "mpl-data" / "matplotlibrc")
    try:
        found = importlib.import_module("matplotlib")
        importlib.import_module("matplotlib.ticker")
    except ValueError as error:
        raise RuntimeError(
            f"Matplotlib cannot start with MPLBACKEND={os.environ.get('MPLBACKEND')}: remove that "
            "environment variable, and restart the kernel."
        ) from error
    finally:
        del os.environ["MATPLOTLIBRC"]
        if named is not None:
            os.environ["MATPLOTLIBRC"] = named
    # It may have been imported before, with the reader's settings.
    found.rcdefaults()
    return found


matplotlib = import_matplotlib()
