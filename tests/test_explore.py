"""Explorers without a browser: their scenes, their controls, their errors, their end."""

import ast
import base64
import datetime
import gc
import io
import types
import weakref

import course
import ipywidgets as widgets
import numpy as np
import pytest
from PIL import Image

from helpers import explore
from helpers.datasets import mnist
from helpers.explore import base, canvas
from helpers.explore.convolution import kernel_editor
from helpers.explore.output_size import geometry
from helpers.layers import conv, shapes

IMAGE = np.arange(30).reshape(5, 6) % 7
KERNEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
MAKERS = {name: getattr(explore, name) for name in explore.__all__}
MAKERS["stepper"] = lambda: explore.stepper(IMAGE, KERNEL)


def given():
    """Return what the notebooks give to explorers, by the names that it has there, but smaller."""
    small = mnist.stand_in_digits()
    images, labels = small["x_test"] / 255, small["y_test"]
    chances = np.full((len(labels), 10), 0.02)
    chances[np.arange(len(labels)), np.roll(labels, 1)] = 0.82
    return {
        "explore": explore, "image": IMAGE, "kernel": KERNEL,
        "digits": types.SimpleNamespace(x_val=images, y_val=labels), "probabilities": chances,
        "x_final": images, "y_final": labels, "final_answers": chances,
        "doubtful": {1: "It may be another digit."}, "x_test": images, "y_test": labels,
        "shown": np.arange(50), "rates": np.geomspace(1e-5, 1, 60),
        "losses": np.r_[np.linspace(2.3, 0.5, 50), np.linspace(0.5, 9, 10)],
    }  # fmt: skip


def called_in_notebooks():
    """Find the calls of explorers with arguments, by the notebook, the cell and the source."""
    found = {}
    for path in course.notebook_paths():
        for cell in course.read(path)["cells"]:
            source = course.text(cell["source"])
            if cell["cell_type"] != "code" or "explore." not in source:
                continue
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call) and (node.args or node.keywords):
                    call = ast.unparse(node)
                    if call.startswith("explore."):
                        name = f"{path.name[:2]}-{cell['id']}"
                        found[name] = lambda call=call: eval(call, given())
    return found


CALLS = called_in_notebooks()


@pytest.fixture(scope="module", params=[*MAKERS, *CALLS])
def built(request):
    """Build each explorer once: pytest runs all tests of one before it builds the next."""
    made = (MAKERS | CALLS)[request.param]()
    yield made
    made.close()


@pytest.fixture
def explorer(built):
    """Give an explorer at its start."""
    yield built
    built.reset()


def values(control):
    """Return the values worth trying: the ends of a slider and its middle, or all options."""
    if isinstance(control, widgets.IntSlider):
        return control.min, (control.min + control.max) // 2, control.max
    if isinstance(control, widgets.ToggleButtons):
        return control.options
    return (-1e6, -1.0, 0.0, 0.1, 1e6)


def test_the_notebooks_give_arguments():
    assert len(CALLS) >= 10


def test_all_are_offered():
    assert explore.__all__ == sorted(MAKERS)
    with pytest.raises(AttributeError, match="no explorer 'other': choose from "):
        explore.other  # noqa: B018


def works_through(explorer, choose):
    """Try values of each control, from the start: a sentence each, and no trouble."""
    for control in explorer.controls.values():
        for value in list(choose(control)):
            control.value = value
            assert explorer.trouble.value == ""
            assert explorer.shown.words
            assert explorer.shown.words in explorer.sentence.value.replace("&#x27;", "'")
        explorer.reset()


def test_every_control_through_its_extremes(explorer):
    works_through(explorer, values)


@pytest.mark.weekly
def test_every_control_through_all_its_values(explorer):
    works_through(
        explorer,
        lambda control: (
            range(control.min, control.max + 1)
            if isinstance(control, widgets.IntSlider) else values(control)
        ),
    )  # fmt: skip


def test_every_control_changes_picture_and_words(explorer):
    for name, control in explorer.controls.items():
        before = explorer.picture.value, explorer.sentence.value
        other = (v for v in reversed(list(values(control))) if v != control.value)
        control.value = next(v for v in other if v != kernel_editor.OWN)
        assert explorer.picture.value != before[0], f"{name} does not change the picture"
        assert explorer.sentence.value != before[1], f"{name} does not change the sentence"
        explorer.reset()
        assert (explorer.picture.value, explorer.sentence.value) == before, name


def test_every_control_has_a_name(explorer):
    for name, control in explorer.controls.items():
        assert control.description, f"the control {name} has no description"


def test_a_flood_ends_on_the_last_value():
    explorer = explore.stepper(IMAGE, KERNEL)
    for position in [*range(12)] * 5 + [7]:
        explorer.controls["position"].value = position
    flooded = explorer.picture.value
    explorer.set(position=3)
    explorer.set(position=7)
    assert explorer.picture.value == flooded
    assert "row 1, column 3" in explorer.sentence.value


def test_errors_are_shown_and_go_away():
    explorer = explore.kernel_editor()
    explorer.controls["w11"].value = float("nan")
    assert 'role="alert"' in explorer.trouble.value
    assert "`kernel` must hold finite numbers" in explorer.trouble.value
    explorer.controls["w11"].value = 1.0
    assert explorer.trouble.value == ""


def test_errors_are_escaped():
    explorer = explore.geometry()

    def fail(**_):
        raise ValueError("<script>")

    explorer.scene = fail
    explorer.redraw()
    assert "&lt;script&gt;" in explorer.trouble.value


def fail(*_, **__):
    raise ValueError("it broke")


def alerted(explorer):
    """Tell whether the reader is alerted now, and take the alert away."""
    shown = explorer.trouble.value
    explorer.trouble.value = ""
    return 'role="alert"' in shown and "it broke" in shown


def ways(explorer):
    """Yield all that a reader can do with an explorer at its start."""
    for name, control in explorer.controls.items():
        other = next(v for v in reversed(list(values(control))) if v != control.value)
        yield name, lambda control=control, other=other: setattr(control, "value", other)
    if (pad := getattr(explorer, "pad", None)) is not None:
        yield "pad", lambda: setattr(pad, "drawn", "ff" + pad.drawn[2:])
    now = datetime.datetime.now(datetime.UTC)
    file = {"type": "", "size": 1, "last_modified": now, "name": "a.png",
            "content": as_file(np.eye(40, dtype=np.uint8) * 255)}  # fmt: skip
    for widget in base.walk(explorer.box):
        if isinstance(widget, widgets.Button):
            yield widget.description, widget.click
        elif isinstance(widget, widgets.FileUpload):
            yield "upload", lambda widget=widget: setattr(widget, "value", (file,))
        elif isinstance(widget, widgets.Text):
            widget.value = ""
            yield "text", lambda widget=widget: setattr(widget, "value", "switzerland")


@pytest.mark.parametrize("where", ["scene", "_limits", "_follow", "_filled"])
def test_errors_after_anything_reach_the_reader(explorer, where, monkeypatch):
    if getattr(explorer, where) is None:
        pytest.skip("it has none")
    tried = 0
    for name, act in ways(explorer):
        with monkeypatch.context() as broken:
            broken.setattr(explorer, where, fail)
            act()
        assert alerted(explorer), f"{where} fails after {name}, and nobody is told"
        explorer.reset()
        tried += 1
    assert tried > len(explorer.controls)  # There is a button to reset them.


def test_errors_of_the_picture_reach_the_reader(explorer, monkeypatch):
    for name, act in ways(explorer):
        with monkeypatch.context() as broken:
            broken.setattr(base, "render", fail)
            act()
        assert alerted(explorer), name
        assert explorer.picture.layout.display == "none"
        explorer.reset()


