"""The mistakes browser: what a network misread, the most confident mistakes first."""

from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.arguments import array, integer, show
from helpers.explore import canvas
from helpers.explore.answers import draw_bars, percent
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas

ALL = "all"
PAGE, ACROSS, TILE = 20, 4, 64


def misclassified(
    images: Any = None,
    labels: Any = None,
    probabilities: Any = None,
    suspicious: Mapping[int, str] | None = None,
) -> Explorer:
    """Browse what a network misread.

    Without arguments: what the network that the course ships makes of scikit-learn's digits.

    Args:
        images: `(number, height, width)`, ink high on paper low.
        labels: `(number,)`, integers from 0 to 9.
        probabilities: `(number, 10)`, the network's answers, each row adding up to 1.
        suspicious: For some indices, a sentence that says why the label is doubtful.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where shapes do not fit together, or numbers are out of their range.

    Examples:
        >>> digit, read = np.zeros((1, 28, 28)), np.eye(10)[[7]]
        >>> misclassified(digit, [1], read)
        Mistake 1 of 1: a digit labelled 1 was read as 7, over 99 % sure; the 1 got under 1 %.

    """
    if images is None and labels is None and probabilities is None:
        images, labels, probabilities = bundled_answers()
    pictures = array("images", images, dimensions=(3,))
    truth = checked_labels(labels, len(pictures))
    answers = checked_answers(probabilities, len(pictures))
    doubts = checked_doubts(suspicious or {}, len(pictures))

    wrong = np.flatnonzero(answers.argmax(axis=1) != truth)
    ranked = wrong[np.argsort(-answers[wrong].max(axis=1), kind="stable")]
    choices = {ALL: ranked, **{str(digit): ranked[truth[ranked] == digit] for digit in range(10)}}
    controls = {
        "digit": toggles("Label", list(choices), ALL),
        "number": widgets.IntSlider(
            description="Mistake",
            value=1,
            min=1,
            max=max(1, len(ranked)),
            layout=widgets.Layout(width="420px"),
        ),
    }

    def adjust(controls):
        controls["number"].max = max(1, len(choices[controls["digit"].value]))

    return Explorer(
        lambda digit, number: scene(
            pictures, truth, answers, doubts, choices[digit], digit, number
        ),
        controls,
        [["digit"], ["number"]],
        adjust,
    )


def bundled_answers() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return scikit-learn's digits in MNIST's form, and what the shipped network makes of them."""
    from helpers.datasets.mnist import stand_in_digits
    from helpers.models.mnist_cnn import load_trained

    digits = stand_in_digits()
    images = np.concatenate([digits["x_train"], digits["x_test"]]) / 255
    labels = np.concatenate([digits["y_train"], digits["y_test"]])
    return images, labels, load_trained().predict(images[..., None], batch_size=600, verbose=0)


def checked_labels(labels: Any, number: int) -> np.ndarray:
    """Return labels as integers, one from 0 to 9 for each image."""
    found = array("labels", labels, dimensions=(1,))
    if len(found) != number or ((found < 0) | (found > 9) | (found % 1 != 0)).any():
        raise ValueError(
            f"`labels` must be {number} integers from 0 to 9, one for each image. "
            f"Received labels={show(labels)}."
        )
    return found.astype(int)


def checked_answers(probabilities: Any, number: int) -> np.ndarray:
    """Return probabilities as an array, ten for each image that add up to 1."""
    found = array("probabilities", probabilities, dimensions=(2,))
    if found.shape != (number, 10):
        raise ValueError(
            f"`probabilities` must have the shape ({number}, 10), ten for each image. "
            f"Received probabilities of shape {found.shape}."
        )
    if found.min() < 0 or np.abs(found.sum(axis=1) - 1).max() > 0.01:
        raise ValueError(
            "`probabilities` must be at least 0 and add up to 1 in each row. Received rows that "
            f"add up to {found.sum(axis=1).min():g} to {found.sum(axis=1).max():g}."
        )
    return found


def checked_doubts(suspicious: Mapping[int, str], number: int) -> dict[int, str]:
    """Return doubts about labels by the index of the image."""
    if not isinstance(suspicious, Mapping):
        raise TypeError(
            "`suspicious` must be a mapping from indices to sentences. "
            f"Received suspicious={show(suspicious)}."
        )
    return {
        integer("suspicious", index, 0, number - 1): str(doubt)
        for index, doubt in suspicious.items()
    }


def scene(
    images: np.ndarray, labels: np.ndarray, probabilities: np.ndarray, doubts: dict[int, str],
    chosen: np.ndarray, digit: str, number: int,
) -> Scene:  # fmt: skip
    """Draw one mistake, its ten probabilities, and the mistakes around it."""
    drawn = Canvas(900, 398)
    if not len(chosen):
        what = "No digit" if digit == ALL else f"No digit labelled {digit}"
        drawn.text(8, 22, f"{what} was misread", canvas.TITLE)
        return Scene(drawn, f"{what} was misread.")
    index = chosen[number - 1]
    label, answer = labels[index], probabilities[index]
    read = answer.argmax()

    drawn.text(8, 22, f"Labelled {label}, read as {read}", canvas.TITLE)
    drawn.picture(8, 36, 280, canvas.colors(images[index], False))
    drawn.text(8, 338, f"number {index} of the digits, counted from 0", canvas.SMALL)
    if index in doubts:
        drawn.text(8, 362, "? The label is doubtful", canvas.TITLE)
    drawn.text(322, 22, "The network's answer", canvas.TITLE)
    draw_bars(drawn, 328, 40, 236, answer, label)
    drawn.text(322, 338, "blue: what it read; framed: the label", canvas.SMALL)

    start = (number - 1) // PAGE * PAGE
    page = chosen[start : start + PAGE]
    drawn.text(
        606, 22, f"Mistakes {start + 1} to {start + len(page)} of {len(chosen)}", canvas.TITLE
    )
    for place, other in enumerate(page):
        row, column = divmod(place, ACROSS)
        x, y = 606 + column * (TILE + 8), 36 + row * (TILE + 8)
        drawn.picture(x, y, TILE, canvas.colors(images[other], False))
        if other in doubts:
            drawn.bar(x + TILE - 15, y, 15, 17, canvas.PAPER)
            drawn.text(x + TILE - 12, y + 14, "?", canvas.TEXT)
        if other == index:
            drawn.outline(x - 3, y - 3, TILE + 6, TILE + 6)
    words = (
        f"Mistake {number} of {len(chosen)}: a digit labelled {label} was read as {read}, "
        f"{percent(answer[read])} sure; the {label} got {percent(answer[label])}."
    )
    return Scene(drawn, " ".join(filter(None, [words, doubts.get(int(index))])))
