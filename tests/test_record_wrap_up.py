"""How the capstone of notebook 12 is recorded, and the command that makes all records."""

import json
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import record_wrap_up
import train
from course import ROOT

from helpers.datasets.records import load_record


def test_an_interrupted_run_goes_on(tmp_path, monkeypatch):
    made = []

    def fitted(build, images, labels, _epochs):
        made.append(build.__name__)
        if len(made) == 2:
            raise KeyboardInterrupt
        assert images.shape == (len(labels), 28, 28, 1)
        answers = np.eye(10)[np.zeros(2000, int)]
        return SimpleNamespace(predict=lambda *_, **__: answers, count_params=lambda: 7)

    monkeypatch.setattr(record_wrap_up, "fitted", fitted)
    with pytest.raises(KeyboardInterrupt):
        record_wrap_up.run("wrap_up", True, tmp_path)
    record = record_wrap_up.run("wrap_up", True, tmp_path)
    assert made == ["dense_network", "first_network", "first_network"]
    kept = load_record("wrap_up")
    assert record.keys() == kept.keys() - {"command", "tensorflow", "keras"}
    assert record["settings"] == kept["settings"]
    assert record["pictures"] == kept["pictures"]
    names = [name for name in kept["accuracy"] if name != "solution"]
    for what in ("accuracy", "parameters", "processor_seconds"):
        assert list(record[what]) == names
    assert record["accuracy"]["first CNN"] == [pytest.approx(0.1, abs=0.03)]


@pytest.mark.weekly
def test_the_training_command_works_on_a_short_run(tmp_path):
    done = subprocess.run(
        [sys.executable, "tools/train.py", "wrap_up", "--short", "--folder", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "wrap_up: 2 of 2, first CNN, seed 0, about 0 s left" in done.stdout
    made, kept = load_record("wrap_up", tmp_path), load_record("wrap_up")
    assert made.keys() == kept.keys()
    assert made["parameters"].items() <= kept["parameters"].items()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["SHA256SUMS", "wrap_up.json"]


def test_the_networks_are_those_of_the_record():
    parameters = load_record("wrap_up")["parameters"]
    assert record_wrap_up.dense_network().count_params() == parameters["dense network"]
    assert record_wrap_up.first_network().count_params() == parameters["first CNN"]


def test_the_command_writes_records_and_sums(tmp_path, monkeypatch, capsys):
    def run(name, short, folder):
        (folder / f"{name}.runs").write_text("{}", encoding="utf-8")
        return {"short": short, "numbers": [1, 2, 3]}

    monkeypatch.setattr(record_wrap_up, "run", run)
    monkeypatch.setattr(sys, "argv", ["train", "wrap_up", "--short", "--folder", str(tmp_path)])
    train.main()
    assert capsys.readouterr().out == "wrap_up is recorded.\n"
    record = load_record("wrap_up", tmp_path)
    assert list(record) == ["command", "short", "numbers", "tensorflow", "keras"]
    assert record["command"] == "make train ONLY=wrap_up"
    text = (tmp_path / "wrap_up.json").read_text(encoding="utf-8")
    assert ' "numbers": [ 1, 2, 3 ],\n' in text
    assert json.loads(text) == record
    assert sorted(path.name for path in tmp_path.iterdir()) == ["SHA256SUMS", "wrap_up.json"]


def test_what_was_kept_stays_until_the_record_is_written(tmp_path, monkeypatch):
    def run(name, _short, folder):
        (folder / f"{name}.runs").write_text("{}", encoding="utf-8")
        return {}

    def full(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(record_wrap_up, "run", run)
    monkeypatch.setattr(train, "write_whole", full)
    monkeypatch.setattr(sys, "argv", ["train", "wrap_up", "--folder", str(tmp_path)])
    with pytest.raises(OSError, match="full"):
        train.main()
    assert [path.name for path in tmp_path.iterdir()] == ["wrap_up.runs"]


def test_every_record_has_a_recorder():
    for name, module in train.MODULES.items():
        topic = module.removeprefix("record_").removesuffix("_photographs")
        assert name == topic or name.startswith(f"{topic}_")
        assert load_record(name)["command"] == f"make train ONLY={name}"
