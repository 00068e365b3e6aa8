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
    assert list(record["runs"]) == list(record["layers"]) == list(record_regularization.CURES)
    assert settings.items() >= record_regularization.SETTINGS.items()
    for cure, runs in record["runs"].items():
        assert [run["seed"] for run in runs] == list(range(settings["seeds"])), cure
        for run in runs:
            assert 0 < run["processor_seconds"] < 600
            curves = {name for name in run if name not in ("seed", "processor_seconds")}
            wanted = {"train_loss", "train_mistakes", "val_loss", "val_mistakes"}
            assert curves == wanted | ({"watch_loss"} if cure == "plain" else set())
            for name in curves:
                assert len(run[name]) == settings["epochs"]
                assert min(run[name]) >= 0
            assert max(run["val_mistakes"]) <= settings["judging_digits"]
    assert (locate.DATA_FOLDER / "regularization.json").stat().st_size < 150_000


@pytest.mark.parametrize(
    ("cure", "wanted"),
    [("plain", []), ("dropout", ["Dropout"] * 2),
     ("batch normalisation", ["BatchNormalization"] * 2),
     ("dropout, then batch normalisation", ["Dropout", "BatchNormalization"] * 2),
     ("batch normalisation, then dropout", ["BatchNormalization"] * 2 + ["Dropout"] * 2)],
)  # fmt: skip
def test_the_cures_add_their_layers(cure, wanted):
    names = [
        type(layer).__name__
        for layer in record_regularization.build(record_regularization.CURES[cure]).layers
    ]
    assert [name for name in names if name in ("Dropout", "BatchNormalization")] == wanted
    assert names[-1] == "Dense"


def test_settings_differ_in_what_they_say():
    penalised = record_regularization.build({"penalty"})
    assert all(layer.kernel_regularizer for layer in penalised.layers if hasattr(layer, "kernel"))
    for cures, momentum in ((set(), 0.99), ({"quick"}, 0.9)):
        network = record_regularization.build({"normalisation"} | cures)
        found = {layer.momentum for layer in network.layers if hasattr(layer, "momentum")}
        assert found == {momentum}


def test_a_seed_s_settings_share_their_digits_and_the_start_is_another(monkeypatch):
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
    for cures, seed in ((set(), 0), ({"start"}, 0), ({"smoothing"}, 0), (set(), 1), ({"more"}, 0)):
        with pytest.raises(KeyboardInterrupt):
            record_regularization.train(cures, seed, settings, digits)
    plain, start, smoothing, other, more = seen
    assert np.array_equal(plain[0], start[0])
    assert not np.array_equal(plain[1], start[1])
    assert all(np.array_equal(a, b) for a, b in zip(plain, smoothing, strict=True))
    assert not np.array_equal(plain[0], other[0])
    assert np.array_equal(more[0][: len(plain[0])], plain[0])


def record(folder):
    return subprocess.run(
        [sys.executable, "tools/train.py", "regularization", "--short", "--folder", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_short_run_goes_on_where_it_was_interrupted(tmp_path):
    settings = record_regularization.SETTINGS | record_regularization.SHORT
    curve = [1] * settings["epochs"]
    names = ("train_loss", "train_mistakes", "val_loss", "val_mistakes", "watch_loss")
    kept = {"seed": 0, "processor_seconds": 1.0, **dict.fromkeys(names, curve)}
    second = {**kept, "seed": 1}
    # All but two runs are there already.
    runs = {cure: [kept, second] for cure in record_regularization.CURES}
    runs["plain"], runs["label smoothing"] = [kept], [kept]
    part = tmp_path / "cures.runs.part"
    part.write_text(json.dumps({"settings": settings, "runs": runs}), encoding="utf-8")
    done = record(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "cures: 1 of 2, plain, about" in done.stdout
    assert "cures: 2 of 2, label smoothing, about 0 s left" in done.stdout
    assert not part.exists()
    made = json.loads((tmp_path / "regularization.json").read_text(encoding="utf-8"))
    shipped = load_record("regularization")
    assert made.keys() == shipped.keys()
    assert made["settings"].keys() == shipped["settings"].keys()
    assert made["layers"] == shipped["layers"]
    assert made["runs"]["dropout"] == [kept, second]
    for cure in ("plain", "label smoothing"):
        first, last = made["runs"][cure]
        assert first == kept
        assert last.keys() == shipped["runs"][cure][0].keys()
        assert len(last["val_loss"]) == settings["epochs"]


def test_an_interrupted_run_keeps_what_it_has_and_goes_on(tmp_path, monkeypatch, capsys):
    trained = []

    def train(cures, seed, *_):
        if len(trained) == 3:
            raise KeyboardInterrupt
        trained.append((frozenset(cures), seed))
        return {"seed": seed}

    monkeypatch.setattr(record_regularization, "train", train)
    with pytest.raises(KeyboardInterrupt):
        record_regularization.run("regularization", short=True, folder=tmp_path)
    kept = json.loads((tmp_path / "cures.runs.part").read_text(encoding="utf-8"))
    assert sum(map(len, kept["runs"].values())) == 3
    total = record_regularization.SHORT["seeds"] * len(record_regularization.CURES)
    assert f"cures: 3 of {total}, " in (said := capsys.readouterr().out)
    assert said.count("s left") == 3
    monkeypatch.setattr(
        record_regularization, "train", lambda cures, seed, *_: {"seed": seed, "new": True}
    )
    made = record_regularization.run("regularization", short=True, folder=tmp_path)
    assert f"1 of {total - 3}, " in capsys.readouterr().out
    runs = [run for found in made["runs"].values() for run in found]
    assert len(runs) == total
    assert sum("new" not in run for run in runs) == 3
