"""Notebook 09 in a real JupyterLab: its explorers move by keyboard and by mouse."""

import pytest
from explorer_page import everything_moves

pytestmark = pytest.mark.browser

NOTEBOOK = "09_transfer"


def test_the_whole_notebook(lab):
    everything_moves(lab, NOTEBOOK)


def test_the_recorded_runs_move(opened):
    explorer = opened("home-explorer")
    handle = explorer.handle("Labels")
    said = explorer.moves(lambda: explorer.keys(handle, "ArrowRight"))
    assert said.startswith("With 10 labels of each class, trained, frozen reaches")
    explorer.moves(lambda: explorer.drag("Labels", 100))
    button = explorer.cell.get_by_role("button", name="from scratch")
    assert "from scratch reaches" in explorer.moves(button.click)
    button = explorer.cell.get_by_role("button", name="fine-tuned")
    assert "fine-tuned reaches" in explorer.moves(lambda: explorer.keys(button, "Space"))
    said = explorer.moves(lambda: explorer.cell.get_by_role("button", name="Reset").click())
    assert said.startswith("With 5 labels of each class, trained, frozen reaches")


def test_the_networks_move(opened):
    explorer = opened("meet-explorer")
    button = explorer.cell.get_by_role("button", name="InceptionV3")
    assert "InceptionV3" in explorer.moves(lambda: explorer.keys(button, "Space"))
    handle = explorer.handle("Step")
    # Not the End key: noUiSlider takes it for the end of the range that it was made with.
    said = explorer.moves(lambda: explorer.keys(handle, *["ArrowRight"] * 6))
    assert "Step 7 of 7" in said
    explorer.moves(lambda: explorer.drag("Step", -80))
    said = explorer.moves(lambda: explorer.cell.get_by_role("button", name="Reset").click())
    assert said.startswith("VGG16")


def test_the_answers_move(opened):
    explorer = opened("see-explorer")
    for name in ("coffee", "MobileNetV2", "divided by 255"):
        button = explorer.cell.get_by_role("button", name=name)
        assert name in explorer.moves(lambda button=button: explorer.keys(button, "Space"))
    explorer.moves(lambda: explorer.cell.get_by_role("button", name="Reset").click())


@pytest.mark.parametrize(
    ("cell_id", "wanted"),
    [
        ("home-explorer", {"Labels", "from scratch", "random, frozen", "fine-tuned", "Reset"}),
        ("meet-explorer", {"Step", "VGG16", "ResNet50", "MobileNet 0.25", "Reset"}),
        ("see-explorer", {"chelsea", "brick", "MobileNetV2", "none", "VGG16's", "Reset"}),
    ],
)
def test_every_control_is_reached_with_the_tab_key(opened, cell_id, wanted):
    assert wanted <= opened(cell_id).reached_by_tab()
