"""The augmentation explorer: how far a digit may be changed before its label stops being true."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import ipywidgets as widgets
import numpy as np
from scipy import ndimage

from helpers.arguments import array
from helpers.datasets.mnist import load_digit_image
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas
from helpers.explore.trained import trained

STEPS = 30
CENTRE = 13.5
# For each digit, one of scikit-learn's that the shipped network reads as its label.
BUNDLED = (179, 777, 371, 301, 250, 230, 156, 1200, 513, 635)


def warped(image: np.ndarray, matrix: np.ndarray, shift=(0.0, 0.0)) -> np.ndarray:
    """Return the image that takes each pixel from `matrix` times its place from the centre."""
    offset = CENTRE - matrix @ np.array([CENTRE, CENTRE]) - np.asarray(shift)
    return ndimage.affine_transform(image, matrix, offset, order=1)


def rotate(image: np.ndarray, factor: float) -> np.ndarray:
    """Turn by `factor` of a full turn, against the clock, as `RandomRotation` does."""
    cos, sin = np.cos(2 * np.pi * factor), np.sin(2 * np.pi * factor)
    return warped(image, np.array([[cos, sin], [-sin, cos]]))


def translate(image: np.ndarray, factor: float) -> np.ndarray:
    """Shift to the right by `factor` of the width, as `RandomTranslation` does."""
    return warped(image, np.eye(2), (0.0, factor * image.shape[1]))


def zoom(image: np.ndarray, factor: float) -> np.ndarray:
    """Show 1 + `factor` of the height and the width, as `RandomZoom` does."""
    return warped(image, (1 + factor) * np.eye(2))


def contrast(image: np.ndarray, factor: float) -> np.ndarray:
    """Multiply the distance from the mean by 1 + `factor`, as `RandomContrast` does."""
    return np.clip((1 + factor) * (image - image.mean()) + image.mean(), 0, 1)


def mirror(image: np.ndarray, factor: float) -> np.ndarray:
    """Mirror left to right above zero, top to bottom below, as `RandomFlip` does."""
    if factor == 0:
        return image
    return image[:, ::-1] if factor > 0 else image[::-1]


class Way(NamedTuple):
    """One transformation: what does it, what the slider's end means, and how it is told."""

    change: Callable[[np.ndarray, float], np.ndarray]
    most: float
    verb: str
    amount: Callable[[float], str]
    layer: Callable[[float], str]

    def told(self, factor: float) -> str:
        """Say what was done."""
        return f"{self.verb} {self.amount(factor)}" if factor else "unchanged"


def directed(value: float, unit: str, below: str, above: str) -> str:
    """Say an amount with one of two directions."""
    return f"{abs(value):.0f}{unit} {below if value < 0 else above}"


WAYS = {
    "rotation": Way(
        rotate, 0.5, "turned by",
        lambda f: directed(360 * f, "°", "with the clock", "against the clock"),
        lambda f: f"RandomRotation({360 * f:.0f} / 360)",
    ),
    "translation": Way(
        translate, 0.5, "shifted by",
        lambda f: directed(28 * f, " pixels", "to the left", "to the right"),
        lambda f: f"RandomTranslation(0, {f:.2f})",
    ),
    "zoom": Way(
        zoom, 0.75, "drawn",
        lambda f: f"{1 / (1 + f):.2f} times as large",
        lambda f: f"RandomZoom({f:.3f})",
    ),
    "contrast": Way(
        contrast, 1.0, "with",
        lambda f: f"{1 + f:.2f} times the contrast",
        lambda f: f"RandomContrast({f:.2f})",
    ),
    "mirror": Way(
        mirror, 1.0, "mirrored",
        lambda f: "left to right" if f > 0 else "top to bottom",
        lambda f: "RandomFlip()",
    ),
}  # fmt: skip


def augmentation(images: Any = None) -> Explorer:
    """Turn, shift, zoom, fade or mirror a digit, and see from where on its label is untrue.

    Args:
        images: `(10, 28, 28)`, one image for each digit from 0 to 9, ink 1 on paper 0; ten of
            scikit-learn's digits where it is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where `images` does not hold real numbers.
        ValueError: where it is not finite, has another shape, or values outside 0 to 1.

    Examples:
        >>> augmentation().settings()
        {'digit': '6', 'way': 'rotation', 'amount': 0}

    """
    if images is None:
        images = np.stack([load_digit_image(index) for index in BUNDLED])
    digits = array("images", images, dimensions=(3,))
    if digits.shape != (10, 28, 28) or digits.min() < 0 or digits.max() > 1:
        raise ValueError(
            "`images` must have the shape (10, 28, 28) and values from 0 to 1. Received images of "
            f"shape {digits.shape} with values from {digits.min():g} to {digits.max():g}."
        )
    read = functools.cache(lambda digit, way: readings(digits[digit], way))
    controls = {
        "digit": toggles("Digit", [str(digit) for digit in range(10)], "6"),
        "way": toggles("Change", list(WAYS), "rotation"),
        "amount": widgets.IntSlider(
            description="Amount", min=-STEPS, max=STEPS, value=0,
            layout=widgets.Layout(width="520px"),
        ),
    }  # fmt: skip
    return Explorer(
        lambda digit, way, amount: scene(digits[int(digit)], int(digit), way, amount, read),
        controls,
        [["digit"], ["way"], ["amount"]],
    )


