"""Pictures as a notebook stores them: small, sharp on any screen, and with words."""

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
from IPython.display import display
from matplotlib.figure import Figure
from PIL import Image, ImageColor

from helpers.arguments import show

# The Okabe-Ito colours: told apart by readers with any kind of colour vision.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#5B5B5B"
KEPT = (BLUE, ORANGE, GREEN, GREY)
COLORS_STORED = 256


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
    palette, shown = few.getpalette(), np.asarray(pixels)
    for place, color in enumerate(map(ImageColor.getrgb, KEPT), start=len(palette) // 3):
        few.paste(place, mask=Image.fromarray((shown == color).all(axis=2)))
        palette += color
    few.putpalette(palette)
    few.save(stored, "PNG", optimize=True)
    return stored.getvalue()


def show_figure(drawn: Figure, alt: str) -> None:
    """Show a figure in the notebook.

    Args:
        drawn: The figure.
        alt: Its text for those who do not see it, with the numbers.

    Raises:
        ValueError: where `alt` is empty.

    Examples:
        >>> from matplotlib.backends.backend_agg import FigureCanvasAgg
        >>> drawn = FigureCanvasAgg(Figure((2, 1))).figure
        >>> show_figure(drawn, "nothing")  # doctest: +ELLIPSIS
        {'text/plain': 'nothing', ...}

    """
    data, metadata = bundle(drawn, alt)
    display(data, raw=True, metadata=metadata)


def show_file(path: Path, alt: str) -> None:
    """Show a PNG file in the notebook at half of its pixels, so that it is sharp on any screen.

    Args:
        path: The file.
        alt: Its text for those who do not see it.

    Raises:
        OSError: where there is no such picture.

    Examples:
        >>> from helpers.datasets.locate import DATA_FOLDER
        >>> show_file(DATA_FOLDER / "cheat_sheet.png", "formulas")  # doctest: +ELLIPSIS
        {'text/plain': 'formulas', ...}

    """
    stored = path.read_bytes()
    with Image.open(io.BytesIO(stored)) as opened:
        size = {"width": opened.width // 2, "height": opened.height // 2}
    png = base64.b64encode(stored).decode("ascii")
    found = {"text/plain": alt, "image/png": png}
    display(found, raw=True, metadata={"image/png": {"alt": alt, **size}})
