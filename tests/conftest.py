"""What the tests share: the tools can be imported, and one page of a real JupyterLab."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Open a page of a real JupyterLab that serves a copy of the course."""
    import jupyterlab_page

    if jupyterlab_page.find_chromium() is None:
        pytest.skip("no Chromium was found: install one to run the browser tests")
    with jupyterlab_page.open_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab
