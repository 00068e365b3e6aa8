"""Notebook 12 in a real JupyterLab: its explorer moves, and links open a notebook at a cell."""

import pytest
from explorer_page import every_control_moves

from helpers import explore

pytestmark = pytest.mark.browser

TOPIC = "wrap_up"


@pytest.mark.parametrize("name", explore.EXPLORERS[TOPIC])
def test_every_control_moves(opened, name):
    every_control_moves(opened(name))


def test_the_budget_explorer_moves(opened):
    budget = opened("budget")
    blocks = budget.handle("Blocks")
    assert budget.moves(lambda: budget.keys(blocks, "ArrowRight")).startswith("3 blocks")
    budget.moves(lambda: budget.drag("Filters", 60))
    button = budget.cell.get_by_role("button", name="stride 2")
    assert "smaller by stride 2" in budget.moves(button.click)
    button = budget.cell.get_by_role("button", name="global max pooling")
    assert "then global max pooling" in budget.moves(lambda: budget.keys(button, "Space"))
    said = budget.moves(lambda: budget.cell.get_by_role("button", name="Reset").click())
    assert said.startswith("2 blocks from 16 filters")
    wanted = {"Blocks", "Filters", "Dense", "3", "same", "stride 2", "Flatten", "Reset"}
    assert budget.reached_by_tab(wanted) == set()


def follow(lab, cell_id, name, wanted):
    """Click a link in a cell, and wait for the notebook and the cell to which it leads."""
    lab.open("notebooks/12_wrap_up.ipynb")
    link = lab.cell(cell_id).get_by_role("link", name=name).first
    link.scroll_into_view_if_needed()
    link.click()
    path, cell = wanted
    lab.page.wait_for_function(
        """([path, cell]) => {
          const widget = window.jupyterapp.shell.currentWidget;
          const element = document.getElementById('cell-id=' + cell)
            || document.querySelector(`[data-cell-id="${cell}"]`);
          if (widget.context?.path !== path) return false;
          const found = widget.content.widgets.find(one => one.model.id === cell);
          if (!found || !found.node.isConnected) return false;
          const box = found.node.getBoundingClientRect();
          return box.height > 0 && box.top < window.innerHeight && box.bottom > 0;
        }""",
        arg=[f"notebooks/{path}.ipynb", cell],
        timeout=30_000,
    )


def test_a_link_of_an_answer_opens_the_notebook_at_its_cell(lab):
    wanted = ("08_hyperparameters", "range-heading")
    follow(lab, "faq-rate", "do it", wanted)


def test_a_link_of_the_glossary_opens_the_notebook_at_its_cell(lab):
    follow(lab, "glossary-s", "02", ("02_output_size", "stride-heading"))
