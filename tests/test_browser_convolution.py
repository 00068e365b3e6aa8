"""The explorers of notebook 01 in a real JupyterLab, moved by keyboard and by mouse."""

import pytest
from explorer_page import every_control_moves

from helpers import explore

pytestmark = pytest.mark.browser

TOPIC = "convolution"
OTHER = {
    "stepper": "explore.stepper([[(3 * row + column) % 7 for column in range(7)] "
    "for row in range(7)], [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])"
}


@pytest.mark.parametrize("name", explore.EXPLORERS[TOPIC])
def test_every_control_moves(opened, name):
    every_control_moves(opened(name))


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
    stepper.moves(play.click)
    play.click()


def test_the_kernel_editor_moves(opened):
    editor = opened("kernel_editor")
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
        ("kernel_editor", {"Digit", "Sharpen", "row 0, col 0", "row 2, col 2", "Reset"}),
    ],
)
def test_every_control_is_reached_with_the_tab_key(opened, cell_id, wanted):
    assert opened(cell_id).reached_by_tab(wanted) == set()
