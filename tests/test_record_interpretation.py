"""The recorded networks of notebook 06: a short recording, and what the shipped one holds."""

import json
import subprocess
import sys

import numpy as np
import pytest
from course import ROOT

from helpers.datasets.mnist import stand_in_digits
from helpers.datasets.records import load_record
from helpers.models import mnist_cnn

RECORD = load_record("interpretation")


@pytest.mark.weekly
def test_the_training_command_works_on_a_short_run(tmp_path):
    done = subprocess.run(
        [sys.executable, "tools/train.py", "interpretation", "--short", "--folder", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = json.loads((tmp_path / "interpretation.json").read_text(encoding="utf-8"))
    assert made.keys() == RECORD.keys()
    for name in mnist_cnn.OTHERS:
        mnist_cnn.load_trained(tmp_path, name)


def test_the_other_networks_read_digits_and_are_others():
    own = mnist_cnn.load_trained()
    others = [mnist_cnn.load_trained(name=name) for name in mnist_cnn.OTHERS]
    digits = stand_in_digits()
    for network in others:
        read = np.asarray(network(digits["x_test"][..., None] / np.float32(255))).argmax(axis=1)
        assert (read == digits["y_test"]).mean() > 0.9
        assert network.layers[0].kernel.dtype == "float32"
        assert not np.allclose(network.get_weights()[0], own.get_weights()[0], atol=0.05)


def test_the_record_says_which_networks_had_something_to_learn():
    many = len(RECORD["settings"]["seeds"])
    for kind in ("true", "shuffled"):
        assert np.shape(RECORD[f"filters_{kind}"]) == (many, 9 * 32)
        assert len(RECORD[f"accuracy_{kind}"]) == many
    assert min(RECORD["accuracy_true"]) > 0.99
    assert max(RECORD["accuracy_shuffled"]) < 0.5
