"""The explorer of notebook 09's recorded runs: accuracy against labels, four ways."""

import functools

import numpy as np

from helpers.datasets.records import load_record
from helpers.explore import panels
from helpers.explore.panels import Axis, Chart, Choice, Interval, Line, Points, Slider
from helpers.plots import BLUE, GREEN, GREY, ORANGE

SAY = panels.Words(__name__)
COLORS = (ORANGE, GREY, BLUE, GREEN)
SHAPES = ("open square", "open triangle", "open circle", "open diamond")


def transfer_curves() -> panels.Explorer:
    """Move through the recorded runs: labels of each class, and which way is looked at.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        DataError: where the record is missing or damaged.

    Examples:
        >>> transfer_curves().settings()["variant"]
        'trained, frozen'

    """
    record = load_record("transfer")
    counts = record["settings"]["labels_per_class"]
    # For each way an array `(numbers of labels, seeds)`.
    runs = {variant: np.array([table[str(count)] for count in counts])
            for variant, table in record["accuracy"].items()}  # fmt: skip
    controls = [
        [Slider("index", 0, len(counts) - 1, 2, readout=False)],
        [Choice("variant", list(runs), "trained, frozen")],
    ]
    draw = functools.partial(scene, counts, runs, record["no_labels"])
    return panels.Explorer(draw, controls, words=SAY)


def scene(
    counts: list[int], runs: dict[str, np.ndarray], no_labels: float, index: int, variant: str
) -> panels.Scene:
    """Show accuracy against labels for all ways, and the single runs at one number of labels."""
    lowest = np.floor(10 * min(found.min() for found in runs.values())) / 10
    places, written = np.arange(len(counts)), [SAY.option("variant", name) for name in runs]
    accuracy = Axis(lowest, 1.0)
    without = SAY("no_labels", accuracy=no_labels)
    curves, seeds = [panels.Rule(y=no_labels, color=panels.INK, dashed=True, name=without)], []
    for way, (name, found) in enumerate(runs.items()):
        look = {"color": COLORS[way], "shape": SHAPES[way]}
        weight = "thick" if name == variant else "thin"
        ends = found.min(axis=1), found.max(axis=1)
        curves += [
            Interval(places, *ends, color=COLORS[way], weight="thin", caps=False),
            Line(places, found.mean(axis=1), weight=weight, name=written[way], **look),
        ]
        spread = way + np.linspace(-0.26, 0.26, found.shape[1])
        mean = [found[index].mean()] * 2
        seeds += [Line([way - 0.34, way + 0.34], mean, panels.INK, "thin", name=SAY("mean")),
                  Points(spread, found[index], SHAPES[way], COLORS[way])]  # fmt: skip
    frame = panels.Box(index - 0.32, index + 0.32, color=panels.INK, name=SAY("frame"))
    labels = SAY.counted("labels", counts[index])
    chosen_way = Line([], [], panels.INK, "thick", name=SAY("thick"))
    left = Chart(Axis.of(counts, SAY("across")), accuracy, [frame], curves, [chosen_way],
                 title=SAY("means"), share=1.6)  # fmt: skip
    right = Chart(Axis.of(written), accuracy, seeds, title=SAY("seeds", labels=labels))
    chosen = runs[variant][index]
    others = [SAY("other", variant=name, mean=found[index].mean())
              for name, found in zip(written, runs.values(), strict=True)]  # fmt: skip
    del others[list(runs).index(variant)]
    words = SAY(
        "sentence", labels=labels, variant=SAY.option("variant", variant), mean=chosen.mean(),
        seeds=len(chosen), low=chosen.min(), high=chosen.max(), others=", ".join(others),
        better=SAY("above" if chosen.mean() > no_labels else "not_above"), no_labels=no_labels,
    )  # fmt: skip
    return panels.Scene(panels.Row([left, right]), words)
