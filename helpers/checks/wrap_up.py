"""Exercises of notebook 12, Wrap up: a plan, a diagnosis, and the capstone."""

from typing import Any

import numpy as np

from helpers.arguments import show
from helpers.checks.engine import Notebook, Untried, Wrong, predict_numbers, show_error

notebook = Notebook("12_wrap_up")
# Shares of right answers on the pictures that are kept away: what a dense network reaches, and
# what is asked for. Of the drawn clothes both come from data/wrap_up.json. Of Fashion-MNIST they
# come from the table in the README of github.com/zalandoresearch/fashion-mnist, a dense network
# with 0.900 and small CNNs with up to 0.925: submitted by users, not measured by the course.
ASKED = {"stand-in": (0.703, 0.92), "Fashion-MNIST": (0.900, 0.910)}
BATCH, SAMPLE = 250, 1000
# More points between training and new pictures than this are called overfitting.
GAP = 0.04
LINKS = {
    "cures": ("07 Choose by symptom", "07_regularization", "table-heading"),
    "architecture": ("08 Vary the architecture", "08_hyperparameters",
                     "architecture-heading"),
    "rate": ("08 Find where the learning rate may lie", "08_hyperparameters",
             "range-heading"),
}  # fmt: skip

FIRST_STEPS = {
    "A": "take one of two softmaxes away",
    "B": "augmentation, dropout or more digits",
    "C": "prepare the pictures as in training",
    "D": "a smaller learning rate",
}
RIGHT = "BDAC"
TELLS = (
    "1: training digits all right, others not, and the validation loss rises: it overfits.",
    "2: a loss that jumps and becomes NaN: the steps are too long.",
    "3: no probability above 0.23 = e / (e + 9): the softmax of a softmax.",
    "4: right on the test set and sure of wrong answers elsewhere: the pictures differ.",
)


@notebook.exercise(
    "four letters, the first step for each report",
    "Ask of each report first: does it fail on the training digits, too?",
    "Which of them can no cure for overfitting help? In which is the loss itself broken?",
    "e / (e + 9) = 0.232 is the most that a softmax of a softmax can give.",
)
def diagnose(answer: Any) -> str:
    """Compare four letters with the right ones, and name the first report that is misread."""
    if not isinstance(answer, str):
        raise Wrong(
            f'four letters in quotes are asked for, such as "ABCD". Received {show(answer)}.'
        )
    letters = "".join(answer.upper().replace(",", " ").split())
    if sorted(letters) != sorted(RIGHT):
        raise Wrong(f"each of the letters A, B, C and D is used once. Received {show(answer)}.")
    for place, (found, right) in enumerate(zip(letters, RIGHT, strict=True)):
        if found != right:
            raise Wrong(
                f"report {place + 1} does not call for {found} ({FIRST_STEPS[found]}): look at "
                "what it says about training and about new digits."
            )
    return " ".join(TELLS)


plan = notebook.prediction(
    "plan",
    "three numbers: what Flatten gives, all parameters, the receptive field after both poolings",
    predict_numbers(
        (1024, 6517, 10),
        {
            (1024.0, 6517.0, 8.0): "the second pooling sees one step further: 8 + 1 · 2.",
            (1024.0, 6517.0, 6.0): "the steps grow: after the first pooling one step is 2 pixels.",
            (576.0, 4277.0, 10.0): "these are the numbers without padding: `same` keeps the size.",
            (1024.0, 6488.0, 10.0): "each filter and each neuron has a bias, too.",
            (1024.0, 1392.0, 10.0): "the dense layer is missing: (1,024 + 1) · 5.",
            (64.0, 6517.0, 10.0): "8 × 8 places are right; each has 16 channels.",
        },
        "Two poolings leave 8 × 8 × 16, most parameters are in the dense layer, and one number "
        "of the last map sees 10 × 10 pixels.",
        "Go layer by layer: size, channels, parameters, field.",
    ),
    [
        "`same` keeps 32; each pooling halves it. `Flatten` counts places times channels.",
        "Parameters: (3 · 3 · input channels + 1) · filters, and (inputs + 1) · outputs.",
        "The field starts at 1; a layer adds (kernel − 1) times the product of the strides before "
        "it: 2, 1, then 2 · 2 and 1 · 2.",
    ],
)


@notebook.exercise(
    "a pair: your trained network and the task",
    "Compare the accuracy on training and on validation pictures: does it overfit, or has it "
    "not learned enough yet?",
    "The first CNN has not learned enough: three convolutions with 32, 64 and 64 filters, "
    '`padding="same"`, and twelve epochs.',
    "Then comes overfitting: `Dropout(0.4)` behind `Flatten`; and a learning rate that rises "
    "to 0.003 and falls to zero, as in notebook 05.",
)
def capstone(answer: Any) -> str:
    """Judge a trained network on pictures that its maker's code never got."""
    from helpers.datasets import tasks
    from helpers.datasets.locate import DataError

    network, task = network_and_task(answer)
    try:
        images, labels = tasks.held_out(task)
    except DataError as error:
        raise Wrong(f"the pictures that were kept away cannot be read. {error}") from None
    names = task.class_names
    answers = read(network, images, len(names))
    right = float((answers == labels).mean())
    error = np.sqrt(right * (1 - right) / len(labels))
    if right < 0.5 and (other := scaled_accuracy(network, images, labels)) > right + 0.1:
        raise Wrong(
            f"{right:.1%} of the pictures with pixels from 0 to 1, but {other:.1%} with pixels "
            "from 0 to 255: divide by 255 before training, or leave out a layer that does."
        )
    if len(np.unique(answers)) == 1:
        raise Wrong(
            f"it says {names[answers[0]]} to every picture: it has not been trained, or the "
            "training went wrong. Look at its loss."
        )
    told = f"{right:.1%} of {len(labels):,} pictures that it has not seen (± {error:.1%})."
    baseline, target, what = asked(task, images, labels)
    told += f" {confused(answers, labels, names)}"
    if right > target or (right == target and right > baseline):
        return f"{told} That is more than the {target:.1%} that are asked for ({what})."
    if right <= 1.5 / len(names):
        raise Wrong(f"{told} Guessing gives as much: has it been trained, and with these labels?")
    compared = "less" if right < baseline else "more"
    raise Wrong(
        f"{told} {what.capitalize()} reaches {baseline:.1%}, so this is {compared}; "
        f"{target:.1%} are asked for. {advice(network, task, right)}"
    )


