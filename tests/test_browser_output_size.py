"""The explorers of notebook 02 in a real JupyterLab, moved by keyboard and by mouse."""

import pytest
from explorer_page import every_control_moves

from helpers import explore

pytestmark = pytest.mark.browser

TOPIC = "output_size"
OTHER = {"geometry": "explore.geometry(input_size=7, kernel_size=2, strides=3, padding='same')"}


@pytest.mark.parametrize("name", explore.EXPLORERS[TOPIC])
def test_every_control_moves(opened, name):
    every_control_moves(opened(name))


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
    assert opened("geometry").reached_by_tab(wanted) == set()
