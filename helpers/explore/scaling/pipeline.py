"""The pipeline explorer: who prepares, who trains, and who waits."""

from typing import Any

import ipywidgets as widgets

from helpers.arguments import integer
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas
from helpers.training.pipeline_simulation import Bar, Timeline, simulate

BATCHES = 8
LEFT, WIDTH, LANE = 120, 750, 26
LEAST, MOST, CALLS = 5, 60, 4


def pipeline(prepare: Any = 30, train: Any = 20) -> Explorer:
    """Watch two epochs of an input pipeline and a training, as bars over time.

    Args:
        prepare: Milliseconds to prepare a batch at the start, an integer from 5 to 60.
        train: Milliseconds to train on a batch at the start, an integer from 5 to 60.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where an argument is no integer.
        ValueError: where it is out of its range.

    Examples:
        >>> pipeline().settings()["calls"]
        1

    """
    controls = {
        "prepare": widgets.IntSlider(
            description="Prepare", value=integer("prepare", prepare, LEAST, MOST), min=LEAST,
            max=MOST, step=5 if prepare % 5 == 0 else 1,
        ),
        "train": widgets.IntSlider(
            description="Train", value=integer("train", train, LEAST, MOST), min=LEAST, max=MOST,
            step=5 if train % 5 == 0 else 1,
        ),
        "calls": widgets.IntSlider(description="Calls", value=1, min=1, max=CALLS),
        "prefetch": toggles("Prefetch", ["off", "on"], "off"),
        "cache": toggles("Cache", ["off", "on"], "off"),
    }  # fmt: skip
    rows = [["prepare", "train", "calls"], ["prefetch", "cache"]]
    return Explorer(scene, controls, rows)


def scene(prepare: int, train: int, calls: int, prefetch: str, cache: str) -> Scene:
    """Draw the first and the second epoch on one scale of time."""
    first = simulate(BATCHES, prepare, train, calls, prefetch == "on")
    second = first
    if cache == "on":
        second = simulate(BATCHES, 0, train, calls, prefetch == "on")
    longest = BATCHES * (prepare + train)
    drawn = Canvas(900, 146 + 2 * (calls + 1) * LANE)
    top = 34
    for name, epoch in (("First epoch", first), ("Second epoch", second)):
        per_second = f"{1000 * BATCHES / epoch.total:.1f} steps per second"
        title = f"{name}: {BATCHES} batches in {epoch.total:.0f} ms, {per_second}"
        drawn.text(20, top - 12, title, canvas.TITLE)
        lanes(drawn, top, epoch, calls, WIDTH / longest)
        top += (calls + 1) * LANE + 48
    ruler(drawn, top - 42, longest)
    drawn.text(
        20, top + 6, "orange: a batch is prepared   blue: a batch is trained on   "
        "grey with a line: the training waits   numbers: batches", canvas.SMALL,
    )  # fmt: skip
    return Scene(drawn, words(first, second, prepare, train, calls, prefetch, cache))


def lanes(drawn: Canvas, top: float, epoch: Timeline, calls: int, scale: float) -> None:
    """Draw one lane for each worker and one for the training."""
    for lane in range(calls):
        name = "prepare" if calls == 1 else f"prepare {lane + 1}"
        drawn.text(LEFT - 10, top + lane * LANE + 17, name, canvas.SMALL, anchor="right")
    for bar in epoch.prepared:
        block(drawn, bar, top + bar.lane * LANE, scale, canvas.WINDOW)
    y = top + calls * LANE
    drawn.text(LEFT - 10, y + 17, "train", canvas.SMALL, anchor="right")
    for start, end in epoch.waits:
        x, width = LEFT + start * scale, (end - start) * scale
        drawn.bar(x, y + 3, width, LANE - 6, canvas.EMPTY)
        drawn.line([(x + 2, y + LANE / 2), (x + width - 2, y + LANE / 2)], canvas.ABSENT, 1.5)
    for bar in epoch.trained:
        block(drawn, bar, y, scale, canvas.OUTPUT)


def block(drawn: Canvas, bar: Bar, y: float, scale: float, color: str) -> None:
    """Draw a piece of work, with the batch's number where there is room."""
    x, width = LEFT + bar.start * scale, (bar.end - bar.start) * scale
    if width <= 0:
        return
    drawn.bar(x, y + 3, max(1, width - 1), LANE - 6, color)
    if width > 12:
        # White stands out from blue, and black from orange.
        ink = canvas.PAPER if color == canvas.OUTPUT else canvas.INK
        drawn.text(x + width / 2, y + 17, str(bar.batch + 1), canvas.SMALL, ink, anchor="middle")


def ruler(drawn: Canvas, y: float, longest: int) -> None:
    """Draw the scale of time below the lanes."""
    drawn.line([(LEFT, y), (LEFT + WIDTH, y)], canvas.ABSENT, 1)
    step = next(step for step in (20, 50, 100, 200) if longest / step <= 8)
    for time in range(0, longest + 1, step):
        x = LEFT + time * WIDTH / longest
        drawn.line([(x, y), (x, y + 5)], canvas.ABSENT, 1)
        drawn.text(x, y + 18, f"{time} ms", canvas.SMALL, anchor="middle")


def words(
    first: Timeline, second: Timeline, prepare: int, train: int, calls: int, prefetch: str,
    cache: str,
) -> str:  # fmt: skip
    """Say how fast both epochs are, and what the training waits for."""
    many = f"{calls} calls at the same time" if calls > 1 else "one call at a time"
    return (
        f"A batch takes {prepare} ms to prepare and {train} ms to train on; {many}, prefetch "
        f"{prefetch}, cache {cache}. First epoch: {first.total:.0f} ms, of which the training "
        f"waits {first.waited:.0f}. Second epoch: {second.total:.0f} ms, of which it waits "
        f"{second.waited:.0f}. {bottleneck(prepare, train, calls, prefetch, cache)}"
    )


def bottleneck(prepare: int, train: int, calls: int, prefetch: str, cache: str) -> str:
    """Say what decides the time of a step in the long run."""
    if cache == "on":
        return f"From the second epoch on nothing is prepared: a step takes {train} ms."
    if calls == 1 and prefetch == "off":
        return f"Nothing overlaps: a step takes {prepare} + {train} = {prepare + train} ms."
    each = prepare / calls
    share = f"{prepare} / {calls} = {each:.3g}" if calls > 1 else f"{prepare}"
    if each > train:
        return (
            f"The input is the bottleneck: a step takes {share} ms, and the {train} ms of "
            "training fit into it."
        )
    if each == train:
        return f"Both keep pace: a step takes {train} ms."
    return (
        f"The training is the bottleneck: a step takes {train} ms, and the {share} ms of "
        "preparing fit into it."
    )
