"""What the tests share: the tools can be imported, and one page of a real JupyterLab."""

import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Open a page of a real JupyterLab that serves a copy of the course."""
    import jupyterlab_page
    from playwright.sync_api import sync_playwright

    chromium = jupyterlab_page.find_chromium()
    if chromium is None:
        pytest.skip("no Chromium was found: install one to run the browser tests")
    state, served = tmp_path_factory.mktemp("state"), tmp_path_factory.mktemp("course")
    for name in ("notebooks", "helpers", "data"):
        shutil.copytree(ROOT / name, served / name)
    with jupyterlab_page.serve(served, state) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=jupyterlab_page.CHROMIUM_OPTIONS
        )
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        yield jupyterlab_page.Lab(page, address)
        browser.close()
