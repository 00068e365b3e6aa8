"""The course in a real JupyterLab."""

import pytest

pytestmark = pytest.mark.browser


def test_notebook_00_runs_in_jupyterlab(lab):
    lab.open("notebooks/00_start_here.ipynb")
    lab.run_all()
    lab.cell("ready").get_by_text("Everything works.").last.wait_for(timeout=20_000)
    assert lab.errors == []
