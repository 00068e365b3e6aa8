"""The made signals, the names, and convolution along one direction."""

import re

import numpy as np
import pytest

from helpers.datasets import country_names, ecg, locate
from helpers.datasets.country_names import load_names
from helpers.datasets.ecg import heartbeats
from helpers.datasets.records import load_record
from helpers.layers import conv


def test_a_seed_gives_the_same_signals():
    for question in ecg.QUESTIONS:
        first, second = (heartbeats(20, question, seed=3) for _ in range(2))
        assert all((a == b).all() for a, b in zip(first, second, strict=True))
        assert (first[0] != heartbeats(20, question, seed=4)[0]).any()


@pytest.mark.parametrize("question", ecg.QUESTIONS)
def test_half_of_the_answers_are_yes(question):
    signals, answers = heartbeats(41, question, seed=1)
    assert signals.shape == (41, ecg.LENGTH, 1)
    assert signals.dtype == answers.dtype == np.float32
    assert answers.sum() == 20
    assert set(answers) == {0, 1}


def width_at(signal):
    """Return how well a wide beat fits at each place, the baseline taken out."""
    pattern = ecg.beat("wide", np.arange(-8, 13))
    return conv.conv1d(signal, pattern - pattern.mean())


def test_the_answers_are_those_to_the_questions():
    signals, answers = heartbeats(200, "wide", seed=5)
    best = np.array([width_at(signal).max() for signal in signals[..., 0]])
    assert best[answers == 1].mean() > 1.3 * best[answers == 0].mean()
    signals, answers = heartbeats(200, "half", seed=5)
    places = np.array([width_at(signal).argmax() + 8 for signal in signals[..., 0]])
    assert ((places < ecg.LENGTH / 2) == answers).mean() > 0.9
    signals, answers = heartbeats(200, "order", seed=5)
    wide = np.array([width_at(signal).argmax() + 8 for signal in signals[..., 0]])
    upside_down = signals[..., 0].argmin(axis=1)
    assert ((wide < upside_down) == answers).mean() > 0.9


def test_the_middles_of_a_trace_are_its_peaks():
    for seed in range(5):
        trace, middles = ecg.heart_trace(300, seed)
        assert 12 <= len(middles) <= 16
        for middle in middles[1:-1]:
            around = trace[round(middle) - 5 : round(middle) + 6]
            assert abs(around.argmax() - 5) <= 1


@pytest.mark.parametrize("question", ecg.QUESTIONS)
def test_each_beat_comes_within_one_period_in_nearly_all_signals(question, monkeypatch):
    """A dense network needs this, says notebook 10."""
    drawn = []
    draw = ecg.draw_trace

    def noted(length, middles, *more):
        drawn.append(middles)
        return draw(length, middles, *more)

    monkeypatch.setattr(ecg, "draw_trace", noted)
    heartbeats(1500, question, seed=0)
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    assert (high - low).min() > 14
    assert (high - low).max() < ecg.PERIOD


def test_noise_is_as_strong_as_it_says():
    random = np.random.default_rng(0)
    trace = ecg.draw_trace(4000, np.array([]), [], random)
    second = np.diff(trace, n=2)  # takes the slow wave out, and has six times the variance
    assert np.std(second) / np.sqrt(6) == pytest.approx(ecg.NOISE, rel=0.05)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: heartbeats(1), "number"),
        (lambda: heartbeats(5, "x"), "question"),
        (lambda: heartbeats(5, seed=-1), "seed"),
        (lambda: ecg.heart_trace(8), "length"),
        (lambda: ecg.beat("odd", 0), "kind"),
        (lambda: country_names.one_hot("peru"), "names"),
        (lambda: country_names.one_hot(["Peru"]), "names"),
        (lambda: country_names.one_hot(["x" * 25]), "names"),
        (lambda: country_names.one_hot([3]), "names"),
    ],
)
def test_bad_arguments_are_named(call, name):
    with pytest.raises((TypeError, ValueError), match=f"`{name}` must"):
        call()


