"""The recorded runs of notebook 07: how they are made and kept, and what they hold."""

import json
import subprocess
import sys

import numpy as np
import pytest
import record_regularization
from course import ROOT

from helpers.datasets import locate, mnist
from helpers.datasets.records import load_record


def test_the_record_is_whole():
    record = load_record("regularization")
    settings = record["settings"]
    assert list(record["runs"]) == list(record["layers"]) == list(record_regularization.VARIANTS)
    assert settings.items() >= record_regularization.SETTINGS.items()
    for variant, runs in record["runs"].items():
        assert [run["seed"] for run in runs] == list(range(settings["seeds"])), variant
        for run in runs:
            assert 0 < run["processor_seconds"] < 600
            curves = {name for name in run if name not in ("seed", "processor_seconds")}
            wanted = {"train_loss", "train_mistakes", "val_loss", "val_mistakes"}
            assert curves == wanted | ({"watch_loss"} if variant == "plain" else set())
            for name in curves:
                assert len(run[name]) == settings["epochs"]
                assert min(run[name]) >= 0
            assert max(run["val_mistakes"]) <= settings["judging_digits"]
    assert (locate.DATA_FOLDER / "regularization.json").stat().st_size < 150_000


@pytest.mark.parametrize(
    ("variant", "wanted"),
    [("plain", []), ("dropout", ["Dropout"] * 2),
     ("batch normalisation", ["BatchNormalization"] * 2),
     ("dropout, then batch normalisation", ["Dropout", "BatchNormalization"] * 2),
     ("batch normalisation, then dropout", ["BatchNormalization"] * 2 + ["Dropout"] * 2)],
)  # fmt: skip
def test_the_variants_add_their_layers(variant, wanted):
    names = [
        type(layer).__name__
        for layer in record_regularization.build(record_regularization.VARIANTS[variant]).layers
    ]
    assert [name for name in names if name in ("Dropout", "BatchNormalization")] == wanted
    assert names[-1] == "Dense"


def test_variants_differ_in_what_they_say():
    penalised = record_regularization.build({"penalty"})
    assert all(layer.kernel_regularizer for layer in penalised.layers if hasattr(layer, "kernel"))
    for changes, momentum in ((set(), 0.99), ({"quick"}, 0.9)):
        network = record_regularization.build({"normalisation"} | changes)
        found = {layer.momentum for layer in network.layers if hasattr(layer, "momentum")}
        assert found == {momentum}


def test_a_seed_s_variants_share_their_digits_and_the_start_is_another(monkeypatch):
    seen = []

    def fit(self, images, _rows, **_):
        seen.append((images.copy(), self.get_weights()[0]))
        raise KeyboardInterrupt

    monkeypatch.setattr(record_regularization.keras.Sequential, "fit", fit)
    small = mnist.stand_in_digits()
    images = small["x_train"][..., None].astype("float32") / 255
    digits = {"x": images, "y": small["y_train"]}
    digits["judging"] = digits["watched"] = (images[:9], small["y_train"][:9])
    settings = record_regularization.SETTINGS | record_regularization.SHORT
    for changes, seed in (
        (set(), 0),
        ({"start"}, 0),
        ({"smoothing"}, 0),
        (set(), 1),
        ({"more"}, 0),
    ):
        with pytest.raises(KeyboardInterrupt):
            record_regularization.train(changes, seed, settings, digits)
    plain, start, smoothing, other, more = seen
    assert np.array_equal(plain[0], start[0])
    assert not np.array_equal(plain[1], start[1])
    assert all(np.array_equal(a, b) for a, b in zip(plain, smoothing, strict=True))
    assert not np.array_equal(plain[0], other[0])
    assert np.array_equal(more[0][: len(plain[0])], plain[0])


@pytest.mark.weekly
def test_the_training_command_works_on_a_short_run(tmp_path):
    done = subprocess.run(
        [sys.executable, "tools/train.py", "regularization", "--short", "--folder", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "everything at once, seed 1, about " in done.stdout
    made = json.loads((tmp_path / "regularization.json").read_text(encoding="utf-8"))
    shipped = load_record("regularization")
    assert made.keys() == shipped.keys()
    for variant, runs in shipped["runs"].items():
        assert [run.keys() for run in made["runs"][variant]] == [runs[0].keys()] * 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["SHA256SUMS", "regularization.json"]


def test_one_training_gives_what_is_recorded():
    small = mnist.stand_in_digits()
    images = small["x_train"][..., None].astype("float32") / 255
    digits = {"x": images, "y": small["y_train"]}
    digits["judging"] = digits["watched"] = (images[:9], small["y_train"][:9])
    settings = record_regularization.SETTINGS | record_regularization.SHORT
    found = record_regularization.train(set(), 1, settings, digits)
    assert found.keys() == load_record("regularization")["runs"]["plain"][0].keys()
    assert found["seed"] == 1
    assert found["processor_seconds"] > 0
    for name in found.keys() - {"seed", "processor_seconds"}:
        assert len(found[name]) == settings["epochs"]


def test_an_interrupted_run_goes_on(tmp_path, monkeypatch):
    trained = []

    def train(changes, seed, *_):
        trained.append((frozenset(changes), seed))
        if len(trained) == 4:
            raise KeyboardInterrupt
        return {"seed": seed}

    monkeypatch.setattr(record_regularization, "train", train)
    with pytest.raises(KeyboardInterrupt):
        record_regularization.run("regularization", short=True, folder=tmp_path)
    made = record_regularization.run("regularization", short=True, folder=tmp_path)
    del trained[3]
    wanted = {(frozenset(each), seed)
              for each in record_regularization.VARIANTS.values() for seed in (0, 1)}  # fmt: skip
    assert len(trained) == len(wanted)
    assert set(trained) == wanted
    shipped = load_record("regularization")
    assert made.keys() == shipped.keys() - {"command", "tensorflow", "keras"}
    assert made["settings"].keys() == shipped["settings"].keys()
    assert made["layers"] == shipped["layers"]
    assert made["runs"] == {name: [{"seed": 0}, {"seed": 1}] for name in shipped["runs"]}
