"""The shift explorer: move a digit over its paper, and watch what a network makes of it."""

import functools
from collections.abc import Callable
from typing import NamedTuple

import ipywidgets as widgets
import numpy as np

from helpers.arguments import choice, integer
from helpers.datasets.mnist import load_digit_image
from helpers.datasets.records import load_record
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas, number
from helpers.models import shifted_digits
from helpers.models.backend import keras, tf
from helpers.models.shifted_digits import MARGIN, NETWORKS, SIDE, TOTAL_STRIDE, shift_on_paper

# Of scikit-learn's digits, one of each kind that all four networks read in the middle.
DIGITS = (229, 336, 113, 143, 4, 32, 67, 393, 352, 348)
NAMES = {title: name for name, title in NETWORKS.items()}
SHOWN = 3


class Reading(NamedTuple):
    """What a network makes of one digit at one place."""

    first: np.ndarray
    last: np.ndarray
    probabilities: np.ndarray


def shift(network: str = "flatten", digit: int = 6, right: int = 0, down: int = 0) -> Explorer:
    """Move a digit, and see what a trained network sees and says.

    Args:
        network: `"dense"`, `"flatten"`, `"global"` or `"moved"` at first.
        digit: Which digit at first, 0 to 9.
        right: Pixels to the right of the middle at first, -8 to 8.
        down: Pixels below the middle at first, -8 to 8.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        DataError: where the shipped weights are missing or damaged.
        TypeError: where an argument is of the wrong type.
        ValueError: where it is out of its range.

    Examples:
        >>> shift("global", digit=7, right=4).settings()["right"]
        4

    """
    title = NETWORKS[choice("network", network, NETWORKS)]
    wide = widgets.Layout(width="290px")
    controls = {
        "network": toggles("Network", list(NAMES), title),
        "digit": widgets.IntSlider(
            value=integer("digit", digit, 0, 9), min=0, max=9, description="Digit", layout=wide
        ),
    }
    for name, title, value in (("right", "Right", right), ("down", "Down", down)):
        controls[name] = widgets.IntSlider(
            value=integer(name, value, -MARGIN, MARGIN), min=-MARGIN, max=MARGIN,
            description=title, layout=wide,
        )  # fmt: skip
    return Explorer(scene, controls, [["network"], ["digit", "right", "down"]])


@functools.cache
def watched(name: str) -> Callable:
    """Load a network that also gives its first and its last maps (or its hidden layer, twice)."""
    network = shifted_digits.load_trained(name)
    kind = keras.layers.Dense if name == "dense" else keras.layers.Conv2D
    inner = [layer.output for layer in network.layers[:-1] if isinstance(layer, kind)]
    model = keras.Model(network.inputs[0], [inner[0], inner[-1], network.outputs[0]])
    # Traced once: called layer by layer, Keras takes several times as long for one digit.
    return tf.function(model, input_signature=[tf.TensorSpec((1, SIDE, SIDE, 1))])


@functools.cache
def ink(digit: int) -> np.ndarray:
    """Return one of the digits, `(1, 28, 28)`."""
    return load_digit_image(DIGITS[digit])[None]


@functools.lru_cache(1024)
def read(name: str, digit: int, right: int, down: int) -> Reading:
    """Let a network read one of the digits at one place."""
    paper = shift_on_paper(ink(digit), right, down)
    return Reading(*(np.asarray(part)[0] for part in watched(name)(paper)))


def difference(found: np.ndarray, before: np.ndarray, right: int, down: int) -> float:
    """Return how far maps are from earlier ones that are moved by whole cells.

    It is the largest difference, as a share of the largest earlier number, over the cells that
    both show: what was beyond the border before is not known.
    """
    height, width = before.shape[:2]
    here = found[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)]
    there = before[max(-down, 0) : height + min(-down, 0), max(-right, 0) : width + min(-right, 0)]
    return float(np.abs(here - there).max() / before.max())


def scene(network: str, digit: int, right: int, down: int) -> Scene:
    """Draw the paper, some feature maps, and the ten probabilities, here and in the middle."""
    name = NAMES[network]
    here, middle = read(name, digit, right, down), read(name, digit, 0, 0)
    drawn = Canvas(900, 440)
    draw_paper(drawn, digit, right, down)
    measured = draw_measured(drawn, name, right, down)
    if name == "dense":
        followed = draw_hidden(drawn, here, middle)
    else:
        followed = draw_maps(drawn, here, middle, right, down)
    draw_answer(drawn, here.probabilities, middle.probabilities, digit)
    says, said = int(here.probabilities.argmax()), int(middle.probabilities.argmax())
    verdict = "right" if says == digit else "wrong"
    words = (
        f"{network}, digit {digit}, shifted {number(right)} to the right and {number(down)} down: "
        f"it reads {says} with {here.probabilities[says]:.0%}, {verdict}. "
        f"In the middle it reads {said} with {middle.probabilities[said]:.0%}. {followed} "
        f"{measured}"
    )
    return Scene(drawn, words)


