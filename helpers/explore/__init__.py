"""Explorers: pictures that a reader moves, live in JupyterLab and on Colab, still elsewhere.

Each function makes one; as the last line of a cell it shows itself. They are imported when they
are first used, so that `from helpers import explore` costs nothing.

Examples:
    >>> from helpers import explore
    >>> explore.stepper([[0, 1], [1, 0]], [[1]]).settings()
    {'position': 0}

"""

import importlib
from typing import Any

# Where the explorers stand: by topic, each in a module of its name; the others in NAME_explorer.
TOPICS = {
    "regularization": ("regularizers",),
    "transfer": ("transfer_curves",),
    "translation": ("pooling",),
}
OTHERS = (
    "architectures",
    "augmentation",
    "backbones",
    "budget",
    "channels",
    "draw",
    "dropout",
    "feature_maps",
    "field",
    "geometry",
    "grid_or_random",
    "heat_maps",
    "kernel_editor",
    "matrix",
    "mistakes",
    "neighbours",
    "ngrams",
    "pipeline",
    "range_test",
    "replicas",
    "search_grid",
    "search_study",
    "seed_pairs",
    "shift",
    "signal",
    "stepper",
    "top_five",
    "wanted",
    "winners_curse",
)
MODULES = {name: f"{topic}.{name}" for topic, names in TOPICS.items() for name in names}
MODULES |= {name: f"{name}_explorer" for name in OTHERS}
__all__ = sorted(MODULES)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    """Import an explorer when it is asked for."""
    if name not in MODULES:
        raise AttributeError(f"There is no explorer {name!r}: choose from {', '.join(__all__)}.")
    return getattr(importlib.import_module(f"helpers.explore.{MODULES[name]}"), name)