@pytest.mark.parametrize("name", MAKERS)
def test_errors_of_the_first_drawing_reach_the_reader(name, monkeypatch):
    made = base.Scene.__init__

    def broken(self, panels, words):
        if panels is not None:
            fail()
        made(self, panels, words)

    monkeypatch.setattr(base.Scene, "__init__", broken)
    shown = []
    monkeypatch.setattr(base, "display", lambda data, **_: shown.append(data))
    explorer = MAKERS[name]()
    assert repr(explorer) == "This does not work: it broke"
    explorer._ipython_display_()
    assert shown[0]["text/plain"] == repr(explorer)
    assert alerted(explorer)


def test_an_outer_success_does_not_clear_an_inner_failure():
    explorer = explore.geometry()
    explorer.attempt(lambda: explorer.attempt(fail))
    assert alerted(explorer)
    explorer.attempt(lambda: (explorer.attempt(fail), explorer.redraw()))
    assert alerted(explorer)
    explorer.attempt(fail)
    explorer.attempt(explorer.redraw)
    assert not alerted(explorer)


def test_the_still_picture(explorer, monkeypatch):
    shown = []
    monkeypatch.setattr(base, "display", lambda data, **more: shown.append((data, more)))
    explorer._ipython_display_()
    ((data, more),) = shown
    assert data["text/plain"] == more["metadata"]["image/png"]["alt"] == explorer.shown.words
    assert data[base.WIDGET_VIEW]["model_id"] == explorer.box.model_id
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert picture.width == canvas.SCALE * more["metadata"]["image/png"]["width"]
    assert len(data["image/png"]) < 150_000
    assert repr(explorer) == explorer.shown.words


def test_twenty_runs_of_a_cell_leave_one_explorer(monkeypatch):
    monkeypatch.setattr(base, "display", lambda *_, **__: None)
    monkeypatch.setattr(base, "quantised", lambda _: b"")  # Its picture takes most of the time.
    monkeypatch.setattr(base, "_shown", {})
    opened = []
    monkeypatch.setattr(base.widgets.Widget, "open", counted(widgets.Widget.open, opened, 1))
    monkeypatch.setattr(base.widgets.Widget, "close", counted(widgets.Widget.close, opened, -1))
    left, references = [], []
    for run in range(20):
        monkeypatch.setattr(base, "running_cell", lambda run=run: ("one cell", str(run), True))
        explorer = explore.geometry()
        explorer._ipython_display_()
        references.append(weakref.ref(explorer))
        left.append(sum(opened))
    del explorer
    gc.collect()
    assert left[-1] == left[1]
    assert sum(reference() is not None for reference in references) == 1


def counted(method, notes, step):
    def wrapped(self, *arguments, **options):
        open_before = self.comm is not None
        result = method(self, *arguments, **options)
        if (self.comm is not None) != open_before:
            notes.append(step)
        return result

    return wrapped


def test_two_cells_keep_their_explorers(monkeypatch):
    monkeypatch.setattr(base, "display", lambda *_, **__: None)
    monkeypatch.setattr(base, "quantised", lambda _: b"")  # Its picture takes most of the time.
    monkeypatch.setattr(base, "_shown", {})
    made = []
    for cell in ("one", "two"):
        monkeypatch.setattr(base, "running_cell", lambda cell=cell: (cell, f"run of {cell}", True))
        for _ in range(2):
            made.append(explore.geometry())
            made[-1]._ipython_display_()
    assert all(explorer.box.comm is not None for explorer in made)


def test_cells_without_ids_may_hold_the_same_code(monkeypatch):
    monkeypatch.setattr(base, "display", lambda *_, **__: None)
    monkeypatch.setattr(base, "quantised", lambda _: b"")
    monkeypatch.setattr(base, "_shown", {})
    parent = {"content": {"code": "explore.geometry()"}, "header": {}}
    shell = type("Shell", (), {"get_parent": lambda _: parent})()
    monkeypatch.setattr(base, "get_ipython", lambda: shell)
    made = []
    for run in range(10):
        parent["header"] = {"msg_id": str(run)}
        made.append(explore.geometry())
        made[-1]._ipython_display_()
    is_open = [explorer.box.comm is not None for explorer in made]
    assert is_open == [False] * 6 + [True] * 4
    parent["metadata"] = {"cellId": "geometry"}
    for run in range(10, 12):
        parent["header"] = {"msg_id": str(run)}
        made.append(explore.geometry())
        made[-1]._ipython_display_()
    assert [explorer.box.comm is not None for explorer in made[-6:]] == [True] * 4 + [False, True]


