"""The explorers of notebook 08 in a real JupyterLab, moved by keyboard and by mouse."""

import pytest
from explorer_page import every_control_moves

from helpers import explore

pytestmark = pytest.mark.browser

TOPIC = "hyperparameters"


@pytest.mark.parametrize("name", explore.EXPLORERS[TOPIC])
def test_every_control_moves(opened, name):
    every_control_moves(opened(name))


def test_the_map_moves(opened):
    search = opened("search_grid")
    rate = search.handle("Learning rate")
    assert "Learning rate 0.003" in search.moves(lambda: search.keys(rate, "ArrowRight"))
    search.moves(lambda: search.drag("Batch size", -200))
    fresh = search.cell.get_by_role("button", name="fresh digits")
    assert "of the fresh digits" in search.moves(lambda: search.keys(fresh, "Space"))
    search.moves(lambda: search.cell.get_by_role("button", name="Reset").click())


def test_the_study_moves(opened):
    study = opened("search_study")
    handle = study.handle("Trial")
    study.moves(lambda: study.keys(handle, "ArrowLeft"))
    study.moves(lambda: study.drag("Trial", -80))
    button = study.cell.get_by_role("button", name="the five best so far")
    assert "the five best so far" in study.moves(button.click)
    study.moves(lambda: study.cell.get_by_role("button", name="Reset").click())


def test_the_winners_curse_moves(opened):
    curse = opened("winners_curse")
    assert "Draw 2" in curse.moves(lambda: curse.keys(curse.handle("Draw"), "ArrowRight"))
    curse.moves(lambda: curse.keys(curse.handle("Digits"), "ArrowRight"))
    curse.moves(lambda: curse.drag("Networks", -90))
    curse.moves(lambda: curse.cell.get_by_role("button", name="Reset").click())


def test_architectures_and_finals_move(opened):
    shapes = opened("architectures")
    shapes.moves(lambda: shapes.keys(shapes.handle("Network"), "ArrowLeft"))
    shapes.moves(shapes.cell.get_by_role("button", name="processor seconds").click)
    pairs = opened("seed_pairs")
    pairs.moves(lambda: pairs.keys(pairs.handle("Seeds"), "ArrowLeft"))
    pairs.moves(pairs.cell.get_by_role("button", name="fresh").click)
    grid = opened("grid_or_random")
    grid.moves(lambda: grid.keys(grid.handle("Draw"), "ArrowRight"))
    grid.moves(lambda: grid.drag("Grid's side", 60))


@pytest.mark.parametrize(
    ("cell_id", "wanted"),
    [
        ("search_grid",
         {"Learning rate", "Batch size", "validation digits", "fresh digits", "Reset"}),
        ("architectures", {"Network", "parameters", "processor seconds", "Reset"}),
        ("grid_or_random", {"Grid's side", "Draw", "Reset"}),
        ("search_study", {"Trial", "all so far", "the five best so far", "Reset"}),
        ("winners_curse", {"Networks", "Digits", "Draw", "Reset"}),
        ("seed_pairs", {"default", "winner", "validation", "test", "Seeds", "Reset"}),
    ],
)  # fmt: skip
def test_every_control_is_reached_with_the_tab_key(opened, cell_id, wanted):
    assert opened(cell_id).reached_by_tab(wanted) == set()
