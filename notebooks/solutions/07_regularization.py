"""Reference solutions of notebook 07, run by the course's tests."""

import keras
import numpy as np
from keras import layers


def difference():
    differences = np.array([91, 95, 93, 93, 93]) - np.array([90, 92, 91, 89, 93])
    return differences.mean(), differences.std(ddof=1) / np.sqrt(5)


def kept():
    in_training = 4 / (1 - 0.2)
    mean = 0.8 * in_training + 0.2 * 0
    return in_training, mean, 4


def reader(seed):
    keras.utils.set_random_seed(seed)
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    network.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return network


def augmenter(seed):
    return keras.Sequential(
        [
            layers.RandomRotation(15 / 360, fill_mode="constant", seed=seed),
            layers.RandomTranslation(0.1, 0.1, fill_mode="constant", seed=seed + 1),
        ]
    )


def validate(network, augment, images, labels):
    probabilities = network(images, training=False)
    return np.mean(np.argmax(probabilities, axis=1) == labels)
