"""What all explorers share: controls, one picture, one sentence, and nothing lost or leaked.

An explorer is a thin shell over a pure function from settings to a picture and a sentence.
"""

import base64
import functools
import hashlib
import html
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import ipywidgets as widgets
from IPython import get_ipython
from IPython.display import display

from helpers.explore.canvas import Canvas
from helpers.explore.layout import Column, Panel, render
from helpers.explore.words import Words
from helpers.plots.pictures import quantised

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class Scene:
    """What an explorer shows for one choice of settings: a picture, and what it says in words.

    Args:
        panels: A panel, or several one below the other; None for no picture.
        words: One sentence or several that say what is seen.

    """

    def __init__(self, panels: Panel | Sequence[Panel] | None, words: str):
        self.panels, self.words = panels, words

    @functools.cached_property
    def canvas(self) -> Canvas | None:
        """The picture, drawn when it is first asked for."""
        if self.panels is None:
            return None
        return render(self.panels if isinstance(self.panels, Panel) else Column(self.panels))


class Explorer:
    """Controls above a picture and a sentence; each change of a control draws both anew.

    Args:
        scene: A function from the settings, by name, to a `Scene`.
        controls: Rows of declared controls (see `controls.py`) and of other widgets; those of a
            list in a row stand one below the other.
        words: The words of the explorer, for the labels of its controls.
        limits: A function from the settings to the highest values of sliders, by name, where
            these depend on other settings.
        follow: A function from the settings to values of other controls, by name, such as the
            preset that some numbers are.

    """

    def __init__(
        self,
        scene: Callable[..., Scene],
        controls: Sequence[Sequence[Any]],
        *,
        words: Words | None = None,
        limits: Callable[..., dict[str, int]] | None = None,
        follow: Callable[..., dict[str, Any]] | None = None,
    ):
        self.scene, self._say, self._limits, self._follow = scene, words, limits, follow
        self._rows = [list(flat(row)) for row in controls]
        self.controls = {
            part.name: part.widget(words)
            for row in self._rows for part in row if hasattr(part, "widget")
        }  # fmt: skip
        rows = [[widget for part in row for widget in self._made(part)] for row in controls]
        self._start = self.settings()
        self._quiet, self._attempts = False, 0
        self.shown = Scene(None, "")
        reset = widgets.Button(description="Reset", layout=widgets.Layout(width="80px"))
        reset.on_click(lambda _: self.attempt(self.reset))
        # Not seen before there is a picture: browsers show a sign for what cannot be loaded.
        self.picture = widgets.Image(
            format="jpeg", layout=widgets.Layout(max_width="100%", display="none")
        )
        self.sentence, self.trouble = widgets.HTML(), widgets.HTML()
        wrap = widgets.Layout(flex_flow="row wrap", align_items="center")
        laid_out = [widgets.HBox(row, layout=wrap) for row in rows]
        laid_out[-1].children = (*laid_out[-1].children, reset)
        # JupyterLab cuts off what stands at the very edge, such as a label's first letter.
        inset = widgets.Layout(padding="0 0 0 4px")
        whole = [*laid_out, self.picture, self.sentence, self.trouble]
        self.box = widgets.VBox(whole, layout=inset)
        for control in self.controls.values():
            control.observe(self._on_change, names="value")
        self.redraw()

    def _made(self, part: Any) -> list[widgets.Widget]:
        """Return the widgets of a declared control, those of a list one below the other."""
        if isinstance(part, widgets.Widget):
            return [part]
        if isinstance(part, list):
            below = [widget for inner in part for widget in self._made(inner)]
            layout = widgets.Layout(flex="1 1 400px", margin="0 0 0 12px")
            return [widgets.VBox(below, layout=layout)]
        if hasattr(part, "extras"):
            return part.extras(self, self._say)
        return [self.controls[part.name]]

    def declaration(self) -> dict[str, Any]:
        """Return the controls as plain data: rows of kinds, names, labels, ranges and values.

        A page without Python can offer the same controls.

        Examples:
            >>> from helpers import explore
            >>> explore.pooling().declaration()["rows"][1][0]["label"]
            'Size'

        """
        return {
            "rows": [
                [
                    part.declaration(self.controls[part.name], self._say)
                    if hasattr(part, "widget") else part.declaration()
                    for part in row if hasattr(part, "declaration")
                ]
                for row in self._rows
            ],
            "settings": self.settings(),
        }  # fmt: skip

    def offer(self, name: str, option: str) -> None:
        """Add an option to a choice, such as an image that was uploaded, choose it, and draw.

        An option of the same name may stand for something else than before.
        """
        control = self.controls[name]
        part = next(p for row in self._rows for p in row if getattr(p, "name", "") == name)
        values = [one if isinstance(one, str) else one[1] for one in control.options]
        self._quiet = True
        try:
            if option not in values:
                control.options = part.labelled([*values, option], self._say)
        finally:
            self._quiet = False
        self.set(**{name: option})

    def _fit(self) -> None:
        """Bring ranges and values that depend on other settings into line."""
        if self._limits is not None:
            for name, highest in self._limits(**self.settings()).items():
                self.controls[name].max = int(highest)
        if self._follow is not None:
            for name, value in self._follow(**self.settings()).items():
                self.controls[name].value = value

    def _filled(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return settings with those that chosen options give to other controls."""
        given: dict[str, Any] = {}
        for part in (part for row in self._rows for part in row):
            fills = getattr(part, "fills", {})
            if fills and settings.get(part.name) in fills:
                given |= fills[settings[part.name]]
        return {**given, **settings}

    def settings(self) -> dict[str, Any]:
        """Return the values of the controls by name."""
        return {name: control.value for name, control in self.controls.items()}

    def set(self, **settings: Any) -> None:
        """Set several controls, and draw once."""
        self._quiet = True
        settings = self._filled(settings)
        try:
            self._assign(settings)
            # A value may be out of the range that another of these settings brings.
            self._fit()
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

        JupyterLab drops whatever a callback raises or prints, so nothing may get out of here. What
        goes wrong in an attempt within another one stays on the screen, whatever the outer does.
        """
        if not self._attempts:
            self.trouble.value = ""
        self._attempts += 1
        try:
            action()
        except Exception as error:
            said = f"This does not work: {str(error) or type(error).__name__}"
            start, rest = (html.escape(part) for part in said.split(": ", 1))
            self.trouble.value = f'<div role="alert"><b>{start}:</b> {rest}</div>'
            if not self.sentence.value:  # Nothing was said yet.
                self.shown = Scene(None, said)
        finally:
            self._attempts -= 1

    def _draw(self) -> None:
        self._quiet = True
        try:
            self._fit()
        finally:
            self._quiet = False
        scene = self.scene(**self.settings())
        # The words go first: they need no encoding, and the picture follows a little later.
        words = html.escape(scene.words)
        self.sentence.value = f'<div role="status" aria-live="polite">{words}</div>'
        # Where the picture fails, the sentence stays.
        self.shown = Scene(None, scene.words)
        try:
            drawn = scene.canvas
        except Exception:
            self.picture.layout.display = "none"
            raise
        self.shown = scene
        if drawn is not None:
            self.picture.value = drawn.jpeg()
            self.picture.layout.width = f"{drawn.width}px"
        self.picture.layout.display = "none" if drawn is None else None

    def close(self) -> None:
        """Take the explorer out of the kernel: its widgets, and what they observe."""
        for control in self.controls.values():
            control.unobserve_all()
        for widget in walk(self.box):
            widget.close()

    def _on_change(self, change: dict[str, Any]) -> None:
        if not self._quiet:
            self.attempt(lambda: self._follow_up(change))

    def _follow_up(self, change: dict[str, Any]) -> None:
        name = next(name for name, held in self.controls.items() if held is change["owner"])
        filled = self._filled({name: change["new"]})
        if len(filled) > 1:
            self.set(**filled)
        else:
            self.redraw()

    def __repr__(self) -> str:
        return self.shown.words

    def _ipython_display_(self, **_: Any) -> None:
        """Show the widget, with a still picture and the sentence for pages without widgets."""
        remember(self)
        view = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
        data: dict[str, Any] = {"text/plain": self.shown.words}
        metadata = {}
        if (drawn := self.shown.canvas) is not None:
            data["image/png"] = base64.b64encode(quantised(drawn.image)).decode("ascii")
            size = {"width": drawn.width, "height": drawn.height}
            metadata["image/png"] = {"alt": self.shown.words, **size}
        display({**data, WIDGET_VIEW: view}, raw=True, metadata=metadata)


def flat(parts: Sequence[Any]) -> Iterator[Any]:
    """Yield the parts of a row, and those of the lists in it."""
    for part in parts:
        if isinstance(part, list):
            yield from flat(part)
        else:
            yield part


def walk(widget: widgets.Widget):
    """Yield a widget and all that it holds, with their layouts and styles."""
    for child in getattr(widget, "children", ()):
        yield from walk(child)
    for part in ("layout", "style"):
        if (held := getattr(widget, part, None)) is not None:
            yield held
    yield widget


# For each cell, its last runs and what they showed.
_shown: dict[str, dict[str, list[Explorer]]] = {}
# Where cells have no ids (the classic notebook), several may hold the same code.
TWINS = 4


def running_cell() -> tuple[str, str, bool]:
    """Return what names the running cell, what names this run, and whether the first is its id."""
    shell = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    name = parent.get("metadata", {}).get("cellId", "")
    cell = name or parent.get("content", {}).get("code", "")
    run = parent.get("header", {}).get("msg_id", "")
    return hashlib.sha256(str(cell).encode()).hexdigest(), run, bool(name)


def remember(explorer: Explorer) -> None:
    """Close what earlier runs of the same cell showed: nobody can see it any more."""
    cell, run, is_its_id = running_cell()
    runs = _shown.setdefault(cell, {})
    explorers = runs.setdefault(run, [])
    if explorer not in explorers:
        explorers.append(explorer)
    while len(runs) > (1 if is_its_id else TWINS):
        for old in runs.pop(next(iter(runs))):
            old.close()
