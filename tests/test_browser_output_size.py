"""Notebook 02 in a real JupyterLab: its explorer moves by keyboard and by mouse."""

import pytest
from explorer_page import everything_moves

pytestmark = pytest.mark.browser

NOTEBOOK = "02_output_size"


def test_the_whole_notebook(lab):
    everything_moves(lab, NOTEBOOK)


def test_the_geometry_explorer_moves(opened):
    geometry = opened("geometry")
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


def test_every_control_is_reached_with_the_tab_key(opened):
    wanted = {"Input", "Kernel", "Stride", "Dilation", "valid", "same", "Output no.", "Reset"}
    assert wanted <= opened("geometry").reached_by_tab()
