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

# By topic: the folder and the notebook they belong to.
EXPLORERS = {
    "start_here": ("draw",),
    "convolution": ("stepper", "kernel_editor"),
    "output_size": ("geometry",),
    "channels": ("channel_sum", "matrix", "receptive_field"),
    "translation": ("pooling", "shift"),
    "training": ("misclassified",),
    "interpretation": ("feature_maps", "activation_maximization", "heat_maps", "neighbours"),
    "regularization": ("regularizers", "dropout", "augmentation"),
    "hyperparameters": (
        "range_test",
        "search_grid",
        "architectures",
        "grid_or_random",
        "search_study",
        "winners_curse",
        "seed_pairs",
    ),
    "transfer": ("transfer_curves", "backbones", "top_five"),
    "sequences": ("signal", "ngrams"),
    "scaling": ("pipeline", "replicas"),
    "wrap_up": ("budget",),
}
TOPICS = {name: topic for topic, names in EXPLORERS.items() for name in names}
__all__ = sorted(TOPICS)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    """Import an explorer when it is asked for."""
    if name not in TOPICS:
        raise AttributeError(f"There is no explorer {name!r}: choose from {', '.join(__all__)}.")
    return getattr(importlib.import_module(f"helpers.explore.{TOPICS[name]}.{name}"), name)