def factor_of(way: str, amount: int) -> float:
    """Return the factor, as Keras' layers take it, for a place of the slider."""
    return amount / STEPS * WAYS[way].most


def readings(image: np.ndarray, way: str) -> np.ndarray:
    """Return the shipped network's ten probabilities for every place of the slider, `(61, 10)`."""
    factors = [factor_of(way, amount) for amount in range(-STEPS, STEPS + 1)]
    changed = np.stack([WAYS[way].change(image, factor) for factor in factors])
    return np.asarray(trained()(changed[..., None].astype("float32"), training=False))


def true_range(read: np.ndarray, digit: int) -> tuple[int, int]:
    """Return the amounts around zero between which the reading stays the label."""
    right = read.argmax(axis=1) == digit
    low = high = STEPS
    while low > 0 and right[low - 1]:
        low -= 1
    while high < 2 * STEPS and right[high + 1]:
        high += 1
    return low - STEPS, high - STEPS


def scene(image: np.ndarray, digit: int, way: str, amount: int, read: Any) -> Scene:
    """Draw the digit before and after, the network's readings of both, and of all amounts."""
    found, factor = read(digit, way), factor_of(way, amount)
    before, after = found[STEPS], found[STEPS + amount]
    told = WAYS[way].told(factor)
    drawn = Canvas(900, 440)
    changed = WAYS[way].change(image, factor)
    for x, title, pixels in ((8, f"Label: {digit}", image), (268, told.capitalize(), changed)):
        drawn.text(x, 22, title, canvas.TITLE)
        drawn.picture(x, 34, 240, canvas.colors(pixels, False, 1.0))
    drawn.text(560, 22, f"The shipped network reads: {after.argmax()}", canvas.TITLE)
    for value in range(10):
        y = 36 + 24 * value
        drawn.text(572, y + 15, str(value), anchor="middle")
        for probability, top, color in (
            (before, y + 1, canvas.ABSENT),
            (after, y + 9, canvas.OUTPUT),
        ):
            width = 250 * float(probability[value])
            thick = 4 if color == canvas.ABSENT else 9
            drawn.line([(586, top + thick / 2), (587 + width, top + thick / 2)], color, thick)
        drawn.text(892, y + 15, f"{after[value]:.0%}", anchor="right")
    drawn.text(560, 290, "thin grey: the digit as it was   thick blue: changed", canvas.SMALL)
    strip(drawn, found, digit, amount)
    ends = [WAYS[way].told(factor_of(way, end)) for end in (-STEPS, STEPS)]
    drawn.text(8, 410, ends[0])
    drawn.text(892, 410, ends[1], anchor="right")
    legend = "what the network reads at each amount; hatched: not the label; orange: now"
    drawn.text(8, 432, legend, canvas.SMALL)
    words = words_for(found, digit, way, amount)
    if way in ("translation", "zoom"):
        area = (1 + factor) ** 2 if way == "zoom" else 1.0
        lost = max(0.0, 1 - area * changed.sum() / image.sum())
        words += f" {lost:.0%} of its ink lies outside the picture."
    return Scene(drawn, words)


def strip(drawn: Canvas, found: np.ndarray, digit: int, amount: int) -> None:
    """Draw the reading at every amount as a row of cells, and mark the present one."""
    cell, top = 14.4, 352
    drawn.text(8, 334, "All amounts, from end to end", canvas.TITLE)
    for place, value in enumerate(found.argmax(axis=1)):
        x = 10 + cell * place
        if value != digit:
            drawn.hatch(x, top + cell, cell)
        drawn.outline(x, top, cell, 2 * cell, canvas.LINE, 1)
        drawn.text(x + cell / 2, top + 12, str(value), canvas.TEXT, anchor="middle")
    drawn.outline(10 + cell * (amount + STEPS), top - 3, cell, 2 * cell + 6)


def words_for(found: np.ndarray, digit: int, way: str, amount: int) -> str:
    """Say what the network reads, what that means for the label, and how far the label is read."""
    after, chosen = found[STEPS + amount], WAYS[way]
    value = int(after.argmax())
    told = chosen.told(factor_of(way, amount))
    words = f"A {digit}, {told}: the network reads {value}, {after[value]:.0%} sure. "
    if found[STEPS].argmax() != digit:
        return f"{words}It does not read this {digit} as its label even when it is unchanged."
    if way == "mirror":
        read = {chosen.told(end): found[STEPS * (1 + end)].argmax() == digit for end in (1, -1)}
        if value != digit:
            words += f"Nobody writes a {digit} like this: the label {digit} is no longer true. "
        kept = [name for name, right in read.items() if right] or ["neither way"]
        return f"{words}It is still read as {digit} {' and '.join(kept)}."
    if value != digit:
        words += (
            f"If you read {value} too, or no digit at all, the label {digit} is no longer true. "
            f"If you still read {digit}, this is what augmentation can teach the network. "
        )
    low, high = (factor_of(way, end) for end in true_range(found, digit))
    both = min(-low, high)
    ends = " to ".join(chosen.amount(end) if end else "no change" for end in (low, high))
    words += f"It is read as {digit} from {ends}."
    return f"{words} {chosen.layer(both)} draws from such a range." if both else words
