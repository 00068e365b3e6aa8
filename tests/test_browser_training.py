"""Notebook 05 in a real JupyterLab: it trains, and its explorers move."""

import pytest
from explorer_page import everything_moves

pytestmark = pytest.mark.browser

NOTEBOOK = "05_training"


def test_the_whole_notebook(lab):
    everything_moves(lab, NOTEBOOK)
