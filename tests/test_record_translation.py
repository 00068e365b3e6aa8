"""The recorded run of notebook 04: a short one, and what the shipped one holds."""

import json
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import record_translation
from course import ROOT

from helpers.datasets import mnist
from helpers.datasets.mnist import load_digits
from helpers.datasets.records import load_record
from helpers.layers import conv
from helpers.models import shifted_digits
from helpers.models.backend import keras

RECORD = load_record("translation")


@pytest.mark.weekly
def test_the_training_command_works_on_a_short_run(tmp_path):
    done = subprocess.run(
        [sys.executable, "tools/train.py", "translation", "--short", "--folder", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "about 0 s left" in done.stdout
    made = json.loads((tmp_path / "translation.json").read_text(encoding="utf-8"))
    assert made.keys() == RECORD.keys()
    assert made["parameters"] == RECORD["parameters"]
    for what in ("accuracy", "last_loss", "processor_seconds"):
        assert made[what].keys() == RECORD[what].keys() == shifted_digits.NETWORKS.keys()
    assert np.shape(made["accuracy"]["dense"]) == (2, 9)
    names = {f"translation_{name}.weights.h5" for name in shifted_digits.NETWORKS}
    assert {path.name for path in tmp_path.iterdir()} == {*names, "translation.json", "SHA256SUMS"}
    for name in shifted_digits.NETWORKS:
        shifted_digits.load_trained(name, tmp_path)


def test_one_training_is_measured_at_every_shift():
    arrays = mnist.stand_in_digits()
    digits = SimpleNamespace(
        x_train=arrays["x_train"], y_train=arrays["y_train"],
        x_val=arrays["x_test"], y_val=arrays["y_test"],
    )  # fmt: skip
    settings = record_translation.SETTINGS | record_translation.SHORT
    network, found = record_translation.train("global", 0, settings, digits)
    assert network.count_params() == RECORD["parameters"]["global"]
    assert len(found["accuracy"]) == len(settings["shifts"])
    assert all(0 <= share <= 1 for share in found["accuracy"])
    assert found["last_loss"] < 3
    assert found["processor_seconds"] > 0


@pytest.fixture
def interrupted(monkeypatch):
    """Let the third training be interrupted, and note what is trained."""
    trained = []

    def train(name, seed, *_):
        if len(trained) == 2:
            trained.append(None)
            raise KeyboardInterrupt
        trained.append((name, seed))
        found = {"accuracy": [0.5] * 9, "last_loss": 1.0, "processor_seconds": 1.0}
        return shifted_digits.build(name), found

    monkeypatch.setattr(record_translation, "train", train)
    # Keras' own way of saving warns of a change in NumPy: saving is a part of the weekly run.
    monkeypatch.setattr(record_translation, "save_weights", lambda _, path: path.touch())
    return trained


def test_an_interrupted_run_goes_on(interrupted, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        record_translation.run("translation", True, tmp_path)
    record = record_translation.run("translation", True, tmp_path)
    wanted = [(name, seed) for seed in (0, 1) for name in shifted_digits.NETWORKS]
    assert [one for one in interrupted if one] == wanted
    assert record.keys() == RECORD.keys() - {"command", "tensorflow", "keras"}
    assert record["parameters"] == RECORD["parameters"]
    assert record["accuracy"]["moved"] == [[0.5] * 9] * 2
    for what in ("accuracy", "last_loss", "processor_seconds"):
        assert record[what].keys() == RECORD[what].keys() == shifted_digits.NETWORKS.keys()
    # The first start's weights are shipped.
    names = {f"translation_{name}.weights.h5" for name in shifted_digits.NETWORKS}
    assert {path.name for path in tmp_path.iterdir()} == {*names, "translation.runs"}


def test_the_record_is_of_the_shipped_networks():
    digits = load_digits()
    if not digits.is_mnist:
        pytest.skip("needs the real MNIST: name its folder in COURSE_DATA")
    count = RECORD["settings"]["validation_digits"]
    images, labels = digits.x_val[:count], digits.y_val[:count]
    for name in shifted_digits.NETWORKS:
        network = shifted_digits.load_trained(name)
        for shift in (0, 5):
            found = record_translation.accuracy(network, images, labels, shift)
            # Other processors round otherwise: a digit in a thousand may fall to the other side.
            assert abs(found - RECORD["accuracy"][name][0][shift]) <= 0.001


def test_batches_hold_every_digit_once():
    digits = np.zeros((10, 28, 28), np.uint8)
    digits[:, 10:14, 10:14] = np.arange(10, 110, 10)[:, None, None]
    labels = np.arange(10)
    for moved in (False, True):
        batches = record_translation.Batches(digits, labels, 4, moved, seed=0)
        given = [batches[number] for number in range(len(batches))]
        images = np.concatenate([images for images, _ in given])
        order = np.concatenate([answers for _, answers in given])
        assert sorted(order.tolist()) == list(range(10))
        assert np.allclose(images.max(axis=(1, 2, 3)), 10 * (order + 1) / 255)
        places = {tuple(np.argwhere(image)[0]) for image in images}
        assert (len(places) > 1) == moved


@pytest.mark.weekly
def test_the_short_run_of_the_poolings_has_the_form_of_the_shipped_one(tmp_path):
    shipped = load_record("translation_pooling")
    made = record_translation.run("translation_pooling", True, tmp_path)
    assert set(made) == set(shipped) - {"command", "tensorflow", "keras"}
    for what in ("accuracy", "consistency", "change", "processor_seconds"):
        assert made[what].keys() == shipped[what].keys()
        assert {len(runs) for runs in made[what].values()} == {2}


def test_blur_pooling_weighs_one_two_one():
    maps = np.random.default_rng(0).random((1, 12, 12, 2)).astype("float32")
    ways = record_translation.poolings(3)
    found = keras.Sequential(ways["blur"]())(maps)
    largest = conv.max_pool2d(maps, 2, strides=1, padding="same")
    expected = conv.conv2d(largest, np.outer([1, 2, 1], [1, 2, 1]) / 16, strides=2)
    assert np.allclose(found[:, :5, :5], expected, atol=1e-6)
    for halve in ways.values():
        assert shifted_digits.build("global", halve).count_params() == 14_354


class Reader:
    """Answers 0 with 0.9, unless the digit stands right of the middle: then 1 with 0.6."""

    def predict(self, paper, **_):
        moved = paper[:, :, : shifted_digits.MARGIN + 1].max(axis=(1, 2, 3)) == 0
        answer = np.tile([0.9, 0.1], (len(paper), 1))
        answer[moved] = [0.4, 0.6]
        return answer


def test_one_pixel_counts_the_steps_that_change_an_answer():
    images = np.full((4, 28, 28), 255, np.uint8)
    found = record_translation.one_pixel(Reader(), images, np.array([0, 0, 0, 1]), [0, 1, 2])
    # Of four steps, two of them down, one changes the answer: from 0.9 for a zero to 0.4.
    assert found["consistency"] == 0.75
    assert found["change"] == pytest.approx(0.5 / 4)
    assert found["accuracy"] == pytest.approx((4 * 0.75 + 2 * 0.25) / 6, abs=1e-4)
