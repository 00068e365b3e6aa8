"""The course's network for digits, and the weights that the course trained."""

from pathlib import Path

from helpers.datasets.locate import DATA_FOLDER
from helpers.datasets.records import shipped_file
from helpers.models.backend import keras

OWN = "training_mnist_cnn"
# Trained in the same way from other random starts, for notebook 06; shipped as float16.
OTHERS = ("interpretation_1", "interpretation_2", "interpretation_3")


def build() -> keras.Sequential:
    """Build the course's network for digits: 93,322 parameters, not compiled.

    Three 3x3 convolutions with 32, 64 and 64 filters, 2x2 max pooling after the first two, a
    dense layer of 64 and a softmax over the 10 digits, on inputs `(batch, 28, 28, 1)` from 0 to 1.

    Examples:
        >>> build().count_params()
        93322

    """
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(64, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(64, (3, 3), activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def load_trained(folder: Path = DATA_FOLDER, name: str = OWN) -> keras.Sequential:
    """Return `build()` with weights that the course trained on MNIST.

    Args:
        folder: Where the weights lie; the course's own folder where it is left out.
        name: Which network: the course's own, or one of `OTHERS`.

    Raises:
        DataError: where the weights are missing, or are not the ones that the course ships.

    Examples:
        >>> load_trained().output_shape
        (None, 10)

    """
    network = build()
    network.load_weights(shipped_file(f"{name}.weights.h5", folder))
    return network
