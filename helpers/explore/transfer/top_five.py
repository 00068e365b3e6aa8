"""The explorer of what two networks see on bundled photographs, prepared well and badly."""

import numpy as np

from helpers.datasets.photographs import load_square
from helpers.datasets.records import load_record
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas
from helpers.plots import BLUE, ORANGE

RANGES = {
    "its own": "−1 to 1",
    "divided by 255": "0 to 1",
    "none": "0 to 255",
    "VGG16's": "about −124 to 151, red and blue exchanged",
}
BAR = 330


def top_five() -> Explorer:
    """Choose a photograph, a network and a preparation, and read the five likeliest classes.

    The answers were recorded once with the ImageNet weights of both networks.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        DataError: where the record is missing or damaged.

    Examples:
        >>> top_five().settings()["photograph"]
        'chelsea'

    """
    answers = load_record("transfer_backbones")["answers"]
    first = next(iter(answers.values()))
    pictures = {name: load_square(name) for name in first}
    controls = {
        "photograph": toggles("Picture", list(first), "chelsea"),
        "network": toggles("Network", list(answers), next(iter(answers))),
        "preparation": toggles("Prepared", list(RANGES), "its own"),
    }
    return Explorer(
        lambda photograph, network, preparation: scene(
            pictures[photograph], answers[network][photograph], photograph, network, preparation
        ),
        controls,
        [["photograph"], ["network"], ["preparation"]],
    )


def scene(
    picture: np.ndarray, answers: dict, photograph: str, network: str, preparation: str
) -> Scene:
    """Draw the photograph, and the five likeliest classes as bars."""
    best = answers[preparation]
    right = answers["its own"][0][0]
    drawn = Canvas(900, 330)
    drawn.text(8, 24, photograph, canvas.TITLE)
    drawn.picture(8, 36, 260, picture)
    drawn.text(8, 316, f"numbers from {RANGES[preparation]}", canvas.SMALL)
    drawn.text(300, 24, f"{network}, prepared: {preparation}", canvas.TITLE)
    for place, (name, share) in enumerate(best):
        y = 44 + place * 50
        label = name.replace("_", " ")
        color = BLUE if name == right else ORANGE
        drawn.text(470, y + 22, label, canvas.TEXT, anchor="right")
        width = max(2.0, BAR * share)
        drawn.line([(484, y + 17), (484 + width, y + 17)], color, 22)
        drawn.text(492 + width, y + 22, f"{share:.3f}", canvas.TEXT)
    drawn.text(
        300, 316, f"blue: the first answer when prepared as this network wants it ({right})",
        canvas.SMALL,
    )  # fmt: skip
    places = [name for name, _ in best]
    if preparation == "its own":
        verdict = "This is the preparation that the network was trained with."
    elif places[0] == right:
        change = best[0][1] - answers["its own"][0][1]
        verdict = (
            f"The first answer is the same as with its own preparation, its probability "
            f"{abs(change):.2f} {'higher' if change >= 0 else 'lower'}: the mistake hides."
        )
    elif right in places:
        verdict = f"Its own preparation gives {right} first: here it comes later."
    else:
        verdict = f"Its own preparation gives {right} first: here it is not among the five."
    listed = ", ".join(f"{name} {share:.3f}" for name, share in best)
    words = f"{network} on {photograph}, prepared: {preparation}. {listed}. {verdict}"
    return Scene(drawn, words.replace("_", " "))
