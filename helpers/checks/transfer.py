"""Exercises of notebook 09, Borrow a trained network."""

from typing import Any

import numpy as np

from helpers.checks.engine import Notebook, Wrong, compare, predict_number, predict_numbers, run

notebook = Notebook("09_transfer")
SECONDS = 60.0
SMALL = 3e-4

head = notebook.prediction(
    "head",
    "the number of parameters of the new head",
    predict_number(
        (1280 + 1) * 5,
        {
            6_400: "the 5 biases are missing, one for each class.",
            1_281_000: "this is the old head, with a thousand classes.",
            7_680: "there is one bias for each class, not for each feature.",
            1_285: "each class has its own weight for each feature: multiply.",
            0: "the head is what is trained: it has parameters.",
        },
        "(1,280 + 1) · 5 = 6,405: few enough to be learned from a handful of pictures.",
        "A dense layer has (inputs + 1) · outputs parameters.",
    ),
    [
        "Pooling leaves one number for each channel: 1,280 inputs.",
        "A dense layer has (inputs + 1) · outputs parameters; the + 1 is the bias.",
    ],
)

MEANS = np.array([103.939, 116.779, 123.68])


@notebook.exercise(
    "a function that returns pictures as VGG16 wants them",
    "`pictures[..., ::-1]` turns the last axis round: red, green, blue becomes blue, green, red.",
    "Then take off the three means, in the order blue, green, red.",
    "`pictures[..., ::-1] - np.array([103.939, 116.779, 123.68])`",
)
def prepare(function: Any) -> str:
    """Compare with VGG16's preparation on pixels and on random pictures."""
    random = np.random.default_rng(9)
    for pictures in (
        np.full((1, 1, 1, 3), [200.0, 100.0, 50.0]),
        np.rint(random.uniform(0, 255, (2, 4, 5, 3))),
    ):
        right = pictures[..., ::-1] - MEANS
        found = run(function, pictures)
        called = f"for pictures of shape {pictures.shape}"
        slips = [
            (pictures - MEANS, "the channels are still in the order red, green, blue"),
            (pictures[..., ::-1] - MEANS[::-1], "the means belong to blue, green, red, in "
             "this order"),
            (pictures - MEANS[::-1], "the means are right for each colour, but the channels "
             "must also be turned round"),
            (pictures[..., ::-1], "the means are not taken off"),
            (pictures[..., ::-1] + MEANS, "the means are added: take them off"),
            (right / 255, "VGG16 wants the scale of 0 to 255: do not divide"),
            (pictures / 255, "VGG16 wants the scale of 0 to 255: do not divide"),
            (pictures / 127.5 - 1, "this is MobileNet's preparation"),
            (pictures[:, :, ::-1, ::-1] - MEANS, "the picture is mirrored too: turn round the "
             "last axis only"),
        ]  # fmt: skip
        compare(found, right, called, slips, within=1e-3)
    return "Blue first, means off, nothing divided: that is what VGG16 and ResNet50 were fed."


twice = notebook.prediction(
    "twice",
    "two numbers: what a black and what a white pixel become",
    predict_numbers(
        (-1.0, 1 / 127.5 - 1),
        {
            (-1.0, 1.0): "so it is without the division: after it, white is 1, not 255.",
            (0.0, 1.0): "this is after the division alone; preprocess_input comes on top.",
            (-1.0, 0.0): "1 / 127.5 is not 1: compute 1 / 127.5 − 1.",
            (0.0, 0.0): "black becomes 0 / 127.5 − 1, which is not 0.",
            (0.0, 1 / 127.5): "the − 1 is missing.",
            (-1.0, -1.0): "white is nearly black, but not quite: give three digits.",
        },
        "From −1 to −0.992: the network sees a picture that is all but black everywhere.",
        "Divide by 255 first, then compute x / 127.5 − 1.",
        within=0.0025,
    ),
    [
        "After the division black is 0 and white is 1.",
        "MobileNet's preprocess_input computes x / 127.5 − 1, whatever x is.",
        "Black: 0 / 127.5 − 1. White: 1 / 127.5 − 1.",
    ],
)

