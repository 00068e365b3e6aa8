"""The explorers of notebook 03 without a browser: what they say is what Keras and NumPy compute."""

import numpy as np
import pytest

from helpers import explore
from helpers.explore import canvas
from helpers.explore.channels import channel_sum, matrix, receptive_field
from helpers.explore.channels.matrix import KINDS, layer
from helpers.layers import conv, shapes


@pytest.mark.parametrize("bias", [0.0, -0.4])
def test_the_channels_add_up_to_what_keras_computes(bias):
    from helpers.models.backend import keras

    image = np.random.default_rng(0).random((7, 9, 3))
    explorer = explore.channel_sum(image)
    for chosen, weights in channel_sum.FILTERS.items():
        layer = keras.layers.Conv2D(1, 3)
        layer.build((None, 7, 9, 3))
        layer.set_weights([weights, np.array([bias])])
        explorer.set(chosen=chosen, row=3, column=5, bias=bias)
        expected = float(layer(image[None].astype("float32"))[0, 3, 5, 0])
        words = f"with the bias of {canvas.number(bias)} the output there is"
        assert f"{words} {canvas.number(expected)}." in repr(explorer)


@pytest.mark.parametrize("bad", [np.zeros((9, 9)), np.zeros((9, 9, 4)), np.zeros((2, 9, 3)),
                                 np.zeros((97, 9, 3)), "x"])  # fmt: skip
def test_the_channels_refuse(bad):
    with pytest.raises((TypeError, ValueError), match="`image` must"):
        explore.channel_sum(bad)


def test_the_channels_begin_where_they_are_told():
    image = np.random.default_rng(0).random((7, 9, 3))
    settings = explore.channel_sum(image, row=4, column=6).settings()
    assert (settings["row"], settings["column"]) == (4, 6)
    with pytest.raises(ValueError, match=r"`row` must be an integer from 0 to 4. Received row=5"):
        explore.channel_sum(image, row=5)
    with pytest.raises(ValueError, match="`column` must"):
        explore.channel_sum(image, column=7)


@pytest.mark.parametrize(("image", "kernel"), [((5, 5), (3, 3)), ((4, 6), (2, 3)), ((6, 3), (1, 3)),
                                               ((3, 3), (3, 3)), ((6, 6), (1, 1))])  # fmt: skip
def test_the_matrix_of_a_convolution_computes_it(image, kernel):
    random = np.random.default_rng(0)
    pixels, weights = random.normal(size=image), random.normal(size=kernel)
    found = layer("Convolution", image, weights).weights @ pixels.ravel()
    assert np.allclose(found, conv.conv2d(pixels, weights).ravel())


@pytest.mark.parametrize(("image", "kernel"), [((5, 5), (3, 3)), ((4, 6), (2, 3))])
def test_the_four_kinds_have_as_many_weights_as_the_formulas_say(image, kernel):
    (height, width), (rows, columns) = image, kernel
    down, across = height - rows + 1, width - columns + 1
    found = {kind: layer(kind, image, np.ones(kernel)) for kind in KINDS}
    assert found["Dense"].free == down * across * height * width
    assert found["Shared only"].free == (height + down - 1) * (width + across - 1)
    assert found["Local only"].free == down * across * rows * columns
    assert found["Convolution"].free == rows * columns
    for kind in ("Shared only", "Convolution"):
        made = found[kind]
        for number in np.unique(made.which[made.used]):
            assert len(np.unique(made.weights[made.used & (made.which == number)])) == 1


def test_a_large_kernel_shares_everything_and_is_the_whole_image_when_folded():
    kernel = np.arange(1.0, 10).reshape(3, 3)
    made = layer("Shared only", (5, 5), kernel)
    for output, (row, column) in enumerate(np.ndindex(3, 3)):
        folded = made.weights[output].reshape(5, 5)
        assert (folded[row : row + 3, column : column + 3] == kernel).all()


def test_the_matrix_explorer_says_what_numpy_computes():
    explorer = explore.matrix()
    explorer.set(kind="Convolution", output=5)
    image, kernel = matrix.IMAGE, matrix.KERNEL
    expected = canvas.number(conv.conv2d(image, kernel)[1, 2])
    words = repr(explorer)
    assert "9 weights are free to choose. Output 5 (row 1, column 2) reads 9 of 25" in words
    assert words.endswith(f"the sum of the products is {expected}.")
    explorer.set(kind="Dense")
    assert "225 weights are free to choose" in repr(explorer)


def test_the_matrix_explorer_takes_other_sizes():
    for image, kernel in (((6, 6), (1, 1)), ((1, 1), (1, 1)), ((2, 6), (2, 2))):
        explorer = explore.matrix(np.ones(image), np.ones(kernel))
        for kind in KINDS:
            explorer.set(kind=kind, output=explorer.controls["output"].max)
            assert explorer.trouble.value == ""


@pytest.mark.parametrize(
    ("arguments", "name"),
    [((np.zeros((7, 3)), None), "image"), (("x", None), "image"), ((None, np.zeros((6, 1))),
     "kernel"), ((None, [[np.nan]]), "kernel"), ((None, [1, 2]), "kernel")],
)  # fmt: skip
def test_the_matrix_refuses(arguments, name):
    with pytest.raises((TypeError, ValueError), match=f"`{name}` must"):
        explore.matrix(*arguments)


def test_the_field_is_where_a_pixel_acts_and_nowhere_else():
    """Change the pixels of the diagonal one by one, and see in which numbers it shows."""
    digit = np.random.default_rng(0).random((28, 28))
    before = receptive_field.stages(digit)
    acted = {name: [] for name in before}
    for pixel in range(28):
        changed = digit.copy()
        changed[pixel, pixel] += 5
        for name, stage in receptive_field.stages(changed).items():
            place = len(stage.maps) // 2
            if (stage.maps[place, place] != before[name].maps[place, place]).any():
                acted[name].append(pixel)
    for name, stage in before.items():
        first = len(stage.maps) // 2 * stage.step
        assert first <= acted[name][0]
        assert acted[name][-1] < first + stage.field
        assert len(acted[name]) > stage.field // 2


def test_the_fields_and_sizes_are_those_of_the_formulas():
    found = receptive_field.stages(np.zeros((28, 28)))
    assert [len(stage.maps) for stage in found.values()] == [26, 13, 11, 5, 3]
    assert [stage.field for stage in found.values()] == [3, 4, 8, 10, 18]
    for number, stage in enumerate(found.values(), start=1):
        assert stage.field == shapes.receptive_field(receptive_field.SIZES[:number])
        assert (len(stage.maps) - 1) * stage.step + stage.field <= 28


def test_the_field_explorer_follows_the_layer():
    explorer = explore.receptive_field()
    explorer.set(layer="Conv 1", row=25, column=0)
    assert "rows 25 to 27 and columns 0 to 2" in repr(explorer)
    explorer.set(layer="Conv 3")
    assert explorer.settings() == {"layer": "Conv 3", "row": 2, "column": 0}
    assert "sees 18 × 18 pixels, rows 8 to 25" in repr(explorer)


@pytest.mark.parametrize("bad", [np.zeros((27, 28)), "x", np.full((28, 28), np.nan)])
def test_the_field_refuses(bad):
    with pytest.raises((TypeError, ValueError), match="`digit` must"):
        explore.receptive_field(bad)
