"""Notebook 01 in a real JupyterLab: its explorers move by keyboard and by mouse."""

import pytest
from explorer_page import everything_moves

pytestmark = pytest.mark.browser

NOTEBOOK = "01_convolution"


def test_the_whole_notebook(lab):
    everything_moves(lab, NOTEBOOK)


def test_the_stepper_moves(opened):
    stepper = opened("stepper")
    handle = stepper.handle("Position")
    assert "row 0, column 1" in stepper.moves(lambda: stepper.keys(handle, "ArrowRight"))
    flood = ["ArrowRight"] * 9
    assert "row 2, column 0" in stepper.moves(lambda: stepper.keys(handle, *flood))
    stepper.moves(lambda: stepper.drag("Position", 120))
    stepper.moves(lambda: stepper.cell.get_by_role("button", name="Step").click())
    said = stepper.moves(lambda: stepper.cell.get_by_role("button", name="Reset").click())
    assert said.startswith("Window at row 0, column 0")
    play = stepper.cell.locator(".widget-play button").first
    stepper.moves(lambda: (play.click(), stepper.lab.page.wait_for_timeout(1600), play.click()))


def test_the_kernel_editor_moves(opened):
    editor = opened("kernel-editor")
    box = editor.cell.locator("input[type=number]").nth(4)

    def write():
        box.fill("3")
        editor.keys(box, "Enter")

    assert "even areas are multiplied by 3" in editor.moves(write)
    button = editor.cell.get_by_role("button", name="Box blur")
    assert "Box blur" in editor.moves(button.click)
    button = editor.cell.get_by_role("button", name="Sharpen")
    assert "Sharpen" in editor.moves(lambda: editor.keys(button, "Space"))
    button = editor.cell.get_by_role("button", name="Digit")
    assert editor.moves(button.click).startswith("Digit")
    editor.moves(lambda: editor.cell.get_by_role("button", name="Reset").click())


@pytest.mark.parametrize(
    ("cell_id", "wanted"),
    [
        ("stepper", {"Back", "Step", "Reset", "Position"}),
        ("kernel-editor", {"Digit", "Sharpen", "row 0, col 0", "row 2, col 2", "Reset"}),
    ],
)
def test_every_control_is_reached_with_the_tab_key(opened, cell_id, wanted):
    assert wanted <= opened(cell_id).reached_by_tab()
