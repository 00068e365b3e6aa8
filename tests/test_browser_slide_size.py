"""Notebooks 01 and 02 in a real JupyterLab: explorers move by keyboard and by mouse."""

import pytest
from explorer_page import everything_moves, opener

pytestmark = pytest.mark.browser

NOTEBOOK_01, NOTEBOOK_02 = "01_slide_a_filter_over_an_image", "02_set_the_output_size"


@pytest.fixture(scope="module")
def opened(lab):
    return opener(lab)


def test_the_whole_notebook_01(lab):
    everything_moves(lab, NOTEBOOK_01)


def test_the_stepper_moves(opened):
    stepper = opened(NOTEBOOK_01, "stepper")
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
    editor = opened(NOTEBOOK_01, "kernel-editor")
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


def test_the_whole_notebook_02(lab):
    everything_moves(lab, NOTEBOOK_02)


def test_the_geometry_explorer_moves(opened):
    geometry = opened(NOTEBOOK_02, "geometry")
    handle = geometry.handle("Input")
    assert "Input 8" in geometry.moves(lambda: geometry.keys(handle, "ArrowRight"))
    stride = geometry.handle("Stride")
    said = geometry.moves(lambda: geometry.keys(stride, "ArrowRight"))
    assert "stride 4" in said
    assert "Never visited: 48 of 64 pixels" in said
    geometry.moves(lambda: geometry.drag("Kernel", 60))
    dilation = geometry.handle("Dilation")
    said = geometry.moves(lambda: geometry.keys(dilation, "ArrowRight"))
    assert "Keras refuses" in said
    button = geometry.cell.get_by_role("button", name="valid")
    geometry.moves(lambda: geometry.keys(button, "Space"))
    geometry.moves(lambda: geometry.cell.get_by_role("button", name="Reset").click())
    geometry.moves(lambda: geometry.keys(geometry.handle("Output no."), "ArrowRight"))


@pytest.mark.parametrize(
    ("notebook", "cell_id", "wanted"),
    [
        (NOTEBOOK_01, "stepper", {"Back", "Step", "Reset", "Position"}),
        (NOTEBOOK_01, "kernel-editor",
         {"Digit", "Sharpen", "row 0, col 0", "row 2, col 2", "Reset"}),
        (NOTEBOOK_02, "geometry",
         {"Input", "Kernel", "Stride", "Dilation", "valid", "same", "Output no.", "Reset"}),
    ],
)  # fmt: skip
def test_every_control_is_reached_with_the_tab_key(opened, notebook, cell_id, wanted):
    assert wanted <= opened(notebook, cell_id).reached_by_tab()
