"""The explorers of notebook 07 in a real JupyterLab, moved by keyboard and by mouse."""

import pytest
from explorer_page import every_control_moves

from helpers import explore

pytestmark = pytest.mark.browser

TOPIC = "regularization"


@pytest.mark.parametrize("name", explore.EXPLORERS[TOPIC])
def test_every_control_moves(opened, name):
    every_control_moves(opened(name))


def test_the_cures_move(opened):
    cures = opened("regularizers")
    handle = cures.handle("Epoch")
    assert "Dropout, epoch 59:" in cures.moves(lambda: cures.keys(handle, "ArrowLeft"))
    cures.moves(lambda: cures.drag("Epoch", -120))
    button = cures.cell.get_by_role("button", name="augmentation", exact=True)
    assert "Augmentation, epoch" in cures.moves(button.click)
    button = cures.cell.get_by_role("button", name="loss", exact=True)
    assert ": loss" in cures.moves(lambda: cures.keys(button, "Space"))
    said = cures.moves(lambda: cures.cell.get_by_role("button", name="Reset").click())
    assert said.startswith("Dropout, epoch 60: accuracy")


def test_dropout_moves(opened):
    dropout = opened("dropout")
    assert "draw 2:" in dropout.moves(lambda: dropout.keys(dropout.handle("Draws"), "ArrowRight"))
    dropout.moves(lambda: dropout.drag("Rate", 40))
    button = dropout.cell.get_by_role("button", name="inference")
    assert "nothing is dropped" in dropout.moves(lambda: dropout.keys(button, "Space"))
    dropout.moves(lambda: dropout.cell.get_by_role("button", name="Reset").click())


def test_the_augmentation_moves(opened):
    augmentation = opened("augmentation")
    handle = augmentation.handle("Amount")
    said = augmentation.moves(lambda: augmentation.keys(handle, "ArrowRight"))
    assert said.startswith("A 6, turned by 6° against the clock")
    augmentation.moves(lambda: augmentation.drag("Amount", 150))
    button = augmentation.cell.get_by_role("button", name="2", exact=True)
    assert augmentation.moves(button.click).startswith("A 2,")
    button = augmentation.cell.get_by_role("button", name="mirror")
    said = augmentation.moves(lambda: augmentation.keys(button, "Space"))
    assert "mirrored left to right" in said
    augmentation.moves(lambda: augmentation.cell.get_by_role("button", name="Reset").click())


@pytest.mark.parametrize(
    ("cell_id", "wanted"),
    [
        ("regularizers", {"plain", "label smoothing", "accuracy", "loss", "Epoch", "Reset"}),
        ("dropout", {"training", "inference", "Rate in %", "Draws", "Reset"}),
        ("augmentation", {"0", "9", "rotation", "mirror", "Amount", "Reset"}),
    ],
)
def test_every_control_is_reached_with_the_tab_key(opened, cell_id, wanted):
    assert opened(cell_id).reached_by_tab(wanted) == set()
