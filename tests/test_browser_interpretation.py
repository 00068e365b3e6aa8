"""The explorers of notebook 06 in a real JupyterLab, moved by keyboard and by mouse."""

import pytest
from explorer_page import every_control_moves

from helpers import explore

pytestmark = pytest.mark.browser

TOPIC = "interpretation"


def button(explorer, name):
    return explorer.cell.get_by_role("button", name=name, exact=True)


@pytest.mark.parametrize("name", explore.EXPLORERS[TOPIC])
def test_every_control_moves(opened, name):
    every_control_moves(opened(name))


def test_the_feature_maps_move(opened):
    maps = opened("feature_maps")
    maps.moves(lambda: maps.keys(maps.handle("Digit"), "ArrowRight"))
    said = maps.moves(lambda: maps.keys(button(maps, "convolution 2"), "Space"))
    assert "64 maps of 11 × 11" in said
    maps.moves(lambda: maps.drag("Channel", 80))
    maps.moves(lambda: maps.keys(maps.handle("Row"), "ArrowLeft"))
    said = maps.moves(lambda: button(maps, "Reset").click())
    assert said.startswith("Digit 0")


def test_the_heat_maps_move(opened):
    heat = opened("heat_maps")
    heat.moves(lambda: heat.keys(heat.handle("Digit"), "ArrowRight"))

    def choose():
        button(heat, "guided backpropagation").click()
        # The first map of a method takes its time: the way through the network is compiled.
        said = heat.cell.locator("[role=status]").get_by_text("Guided backpropagation for")
        said.wait_for(timeout=60_000)

    heat.moves(choose)
    said = heat.moves(lambda: heat.drag("Randomised", 120))
    assert "of 5 layers" in said
    heat.moves(lambda: heat.keys(button(heat, "0"), "Space"))
    heat.moves(lambda: button(heat, "Reset").click())


def test_what_a_filter_wants_moves(opened):
    wanted = opened("activation_maximization")
    said = wanted.moves(lambda: wanted.keys(wanted.handle("Step"), "Home"))
    assert "step 0 of 70" in said
    said = wanted.moves(lambda: wanted.drag("Step", 150))
    assert "step 0 of 70" not in said
    said = wanted.moves(lambda: wanted.keys(button(wanted, "none"), "Space"))
    assert "without penalty" in said
    wanted.moves(lambda: wanted.keys(wanted.handle("Channel"), "ArrowRight"))

    def choose():
        button(wanted, "convolution 2").click()
        # The ascent of a layer is computed when it is first asked for.
        said = wanted.cell.locator("[role=status]").get_by_text("patch of 8 × 8")
        said.wait_for(timeout=60_000)

    wanted.moves(choose)
    said = wanted.moves(lambda: button(wanted, "Reset").click())
    assert "step 70 of 70" in said


def test_the_neighbours_move(opened):
    near = opened("neighbours")
    near.moves(lambda: near.keys(near.handle("Digit"), "ArrowRight"))
    said = near.moves(lambda: near.keys(button(near, "pixels"), "Space"))
    assert "Nearest to it in pixels" in said
    near.moves(lambda: near.drag("Neighbours", -60))
    near.moves(lambda: button(near, "Reset").click())


@pytest.mark.parametrize(
    ("cell_id", "wanted"),
    [
        ("feature_maps", {"Digit", "convolution 1", "pooling 2", "Channel", "Row", "Column"}),
        (
            "activation_maximization",
            {"convolution 1", "none", "ink and differences", "Channel", "Step"},
        ),
        ("heat_maps", {"Digit", "Randomised", "occlusion", "HiResCAM", "convolution 3", "9"}),
        ("neighbours", {"Digit", "Neighbours", "last hidden layer", "pixels", "Reset"}),
    ],
)
def test_every_control_is_reached_with_the_tab_key(opened, cell_id, wanted):
    assert opened(cell_id).reached_by_tab(wanted) == set()
