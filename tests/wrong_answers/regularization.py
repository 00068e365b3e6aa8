"""Wrong answers to the exercises of notebook 07, with words of the reason each must get."""

import numpy as np


def network(last, loss, compiled=True, size=10):
    """Return a function that builds a network with other last layers, or with another loss."""

    def build(seed):
        from helpers.models.backend import keras

        keras.utils.set_random_seed(seed)
        layers = keras.layers
        first = [keras.Input((28, 28, 1)), layers.Conv2D(16, 3, 2, activation="relu")]
        made = keras.Sequential([*first, layers.Flatten(), layers.Dense(size)])
        for name in last:
            made.add(getattr(layers, name)())
        if compiled:
            kind = keras.losses.SparseCategoricalCrossentropy
            made.compile("adam", kind(from_logits=loss == "logits") if loss else None)
        return made

    return build


def changed(*wanted):
    """Return a function that builds augmenting layers by name and settings."""

    def build(seed):
        from helpers.models.backend import keras

        return keras.Sequential(
            [getattr(keras.layers, name)(*settings) for name, *settings in wanted]
        )

    return build


def share(answers, labels):
    return np.mean(np.argmax(answers, axis=1) == labels)


WRONG = {
    "difference": [
        ((2, np.sqrt(2.5)), "root of their number"), ((2, np.sqrt(2 / 5)), "ddof=1"),
        ((2, np.sqrt(0.9)), "unpaired"), ((-2, np.sqrt(0.5)), "subtract plain"),
        ((1, 1), "1, 3, 2, 4 and 0"), (2, "2 numbers"),
        ((2, 1.58), "root of their number"), ((2, 0.63), "ddof=1"), ((2, 0.95), "unpaired"),
    ],
    "kept": [
        ((4, 3.2, 4), "is scaled"), ((5, 4, 3.2), "does nothing"), ((20, 4, 4), "not the share"),
        ((5, 5, 4), "counts the draws"), ((1, 2, 3), "is not it"), ("5 4 4", "leave the quotes"),
    ],
    "reader": [
        (network(["Softmax", "Softmax"], "probabilities"), "softmax is applied twice"),
        (network([], "probabilities"), "takes them for probabilities"),
        (network(["Softmax"], "logits"), "Keras noticed"),
        (network(["Softmax"], None), "without a loss"),
        (network(["Softmax"], "probabilities", compiled=False), "not compiled"),
        (network(["Softmax"], "probabilities", size=9), "give 10 numbers"),
        (lambda seed: "network", "compiled Keras network"), (3, "a function is asked for"),
    ],
    "augmenter": [
        (changed(), "no layer is left"),
        (changed(("RandomFlip", "horizontal"), ("RandomRotation", 0.04)), "mirrored"),
        (changed(("RandomRotation", 0.5)), "turned by up to"),
        (changed(("RandomRotation", 0.25)), "turned by up to"),
        (changed(("Identity",)), "come back as they were"),
        (changed(("RandomTranslation", 0.9, 0.9, "constant")), "of the ink is gone"),
        (changed(("Flatten",)), "come back with shape"),
        (lambda seed: [1, 2], "a Keras layer"),
    ],
    "validate": [
        (lambda n, a, x, y: share(n(a(x, training=True), training=True), y), "dropout is still on"),
        (lambda n, a, x, y: share(n(x, training=True), y), "dropout is still on"),
        (lambda n, a, x, y: share(n(a(x, training=True), training=False), y), "still augmented"),
        (lambda n, a, x, y: 100 * share(n(x, training=False), y), "without dropout"),
        (lambda n, a, x, y: np.argmax(n(x), axis=1) == y, "a single number"),
        (lambda n, a, x: 0, "raises TypeError"),
    ],
}  # fmt: skip
