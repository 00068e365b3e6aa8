"""The explorer of five networks: how each gets from a picture to features, and what it costs."""

import ipywidgets as widgets

from helpers.datasets.records import load_record
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas
from helpers.plots import BLUE, GREY, ORANGE

IDEAS = {
    "MobileNet 0.25": "depthwise separable convolutions, with a quarter of the usual channels",
    "MobileNetV2": "narrow blocks that widen inside, with a shortcut around each",
    "InceptionV3": "several kernel sizes side by side, their maps put behind one another",
    "ResNet50": "blocks of 1×1, 3×3 and 1×1 convolutions, each with a shortcut around it",
    "VGG16": "3×3 convolutions one after the other, nothing else; large dense layers at the end",
}
FLOOR = 232


def backbones() -> Explorer:
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
    controls = {
        "network": toggles("Network", list(networks), "VGG16"),
        "stage": widgets.IntSlider(description="Step", value=0, max=4),
    }

    def adjust(controls):
        stages = networks[controls["network"].value]["stages"]
        controls["stage"].max = len(stages) - 1

    return Explorer(
        lambda network, stage: scene(networks, network, stage),
        controls,
        [["network"], ["stage"]],
        adjust,
    )


def scene(networks: dict, network: str, stage: int) -> Scene:
    """Draw the maps of one network as boxes, and all networks' costs as bars."""
    facts = networks[network]
    stages = facts["stages"]
    drawn = Canvas(900, 470)
    drawn.text(8, 24, f"{network}: {IDEAS[network]}", canvas.TEXT)
    step = 880 / (len(stages) + 1)
    boxes = [(facts["size"], 0, 3), *stages]
    for place, (size, convolutions, channels) in enumerate(boxes):
        height, width = 150 * (size / 299) ** 0.6, 8 + 60 * (channels / 2048) ** 0.5
        left, top = 12 + step * place + (step - width) / 2 - 8, FLOOR - height
        chosen = place == stage + 1
        color = ORANGE if chosen else BLUE if place else GREY
        shift = 8
        drawn.line(
            [(left, top), (left + shift, top - shift), (left + width + shift, top - shift),
             (left + width + shift, FLOOR - shift), (left + width, FLOOR)],
            color, 1.5,
        )  # fmt: skip
        drawn.line([(left + width, top), (left + width + shift, top - shift)], color, 1.5)
        drawn.outline(left, top, width, height, color, 4 if chosen else 2)
        middle = left + width / 2
        drawn.text(middle, FLOOR + 20, f"{size} × {size}", canvas.SMALL, anchor="middle")
        drawn.text(middle, FLOOR + 36, f"{channels} channels", canvas.SMALL, anchor="middle")
        below = f"{convolutions} conv." if place else "picture"
        drawn.text(middle, FLOOR + 52, below, canvas.SMALL, anchor="middle")
    for left, title, key, unit, divisor in (
        (150, "parameters, with classifier", "parameters", "million", 1e6),
        (560, "multiply-adds for one picture", "multiply_adds", "thousand million", 1e9),
    ):
        drawn.text(left, 316, f"{title} ({unit})", canvas.TEXT)
        most = max(row[key] for row in networks.values())
        for place, (name, row) in enumerate(networks.items()):
            y = 338 + place * 26
            if left == 150:
                drawn.text(140, y + 5, name, canvas.TEXT, anchor="right")
            width = max(1.5, 210 * row[key] / most)
            color = ORANGE if name == network else BLUE
            drawn.line([(left, y), (left + width, y)], color, 14)
            drawn.text(left + width + 8, y + 5, f"{row[key] / divisor:.3g}", canvas.TEXT)
    size, convolutions, channels = stages[stage]
    words = (
        f"{network}: {IDEAS[network]}. Step {stage + 1} of {len(stages)}: {convolutions} "
        f"convolution{'s' if convolutions > 1 else ''} make maps of {size} × {size} with up to "
        f"{channels:,} channels. In all {facts['parameters']:,} parameters with the classifier, "
        f"{facts['parameters_without_classifier']:,} without, and "
        f"{facts['multiply_adds'] / 1e6:,.0f} million multiply-adds for one picture of "
        f"{facts['size']} × {facts['size']}."
    )
    return Scene(drawn, words)
