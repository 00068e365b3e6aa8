"""The overfitting network of notebook 07, and what regularizes it: each over several draws.

Every seed draws its own 500 training digits, and all variants of a seed share them: differences
between variants can be paired. The variants were written down before the first run and none was
tuned; the three marked below were added after it. The test set is not touched: 500 of the
validation digits are watched to stop in time, and 1,500 others judge.
"""

import functools
import time
from pathlib import Path

import numpy as np
from recording import Ledger, load_mnist

from helpers.models.backend import keras, tf

SETTINGS = {
    "seeds": 5, "epochs": 60, "batch_size": 64, "learning_rate": 0.001, "training_digits": 500,
    "more_digits": 2000, "judging_digits": 1500, "watched_digits": 500,
}  # fmt: skip
SHORT = {
    "seeds": 2, "epochs": 2, "training_digits": 64, "more_digits": 128, "judging_digits": 100,
    "watched_digits": 50,
}  # fmt: skip
RATE, PENALTY, DECAY, SMOOTHING = 0.5, 0.001, 0.5, 0.1
MOMENTUM, QUICK_MOMENTUM = 0.99, 0.9  # the first one is what Keras takes by itself
TURN, SHIFT, ZOOM, CONTRAST = 15, 0.1, 0.1, 0.3  # degrees; parts of height and width
# What each variant changes about the plain one; "start" is a placebo: other starting weights and
# another order of the same digits, nothing else.
VARIANTS = {
    "plain": set(),
    "another start": {"start"},
    "dropout": {"dropout"},
    "augmentation": {"augmentation"},
    "L2 penalty": {"penalty"},
    "weight decay": {"decay"},
    "batch normalisation": {"normalisation"},
    "batch normalisation, then dropout": {"normalisation", "dropout"},
    "dropout, then batch normalisation": {"normalisation", "dropout before"},
    "label smoothing": {"smoothing"},
    "four times the digits": {"more"},
    "everything at once": {"normalisation", "dropout", "augmentation", "smoothing", "decay"},
    # Added later: does batch normalisation suffer from averages that lag, alone and with
    # everything else, and do the three regularizers that helped alone help together?
    "batch normalisation, quick averages": {"normalisation", "quick"},
    "everything, quick averages": {
        "normalisation", "quick", "dropout", "augmentation", "smoothing", "decay",
    },
    "dropout, augmentation, smoothing": {"dropout", "augmentation", "smoothing"},
}  # fmt: skip


def build(changes: set[str]) -> keras.Sequential:
    """Build the network with the layers that a variant adds."""
    layers = keras.layers
    penalty = keras.regularizers.L2(PENALTY) if "penalty" in changes else None
    momentum = QUICK_MOMENTUM if "quick" in changes else MOMENTUM
    network = keras.Sequential([keras.Input((28, 28, 1))])
    if "augmentation" in changes:
        network.add(layers.RandomRotation(TURN / 360, fill_mode="constant"))
        network.add(layers.RandomTranslation(SHIFT, SHIFT, fill_mode="constant"))
        network.add(layers.RandomZoom(ZOOM, fill_mode="constant"))
        network.add(layers.RandomContrast(CONTRAST, value_range=(0, 1)))
    for filters in (16, 32):
        network.add(layers.Conv2D(filters, 3, kernel_regularizer=penalty))
        if "dropout before" in changes:
            network.add(layers.Dropout(RATE))
        if "normalisation" in changes:
            network.add(layers.BatchNormalization(momentum=momentum))
        network.add(layers.Activation("relu"))
        network.add(layers.MaxPooling2D(2))
    network.add(layers.Flatten())
    if "dropout" in changes:
        network.add(layers.Dropout(RATE))
    network.add(layers.Dense(64, activation="relu", kernel_regularizer=penalty))
    if "dropout" in changes:
        network.add(layers.Dropout(RATE))
    network.add(layers.Dense(10, activation="softmax", kernel_regularizer=penalty))
    return network


