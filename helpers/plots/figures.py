"""Drawing with Matplotlib: `ax` in, `ax` out, and one look.

Figures are made without pyplot, so none is left open behind a cell that is run again.
"""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from helpers.arguments import array
from helpers.plots.pictures import BLUE, GREEN, GREY, ORANGE

MARKERS = ("o", "s", "^", "D")
DPI = 200


def figure(
    width: float = 8.0, height: float = 3.0, rows: int = 1, columns: int = 1
) -> tuple[Figure, np.ndarray]:
    """Make a figure with axes in rows and columns.

    Args:
        width: Of the whole figure, in inches.
        height: Likewise.
        rows: How many axes one below the other, 1 or more.
        columns: How many side by side, likewise.

    Returns:
        The figure, and its axes as an array of shape `(rows, columns)`.

    Raises:
        ValueError: where there is no row or column, or a side is not above 0.

    Examples:
        >>> figure(rows=2)[1].shape
        (2, 1)

    """
    made = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(made)
    return made, made.subplots(rows, columns, squeeze=False)


def image(ax: Axes, pixels: Any, title: str = "", most: float | None = None) -> Axes:
    """Draw a grey image without axes: low is black, high is white.

    Args:
        ax: Where to draw.
        pixels: `(height, width)`, numbers of any size.
        title: What stands above it.
        most: White is this number and black is 0; the largest and the smallest where left out.

    Raises:
        TypeError: where `pixels` holds no numbers.
        ValueError: where it has another shape, or is not finite.

    Examples:
        >>> image(figure()[1][0, 0], [[0, 1]], "two pixels").get_title()
        'two pixels'

    """
    limits = {} if most is None else {"vmin": 0, "vmax": most}
    found = array("pixels", pixels, dimensions=(2,))
    ax.imshow(found, cmap="gray", interpolation="nearest", **limits)
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize=9)
    return ax


def image_grid(ax: Axes, images: Any, title: str = "") -> Axes:
    """Draw grey images side by side, each in a frame.

    Args:
        ax: Where to draw.
        images: `(number, height, width)`, from 0, black, to 1, white.
        title: What stands above them.

    Raises:
        TypeError: where `images` holds no numbers.
        ValueError: where it has another number of dimensions, or is not finite.

    Examples:
        >>> len(image_grid(figure()[1][0, 0], np.zeros((5, 28, 28))).images)
        5

    """
    pictures = array("images", images, dimensions=(3,))
    height, width = pictures.shape[1:]
    for place, pixels in enumerate(pictures):
        left = place * 1.1 * width
        box = (left, left + width, height, 0)
        ax.imshow(pixels, cmap="gray", vmin=0, vmax=1, interpolation="nearest", extent=box)
        ax.add_patch(Rectangle((left, 0), width, height, fill=False, edgecolor=GREY))
    ax.set(xlim=(-0.02 * width, 1.1 * width * len(pictures)), ylim=(1.02 * height, -0.02 * height))
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    ax.set_title(title, fontsize=9)
    return ax


def pixel_values(ax: Axes, pixels: Any, title: str = "") -> Axes:
    """Draw a grey image as `image` does, with the number in each pixel written on it.

    Args:
        ax: Where to draw.
        pixels: `(height, width)`.
        title: What stands above it.

    Raises:
        TypeError: where `pixels` holds no numbers.
        ValueError: where it has another shape, or is not finite.

    Examples:
        >>> [text.get_text() for text in pixel_values(figure()[1][0, 0], [[0, 9]]).texts]
        ['0', '9']

    """
    values = array("pixels", pixels, dimensions=(2,))
    image(ax, values, title)
    write_numbers(ax, values, values > (values.min() + values.max()) / 2)
    return ax


def diverging_map(
    ax: Axes, values: Any, title: str = "", numbers: bool = False, most: float | None = None
) -> Axes:
    """Draw a map with colours: red above zero, blue below, white at zero.

    Args:
        ax: Where to draw.
        values: `(height, width)`.
        title: What stands above it.
        numbers: Whether each number is written on its place.
        most: Colours end at `-most` and `most`; at the number farthest from zero where left out.

    Raises:
        TypeError: where `values` holds no numbers.
        ValueError: where it has another shape, or is not finite.

    Examples:
        >>> drawn = diverging_map(figure()[1][0, 0], [[-1, 3]]).images[0]
        >>> float(drawn.norm.vmin), float(drawn.norm.vmax)
        (-3.0, 3.0)

    """
    found = array("values", values, dimensions=(2,))
    most = most or np.abs(found).max() or 1.0
    ax.imshow(found, cmap="RdBu_r", vmin=-most, vmax=most, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize=9)
    if numbers:
        write_numbers(ax, found, np.abs(found) < 0.6 * most)
    return ax


