"""Features of a network: computed once, found again, never trusted when they are damaged."""

import numpy as np
import pytest

from helpers import files
from helpers.models import feature_cache
from helpers.models.backend import keras
from helpers.models.feature_cache import cached_features
from helpers.plots import status_line


@pytest.fixture(scope="module")
def small():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.BatchNormalization()]
    )


@pytest.fixture
def kept(tmp_path):
    """Name a folder for features; it is made when it is needed."""
    return tmp_path / "kept"


@pytest.fixture
def pictures():
    return np.random.default_rng(1).random((60, 8, 8, 3)).astype("float32")


def test_features_are_the_means_of_the_maps(small, pictures, kept):
    found = cached_features("a name", small, pictures, kept)
    expected = np.asarray(small(pictures, training=False)).mean(axis=(1, 2))
    assert np.allclose(found.values, expected, atol=1e-6)
    assert not found.from_cache
    assert len(list(kept.iterdir())) == 1
    again = cached_features("another name", small, pictures, kept)
    assert again.from_cache
    assert again.seconds == found.seconds
    assert np.array_equal(again.values, found.values)


def test_what_changes_gives_other_features(small, pictures, kept):
    cached_features("n", small, pictures, kept)
    other = pictures.copy()
    other[3, 2, 2, 1] += 0.5
    assert not cached_features("n", small, other, kept).from_cache
    kernel = small.layers[0].kernel
    before = kernel.numpy()
    kernel.assign(before + 0.1)
    assert not cached_features("n", small, pictures, kept).from_cache
    kernel.assign(before)
    assert cached_features("n", small, pictures, kept).from_cache


def functional(activation="relu", skip=True, nested=False):
    """Build a network whose layers have the names that Keras counts on; always equal weights."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((8, 8, 3))
    first = keras.layers.Conv2D(3, 3, padding="same", activation=activation)(inputs)
    inner = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(3, 1)])
    second = inner(first) if nested else keras.layers.Conv2D(3, 1)(first)
    return keras.Model(inputs, keras.layers.Add()([second, inputs if skip else first]))


@pytest.mark.parametrize("nested", [False, True])
def test_the_same_network_built_again_finds_its_features(pictures, kept, nested):
    first = functional(nested=nested)
    found = cached_features("n", first, pictures, kept)
    again = functional(nested=nested)
    assert [layer.name for layer in again.layers] != [layer.name for layer in first.layers]
    assert cached_features("n", again, pictures, kept).from_cache
    again.trainable = False
    assert np.array_equal(cached_features("n", again, pictures, kept).values, found.values)


def test_equal_weights_in_another_network_give_other_features(pictures, kept):
    found = cached_features("n", functional(), pictures, kept)
    for other in (functional(activation="tanh"), functional(skip=False)):
        kernels = zip(other.get_weights(), functional().get_weights(), strict=True)
        assert all(np.array_equal(*pair) for pair in kernels)
        features_of_other = cached_features("n", other, pictures, kept)
        assert not features_of_other.from_cache
        assert not np.allclose(features_of_other.values, found.values)


@pytest.mark.parametrize("damage", ["cut", "foreign", "changed", "another"])
def test_damaged_features_are_computed_again(small, pictures, kept, damage):
    found = cached_features("n", small, pictures, kept)
    (path,) = kept.iterdir()
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:300])
    elif damage == "foreign":
        path.write_bytes(b"no features")
    else:
        key = feature_cache.digest(small, pictures) if damage == "changed" else "other"
        check = "0" if damage == "changed" else "1"
        np.savez(path, values=found.values + 1, key=key, check=check, seconds=1.0)
    again = cached_features("n", small, pictures, kept)
    assert not again.from_cache
    assert np.array_equal(again.values, found.values)
    assert cached_features("n", small, pictures, kept).from_cache
    assert [left.name for left in kept.iterdir()] == [path.name]


def test_a_full_disk_costs_nothing_but_the_cache(small, pictures, kept, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "replace", refuse)
    assert not cached_features("n", small, pictures, kept).from_cache
    assert list(kept.iterdir()) == []


def test_the_line_of_progress_ends_with_the_cost(small, pictures, kept, monkeypatch):
    shown = []

    class Handle:
        def update(self, data, **_):
            shown.append(data["text/plain"])

    monkeypatch.setattr(status_line, "get_ipython", object)
    monkeypatch.setattr(status_line, "display", lambda *_, **__: Handle())
    monkeypatch.setattr(status_line.time, "monotonic", iter(range(1000)).__next__)
    cached_features("n", small, pictures, kept)
    assert shown[0].startswith("n: 25 of 60 pictures, about ")
    assert shown[-1].startswith("n: 60 pictures in ")
    assert shown[-1].endswith(" processor seconds")
    cached_features("n", small, pictures, kept)
    assert shown[-1] == "n: 60 pictures, features from the cache"
