"""A real JupyterLab on this machine, driven in a headless Chromium."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

CHROMIUM_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
LONGEST_RUN = 900  # seconds that a whole notebook may take
READY = """() => {
  const widget = window.jupyterapp?.shell?.currentWidget;
  return !!(widget?.sessionContext?.session?.kernel && widget.context.isReady);
}"""
IDLE = """() =>
  window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'"""
RUN = """async command => {
  const widget = window.jupyterapp.shell.currentWidget;
  await widget.sessionContext.ready;
  await window.jupyterapp.commands.execute(`notebook:${command}`);
}"""
# Read from the notebook, not from the page: JupyterLab takes cells out of the page that are far
# from what is in view, and their errors with them.
TROUBLE = """() => {
  const found = [];
  for (const cell of window.jupyterapp.shell.currentWidget.content.widgets) {
    if (cell.model.type !== 'code') continue;
    const wanted = (cell.model.sharedModel.metadata.tags ?? []).includes('raises-exception');
    for (const output of cell.model.outputs.toJSON()) {
      const error = output.output_type === 'error' && !wanted;
      if (error || output.name === 'stderr')
        found.push(`${cell.model.id}: ${output.ename ?? ''} ${output.evalue ?? output.text}`);
    }
  }
  return found;
}"""
WIDGETS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter(cell => cell.model.type === 'code' && cell.model.outputs.toJSON().some(
    output => 'application/vnd.jupyter.widget-view+json' in (output.data ?? {})))
  .map(cell => cell.model.id)"""


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    # On macOS and Windows it is not on the PATH.
    usual = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ]
    for name in ("ProgramFiles", "ProgramFiles(x86)"):
        if folder := os.environ.get(name):
            usual.append(str(Path(folder, "Google", "Chrome", "Application", "chrome.exe")))
    return next(filter(None, map(shutil.which, [*names, *usual])), None)


def need_chromium() -> None:
    """Skip the test where there is no browser; fail it where COURSE_BROWSER says `required`."""
    if find_chromium() is None:
        told = "no Chromium or Chrome was found: install one to run the browser tests"
        if os.environ.get("COURSE_BROWSER") == "required":
            pytest.fail(told)
        pytest.skip(told)


@contextlib.contextmanager
def serve(root: Path, state: Path):
    """Run JupyterLab on `root` with settings of its own in `state`, and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    folders = {
        f"{name}_DIR": str(state / name.lower())
        for name in ("JUPYTER_CONFIG", "JUPYTER_DATA", "JUPYTER_RUNTIME", "JUPYTERLAB_SETTINGS",
                     "JUPYTERLAB_WORKSPACES")
    }  # fmt: skip
    settings = Path(folders["JUPYTERLAB_SETTINGS_DIR"]) / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8"
    )
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={root}", "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    environment = {**os.environ, **folders, "IPYTHONDIR": str(state / "ipython")}
    with (state / "lab.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            wait_for(f"http://127.0.0.1:{port}/api", server, state / "lab.log")
            yield f"http://127.0.0.1:{port}/lab/tree/{{}}?token={token}&reset"
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    """Wait until the server answers, at most a minute."""
    for _ in range(600):
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start: {log.read_text(encoding='utf-8')[-2000:]}")


class Lab:
    """One page of JupyterLab, with the notebook that is open in it."""

    def __init__(self, page, address: str):
        self.page, self.address = page, address
        self.errors: list[str] = []
        self.whole = ""
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def open_whole(self, notebook: str) -> None:
        """Open a notebook of the course and run all of it, if that is not what is open."""
        if self.whole != notebook:
            self.open(f"notebooks/{notebook}.ipynb")
            self.run_all()
            self.whole = notebook

    def open(self, notebook: str) -> None:
        """Open a notebook, by its path from the server's folder, and start its kernel."""
        self.whole = ""
        self.page.goto(self.address.format(notebook))
        self.page.wait_for_function(READY, timeout=120_000)

    def run_all(self) -> None:
        """Run all cells; fail where one shows an error or writes to stderr."""
        self._run("run-all-cells")

    def run_to(self, cell_id: str) -> None:
        """Run all cells up to this one, and this one."""
        self.cell(cell_id)
        self._run("run-all-above")
        self._run("run-cell")

    def _run(self, command: str) -> None:
        self.page.evaluate(RUN, command)
        self.idle(LONGEST_RUN)
        trouble = self.page.evaluate(TROUBLE)
        assert not trouble, trouble

    def with_widgets(self) -> list[str]:
        """Return the ids of the cells that show widgets."""
        return self.page.evaluate(WIDGETS)

    def idle(self, seconds: float = 60) -> None:
        """Wait until the kernel has nothing to do."""
        self.page.wait_for_function(IDLE, timeout=1000 * seconds)

    def cell(self, cell_id: str):
        """Return the cell with this id, scrolled into view."""
        index = self.page.evaluate(
            """id => window.jupyterapp.shell.currentWidget.content.widgets.findIndex(
                 cell => cell.model.id === id)""",
            cell_id,
        )
        self.page.evaluate(
            """async index => {
                 const notebook = window.jupyterapp.shell.currentWidget.content;
                 notebook.activeCellIndex = index;
                 await notebook.scrollToItem(index, 'start');
               }""",
            index,
        )
        found = self.page.locator(f'.jp-Cell[data-windowed-list-index="{index}"]')
        found.wait_for(timeout=20_000)
        return found


@contextlib.contextmanager
def open_lab(folder: Path):
    """Serve a copy of the course from `folder`, and give a page of it in a headless Chromium."""
    from playwright.sync_api import sync_playwright

    served, state = folder / "course", folder / "state"
    state.mkdir()
    for name in ("notebooks", "helpers", "data"):
        shutil.copytree(ROOT / name, served / name)
    with serve(served, state) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_OPTIONS)
        yield Lab(browser.new_page(viewport={"width": 1280, "height": 1000}), address)
        browser.close()
