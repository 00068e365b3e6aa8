"""The explorers of notebook 06 without a browser: their numbers are the network's."""

import re

import numpy as np
import pytest

from helpers import explore
from helpers.explore import canvas
from helpers.explore.interpretation import digits
from helpers.explore.interpretation.activation_maximization import climbed
from helpers.explore.interpretation.heat_maps import METHODS, OF_A_LAYER
from helpers.explore.trained import another, trained
from helpers.interpret.activation_maximization import activation_maximization
from helpers.interpret.receptive_field import to_image
from helpers.interpret.weight_randomization import randomized_copy, rank_correlation
from helpers.models import mnist_cnn
from helpers.models.backend import keras


def test_feature_maps_show_what_keras_computes():
    network, (images, _) = trained(), digits.bundled()
    explorer = explore.feature_maps()
    for layer, place in digits.LAYERS.items():
        stage = keras.Model(network.inputs[0], network.layers[place].output)
        maps = np.asarray(stage(images[5:6, ..., None].astype("float32") / 255))[0]
        row, column = np.unravel_index(maps[..., 7].argmax(), maps.shape[:2])
        explorer.set(digit=5, layer=layer, channel=7, row=int(row), column=int(column))
        words = repr(explorer)
        shape = f"{maps.shape[2]} maps of {len(maps)} × {len(maps)}"
        assert shape in words
        expected = canvas.number(float(maps[..., 7].max()))
        assert f"at row {row}, column {column} is {expected};" in words
    assert explorer.controls["row"].max == 2
    explorer.set(layer="convolution 3", row=2, column=1)
    assert "it sees rows 8 to 25 and columns 4 to 21" in repr(explorer)


def test_heat_maps_begin_with_the_most_confident_misclassification():
    images, labels = digits.bundled()
    pixels = images[..., None].astype("float32") / 255
    chances = np.asarray(trained()(pixels))
    wrong = np.flatnonzero(chances.argmax(axis=1) != labels)
    worst = wrong[chances[wrong].max(axis=1).argmax()]
    explorer = explore.heat_maps()
    read = chances[worst].argmax()
    assert repr(explorer).startswith(f"A {labels[worst]}, wrongly read as {read}")
    explorer.set(digit=len(wrong))
    assert ", rightly read as " in repr(explorer)


@pytest.mark.parametrize("method", METHODS)
def test_heat_maps_tell_the_agreement(method):
    images, labels = digits.bundled()
    network = trained()
    pixels = images[..., None].astype("float32") / 255
    chances = np.asarray(network(pixels))
    wrong = np.flatnonzero(chances.argmax(axis=1) != labels)
    one = wrong[chances[wrong].max(axis=1).argmax()]
    read, against = (int(chances[one].argsort()[-place]) for place in (1, 2))
    given = pixels[one : one + 1], [read], [against]

    def heat(model):
        if method in OF_A_LAYER:
            return to_image(METHODS[method](model, *given, layer=4), 18, 4)
        return METHODS[method](model, *given)

    explorer = explore.heat_maps()
    explorer.set(method=method, forgotten=3)
    said = re.search(r"another trained network by (−?\d\.\d\d), and .* by (−?\d\.\d\d)\.$",
                     repr(explorer))  # fmt: skip
    for number, model in zip(said.groups(), (another(), randomized_copy(network, 3)), strict=True):
        expected = rank_correlation(heat(network), heat(model), given[0][..., 0] > 0.1)[0]
        assert float(number.replace("−", "-")) == pytest.approx(expected, abs=0.006)
    explorer.set(forgotten=0)
    assert "0 of 5 layers by 1.00." in repr(explorer)


def test_heat_maps_compare_with_the_class_that_is_chosen():
    explorer = explore.heat_maps()
    read, runner_up = re.search(r" for (\d) against (\d) ", repr(explorer)).groups()
    other = next(name for name in "0123456789" if name not in (read, runner_up))
    explorer.set(explain=other)
    assert f" for {read} against {other} " in repr(explorer)
    explorer.set(explain=read)
    assert f" for {read} against {runner_up} " in repr(explorer)


def test_neighbours_are_the_nearest():
    images, labels = digits.bundled()
    pixels = images.reshape(len(images), -1) / 255
    explorer = explore.neighbours()
    explorer.set(digit=3, nearest="pixels", count=5)
    distances = np.linalg.norm(pixels - pixels[3], axis=1)
    near = np.argsort(distances)[1:6]
    words = repr(explorer)
    assert f"by label: {', '.join(str(labels[place]) for place in near)};" in words
    assert f"The nearest is {canvas.number(distances[near[0]])} away." in words
    explorer.set(nearest="last hidden layer")
    assert "Nearest to it in the last hidden layer are, by label:" in repr(explorer)


@pytest.mark.parametrize(("layer", "field"), [("convolution 1", 3), ("convolution 3", 18)])
def test_a_filter_responds_to_its_patch_as_the_explorer_says(layer, field):
    network = trained()
    body = keras.Model(network.inputs[0], network.layers[digits.LAYERS[layer]].output)
    found, explorer = climbed(layer, "ink and differences"), explore.activation_maximization()
    for channel, step in ((3, 70), (6, 12)):
        patch = found.patches[step, channel]
        assert patch.shape == (field, field)
        assert 0 <= patch.min() <= patch.max() <= 1
        # In the corner of an image: there the first number of the layer sees the patch alone.
        image = np.zeros((1, 28, 28, 1), "float32")
        image[0, :field, :field, 0] = patch
        after_relu = float(np.asarray(body(image))[0, 0, 0, channel])
        assert after_relu == pytest.approx(max(0, found.responses[step, channel]), abs=1e-4)
        explorer.set(layer=layer, channel=channel, step=step)
        said = canvas.number(found.responses[step, channel])
        assert f"responds with {said} to this patch of {field} × {field}" in repr(explorer)
    explorer.set(layer="convolution 1", channel=31)
    explorer.set(layer="convolution 3")
    assert explorer.controls["channel"].max == 63


