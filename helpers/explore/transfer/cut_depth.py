"""The explorer of where to cut a network: accuracy against depth, for a near and a far task."""

import functools

import numpy as np

from helpers.datasets.records import load_record, unpack_misclassified
from helpers.explore import panels
from helpers.explore.panels import INK, Axis, Box, Chart, Choice, Interval, Line, Points, Slider
from helpers.plots import BLUE, ORANGE

SAY = panels.Words(__name__)
PIXELS = "pixels"
COLORS = (BLUE, BLUE, ORANGE, ORANGE)
SHAPES = ("open square", "open circle", "open diamond", "open triangle")


def cut_depth() -> panels.Explorer:
    """Cut MobileNet after each of its blocks, and read how well a head does with what is left.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        DataError: where the record is missing or damaged.

    Examples:
        >>> cut_depth().settings()["task"]
        'digits'

    """
    record = load_record("transfer_depth")
    blocks, grid = record["layers"], f"{record['grid']} × {record['grid']} grid"
    # For each task and each kind of features an array `(blocks, seeds)`; pixels have one block.
    accuracy = {
        task: {
            kind.replace("grid", grid): np.array([1 - unpack_misclassified(row).mean(axis=1)
                            for row in (rows if isinstance(rows, list) else [rows])])
            for kind, rows in kinds.items()
        }
        for task, kinds in record["tasks"].items()
    }  # fmt: skip
    kinds = [kind for kind in accuracy["digits"] if kind != PIXELS]
    controls = [
        [Choice("task", list(accuracy), "digits"), Slider("block", 1, len(blocks), len(blocks))],
        [Choice("kind", kinds, "ImageNet, averaged")],
    ]
    draw = functools.partial(scene, blocks, accuracy)
    return panels.Explorer(draw, controls, words=SAY)


def scene(
    blocks: list[dict], accuracy: dict[str, dict], task: str, block: int, kind: str
) -> panels.Scene:
    """Show accuracy against depth for all kinds of features, and the seeds of one block."""
    values = np.concatenate([found.ravel() for kinds in accuracy.values()
                             for found in kinds.values()])  # fmt: skip
    across, place = np.arange(1, len(blocks) + 1), block - 1
    scale = Axis(np.floor(10 * values.min()) / 10, 1.0)
    runs = {name: found for name, found in accuracy[task].items() if name != PIXELS}
    pixels = accuracy[task][PIXELS].mean()
    written = [SAY.option("kind", name) for name in runs]
    curves = [panels.Rule(y=pixels, color=INK, dashed=True, name=SAY("pixels", accuracy=pixels))]
    seeds = []
    for way, (name, found) in enumerate(runs.items()):
        look = {"color": COLORS[way], "shape": SHAPES[way]}
        ends = found.min(axis=1), found.max(axis=1)
        curves += [
            Interval(across, *ends, color=COLORS[way], weight="thin", caps=False),
            Line(across, found.mean(axis=1), weight="thick" if name == kind else "thin",
                 name=written[way], **look),
        ]  # fmt: skip
        spread = way + np.linspace(-0.26, 0.26, found.shape[1])
        mean = [found[place].mean()] * 2
        seeds += [Line([way - 0.34, way + 0.34], mean, INK, "thin", name=SAY("mean")),
                  Points(spread, found[place], SHAPES[way], COLORS[way])]  # fmt: skip
    frame = Box(block - 0.36, block + 0.36, color=INK, name=SAY("frame"))
    thick = Line([], [], INK, "thick", name=SAY("thick"))
    axis = Axis(0.4, len(blocks) + 0.6, SAY("across"), ticks=tuple(across.tolist()))
    left = Chart(axis, scale, [frame], curves, [thick], title=SAY("means"), share=1.6)
    short = [SAY("short", number=way + 1) for way in range(len(runs))]
    right = Chart(Axis.of(short, SAY("order")), scale, seeds, title=SAY("seeds", block=block))
    facts, chosen = blocks[place], runs[kind]
    others = [SAY("other", kind=text, mean=found[place].mean())
              for text, found in zip(written, runs.values(), strict=True)]  # fmt: skip
    del others[list(runs).index(kind)]
    means = chosen.mean(axis=1)
    words = SAY(
        "sentence", task=SAY.option("task", task), block=block, blocks=len(blocks),
        size=facts["size"], channels=facts["channels"], kind=SAY.option("kind", kind),
        mean=means[place], seeds=chosen.shape[1], low=chosen[place].min(),
        high=chosen[place].max(), others=", ".join(others), pixels=pixels,
        better=SAY("above" if means[place] > pixels else "not_above"),
        best=int(means.argmax()) + 1, highest=means.max(),
    )  # fmt: skip
    return panels.Scene(panels.Row([left, right]), words)
