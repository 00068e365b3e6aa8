"""The batch explorer: learning rate by batch size, the best rate of each batch, and two rules."""

import functools
from typing import Any

import numpy as np

from helpers.datasets.records import load_record
from helpers.explore import panels
from helpers.explore.hyperparameters.search_grid import fills, written
from helpers.explore.panels import (
    ABSENT,
    INK,
    OUTPUT,
    WINDOW,
    Axis,
    Chart,
    Choice,
    Frame,
    Line,
    NumberGrid,
    Points,
    Rule,
)
from helpers.stats import paired_difference

SAY = panels.Words(__name__)
AFTER = ("16 steps", "64 steps", "256 steps", "4,096 digits")
DIGITS = 4096


def batch_rates(record: dict[str, Any] | None = None) -> panels.Explorer:
    """Choose a batch size, and compare its best learning rate with what two rules say.

    Args:
        record: `learning_rates`, `batch_sizes`, `seeds`, and for each pair one of `cells`, whose
            `errors` in percent over the seeds stand under the number of steps after which they
            were measured, as in data/scaling.json, which is taken where the argument is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        ValueError: where `record` does not hold one cell for each pair.

    Source of the linear rule: Goyal and others 2017, "Accurate, large minibatch SGD"; of the
    square-root rule: Krizhevsky 2014, "One weird trick for parallelizing convolutional neural
    networks", section 5.

    Examples:
        >>> batch_rates().settings()["after"]
        '256 steps'

    """
    record = load_record("scaling") if record is None else record
    rates, batches = record["learning_rates"], record["batch_sizes"]
    if len(record["cells"]) != len(rates) * len(batches):
        raise ValueError(
            "`record` must hold one cell for each learning rate and batch size, "
            f"{len(rates)} × {len(batches)}. Received {len(record['cells'])} cells."
        )
    sizes = [str(size) for size in batches]
    controls = [[Choice("batch", sizes, sizes[-1]), Choice("after", AFTER, AFTER[2])]]
    return panels.Explorer(functools.partial(scene, record), controls, words=SAY)


def errors_after(record: dict[str, Any], after: str) -> np.ndarray:
    """Return the errors in percent, `(learning rates, batch sizes, seeds)`."""
    number = int(after.split(maxsplit=1)[0].replace(",", ""))
    found = [
        cell["errors"][str(number if "steps" in after else number // cell["batch_size"])]
        for cell in record["cells"]
    ]
    return np.array(found).reshape(len(record["learning_rates"]), len(record["batch_sizes"]), -1)


def alike(errors: np.ndarray, best: int) -> list[int]:
    """Return the rates whose errors `(learning rates, seeds)` chance may have parted from best."""
    return [
        place
        for place, row in enumerate(errors)
        if place != best and not paired_difference(row, errors[best]).excludes_zero
    ]


def scene(record: dict[str, Any], batch: str, after: str) -> panels.Scene:
    """Show the map, and the column of one batch size as a curve."""
    rates, batches = record["learning_rates"], record["batch_sizes"]
    chosen = batches.index(int(batch))
    errors = errors_after(record, after)
    means = errors.mean(axis=2)
    best = means.argmin(axis=0)
    same = {column: alike(errors[:, column], best[column]) for column in range(len(batches))}
    frames = [Frame("output", row, column) for column, row in enumerate(best)]
    frames.append(Frame("inner", 0, chosen, height=len(rates)))
    told = {"after": SAY.option("after", after), "batch": batch}
    grid = NumberGrid(
        means, fills=fills(means), frames=frames, rows=[f"{rate:g}" for rate in rates],
        texts=written(means, [(row, column) for column in same for row in same[column]]),
        columns=batches, cell=1.5, title=SAY("map", **told), notes=[SAY("axes")],
    )  # fmt: skip
    by_rule = {
        "root": rates[best[0]] * (int(batch) / batches[0]) ** 0.5,
        "linear": rates[best[0]] * int(batch) / batches[0],
    }
    lowest = int(best[chosen])
    curve = column_chart(record, errors[:, chosen], lowest, by_rule, SAY("curve", **told))
    words = [SAY("sentence", **told, rate=f"{rates[lowest]:g}", mean=means[lowest, chosen])]
    others = ", ".join(f"{rates[row]:g}" for row in same[chosen])
    words.append(SAY("alike", rates=others) if others else SAY("apart"))
    key = "rules" if chosen else "first"
    led = {
        name: SAY("beyond" if rate > rates[-1] else "within", rate=f"{rate:.2g}")
        for name, rate in by_rule.items()
    }
    words.append(SAY(key, first=batches[0], base=f"{rates[best[0]]:g}", **led))
    legend = panels.Legend([
        Frame("output", name=SAY("best")), Frame("inner", name=SAY("chosen")),
        Points(0, 0, "triangle", INK, "small", name=SAY("cannot_tell")),
    ])  # fmt: skip
    return panels.Scene([panels.Row([grid, curve]), legend], " ".join(words))


def column_chart(
    record: dict[str, Any], errors: np.ndarray, best: int, by_rule: dict[str, float], title: str
) -> Chart:
    """Return the errors of one batch size, `(learning rates, seeds)`, against the rate."""
    rates = record["learning_rates"]
    across = Axis(rates[0] / 1.4, rates[-1] * 1.4, SAY("across"), log=True,
                  ticks={rate: f"{rate:g}" for rate in rates})  # fmt: skip
    every = [error for cell in record["cells"] for row in cell["errors"].values() for error in row]
    vertical = Axis(max(min(every), 0.5) / 1.2, 100, log=True, ticks=(1, 2, 5, 10, 20, 50, 100))
    looks = {"root": {"dashed": True}, "linear": {}}
    rules = [
        Rule(x=min(rate, across.high), color=INK, **looks[name], name=SAY(name))
        for name, rate in by_rule.items()
    ]
    marks = [
        *rules,
        *(Points([rate] * len(row), row, "circle", ABSENT, "small", name=SAY("seed"))
          for rate, row in zip(rates, errors, strict=True)),
        Line(rates, errors.mean(axis=1), WINDOW, name=SAY("mean")),
        Points(rates[best], errors[best].mean(), "square", OUTPUT, "large", name=SAY("lowest")),
    ]  # fmt: skip
    return Chart(across, vertical, marks, ratio=0.55, share=1.6, title=title)
