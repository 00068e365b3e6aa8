"""The controls of an explorer, declared: names, kinds, ranges and first values, and no widget yet.

Their labels stand with the explorer's words, under `controls`; what is written on the buttons of a
choice, where it differs from the option itself, under `options`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as widgets

from helpers.explore import canvas
from helpers.explore.words import Words

# A grey that stands out from a light page, from a dark one, and from a slider's track; left to
# themselves, handles are white on white.
HANDLE = "#767676"
# ipywidgets keeps 80 pixels for a label and cuts off what is longer.
LABEL = 72


def _style(label: str) -> dict[str, str]:
    is_long = canvas.text_width(label, canvas.TEXT) > LABEL
    return {"description_width": "initial"} if is_long else {}


@dataclass
class Slider:
    """A number from a range; whole where its ends and its steps are.

    Attributes:
        name: The setting.
        low: The smallest number.
        high: The largest number.
        value: The first number.
        step: From one number to the next.
        wide: Whether it is long, for many numbers.
        readout: Whether the number is written beside it.

    """

    name: str
    low: float
    high: float
    value: float
    step: float = 1
    wide: bool = False
    readout: bool = True

    def widget(self, say: Words) -> widgets.Widget:
        """Return the widget."""
        is_whole = all(float(part).is_integer() for part in (self.low, self.high, self.step))
        kind, number = (
            (widgets.IntSlider, int) if is_whole else (widgets.FloatSlider, float)
        )  # fmt: skip
        label = say(f"controls.{self.name}")
        made = kind(
            description=label, min=number(self.low), max=number(self.high),
            value=number(self.value), step=number(self.step), readout=self.readout,
            style=_style(label), layout=widgets.Layout(width="520px" if self.wide else "300px"),
        )  # fmt: skip
        made.style.handle_color = HANDLE
        return made

    def declaration(self, widget: widgets.Widget, say: Words) -> dict[str, Any]:  # noqa: ARG002
        """Return it as plain data, with the range that it has now."""
        return {
            "kind": "slider", "name": self.name, "label": widget.description, "low": widget.min,
            "high": widget.max, "value": widget.value, "step": widget.step,
            "readout": self.readout,
        }  # fmt: skip


@dataclass
class Choice:
    """One of several options, each a button.

    No dropdown: JupyterLab takes its arrow keys to move from cell to cell.

    Attributes:
        name: The setting.
        options: The values.
        value: The first one.
        fills: For options, the values that they give to other controls.

    """

    name: str
    options: Sequence[str]
    value: str
    fills: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def widget(self, say: Words) -> widgets.Widget:
        """Return the widget."""
        label = say(f"controls.{self.name}")
        style = {"button_width": "auto", **_style(label)}
        return widgets.ToggleButtons(
            description=label, options=self.labelled(self.options, say), value=self.value,
            style=style,
        )  # fmt: skip

    def labelled(self, options: Sequence[str], say: Words) -> list[Any]:
        """Return options as ipywidgets takes them: with their labels where these differ."""
        labels = [say.option(self.name, option) for option in options]
        if labels == list(options):
            return labels
        return list(zip(labels, options, strict=True))

    def declaration(self, widget: widgets.Widget, say: Words) -> dict[str, Any]:
        """Return it as plain data, with the options that it has now."""
        values = [option if isinstance(option, str) else option[1] for option in widget.options]
        return {
            "kind": "choice", "name": self.name, "label": widget.description,
            "options": [{"value": v, "label": say.option(self.name, v)} for v in values],
            "value": widget.value,
            "fills": {option: dict(given) for option, given in self.fills.items()},
        }  # fmt: skip


@dataclass
class Number:
    """A number that is typed.

    Attributes:
        name: The setting.
        value: The first number.
        step: How much an arrow key changes it.

    """

    name: str
    value: float
    step: float = 0.5

    def widget(self, say: Words) -> widgets.Widget:
        """Return the widget."""
        return widgets.FloatText(
            description=say(f"controls.{self.name}"), value=float(self.value), step=self.step,
            style={"description_width": "80px"}, layout=widgets.Layout(width="170px"),
        )  # fmt: skip

    def declaration(self, widget: widgets.Widget, say: Words) -> dict[str, Any]:  # noqa: ARG002
        """Return it as plain data."""
        return {
            "kind": "number", "name": self.name, "label": widget.description,
            "value": widget.value, "step": self.step,
        }  # fmt: skip


@dataclass
class Steps:
    """Buttons that play a slider, and go back and forth on it; they are no settings.

    Attributes:
        of: The name of the slider.

    """

    of: str

    def extras(self, explorer: Any, say: Words) -> list[widgets.Widget]:
        """Return the widgets."""
        slider = explorer.controls[self.of]
        play = widgets.Play(min=slider.min, max=slider.max, interval=700)
        widgets.jslink((play, "value"), (slider, "value"))

        def button(key, by):
            made = widgets.Button(
                description=say(f"controls.{key}"), layout=widgets.Layout(width="80px")
            )
            made.on_click(lambda _: explorer.attempt(lambda: move(by)))
            return made

        def move(by):
            length = slider.max - slider.min + 1
            slider.value = slider.min + (slider.value - slider.min + by) % length

        return [play, button("back", -1), button("step", 1)]

    def declaration(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"kind": "steps", "of": self.of}


@dataclass
class Button:
    """A button that does something with the explorer.

    Attributes:
        name: The key of its label among the controls.
        action: Called with the explorer.

    """

    name: str
    action: Callable[[Any], Any]

    def extras(self, explorer: Any, say: Words) -> list[widgets.Widget]:
        """Return the widget."""
        made = widgets.Button(
            description=say(f"controls.{self.name}"), layout=widgets.Layout(width="80px")
        )
        made.on_click(lambda _: explorer.attempt(lambda: self.action(explorer)))
        return [made]

    def declaration(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"kind": "button", "name": self.name}


@dataclass
class Upload:
    """A button to upload an image.

    Attributes:
        name: The key of its label among the controls.
        action: Called with the explorer and what was uploaded.

    """

    name: str
    action: Callable[[Any, Any], Any]

    def extras(self, explorer: Any, say: Words) -> list[widgets.Widget]:
        """Return the widget."""
        made = widgets.FileUpload(
            description=say(f"controls.{self.name}"), accept="image/*", multiple=False
        )

        def use(change):
            if change["new"]:
                explorer.attempt(lambda: self.action(explorer, change["new"]))

        made.observe(use, names="value")
        return [made]

    def declaration(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"kind": "upload", "name": self.name}


@dataclass
class Entry:
    """A text that is typed, and used when it is done.

    Attributes:
        name: The key of its label among the controls; `NAME_hint` is what stands in it at first.
        action: Called with the explorer and the text, without spaces around it.

    """

    name: str
    action: Callable[[Any, str], Any]

    def extras(self, explorer: Any, say: Words) -> list[widgets.Widget]:
        """Return the widget."""
        made = widgets.Text(
            description=say(f"controls.{self.name}"), continuous_update=False,
            placeholder=say(f"controls.{self.name}_hint"), layout=widgets.Layout(width="300px"),
        )  # fmt: skip

        def use(change):
            if typed := change["new"].strip():
                explorer.attempt(lambda: self.action(explorer, typed))

        made.observe(use, names="value")
        return [made]

    def declaration(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"kind": "entry", "name": self.name}
