"""The explorers of notebook 10 without a browser: the numbers that they show are Keras' own."""

import numpy as np
import pytest

from helpers import explore
from helpers.datasets import country_names
from helpers.datasets.country_names import load_names
from helpers.datasets.records import load_record
from helpers.explore.sequences import ngrams, signal

SAMPLES = np.random.default_rng(0).normal(size=30).round(1)


@pytest.mark.parametrize("padding", signal.PADDINGS)
def test_the_signal_shows_what_keras_computes(padding):
    from helpers.models.backend import keras

    explorer = explore.signal(SAMPLES, padding)
    for preset, weights in signal.PRESETS.items():
        explorer.controls["preset"].value = preset
        for dilation_rate in (1, 3):
            explorer.set(dilation_rate=dilation_rate, position=7)
            layer = keras.layers.Conv1D(1, 5, padding=padding, dilation_rate=dilation_rate,
                                        use_bias=False)  # fmt: skip
            layer.build((None, 30, 1))
            layer.set_weights([np.reshape(weights, (5, 1, 1))])
            outputs = np.asarray(layer(SAMPLES[None, :, None].astype("float32")))[0, :, 0]
            assert explorer.controls["position"].max == len(outputs) - 1
            said = repr(explorer)
            assert said.startswith(f"{preset}, padding {padding}, dilation rate {dilation_rate}.")
            total = float(said.split(" = ")[1].split(". The output looks")[0].replace("−", "-"))
            assert total == pytest.approx(outputs[7], abs=0.006)


def test_the_last_position_exists_when_the_output_gets_shorter():
    explorer = explore.signal(padding="causal")
    explorer.set(position=39)
    explorer.set(padding="valid", dilation_rate=3)
    assert explorer.settings()["position"] == explorer.controls["position"].max == 27
    assert explorer.trouble.value == ""


def test_only_causal_does_not_look_ahead():
    explorer = explore.signal()
    explorer.set(dilation_rate=2)
    assert "looks 4 samples ahead" in repr(explorer)
    explorer.set(padding="causal")
    assert "its own sample and at earlier ones only" in repr(explorer)


def test_presets_are_recognised():
    explorer = explore.signal()
    explorer.set(w0=-1.0, w1=-1.0, w2=0.0, w3=1.0, w4=1.0)
    assert explorer.settings()["preset"] == "Step up"
    explorer.set(w2=1.0)
    assert explorer.settings()["preset"] == signal.OWN


@pytest.mark.parametrize(
    ("arguments", "name"),
    [((np.zeros(15),), "samples"), ((np.zeros(41),), "samples"), ((np.zeros((4, 4)),), "samples"),
     (([np.nan] * 20,), "samples"), ((None, "full"), "padding")],
)  # fmt: skip
def test_the_signal_refuses(arguments, name):
    with pytest.raises((TypeError, ValueError), match=f"`{name}` must"):
        explore.signal(*arguments)


@pytest.fixture(scope="module")
def network():
    """Build the recorded network in Keras."""
    from helpers.models.backend import keras

    layers = keras.layers
    built = keras.Sequential(
        [keras.Input((26, 27)), layers.Conv1D(64, 4, activation="relu"),
         layers.GlobalMaxPooling1D(), layers.Dense(6, activation="softmax")]
    )  # fmt: skip
    kept = load_record("sequences")["filters"]
    built.set_weights([np.array(kept[key]) for key in ("kernel", "bias", "votes", "votes_bias")])
    return built


def test_the_ngrams_show_what_keras_computes(network):
    explorer = explore.ngrams()
    languages = load_names().languages
    assert set(ngrams.NAMES) <= set(load_names().test)
    for name in ngrams.NAMES:
        letters = country_names.one_hot([name])
        shares = np.asarray(network(letters))[0]
        framed = f" {name} ".replace(" ", "_").rjust(len(name) + 6, ngrams.EMPTY)
        maps = np.asarray(network.layers[0](letters))[0]
        for number in (0, 17, 63):
            explorer.set(name=name, filter_number=number)
            said = repr(explorer)
            assert f"together say {languages[shares.argmax()]}, with {shares.max():.0%}." in said
            shown = maps[-(len(framed) - 3) :, number]
            assert shown.max() == maps[:, number].max()
            if shown.max() > 0:
                gram = framed[shown.argmax() : shown.argmax() + 4]
                assert f"fires most on {gram}, with " in said
                value = float(said.split(f"on {gram}, with ")[1].split(". It")[0])
                assert value == pytest.approx(shown.max(), abs=0.006)
            else:
                assert "it does not fire" in said


def test_a_name_of_ones_own_is_offered_and_a_bad_one_explained():
    explorer = explore.ngrams()
    own = explorer.box.children[0].children[1]
    own.value = "Schweden"
    assert explorer.settings()["name"] == "schweden"
    own.value = "Österreich"
    assert "small letters a to z" in explorer.trouble.value
    own.value = "x"
    assert "at least two letters" in explorer.trouble.value
    assert explorer.settings()["name"] == "schweden"
    own.value = "peru"
    assert explorer.trouble.value == ""
    assert explorer.settings()["name"] == "peru"


@pytest.mark.parametrize("bad", ["peru", [], ["Peru"], ["x" * 30], ["x"], [3]])
def test_the_ngrams_refuse(bad):
    with pytest.raises((TypeError, ValueError), match="`names` must"):
        explore.ngrams(bad)
