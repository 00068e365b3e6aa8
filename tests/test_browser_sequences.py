"""The explorers of notebook 10 in a real JupyterLab, moved by keyboard and by mouse."""

import pytest
from explorer_page import every_control_moves

from helpers import explore

pytestmark = pytest.mark.browser

TOPIC = "sequences"


@pytest.mark.parametrize("name", explore.EXPLORERS[TOPIC])
def test_every_control_moves(opened, name):
    every_control_moves(opened(name))


def test_the_signal_explorer_moves(opened):
    signal = opened("signal")
    position = signal.handle("Position")
    assert "Output 6 of 0 to 35" in signal.moves(lambda: signal.keys(position, "ArrowRight"))
    flood = ["ArrowRight"] * 9
    assert "Output 15 of 0 to 35" in signal.moves(lambda: signal.keys(position, *flood))
    signal.moves(lambda: signal.drag("Position", 100))
    button = signal.cell.get_by_role("button", name="causal")
    assert "padding causal" in signal.moves(lambda: signal.keys(button, "Space"))
    dilation = signal.handle("Dilation")
    assert "dilation rate 2" in signal.moves(lambda: signal.keys(dilation, "ArrowRight"))
    preset = signal.cell.get_by_role("button", name="Average")
    assert signal.moves(preset.click).startswith("Average")
    weight = signal.cell.locator("input[type=number]").nth(4)
    said = signal.moves(lambda: (weight.fill("3"), weight.press("Enter")))
    assert said.startswith("Your own kernel")
    reset = signal.cell.get_by_role("button", name="Reset")
    assert signal.moves(reset.click).startswith("Narrow peak, padding valid")


def test_every_control_of_the_signal_is_reached_with_the_tab_key(opened):
    wanted = {"Narrow peak", "Average", "weight 0", "weight 4", "valid", "causal", "Dilation",
              "Position", "Reset"}  # fmt: skip
    assert opened("signal").reached_by_tab(wanted) == set()


def test_the_ngram_explorer_moves(opened):
    explorer = opened("ngrams")
    handle = explorer.handle("Filter")
    explorer.moves(lambda: explorer.keys(handle, "ArrowRight"))
    explorer.moves(lambda: explorer.drag("Filter", 80))
    button = explorer.cell.get_by_role("button", name="finlandese")
    assert explorer.moves(lambda: explorer.keys(button, "Space")).startswith("finlandese")
    typed = explorer.cell.locator("input[type=text]").first
    said = explorer.moves(lambda: (typed.fill("Schweden"), typed.press("Enter")))
    assert said.startswith("schweden")
    reset = explorer.cell.get_by_role("button", name="Reset")
    assert explorer.moves(reset.click).startswith("norwegisch")
    assert explorer.reached_by_tab({"Filter", "norwegisch", "tibetain", "Reset"}) == set()
