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
from helpers.models import shifted_digits

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
