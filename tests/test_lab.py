"""How the browser tests find a browser, and what they do where there is none."""

import jupyterlab_page
import pytest


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """Leave no place where a browser is."""
    which = jupyterlab_page.shutil.which
    monkeypatch.setattr(
        jupyterlab_page.shutil,
        "which",
        lambda name: which(name) if str(name).startswith(str(tmp_path)) else None,
    )
    for name in ("ProgramFiles", "ProgramFiles(x86)"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize(("said", "outcome"), [("", "skip"), ("required", "fail")])
def test_without_a_browser_its_tests_are_skipped_or_fail(monkeypatch, said, outcome):
    monkeypatch.setenv("COURSE_BROWSER", said)
    with pytest.raises(getattr(pytest, outcome).Exception, match="no Chromium or Chrome was found"):
        jupyterlab_page.need_chromium()


def test_chrome_is_found_where_windows_keeps_it(nowhere):
    chrome = nowhere / "ProgramFiles(x86)" / "Google" / "Chrome" / "Application" / "chrome.exe"
    chrome.parent.mkdir(parents=True)
    chrome.touch(0o755)
    assert jupyterlab_page.find_chromium() == str(chrome)
    jupyterlab_page.need_chromium()
