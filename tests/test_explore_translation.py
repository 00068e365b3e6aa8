"""Notebook 04 without a browser: shifted digits, and the explorers of pooling and of shifts."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers import explore, plots
from helpers.datasets import locate, mnist
from helpers.datasets.records import load_record
from helpers.explore import canvas
from helpers.explore.translation import pooling, shift
from helpers.models import shifted_digits
from helpers.models.backend import keras
from helpers.models.shifted_digits import shift_on_paper

LAYERS = {
    "max": keras.layers.MaxPooling2D,
    "average": keras.layers.AveragePooling2D,
}


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_pooled_numbers_are_those_of_keras(kind, padding):
    random = np.random.default_rng(0)
    for size in range(1, 5):
        for strides in range(1, 5):
            values = random.normal(size=(7, 9)).astype("float32")
            layer = LAYERS[kind](size, strides=strides, padding=padding)
            expected = np.asarray(layer(values[None, ..., None]))[0, ..., 0]
            found = pooling.pooled(values, kind, size, strides, padding)
            assert np.allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("kind", "layer"),
    [("global max", keras.layers.GlobalMaxPooling2D()),
     ("global average", keras.layers.GlobalAveragePooling2D())],
)  # fmt: skip
def test_global_pooling_is_that_of_keras(kind, layer):
    values = np.random.default_rng(1).normal(size=(5, 8)).astype("float32")
    expected = float(layer(values[None, ..., None])[0, 0])
    assert pooling.pooled(values, kind, 2, 2, "valid") == pytest.approx(expected, abs=1e-6)


def test_every_output_tells_its_winner():
    values = np.random.default_rng(2).permutation(64).reshape(8, 8)
    explorer = explore.pooling(values)
    for padding in ("valid", "same"):
        explorer.set(pool_size=3, strides=2, padding=padding)
        expected = pooling.pooled(values, "max", 3, 2, padding).ravel()
        for output in range(explorer.controls["output"].max + 1):
            explorer.set(output=output)
            row, column = np.argwhere(values == expected[output])[0]
            number = canvas.number(expected[output])
            assert f" is {number}, from row {row}, column {column}." in repr(explorer)


@pytest.mark.parametrize(
    ("shift", "strides", "words"),
    [(0, 2, "nothing has moved yet"), (1, 2, "cannot move along exactly"),
     (2, 2, "is moved by 1 cell, and all its numbers are the same"),
     (3, 1, "is moved by 3 cells, and all its numbers are the same")],
)  # fmt: skip
def test_the_pooled_map_follows_whole_cells_only(shift, strides, words):
    explorer = explore.pooling()
    explorer.set(shift=shift, strides=strides)
    assert words in repr(explorer)


def test_a_shifted_map_may_change_at_the_border():
    explorer = explore.pooling()
    explorer.set(shift=1, strides=1, pool_size=3)
    assert "numbers differ, at the border" in repr(explorer)


@pytest.mark.parametrize(("pixels", "row"), [(0, "0, 0, 0, 0"), (1, "0, 9, 9, 9")])
def test_every_second_number_makes_one_colour_of_stripes(pixels, row):
    explorer = explore.pooling()
    explorer.set(pattern="stripes", pool_size=1, strides=2, shift=pixels)
    assert f"The first pooled row is {row}." in repr(explorer)


def test_a_map_of_the_readers_own_leaves_no_choice_of_pattern():
    assert "pattern" not in explore.pooling(np.eye(5)).controls


def test_the_global_maximum_does_not_care():
    explorer = explore.pooling()
    for pixels in range(1, 4):
        explorer.set(kind="global max", shift=pixels)
        assert "the one number is the same as without the shift" in repr(explorer)


@pytest.mark.parametrize("bad", [np.zeros((3, 8)), np.zeros((8, 11)), np.zeros(8), "x", [[None]]])
def test_the_pooling_explorer_refuses(bad):
    with pytest.raises((TypeError, ValueError), match="`feature_map` must"):
        explore.pooling(bad)


def test_a_shift_within_the_margin_loses_no_ink():
    digits = np.full((2, 28, 28), 255, np.uint8)
    for right, down in [(0, 0), (8, -8), (-8, 8)]:
        paper = shift_on_paper(digits, right, down)
        assert paper.shape == (2, shifted_digits.SIDE, shifted_digits.SIDE, 1)
        assert paper.sum() == 2 * 28 * 28
        assert paper[:, 8 + down, 8 + right, 0].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [((np.zeros((28, 28)),), "images"), ((np.zeros((1, 27, 28)),), "images"), (("x",), "images"),
     ((np.zeros((1, 28, 28)), 9), "right"), ((np.zeros((1, 28, 28)), 0, -9), "down"),
     ((np.zeros((1, 28, 28)), 1.5), "right")],
)  # fmt: skip
def test_placing_refuses(arguments, name):
    with pytest.raises((TypeError, ValueError), match=f"`{name}` must.*Received"):
        shift_on_paper(*arguments)


@pytest.mark.parametrize("bad", ["other", 3, None])
def test_unknown_networks_are_refused(bad):
    with pytest.raises((TypeError, ValueError), match="`name` must be one of"):
        shifted_digits.build(bad)
    with pytest.raises((TypeError, ValueError), match="`network` must be one of"):
        explore.shift(bad)


@pytest.mark.parametrize("bad", [{"digit": 10}, {"right": 9}, {"down": -9}, {"digit": 1.5}])
def test_the_shift_explorer_refuses(bad):
    with pytest.raises((TypeError, ValueError), match=f"`{next(iter(bad))}` must"):
        explore.shift(**bad)


def test_missing_weights_are_said(tmp_path):
    missing = r"translation_dense\.weights\.h5 is missing in data/"
    with pytest.raises(locate.DataError, match=missing):
        shifted_digits.load_trained("dense", tmp_path)


@pytest.mark.parametrize("name", shifted_digits.NETWORKS)
def test_the_explorer_shows_what_keras_computes(name):
    network = shifted_digits.load_trained(name)
    explorer = explore.shift(name, digit=4, right=3, down=-2)
    image = mnist.load_digit_image(shift.DIGITS[4])[None]
    answer = np.asarray(network(shift_on_paper(image, 3, -2)))[0]
    says = int(answer.argmax())
    assert f"it reads {says} with {answer[says]:.0%}" in repr(explorer)
    assert "shifted 3 to the right and −2 down" in repr(explorer)


@pytest.mark.parametrize("name", shifted_digits.NETWORKS)
def test_all_digits_are_read_in_the_middle(name):
    explorer = explore.shift(name)
    for digit in range(10):
        explorer.set(digit=digit)
        assert f"it reads {digit} with" in repr(explorer)
        assert ", right. In the middle" in repr(explorer)


def test_maps_follow_by_whole_cells():
    for digit in range(10):
        middle = shift.read("global", digit, 0, 0)
        for right, down in [(4, 0), (0, -4), (-4, 4)]:
            there = shift.read("global", digit, right, down)
            cells = right // shifted_digits.TOTAL_STRIDE, down // shifted_digits.TOTAL_STRIDE
            assert shift.difference(there.first, middle.first, right, down) < 1e-5
            assert shift.difference(there.last, middle.last, *cells) < 1e-5
            assert np.allclose(there.probabilities, middle.probabilities, atol=1e-3)
        between = shift.read("global", digit, 2, 0)
        assert shift.difference(between.last, middle.last, 0, 0) > 0.05


def test_the_explorer_tells_the_recorded_accuracy():
    record = load_record("translation")["accuracy"]["flatten"]
    explorer = explore.shift("flatten", right=-5)
    assert f"such networks read {np.mean(record, axis=0)[5]:.0%}" in repr(explorer)
    explorer.set(down=1)
    assert "measured along one axis only" in repr(explorer)
    assert canvas.number(-5) in repr(explorer)


def test_bands_reach_from_the_least_to_the_most():
    ax = Figure().subplots()
    runs = {str(n): np.array([[1.0, 2.0], [3.0, 6.0]]) + n for n in range(5)}
    plots.mean_range(ax, [0, 1], runs, "shift", "accuracy")
    assert [line.get_ydata().tolist() for line in ax.lines][:2] == [[2, 4], [3, 5]]
    heights = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (1, 6)
    assert len({(line.get_marker(), line.get_linestyle()) for line in ax.lines}) == 4
    with pytest.raises(ValueError, match="`groups` must have 2 dimensions"):
        plots.mean_range(ax, [0, 1], {"a": [1, 2]}, "", "")
