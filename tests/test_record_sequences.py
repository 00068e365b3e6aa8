"""The recorded runs of notebook 10: a short trial has the form of what is shipped."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
import record_sequences
from course import ROOT

from helpers.datasets import country_names
from helpers.datasets.ecg import heartbeats
from helpers.datasets.locate import DATA_FOLDER
from helpers.datasets.records import load_record


def record(folder, *names):
    done = subprocess.run(
        [sys.executable, "tools/train.py", *names, "--short", "--folder", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_names_come_out_the_same(tmp_path):
    made = record_sequences.run("sequences_names", False, tmp_path)
    kept = load_record("sequences_names")
    assert made.keys() == kept.keys() - {"command", "tensorflow", "keras"}
    if made["source"] == kept["source"]:  # The names change with Babel's version.
        assert made["train"] == kept["train"]
        assert made["test"] == kept["test"]


def test_the_networks_are_those_of_the_record():
    kept = load_record("sequences")["results"]
    shapes = {"names": country_names.one_hot(["a"]).shape[1:]}
    heartbeat = heartbeats(2, "wide", 0)[0].shape[1:]
    for question, networks in record_sequences.NETWORKS.items():
        for network in networks:
            made = record_sequences.build(network, shapes.get(question, heartbeat), question)
            assert made.count_params() == kept[question][network.__name__]["parameters"]


def test_few_signals_come_again_so_that_the_steps_are_the_same():
    for signals in record_sequences.HEART["few_signals"]:
        x_train, y_train, *_ = record_sequences.load("half", 0, False, signals)
        assert len(x_train) == len(y_train) == record_sequences.HEART["signals"]
        assert len(np.unique(x_train, axis=0)) == signals


def test_few_signals_are_recorded_over_all_seeds():
    kept = load_record("sequences")
    for networks in kept["few_signals"].values():
        assert list(networks) == [network.__name__ for network in record_sequences.FEW]
        for found in networks.values():
            assert list(found) == list(map(str, kept["settings"]["heartbeats"]["few_signals"]))
            assert {len(tests) for tests in found.values()} == {len(kept["settings"]["seeds"])}


def test_one_training_gives_what_is_recorded():
    found = record_sequences.train(record_sequences.conv, "names", 0, short=True)
    kept = load_record("sequences")
    for name, weights in kept["filters"].items():
        assert np.shape(found["filters"][name]) == np.shape(weights)
    assert found.keys() - {"filters"} == kept["results"]["names"]["conv"].keys()


def test_an_interrupted_run_goes_on(tmp_path, monkeypatch):
    made = []

    def train(network, question, seed, short, signals=record_sequences.HEART["signals"]):
        assert short
        made.append((network.__name__, question, seed, signals))
        if len(made) == 6:
            raise KeyboardInterrupt
        numbers = ("parameters", "train_accuracy", "test_accuracy", "processor_seconds")
        return {**dict.fromkeys(numbers, len(made)), "filters": {}}

    monkeypatch.setattr(record_sequences, "train", train)
    monkeypatch.setattr(record_sequences, "cost", lambda short: {"short": short})
    with pytest.raises(KeyboardInterrupt):
        record_sequences.run("sequences", True, tmp_path)
    record = record_sequences.run("sequences", True, tmp_path)
    # Each run begins with one training that is not counted.
    runs = [*made[1:5], *made[7:]]
    few = [(question, name, signals) for question, names in record["few_signals"].items()
           for name, found in names.items() for signals in found]  # fmt: skip
    networks = sum(map(len, record_sequences.NETWORKS.values()))
    assert len(runs) == len(set(runs)) == networks + len(few)
    assert record["cost"] == {"short": True}
    kept = load_record("sequences")
    assert record.keys() == kept.keys() - {"command", "tensorflow", "keras"}
    assert record["settings"] == kept["settings"]
    for question, networks in kept["results"].items():
        assert list(record["results"][question]) == list(networks)
        for name, result in networks.items():
            assert record["results"][question][name].keys() == result.keys()


@pytest.mark.weekly
def test_a_short_run_has_the_form_of_the_record(tmp_path):
    for name in ("sequences_names.json", "SHA256SUMS"):
        shutil.copy(DATA_FOLDER / name, tmp_path)
    said = record(tmp_path, "sequences")
    assert "names, gru, seed 0, about " in said
    made = json.loads((tmp_path / "sequences.json").read_text(encoding="utf-8"))
    kept = load_record("sequences")
    assert made.keys() == kept.keys()
    assert made["command"] == kept["command"]
    assert made["settings"] == kept["settings"]
    assert list(made["results"]) == list(kept["results"])
    for question, networks in kept["results"].items():
        assert list(made["results"][question]) == list(networks)
        for name, result in networks.items():
            again = made["results"][question][name]
            assert again.keys() == result.keys()
            if name != "counts":
                assert again["parameters"] == result["parameters"]
                assert len(result["test_accuracy"]) == len(kept["settings"]["seeds"])
        assert list(made["few_signals"].get(question, [])) == list(
            kept["few_signals"].get(question, [])
        )
    assert list(made["cost"]) == list(kept["cost"]) == list(kept["results"]["wide"])
    for name, weights in kept["filters"].items():
        assert np.shape(made["filters"][name]) == np.shape(weights)
    assert not (tmp_path / "sequences.runs").exists()
