"""The check of the capstone: what it says to trained networks, and where its target comes from."""

import dataclasses
import functools
import json
import subprocess
import sys

import numpy as np
import pytest
from course import ROOT
from wrong_answers.wrap_up import dense

from helpers.checks import wrap_up
from helpers.datasets import fashion_mnist, tasks
from helpers.datasets.own_images import load_folder
from helpers.datasets.records import load_record
from helpers.models.backend import keras


@pytest.fixture(scope="module")
def task():
    """Return the drawn clothes, without looking for Fashion-MNIST."""
    return fashion_mnist.stand_in()


@pytest.fixture(scope="module")
def trained(task):
    """Return a function that gives a trained network, from its settings."""

    @functools.cache
    def train(epochs=2, count=2000, high=1, units=64, activation="softmax"):
        """Train a dense network on a part of the clothes, with pixels from 0 to `high`."""
        network = dense(units=units, activation=activation)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=activation != "softmax")
        network.compile("adam", loss, jit_compile=False)
        images = task.x_train[:count].astype("float32") / 255 * high
        network.fit(images, task.y_train[:count], epochs=epochs, batch_size=32, verbose=0)
        return network

    return train


@pytest.mark.parametrize(
    ("settings", "reasons"),
    [({}, ["A dense network reaches 70.3%, so this is less; 92.0% are asked for",
           "it has not learned these either"]),
     ({"high": 255, "epochs": 5}, ["divide by 255"]),
     ({"epochs": 40, "count": 600, "units": 128}, ["it overfits"]),
     ({"activation": None}, ["Most often: "])],
)  # fmt: skip
def test_trained_networks_are_told_what_to_try(task, trained, settings, reasons):
    network = trained(**settings)
    if few := settings.get("count"):
        task = dataclasses.replace(task, x_train=task.x_train[:few], y_train=task.y_train[:few])
    said = wrap_up.capstone((network, task))
    assert said.mark == "Not yet:"
    assert all(reason in said.words for reason in reasons)


def test_the_target_lies_between_what_was_measured():
    runs = load_record("wrap_up")["accuracy"]
    baseline, target = wrap_up.ASKED["stand-in"]
    assert baseline == round(float(np.mean(runs["dense network"])), 3)
    assert max(runs["first CNN"]) < target < min(runs["solution"])


def test_own_pictures_are_judged_by_the_nearest(folder):
    task = load_folder(folder)
    network = dense(outputs=2)
    said = wrap_up.capstone((network, task))
    assert said.mark == "Not yet:"
    network.compile("adam", "sparse_categorical_crossentropy", jit_compile=False)
    images = task.x_train.astype("float32") / 255
    network.fit(images, task.y_train, epochs=60, batch_size=4, verbose=0)
    said = wrap_up.capstone((network, task))
    assert "of 8 pictures that it has not seen" in said.words
    images, labels = tasks.held_out(task)
    nearest = [
        task.y_train[np.square(task.x_train / 255 - image / 255).sum(axis=(1, 2, 3)).argmin()]
        for image in images
    ]
    right = float(np.mean(nearest == labels))
    assert right > np.bincount(labels).max() / len(labels)
    what = "taking the label of the most similar training picture"
    assert wrap_up.asked(task, images, labels) == (right, right, what)


def test_what_the_nearest_cannot_tell_is_judged_by_the_most_frequent_class(folder):
    task = load_folder(folder)
    images, _ = tasks.held_out(task)
    # All training pictures are of class 1, so that is what the nearest one says.
    labels = np.zeros(len(images), int)
    task = dataclasses.replace(task, y_train=np.ones_like(task.y_train))
    what = "always naming the most frequent class"
    assert wrap_up.asked(task, images, labels) == (1.0, 1.0, what)
    labels[:3] = 1
    assert wrap_up.asked(task, images, labels)[:2] == (1 - 3 / len(images),) * 2


def test_pictures_that_are_gone_are_named(folder):
    task = load_folder(folder)
    for path in folder.rglob("*.png"):
        path.unlink()
    said = wrap_up.capstone((dense(outputs=2), task))
    assert said.mark == "Not yet:"
    assert "were kept away cannot be read" in said.words


def test_logits_and_probabilities_are_judged_alike_in_either_order(task, trained):
    network = trained()
    logits = keras.Sequential([keras.Input((28, 28, 1)), *network.layers[:-1]])
    logits.add(keras.layers.Dense(10))
    logits.set_weights(network.get_weights())
    pairs = (network, task), (logits, task), (task, network)
    assert len({wrap_up.capstone(pair).words for pair in pairs}) == 1


@pytest.mark.weekly
def test_the_short_run_has_the_form_of_the_long_one(tmp_path):
    done = subprocess.run(
        [sys.executable, "tools/train.py", "wrap_up", "--short", "--folder", tmp_path],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = json.loads((tmp_path / "wrap_up.json").read_text(encoding="utf-8"))
    kept = load_record("wrap_up")
    assert made.keys() == kept.keys()
    assert made["pictures"] == kept["pictures"]
    assert set(made["accuracy"]) == set(kept["accuracy"]) - {"solution"}
    assert made["parameters"].items() <= kept["parameters"].items()
    for name, runs in made["accuracy"].items():
        assert runs[0] == pytest.approx(kept["accuracy"][name][0], abs=0.06)
