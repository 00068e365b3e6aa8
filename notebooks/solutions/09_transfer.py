"""Reference solutions of notebook 09, run by the course's tests."""

import keras
import numpy as np


def head():
    return (1280 + 1) * 5


def twice():
    return 0 / 127.5 - 1, 1 / 127.5 - 1


def prepare(pictures):
    return pictures[..., ::-1] - np.array([103.939, 116.779, 123.68])


def moving():
    kernel, channels = 3 * 3 * 3 * 8, 8
    return kernel + 2 * channels, 2 * channels


def unfreeze(network, base):
    base.trainable = True
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    optimizer = keras.optimizers.Adam(1e-4)
    network.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return network
