"""The course in a real JupyterLab: notebooks run, explorers move by keyboard and by mouse."""

import pytest

pytestmark = pytest.mark.browser

# Only the cells up to the explorers run: what follows trains networks.
EXPLORERS = [
    ("01_slide_a_filter_over_an_image", "stepper"),
    ("01_slide_a_filter_over_an_image", "kernel-editor"),
    ("02_set_the_output_size", "geometry"),
]


FOCUSED = """() => {
  const focused = document.activeElement;
  if (focused.tagName === 'BUTTON') return focused.innerText.trim();
  return focused.closest('.jupyter-widgets:not(.widget-box)')?.innerText.split('\\n')[0];
}"""


def test_notebook_00_runs_in_jupyterlab(lab):
    lab.open("notebooks/00_start_here.ipynb")
    lab.run_all()
    lab.cell("ready").get_by_text("Everything works.").last.wait_for(timeout=20_000)
    assert lab.errors == []


class Explorer:
    """An explorer in its cell: its picture, its sentence, its controls."""

    def __init__(self, lab, cell):
        self.lab, self.cell = lab, cell
        self.cell.locator("img.widget-image").wait_for(timeout=60_000)

    def state(self):
        """Return the pixels of the picture and the sentence below it."""
        self.lab.idle()
        self.lab.page.wait_for_timeout(400)
        picture = self.cell.locator("img.widget-image").screenshot()
        return picture, self.cell.locator("[role=status]").inner_text()

    def moves(self, action):
        """Do something, and check that picture and sentence follow."""
        before = self.state()
        action()
        after = self.state()
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


@pytest.fixture(scope="module")
def opened(lab):
    """Open a notebook once and run it as far as its last explorer."""
    state = {}

    def explorer(notebook, cell_id):
        if state.get("notebook") != notebook:
            lab.open(f"notebooks/{notebook}.ipynb")
            last = [cell for name, cell in EXPLORERS if name == notebook][-1]
            lab.run_to(last)
            state["notebook"] = notebook
        return Explorer(lab, lab.cell(cell_id))

    return explorer


def test_the_stepper_moves(opened):
    stepper = opened(*EXPLORERS[0])
    handle = stepper.handle("Position")
    assert "row 0, column 1" in stepper.moves(lambda: stepper.keys(handle, "ArrowRight"))
    flood = ["ArrowRight"] * 9
    assert "row 2, column 0" in stepper.moves(lambda: stepper.keys(handle, *flood))
    stepper.moves(lambda: stepper.drag("Position", 120))
    stepper.moves(lambda: stepper.cell.get_by_role("button", name="Step").click())
    said = stepper.moves(lambda: stepper.cell.get_by_role("button", name="Reset").click())
    assert said.startswith("Window at row 0, column 0")
    play = stepper.cell.locator(".widget-play button").first
    stepper.moves(lambda: (play.click(), stepper.lab.page.wait_for_timeout(1600), play.click()))


def test_the_kernel_editor_moves(opened):
    editor = opened(*EXPLORERS[1])
    box = editor.cell.locator("input[type=number]").nth(4)

    def write():
        box.fill("3")
        editor.keys(box, "Enter")

    assert "even areas are multiplied by 3" in editor.moves(write)
    button = editor.cell.get_by_role("button", name="Box blur")
    assert "Box blur" in editor.moves(button.click)
    button = editor.cell.get_by_role("button", name="Sharpen")
    assert "Sharpen" in editor.moves(lambda: editor.keys(button, "Space"))
    button = editor.cell.get_by_role("button", name="Digit")
    assert editor.moves(button.click).startswith("Digit")
    editor.moves(lambda: editor.cell.get_by_role("button", name="Reset").click())


def test_the_geometry_explorer_moves(opened):
    geometry = opened(*EXPLORERS[2])
    handle = geometry.handle("Input")
    assert "Input 8" in geometry.moves(lambda: geometry.keys(handle, "ArrowRight"))
    stride = geometry.handle("Stride")
    said = geometry.moves(lambda: geometry.keys(stride, "ArrowRight"))
    assert "Never visited: 15 of 64 pixels" in said
    geometry.moves(lambda: geometry.drag("Kernel", 60))
    button = geometry.cell.get_by_role("button", name="same")
    assert "padding same" in geometry.moves(lambda: geometry.keys(button, "Space"))
    dilation = geometry.handle("Dilation")
    said = geometry.moves(lambda: geometry.keys(dilation, "ArrowRight"))
    assert "Keras refuses" in said
    geometry.moves(lambda: geometry.cell.get_by_role("button", name="Reset").click())
    geometry.moves(lambda: geometry.keys(geometry.handle("Output no."), "ArrowRight"))


@pytest.mark.parametrize(("notebook", "cell_id"), EXPLORERS)
def test_every_control_is_reached_with_the_tab_key(opened, notebook, cell_id):
    explorer = opened(notebook, cell_id)
    explorer.cell.locator(".noUi-handle, input[type=number], button").first.focus()
    reached = set()
    for _ in range(60):
        reached.add(explorer.lab.page.evaluate(FOCUSED))
        explorer.lab.page.keyboard.press("Tab")
    wanted = {
        "stepper": {"Back", "Step", "Reset", "Position"},
        "kernel-editor": {"Digit", "Sharpen", "row 0, col 0", "row 2, col 2", "Reset"},
        "geometry": {
            "Input",
            "Kernel",
            "Stride",
            "Dilation",
            "valid",
            "same",
            "Output no.",
            "Reset",
        },
    }[cell_id]
    assert wanted <= reached
