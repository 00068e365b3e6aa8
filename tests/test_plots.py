"""Drawing: `ax` in, `ax` out, pictures with words, nothing left open."""

import base64
import io
import sys

import numpy as np
import pytest
from PIL import Image

from helpers import plots
from helpers.plots import pictures

SQUARE = np.arange(9.0).reshape(3, 3)
HISTORY = [{"loss": 2.0, "val_loss": 2.5}, {"loss": 1.0, "val_loss": 1.5}]
DRAWINGS = {
    "image": lambda ax: plots.image(ax, SQUARE, "title"),
    "tiles": lambda ax: plots.image_grid(ax, np.ones((2, 4, 3)), "title"),
    "pixel_values": lambda ax: plots.pixel_values(ax, SQUARE, "title"),
    "signed": lambda ax: plots.diverging_map(ax, SQUARE - 4, "title", numbers=True),
    "curves": lambda ax: plots.curves(ax, HISTORY, "loss", 5),
    "confusion": lambda ax: plots.confusion(ax, SQUARE),
    "spread": lambda ax: plots.strip_plot(ax, {"a": [1, 2], "b": [3]}, "mistakes"),
    "bars": lambda ax: plots.bars(ax, {"a": 1, "b": 0.5}, "seconds"),
}


@pytest.fixture
def ax():
    return plots.figure(4, 3)[1][0, 0]


def texts(ax):
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("name", DRAWINGS)
def test_ax_in_ax_out(ax, name):
    assert DRAWINGS[name](ax) is ax
    assert ax.has_data()
    assert ax.get_title() or ax.get_xlabel() or ax.get_ylabel()
    pictures.bundle(ax.figure, "words")


def test_pyplot_is_not_used():
    # Figures that pyplot knows pile up behind a cell that is run again.
    if "matplotlib.pyplot" in sys.modules:
        assert sys.modules["matplotlib.pyplot"].get_fignums() == []


def test_a_bundle_is_small_sharp_and_has_words(ax):
    plots.image(ax, SQUARE)
    data, metadata = pictures.bundle(ax.figure, "nine squares")
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert data["text/plain"] == metadata["image/png"]["alt"] == "nine squares"
    assert picture.size == (4 * plots.figures.DPI, 3 * plots.figures.DPI)
    assert picture.size[0] == 2 * metadata["image/png"]["width"]
    assert picture.size[1] == 2 * metadata["image/png"]["height"]
    assert picture.mode == "P"
    assert len(picture.getcolors()) <= pictures.COLORS_STORED


def test_a_thin_frame_keeps_its_colour_on_a_colourful_picture():
    pixels = Image.fromarray(np.random.default_rng(0).integers(0, 256, (300, 300, 3), np.uint8))
    frame = Image.new("RGB", (4, 4), plots.BLUE)
    pixels.paste(frame, (100, 100))
    stored = Image.open(io.BytesIO(pictures.quantised(pixels)))
    assert stored.mode == "P"
    corner = np.asarray(stored.convert("RGB"))[100:104, 100:104]
    assert (corner == np.asarray(frame)).all()


@pytest.mark.parametrize("alt", ["", "  ", None, 3])
def test_a_picture_needs_words(ax, alt):
    with pytest.raises(ValueError, match="`alt` must say in words"):
        pictures.bundle(ax.figure, alt)


def test_show_figure_shows_once(ax, monkeypatch):
    shown = []
    monkeypatch.setattr(pictures, "display", lambda data, **more: shown.append((data, more)))
    plots.show_figure(plots.image(ax, SQUARE).figure, "nine squares")
    ((data, more),) = shown
    assert data["text/plain"] == "nine squares"
    assert more["raw"]


def test_numbers_are_those_of_the_pixels(ax):
    assert texts(plots.pixel_values(ax, SQUARE)) == [f"{value:g}" for value in range(9)]
    colors = [text.get_color() for text in ax.texts]
    assert colors == ["white"] * 5 + ["black"] * 4


def test_signed_maps_are_centred_on_zero(ax):
    drawn = plots.diverging_map(ax, [[-1, 4]]).images[0]
    assert (drawn.norm.vmin, drawn.norm.vmax) == (-4, 4)
    red, green, blue, _ = drawn.to_rgba([[4]])[0, 0]
    assert red > 2 * max(green, blue)
    plots.diverging_map(ax, np.zeros((2, 2)))


def test_an_image_may_have_a_fixed_white(ax):
    assert (plots.image(ax, [[2, 4]]).images[0].norm.vmin, ax.images[0].norm.vmax) == (2, 4)
    drawn = plots.image(ax, [[2, 4]], most=8).images[1]
    assert (drawn.norm.vmin, drawn.norm.vmax) == (0, 8)


def test_curves_show_what_was_measured(ax):
    training, validation = plots.curves(ax, HISTORY, "loss", 5).lines
    assert training.get_ydata().tolist() == [2.0, 1.0]
    assert validation.get_ydata().tolist() == [2.5, 1.5]
    assert training.get_xdata().tolist() == [1, 2]
    assert training.get_linestyle() != validation.get_linestyle()
    assert [text.get_text() for text in ax.get_legend().texts] == ["training", "validation"]


def test_curves_without_data_are_empty(ax):
    assert plots.curves(ax, [], "loss", 5).get_legend() is None


def test_confusion_colours_the_mistakes_only(ax):
    matrix = np.array([[90, 3], [1, 80]])
    plots.confusion(ax, matrix)
    assert np.asarray(ax.images[0].get_array()).tolist() == [[0, 3], [1, 0]]
    assert texts(ax) == ["90", "3", "1", "80"]
    with pytest.raises(ValueError, match=r"`matrix` must be square\. Received .* \(2, 3\)"):
        plots.confusion(ax, np.zeros((2, 3)))


def test_spread_draws_every_run(ax):
    plots.strip_plot(ax, {"a": [1, 2, 6], "b": [4]}, "mistakes")
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1, 2, 6], [4]]
    assert len({line.get_marker() for line in ax.lines}) == 2
    means = [line.get_segments()[0][0, 1] for line in ax.collections]
    assert means == [3, 4]


def test_spread_draws_more_groups_than_there_are_markers(ax):
    plots.strip_plot(ax, {str(n): [n] for n in range(6)}, "mistakes")
    assert len(ax.lines) == 6


def test_bars_have_their_numbers(ax):
    plots.bars(ax, {"a": 1, "b": 0.5}, "seconds")
    assert [bar.get_width() for bar in ax.patches] == [1, 0.5]
    assert texts(ax) == ["1.00", "0.50"]


@pytest.mark.parametrize(
    ("draw", "name"),
    [(plots.image, "pixels"), (plots.pixel_values, "pixels"), (plots.diverging_map, "values"),
     (plots.confusion, "matrix")],
)  # fmt: skip
@pytest.mark.parametrize("bad", [None, "x", [1, 2], [[float("nan")]], [[]], [[1, 2], [3]]])
def test_bad_input_is_named(ax, draw, name, bad):
    with pytest.raises((TypeError, ValueError), match=f"`{name}` must"):
        draw(ax, bad)
