"""The cheat sheet: true, as the code draws it, and without overlaps; plans say what Keras says."""

import base64
import re

import cheat_sheet
import numpy as np
import pytest
from PIL import Image

from helpers import plots
from helpers.datasets import locate
from helpers.layers import cost
from helpers.models import mnist_cnn
from helpers.models.backend import keras
from helpers.plots import pictures


def test_the_cheat_sheet_is_what_the_code_draws():
    page = cheat_sheet.draw()
    digest = cheat_sheet.digest(page)
    with Image.open(locate.DATA_FOLDER / "cheat_sheet.png") as stored:
        assert stored.text["Subject"] == digest, "run `make cheatsheet`"
        assert stored.width / stored.height == pytest.approx(210 / 297, abs=0.002)
    assert digest.encode() in (locate.DATA_FOLDER / "cheat_sheet.pdf").read_bytes()
    first, second = cheat_sheet.files(page), cheat_sheet.files(cheat_sheet.draw())
    assert first == second
    assert all(len(content) < 300_000 for content in first.values())


def test_the_notebook_shows_the_file_itself(monkeypatch):
    shown = []
    monkeypatch.setattr(pictures, "display", lambda found, **more: shown.append((found, more)))
    path = locate.DATA_FOLDER / "cheat_sheet.png"
    plots.show_file(path, "in words")
    ((found, more),) = shown
    assert base64.b64decode(found["image/png"]) == path.read_bytes()
    assert more["metadata"]["image/png"] == {"alt": "in words", "width": 702, "height": 993}


def test_the_cheat_sheet_is_true():
    written = cheat_sheet.draw().written
    assert {"93,322", "2,794,240", "+4.3 ± 1.1", "+2.0 ± 0.8"} <= set(written)
    assert {"−0.23 ± 0.06", "−0.21 ± 0.04", "−0.11 ± 0.03"} <= set(written)
    names = {"keras": keras, "layers": keras.layers}
    random = np.random.default_rng(0)
    names["x"] = names["x_val"] = random.random((64, 28, 28, 1)).astype("float32")
    names["y"] = names["y_val"] = random.integers(0, 10, 64)
    exec(cheat_sheet.CODE.replace("epochs=20", "epochs=1, verbose=0"), names)
    assert names["network"].output_shape == (None, 10)


def test_nothing_on_the_cheat_sheet_leaves_its_page_or_overlaps():
    page = cheat_sheet.draw()
    renderer = page.figure.canvas.get_renderer()
    page.figure.canvas.draw()
    width, height = page.figure.bbox.size
    boxes = [text.get_window_extent(renderer) for text in page.ax.texts if text.get_text()]
    for box in boxes:
        assert box.x0 > 0
        assert box.x1 < width * (1 - 8 / 210) + 1
        assert 0 < box.y0 < box.y1 < height
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            across = min(one.x1, other.x1) - max(one.x0, other.x0)
            down = min(one.y1, other.y1) - max(one.y0, other.y0)
            assert across < 1 or down < 2


@pytest.mark.parametrize("seed", range(12))
def test_a_plan_says_what_keras_says(seed):
    random = np.random.default_rng(seed)
    plan, network = [], [keras.Input((28, 28, 1))]
    for _ in range(int(random.integers(1, 4))):
        filters, kernel, strides = (int(n) for n in random.integers(1, [9, 5, 3]))
        padding = ("valid", "same")[int(random.integers(2))]
        plan.append(("conv", filters, kernel, strides, padding))
        network.append(keras.layers.Conv2D(filters, kernel, strides, padding))
        if random.integers(2):
            plan.append(("pool", 2))
            network.append(keras.layers.MaxPooling2D(2))
    if random.integers(2):
        plan.append(("flatten",))
        network.append(keras.layers.Flatten())
    else:
        plan.append(("global",))
        network.append(keras.layers.GlobalMaxPooling2D())
    plan.append(("dense", 7))
    network.append(keras.layers.Dense(7))
    made = keras.Sequential(network)
    rows = cost.plan((28, 28, 1), plan)
    for row, layer in zip(rows[1:], made.layers, strict=True):
        assert row.shape == tuple(layer.output.shape[1:])
        assert row.parameters == layer.count_params()
        if isinstance(layer, keras.layers.Conv2D):
            assert row.multiply_adds == row.shape[0] * row.shape[1] * int(
                np.prod(layer.kernel.shape)
            )
        elif isinstance(layer, keras.layers.Dense):
            assert row.multiply_adds == int(np.prod(layer.kernel.shape))
    assert cost.total(rows)[0] == made.count_params()


def test_the_plan_of_the_course_network():
    rows = cost.plan((28, 28, 1), cost.MNIST_NETWORK)
    assert cost.total(rows)[0] == mnist_cnn.build().count_params() == 93_322
    assert [row.field for row in rows[:6]] == [1, 3, 4, 8, 10, 18]


@pytest.mark.parametrize(
    ("layers", "reason"),
    [([3], "must be a tuple"), ([("other",)], "must begin with"), ([("dense", 3)], "cannot stand"),
     ([("flatten",), ("conv", 1, 1)], "cannot stand"), ([("conv", 0, 3)], "`filters` must"),
     ([("conv", 2, 29)], "`kernel_size` must fit"), ([()], "must be a tuple"),
     ([([],)], "must begin with"), (5, "`layers` must be a sequence of tuples. Received layers=5"),
     ([("pool", 2), ("pool",)], "`layers[1]` must hold 1 after \"pool\". Received ('pool',)."),
     ([("flatten",), ("dense",)], "`layers[1]` must hold 1 after \"dense\". Received ('dense',)."),
     ([("conv", 8)], "`layers[0]` must hold 2 to 4 after \"conv\". Received ('conv', 8)."),
     ([("conv", 8, 3, 1, "same", 1)], "`layers[0]` must hold 2 to 4 after"),
     ([("flatten", 3)], "`layers[0]` must hold nothing after \"flatten\". Received ('flat"),
     ([("global", 2)], "`layers[0]` must hold nothing after")],
)  # fmt: skip
def test_bad_plans_are_refused(layers, reason):
    with pytest.raises((TypeError, ValueError), match=re.escape(reason)):
        cost.plan((28, 28, 1), layers)


@pytest.mark.parametrize("shape", [5, "28", (28, 28), (28, 28, 1, 1), (28, 28, 0), (28, 28, 1.5)])
def test_a_bad_input_shape_is_refused(shape):
    with pytest.raises((TypeError, ValueError), match="`input_shape` must be .*Received input_sh"):
        cost.plan(shape, [("flatten",)])