moving = notebook.prediction(
    "moving",
    "two numbers: how many parameters training changes, and how many it does not",
    predict_numbers(
        (3 * 3 * 3 * 8 + 2 * 8, 2 * 8),
        {
            (248, 0): "batch normalisation keeps a mean and a variance: no gradient reaches them.",
            (216, 32): "batch normalisation also learns: a scale and a shift for each channel.",
            (240, 16): "without a bias the convolution has 216 weights, not 224.",
            (232, 32): "the scale and the shift are learned: 16 numbers do not train, not 32.",
            (16, 232): "this is the other way round.",
            (16, 216): "the kernel is trained as well.",
        },
        "216 + 16 = 232 are trained; the 8 means and 8 variances are only measured.",
        "Count the kernel, then four numbers for each channel, two of which are trained.",
    ),
    [
        "The convolution has 3 · 3 · 3 · 8 weights, and no bias.",
        "For each channel batch normalisation keeps four numbers: scale, shift, mean, variance.",
        "Scale and shift are trained; mean and variance are measured while training runs.",
    ],
)


@notebook.exercise(
    "a function that unfreezes the base and makes the network ready for fine-tuning",
    "Compare two counts: what the layers say is trainable, and what the optimizer keeps.",
    "The optimizer learns which parameters it moves when the network is compiled and fitted.",
    "After `base.trainable = True`, set `layer.trainable = False` for each layer of the base "
    "that is a `layers.BatchNormalization`.",
    "Then call `network.compile(...)` again, with the same loss and a rate of 1e-5 or 1e-4.",
)
def unfreeze(function: Any) -> str:
    """Hand over a small network with a frozen base, read the counts, and take a step."""
    base, network, pictures, labels = small_network()
    before = network.optimizer
    returned = run(function, network, base, seconds=SECONDS)
    if returned is not network:
        raise Wrong("it should return the network that it was given.")
    trained = sum(weight.shape.num_elements() for weight in network.trainable_weights)
    head_only = sum(weight.shape.num_elements() for weight in network.layers[-1].weights)
    if trained == head_only:
        raise Wrong("the base is still frozen: the layers train the head's parameters alone.")
    if not base.layers[0].trainable_weights:
        raise Wrong("the convolution of the base is still frozen: set `base.trainable = True`.")
    if network.optimizer is before or network.optimizer is None:
        raise Wrong(
            f"the layers now say {trained} trainable parameters, but the optimizer was made for "
            f"the {head_only} of the head: compile again."
        )
    rate = float(network.optimizer.learning_rate.numpy())
    if rate > SMALL:
        raise Wrong(
            f"the learning rate is {rate:g}: one like that is for a new head. Take at most "
            f"{SMALL:g} for weights that are already good."
        )
    if rate <= 0:
        raise Wrong("with a learning rate of 0 nothing is learned.")
    kept = [weight.numpy() for weight in base.weights]
    network.run_eagerly = True  # One step does not repay the time to compile it.
    try:
        network.train_on_batch(pictures, labels)
    except Exception as error:
        why = f"training fails afterwards ({type(error).__name__}): check the loss."
        raise Wrong(why) from None
    changed = {
        weight.name
        for old, weight in zip(kept, base.weights, strict=True)
        if (old != weight.numpy()).any()
    }
    if changed & {"moving_mean", "moving_variance"}:
        raise Wrong(
            "a step of training moves the means and variances of batch normalisation: keep the "
            "layers of this kind frozen."
        )
    if "kernel" not in changed:
        raise Wrong("a step of training changes nothing in the base: compile after unfreezing it.")
    return "Unfrozen except for batch normalisation, compiled again, small steps: it is fine-tuned."


def small_network() -> tuple[Any, Any, np.ndarray, np.ndarray]:
    """Build a small frozen base, an optimizer that knows its head only, and some pictures."""
    from helpers.models.backend import keras

    layers = keras.layers
    base = keras.Sequential(
        [keras.Input((6, 6, 3)), layers.Conv2D(4, 3), layers.BatchNormalization()]
    )
    base.trainable = False
    inputs = keras.Input((6, 6, 3))
    maps = base(inputs, training=False)
    outputs = layers.Dense(2, activation="softmax")(layers.GlobalAveragePooling2D()(maps))
    network = keras.Model(inputs, outputs)
    network.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    network.optimizer.build(network.trainable_variables)
    pictures = np.random.default_rng(0).normal(size=(8, 6, 6, 3)).astype("float32")
    labels = np.arange(8) % 2
    return base, network, pictures, labels


__all__ = ["head", "moving", "prepare", "twice", "unfreeze"]
