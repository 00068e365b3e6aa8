"""The explorers of notebook 04 in a real JupyterLab, moved by keyboard and by mouse."""

import pytest
from explorer_page import every_control_moves

from helpers import explore

pytestmark = pytest.mark.browser

TOPIC = "translation"
OTHER = {"shift": "explore.shift('flatten', digit=6, right=5)"}


@pytest.mark.parametrize("name", explore.EXPLORERS[TOPIC])
def test_every_control_moves(opened, name):
    every_control_moves(opened(name))


def test_the_pooling_explorer_moves(opened):
    pooling = opened("pooling")
    shift = pooling.handle("Shift right")
    assert "cannot move along exactly" in pooling.moves(lambda: pooling.keys(shift, "ArrowRight"))
    assert "moved by 1 cell" in pooling.moves(lambda: pooling.keys(shift, "ArrowRight"))
    button = pooling.cell.get_by_role("button", name="average", exact=True)
    assert "Average pooling" in pooling.moves(lambda: pooling.keys(button, "Space"))
    button = pooling.cell.get_by_role("button", name="global max")
    assert "the whole map" in pooling.moves(button.click)
    said = pooling.moves(lambda: pooling.cell.get_by_role("button", name="Reset").click())
    assert said.startswith("Max pooling, size 2, stride 2")
    pooling.moves(lambda: pooling.drag("Size", 100))
    pooling.moves(lambda: pooling.keys(pooling.handle("Stride"), "ArrowRight"))
    output = pooling.handle("Output no.")
    pooling.moves(lambda: pooling.keys(output, *["ArrowRight"] * 3))


def test_the_shift_explorer_moves(opened):
    shift = opened("shift")
    right = shift.handle("Right")
    said = shift.moves(lambda: shift.keys(right, *["ArrowLeft"] * 5))
    assert "shifted 0 to the right and 0 down: it reads 6" in said
    assert "and 0 down" not in shift.moves(lambda: shift.drag("Down", 60))
    button = shift.cell.get_by_role("button", name="CNN + global pooling")
    assert "CNN + global pooling" in shift.moves(lambda: shift.keys(button, "Space"))
    button = shift.cell.get_by_role("button", name="Dense")
    assert "hidden numbers" in shift.moves(button.click)
    assert "digit 7" in shift.moves(lambda: shift.keys(shift.handle("Digit"), "ArrowRight"))
    said = shift.moves(lambda: shift.cell.get_by_role("button", name="Reset").click())
    assert said.startswith("CNN + Flatten, digit 6, shifted 5 to the right")


@pytest.mark.parametrize(
    ("cell_id", "wanted"),
    [
        ("pooling", {"max", "global average", "Size", "Stride", "valid", "same", "Shift right",
                     "Output no.", "Reset"}),
        ("shift", {"Dense", "CNN + global pooling", "Digit", "Right", "Down", "Reset"}),
    ],
)  # fmt: skip
def test_every_control_is_reached_with_the_tab_key(opened, cell_id, wanted):
    assert opened(cell_id).reached_by_tab(wanted) == set()
