"""Explorers: pictures that a reader moves, live in JupyterLab and on Colab, still elsewhere.

Each function makes one; as the last line of a cell it shows itself. They are imported when they
are first used, so that `from helpers import explore` costs nothing. Each lies in the folder of its
topic; what they are made of lies beside the folders. May import: all but `checks`.

Examples:
    >>> from helpers import explore
    >>> explore.stepper([[0, 1], [1, 0]], [[1]]).settings()
    {'position': 0}

"""

import importlib
from typing import Any

# By topic: the notebook and the folder to which they belong, each in a module of its name.
EXPLORERS = {
    "start_here": ("draw",),
    "convolution": ("kernel_editor", "stepper"),
    "output_size": ("geometry",),
    "channels": ("channel_sum", "matrix", "receptive_field"),
    "translation": ("pooling", "shift"),
    "training": ("backpropagation", "misclassified"),
    "interpretation": ("activation_maximization", "feature_maps", "heat_maps", "neighbours"),
    "regularization": ("augmentation", "dropout", "regularizers"),
    "hyperparameters": (
        "architectures",
        "grid_or_random",
        "range_test",
        "search_grid",
        "search_study",
        "seed_pairs",
        "winners_curse",
    ),
    "transfer": ("backbones", "cut_depth", "top_five", "transfer_curves"),
    "sequences": ("ngrams", "signal"),
    "scaling": ("batch_rates", "pipeline", "replicas"),
    "wrap_up": ("budget",),
}
TOPICS = {name: topic for topic, names in EXPLORERS.items() for name in names}
__all__ = sorted(TOPICS)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    """Import an explorer when it is asked for."""
    if name not in TOPICS:
        raise AttributeError(f"There is no explorer {name!r}: choose from {', '.join(__all__)}.")
    return getattr(importlib.import_module(f"helpers.explore.{TOPICS[name]}.{name}"), name)
