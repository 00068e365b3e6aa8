"""The n-gram explorer: a filter of the recorded network reads a name, four letters at a time."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.arguments import show
from helpers.datasets.country_names import ALPHABET, NAME_LENGTH, load_names, one_hot
from helpers.datasets.records import load_record
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas, number
from helpers.layers.conv import conv1d

# All from the part of the names that no network was trained on.
NAMES = ("norwegisch", "united kingdom", "tibetain", "finlandese", "iso britannia", "luxemburgues")
SIGNS, EMPTY = ALPHABET.replace(" ", "_"), "·"
# The colours of signed maps, for bars.
BELOW, ABOVE = ("#{:02x}{:02x}{:02x}".format(*canvas.color_table(True)[at]) for at in (30, 225))


def ngrams(names: Any = NAMES) -> Explorer:
    """Choose a name and a filter, and see at which four letters the filter fires.

    Args:
        names: The names on offer, each of at most 24 small letters a to z and spaces. A name of
            one's own can be typed besides.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where `names` is no sequence of strings.
        ValueError: where it is empty, or a name is too short, too long or has other characters.
        DataError: where the record of the network or the names are missing.

    Examples:
        >>> ngrams(["schweden"]).settings()["name"]
        'schweden'

    """
    one_hot(names)
    if not names or min(len(name) for name in names) < 2:
        raise ValueError(f"`names` must have at least two letters each. Received {show(names)}.")
    weights = {key: np.array(values) for key, values in load_record("sequences")["filters"].items()}
    languages = load_names().languages
    filters = len(weights["bias"])
    controls: dict[str, widgets.Widget] = {
        "name": toggles("Name", list(names), names[0]),
        "filter_number": widgets.IntSlider(
            description="Filter", max=filters - 1,
            layout=widgets.Layout(width="520px"),
        ),
    }  # fmt: skip
    own = widgets.Text(
        description="Your own", placeholder="a name", continuous_update=False,
        layout=widgets.Layout(width="300px"),
    )  # fmt: skip
    explorer = Explorer(
        lambda name, filter_number: scene(weights, languages, name, filter_number),
        controls,
        [["name", own], ["filter_number"]],
    )

    def add(name):
        one_hot([name])
        if len(name) < 2:
            raise ValueError(f"a name needs at least two letters. Received {show(name)}.")
        options = controls["name"].options
        if name not in options:
            controls["name"].options = (*options, name)
        controls["name"].value = name

    def use_own(change):
        if typed := change["new"].strip().lower():
            explorer.attempt(lambda: add(typed))

    own.observe(use_own, names="value")
    return explorer


def probabilities(weights: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Return what the whole network answers: a probability for each language."""
    maps = np.maximum(conv1d(one_hot([name])[0], weights["kernel"]) + weights["bias"], 0)
    votes = maps.max(axis=0) @ weights["votes"] + weights["votes_bias"]
    exponentials = np.exp(votes - votes.max())
    return exponentials / exponentials.sum()


def scene(
    weights: dict[str, np.ndarray], languages: list[str], name: str, filter_number: int
) -> Scene:
    """Draw the filter's weights, its outputs along the name, and the votes."""
    kernel = weights["kernel"][:, :, filter_number]
    # Four empty places before the name show every window that differs from the others.
    framed = f" {name} ".replace(" ", "_").rjust(min(NAME_LENGTH, len(name) + 6), EMPTY)
    letters = one_hot([name])[0, -len(framed) :]
    outputs = conv1d(letters, kernel[..., None])[:, 0] + weights["bias"][filter_number]
    fired = np.maximum(outputs, 0)
    best = int(outputs.argmax())
    gram = framed[best : best + 4]
    votes, shares = weights["votes"][filter_number], probabilities(weights, name)

    drawn = Canvas(900, 506)
    drawn.text(8, 22, f"Weights of filter {filter_number}: one for each letter at each place",
               canvas.TITLE)  # fmt: skip
    cell = 29
    for place, sign in enumerate(SIGNS):
        drawn.text(100 + (place + 0.5) * cell, 46, sign, anchor="middle")
    for row in range(4):
        drawn.text(8, 52 + (row + 0.7) * cell, f"place {row}")
    drawn.grid(100, 52, cell, canvas.colors(kernel, True))
    for row, letter in enumerate(gram):
        if letter == EMPTY:
            continue
        x = 100 + SIGNS.index(letter) * cell
        drawn.outline(x, 52 + row * cell, cell, cell, canvas.WINDOW, 2.5)

    drawn.text(8, 206, "The name, and the filter's output on four letters from each letter on",
               canvas.TITLE)  # fmt: skip
    wide = min(44, 880 // len(framed))
    white = np.full((1, len(framed), 3), 255, np.uint8)
    drawn.grid(8, 216, wide, white)
    for place, letter in enumerate(framed):
        drawn.text(8 + (place + 0.5) * wide, 216 + 0.68 * wide, letter, 17, anchor="middle")
    drawn.outline(8 + best * wide, 216, 4 * wide, wide, canvas.WINDOW)
    drawn.grid(8, 224 + wide, wide, canvas.colors(fired[None], True), fired[None].round(1))
    drawn.outline(8 + best * wide, 224 + wide, wide, wide, canvas.OUTPUT)

    top = 346
    drawn.text(8, top, "Vote of this filter", canvas.TITLE)
    drawn.text(450, top, "Answer of all 64 filters", canvas.TITLE)
    for row, language in enumerate(languages):
        y = top + 8 + 20 * row
        drawn.text(8, y + 15, language)
        bar(drawn, 198, y + 3, 90 * votes[row], ABOVE if votes[row] > 0 else BELOW)
        drawn.text(350, y + 15, number(votes[row]), anchor="right")
        drawn.text(450, y + 15, language)
        color = canvas.OUTPUT if row == shares.argmax() else canvas.ABSENT
        bar(drawn, 540, y + 3, 200 * shares[row], color)
        drawn.text(800, y + 15, f"{shares[row]:.0%}", anchor="right")
    legend = "_ a space   · nothing   orange frames: the window with the largest output   "
    legend += "blue frame: that output   weights, outputs, votes: red above zero, blue below"
    drawn.text(8, 498, legend, canvas.SMALL)

    most, least = int(votes.argmax()), int(votes.argmin())
    says = int(shares.argmax())
    strongest = (
        f"it fires most on {gram}, with {number(fired[best])}" if fired[best] > 0
        else "it does not fire"
    )  # fmt: skip
    words = (
        f"{name}, filter {filter_number}: {strongest}. It votes for {languages[most]} "
        f"({number(votes[most])}) most and for {languages[least]} ({number(votes[least])}) least. "
        f"All 64 filters together say {languages[says]}, with {shares[says]:.0%}."
    )
    return Scene(drawn, words)


def bar(drawn: Canvas, zero: float, y: float, length: float, color: str) -> None:
    """Draw a bar from a line of zero, to the right above zero and to the left below."""
    drawn.line([(zero, y - 2), (zero, y + 16)], canvas.LINE)
    if abs(length) >= 1:
        drawn.line([(zero, y + 7), (zero + length, y + 7)], color, 11)