def draw_paper(drawn: Canvas, digit: int, right: int, down: int) -> None:
    """Draw the digit on its paper, with its place now and its place in the middle."""
    left, top, side = 8, 36, 220
    pixel = side / SIDE
    paper = shift_on_paper(ink(digit), right, down)[0, :, :, 0]
    drawn.text(left, 24, f"Input {SIDE} × {SIDE}", canvas.TITLE)
    drawn.picture(left, top, side, canvas.colors(paper, False, 1.0))
    digit_side = (SIDE - 2 * MARGIN) * pixel
    start = MARGIN * pixel
    drawn.outline(left + start, top + start, digit_side, digit_side, canvas.ABSENT, 1)
    x, y = left + start + right * pixel, top + start + down * pixel
    drawn.outline(x, y, digit_side, digit_side, canvas.WINDOW, 2)
    drawn.text(left, top + side + 20, "orange: where the digit stands now", canvas.SMALL)
    drawn.text(left, top + side + 38, "grey: the middle of the paper", canvas.SMALL)


@functools.cache
def recorded(name: str) -> tuple[np.ndarray, int]:
    """Return the accuracy for each shift from 0 to 8, the mean over the starts, and on how many."""
    record = load_record("translation")
    return np.mean(record["accuracy"][name], axis=0), record["settings"]["validation_digits"]


def draw_measured(drawn: Canvas, name: str, right: int, down: int) -> str:
    """Tell how many of the validation digits this network reads when all are shifted so far."""
    left, top = 8, 330
    if right and down:
        lines = ["How many MNIST digits it reads", "was measured along one axis only."]
    else:
        pixels, (accuracy, judged) = abs(right + down), recorded(name)
        lines = [
            f"Of {judged:,} MNIST digits, shifted by",
            f"{pixels}, such networks read {accuracy[pixels]:.0%}.",
        ]
    for place_in_text, line in enumerate(lines):
        drawn.text(left, top + 22 * place_in_text, line)
    return " ".join(lines)


def draw_maps(drawn: Canvas, here: Reading, middle: Reading, right: int, down: int) -> str:
    """Draw some of the first and of the last maps, and say whether they followed the digit."""
    left, side, gap = 252, 124, 10
    cells = [round(pixels / TOTAL_STRIDE) for pixels in (right, down)]
    rows = (
        ("first maps", here.first, middle.first, (right, down)),
        ("last maps", here.last, middle.last, cells),
    )
    said = []
    for row, (title, found, before, steps) in enumerate(rows):
        top = 36 + row * 204
        height, _, filters = found.shape
        strongest = np.sort(np.argsort(-before.max(axis=(0, 1)))[:SHOWN])
        drawn.text(left, top - 12, f"{SHOWN} of the {filters} {title}, {height} × {height}",
                   canvas.TITLE)  # fmt: skip
        for column, one in enumerate(strongest):
            fills = canvas.colors(found[..., one], False, before[..., one].max())
            drawn.picture(left + column * (side + gap), top, side, fills)
        share = difference(found, before, *steps)
        exact = share < 1e-4
        how = "no difference" if exact else f"largest difference: {share:.0%} of the largest number"
        if not exact and [TOTAL_STRIDE * cell for cell in steps] == [right, down]:
            how += ", at the border"
        width = f"cells of {TOTAL_STRIDE} × {TOTAL_STRIDE} pixels" if row else "pixels"
        to = f"{number(steps[0])} right, {number(steps[1])} down ({width})"
        drawn.text(
            left, top + side + 20, f"against the middle's, moved {to}:",
            canvas.SMALL,
        )  # fmt: skip
        drawn.text(left, top + side + 38, how)
        said.append(f"Its {title}, against those of the middle moved {to}: {how}.")
    return " ".join(said)


def draw_hidden(drawn: Canvas, here: Reading, middle: Reading) -> str:
    """Draw the hidden numbers of the dense network here and in the middle."""
    left, side = 252, 190
    most = max(here.first.max(), middle.first.max())
    for x, title, found in (
        (left, "32 hidden numbers", here.first),
        (left + side + 16, "in the middle", middle.first),
    ):
        drawn.text(x, 24, title, canvas.TITLE)
        drawn.grid(x, 36, 32, canvas.colors(found.reshape(8, 4), False, most))
    share = float(np.abs(here.first - middle.first).max() / middle.first.max())
    drawn.text(left, 320, "They have no places: there is no map that could follow.")
    drawn.text(left, 345, f"They differ by up to {share:.0%} of the largest.")
    return f"Its hidden numbers differ by up to {share:.0%} from those in the middle."


def draw_answer(drawn: Canvas, here: np.ndarray, middle: np.ndarray, digit: int) -> None:
    """Draw the ten probabilities as bars, with a mark for the answer in the middle."""
    left, top, width, step = 690, 36, 150, 32
    drawn.text(left - 14, 24, "Probabilities", canvas.TITLE)
    for kind, (now, before) in enumerate(zip(here, middle, strict=True)):
        y = top + kind * step
        drawn.text(left - 14, y + 17, str(kind), canvas.TEXT)
        middle_of_bar = y + step / 2 - 3
        end = left + max(1, width * float(now))
        drawn.line([(left, middle_of_bar), (end, middle_of_bar)], canvas.OUTPUT, step - 12)
        x = left + width * float(before)
        drawn.line([(x, y), (x, y + step - 4)], canvas.INK, 2)
        if now >= 0.005:
            drawn.text(left + width + 8, y + 17, f"{now:.0%}")
    says = int(here.argmax())
    verdict = "right" if says == digit else f"wrong: it is a {digit}"
    drawn.text(left - 14, top + 10 * step + 24, f"reads {says}, {verdict}", canvas.TITLE)
    drawn.text(left - 14, top + 10 * step + 46, "black line: digit in the middle", canvas.SMALL)