def test_the_stepper_steps():
    stepper = explore.stepper(IMAGE, KERNEL)
    play, back, step = stepper.box.children[0].children[:3]
    step.click()
    assert stepper.settings() == {"position": 1}
    back.click()
    back.click()
    assert stepper.settings() == {"position": 11}
    assert (play.min, play.max) == (0, 11)


@pytest.mark.parametrize("position", range(12))
def test_the_stepper_tells_the_sum(position):
    stepper = explore.stepper(IMAGE, KERNEL)
    stepper.set(position=position)
    row, column = divmod(position, 4)
    expected = conv.conv2d(IMAGE, KERNEL)[row, column]
    assert f"= {canvas.number(expected)}, the output at row {row}, column {column}." in repr(
        stepper
    )


@pytest.mark.parametrize(
    ("arguments", "name"),
    [((np.zeros((13, 3)), KERNEL), "image"), ((IMAGE, np.zeros(3)), "kernel"),
     (("x", KERNEL), "image"), (([[np.nan]], [[1]]), "image")],
)  # fmt: skip
def test_the_stepper_refuses(arguments, name):
    with pytest.raises((TypeError, ValueError), match=f"`{name}` must"):
        explore.stepper(*arguments)


def test_presets_fill_the_boxes_and_are_recognised():
    editor = explore.kernel_editor()
    editor.controls["preset"].value = "Sharpen"
    assert editor.controls["w11"].value == 5
    assert "add up to 1: even areas stay as they are" in repr(editor)
    editor.controls["w11"].value = 4
    assert editor.controls["preset"].value == kernel_editor.OWN
    assert "add up to 0: even areas become 0" in repr(editor)
    editor.controls["w11"].value = 5
    assert editor.controls["preset"].value == "Sharpen"
    editor.controls["w11"].value = 6
    assert "even areas are multiplied by 2" in repr(editor)


def as_file(pixels, kind="PNG"):
    stored = io.BytesIO()
    Image.fromarray(pixels).save(stored, kind)
    return stored.getvalue()


@pytest.mark.parametrize("old", [False, True], ids=["ipywidgets 8", "ipywidgets 7"])
def test_an_upload_becomes_an_image(old):
    content = as_file(np.full((300, 500, 3), 128, np.uint8))
    value = {"a.png": {"content": content}} if old else ({"name": "a.png", "content": content},)
    name, pixels, note = kernel_editor.uploaded(value)
    assert (name, note) == ("a.png", "")
    assert pixels.shape == (192, 192)
    assert np.allclose(pixels, 128 / 255)


def upload(editor, content, name="a.png"):
    now = datetime.datetime.now(datetime.UTC)
    file = {"type": "image/png", "size": 1, "last_modified": now, "name": name, "content": content}
    editor.box.children[0].children[1].value = (file,)


def test_an_upload_is_offered_and_a_foreign_file_explained():
    editor = explore.kernel_editor()
    upload(editor, as_file(np.eye(40, dtype=np.uint8) * 255))
    assert editor.settings()["image"] == "a.png"
    upload(editor, b"no image", "b.png")
    assert 'role="alert"' in editor.trouble.value
    assert "The picture &quot;b.png&quot; cannot be read" in editor.trouble.value
    assert editor.settings()["image"] == "a.png"
    upload(editor, as_file(np.zeros((40, 40), np.uint8)), "c.png")
    assert editor.trouble.value == ""
    upload(editor, as_file(np.zeros((1, 1), np.uint8)), "d.png")
    assert "&quot;d.png&quot; must have 3 x 3 pixels or more" in editor.trouble.value
    assert "Received 1 x 1 pixels." in editor.trouble.value
    assert editor.settings()["image"] == "c.png"


