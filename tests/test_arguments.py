"""Arrays as people have them: with an axis of length 1, as 0 to 1 or 0 to 255, or too small."""

import functools
import inspect
import re
from typing import Any

import numpy as np
import pytest
from PIL import Image

from helpers import explore
from helpers.arguments import array, picture_values
from helpers.interpret import activations, attribution, receptive_field, weight_randomization
from helpers.models import mnist_cnn
from helpers.models.backend import tf

RANDOM = np.random.default_rng(0)
DIGITS = RANDOM.uniform(size=(12, 28, 28)).round(2)
DIGITS[:, 0, :2] = 0, 1
LABELS, CHANCES = np.arange(12) % 10, np.full((12, 10), 0.1)
COLORS = RANDOM.uniform(size=(20, 24, 3))
STEPS, SMALL = np.geomspace(1e-5, 1, 20), np.arange(36.0).reshape(6, 6)

# What explorers take: pictures, which may have values from 0 to 1 or to 255, and other numbers.
PICTURES = {
    ("kernel_editor", "image"): COLORS[..., 0],
    ("channel_sum", "image"): COLORS,
    ("receptive_field", "digit"): DIGITS[0],
    ("augmentation", "images"): DIGITS[:10],
    ("feature_maps", "images"): DIGITS,
    ("activation_maximization", "images"): DIGITS,
    ("heat_maps", "images"): DIGITS,
    ("neighbours", "images"): DIGITS,
}
NUMBERS = {
    ("stepper", "image"): SMALL,
    ("stepper", "kernel"): SMALL[:3, :3],
    ("matrix", "image"): SMALL,
    ("matrix", "kernel"): SMALL[:3, :3],
    ("pooling", "feature_map"): SMALL,
    ("dropout", "values"): SMALL,
    ("signal", "samples"): np.arange(20.0),
    ("replicas", "gradients"): np.arange(8.0),
    ("range_test", "rates"): STEPS,
    ("range_test", "losses"): STEPS,
    ("misclassified", "images"): DIGITS,
    ("misclassified", "labels"): LABELS,
    ("misclassified", "probabilities"): CHANCES,
    ("feature_maps", "labels"): LABELS,
    ("activation_maximization", "labels"): LABELS,
    ("heat_maps", "labels"): LABELS,
    ("neighbours", "labels"): LABELS,
}
ARRAYS = PICTURES | NUMBERS


def test_no_explorer_that_takes_an_array_is_left_out():
    found = {
        (name, parameter.name)
        for name in explore.__all__
        for parameter in inspect.signature(getattr(explore, name)).parameters.values()
        if parameter.annotation is Any
    }
    assert found - set(ARRAYS) == {
        ("pipeline", "prepare"),
        ("pipeline", "train"),
        ("ngrams", "names"),
    }
    assert set(ARRAYS) <= found


def shown(name, **changed):
    """Return what an explorer draws and says, with all of its arrays and some of them changed."""
    given = {key[1]: value for key, value in ARRAYS.items() if key[0] == name}
    explorer = getattr(explore, name)(**{**given, **changed})
    assert explorer.trouble.value == ""
    words, picture = repr(explorer), explorer.picture.value
    explorer.close()
    return words, picture


@pytest.mark.parametrize(("name", "argument"), ARRAYS, ids=".".join)
def test_an_axis_of_length_1_changes_nothing(name, argument):
    value, expected = ARRAYS[name, argument], shown(name)
    for more in (value[..., None], value[None], value[None, ..., None]):
        assert shown(name, **{argument: more}) == expected


@pytest.mark.parametrize(("name", "argument"), PICTURES, ids=".".join)
def test_pictures_from_0_to_1_and_to_255_are_the_same(name, argument):
    value, expected = PICTURES[name, argument], shown(name)
    assert shown(name, **{argument: 255 * value}) == expected
    whole = np.rint(255 * value).astype(np.uint8)
    assert shown(name, **{argument: whole}) == shown(name, **{argument: whole / 255})


@pytest.mark.parametrize(("name", "argument"), PICTURES, ids=".".join)
@pytest.mark.parametrize(
    ("change", "received"),
    [(lambda value: 2 * value - 1, r"from -[\d.]+ to (1|0\.9\d+)\."),
     (lambda value: 1.5 * value, r"from 0(\.\d+)? to 1\.[45]\d*\."),
     (lambda value: (65535 * value).astype(np.uint16), r"from \d+ to 6\d{4}\.")],
    ids=["-1 to 1", "0 to 1.5", "16 bits"],
)  # fmt: skip
def test_other_ranges_are_told(name, argument, change, received):
    with pytest.raises(ValueError, match="or numbers from 0 to 1. Received values") as raised:
        shown(name, **{argument: change(PICTURES[name, argument])})
    assert str(raised.value).startswith(f"`{argument}` must")
    assert re.search(received, str(raised.value))


@pytest.mark.parametrize(("name", "argument"), ARRAYS, ids=".".join)
@pytest.mark.parametrize(
    "wrong",
    [lambda value: value.reshape(-1)[:1].reshape((1,) * value.ndim), lambda value: value[:0],
     lambda value: np.stack([value, value], axis=-1)[None].repeat(2, axis=0),
     lambda value: value.astype(float) + np.nan, lambda value: value.astype(str)],
    ids=["1 x 1", "empty", "two axes more", "nan", "text"],
)  # fmt: skip
def test_what_cannot_be_shown_is_refused_in_one_sentence(name, argument, wrong):
    value = wrong(ARRAYS[name, argument])
    if value.size == 1 and (name, argument) in {("stepper", "kernel"), ("matrix", "kernel"),
                                                ("dropout", "values")}:  # fmt: skip
        pytest.skip("one number is enough")
    with pytest.raises((TypeError, ValueError), match=r"must .*Received "):
        shown(name, **{argument: value})


