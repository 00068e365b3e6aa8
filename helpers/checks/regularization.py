"""Exercises of notebook 07, Make it overfit, then cure it."""

import functools
import warnings
from typing import Any

import numpy as np
from scipy import ndimage

from helpers.arguments import show
from helpers.checks.engine import Notebook, Wrong, compare, predict_numbers, run

notebook = Notebook("07_regularization")
# Building a network takes longer than the other exercises' functions.
PATIENCE = 10.0
LARGEST_TWICE = np.e / (np.e + 9)

difference = notebook.prediction(
    "difference",
    "the mean of the five differences, and its standard error",
    predict_numbers(
        (2, np.sqrt(2.5 / 5)),
        {
            (2.0, float(np.sqrt(2.5))): "the spread of the differences is right: divide it by the "
            "root of their number.",
            (2.0, float(np.sqrt(2 / 5))): "for a spread that is estimated from five numbers, "
            "divide by four: ddof=1.",
            (2.0, float(np.sqrt(2.5 / 5 + 2 / 5))): "this treats the runs as unpaired: take the "
            "difference of each seed first.",
            (2.0, 2.5): "this is the square of the spread: take its root, then divide by √5.",
            (2.0, 0.5): "take the root: √(2.5 / 5).",
            (-2.0, float(np.sqrt(0.5))): "the cure comes out worse: subtract plain from cured.",
        },
        "0.71 · 2.776 = 1.96: the 95 % interval reaches from 0.04 to 3.96.",
        "The differences are 1, 3, 2, 4 and 0.",
        within=0.008,
    ),
    [
        "Subtract seed by seed: 91 − 90, 95 − 92 and so on. Then forget the accuracies.",
        "The standard error is the spread of the differences divided by the root of their number.",
        "`np.std(differences, ddof=1) / np.sqrt(5)`",
    ],
)

kept = notebook.prediction(
    "kept",
    "three numbers: kept in training, the mean over many draws, and at inference",
    predict_numbers(
        (5, 4, 4),
        {
            (4.0, 3.2, 4.0): "a kept number is scaled: 4 / (1 − 0.2).",
            (4.0, 4.0, 4.0): "a kept number is scaled: 4 / (1 − 0.2).",
            (20.0, 4.0, 4.0): "the scaling is 1 / (1 − rate); the rate is the share that is "
            "dropped, not the share that is kept.",
            (3.2, 4.0, 4.0): "scaling makes the kept number larger: divide by 1 − 0.2.",
            (5.0, 5.0, 4.0): "the mean counts the draws in which it is dropped, too.",
            (5.0, 4.0, 3.2): "at inference Keras' layer does nothing: the scaling was done before.",
            (5.0, 4.0, 5.0): "at inference Keras' layer does nothing at all.",
        },
        "0.8 · 5 + 0.2 · 0 = 4: the scaling keeps the mean.",
        "Four of five draws keep it, and a kept number is divided by 1 − rate.",
    ),
    [
        "In training a kept number is multiplied by 1 / (1 − rate).",
        "The mean is 0.8 times the kept number plus 0.2 times zero.",
        "At inference nothing is dropped and nothing is scaled.",
    ],
)


@functools.cache
def small_digits() -> tuple[np.ndarray, np.ndarray]:
    """Return a few of scikit-learn's digits, in the form that a network takes."""
    from helpers.datasets.mnist import stand_in_digits

    digits = stand_in_digits()
    images = digits["x_train"][:200, ..., None].astype("float32") / 255
    return images, digits["y_train"][:200].astype("int64")


def built(function: Any, kind: str, wanted: str) -> Any:
    """Call a function that makes something of Keras, and return it.

    Raises:
        Wrong: where it is no function, or returns something else.

    """
    from helpers.models.backend import keras

    found = run(function, 0, seconds=PATIENCE)
    if not isinstance(found, getattr(keras, kind)):
        raise Wrong(f"the function should return {wanted}. It returned {show(found)}.")
    return found


@notebook.exercise(
    "a function that returns the repaired network, compiled",
    "How large can the largest output get? Look at the last two layers.",
    "Softmax belongs in one place: in the last layer, or in the loss.",
    "Leave `layers.Softmax()` out. Or take both softmaxes away and set `from_logits=True`.",
)
def reader(function: Any) -> str:
    """Train the network for a few seconds: a loss that fits its outputs gets small."""
    network = built(function, "Model", "a compiled Keras network")
    shapes = (network.input_shape, network.output_shape)
    if shapes != ((None, 28, 28, 1), (None, 10)):
        raise Wrong(f"it should take 28 × 28 × 1 and give 10 numbers. Its shapes are {shapes}.")
    if not network.compiled or network.loss is None:
        raise Wrong("the network is not compiled, or compiled without a loss.")
    images, labels = small_digits()
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always")
        network.fit(images, labels, epochs=12, batch_size=16, verbose=0)
    if any("from_logits" in str(warning.message) for warning in noted):
        raise Wrong(
            "from_logits=True says that the outputs are logits, but they come out of a softmax. "
            "Keras noticed, warned and used the logits: take away one of the two."
        )
    outputs = np.asarray(network(images, training=False), dtype=float)
    loss = float(network.evaluate(images, labels, verbose=0, return_dict=True)["loss"])
    told = f"after 12 epochs on 200 digits the loss is {loss:.2f}"
    shares = outputs.min() >= 0 and np.allclose(outputs.sum(axis=1), 1, atol=1e-3)
    if shares and outputs.max() <= LARGEST_TWICE + 1e-3:
        raise Wrong(
            f"{told}, and no output is above {LARGEST_TWICE:.3f}, the most that a softmax of a "
            "softmax can give: softmax is applied twice."
        )
    if not shares and not loss < 1:
        raise Wrong(f"{told}: the outputs are logits, and the loss takes them for probabilities.")
    if not loss < 1:
        raise Wrong(f"{told}: it should fall below 1. Keep the layers, the optimizer and the loss.")
    return f"{told.capitalize()}: one softmax, and a loss that knows whether it has been applied."


