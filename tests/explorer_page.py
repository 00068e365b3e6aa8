"""An explorer in a real JupyterLab: moved by mouse and keyboard, read as a reader reads it."""

import re

from playwright.sync_api import expect

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

    def seen(self):
        """Return the pixels of the picture and the sentence below it, as they are now."""
        picture = self.cell.locator("img.widget-image").screenshot()
        return picture, self.cell.locator("[role=status]").inner_text()

    def settled(self):
        """Return what is seen as soon as it no longer changes."""
        self.lab.idle()
        last = self.seen()
        for _ in range(50):
            self.lab.page.wait_for_timeout(300)
            self.lab.idle()
            now = self.seen()
            if now == last:
                return now
            last = now
        raise AssertionError("the explorer does not come to rest")

    def says(self, start):
        """Wait until the sentence begins so."""
        expect(self.cell.locator("[role=status]")).to_have_text(
            re.compile("^" + re.escape(start)), timeout=20_000
        )

    def moves(self, action):
        """Do something, and check that picture and sentence follow."""
        before = self.settled()
        action()
        for _ in range(50):
            after = self.settled()
            if after[0] != before[0] and after[1] != before[1]:
                break
        assert after[0] != before[0], "the picture did not change"
        assert after[1] != before[1], "the sentence did not change"
        assert self.cell.locator("[role=alert]").count() == 0
        return after[1]

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

    def reached_by_tab(self, presses=60):
        """Return the names of what the Tab key reaches, from the first control on."""
        # In the output: above it, the cell has buttons of JupyterLab's own.
        output = self.cell.locator(".jp-OutputArea")
        output.locator(".noUi-handle, input[type=number], button").first.focus()
        reached = set()
        for _ in range(presses):
            reached.add(self.lab.page.evaluate(FOCUSED))
            self.lab.page.keyboard.press("Tab")
        return reached


def opener(lab, last):
    """Return a function that gives the explorer in a cell of a notebook.

    A notebook is opened once, and run as far as the cell that `last` names for it: what follows
    its last explorer need not run.
    """
    state = {}

    def explorer(notebook, cell_id):
        if state.get("notebook") != notebook:
            lab.open(f"notebooks/{notebook}.ipynb")
            lab.run_to(last[notebook])
            state["notebook"] = notebook
        return Explorer(lab, lab.cell(cell_id))

    return explorer
