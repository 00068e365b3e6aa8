"""The mistakes browser in a real JupyterLab, on answers that no network needs to be trained for."""

import pytest
from explorer_page import Explorer

pytestmark = pytest.mark.browser

CODE = """\
import sys
sys.path.insert(0, "..")
import numpy as np
from helpers import explore
labels, read = np.array([3, 3, 5, 5, 7]), np.array([5, 8, 3, 5, 1])
probabilities = np.full((5, 10), 0.02)
probabilities[np.arange(5), read] = 0.82
explore.misclassified(np.random.default_rng(0).random((5, 28, 28)), labels, probabilities)"""
SAVE = """async source => {
  const cell = { cell_type: 'code', id: 'mistakes', metadata: {}, source, outputs: [],
                 execution_count: null };
  const kernelspec = { name: 'python3', display_name: 'Python 3' };
  await window.jupyterapp.serviceManager.contents.save('notebooks/mistakes.ipynb', {
    type: 'notebook', format: 'json',
    content: { cells: [cell], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 },
  });
}"""


@pytest.fixture(scope="module")
def browser(lab):
    lab.page.goto(lab.address.format(""))
    lab.page.wait_for_function("() => window.jupyterapp?.serviceManager.isReady", timeout=60_000)
    lab.page.evaluate(SAVE, CODE)
    lab.open("notebooks/mistakes.ipynb")
    lab.run_all()
    return Explorer(lab, lab.cell("mistakes"))


def test_the_mistakes_move(browser):
    browser.says("Mistake 1 of 4: a digit labelled 3 was read as 5")
    handle = browser.handle("Mistake")
    said = browser.moves(lambda: browser.keys(handle, "ArrowRight"))
    assert said.startswith("Mistake 2 of 4: a digit labelled 3 was read as 8")
    browser.moves(lambda: browser.drag("Mistake", 400))
    button = browser.cell.get_by_role("button", name="5", exact=True)
    said = browser.moves(lambda: browser.keys(button, "Space"))
    assert said.startswith("Mistake 1 of 1: a digit labelled 5 was read as 3")
    button = browser.cell.get_by_role("button", name="4", exact=True)
    assert browser.moves(button.click) == "No digit labelled 4 was misread."
    said = browser.moves(lambda: browser.cell.get_by_role("button", name="Reset").click())
    assert said.startswith("Mistake 1 of 4")
    said = browser.moves(lambda: browser.keys(handle, "ArrowRight"))
    assert said.startswith("Mistake 2 of 4")
    assert browser.lab.errors == []


def test_everything_is_reached_with_the_tab_key(browser):
    assert {"all", "0", "9", "Mistake", "Reset"} <= browser.reached_by_tab()
