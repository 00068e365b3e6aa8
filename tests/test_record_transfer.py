"""The recorded runs of notebook 09: a short trial has the form of what is shipped."""

import json
import subprocess
import sys

import numpy as np
import pytest
import record_transfer
from course import ROOT

from helpers.datasets import mnist
from helpers.datasets.records import load_record
from helpers.models import mnist_cnn


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    folder = tmp_path_factory.mktemp("short")
    done = subprocess.run(
        [sys.executable, "tools/train.py", "transfer", "transfer_backbones", "--short",
         "--folder", folder],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.mark.weekly
def test_the_short_run_has_the_form_of_the_long_one(short):
    folder, said = short
    made = json.loads((folder / "transfer.json").read_text(encoding="utf-8"))
    kept = load_record("transfer")
    assert made.keys() == kept.keys()
    assert made["settings"].keys() == kept["settings"].keys()
    assert list(made["accuracy"]) == list(kept["accuracy"]) == list(record_transfer.STRATEGIES)
    assert made["no_labels"] == pytest.approx(kept["no_labels"], abs=0.005)
    assert made["test_digits"] == kept["test_digits"] == 297
    assert all(len(row) == 2 for table in made["accuracy"].values() for row in table.values())
    frozen, scratch = (made["accuracy"][name] for name in ("trained, frozen", "from scratch"))
    assert np.mean(list(frozen.values())) > np.mean(list(scratch.values()))
    assert "s left" in said
    assert not list(folder.glob("*.runs"))
    made = json.loads((folder / "transfer_backbones.json").read_text(encoding="utf-8"))
    facts = load_record("transfer_backbones")["networks"]
    assert all(facts[name] == found for name, found in made["networks"].items())


def test_an_interrupted_run_goes_on(tmp_path, monkeypatch):
    made = []

    class Interrupted(Exception):
        pass

    class Trainer:
        def __init__(self, settings):
            pass

        def train(self, strategy, _images, labels, seed):
            if len(made) == 5:
                made.append("interrupted")
                raise Interrupted
            made.append((strategy, len(labels), seed))

    monkeypatch.setattr(record_transfer, "Trainer", Trainer)
    monkeypatch.setattr(record_transfer, "accuracy", lambda *_: 0.5)
    with pytest.raises(Interrupted):
        record_transfer.run("transfer", True, tmp_path)
    record = record_transfer.run("transfer", True, tmp_path)
    runs = [run for run in made if run != "interrupted"]
    assert len(runs) == len(set(runs)) == 16
    kept = load_record("transfer")
    assert record.keys() == kept.keys() - {"command", "tensorflow", "keras"}
    assert list(record["accuracy"]) == list(kept["accuracy"])
    assert record["accuracy"]["fine-tuned"] == {"2": [0.5, 0.5], "10": [0.5, 0.5]}


def test_training_by_each_strategy():
    settings = record_transfer.SETTINGS | record_transfer.SHORT
    trainer = record_transfer.Trainer(settings | {"steps": 2})
    digits = mnist.stand_in_digits()
    images, labels = digits["x_train"][:8, ..., None] / np.float32(255), digits["y_train"][:8]
    trained = mnist_cnn.load_trained().get_weights()
    for strategy in record_transfer.STRATEGIES:
        weights = trainer.train(strategy, images, labels, seed=0).get_weights()
        # Only a frozen backbone that was trained on MNIST stays as it is.
        same = all(map(np.array_equal, weights[:-2], trained[:-2]))
        assert same == (strategy == record_transfer.FROZEN), strategy


def test_the_facts_are_those_of_the_record(tmp_path):
    made = record_transfer.run("transfer_backbones", True, tmp_path)
    facts = load_record("transfer_backbones")["networks"]
    assert made["networks"]
    assert all(facts[name] == found for name, found in made["networks"].items())


def test_labels_are_drawn_evenly_and_by_seed():
    labels = mnist.stand_in_digits()["y_train"]
    for count in record_transfer.SETTINGS["labels_per_class"]:
        chosen = record_transfer.choose(labels, count, seed=1)
        assert np.bincount(labels[chosen]).tolist() == [count] * 10
        assert len(set(chosen.tolist())) == 10 * count
        assert (chosen == record_transfer.choose(labels, count, seed=1)).all()
        assert (chosen != record_transfer.choose(labels, count, seed=2)).any()


def test_the_record_holds_what_the_notebook_claims():
    runs = {
        strategy: np.array(list(table.values()))
        for strategy, table in load_record("transfer")["accuracy"].items()
    }
    assert {found.shape for found in runs.values()} == {(7, 5)}
    assert (runs["trained, frozen"] > runs["from scratch"]).all()
    assert runs["trained, frozen"][0].mean() == pytest.approx(0.887, abs=0.001)
