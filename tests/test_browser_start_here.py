"""The drawing explorer of notebook 00 in a real JupyterLab: with the mouse, with the keyboard."""

import numpy as np
import pytest
from explorer_page import every_control_moves, whole_notebook

from helpers import explore

pytestmark = pytest.mark.browser

TOPIC = "start_here"
# Corners of the strokes, as parts of the pad's width and height.
ONE = [(0.5, 0.15), (0.5, 0.85)]
INK = """canvas => {
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return Array.from(pixels.filter((_, n) => n % 4 === 0));
}"""
SEVEN = [(0.25, 0.2), (0.75, 0.2), (0.45, 0.85)]


@pytest.fixture
def board(opened):
    explorer = opened("draw")
    explorer.cell.get_by_role("button", name="Reset").click()
    return explorer


def pad(board):
    found = board.cell.locator("canvas.drawing-pad")
    found.scroll_into_view_if_needed()
    return found


def press(board, name):
    board.cell.get_by_role("button", name=name, exact=True).click()


def stroke(board, corners, up=True):
    """Draw a line through the corners with the mouse."""
    box, mouse = pad(board).bounding_box(), board.lab.page.mouse
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    mouse.move(*points[0])
    mouse.down()
    for point in points[1:]:
        mouse.move(*point, steps=12)
    if up:
        mouse.up()


def test_the_whole_notebook(lab):
    whole_notebook(lab, "notebooks/00_start_here.ipynb")
    lab.cell("ready").get_by_text("Everything works.").last.wait_for(timeout=20_000)


@pytest.mark.parametrize("name", explore.EXPLORERS[TOPIC])
def test_every_control_moves(opened, name):
    every_control_moves(opened(name))


def test_what_the_mouse_draws_is_read(board):
    board.says("Read as 3")
    assert board.cell.get_by_text("Draw a digit here").is_visible()
    assert board.moves(lambda: stroke(board, ONE)).startswith("Read as 1")
    assert not board.cell.get_by_text("Draw a digit here").is_visible()
    press(board, "Clear")
    board.says("Nothing is drawn. The network cannot say so")
    said = board.moves(lambda: stroke(board, SEVEN))
    assert said.startswith("Read as 7")
    assert said.endswith("Your drawing, centred as MNIST does.")
    assert board.lab.errors == []


def test_it_is_read_while_the_pen_is_down(board):
    stroke(board, ONE, up=False)
    board.says("Read as 1")
    board.lab.page.mouse.up()


def test_a_chosen_digit_is_read_and_can_be_drawn_on(board):
    assert board.moves(lambda: press(board, "0")).startswith("Read as 0")
    ink = pad(board).screenshot()
    said = board.moves(lambda: stroke(board, [(0.1, 0.5), (0.9, 0.5)]))
    assert "Your drawing" in said
    assert pad(board).screenshot() != ink
    assert board.cell.locator("button.mod-active").first.inner_text() == "Drawing"
    assert "The course's own 8" in board.moves(lambda: press(board, "8"))
    assert "Your drawing" in board.moves(lambda: press(board, "Drawing"))


def test_without_centring_a_moved_digit_is_misread(board):
    flood = ["ArrowLeft"] * 8
    said = board.moves(lambda: board.keys(board.handle("Move right"), *flood))
    assert said.startswith("Read as 3")
    assert "moved 8 left" in said
    said = board.moves(lambda: press(board, "no"))
    assert said.endswith("not centred.")
    assert not said.startswith("Read as 3, over 99 %")
    assert board.moves(lambda: press(board, "Reset")).startswith("Read as 3, over 99 %")


def test_a_second_view_shows_the_same_drawing(board):
    board.moves(lambda: stroke(board, ONE))
    before = board.lab.page.locator("canvas.drawing-pad").count()
    board.lab.page.evaluate("window.jupyterapp.commands.execute('notebook:create-output-view', {})")
    second = board.lab.page.locator(".jp-LinkedOutputView canvas.drawing-pad")
    second.wait_for(timeout=20_000)
    assert board.lab.page.locator("canvas.drawing-pad").count() == before + 1

    def apart():
        """Return how far the two pads are apart on average, of 255; edges are softer in one."""
        first, other = (np.array(one.evaluate(INK)) for one in (pad(board), second))
        return np.abs(first - other).mean()

    assert apart() < 6
    one = np.array(second.evaluate(INK))
    assert board.moves(lambda: press(board, "Clear")).startswith("Nothing is drawn")
    assert apart() == 0
    assert board.moves(lambda: stroke(board, SEVEN)).startswith("Read as 7")
    assert apart() < 6
    assert np.abs(one - second.evaluate(INK)).mean() > 20
    board.lab.page.locator(".jp-LinkedOutputView").evaluate("view => view.remove()")


def test_a_digit_is_drawn_with_the_keyboard(board):
    before = board.lab.page.evaluate("window.scrollY")
    keys = ["Delete", *["ArrowUp"] * 9, "Space", *["ArrowDown"] * 18, "Space"]
    said = board.moves(lambda: board.keys(pad(board), *keys))
    assert said.startswith("Read as 1")
    assert board.lab.page.evaluate("window.scrollY") == before
    cell = "window.jupyterapp.shell.currentWidget.content.activeCell.model.id"
    assert board.lab.page.evaluate(cell) == "draw"
    said = board.moves(lambda: board.keys(pad(board), "Delete"))
    assert said.startswith("Nothing is drawn")


def test_the_pad_is_seen_on_a_dark_page(board):
    colors = pad(board).evaluate("""canvas => {
      const style = getComputedStyle(canvas);
      return [style.borderTopColor, style.borderTopWidth, style.backgroundColor];
    }""")
    assert colors == ["rgb(138, 138, 138)", "2px", "rgb(0, 0, 0)"]


def test_everything_is_reached_with_the_tab_key(board):
    wanted = {"Drawing", "0", "9", "yes", "no", "Move right", "Move down", "Clear", "Reset"}
    pad(board).focus()
    reached = set()
    focused = """() => {
      const focused = document.activeElement;
      if (focused.tagName === 'CANVAS') return 'pad';
      if (focused.tagName === 'BUTTON') return focused.innerText.trim();
      return focused.closest('.jupyter-widgets:not(.widget-box)')?.innerText.split('\\n')[0];
    }"""
    board.lab.page.keyboard.press("Shift+Tab")
    for _ in range(30):
        board.lab.page.keyboard.press("Tab")
        reached.add(board.lab.page.evaluate(focused))
    assert wanted | {"pad"} <= reached
