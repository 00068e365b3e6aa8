"""The n-gram explorer: a filter of the recorded network reads a name, four letters at a time."""

import functools
from typing import Any

import numpy as np

from helpers.arguments import show
from helpers.datasets.country_names import ALPHABET, NAME_LENGTH, load_names, one_hot
from helpers.datasets.records import load_record
from helpers.explore import panels
from helpers.explore.panels import Axis, Bars, Box, Chart, Frame, Label, NumberGrid, number
from helpers.layers.conv import conv1d

SAY = panels.Words(__name__)
# All from the part of the names that no network was trained on.
NAMES = ("norwegisch", "united kingdom", "tibetain", "finlandese", "iso britannia", "luxemburgues")
SIGNS, EMPTY = ALPHABET.replace(" ", "_"), "·"


def ngrams(names: Any = NAMES) -> panels.Explorer:
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

    def add(explorer, typed):
        name = typed.lower()
        one_hot([name])
        if len(name) < 2:
            raise ValueError(f"a name needs at least two letters. Received {show(name)}.")
        explorer.offer("name", name)

    controls = [
        [panels.Choice("name", list(names), names[0]), panels.Entry("own", add)],
        [panels.Slider("filter_number", 0, len(weights["bias"]) - 1, 0, wide=True)],
    ]
    draw = functools.partial(scene, weights, load_names().languages)
    return panels.Explorer(draw, controls, words=SAY)


def probabilities(weights: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Return what the whole network answers: a probability for each language."""
    maps = np.maximum(conv1d(one_hot([name])[0], weights["kernel"]) + weights["bias"], 0)
    votes = maps.max(axis=0) @ weights["votes"] + weights["votes_bias"]
    exponentials = np.exp(votes - votes.max())
    return exponentials / exponentials.sum()


def scene(
    weights: dict[str, np.ndarray], languages: list[str], name: str, filter_number: int
) -> panels.Scene:
    """Show the filter's weights, its outputs along the name, and the votes."""
    kernel = weights["kernel"][:, :, filter_number]
    # Four empty positions before the name show every window that differs from the others.
    framed = f" {name} ".replace(" ", "_").rjust(min(NAME_LENGTH, len(name) + 6), EMPTY)
    letters = one_hot([name])[0, -len(framed) :]
    outputs = conv1d(letters, kernel[..., None])[:, 0] + weights["bias"][filter_number]
    fired, best = np.maximum(outputs, 0), int(outputs.argmax())
    gram = framed[best : best + 4]
    votes, shares = weights["votes"][filter_number], probabilities(weights, name)

    rows = [SAY("position", position=position) for position in range(4)]
    on_gram = [Frame("window", row, SIGNS.index(letter))
               for row, letter in enumerate(gram) if letter != EMPTY]  # fmt: skip
    named = [SAY.option("language", language) for language in languages]
    most, least, answer = int(votes.argmax()), int(votes.argmin()), int(shares.argmax())
    reach = float(np.abs(weights["votes"]).max())
    told = {
        "name": SAY.option("name", name), "filter_number": filter_number, "gram": gram,
        "filters": len(weights["bias"]), "most": named[most], "most_votes": number(votes[most]),
        "least": named[least], "least_votes": number(votes[least]), "answer": named[answer],
        "sure": shares[answer], "fired": number(fired[best]),
    }  # fmt: skip
    shown = [
        NumberGrid(kernel, signed=True, write=None, rows=rows, columns=SIGNS, frames=on_gram,
                   title=SAY("weights", **told)),
        *name_panels(framed, fired, best),
        panels.Row([
            Bars(named, votes, -reach, reach, chosen=most, write=number, title=SAY("votes")),
            Bars(named, shares, title=SAY("answers", **told)),
        ]),
        panels.Legend([Frame("window", name=SAY("window")), Frame("output", name=SAY("output")),
                       panels.Shades(SAY("shades"), signed=True)]),
    ]  # fmt: skip
    fires = SAY("fires" if fired[best] > 0 else "silent", **told)
    return panels.Scene(shown, SAY("sentence", **told, fires=fires))


def name_panels(framed: str, fired: np.ndarray, best: int) -> list[panels.Panel]:
    """Return the letters of a name, and below each the output on four letters from there on."""
    length = len(framed)
    still = [Box(x - 0.5, x + 0.5, 0, 1, panels.LINE, weight="thin") for x in range(length)]
    still += [Label(x, 0.5, letter, "title", "middle") for x, letter in enumerate(framed)]
    window = Box(best - 0.5, best + 3.5, 0, 1, panels.WINDOW, weight="thick")
    letters = Chart(Axis(-0.5, length - 0.5, ticks=()), Axis(0, 1, ticks=()), [window], still,
                    ratio=0.05, frame=False, cells=length, title=SAY("along"))  # fmt: skip
    outputs = np.pad(fired.round(1), (0, length - len(fired)), constant_values=np.nan)
    grid = NumberGrid(outputs[None], signed=True, frames=[Frame("output", 0, best)], room=0.053,
                      notes=SAY("signs"))  # fmt: skip
    return [letters, grid]
