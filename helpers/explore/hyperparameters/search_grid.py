"""The search explorer: learning rate by batch size, the spread beside it, and what is chance."""

import functools
from typing import Any

import numpy as np

from helpers.datasets.records import load_record
from helpers.explore import panels
from helpers.explore.panels import Axis, Chart, Choice, Frame, NumberGrid, Points, Slider
from helpers.plots.look import matplotlib
from helpers.stats import paired_difference

SAY = panels.Words(__name__)
KINDS = {"validation digits": "errors", "fresh digits": "fresh_errors"}


def search_grid(record: dict[str, Any] | None = None) -> panels.Explorer:
    """Choose a learning rate and a batch size, and compare the cell with the best one.

    Args:
        record: `learning_rates`, `batch_sizes`, `seeds`, and for each pair one of `cells` with its
            `errors` and `fresh_errors` in percent over the seeds, as in
            data/hyperparameters_grid.json, which is taken where the argument is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        ValueError: where `record` does not hold one cell for each pair.

    Examples:
        >>> search_grid().settings()["judged"]
        'validation digits'

    """
    record = load_record("hyperparameters_grid") if record is None else record
    rates, batches = record["learning_rates"], record["batch_sizes"]
    if len(record["cells"]) != len(rates) * len(batches):
        raise ValueError(
            "`record` must hold one cell for each learning rate and batch size, "
            f"{len(rates)} × {len(batches)}. Received {len(record['cells'])} cells."
        )
    controls = [
        [Slider("rate", 0, len(rates) - 1, 1, readout=False),
         Slider("batch", 0, len(batches) - 1, len(batches) // 2, readout=False)],
        [Choice("judged", list(KINDS), "validation digits")],
    ]  # fmt: skip
    return panels.Explorer(functools.partial(scene, record), controls, words=SAY)


def results(record: dict[str, Any], kind: str) -> np.ndarray:
    """Return the errors in percent, `(learning rates, batch sizes, seeds)`."""
    shape = (len(record["learning_rates"]), len(record["batch_sizes"]), -1)
    return np.array([cell[kind] for cell in record["cells"]]).reshape(shape)


@functools.cache
def shades() -> np.ndarray:
    """Return 256 colours from white to grey, on which frames in colour stand out."""
    return np.rint(255 * matplotlib.colormaps["Greys"](np.arange(256) * 0.55 / 255)[:, :3])


def fills(values: np.ndarray) -> np.ndarray:
    """Colour numbers above 0 by how many times the smallest they are, up to four times."""
    factors = values / max(values.min(), 1e-9)
    shares = np.clip(np.log(np.maximum(factors, 1)) / np.log(4), 0, 1)
    return shades()[np.rint(255 * shares).astype(int)].astype(np.uint8)


def scene(record: dict[str, Any], rate: int, batch: int, judged: str) -> panels.Scene:
    """Show the mean errors, the spread, and the chosen cell against the best."""
    errors = results(record, KINDS[judged])
    means, spread = errors.mean(axis=2), errors.std(axis=2, ddof=1)
    best = np.unravel_index(means.argmin(), means.shape)
    alike = [
        cell
        for cell in np.ndindex(means.shape)
        if cell != best and not paired_difference(errors[cell], errors[best]).excludes_zero
    ]
    rates, batches = record["learning_rates"], record["batch_sizes"]
    judge = SAY.option("judged", judged)
    frames = [Frame("output", *best), Frame("inner", rate, batch)]
    maps = [
        NumberGrid(values, fills=fills(values), texts=written(values, alike), frames=frames,
                   rows=[f"{value:g}" for value in rates], columns=batches, title=SAY(key),
                   notes=[SAY(f"{key}_unit", judged=judge), SAY("axes")])
        for key, values in (("means", means), ("spread", spread))
    ]  # fmt: skip
    words = [
        SAY("sentence", rate=f"{rates[rate]:g}", batch=batches[batch], mean=means[rate, batch],
            judged=judge, spread=spread[rate, batch],
            seeds=", ".join(f"{error:.2f}" for error in errors[rate, batch]))
    ]  # fmt: skip
    told = {"mean": means[best], "cells": means.size}
    if (rate, batch) == best:
        chosen: panels.Panel = seed_chart(errors[best], SAY("mean_of_best", **told))
        words.append(SAY("is_best", **told))
    else:
        names = SAY("chosen"), SAY("best")
        chosen, verdict = panels.seed_pairs(names, errors[rate, batch], errors[best], ratio=0.85)
        told |= {"rate": f"{rates[best[0]]:g}", "batch": batches[best[1]]}
        words += [SAY("best_has", **told), verdict]
    words.append(SAY("alike", count=len(alike)))
    legend = panels.Legend([
        Frame("inner", name=SAY("chosen")), Frame("output", name=SAY("best_mean")),
        Points(0, 0, "triangle", panels.INK, "small", name=SAY("cannot_tell")),
    ])  # fmt: skip
    return panels.Scene([panels.Row([*maps, chosen]), legend], " ".join(words))


def written(values: np.ndarray, alike: list[tuple[int, ...]]) -> list[list[str]]:
    """Return what stands in the cells: with a triangle where chance explains the difference."""
    texts = np.vectorize("{:.1f}".format, otypes=[object])(values)
    for cell in alike:
        texts[cell] = f"▴{texts[cell]}"
    return texts.tolist()


def seed_chart(errors: np.ndarray, mean: str) -> panels.Column:
    """Return the errors of one cell, seed by seed, with their mean below."""
    seeds = Points(range(len(errors)), errors, "square")
    across = Axis.of(range(1, len(errors) + 1), SAY("seed"))
    chart = Chart(across, Axis.around(errors), [seeds], ratio=0.85, title=SAY("best_seeds"))
    return panels.Column([chart, panels.Text(mean, room=2)])
