"""The explorers of notebook 09 in a real JupyterLab, moved by keyboard and by mouse."""

import pytest
from explorer_page import every_control_moves

from helpers import explore

pytestmark = pytest.mark.browser

TOPIC = "transfer"


@pytest.mark.parametrize("name", explore.EXPLORERS[TOPIC])
def test_every_control_moves(opened, name):
    every_control_moves(opened(name))


def test_the_recorded_runs_move(opened):
    explorer = opened("transfer_curves")
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
    explorer = opened("backbones")
    button = explorer.cell.get_by_role("button", name="InceptionV3")
    assert "InceptionV3" in explorer.moves(lambda: explorer.keys(button, "Space"))
    handle = explorer.handle("Step")
    # Not the End key: noUiSlider takes it for the end of the range that it was made with.
    said = explorer.moves(lambda: explorer.keys(handle, *["ArrowRight"] * 6))
    assert "Step 7 of 7" in said
    explorer.moves(lambda: explorer.drag("Step", -80))
    said = explorer.moves(lambda: explorer.cell.get_by_role("button", name="Reset").click())
    assert said.startswith("VGG16")


def test_the_cut_moves(opened):
    explorer = opened("cut_depth")
    handle = explorer.handle("Block")
    said = explorer.moves(lambda: explorer.keys(handle, "ArrowLeft"))
    assert said.startswith("digits, MobileNet 0.25 cut after block 12 of 13")
    for name in ("flowers", "random, averaged"):
        button = explorer.cell.get_by_role("button", name=name)
        assert name in explorer.moves(lambda button=button: explorer.keys(button, "Space"))
    explorer.moves(lambda: explorer.drag("Block", -100))
    said = explorer.moves(lambda: explorer.cell.get_by_role("button", name="Reset").click())
    assert said.startswith("digits, MobileNet 0.25 cut after block 13")


def test_the_answers_move(opened):
    explorer = opened("top_five")
    for name in ("coffee", "MobileNetV2", "divided by 255"):
        button = explorer.cell.get_by_role("button", name=name)
        assert name in explorer.moves(lambda button=button: explorer.keys(button, "Space"))
    explorer.moves(lambda: explorer.cell.get_by_role("button", name="Reset").click())


@pytest.mark.parametrize(
    ("cell_id", "wanted"),
    [
        ("transfer_curves", {"Labels", "from scratch", "random, frozen", "fine-tuned", "Reset"}),
        ("backbones", {"Step", "VGG16", "ResNet50", "MobileNet 0.25", "Reset"}),
        ("cut_depth", {"Block", "flowers", "ImageNet, 4 × 4 grid", "random, averaged", "Reset"}),
        ("top_five", {"chelsea", "brick", "MobileNetV2", "none", "VGG16's", "Reset"}),
    ],
)
def test_every_control_is_reached_with_the_tab_key(opened, cell_id, wanted):
    assert opened(cell_id).reached_by_tab(wanted) == set()