class Judge(keras.callbacks.Callback):
    """After each epoch, count mistakes and measure the loss as at inference, on several sets.

    The loss is the plain cross-entropy, whatever the training minimises, so that all variants
    can be compared. The time it takes is noted, to be left out of the cost.
    """

    def __init__(self, sets: dict[str, tuple[np.ndarray, np.ndarray]]):
        super().__init__()
        self.sets, self.seconds = sets, 0.0
        self.curves = {f"{name}_{kind}": [] for name in sets for kind in ("loss", "mistakes")}
        self.images = tf.constant(np.concatenate([images for images, _ in sets.values()]))

    def on_train_begin(self, logs=None):
        """Make the function that reads all digits at once."""
        self.read = tf.function(lambda images: self.model(images, training=False))

    def on_epoch_end(self, epoch, logs=None):
        """Add a point to each curve."""
        begun = time.process_time()
        if epoch == 0:
            self.first = begun
        probabilities, start = np.asarray(self.read(self.images)), 0
        for name, (images, labels) in self.sets.items():
            part = probabilities[start : start + len(images)]
            start += len(images)
            given = np.maximum(part[np.arange(len(labels)), labels], 1e-7)
            self.curves[f"{name}_loss"].append(float(f"{-np.log(given).mean():.4g}"))
            self.curves[f"{name}_mistakes"].append(int((part.argmax(axis=1) != labels).sum()))
        self.seconds += time.process_time() - begun

    def on_train_end(self, logs=None):
        """Note what the training itself took; the first epoch, which builds the graph, is left out.

        The other epochs stand for it.
        """
        epochs = self.params["epochs"]
        others = time.process_time() - self.first - self.seconds
        self.cost = others * epochs / (epochs - 1)


def train(changes: set[str], seed: int, settings: dict, digits: dict) -> dict:
    """Train one network and return its curves and its cost."""
    count = settings["more_digits" if "more" in changes else "training_digits"]
    order = np.random.default_rng(seed).permutation(len(digits["x"]))[:count]
    images, labels = digits["x"][order], digits["y"][order]
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed + 1000 * ("start" in changes))
    network = build(changes)
    kind = keras.optimizers.AdamW if "decay" in changes else keras.optimizers.Adam
    more = {"weight_decay": DECAY} if "decay" in changes else {}
    smoothing = SMOOTHING if "smoothing" in changes else 0.0
    # So small a network trains faster without the compiler.
    network.compile(
        optimizer=kind(settings["learning_rate"], **more),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=smoothing),
        jit_compile=False,
    )
    judge = Judge({"train": (images, labels), "val": digits["judging"], "watch": digits["watched"]})
    rows = keras.utils.to_categorical(labels, 10)
    sizes = {"epochs": settings["epochs"], "batch_size": settings["batch_size"]}
    network.fit(images, rows, **sizes, verbose=0, callbacks=[judge])
    # Only the plain runs are stopped in time, so only they need the watched digits.
    kept = [name for name in judge.curves if "watch" not in name or not changes]
    return {
        "seed": seed,
        "processor_seconds": round(judge.cost, 2),
        **{name: judge.curves[name] for name in kept if name != "watch_mistakes"},
    }


def run(name: str, short: bool, folder: Path) -> dict:
    """Train every variant from every seed, and return the record."""
    settings = SETTINGS | (SHORT if short else {})
    recorded = (
        settings
        | {"rate": RATE, "penalty": PENALTY, "decay": DECAY, "smoothing": SMOOTHING}
        | {"momentum": MOMENTUM, "quick_momentum": QUICK_MOMENTUM}
        | {"turn": TURN, "shift": SHIFT, "zoom": ZOOM, "contrast": CONTRAST}
    )
    loaded = load_mnist(short)
    held, watched = settings["judging_digits"], settings["watched_digits"]
    to_input = lambda images: images[..., None].astype("float32") / 255  # noqa: E731
    digits = {
        "x": to_input(loaded.x_train),
        "y": loaded.y_train,
        "judging": (to_input(loaded.x_val[:held]), loaded.y_val[:held]),
        "watched": (
            to_input(loaded.x_val[held : held + watched]), loaded.y_val[held : held + watched]
        ),
    }  # fmt: skip
    ledger = Ledger(folder, name, recorded, settings["seeds"] * len(VARIANTS))
    runs: dict[str, list[dict]] = {variant: [] for variant in VARIANTS}
    for seed in range(settings["seeds"]):
        for variant, changes in VARIANTS.items():
            make = functools.partial(train, changes, seed, settings, digits)
            runs[variant].append(ledger.get(f"{variant}, seed {seed}", make))
    return {
        "settings": recorded,
        "layers": {
            variant: [type(layer).__name__ for layer in build(changes).layers]
            for variant, changes in VARIANTS.items()
        },
        "runs": runs,
    }