def write_numbers(ax: Axes, values: np.ndarray, bright: np.ndarray) -> None:
    """Write each number on its pixel, black where `bright`, in a size that fits the axes."""
    width = ax.get_position().width * ax.figure.get_figwidth() * 72
    longest = max(len(f"{value:g}") for value in values.flat)
    fontsize = min(12, 1.2 * width / (values.shape[1] * max(longest, 2)))
    for (row, column), value in np.ndenumerate(values):
        color = "black" if bright[row, column] else "white"
        ax.text(column, row, f"{value:g}", ha="center", va="center", size=fontsize, color=color)


def curves(ax: Axes, history: list[dict[str, float]], name: str, epochs: int) -> Axes:
    """Draw a quantity over the epochs, for training and, where it is there, validation.

    Args:
        ax: Where to draw.
        history: For each epoch, its numbers by Keras' names, such as `loss` and `val_loss`.
        name: The quantity.
        epochs: Where the axis ends.

    Examples:
        >>> len(curves(figure()[1][0, 0], [{"loss": 2.3, "val_loss": 2.1}], "loss", 5).lines)
        2

    """
    for key, label, color, line, marker in (
        (name, "training", BLUE, "-", MARKERS[0]),
        (f"val_{name}", "validation", ORANGE, "--", MARKERS[1]),
    ):
        values = [logs[key] for logs in history if key in logs]
        if values:
            ax.plot(
                range(1, len(values) + 1), values, line, color=color, marker=marker, label=label
            )
    ax.set(xlabel="epoch", ylabel=name, title=name, xlim=(0.5, epochs + 0.5))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if ax.lines:
        ax.legend()
    return ax


def confusion(ax: Axes, matrix: Any) -> Axes:
    """Draw a confusion matrix: true label down, predicted label across.

    The colour shows the mistakes only; the diagonal, which would outshine them, stays white.

    Args:
        ax: Where to draw.
        matrix: `(classes, classes)`, counts.

    Raises:
        TypeError: where `matrix` holds no numbers.
        ValueError: where it is not square.

    Examples:
        >>> [text.get_text() for text in confusion(figure()[1][0, 0], [[5, 1], [0, 4]]).texts]
        ['5', '1', '4']

    """
    counts = array("matrix", matrix, dimensions=(2,))
    if counts.shape[0] != counts.shape[1]:
        raise ValueError(f"`matrix` must be square. Received matrix of shape {counts.shape}.")
    mistakes = counts * (1 - np.eye(len(counts)))
    ax.imshow(mistakes, cmap="Oranges", vmin=0, vmax=max(1.0, mistakes.max()))
    for (row, column), value in np.ndenumerate(counts):
        if value:
            color = "white" if mistakes[row, column] > mistakes.max() * 0.6 else "black"
            ax.text(column, row, f"{value:.0f}", ha="center", va="center", fontsize=9, color=color)
    ticks = range(len(counts))
    ax.set(xticks=ticks, yticks=ticks, xlabel="predicted digit", ylabel="true digit")
    ax.set_title("Confusion matrix")
    return ax


def strip_plot(ax: Axes, groups: dict[str, Any], ylabel: str) -> Axes:
    """Draw every run of each group as a point, and each group's mean as a line.

    Args:
        ax: Where to draw.
        groups: By name, the results of the runs, `(runs,)`.
        ylabel: What they are, with the unit.

    Raises:
        TypeError: where a group holds no numbers.
        ValueError: where it is empty, or no list of numbers.

    Examples:
        >>> len(strip_plot(figure()[1][0, 0], {"a": [1, 2], "b": [3]}, "mistakes").lines)
        2

    """
    for position, values in enumerate(groups.values()):
        points = array("groups", values, dimensions=(1,))
        places = position + np.linspace(-0.12, 0.12, len(points)) * (len(points) > 1)
        marker, color = MARKERS[position % 4], (BLUE, ORANGE, GREEN, GREY)[position % 4]
        ax.plot(places, points, marker, color=color)
        ax.hlines(points.mean(), position - 0.3, position + 0.3, color="black", linewidth=1)
    ax.set(xticks=range(len(groups)), xticklabels=list(groups), ylabel=ylabel)
    ax.set_xlim(-0.6, len(groups) - 0.4)
    return ax


