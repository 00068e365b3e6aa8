"""The explorers of notebook 03 in a real JupyterLab, moved by keyboard and by mouse."""

import pytest
from explorer_page import every_control_moves

from helpers import explore

pytestmark = pytest.mark.browser

TOPIC = "channels"
OTHER = {"channel_sum": "explore.channel_sum(row=80, column=20)"}


@pytest.mark.parametrize("name", explore.EXPLORERS[TOPIC])
def test_every_control_moves(opened, name):
    every_control_moves(opened(name))


def test_the_channel_explorer_moves(opened):
    channels = opened("channel_sum")
    row = channels.handle("Row")
    assert "At row 81, column 20" in channels.moves(lambda: channels.keys(row, "ArrowRight"))
    channels.moves(lambda: channels.drag("Column", 60))
    bias = channels.handle("Bias")
    assert "bias of 0.1" in channels.moves(lambda: channels.keys(bias, "ArrowRight"))
    button = channels.cell.get_by_role("button", name="Blurred green")
    assert "Blurred green" in channels.moves(button.click)
    button = channels.cell.get_by_role("button", name="Brightness", exact=True)
    assert "Brightness" in channels.moves(lambda: channels.keys(button, "Space"))
    channels.moves(lambda: channels.cell.get_by_role("button", name="Reset").click())


def test_the_matrix_explorer_moves(opened):
    matrix = opened("matrix")
    output = matrix.handle("Output no.")
    said = matrix.moves(lambda: matrix.keys(output, "ArrowRight", "ArrowRight", "ArrowRight"))
    assert "Output 3 (row 1, column 0)" in said
    matrix.moves(lambda: matrix.drag("Output no.", 80))
    for name, weights in (("Dense", 225), ("Shared only", 49), ("Local only", 81)):
        button = matrix.cell.get_by_role("button", name=name)
        said = matrix.moves(lambda button=button: matrix.keys(button, "Space"))
        assert f"{weights} weights are free to choose" in said
    said = matrix.moves(lambda: matrix.cell.get_by_role("button", name="Reset").click())
    assert said.startswith("Convolution")


def test_the_field_explorer_moves(opened):
    field = opened("receptive_field")
    row = field.handle("Row")
    assert "at row 5, column 4" in field.moves(lambda: field.keys(row, "ArrowRight"))
    button = field.cell.get_by_role("button", name="Conv 3")
    assert "sees 18 × 18 pixels" in field.moves(lambda: field.keys(button, "Space"))
    button = field.cell.get_by_role("button", name="Pool 1")
    assert "sees 4 × 4 pixels" in field.moves(button.click)
    field.moves(lambda: field.drag("Column", 60))
    field.moves(lambda: field.cell.get_by_role("button", name="Reset").click())


@pytest.mark.parametrize(
    ("cell_id", "wanted"),
    [
        ("channel_sum", {"Brightness", "Blurred green", "Row", "Column", "Bias", "Reset"}),
        ("matrix", {"Dense", "Shared only", "Local only", "Convolution", "Output no.", "Reset"}),
        ("receptive_field", {"Conv 1", "Pool 2", "Conv 3", "Row", "Column", "Reset"}),
    ],
)
def test_every_control_is_reached_with_the_tab_key(opened, cell_id, wanted):
    assert opened(cell_id).reached_by_tab(wanted) == set()
