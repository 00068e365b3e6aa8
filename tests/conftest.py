"""What the tests share: the tools can be imported, and one page of a real JupyterLab."""

import contextlib
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]


# The JupyterLab of this process, and what ends it.
running = {}
end = contextlib.ExitStack()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Give a page of a real JupyterLab that serves a copy of the course, one for all files."""
    import jupyterlab_page

    jupyterlab_page.need_chromium()
    if not running:
        folder = tmp_path_factory.mktemp("lab")
        served = jupyterlab_page.copy_course(folder)
        opened = jupyterlab_page.open_lab(served, folder / "state")
        running["lab"] = end.enter_context(opened)
    return running["lab"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem):
    """End JupyterLab and Chromium behind the last browser test: they hold more than a gigabyte."""
    result = yield
    if nextitem is None or "browser" not in nextitem.keywords:
        close_lab()
    return result


def pytest_sessionfinish():
    close_lab()


def close_lab():
    running.clear()
    end.close()


@pytest.fixture(scope="module")
def opened(lab, request):
    """Return a function that gives an explorer, by the name of its cell in a small notebook.

    The notebook holds the explorers of the test file's `TOPIC`, and what its `OTHER` adds or calls
    otherwise. The browser's console must stay without errors.
    """
    from explorer_page import Explorer, calls

    lab.errors.clear()
    cells = calls(request.module.TOPIC, getattr(request.module, "OTHER", None))

    def explorer(name):
        lab.open_small(request.module.TOPIC, cells)
        return Explorer(lab, lab.cell(name))

    yield explorer
    assert lab.errors == []


@pytest.fixture
def folder(tmp_path):
    """Make a folder with two classes of pictures, as a reader's own."""
    from PIL import Image

    from helpers.datasets import drawn_clothes

    images, labels = drawn_clothes.draw_clothes(200, seed=9)
    for label, name in ((1, "trousers"), (8, "bags")):
        (tmp_path / name).mkdir()
        for place, pixels in enumerate(images[labels == label]):
            Image.fromarray(pixels).resize((40, 30)).save(tmp_path / name / f"{place}.png")
    return tmp_path


@pytest.fixture
def marks(monkeypatch):
    """Note where on the canvases of explorers marks are drawn, and which."""
    from helpers.explore import layout
    from helpers.explore.canvas import OUTPUT, Canvas

    layout.forget()
    found, dot = [], Canvas.dot

    def noted(self, x, y, shape="circle", color=OUTPUT, size=4):
        found.append({"x": x, "y": y, "shape": shape, "color": color})
        dot(self, x, y, shape, color, size)

    monkeypatch.setattr(Canvas, "dot", noted)
    return found


@pytest.fixture
def written(monkeypatch):
    """Note what is written on the canvases of explorers."""
    from helpers.explore import layout
    from helpers.explore.canvas import Canvas

    layout.forget()
    found, text = [], Canvas.text

    def noted(self, x, y, words, *look, **named):
        found.append(words)
        text(self, x, y, words, *look, **named)

    monkeypatch.setattr(Canvas, "text", noted)
    return found


class Written(NamedTuple):
    """A text on a canvas: its ink as a box of screen pixels, and the colour of its ground."""

    canvas: object
    text: str
    box: tuple[float, float, float, float]
    color: str
    ground: str
    size: float

    @property
    def is_clipped(self):
        left, top, right, bottom = self.box
        return left < 0 or top < 0 or right > self.canvas.width or bottom > self.canvas.height

    def overlaps(self, other):
        one, two = self.box, other.box
        return self.canvas is other.canvas and (
            one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
        )


@pytest.fixture
def texts(monkeypatch):
    """Note all texts on canvases with their boxes, and the colour that they stand on."""
    from helpers.explore import canvas, layout

    layout.forget()
    found, text = [], canvas.Canvas.text

    def noted(self, x, y, words, size=canvas.TEXT, color=canvas.INK, anchor="left"):
        mask, left, top = canvas.stencil(words, size)
        shift = {"left": 0.0, "middle": 0.5, "right": 1.0}[anchor]
        begin = x - shift * canvas.text_width(words, size) + left / canvas.SCALE
        upper = y + top / canvas.SCALE
        box = (begin, upper, begin + mask.width / canvas.SCALE, upper + mask.height / canvas.SCALE)
        place = ((box[0] + box[2]) * canvas.SCALE / 2, (upper - 2) * canvas.SCALE)
        inside = [min(max(round(p), 0), s - 1) for p, s in zip(place, self.image.size, strict=True)]
        ground = "#{:02x}{:02x}{:02x}".format(*self.image.getpixel(tuple(inside)))
        if words.strip():
            found.append(Written(self, words, box, color, ground, size))
        text(self, x, y, words, size, color, anchor)

    monkeypatch.setattr(canvas.Canvas, "text", noted)
    return found