@pytest.mark.parametrize("shape", [(2, 2), (2, 40), (2, 40, 3), (1, 1, 3), (40, 2, 1)])
def test_the_kernel_editor_wants_the_size_of_its_kernel(shape):
    with pytest.raises(ValueError, match="`image` must have 3 or more rows and columns") as raised:
        explore.kernel_editor(np.ones(shape))
    assert f"of shape {shape}" in str(raised.value)


def test_a_mask_and_an_overshoot_are_taken():
    mask = np.eye(20, dtype=bool)
    assert shown("kernel_editor", image=mask) == shown("kernel_editor", image=mask * 255)
    assert picture_values("image", [[-1e-7, 1 + 1e-6]]).tolist() == [[0, 1]]
    assert picture_values("image", [[-0.1, 255.1]]).tolist() == [[0, 1]]


PALETTE = Image.new("P", (8, 8), 1)
PALETTE.putpalette([40, 40, 40, 200, 200, 200])


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (PALETTE, 200 / 255),
        (PALETTE.convert("L"), 200 / 255),
        (PALETTE.convert("RGB").convert("CMYK"), 200 / 255),
        (Image.new("LA", (8, 8), (0, 0)), 1.0),
        (Image.new("LA", (8, 8), (51, 255)), 0.2),
        (Image.new("1", (8, 8), 1), 1.0),
    ],
    ids=["P", "L", "CMYK", "transparent", "LA", "1"],
)
def test_a_picture_of_pillow_arrives_as_it_looks(picture, expected):
    found = picture_values("image", picture, (2, 3))
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert found.shape in ((8, 8), (8, 8, 3))


def test_a_picture_of_pillow_is_turned_upright():
    turned = Image.new("L", (8, 4))
    turned.getexif()[0x112] = 6
    assert picture_values("image", turned).shape == (8, 4)


def test_16_bits_of_pillow_are_refused():
    with pytest.raises(ValueError, match=r"numbers from 0 to 1. Received values from 9 to 60000."):
        picture_values("image", Image.fromarray(np.array([[9, 60000]], np.uint16)))


def test_tensorflows_short_numbers_are_taken():
    short = tf.constant([[0.5, 1.0], [0.25, 0.0]], tf.bfloat16)
    found = array("maps", short, (2,))
    assert found.dtype == np.float32
    assert found.tolist() == [[0.5, 1.0], [0.25, 0.0]]
    with pytest.raises(ValueError, match="Received values from 0 to 8"):
        picture_values("image", short * 8)


def test_opacity_is_laid_on_white():
    half = np.dstack([np.zeros((4, 4, 3)), np.full((4, 4), 0.25)])
    found = picture_values("image", 255 * half, dimensions=(2, 3))
    assert found.shape == (4, 4, 3)
    np.testing.assert_allclose(found, 0.75)
    with pytest.raises(ValueError, match=r"2 dimensions. Received image of shape \(4, 4, 2\)"):
        picture_values("image", half[..., :2], dimensions=(2, 3))


@pytest.mark.parametrize(
    ("shape", "dimensions", "left"),
    [((5, 6, 1), (2,), (5, 6)), ((1, 5, 6), (2,), (5, 6)), ((1, 5, 6, 1), (3,), (1, 5, 6)),
     ((1, 5, 6, 1), (2,), (5, 6)), ((1, 6), (2,), (1, 6)), ((5, 1, 6), (2,), (5, 6)),
     ((2, 5, 6, 1, 1), (3, 4), (2, 5, 6, 1))],
)  # fmt: skip
def test_which_axes_are_dropped(shape, dimensions, left):
    assert array("values", np.ones(shape), dimensions).shape == left
    if shape != left:
        with pytest.raises(ValueError, match=re.escape(str(shape))):
            array("values", np.ones(shape), dimensions, drop_ones=False)


METHODS = {
    "saliency": attribution.saliency,
    "smooth_saliency": functools.partial(attribution.smooth_saliency, samples=2),
    "guided_backpropagation": attribution.guided_backpropagation,
    "occlusion": attribution.occlusion,
    "grad_cam": functools.partial(attribution.grad_cam, layer=2),
    "activations": lambda network, images, _: activations.activations(network, images, 0),
    "logits": lambda network, images, _: activations.logits(network, images),
}


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_what_looks_into_networks_drops_axes_too_and_tells_the_shape(method):
    network, images, classes = mnist_cnn.build(), DIGITS[:2, ..., None], [3, 4]
    expected = method(network, images, classes)
    for same in (images[None], images[..., None], images[None, ..., None]):
        np.testing.assert_array_equal(method(network, same, classes), expected)
    for wrong in (images[:, :20], np.concatenate([images] * 3, axis=-1), np.ones((2, 3, 28, 28))):
        received = f"(number, 28, 28, 1). Received images of shape {wrong.shape}."
        with pytest.raises(ValueError, match=re.escape(f"`images` must have the shape {received}")):
            method(network, wrong, classes)
    with pytest.raises(ValueError, match="`images` must have 4 dimensions"):
        method(network, images[..., 0], classes)


def test_maps_drop_axes_of_length_1():
    maps = DIGITS[:2, :4, :4]
    assert receptive_field.to_image(maps[..., None], 3, 1).shape == (2, 28, 28)
    assert weight_randomization.rank_correlation(maps[..., None], maps[None]).tolist() == [1, 1]
