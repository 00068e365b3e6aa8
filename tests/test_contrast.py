"""What is written and drawn in explorers can be told from the white it stands on."""

import pytest
from PIL import ImageColor
from test_explore import MAKERS, values

from helpers import plots
from helpers.explore import canvas, layout

# WCAG 2.2: success criteria 1.4.3 for text and 1.4.11 for marks.
TEXT, MARK = 4.5, 3.0


def luminance(color):
    """Return the relative luminance of a colour, as WCAG 2.2 defines it."""
    shares = [part / 255 for part in ImageColor.getrgb(color)[:3]]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(weight * s for weight, s in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other="#FFFFFF"):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure():
    assert contrast("black") == pytest.approx(21)
    assert contrast("#777777") == pytest.approx(4.48, abs=0.01)  # W3C's own example
    assert contrast("#E69F00") < MARK


@pytest.mark.parametrize("color", [plots.BLUE, plots.ORANGE, plots.GREEN, plots.GREY, canvas.INK])
def test_colors_of_marks(color):
    assert contrast(color) >= MARK


@pytest.fixture
def written(monkeypatch):
    """Note the colours of all that explorers write, and of what they write on."""
    colors = {}
    layout.forget()
    write = canvas.Canvas.text

    def text(self, x, y, text, size=canvas.TEXT, color=canvas.INK, anchor="left"):
        inside = {"left": 2, "middle": 0, "right": -2}[anchor]
        place = ((x + inside) * canvas.SCALE, (y - size / 3) * canvas.SCALE)
        ground = self.image.getpixel(tuple(map(round, place)))
        colors[color, "#{:02x}{:02x}{:02x}".format(*ground)] = (text, size)
        write(self, x, y, text, size, color, anchor)

    monkeypatch.setattr(canvas.Canvas, "text", text)
    return colors


@pytest.mark.parametrize("name", MAKERS)
def test_words_in_explorers(name, written):
    explorer = MAKERS[name]()
    for control in explorer.controls.values():
        for value in [*values(control)][:3]:
            control.value = value
    explorer.close()
    assert written
    for (color, ground), (text, size) in written.items():
        assert contrast(color, ground) >= TEXT, (text, color, ground)
        assert size >= canvas.SMALL, (text, size)
