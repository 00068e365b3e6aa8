"""What the tests share: the tools can be imported, and one page of a real JupyterLab."""

import contextlib
import sys
from pathlib import Path

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
        opened = jupyterlab_page.open_lab(tmp_path_factory.mktemp("lab"))
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
    from helpers.explore.canvas import OUTPUT, Canvas

    found, dot = [], Canvas.dot

    def noted(self, x, y, shape="circle", color=OUTPUT, size=4):
        found.append({"x": x, "y": y, "shape": shape, "color": color})
        dot(self, x, y, shape, color, size)

    monkeypatch.setattr(Canvas, "dot", noted)
    return found


@pytest.fixture
def written(monkeypatch):
    """Note what is written on the canvases of explorers."""
    from helpers.explore.canvas import Canvas

    found, text = [], Canvas.text

    def noted(self, x, y, words, *look, **named):
        found.append(words)
        text(self, x, y, words, *look, **named)

    monkeypatch.setattr(Canvas, "text", noted)
    return found