def network_and_task(answer: Any) -> tuple[Any, Any]:
    """Take the answer apart.

    Raises:
        Wrong: where it is no pair of a Keras network and a task of pictures.
        Untried: where a part of it is still open.

    """
    from helpers.datasets import tasks
    from helpers.models.backend import keras

    if isinstance(answer, keras.Model):
        raise Wrong("hand in the pictures with it, as a pair: `(network, task)`.")
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise Wrong(f"a pair `(network, task)` is asked for. Received {show(answer)}.")
    network, task = answer
    if network is ... or task is ... or network is None:
        raise Untried
    if isinstance(network, tasks.Task) and isinstance(task, keras.Model):
        network, task = task, network
    if not isinstance(task, tasks.Task):
        raise Wrong(
            "the second of the pair should be what `load_fashion_mnist()` or "
            f"`load_folder(...)` returned. Received {show(task)}."
        )
    if not isinstance(network, keras.Model):
        hint = " Call the function that builds it." if callable(network) else ""
        raise Wrong(f"a trained Keras network is asked for. Received {show(network)}.{hint}")
    return network, task


def read(network: Any, images: np.ndarray, classes: int) -> np.ndarray:
    """Return the network's answers, from probabilities or logits alike.

    Raises:
        Wrong: where it does not take the pictures, or gives something else than one number for
            each class.

    """
    shape = images.shape[1:]
    wanted = " × ".join(map(str, shape))
    answers = []
    for start in range(0, len(images), BATCH):
        part = images[start : start + BATCH].astype("float32") / 255
        try:
            outputs = np.asarray(network(part, training=False))
        except Exception as error:
            takes = getattr(network, "input_shape", None)
            raise Wrong(
                f"it should take pictures of {wanted} with pixels from 0 to 1. Its input shape is "
                f"{takes}, and it raises {type(error).__name__}: {show_error(error)}"
            ) from None
        if outputs.shape != (len(part), classes):
            raise Wrong(
                f"it should give {classes} numbers for each picture, one for each class. For "
                f"{len(part)} pictures its output has the shape {outputs.shape}."
            )
        if not np.isfinite(outputs).all():
            raise Wrong("its outputs are NaN or infinite: take a smaller learning rate.")
        answers.append(outputs.argmax(axis=1))
    return np.concatenate(answers)


def scaled_accuracy(network: Any, images: np.ndarray, labels: np.ndarray) -> float:
    """Return the accuracy with pixels from 0 to 255, on a part of the pictures."""
    given = images[:SAMPLE].astype("float32")
    answers = np.asarray(network(given, training=False)).argmax(axis=1)
    return float((answers == labels[:SAMPLE]).mean())


def asked(task: Any, images: np.ndarray, labels: np.ndarray) -> tuple[float, float, str]:
    """Return the baseline, the share that is asked for, and what the baseline is."""
    if task.name in ASKED:
        return *ASKED[task.name], "a dense network"
    from sklearn.neighbors import KNeighborsClassifier

    flat, tests = (part.reshape(len(part), -1) / 255 for part in (task.x_train, images))
    nearest = KNeighborsClassifier(1).fit(flat, task.y_train).score(tests, labels)
    often = float(np.bincount(labels).max() / len(labels))
    if nearest > often:
        return nearest, nearest, "taking the label of the most similar training picture"
    return often, often, "always naming the most frequent class"


def confused(answers: np.ndarray, labels: np.ndarray, names: tuple[str, ...]) -> str:
    """Name the classes that are most often taken for another one."""
    counts = np.zeros((len(names), len(names)), int)
    np.add.at(counts, (labels, answers), 1)
    totals = counts.sum(axis=1)
    np.fill_diagonal(counts, 0)
    worst = np.argsort(-counts, axis=None, kind="stable")[:3]
    pairs = [divmod(int(place), len(names)) for place in worst if counts.flat[place]]
    told = [
        f"{names[true]} taken for {names[taken]} ({counts[true, taken]} of {totals[true]})"
        for true, taken in pairs
    ]
    return f"Most often: {', '.join(told)}." if told else "It makes no mistake."


def advice(network: Any, task: Any, right: float) -> str:
    """Say what to try next, by whether the training pictures are read better than new ones."""
    rows = np.random.default_rng(0).permutation(len(task.y_train))[:SAMPLE]
    answers = read(network, task.x_train[rows], len(task.class_names))
    trained = float((answers == task.y_train[rows]).mean())
    told = f"Of {len(rows):,} of its training pictures it reads {trained:.1%}: "
    if trained - right > GAP:
        return f"{told}it overfits. Try augmentation, dropout or an L2 penalty ({link('cures')})."
    return (
        f"{told}it has not learned these either. Train for more epochs, take more filters or a "
        f"further convolution ({link('architecture')}), or another learning rate ({link('rate')})."
    )


def link(name: str) -> str:
    """Return a link to a cell that helps, as notebooks write it."""
    text, notebook, cell = LINKS[name]
    return f"[{text}]({notebook}.ipynb#cell-id={cell})"


__all__ = ["capstone", "diagnose", "plan"]
