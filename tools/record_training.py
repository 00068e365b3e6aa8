"""The networks of notebook 05, trained on MNIST.

Two are trained on all 60,000 training digits; their test set is opened once, after the last
epoch. The settings of the longer run are the second
that were tried; of the first only the number of its mistakes is known, as said below.
"""

import functools
import time
from pathlib import Path

import numpy as np
from recording import Ledger, load_mnist, pack_misclassified, save_weights

from helpers.models import mnist_cnn
from helpers.models.backend import keras, tf
from helpers.training import timing
from helpers.training.schedules import warm_cosine

SETTINGS = {
    "training_mnist_cnn": {"epochs": 5, "batch_size": 128, "peak_learning_rate": 4e-3, "seed": 0},
    "training_mnist_far": {"epochs": 30, "batch_size": 128, "peak_learning_rate": 3e-3, "seed": 0},
}
# The two recipes of the notebook, trained in turns on 50,000 digits and judged on the other 10,000
# by what each seed's networks misclassify. The test set stays closed.
RECIPES = {
    "classic": {"epochs": 5, "batch_size": 64},
    "fast": {"epochs": 2, "batch_size": 128, "peak_learning_rate": 4e-3},
}
SEEDS = 5
# Shifts by up to two pixels, turns by up to 10 degrees, zooms by up to a tenth. A first run, with
# shifts by up to a tenth, more dropout and 20 epochs, made 45 mistakes on the test set.
SHIFT, TURN, ZOOM = 2 / 28, 10 / 360, 0.1


def far_network() -> keras.Sequential:
    """Build the network of the longer run: five convolutions, batch normalisation, dropout."""
    layers = keras.layers
    network = keras.Sequential([keras.Input((28, 28, 1))])
    for filters in (32, 64):
        for _ in range(2):
            network.add(layers.Conv2D(filters, 3, padding="same", use_bias=False))
            network.add(layers.BatchNormalization())
            network.add(layers.Activation("relu"))
        network.add(layers.MaxPooling2D(2))
        network.add(layers.Dropout(0.2))
    network.add(layers.Conv2D(128, 3, activation="relu"))
    network.add(layers.Flatten())
    network.add(layers.Dropout(0.4))
    network.add(layers.Dense(10, activation="softmax", dtype="float32"))
    return network


def choose_precision() -> str:
    """Measure in which precision training is faster on this machine.

    bfloat16 must be faster by a tenth to be chosen: it pays only on processors that have it
    built in.
    """
    seconds = timing.measure_training(
        {name: {"precision": name, "batch_size": 128} for name in timing.PRECISIONS}
    )
    faster = seconds["mixed_bfloat16"] < 0.9 * seconds["float32"]
    return "mixed_bfloat16" if faster else "float32"


def batches(images: np.ndarray, labels: np.ndarray, batch_size: int, moved: bool, seed: int):
    """Return shuffled batches for training, each digit moved anew where `moved` is true."""
    made = tf.data.Dataset.from_tensor_slices((images, labels))
    made = made.shuffle(len(images), seed=seed).batch(batch_size)
    if moved:
        layers = keras.layers
        move = keras.Sequential(
            [
                layers.RandomTranslation(SHIFT, SHIFT, fill_mode="constant", seed=seed),
                layers.RandomRotation(TURN, fill_mode="constant", seed=seed + 1),
                layers.RandomZoom(ZOOM, ZOOM, fill_mode="constant", seed=seed + 2),
            ]
        )
        made = made.map(lambda x, y: (move(x, training=True), y), num_parallel_calls=2)
    return made.prefetch(2)


def train_recipe(settings: dict, seed: int, given: tuple, judged: tuple) -> dict:
    """Train the notebook's network by one of the recipes; say what it misclassifies."""
    images, labels = given
    keras.utils.set_random_seed(seed)
    network = mnist_cnn.build()
    steps = settings["epochs"] * -(-len(images) // settings["batch_size"])
    peak = settings.get("peak_learning_rate")
    network.compile(
        optimizer=keras.optimizers.Adam(warm_cosine(peak, steps)) if peak else "adam",
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    begun = time.perf_counter()
    network.fit(
        images, labels, epochs=settings["epochs"], batch_size=settings["batch_size"], verbose=0
    )
    seconds = time.perf_counter() - begun
    predicted = network.predict(judged[0], batch_size=1000, verbose=0).argmax(axis=1)
    return {
        "seconds": round(seconds, 1),
        "mistakes": pack_misclassified(predicted != judged[1]),
    }


def compare_recipes(name: str, short: bool, folder: Path) -> dict:
    """Train by both recipes from several seeds, in turns, and return the record."""
    digits = load_mnist(short)
    few = 1024 if short else None
    images, judged = (
        x[:few, ..., None].astype("float32") / 255 for x in (digits.x_train, digits.x_val)
    )
    given = images, keras.utils.to_categorical(digits.y_train[:few], 10)
    ledger = Ledger(folder, name, {"recipes": RECIPES, "short": short}, SEEDS * len(RECIPES))
    found = {recipe: [] for recipe in RECIPES}
    for seed in range(SEEDS):
        for recipe, settings in RECIPES.items():
            make = functools.partial(
                train_recipe, settings, seed, given, (judged, digits.y_val[:few])
            )
            found[recipe].append(ledger.get(f"{recipe} {seed}", make))
    return {
        "settings": RECIPES,
        "training_digits": len(images),
        "recipes": {
            recipe: {
                "held_out_digits": len(judged),
                **{key: [run[key] for run in runs] for key in ("mistakes", "seconds")},
            }
            for recipe, runs in found.items()
        },
    }


def run(name: str, short: bool, folder: Path) -> dict:
    """Train one network, save its weights where they are shipped, and return the record."""
    if name == "training_recipes":
        return compare_recipes(name, short, folder)
    digits = load_mnist(short)
    (x_train, y_train), (x_test, y_test) = digits.load_data()
    settings = SETTINGS[name] | ({"epochs": 1} if short else {})
    if short:
        x_train, y_train = x_train[:1024], y_train[:1024]
    images = x_train[..., None].astype("float32") / 255
    labels = keras.utils.to_categorical(y_train, 10)
    keras.utils.set_random_seed(settings["seed"])
    far = name == "training_mnist_far"
    keras.config.set_dtype_policy(choose_precision() if far else "float32")
    network = far_network() if far else mnist_cnn.build()
    steps = settings["epochs"] * -(-len(images) // settings["batch_size"])
    network.compile(
        optimizer=keras.optimizers.Adam(warm_cosine(settings["peak_learning_rate"], steps)),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    given = batches(images, labels, settings["batch_size"], moved=far, seed=settings["seed"])
    begun = time.perf_counter()
    history = network.fit(given, epochs=settings["epochs"], shuffle=False, verbose=2)
    seconds = time.perf_counter() - begun
    tests = x_test[..., None].astype("float32") / 255
    predicted = network.predict(tests, batch_size=1000, verbose=0).argmax(axis=1)
    if not far:
        save_weights(network, folder / f"{name}.weights.h5")
    return {
        "settings": settings,
        "precision": keras.config.dtype_policy().name,
        "layers": [type(layer).__name__ for layer in network.layers],
        "parameters": network.count_params(),
        "training_digits": len(images),
        "history": {key: np.round(values, 6).tolist() for key, values in history.history.items()},
        "seconds": round(seconds, 1),
        "test_mistakes": int((predicted != y_test).sum()),
        "test_digits": len(y_test),
    }
