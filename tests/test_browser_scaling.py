"""The explorers of notebook 11 in a real JupyterLab, moved by keyboard and by mouse."""

import pytest
from explorer_page import every_control_moves

from helpers import explore

pytestmark = pytest.mark.browser

TOPIC = "scaling"


@pytest.mark.parametrize("name", explore.EXPLORERS[TOPIC])
def test_every_control_moves(opened, name):
    every_control_moves(opened(name))


def test_the_pipeline_explorer_moves(opened):
    explorer = opened("pipeline")
    prepare = explorer.handle("Prepare")
    said = explorer.moves(lambda: explorer.keys(prepare, "ArrowRight"))
    assert said.startswith("A batch takes 35 ms to prepare")
    flood = ["ArrowRight"] * 5
    said = explorer.moves(lambda: explorer.keys(prepare, *flood))
    assert said.startswith("A batch takes 60 ms to prepare")
    explorer.moves(lambda: explorer.drag("Train", 60))
    calls = explorer.handle("Calls")
    assert "2 calls at the same time" in explorer.moves(lambda: explorer.keys(calls, "ArrowRight"))
    explorer.moves(lambda: explorer.keys(calls, "ArrowLeft"))
    on = explorer.cell.get_by_role("button", name="on")
    assert "prefetch on" in explorer.moves(lambda: explorer.keys(on.first, "Space"))
    assert "cache on" in explorer.moves(on.last.click)
    reset = explorer.cell.get_by_role("button", name="Reset")
    assert "prefetch off, cache off" in explorer.moves(reset.click)


def test_every_control_of_the_pipeline_is_reached_with_the_tab_key(opened):
    wanted = {"Prepare", "Train", "Calls", "off", "on", "Reset"}
    assert opened("pipeline").reached_by_tab(wanted) == set()


def test_the_replicas_explorer_moves(opened):
    explorer = opened("replicas")
    many = explorer.handle("Replicas")
    said = explorer.moves(lambda: explorer.keys(many, "ArrowRight"))
    assert said.startswith("10 images on 3 replicas")
    explorer.moves(lambda: explorer.drag("Images", -60))
    uneven = explorer.cell.get_by_role("button", name="uneven")
    explorer.moves(lambda: explorer.keys(uneven, "Space"))
    own = explorer.cell.get_by_role("button", name="its own images")
    assert "divides its sum by the number of its own images" in explorer.moves(own.click)
    reset = explorer.cell.get_by_role("button", name="Reset")
    assert explorer.moves(reset.click).startswith("10 images on 2 replicas")
    assert explorer.reached_by_tab({"Images", "Replicas", "even", "its own images"}) == set()


def test_the_batch_explorer_moves(opened):
    explorer = opened("batch_rates")
    small = explorer.cell.get_by_role("button", name="16", exact=True)
    assert explorer.moves(lambda: explorer.keys(small, "Space")).startswith("Batches of 16")
    digits = explorer.cell.get_by_role("button", name="4,096 digits")
    assert "after 4,096 digits" in explorer.moves(digits.click)
    assert explorer.reached_by_tab({"16", "256", "16 steps", "4,096 digits", "Reset"}) == set()
