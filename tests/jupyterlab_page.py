"""A real JupyterLab on this machine, driven in a headless Chromium."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

CHROMIUM_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SETUP = "import sys\nsys.path.insert(0, '..')\nfrom helpers import explore"
LONGEST_RUN = 900  # seconds that a whole notebook may take
READY = """() => {
  const widget = window.jupyterapp?.shell?.currentWidget;
  return !!(widget?.sessionContext?.session?.kernel && widget.context.isReady);
}"""
# Which requests to the kernel are not answered yet. Its status alone would say `idle` also while a
# slider's message is still on its way, and comms have a queue of their own in the kernel.
FOLLOW = """() => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const asked = window.asked = new Set();
  kernel.anyMessage.connect((_, { msg, direction }) => {
    if (direction === 'send' && msg.channel === 'shell') asked.add(msg.header.msg_id);
    if (msg.header.msg_type === 'status' && msg.content.execution_state === 'idle')
      asked.delete(msg.parent_header.msg_id);
  });
}"""
# For three frames: an answer can bring the next request, and has to be painted.
CALM = """() => {
  window.calm = window.asked.size ? 0 : (window.calm ?? 0) + 1;
  return window.calm >= 3;
}"""
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

OUTPUTS = """id => window.jupyterapp.shell.currentWidget.content.widgets
  .find(cell => cell.model.id === id).model.outputs.toJSON()"""


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


class Server:
    """A running JupyterLab, as its own programs speak to it."""

    def __init__(self, address: str, token: str):
        self.address, self.token = address, token

    def page(self, path: str) -> str:
        """Return the address at which JupyterLab opens a file, and nothing else."""
        return f"{self.address}/lab/tree/{urllib.parse.quote(path)}?token={self.token}&reset"

    def ask(self, what: str, method: str = "GET") -> bytes:
        """Call Jupyter's REST interface."""
        request = urllib.request.Request(
            f"{self.address}/api/{what}",
            headers={"Authorization": f"token {self.token}"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def shut_kernels_down(self) -> None:
        """End every session and its kernel: one with TensorFlow holds a gigabyte."""
        for session in json.loads(self.ask("sessions")):
            self.ask(f"sessions/{session['id']}", "DELETE")


@contextlib.contextmanager
def serve(program: Sequence[str | Path], state: Path):
    """Run a program that starts JupyterLab, with settings of its own in `state`."""
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
        *program, "--no-browser", "--ip=127.0.0.1", f"--port={port}",
        "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    environment = {**os.environ, **folders, "IPYTHONDIR": str(state / "ipython")}
    with (state / "lab.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            wait_for(f"http://127.0.0.1:{port}/api", server, state / "lab.log")
            yield Server(f"http://127.0.0.1:{port}", token)
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

    def __init__(self, page, server: Server, folder: Path):
        self.page, self.server, self.folder = page, server, folder
        self.errors: list[str] = []
        self.small = ("", "")
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def open_small(self, topic: str, cells: dict[str, str]) -> None:
        """Open a notebook of these cells and run it, if that is not what is open.

        What stands in a cell follows `from helpers import explore`, so that one is a line.
        """
        wanted = (topic, json.dumps(cells))
        if self.small != wanted:
            name = f"notebooks/explorers_of_{topic}.ipynb"
            write_notebook(self.folder / name, {"setup": SETUP, **cells})
            self.open(name)
            self.run_all()
            self.small = wanted

    def open(self, notebook: str) -> None:
        """Open a notebook, by its path from the server's folder, and start its kernel.

        What was open before is closed first, and its kernel shut down.
        """
        self.small = ("", "")
        self.page.goto("about:blank")
        self.server.shut_kernels_down()
        self.page.goto(self.server.page(notebook))
        self.page.wait_for_function(READY, timeout=120_000)
        self.page.evaluate(FOLLOW)

    def run_all(self) -> None:
        """Run all cells; fail where one shows an error or writes to stderr."""
        self._run("run-all-cells")

    def _run(self, command: str) -> None:
        self.page.evaluate(RUN, command)
        self.idle(LONGEST_RUN)
        trouble = self.page.evaluate(TROUBLE)
        assert not trouble, trouble

    def with_widgets(self) -> list[str]:
        """Return the ids of the cells that show widgets."""
        return self.page.evaluate(WIDGETS)

    def outputs(self, cell_id: str) -> list[dict]:
        """Return what a cell has put out, as it would be stored."""
        return self.page.evaluate(OUTPUTS, cell_id)

    def idle(self, seconds: float = 60) -> None:
        """Wait until the kernel has answered all that it was asked, and it is painted."""
        self.page.evaluate("window.calm = 0")
        self.page.wait_for_function(CALM, timeout=1000 * seconds)

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


def write_notebook(path: Path, cells: dict[str, str]) -> None:
    """Write a notebook of code cells, by their ids."""
    made = [
        {"cell_type": "code", "id": name, "metadata": {}, "source": source, "outputs": [],
         "execution_count": None}
        for name, source in cells.items()
    ]  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3"}
    whole = {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(whole), encoding="utf-8")


def copy_course(folder: Path) -> Path:
    """Copy what notebooks need, and return where it is."""
    served = folder / "course"
    for name in ("notebooks", "helpers", "data"):
        shutil.copytree(ROOT / name, served / name)
    return served


@contextlib.contextmanager
def open_lab(served: Path, state: Path, program: Sequence[str | Path] = ()):
    """Serve a copy of the course, and give a page of it in a headless Chromium.

    `state` is a new folder for settings. `program` starts JupyterLab in `served`, where it is not
    JupyterLab itself.
    """
    from playwright.sync_api import sync_playwright

    state.mkdir()
    own = [sys.executable, "-m", "jupyterlab", "--allow-root", f"--ServerApp.root_dir={served}"]
    with serve(program or own, state) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_OPTIONS)
        yield Lab(browser.new_page(viewport={"width": 1280, "height": 1000}), server, served)
        browser.close()
        # Kernels outlive a server that is told to end at once.
        server.shut_kernels_down()
