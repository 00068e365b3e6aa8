"""The augmentation explorer: how far a digit may be changed before its label stops being true."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy import ndimage

from helpers.arguments import picture_values
from helpers.datasets.mnist import load_digit_image
from helpers.explore import panels
from helpers.explore.panels import Axis, Bars, Box, Chart, Choice, ImageGrid, Label, Slider
from helpers.explore.trained import trained

SAY = panels.Words(__name__)
STEPS = 30
AMOUNTS = np.arange(-STEPS, STEPS + 1)
CENTRE = 13.5
# For each digit, one of scikit-learn's that the shipped network reads as its label.
BUNDLED = (179, 777, 371, 301, 250, 230, 156, 1200, 513, 635)


def warped(image: np.ndarray, matrix: np.ndarray, shift=(0.0, 0.0)) -> np.ndarray:
    """Return the image that takes each pixel from `matrix` times its position from the centre."""
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


class Variant(NamedTuple):
    """One transformation: what does it, the factor at the slider's end, and the number told."""

    change: Callable[[np.ndarray, float], np.ndarray]
    most: float
    number: Callable[[float], float]


VARIANTS = {
    "rotation": Variant(rotate, 0.5, lambda factor: 360 * abs(factor)),
    "translation": Variant(translate, 0.5, lambda factor: 28 * abs(factor)),
    "zoom": Variant(zoom, 0.75, lambda factor: 1 / (1 + factor)),
    "contrast": Variant(contrast, 1.0, lambda factor: 1 + factor),
    "mirror": Variant(mirror, 1.0, abs),
}
# What a reader says of the changed digit, and the key of the words that follow from it.
VOTES = {"not said yet": "open", "the label": "label", "something else, or no digit": "other"}
CONTROLS = [
    [Choice("digit", [str(digit) for digit in range(10)], "6")],
    [Choice("variant", list(VARIANTS), "rotation")],
    [Slider("amount", -STEPS, STEPS, 0, wide=True)],
    [Choice("vote", list(VOTES), "not said yet")],
]


def augmentation(images: Any = None) -> panels.Explorer:
    """Turn, shift, zoom, fade or mirror a digit, and say whether its label is still true.

    Beside the reader's vote stands what the shipped network reads; it decides nothing.

    Args:
        images: `(10, 28, 28)`, one image for each digit from 0 to 9, ink 1 or 255 on paper 0; ten
            of scikit-learn's digits where it is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where `images` does not hold real numbers.
        ValueError: where it is not finite, has another shape, or values out of range.

    Examples:
        >>> augmentation().settings()
        {'digit': '6', 'variant': 'rotation', 'amount': 0, 'vote': 'not said yet'}

    """
    if images is None:
        images = np.stack([load_digit_image(index) for index in BUNDLED])
    digits = picture_values("images", images, dimensions=(3,))
    if digits.shape != (10, 28, 28):
        raise ValueError(
            "`images` must have the shape (10, 28, 28). "
            f"Received images of shape {np.shape(images)}."
        )
    read = functools.cache(lambda digit, variant: readings(digits[digit], variant))
    return panels.Explorer(functools.partial(scene, digits, read), CONTROLS, words=SAY)


def factor_of(variant: str, amount: int) -> float:
    """Return the factor, as Keras' layers take it, for a position of the slider."""
    return amount / STEPS * VARIANTS[variant].most


def readings(image: np.ndarray, variant: str) -> np.ndarray:
    """Return the shipped network's ten probabilities for every amount, `(61, 10)`."""
    change = VARIANTS[variant].change
    changed = np.stack([change(image, factor_of(variant, amount)) for amount in AMOUNTS])
    return np.asarray(trained()(changed[..., None].astype("float32"), training=False))


def true_range(read: np.ndarray, digit: int) -> tuple[int, int]:
    """Return the amounts around zero between which the reading stays the label."""
    wrong = AMOUNTS[read.argmax(axis=1) != digit].tolist()
    low = max((amount for amount in wrong if amount < 0), default=-STEPS - 1)
    high = min((amount for amount in wrong if amount > 0), default=STEPS + 1)
    return low + 1, high - 1


def amount_words(variant: str, amount: int) -> str:
    """Say how far a digit is changed, and in which direction."""
    factor = factor_of(variant, amount)
    if not amount:
        return SAY("no_change")
    key = f"{variant}.{'below' if amount < 0 else 'above'}"
    return SAY(key, number=VARIANTS[variant].number(factor))


