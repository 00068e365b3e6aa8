"""The pipeline explorer: who prepares, who trains, and who waits."""

from typing import Any

from helpers.arguments import integer
from helpers.explore import panels
from helpers.explore.panels import ABSENT, OUTPUT, WINDOW, Axis, Box, Chart, Choice, Slider
from helpers.training.pipeline_simulation import Bar, Timeline, simulate

SAY = panels.Words(__name__)
BATCHES = 8
LEAST, MOST, CALLS = 5, 60, 4
# The gap between two pieces of work, as a part of the longest time.
GAP = 0.002


def pipeline(prepare: Any = 30, train: Any = 20) -> panels.Explorer:
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
    times = {"prepare": integer("prepare", prepare, LEAST, MOST),
             "train": integer("train", train, LEAST, MOST)}  # fmt: skip
    sliders = [
        Slider(name, LEAST, MOST, time, step=1 if time % 5 else 5) for name, time in times.items()
    ]
    switches = [Choice(name, ("off", "on"), "off") for name in ("prefetch", "cache")]
    controls = [[*sliders, Slider("calls", 1, CALLS, 1)], switches]
    return panels.Explorer(scene, controls, words=SAY)


def scene(prepare: int, train: int, calls: int, prefetch: str, cache: str) -> panels.Scene:
    """Show the first and the second epoch on one scale of time."""
    first = second = simulate(BATCHES, prepare, train, calls, prefetch == "on")
    if cache == "on":
        second = simulate(BATCHES, 0, train, calls, prefetch == "on")
    longest = BATCHES * (prepare + train)
    lanes = [SAY("one_lane")] if calls == 1 else [SAY("lane", lane=n + 1) for n in range(calls)]
    charts = [
        Chart(Axis(0, longest, name), Axis.of([*lanes, SAY("train")], down=True),
              work(epoch, calls, longest), frame=False, ratio=0.105,
              title=SAY(key, batches=BATCHES, total=epoch.total, rate=1000 * BATCHES / epoch.total))
        for key, epoch, name in (("first_epoch", first, ""),
                                 ("second_epoch", second, SAY("milliseconds")))
    ]  # fmt: skip
    legend = panels.Legend([
        Box(color=WINDOW, filled=True, name=SAY("prepared")),
        Box(color=OUTPUT, filled=True, name=SAY("trained")),
        Box(color=ABSENT, weight="thin", name=SAY("waits")),
    ])  # fmt: skip
    words = SAY(
        "sentence", **SAY.told(prepare=prepare, train=train, prefetch=prefetch, cache=cache),
        many=SAY.counted("calls", calls), total=first.total, waited=first.waited,
        second_total=second.total, second_waited=second.waited,
        bottleneck=bottleneck(prepare, train, calls, prefetch, cache),
    )  # fmt: skip
    return panels.Scene([*charts, legend], words)


def work(epoch: Timeline, calls: int, longest: int) -> list[Box]:
    """Return the pieces of work of an epoch, those of the training in the last lane."""

    def piece(bar: Bar, lane: int, color: str) -> Box:
        end = max(bar.end - GAP * longest, bar.start)
        return Box(bar.start, end, lane - 0.4, lane + 0.4, color, True, text=str(bar.batch + 1))

    return [
        *(piece(bar, bar.lane, WINDOW) for bar in epoch.prepared if bar.end > bar.start),
        *(Box(start, end - GAP * longest, calls - 0.4, calls + 0.4, ABSENT, weight="thin")
          for start, end in epoch.waits),
        *(piece(bar, calls, OUTPUT) for bar in epoch.trained),
    ]  # fmt: skip


def bottleneck(prepare: int, train: int, calls: int, prefetch: str, cache: str) -> str:
    """Say what decides the time of a step in the long run."""
    told = {"prepare": prepare, "train": train, "both": prepare + train}
    if cache == "on":
        return SAY("cached", **told)
    if calls == 1 and prefetch == "off":
        return SAY("no_overlap", **told)
    each = prepare / calls
    told["each"] = SAY("shared", **told, calls=calls, each=each) if calls > 1 else f"{prepare}"
    if each == train:
        return SAY("same_pace", **told)
    return SAY("input_is_slow" if each > train else "training_is_slow", **told)
