"""An explorer in a real JupyterLab: moved by mouse and keyboard, read as a reader reads it."""

import re
import time

from playwright.sync_api import expect

from helpers import explore

FOCUSED = """() => {
  const focused = document.activeElement;
  if (focused.tagName === 'BUTTON') return focused.innerText.trim();
  return focused.closest('.jupyter-widgets:not(.widget-box)')?.innerText.split('\\n')[0];
}"""


class Explorer:
    """An explorer in its cell: its picture, its sentence, its controls."""

    def __init__(self, lab, cell):
        self.lab, self.cell = lab, cell
        self.cell.locator("img.widget-image").wait_for(timeout=60_000)

    def settled(self):
        """Return the pixels of the picture and the sentence below it, when they are at rest."""
        self.lab.idle()
        picture = self.cell.locator("img.widget-image")
        picture.evaluate("image => image.decode()")
        return picture.screenshot(), self.cell.locator("[role=status]").inner_text()

    def says(self, start):
        """Wait until the sentence begins so."""
        expect(self.cell.locator("[role=status]")).to_have_text(
            re.compile("^" + re.escape(start)), timeout=20_000
        )

    def moves(self, action):
        """Do something, check that picture and sentence follow, and return the sentence."""
        return self.changed(self.settled(), action)[1]

    def changed(self, before, action):
        """Do something, and return what is seen once picture and sentence differ from before."""
        action()
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            after = self.settled()
            if after[0] != before[0] and after[1] != before[1]:
                break
            # What starts by itself, such as a player, has asked the kernel for nothing yet.
            self.lab.page.wait_for_timeout(50)
        assert after[0] != before[0], "the picture did not change"
        assert after[1] != before[1], "the sentence did not change"
        assert self.cell.locator("[role=alert]").count() == 0
        return after

    def handle(self, name):
        """Return the handle of the slider with this name."""
        slider = self.cell.locator(".widget-slider").filter(has_text=name)
        return slider.locator(".noUi-handle")

    def drag(self, name, by):
        """Drag a slider's handle with the mouse."""
        handle = self.handle(name)
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        mouse = self.lab.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + by / 2, y, steps=4)
        mouse.move(x + by, y, steps=4)
        mouse.up()

    def keys(self, target, *keys):
        """Press keys while something has the focus."""
        target.focus()
        for key in keys:
            self.lab.page.keyboard.press(key)

    def reached_by_tab(self, wanted, presses=60):
        """Say which of these names the Tab key does not reach, from the first control on."""
        # In the output: above it, the cell has buttons of JupyterLab's own.
        output = self.cell.locator(".jp-OutputArea")
        output.locator(".noUi-handle, input[type=number], button").first.focus()
        missing = set(wanted)
        for _ in range(presses):
            missing.discard(self.lab.page.evaluate(FOCUSED))
            if not missing:
                break
            self.lab.page.keyboard.press("Tab")
        return missing


def calls(topic, other=None):
    """Return a cell for each explorer of a topic, by its name; `other` replaces and adds some."""
    return {name: f"explore.{name}()" for name in explore.EXPLORERS[topic]} | (other or {})


def whole_notebook(lab, notebook):
    """Run all of a notebook, as a newcomer does: no errors, and explorers in place."""
    lab.errors.clear()
    lab.open(notebook)
    lab.run_all()
    cells = lab.with_widgets()
    assert cells
    for cell_id in cells:
        Explorer(lab, lab.cell(cell_id)).settled()
    assert lab.errors == []


def every_control_moves(explorer):
    """Move each control by keyboard, one after the other, from the state at the start."""
    output = explorer.cell.locator(".jp-OutputArea")
    reset = output.get_by_role("button", name="Reset", exact=True)
    handles, choices = output.locator(".noUi-handle"), output.locator(".widget-toggle-buttons")
    numbers = output.locator("input[type=number]")
    assert handles.count() + choices.count() + numbers.count() > 0
    state = start = explorer.settled()
    actions = []
    for handle in handles.all():
        at_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
        actions.append((handle, "ArrowLeft" if at_end else "ArrowRight"))
    for choice in choices.all():
        # Not the last one: that may be "your own", which is what stands there anyway.
        actions.append((choice.locator("button:not(.mod-active)").first, "Space"))
    # A number counts when it is done: Enter, or leaving its field.
    actions += [(number, "ArrowUp", "Enter") for number in numbers.all()[:1]]
    for control, *keys in actions:
        state = explorer.changed(state, lambda c=control, k=keys: explorer.keys(c, *k))
        state = explorer.changed(state, lambda: explorer.keys(reset, "Space"))
        assert state[1] == start[1], "the reset did not bring the start back"
