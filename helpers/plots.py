"""Drawing with Matplotlib: `ax` in, `ax` out, one look, and every stored picture with words.

Figures are made without pyplot, so none is left open behind a cell that is run again.
"""

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from PIL import Image, ImageColor

from helpers.arguments import array, show

# The Okabe-Ito colours: told apart by readers with any kind of colour vision.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#5B5B5B"
MARKERS = ("o", "s", "^", "D")
DPI = 200
COLORS_STORED = 256
KEPT = (BLUE, ORANGE, GREEN, GREY)


def figure(
    width: float = 8.0, height: float = 3.0, rows: int = 1, columns: int = 1
) -> tuple[Figure, np.ndarray]:
    """Make a figure of `width` x `height` inches with `(rows, columns)` axes.

    Returns:
        The figure, and its axes as an array of shape `(rows, columns)`.

    Examples:
        >>> figure(rows=2)[1].shape
        (2, 1)

    """
    made = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(made)
    return made, made.subplots(rows, columns, squeeze=False)


def bundle(drawn: Figure, alt: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Turn a figure into what a notebook stores: a small PNG, its words, and its size.

    The picture is sharp at double resolution and shown at half its pixels.

    Raises:
        ValueError: where `alt`, the picture in words, is empty.

    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"`alt` must say in words what is seen. Received alt={show(alt)}.")
    drawn.canvas.draw()
    pixels = Image.fromarray(np.asarray(drawn.canvas.buffer_rgba())).convert("RGB")
    size = {"width": pixels.width // 2, "height": pixels.height // 2}
    png = base64.b64encode(quantised(pixels)).decode("ascii")
    return {"text/plain": alt, "image/png": png}, {"image/png": {"alt": alt, **size}}


def quantised(pixels: Image.Image) -> bytes:
    """Return an RGB image as a small PNG with at most 256 colours, the course's own among them.

    A thin frame on a colourful picture would otherwise take the colour of something larger.
    """
    stored = io.BytesIO()
    few = pixels.quantize(
        COLORS_STORED - len(KEPT), Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    palette = few.getpalette()
    for place, color in enumerate(map(ImageColor.getrgb, KEPT), start=len(palette) // 3):
        same = (np.asarray(pixels) == color).all(axis=2)
        few.paste(place, mask=Image.fromarray(same))
        palette += color
    few.putpalette(palette)
    few.save(stored, "PNG", optimize=True)
    return stored.getvalue()


def show_figure(drawn: Figure, alt: str) -> None:
    """Show a figure in the notebook, with `alt` as its text for those who do not see it."""
    data, metadata = bundle(drawn, alt)
    display(data, raw=True, metadata=metadata)


def show_file(path: Path, alt: str) -> None:
    """Show a PNG file in the notebook at half of its pixels, so that it is sharp on any screen."""
    stored = path.read_bytes()
    with Image.open(io.BytesIO(stored)) as opened:
        size = {"width": opened.width // 2, "height": opened.height // 2}
    png = base64.b64encode(stored).decode("ascii")
    found = {"text/plain": alt, "image/png": png}
    display(found, raw=True, metadata={"image/png": {"alt": alt, **size}})


def image(ax: Axes, pixels: Any, title: str = "", most: float | None = None) -> Axes:
    """Draw a grey image `(height, width)` without axes: low is black, high is white.

    Black is the smallest number and white the largest; with `most`, black is 0 and white `most`.
    """
    limits = {} if most is None else {"vmin": 0, "vmax": most}
    found = array("pixels", pixels, dimensions=(2,))
    ax.imshow(found, cmap="gray", interpolation="nearest", **limits)
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize=9)
    return ax


def tiles(ax: Axes, images: Any, title: str = "") -> Axes:
    """Draw grey images `(number, height, width)` from 0 to 1 side by side, each in a frame."""
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
    """Draw an image `(height, width)` with the number in each pixel written on it."""
    values = array("pixels", pixels, dimensions=(2,))
    image(ax, values, title)
    write_numbers(ax, values, values > (values.min() + values.max()) / 2)
    return ax


def signed(
    ax: Axes, values: Any, title: str = "", numbers: bool = False, most: float | None = None
) -> Axes:
    """Draw a map `(height, width)` with colours: red above zero, blue below, white at zero.

    The colours end at `-most` and `most`, by default at the number that is farthest from zero.
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
    """Draw a quantity over the epochs, for training and, where it is there, validation."""
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
    """Draw a confusion matrix `(classes, classes)`: true label down, predicted label across.

    The colour shows the mistakes only; the diagonal, which would outshine them, stays white.
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


def spread(ax: Axes, groups: dict[str, Any], ylabel: str) -> Axes:
    """Draw every run of each group as a point, and each group's mean as a line."""
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
    """Draw named values as bars from left to right, each with its number."""
    lengths = array("values", list(values.values()), dimensions=(1,))
    drawn = ax.barh(range(len(lengths)), lengths, color=BLUE, height=0.6)
    ax.bar_label(drawn, fmt="%.2f", padding=3)
    ax.set(yticks=range(len(lengths)), yticklabels=list(values), xlabel=xlabel)
    ax.set_xlim(0, 1.15 * max(lengths.max(), 0) or 1)
    ax.invert_yaxis()
    return ax


def bands(ax: Axes, places: Any, groups: dict[str, Any], xlabel: str, ylabel: str) -> Axes:
    """Draw the mean of several runs of each group as a line, in a band from least to most.

    Each value of `groups` has the shape (runs, places).
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
