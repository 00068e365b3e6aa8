"""How explorers show a network's answer: ten bars with numbers, and the same in words."""

import numpy as np

from helpers.explore import canvas
from helpers.explore.canvas import Canvas

BAR_STEP = 28


def percent(probability: float) -> str:
    """Write a probability in percent, and never round it to certainty.

    Examples:
        >>> percent(0.976), percent(0.9999), percent(0.0001)
        ('98 %', 'over 99 %', 'under 1 %')

    """
    if probability >= 0.995:
        return "over 99 %"
    return "under 1 %" if probability < 0.005 else f"{100 * probability:.0f} %"


def in_words(probabilities: np.ndarray) -> str:
    """Say what ten probabilities amount to.

    Examples:
        >>> in_words(np.array([0, 0.02, 0, 0, 0, 0, 0, 0.98, 0, 0]))
        'Read as 7, 98 % sure; second comes 1 with 2 %.'

    """
    second, first = np.argsort(probabilities, kind="stable")[-2:]
    return (
        f"Read as {first}, {percent(probabilities[first])} sure; second comes {second} with "
        f"{percent(probabilities[second])}."
    )


def draw_bars(
    drawn: Canvas, x: float, y: float, width: float, probabilities: np.ndarray, label=None
) -> None:
    """Draw ten bars, one below the other; the largest is blue, a `label` gets an orange frame."""
    chosen = int(np.argmax(probabilities))
    longest = width - 84
    for digit, probability in enumerate(probabilities):
        top = y + digit * BAR_STEP
        color = canvas.OUTPUT if digit == chosen else canvas.ABSENT
        drawn.text(x, top + 16, str(digit), canvas.TITLE)
        drawn.bar(x + 18, top + 3, longest, 16, canvas.EMPTY)
        drawn.bar(x + 18, top + 3, longest * float(probability), 16, color)
        text = percent(probability).replace("over ", "> ").replace("under ", "< ")
        size = canvas.TITLE if digit == chosen else canvas.TEXT
        drawn.text(x + 24 + longest, top + 16, text, size)
        if digit == label:
            drawn.outline(x - 5, top - 2, width + 5, BAR_STEP - 2)