def done(variant: str, amount: int) -> str:
    """Say what was done to a digit."""
    if not amount:
        return SAY("unchanged")
    return SAY(f"{variant}.done", amount=amount_words(variant, amount))


def scene(
    digits: np.ndarray, read: Callable[[int, str], np.ndarray], digit: str, variant: str,
    amount: int, vote: str,
) -> panels.Scene:  # fmt: skip
    """Show the digit before and after, the network's readings of both, and of all amounts."""
    label, said = int(digit), VOTES[vote]
    title = done(variant, amount) if said == "open" else SAY(f"voted_{said}", label=label)
    image, found = digits[label], read(label, variant)
    factor = factor_of(variant, amount)
    before, after = found[STEPS], found[STEPS + amount]
    changed = VARIANTS[variant].change(image, factor)
    bars = Bars(range(10), after, before=before, title=SAY("reads", value=after.argmax()))
    line = panels.Rule(x=0, color=panels.INK, weight="normal", name=SAY("before"))
    row = panels.Row([
        ImageGrid(image, limits=(0, 1), title=SAY("label", label=label)),
        ImageGrid(changed, limits=(0, 1), title=SAY("changed", done=title)),
        panels.Column([bars, panels.Legend([line])], share=1.2),
    ])  # fmt: skip
    words = words_for(found, label, variant, amount, said)
    if variant in ("translation", "zoom"):
        area = (1 + factor) ** 2 if variant == "zoom" else 1.0
        words += " " + SAY("lost", lost=max(0.0, 1 - area * changed.sum() / image.sum()))
    return panels.Scene([row, strip(found, label, variant, amount)], words)


def strip(found: np.ndarray, label: int, variant: str, amount: int) -> Chart:
    """Return the reading at every amount, those that are not the label on a dark ground."""
    values = found.argmax(axis=1)
    colors = [panels.INK if value == label else panels.PAPER for value in values]
    still = [
        *(Box(x - 0.5, x + 0.5, 1, 2, panels.ABSENT, True) for x in AMOUNTS[values != label]),
        Box(low=1, high=2, color=panels.LINE, weight="thin"),
        panels.Figures(AMOUNTS, 1.5, values.astype(str).tolist(), colors),
        Label(-STEPS - 0.5, 0.42, done(variant, -STEPS), "text", "left"),
        Label(STEPS + 0.5, 0.42, done(variant, STEPS), "text", "right"),
    ]  # fmt: skip
    # It reaches beyond the strip, so that it stands out from a dark ground too.
    now = Box(amount - 0.5, amount + 0.5, 0.88, 2.12, panels.WINDOW, name=SAY("now"))
    wrong = Box(color=panels.ABSENT, filled=True, name=SAY("not_label"))
    return Chart(Axis(-STEPS - 0.5, STEPS + 0.5, ticks=()), Axis(0, 2.2, ticks=()), [now], still,
                 [wrong], ratio=0.065, frame=False, title=SAY("all_amounts"))  # fmt: skip


def words_for(found: np.ndarray, label: int, variant: str, amount: int, vote: str) -> str:
    """Say what the network reads, what the reader's vote means, and how far the label is read."""
    after, is_label = found[STEPS + amount], found.argmax(axis=1) == label
    told = {"label": label, "value": int(after.argmax()), "sure": after.max()}
    words = [SAY("read", done=done(variant, amount), **told)]
    if vote == "open":
        words.append(SAY("open", **told))
    else:
        agreed = "and_network" if is_label[STEPS + amount] else "alone"
        words.append(SAY(f"{vote}_{agreed}", **told))
    if not is_label[STEPS]:
        return " ".join([*words, SAY("never", **told)])
    if variant == "mirror":
        kept = [done(variant, end) for end in (STEPS, -STEPS) if is_label[STEPS + end]]
        mirrored = SAY("both").join(kept) or SAY("neither")
        return " ".join([*words, SAY("still_read", mirrored=mirrored, **told)])
    low, high = true_range(found, label)
    words.append(SAY("range", low=amount_words(variant, low), high=amount_words(variant, high),
                     **told))  # fmt: skip
    if both := min(-low, high):
        factor = factor_of(variant, both)
        words.append(SAY(f"{variant}.layer", factor=factor, degrees=360 * factor))
    return " ".join(words)
