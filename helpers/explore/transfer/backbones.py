"""The explorer of five networks: how each gets from a picture to features, and what it costs."""

import functools

from helpers.datasets.records import load_record
from helpers.explore import panels
from helpers.explore.panels import ABSENT, OUTPUT, WINDOW, Axis, Bars, Box, Chart, Label, Line

SAY = panels.Words(__name__)
# The floor on which the boxes stand, and how far a box reaches to the back.
FLOOR, BACK = 6.6, 0.9


def backbones() -> panels.Explorer:
    """Choose a network and go through the sizes of its maps, from the picture to the features.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        DataError: where the record is missing or damaged.

    Examples:
        >>> backbones().settings()
        {'network': 'VGG16', 'stage': 0}

    """
    networks = load_record("transfer_backbones")["networks"]
    controls = [
        [panels.Choice("network", list(networks), "VGG16")],
        [panels.Slider("stage", 0, 4, 0)],
    ]

    def limits(network, **_):
        return {"stage": len(networks[network]["stages"]) - 1}

    return panels.Explorer(functools.partial(scene, networks), controls, words=SAY, limits=limits)


def scene(networks: dict, network: str, stage: int) -> panels.Scene:
    """Show the maps of one network as boxes, and all networks' costs as bars."""
    facts = networks[network]
    named = {"network": SAY.option("network", network), "idea": SAY.option("idea", network)}
    names, chosen = (
        [SAY.option("network", name) for name in networks],
        list(networks).index(network),
    )
    costs = [
        Bars(names, [row[key] / unit for row in networks.values()], high=None, chosen=chosen,
             write="{:.3g}".format, ground=False, title=SAY(key))
        for key, unit in (("parameters", 1e6), ("multiply_adds", 1e9))
    ]  # fmt: skip
    size, convolutions, channels = facts["stages"][stage]
    words = SAY(
        "sentence", **named, step=stage + 1, steps=len(facts["stages"]), size=size,
        convolutions=SAY.counted("make", convolutions), channels=channels, picture=facts["size"],
        parameters=facts["parameters"], without=facts["parameters_without_classifier"],
        multiply_adds=facts["multiply_adds"] / 1e6,
    )  # fmt: skip
    maps = chart(facts["size"], facts["stages"], stage, SAY("title", **named))
    return panels.Scene([maps, panels.Row(costs)], words)


def chart(picture: int, stages: list, stage: int, title: str) -> Chart:
    """Return the picture and the maps as boxes, wider with more channels."""
    boxes, marks = [(picture, 0, 3), *stages], []
    for place, (size, convolutions, channels) in enumerate(boxes):
        height, width = 17 * (size / 299) ** 0.6, 0.9 + 6.8 * (channels / 2048) ** 0.5
        middle, is_chosen = 100 * (place + 0.5) / len(boxes), place == stage + 1
        left, right, top = middle - width / 2, middle + width / 2, FLOOR + height
        look = {"color": WINDOW if is_chosen else OUTPUT if place else ABSENT}
        marks += [
            Line([left, left + BACK, right + BACK, right + BACK, right],
                 [top, top + BACK, top + BACK, FLOOR + BACK, FLOOR], weight="thin", **look),
            Line([right, right + BACK], [top, top + BACK], weight="thin", **look),
            Box(left, right, FLOOR, top, weight="thick" if is_chosen else "normal",
                name=SAY("chosen") if is_chosen else "", **look),
        ]  # fmt: skip
        lines = (SAY("size", size=size), SAY("channels", channels=channels),
                 SAY("convolutions", count=convolutions) if place else SAY("picture"))  # fmt: skip
        marks += [Label(middle, FLOOR - 1.7 - 1.9 * line, text, anchor="middle")
                  for line, text in enumerate(lines)]  # fmt: skip
    return Chart(Axis(0, 100, ticks=()), Axis(0, 26, ticks=()), marks, ratio=0.26, frame=False,
                 title=title)  # fmt: skip