def test_names_are_clean_and_split_by_what_they_name():
    names = load_names()
    every = [*names.train, *names.test]
    assert len(every) == len(set(every))
    assert all(re.fullmatch(r"[a-z]+( [a-z]+)*", name) for name in every)
    assert all(3 <= len(name) <= country_names.NAME_LENGTH - 2 for name in every)
    for labels, part in ((names.train_labels, names.train), (names.test_labels, names.test)):
        assert len(labels) == len(part)
        assert np.bincount(labels).min() >= 90
        assert len(np.bincount(labels)) == len(names.languages) == 6
    # What is called so in one language stands in the part of what it is called in another.
    for one, other in (("norwegisch", "norvegien"), ("schweden", "suede"), ("suisse", "schweiz")):
        assert (one in names.train) == (other in names.train)
        assert one in every
        assert other in every


def test_no_name_is_tested_of_which_a_word_was_trained_on():
    names = load_names()
    words = [
        {(label, word) for name, label in zip(some, labels, strict=True)
         for word in name.split() if len(word) >= 4}
        for some, labels in ((names.train, names.train_labels), (names.test, names.test_labels))
    ]  # fmt: skip
    assert not words[0] & words[1]
    assert {"norvegien", "norvegien bokmal", "norvegien nynorsk"} <= set(names.test)


def test_the_licence_comes_with_the_names():
    record = load_record("sequences_names")
    assert record["licence"][0] == "UNICODE LICENSE V3"
    assert any("permission notice appear with all copies" in line for line in record["licence"])
    table = (locate.DATA_FOLDER / "README.md").read_text(encoding="utf-8")
    assert "Unicode-3.0" in table


def test_one_hot_can_be_read_back():
    letters = country_names.one_hot(["new zealand", "peru"])
    assert letters.shape == (2, country_names.NAME_LENGTH, 27)
    for row, name in zip(letters, ["new zealand", "peru"], strict=True):
        used = row[row.any(axis=1)]
        assert (
            "".join(country_names.ALPHABET[place] for place in used.argmax(axis=1)) == f" {name} "
        )
        assert not row[: -len(name) - 2].any()
        assert row.sum() == len(name) + 2


@pytest.mark.parametrize("padding", ["valid", "same", "causal"])
def test_conv1d_equals_keras(padding):
    from helpers.models.backend import keras

    random = np.random.default_rng(0)
    for _ in range(12):
        kernel_size, strides, dilation_rate, length = (
            int(number) for number in random.integers([1, 1, 1, 17], [6, 4, 5, 30])
        )
        strides = strides if dilation_rate == 1 else 1
        inputs = random.normal(size=(2, length, 3)).astype("float32")
        layer = keras.layers.Conv1D(4, kernel_size, strides, padding, dilation_rate=dilation_rate)
        wanted = np.asarray(layer(inputs))
        kernel = np.asarray(layer.kernel)
        settings = (strides, padding, dilation_rate)
        np.testing.assert_allclose(conv.conv1d(inputs, kernel, *settings), wanted, atol=1e-5)
        np.testing.assert_allclose(conv.conv1d(inputs[0], kernel, *settings), wanted[0], atol=1e-5)
        single = conv.conv1d(inputs[0, :, 0], kernel[:, 0, 0], *settings)
        both = conv.conv1d(inputs[0, :, :1], kernel[:, :1, :1], *settings)
        np.testing.assert_allclose(single, both[:, 0], atol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [(([1.0, 2.0], [[1.0]]), "kernel"), (([[1.0, 2.0]], [1.0]), "inputs"),
     (([1.0, 2.0], [1.0], 1, "full"), "padding"), (([1.0], [1.0, 2.0]), "kernel_size"),
     (([1.0, 2.0], [1.0], 0), "strides"), (([1.0, 2.0], [1.0], 1, "causal", 0), "dilation_rate"),
     ((np.ones((4, 2)), np.ones((2, 3, 1))), "kernel")],
)  # fmt: skip
def test_conv1d_refuses(arguments, name):
    with pytest.raises((TypeError, ValueError), match=f"`{name}` must"):
        conv.conv1d(*arguments)
