"""The browser of misclassified digits: the most confident of them first."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from helpers.arguments import array, integer, show
from helpers.explore import panels
from helpers.explore.panels import Bars, Choice, Column, Frame, ImageGrid, Slider, Text

SAY = panels.Words(__name__)
ALL = "all"
PAGE, ACROSS = 20, 4


def misclassified(
    images: Any = None,
    labels: Any = None,
    probabilities: Any = None,
    suspicious: Mapping[int, str] | None = None,
) -> panels.Explorer:
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

    def limits(digit, **_):
        return {"number": max(1, len(choices[digit]))}

    def draw(digit, number):
        return scene(pictures, truth, answers, doubts, choices[digit], digit, number)

    controls = [
        [Choice("digit", tuple(choices), ALL)],
        [Slider("number", 1, max(1, len(ranked)), 1, wide=True)],
    ]
    return panels.Explorer(draw, controls, words=SAY, limits=limits)


def bundled_answers() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return scikit-learn's digits in MNIST's form, and what the shipped network makes of them."""
    from helpers.datasets.mnist import stand_in_digits
    from helpers.explore.trained import trained

    digits = stand_in_digits()
    images = np.concatenate([digits["x_train"], digits["x_test"]]) / 255
    labels = np.concatenate([digits["y_train"], digits["y_test"]])
    return images, labels, trained().predict(images[..., None], batch_size=600, verbose=0)


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
) -> panels.Scene:  # fmt: skip
    """Show one misclassified digit, its ten probabilities, and the others of its page."""
    if not len(chosen):
        words = SAY("none" if digit == ALL else "none_labelled", digit=digit)
        return panels.Scene(Text(words, "title"), words)
    index = int(chosen[number - 1])
    label, answer = int(labels[index]), probabilities[index]
    read, start = int(answer.argmax()), (number - 1) // PAGE * PAGE
    page = chosen[start : start + PAGE]
    told = {
        "number": number, "all": len(chosen), "label": label, "read": read, "index": index,
        "sure": SAY.percent(answer[read]), "got": SAY.percent(answer[label]),
        "first": start + 1, "last": start + len(page),
    }  # fmt: skip
    one = Column([
        ImageGrid(images[index], title=SAY("image", **told), notes=SAY("index", **told)),
        Text(SAY("doubtful") if index in doubts else "", "title"),
    ], share=1.2)  # fmt: skip
    signs = [panels.Swatch(panels.OUTPUT, SAY("blue")), Frame("window", name=SAY("framed"))]
    bars = Bars(range(10), answer, framed=label, title=SAY("answer"))
    here = {int(other): place for place, other in enumerate(page)}
    others = ImageGrid([images[other] for other in page], across=ACROSS, room=PAGE // ACROSS,
                       chosen={here[index]: "window"}, title=SAY("page", **told), share=1.2,
                       badges={here[other]: "?" for other in doubts if other in here})  # fmt: skip
    words = " ".join(filter(None, [SAY("sentence", **told), doubts.get(index)]))
    return panels.Scene(panels.Row([one, Column([bars, panels.Legend(signs)]), others]), words)