def test_the_climb_goes_up_and_the_penalty_smooths():
    plain, smooth = (climbed("convolution 2", name) for name in ("none", "ink and differences"))
    assert (plain.responses[-1] > plain.responses[0]).all()
    rough = [np.abs(np.diff(climb.patches[-1], axis=1)).mean() for climb in (plain, smooth)]
    assert rough[1] < 0.7 * rough[0]
    assert np.array_equal(plain.patches[0], smooth.patches[0])


def test_the_best_patch_of_the_digits_is_shown_with_its_number():
    images, labels = digits.bundled()
    network = trained()
    body = keras.Model(network.inputs[0], network.layers[2].output)
    maps = np.asarray(body(images[..., None].astype("float32") / 255))[..., 7]
    digit = np.unravel_index(maps.argmax(), maps.shape)[0]
    explorer = explore.activation_maximization()
    explorer.set(layer="convolution 2", channel=7)
    said = f"from a {labels[digit]}, gives {canvas.number(float(maps.max()))}."
    assert repr(explorer).endswith(said)
    explorer.set(layer="convolution 3", channel=0, penalty="none")
    assert repr(explorer).endswith("None of the real digits excites this channel.")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"layer": 1}, ValueError, "`layer` must be a convolution"),
        ({"layer": 9}, ValueError, "`layer` must be"),
        ({"layer": 0, "steps": 0}, ValueError, "`steps` must be"),
        ({"layer": 0, "penalty": -1}, ValueError, "`penalty` must be 0 or more"),
        ({"layer": 0, "penalty": "x"}, TypeError, "`penalty` must be a number"),
    ],
)
def test_a_climb_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        activation_maximization(mnist_cnn.build(), **arguments)


def test_integers_and_shares_are_the_same_digits():
    images, labels = digits.bundled()
    for name in ("feature_maps", "heat_maps", "neighbours", "activation_maximization"):
        first = getattr(explore, name)(images, labels)
        second = getattr(explore, name)(images / 255, labels)
        assert repr(first) == repr(second)


@pytest.mark.parametrize(
    "name", ["feature_maps", "heat_maps", "neighbours", "activation_maximization"]
)
@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (np.zeros((9, 27, 28)), np.zeros(9), "`images` must have the shape"),
        (np.zeros((9, 28, 28)) - 1, np.zeros(9), "`images` must hold integers from 0 to 255"),
        (np.zeros((28, 28)), np.zeros(9), "`images` must have 3 dimensions"),
        ("x", [1], "`images` must be an array"),
        (np.zeros((9, 28, 28)), np.zeros(8), "`labels` must hold a digit"),
        (np.zeros((9, 28, 28)), np.full(9, 10), "`labels` must hold a digit"),
        (np.zeros((9, 28, 28)), None, "`labels` must be"),
    ],
)
def test_the_explorers_refuse(name, images, labels, message):
    with pytest.raises((TypeError, ValueError), match=message):
        getattr(explore, name)(images, labels)


NUMBER = re.compile(r"−?\d+(?:\.\d+)?")


SETTINGS = [("feature_maps", {"layer": layer, "row": 1, "column": 1}) for layer in digits.LAYERS]
SETTINGS += [("heat_maps", {"method": method, "forgotten": 2}) for method in METHODS]
SETTINGS += [("neighbours", {}), ("activation_maximization", {"layer": "convolution 1"})]


def said():
    """Return what the explorers say, one after the other."""
    explorers = {name: getattr(explore, name)() for name, _ in SETTINGS}
    words = []
    for name, chosen in SETTINGS:
        explorers[name].set(**chosen)
        words.append(repr(explorers[name]))
    return words


@pytest.fixture(scope="module")
def said_in_32_bits():
    return said()


@pytest.fixture
def loaded_anew(request):
    """Let the explorers load their networks under a dtype policy, and forget them afterwards."""
    request.getfixturevalue("said_in_32_bits")
    kept = trained, another, climbed
    for function in kept:
        function.cache_clear()
    keras.mixed_precision.set_global_policy(request.param)
    yield request.param
    keras.mixed_precision.set_global_policy("float32")
    for function in kept:
        function.cache_clear()


@pytest.mark.parametrize("loaded_anew", ["mixed_bfloat16", "mixed_float16"], indirect=True)
def test_mixed_precision_changes_words_by_little(loaded_anew, said_in_32_bits):
    mixed = said()
    assert trained().layers[0].compute_dtype == loaded_anew.removeprefix("mixed_")
    assert mixed != said_in_32_bits
    for found, right in zip(mixed, said_in_32_bits, strict=True):
        assert NUMBER.sub("", found) == NUMBER.sub("", right)
        here, there = ([float(one.replace("−", "-")) for one in NUMBER.findall(words)]
                       for words in (found, right))  # fmt: skip
        assert here == pytest.approx(there, abs=0.05, rel=0.05), (found, right)


def test_too_few_neighbours_are_refused():
    with pytest.raises(ValueError, match="`images` must hold 9 or more digits"):
        explore.neighbours(np.zeros((8, 28, 28)), np.zeros(8))
