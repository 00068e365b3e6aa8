"""Train what data/ ships: the course's network on all 60,000 MNIST training digits.

    make train        (with COURSE_DATA naming a folder that holds mnist.npz, or with internet)

Writes data/mnist_cnn.weights.h5, its record data/mnist_cnn.json, and data/SHA256SUMS.
"""

import hashlib
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from helpers import data, networks
from helpers.networks import keras, tf

EPOCHS, BATCH_SIZE, PEAK, SEED = 5, 128, 4e-3, 0


def main() -> None:
    digits = data.load_digits()
    if not digits.is_mnist:
        sys.exit("This needs the real MNIST: name its folder in COURSE_DATA.")
    (x_train, y_train), (x_test, y_test) = digits.load_data()
    images = x_train[..., None].astype("float32") / 255
    labels = keras.utils.to_categorical(y_train, 10)
    keras.utils.set_random_seed(SEED)
    network = networks.mnist_cnn()
    steps = EPOCHS * -(-len(images) // BATCH_SIZE)
    network.compile(
        optimizer=keras.optimizers.Adam(networks.warm_cosine(PEAK, steps)),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    begun = time.perf_counter()
    history = network.fit(images, labels, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=2)
    seconds = time.perf_counter() - begun
    tests = x_test[..., None].astype("float32") / 255
    predicted = network.predict(tests, batch_size=1000, verbose=0).argmax(axis=1)
    path = data.DATA_FOLDER / "mnist_cnn.weights.h5"
    part = path.with_name("part.weights.h5")
    network.save_weights(part)
    os.replace(part, path)
    record = {
        "command": "make train",
        "settings": {
            "epochs": EPOCHS, "batch_size": BATCH_SIZE, "peak_learning_rate": PEAK, "seed": SEED,
        },
        "training_digits": len(images),
        "history": history.history,
        "seconds": round(seconds, 1),
        "test_mistakes": int((predicted != y_test).sum()),
        "test_digits": len(y_test),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
    }  # fmt: skip
    (data.DATA_FOLDER / "mnist_cnn.json").write_text(
        json.dumps(record, indent=1) + "\n", encoding="utf-8"
    )
    sums = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}"
        for file in sorted(data.DATA_FOLDER.glob("mnist_cnn.*"))
    ]
    (data.DATA_FOLDER / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")
    print(f"{record['test_mistakes']} mistakes on {len(y_test):,} test digits, {seconds:.0f} s")


if __name__ == "__main__":
    main()
