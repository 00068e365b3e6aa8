"""The recorded map of notebook 11: a short trial has the form of what is shipped."""

import json
import subprocess
import sys

import numpy as np
import pytest
import record_scaling
from course import NOTEBOOKS, ROOT, read, text

from helpers.datasets.records import load_record
from helpers.models import small_cnn

KEPT = load_record("scaling")


def digits(number):
    random = np.random.default_rng(0)
    images = random.random((number, 28, 28, 1)).astype(np.float32)
    return small_cnn.Split(images, random.integers(0, 10, number).astype(np.int32))


def test_the_network_is_that_of_the_notebook():
    cells = {cell["id"]: cell for cell in read(NOTEBOOKS / "11_scaling.ipynb")["cells"]}
    known = {"keras": record_scaling.keras, "layers": record_scaling.keras.layers}
    exec(text(cells["network"]["source"]), known)
    config = known["build"]().get_config()["layers"]
    wanted = record_scaling.network().get_config()["layers"]
    for one, other in zip(config, wanted, strict=True):
        assert {**one["config"], "name": ""} == {**other["config"], "name": ""}


def test_a_training_is_judged_after_each_number_of_steps(monkeypatch):
    monkeypatch.setattr(record_scaling, "STEPS", [16, 32])
    data = digits(2 * 16 * 8), digits(20)
    found = record_scaling.train(data, batch_size=16, rate=0.1, seed=0)
    assert list(found) == ["16", "32"]
    assert record_scaling.train(data, batch_size=16, rate=0.1, seed=0) == found
    # 32 steps of 16 need twice as many digits as there are.
    assert int(record_scaling.compiled().optimizer.iterations) == 2 * 32


def test_all_pairs_have_the_same_steps_and_none_sees_a_digit_often():
    longest = max(KEPT["batch_sizes"]) * KEPT["steps"][-1]
    assert longest == 4 * KEPT["training_digits"]
    for size in KEPT["batch_sizes"]:
        assert 4096 // size in KEPT["steps"]


def test_an_interrupted_run_goes_on(tmp_path, monkeypatch):
    made = []

    def train(_data, *pair):
        made.append(pair)
        if len(made) == 4:
            raise KeyboardInterrupt
        return {str(steps): float(len(made)) for steps in record_scaling.STEPS}

    monkeypatch.setattr(record_scaling, "train", train)
    with pytest.raises(KeyboardInterrupt):
        record_scaling.run("scaling", True, tmp_path)
    record = record_scaling.run("scaling", True, tmp_path)
    assert made[3] == made[4]
    assert len(set(made)) == len(made) - 1 == len(record["cells"])
    assert record.keys() == KEPT.keys() - {"command", "tensorflow", "keras"}
    assert record["learning_rates"] == KEPT["learning_rates"]
    assert record["steps"] == KEPT["steps"]
    assert record["cells"][0].keys() == KEPT["cells"][0].keys()


@pytest.mark.weekly
def test_a_short_run_has_the_form_of_the_record(tmp_path):
    done = subprocess.run(
        [sys.executable, "tools/train.py", "scaling", "--short", "--folder", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = json.loads((tmp_path / "scaling.json").read_text(encoding="utf-8"))
    assert made.keys() == KEPT.keys()
    assert made["command"] == KEPT["command"]
    assert len(made["cells"]) == len(made["learning_rates"]) * len(made["batch_sizes"])
    for cell in made["cells"]:
        assert cell.keys() == KEPT["cells"][0].keys()
        assert list(cell["errors"]) == [str(steps) for steps in made["steps"]]
    assert not (tmp_path / "scaling.runs").exists()