def bars(ax: Axes, values: dict[str, float], xlabel: str) -> Axes:
    """Draw named values as bars from left to right, each with its number.

    Args:
        ax: Where to draw.
        values: Numbers by name, 0 or more.
        xlabel: What they are, with the unit.

    Raises:
        TypeError: where a value is no number.
        ValueError: where there are none, or one is not finite.

    Examples:
        >>> len(bars(figure()[1][0, 0], {"a": 1.5, "b": 2}, "seconds").patches)
        2

    """
    lengths = array("values", list(values.values()), dimensions=(1,))
    drawn = ax.barh(range(len(lengths)), lengths, color=BLUE, height=0.6)
    ax.bar_label(drawn, fmt="%.2f", padding=3)
    ax.set(yticks=range(len(lengths)), yticklabels=list(values), xlabel=xlabel)
    ax.set_xlim(0, 1.15 * max(lengths.max(), 0) or 1)
    ax.invert_yaxis()
    return ax


def mean_range(ax: Axes, places: Any, groups: dict[str, Any], xlabel: str, ylabel: str) -> Axes:
    """Draw the mean of several runs of each group as a line, in a band from least to most.

    Args:
        ax: Where to draw.
        places: `(places,)`, the numbers on the horizontal axis.
        groups: By name, the results of the runs at each place, `(runs, places)`.
        xlabel: What the places are, with the unit.
        ylabel: What the results are, likewise.

    Raises:
        TypeError: where `places` or a group holds no numbers.
        ValueError: where one has another number of dimensions, or is not finite.

    Examples:
        >>> ax = figure()[1][0, 0]
        >>> len(mean_range(ax, [1, 2], {"a": [[3, 4], [4, 5]]}, "epoch", "loss").lines)
        1

    """
    across = array("places", places, dimensions=(1,))
    for number, (name, values) in enumerate(groups.items()):
        runs = array("groups", values, dimensions=(2,))
        color, marker = (BLUE, ORANGE, GREEN, GREY)[number % 4], MARKERS[number % 4]
        line = ("-", "--", "-.", ":")[number % 4]
        ax.fill_between(across, runs.min(axis=0), runs.max(axis=0), color=color, alpha=0.2, lw=0)
        ax.plot(across, runs.mean(axis=0), line, color=color, marker=marker, label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(fontsize=8)
    return ax


def forest(
    ax: Axes, groups: dict[str, Any], intervals: dict[str, Any], xlabel: str, xlim: tuple
) -> Axes:
    """Draw named differences one above the other: each run, their mean, and an interval.

    Filled squares mark intervals without zero, blue above and orange below it; open grey ones
    hold zero. What lies outside `xlim` is written at the edge, beside an arrowhead, so that the
    others stay legible.

    Args:
        ax: Where to draw.
        groups: By name, the difference in each run, `(runs,)`.
        intervals: By the same names, the low and the high end of the interval.
        xlabel: What differs, with the unit.
        xlim: From where to where the axis goes, a number below 0 and one above.

    Raises:
        KeyError: where a group has no interval.
        TypeError: where a group holds no numbers.
        ValueError: where it is empty, or no list of numbers.

    Examples:
        >>> ax = figure()[1][0, 0]
        >>> drawn = forest(ax, {"wider": [1, 3]}, {"wider": (0.5, 3.5)}, "points", (-4, 4))
        >>> [label.get_text() for label in drawn.get_yticklabels()]
        ['wider']

    """
    for place, (name, values) in enumerate(groups.items()):
        points = array("groups", values, dimensions=(1,))
        low, high = intervals[name]
        holds_zero = low <= 0 <= high
        color = GREY if holds_zero else BLUE if low > 0 else ORANGE
        mean, face = points.mean(), "white" if holds_zero else color
        if not xlim[0] < mean < xlim[1]:
            numbers = f"{mean:.1f} ({low:.1f} to {high:.1f})".replace("-", "−")
            # Small, so that it ends before the line at zero.
            look = {"color": color, "size": "small", "va": "center"}
            if mean < 0:
                ax.text(xlim[0], place, f" ◄ {numbers}", ha="left", **look)
            else:
                ax.text(xlim[1], place, f"{numbers} ► ", ha="right", **look)
            continue
        ax.plot(points, np.full(len(points), place + 0.28), ".", color=color, markersize=5)
        ax.plot([low, high], [place, place], color=color, linewidth=2, marker="|")
        ax.plot(mean, place, "s", color=color, markerfacecolor=face, markersize=5)
    ax.axvline(0, color="black", linewidth=1, zorder=1.5)
    ax.set(yticks=range(len(groups)), yticklabels=list(groups), xlabel=xlabel, xlim=xlim)
    ax.set_ylim(-0.6, len(groups) - 0.4)
    return ax
