"""What all explorers share: controls, one picture, one sentence, and nothing lost or leaked.

An explorer is a thin shell over a pure function from settings to a picture and a sentence.
"""

import base64
import hashlib
import html
from collections.abc import Callable
from typing import Any, NamedTuple

import ipywidgets as widgets
from IPython import get_ipython
from IPython.display import display

from helpers.explore.canvas import Canvas
from helpers.plots.pictures import quantised

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# A grey that stands out from a light page, from a dark one, and from a slider's track; left to
# themselves, handles are white on white.
HANDLE = "#767676"


class Scene(NamedTuple):
    """What an explorer shows for one choice of settings: a picture, and what it says in words."""

    canvas: Canvas
    words: str


class Explorer:
    """Controls above a picture and a sentence; each change of a control draws both anew.

    Args:
        scene: A function from the settings, by name, to a `Scene`.
        controls: The widgets whose values are the settings, by the same names.
        rows: How they are laid out: rows of names of controls, and of other widgets.
        adjust: Called before each drawing, to bring ranges of controls into line.

    """

    def __init__(
        self,
        scene: Callable[..., Scene],
        controls: dict[str, widgets.Widget],
        rows: list[list[Any]],
        adjust: Callable[[dict[str, widgets.Widget]], None] | None = None,
    ):
        self.scene, self.controls, self._adjust = scene, controls, adjust
        self._start = self.settings()
        self._quiet = False
        reset = widgets.Button(description="Reset", layout=widgets.Layout(width="80px"))
        reset.on_click(lambda _: self.reset())
        self.picture = widgets.Image(format="jpeg", layout=widgets.Layout(max_width="100%"))
        self.sentence, self.trouble = widgets.HTML(), widgets.HTML()
        wrap = widgets.Layout(flex_flow="row wrap", align_items="center")
        laid_out = [
            widgets.HBox([controls[x] if isinstance(x, str) else x for x in row], layout=wrap)
            for row in rows
        ]
        laid_out[-1].children = (*laid_out[-1].children, reset)
        # JupyterLab cuts off what stands at the very edge, such as a label's first letter.
        inset = widgets.Layout(padding="0 0 0 4px")
        whole = [*laid_out, self.picture, self.sentence, self.trouble]
        self.box = widgets.VBox(whole, layout=inset)
        for control in controls.values():
            if isinstance(control, widgets.IntSlider | widgets.FloatSlider):
                control.style.handle_color = HANDLE
            control.observe(self._on_change, names="value")
        self.redraw()

    def settings(self) -> dict[str, Any]:
        """Return the values of the controls by name."""
        return {name: control.value for name, control in self.controls.items()}

    def set(self, **settings: Any) -> None:
        """Set several controls, and draw once."""
        self._quiet = True
        try:
            self._assign(settings)
            if self._adjust is not None:
                # A value may be out of the range that another of these settings brings.
                self._adjust(self.controls)
                self._assign(settings)
        finally:
            self._quiet = False
        self.redraw()

    def _assign(self, settings: dict[str, Any]) -> None:
        for name, value in settings.items():
            self.controls[name].value = value

    def reset(self) -> None:
        """Bring every control back to its first value."""
        self.set(**self._start)

    def redraw(self) -> None:
        """Draw the present settings; show an error to the reader where that fails."""
        self.attempt(self._draw)

    def attempt(self, action: Callable[[], Any]) -> None:
        """Do something for the reader, and show what went wrong if it fails.

        JupyterLab drops whatever a callback raises or prints, so nothing may get out of here.
        """
        try:
            action()
        except Exception as error:
            message = html.escape(str(error) or type(error).__name__)
            self.trouble.value = f'<div role="alert"><b>This does not work:</b> {message}</div>'
        else:
            self.trouble.value = ""

    def _draw(self) -> None:
        if self._adjust is not None:
            self._quiet = True
            try:
                self._adjust(self.controls)
            finally:
                self._quiet = False
        self.shown = self.scene(**self.settings())
        # The words go first: they need no encoding, and the picture follows a little later.
        words = html.escape(self.shown.words)
        self.sentence.value = f'<div role="status" aria-live="polite">{words}</div>'
        self.picture.value = self.shown.canvas.jpeg()
        self.picture.layout.width = f"{self.shown.canvas.width}px"

    def close(self) -> None:
        """Take the explorer out of the kernel: its widgets, and what they observe."""
        for control in self.controls.values():
            control.unobserve_all()
        for widget in walk(self.box):
            widget.close()

    def _on_change(self, _) -> None:
        if not self._quiet:
            self.redraw()

    def __repr__(self) -> str:
        return self.shown.words

    def _ipython_display_(self, **_: Any) -> None:
        """Show the widget, with a still picture and the sentence for pages without widgets."""
        remember(self)
        canvas = self.shown.canvas
        png = base64.b64encode(quantised(canvas.image)).decode("ascii")
        view = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
        size = {"width": canvas.width, "height": canvas.height}
        display(
            {"text/plain": self.shown.words, "image/png": png, WIDGET_VIEW: view},
            raw=True,
            metadata={"image/png": {"alt": self.shown.words, **size}},
        )


def toggles(description: str, options: list[str], value: str) -> widgets.ToggleButtons:
    """Make a choice of one among several buttons.

    No dropdown: JupyterLab takes its arrow keys to move from cell to cell.
    """
    return widgets.ToggleButtons(
        description=description, options=options, value=value, style={"button_width": "auto"}
    )


def walk(widget: widgets.Widget):
    """Yield a widget and all that it holds, with their layouts and styles."""
    for child in getattr(widget, "children", ()):
        yield from walk(child)
    for part in ("layout", "style"):
        if (held := getattr(widget, part, None)) is not None:
            yield held
    yield widget


_shown: dict[str, tuple[str, list[Explorer]]] = {}


def running_cell() -> tuple[str, str]:
    """Return what tells the running cell from others, and this run of it from earlier ones."""
    shell = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell = parent.get("metadata", {}).get("cellId") or parent.get("content", {}).get("code", "")
    run = parent.get("header", {}).get("msg_id", "")
    return hashlib.sha256(str(cell).encode()).hexdigest(), run


def remember(explorer: Explorer) -> None:
    """Close what earlier runs of the same cell showed: nobody can see it any more."""
    cell, run = running_cell()
    last_run, explorers = _shown.get(cell, (run, []))
    if last_run != run:
        for old in explorers:
            old.close()
        explorers = []
    if explorer not in explorers:
        explorers.append(explorer)
    _shown[cell] = (run, explorers)
