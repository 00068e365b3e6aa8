"""The shift explorer: move a digit over its paper, and watch what a network makes of it."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from helpers.arguments import choice, integer
from helpers.datasets.mnist import load_digit_image
from helpers.datasets.records import load_record
from helpers.explore import panels
from helpers.explore.panels import Column, Frame, ImageGrid, NumberGrid, Row, Slider, Text, number
from helpers.models import shifted_digits
from helpers.models.backend import keras, tf
from helpers.models.shifted_digits import MARGIN, NETWORKS, SIDE, TOTAL_STRIDE, shift_on_paper

SAY = panels.Words(__name__)
# Of scikit-learn's digits, one of each kind that all four networks read in the middle.
DIGITS = (229, 336, 113, 143, 4, 32, 67, 393, 352, 348)
NAMES = {title: name for name, title in NETWORKS.items()}
SHOWN = 3


class Reading(NamedTuple):
    """What a network makes of one digit at one place."""

    first: np.ndarray
    last: np.ndarray
    probabilities: np.ndarray


def shift(
    network: str = "flatten", digit: int = 6, right: int = 0, down: int = 0
) -> panels.Explorer:
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
    shifts = (
        Slider(name, -MARGIN, MARGIN, integer(name, value, -MARGIN, MARGIN))
        for name, value in (("right", right), ("down", down))
    )
    controls = [
        [panels.Choice("network", tuple(NAMES), title)],
        [Slider("digit", 0, 9, integer("digit", digit, 0, 9)), *shifts],
    ]
    return panels.Explorer(scene, controls, words=SAY)


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


@functools.cache
def recorded(name: str) -> tuple[np.ndarray, int]:
    """Return the accuracy for each shift from 0 to 8, the mean over the starts, and on how many."""
    record = load_record("translation")
    return np.mean(record["accuracy"][name], axis=0), record["settings"]["validation_digits"]


def scene(network: str, digit: int, right: int, down: int) -> panels.Scene:
    """Show the paper, some feature maps, and the ten probabilities, here and in the middle."""
    name = NAMES[network]
    here, middle = read(name, digit, right, down), read(name, digit, 0, 0)
    inside = hidden_numbers if name == "dense" else feature_maps
    followed, numbers = inside(here, middle, right, down)
    measured = measured_shift(name, right, down)
    says, said = int(here.probabilities.argmax()), int(middle.probabilities.argmax())
    is_right = says == digit
    told = {
        **SAY.told(network=network), "digit": digit, "right": number(right), "down": number(down),
        "says": says, "sure": here.probabilities[says], "said": said,
        "was_sure": middle.probabilities[said], "side": SIDE,
    }  # fmt: skip
    bars = panels.Bars(range(10), here.probabilities, before=middle.probabilities,
                       title=SAY("probabilities"))  # fmt: skip
    black = panels.Rule(x=0, color=panels.INK, weight="normal", name=SAY("in_the_middle"))
    verdict = Text(SAY("reads_right" if is_right else "reads_wrong", **told), "title")
    words = SAY("sentence", **told, verdict=SAY("right" if is_right else "wrong"),
                numbers=numbers, measured=measured)  # fmt: skip
    return panels.Scene(Row([
        Column([paper(digit, right, down, SAY("input", **told)), Text(measured, room=3)]),
        followed, Column([bars, panels.Legend([black]), verdict]),
    ]), words)  # fmt: skip


def paper(digit: int, right: int, down: int, title: str) -> panels.Panel:
    """Show the digit on its paper, with where it is now and where the middle is."""
    image = shift_on_paper(ink(digit), right, down)[0, :, :, 0]
    side = SIDE - 2 * MARGIN
    frames = [Frame("absent", MARGIN, MARGIN, side, side, SAY("middle")),
              Frame("window", MARGIN + down, MARGIN + right, side, side, SAY("now"))]  # fmt: skip
    shown = ImageGrid(image, limits=(0, 1), over={0: frames}, title=title)
    return Column([shown, panels.Legend(frames)])


def measured_shift(name: str, right: int, down: int) -> str:
    """Say how many of the validation digits this network reads when all are shifted so far."""
    if right and down:
        return SAY("along_one_axis")
    pixels, (accuracy, judged) = abs(right + down), recorded(name)
    return SAY("measured", judged=judged, pixels=pixels, accuracy=accuracy[pixels])


def feature_maps(here: Reading, middle: Reading, right: int, down: int) -> tuple[panels.Panel, str]:
    """Show some of the first and of the last maps, and say whether they followed the digit."""
    cells = [round(pixels / TOTAL_STRIDE) for pixels in (right, down)]
    shown, said = [], []
    for which, found, before, steps in (
        ("first", here.first, middle.first, [right, down]),
        ("last", here.last, middle.last, cells),
    ):
        strongest = np.sort(np.argsort(-before.max(axis=(0, 1)))[:SHOWN])
        part = difference(found, before, *steps)
        is_whole = which == "first" or [TOTAL_STRIDE * cell for cell in steps] == [right, down]
        how = "equal" if part < 1e-4 else "differ_at_the_border" if is_whole else "differ"
        told: dict[str, Any] = {
            "shown": SHOWN, "filters": found.shape[2], "height": len(found),
            "width": found.shape[1], "maps": SAY(which), "right": number(steps[0]),
            "down": number(steps[1]), "how": SAY(how, part=part),
            "unit": SAY("pixels" if which == "first" else "cells", stride=TOTAL_STRIDE),
        }  # fmt: skip
        # Each in shades of its own, from 0 to its largest number in the middle.
        images = [found[..., one] / before[..., one].max() for one in strongest]
        notes = [SAY("against", **told), told["how"]]
        shown.append(ImageGrid(images, limits=(0, 1), title=SAY("maps", **told), notes=notes))
        said.append(SAY("followed", **told))
    return Column(shown, share=1.75), " ".join(said)


def hidden_numbers(
    here: Reading, middle: Reading, right: int, down: int  # noqa: ARG001
) -> tuple[panels.Panel, str]:  # fmt: skip
    """Show the hidden numbers of the dense network here and in the middle."""
    limits = (0, max(here.first.max(), middle.first.max()))
    part = float(np.abs(here.first - middle.first).max() / middle.first.max())
    grids = [
        NumberGrid(found.reshape(8, 4), limits=limits, write=None, title=SAY(key))
        for key, found in (("hidden", here.first), ("hidden_in_the_middle", middle.first))
    ]
    lines = [SAY("no_places"), SAY("hidden_differ", part=part)]
    return Column([Row(grids), Text(lines)], share=1.75), SAY("hidden_said", part=part)