def pose(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each changed picture of the letter F how far it is turned, and if mirrored."""
    found = np.stack([aligned(image) for image in images])
    scores = found.reshape(len(found), -1) @ poses().T
    best = scores.argmax(axis=1)
    angles = 10 * (best % 36)
    return np.where(angles > 180, angles - 360, angles), best >= 36


def letter() -> np.ndarray:
    """Draw an F, which looks different in every position and when it is mirrored."""
    drawn = np.zeros((28, 28))
    drawn[7:21, 10:12] = drawn[7:9, 10:19] = drawn[13:15, 10:17] = 1
    return aligned(drawn)


def aligned(image: np.ndarray) -> np.ndarray:
    """Return the picture with its ink's centre in the middle and a length of 1."""
    ink = np.clip(image - np.median(image), 0, None)
    if not ink.any():
        return ink
    middle = np.array(ndimage.center_of_mass(ink))
    moved = ndimage.shift(ink, 13.5 - middle, order=1)
    return moved / np.linalg.norm(moved)


@functools.cache
def poses() -> np.ndarray:
    """Return the F in 36 positions, and the mirrored F in 36 positions, as rows."""
    both = (letter(), letter()[:, ::-1])
    turned = [ndimage.rotate(drawn, 10 * step, reshape=False, order=1)
              for drawn in both for step in range(36)]  # fmt: skip
    return np.stack([aligned(image).ravel() for image in turned])


@notebook.exercise(
    "a function that returns the repaired layers",
    "Go through the layers one by one: may a digit be changed like this and keep its label?",
    "RandomRotation's factor is a part of a full turn: 0.5 draws from −180° to 180°.",
    "Leave the flip out, and let the rotation have a factor such as 15 / 360.",
)
def augmenter(function: Any) -> str:
    """Give a letter F to the layers, 200 times, and see in which positions it comes back."""
    augmenter = built(function, "Layer", "a Keras layer, such as a Sequential of layers")
    if not getattr(augmenter, "layers", True):
        raise Wrong("no layer is left, so nothing is left of the augmentation.")
    drawn = letter() / letter().max()
    given = np.repeat(drawn[None, ..., None].astype("float32"), 200, axis=0)
    changed = np.asarray(augmenter(given, training=True), dtype=float)
    if changed.shape != given.shape:
        raise Wrong(f"pictures of shape {given.shape} come back with shape {changed.shape}.")
    if np.abs(changed - given).max() < 0.05:
        raise Wrong("the pictures come back as they were: nothing is left of the augmentation.")
    ink = changed.sum(axis=(1, 2, 3)) / given.sum(axis=(1, 2, 3))
    if ink.min() < 0.5:
        raise Wrong(
            f"in the worst of 200 pictures {1 - ink.min():.0%} of the ink is gone: what is not in "
            "the picture cannot be read."
        )
    angles, mirrored = pose(changed[..., 0])
    if mirrored.any():
        raise Wrong(
            f"of 200 pictures {mirrored.sum()} come back mirrored: a mirrored 2 is no digit, and "
            "its label would be untrue."
        )
    if np.abs(angles).max() > 50:
        raise Wrong(
            f"pictures come back turned by up to {np.abs(angles).max()}°: a 6 turned by 180° is a "
            "9. The factor is a part of a full turn, 0.5 is 180°."
        )
    return f"Turned by {np.abs(angles).max()}° at most and never mirrored: the labels stay true."


@notebook.exercise(
    "a function that returns the accuracy as at inference",
    "Run it twice: does it give the same number? What in it is random?",
    "`training=True` switches dropout on; validation digits stay as they are.",
    "`network(images, training=False)`, and no call of `augment` at all.",
)
def validate(function: Any) -> str:
    """Validate a network with dropout, then one with strong augmentation, then both."""
    from helpers.models.backend import keras
    from helpers.models.mnist_cnn import load_trained

    images, labels = small_digits()
    trained = load_trained()
    dropping = keras.Sequential(
        [keras.Input((28, 28, 1)), *trained.layers[:-1], keras.layers.Dropout(0.9),
         trained.layers[-1]]
    )  # fmt: skip
    read = np.asarray(trained(images, training=False)).argmax(axis=1)
    expected = float((read == labels).mean())
    turning = keras.layers.RandomRotation(0.5, fill_mode="constant", seed=0)
    for network, augment, reason in (
        (trained, keras.layers.Identity(), "without dropout and augmentation"),
        (dropping, keras.layers.Identity(), "dropout is still on: with a network that drops 90 %"),
        (trained, turning, "the validation digits are still augmented: with turns by up to 180°"),
        (dropping, turning, "with dropout and turns"),
    ):
        found = run(function, network, augment, images, labels, seconds=PATIENCE)
        compare(found, expected, reason, within=5e-4)
    return "The same digits and the same network now give the same accuracy, every time."


__all__ = ["augmenter", "difference", "kept", "reader", "validate"]