def test_a_second_upload_under_the_same_name_shows_the_new_picture():
    editor = explore.kernel_editor(kernel="identity")
    upload(editor, as_file(np.full((40, 40), 51, np.uint8)), "image.png")
    assert "The output lies between 0.2 and 0.2" in repr(editor)
    before = editor.picture.value
    upload(editor, as_file(np.full((40, 40), 204, np.uint8)), "image.png")
    assert "The output lies between 0.8 and 0.8" in repr(editor)
    assert editor.picture.value != before
    assert editor.settings()["image"] == "image.png"


def test_an_upload_does_not_take_the_place_of_a_bundled_picture():
    editor = explore.kernel_editor(kernel="identity")
    editor.set(image="Cat")
    cat = editor.picture.value
    upload(editor, as_file(np.full((40, 40), 51, np.uint8)), "Cat")
    assert editor.settings()["image"] == "Cat (upload)"
    editor.set(image="Cat")
    assert editor.picture.value == cat


def test_what_was_changed_in_an_upload_is_said():
    editor = explore.kernel_editor(kernel="identity")
    upload(editor, as_file(np.full((40, 40), 13107, np.uint16)), "scan.png")
    assert repr(editor).endswith(
        "between 0.2 and 0.2, shown from black to white. In scan.png, 0 to 65535 became 0 to 255."
    )
    editor.set(image="Cat")
    assert "65535" not in repr(editor)


@pytest.mark.parametrize("bad", ["gaussian_blur_5", "other", None])
def test_the_editor_refuses(bad):
    with pytest.raises(ValueError, match="`kernel` must be one of identity"):
        explore.kernel_editor(kernel=bad)
    with pytest.raises((TypeError, ValueError), match="`image` must"):
        explore.kernel_editor(image="x")


def test_geometry_agrees_with_the_formula_and_keras():
    explorer = explore.geometry(6, strides=2, padding="same")
    words = repr(explorer)
    assert "output 3. Zeros: 0 before, 1 after." in words
    assert "Keras' Conv2D says: 3 × 3" in words
    explorer.set(dilation_rate=2)
    assert "Keras refuses a stride above 1 together with a dilation rate above 1" in repr(explorer)
    explorer.set(padding="valid", strides=1, dilation_rate=3)
    assert "does not fit into an input of 6" in repr(explorer)
    assert explorer.trouble.value == ""


def test_never_visited_pixels_are_those_without_influence():
    random = np.random.default_rng(0)
    for _ in range(60):
        size, kernel, stride, dilation = (int(n) for n in random.integers(1, [13, 5, 5, 4]))
        padding = ["valid", "same"][int(random.integers(2))]
        if padding == "valid" and dilation * (kernel - 1) >= size:
            continue
        sizes = (size, kernel, stride, padding, dilation)
        before = conv.conv2d(
            np.zeros((1, size)), np.ones((1, kernel)), (1, stride), padding, dilation
        )
        seen = geometry.visited(*sizes)
        for pixel in range(size):
            image = np.zeros((1, size))
            image[0, pixel] = 1
            after = conv.conv2d(image, np.ones((1, kernel)), (1, stride), padding, dilation)
            assert seen[pixel] == (after != before).any(), sizes


def test_the_output_slider_follows_the_sizes():
    explorer = explore.geometry(16)
    explorer.set(output=195)
    explorer.set(input_size=5)
    assert explorer.controls["output"].max == 8
    assert explorer.settings()["output"] == 8
    assert "Output row 2, column 2" in repr(explorer)
    assert explorer.controls["output"].max == shapes.output_size(5, 3) ** 2 - 1


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.001, "0"), (-2, "−2"), (0.111, "0.11"), (10, "10"), (1.5, "1.5")],
)
def test_numbers_are_short(value, text):
    assert canvas.number(value) == text


def test_signed_colours_are_centred():
    found = canvas.colors(np.array([[-1.0, 0.0, 2.0]]), signed=True)
    blue, white, red = found[0].astype(int)
    assert white.min() > 240
    assert blue[2] > blue[0]
    assert red[0] > red[2] + 60
