"""The recorded runs of notebook 10: a short trial has the form of what is shipped."""

import json
import shutil
import subprocess
import sys

import numpy as np
from course import ROOT

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
    record(tmp_path, "sequences_names")
    made = json.loads((tmp_path / "sequences_names.json").read_text(encoding="utf-8"))
    kept = load_record("sequences_names")
    assert made.keys() == kept.keys()
    if made["source"] == kept["source"]:  # The names change with Babel's version.
        assert made["train"] == kept["train"]
        assert made["test"] == kept["test"]


def test_a_short_run_has_the_form_of_the_record(tmp_path):
    for name in ("sequences_names.json", "SHA256SUMS"):
        shutil.copy(DATA_FOLDER / name, tmp_path)
    said = record(tmp_path, "sequences")
    assert "names gru 0: 0." in said
    assert "min left" in said
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
    for name, weights in kept["filters"].items():
        assert np.shape(made["filters"][name]) == np.shape(weights)
    assert not (tmp_path / "sequences.runs").exists()
