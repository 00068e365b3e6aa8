"""The recorded runs of notebook 09: a short trial has the form of what is shipped."""

import json
import subprocess
import sys

import numpy as np
import pytest
import record_transfer
import record_transfer_photographs
from course import ROOT

from helpers.datasets import mnist
from helpers.datasets.records import load_record, unpack_misclassified
from helpers.models import mnist_cnn, pretrained
from helpers.models.backend import keras

SHIPPED = ("transfer", "transfer_backbones", "transfer_depth", "transfer_sizes", "transfer_tuning")
HAS_WEIGHTS = pretrained.lies_beside("InceptionV3")


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """Make short trials; those of photographs only where the weights of ImageNet are at hand."""
    folder = tmp_path_factory.mktemp("short")
    names = SHIPPED if HAS_WEIGHTS else SHIPPED[:1]
    done = subprocess.run(
        [sys.executable, "tools/train.py", *names, "--short", "--folder", folder],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def forms(value):
    """Return a record's keys all the way down, with one of the rows for all."""
    if isinstance(value, dict):
        return {key: forms(inner) for key, inner in value.items() if not key.isdigit()}
    return forms(value[0]) if isinstance(value, list) and value else type(value).__name__


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
    assert [row["steps"] for row in made["heads"]] == [10, 20] * 4
    assert "s left" in said
    assert not list(folder.glob("*.runs"))


@pytest.mark.weekly
@pytest.mark.skipif(not HAS_WEIGHTS, reason="the weights of ImageNet are not here")
def test_the_short_runs_of_photographs_have_the_form_of_the_long_ones(short):
    folder, _ = short
    for name in SHIPPED[2:]:
        made = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        kept = load_record(name)
        assert made.keys() == kept.keys()
        assert made["settings"].keys() == kept["settings"].keys()
        for part in kept.keys() & {"tasks", "head", "fine-tuned", "head alone", "layers"}:
            assert forms(made[part]) == forms(kept[part]), part


def test_an_interrupted_run_goes_on(tmp_path, monkeypatch):
    made = []

    class Interrupted(Exception):
        pass

    class Trainer:
        def __init__(self, settings, pool):
            pass

        def train(self, strategy, _images, labels, seed):
            if len(made) == 5:
                made.append("interrupted")
                raise Interrupted
            made.append((strategy, len(labels), seed))

        def head(self, *_):
            return np.zeros(297, int)

    monkeypatch.setattr(record_transfer, "Trainer", Trainer)
    monkeypatch.setattr(record_transfer, "answers_of", lambda *_: np.zeros(297, int))
    with pytest.raises(Interrupted):
        record_transfer.run("transfer", True, tmp_path)
    record = record_transfer.run("transfer", True, tmp_path)
    runs = [run for run in made if run != "interrupted"]
    assert len(runs) == len(set(runs)) == 16
    kept = load_record("transfer")
    assert record.keys() == kept.keys() - {"command", "tensorflow", "keras"}
    assert list(record["accuracy"]) == list(kept["accuracy"])
    zeros = round(float((mnist.stand_in_digits()["y_test"] == 0).mean()), 4)
    assert record["accuracy"]["fine-tuned"] == {"2": [zeros] * 2, "10": [zeros] * 2}


def test_training_by_each_strategy():
    settings = record_transfer.SETTINGS | record_transfer.SHORT
    digits = mnist.stand_in_digits()
    images, labels = digits["x_train"][:8, ..., None] / np.float32(255), digits["y_train"][:8]
    trainer = record_transfer.Trainer(settings | {"steps": 2}, images)
    trained = mnist_cnn.load_trained().get_weights()
    for strategy in record_transfer.STRATEGIES:
        weights = trainer.train(strategy, images, labels, seed=0).get_weights()
        # Only a frozen backbone that was trained on MNIST stays as it is.
        same = all(map(np.array_equal, weights[: len(trained) - 2], trained[:-2]))
        assert same == (strategy == record_transfer.FROZEN), strategy


def test_the_head_gets_scaled_features_and_keeps_their_scale():
    settings = record_transfer.SETTINGS | record_transfer.SHORT
    digits = mnist.stand_in_digits()
    images, labels = digits["x_train"][:40, ..., None] / np.float32(255), digits["y_train"][:40]
    trainer = record_transfer.Trainer(settings | {"steps": 2}, images)
    network = trainer.train(record_transfer.FROZEN, images[:10], labels[:10], seed=0)
    backbone, scale, head = network.layers
    scaled = np.asarray(scale(backbone(images)))
    assert np.allclose(scaled.mean(axis=0), 0, atol=1e-4)
    spread = scaled.std(axis=0)
    assert np.allclose(spread[spread > 0], 1, atol=1e-3)
    assert (spread > 0).sum() > 30
    assert np.allclose(network(images), head(scaled), atol=1e-5)
    kept = [weight.numpy() for weight in scale.weights]
    trainer.train(record_transfer.TUNED, images, labels, seed=0)
    assert all(map(np.array_equal, kept, [weight.numpy() for weight in scale.weights]))


def test_both_heads_of_fine_tuning_answer_alike():
    """Hand a penalised head to Keras: its scaling is put into the dense layer's weights."""
    random = np.random.default_rng(0)
    features, labels = random.normal(3, 2, (60, 8)), np.arange(60) % 3
    tuner = object.__new__(record_transfer_photographs.Tuner)
    tuner.settings = {"penalty": 0.01}
    dense = tuner.dense(features, labels)
    wanted = record_transfer_photographs.head(0.01).fit(features, labels).predict_proba(features)
    assert np.allclose(dense(features), wanted, atol=1e-5)


def test_features_of_each_block_are_means_of_its_maps():
    base = pretrained.load_base("MobileNet 0.25", 128, "random")
    pictures = np.random.default_rng(0).integers(0, 256, (2, 128, 128, 3), dtype=np.uint8)
    network = record_transfer_photographs.blocks(base)
    found = record_transfer_photographs.in_batches(network, base, pictures)
    inner = keras.Model(base.network.input, base.network.get_layer("conv_pw_11_relu").output)
    maps = np.asarray(inner(base.preprocess(pictures)))
    assert maps.shape == (2, 8, 8, 128)
    averaged, grid = found[20:22]
    assert np.allclose(averaged, maps.mean(axis=(1, 2)), atol=1e-4)
    by_hand = maps.reshape(2, 4, 2, 4, 2, 128).mean(axis=(2, 4))
    assert np.allclose(grid, by_hand.reshape(2, -1), atol=1e-4)


def test_digits_keep_their_pixels_when_they_are_enlarged():
    found, digits = record_transfer_photographs.enlarged_digits(), mnist.stand_in_digits()
    assert found.test.shape == (297, 128, 128, 3)
    assert np.array_equal(found.test[:, 8:-8:4, 8:-8:4, 0], digits["x_test"])


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
    record = load_record("transfer")
    runs = {
        strategy: np.array(list(table.values())) for strategy, table in record["accuracy"].items()
    }
    assert {found.shape for found in runs.values()} == {(7, 5)}
    assert (runs["trained, frozen"] > runs["from scratch"]).all()
    for strategy, table in record["misclassified"].items():
        for count, kept in table.items():
            wrong = unpack_misclassified(kept)
            assert wrong.shape == (5, 297)
            found = record["accuracy"][strategy][count]
            assert np.allclose(1 - wrong.mean(axis=1), found, atol=1e-4)
    as_it_comes = unpack_misclassified(record["no_labels_misclassified"])
    assert 1 - as_it_comes.mean() == pytest.approx(record["no_labels"], abs=1e-4)


def test_published_figures_name_their_source_and_their_day():
    record = load_record("transfer_backbones")
    published = record["published"]
    assert published["source"] == "https://keras.io/api/applications"
    assert len(published["read"]) == 10
    for name, row in published["networks"].items():
        counted = record["networks"][name]["parameters"] / 1e6
        assert row["parameters"] == round(counted, 1)
