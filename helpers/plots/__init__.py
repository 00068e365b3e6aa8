"""Matplotlib figures in the course's one look, and how a notebook shows and stores them.

May import: `arguments`, `files`, `stats`, `layers`.
"""

import helpers.plots.look  # noqa: F401 before any other module imports Matplotlib
from helpers.plots.figures import (
    MARKERS,
    bars,
    confusion,
    curves,
    diverging_map,
    figure,
    forest,
    image,
    image_grid,
    mean_range,
    pixel_values,
    strip_plot,
)  # fmt: skip
from helpers.plots.pictures import BLUE, GREEN, GREY, ORANGE, show_figure, show_file

__all__ = [
    "BLUE", "GREEN", "GREY", "MARKERS", "ORANGE", "bars", "confusion", "curves", "diverging_map",
    "figure", "forest", "image", "image_grid", "mean_range", "pixel_values", "show_figure",
    "show_file", "strip_plot",
]  # fmt: skip
