"""An input pipeline and a training that share the time: who works when, and who waits."""

from typing import NamedTuple

from helpers.arguments import integer, show

BUFFER = 2


class Bar(NamedTuple):
    """A piece of work on one batch, from `start` to `end`; `lane` tells which worker did it."""

    batch: int
    lane: int
    start: float
    end: float


class Timeline(NamedTuple):
    """One epoch: when each batch was prepared, and when it was trained on."""

    prepared: list[Bar]
    trained: list[Bar]

    @property
    def total(self) -> float:
        """When the last batch was trained."""
        return self.trained[-1].end

    @property
    def waits(self) -> list[tuple[float, float]]:
        """From when to when the training waited for a batch."""
        ends = [0.0, *(bar.end for bar in self.trained)]
        pairs = zip(ends, (bar.start for bar in self.trained), strict=False)
        return [(end, start) for end, start in pairs if start > end]

    @property
    def waited(self) -> float:
        """How long the training waited, all in all."""
        return sum(end - start for start, end in self.waits)


def simulate(
    batches: int, prepare: float, train: float, calls: int = 1, prefetch: bool = False
) -> Timeline:
    """Follow one epoch of a `tf.data` pipeline and the training that it feeds.

    Without `prefetch` and with one call, a batch is prepared when the training asks for it. With
    more calls, as many batches as there are calls may be under way or ready; `prefetch` adds room
    for two more. Whoever prepares is assumed to need nothing that the training uses.

    Args:
        batches: Batches of the epoch, 1 or more.
        prepare: Time to prepare a batch, 0 or more; 0 also stands for a cache in memory.
        train: Time to train on a batch, 0 or more, in the same unit.
        calls: Batches that are prepared at the same time (`num_parallel_calls`), 1 or more.
        prefetch: Whether `.prefetch(2)` stands at the end of the pipeline.

    Returns:
        Bars in the unit of `prepare` and `train`. In the long run a step takes `prepare + train`
        without anything ahead, and the longer of `prepare / calls` and `train` otherwise.

    Raises:
        TypeError: where `batches` or `calls` is no integer, or a time is no number.
        ValueError: where an argument is out of its range.

    Examples:
        >>> simulate(10, prepare=30, train=20).total
        500.0
        >>> simulate(10, prepare=30, train=20, prefetch=True).total
        320.0

    """
    batches, calls = integer("batches", batches), integer("calls", calls)
    prepare, train = duration("prepare", prepare), duration("train", train)
    ahead = (calls if calls > 1 else 0) + (BUFFER if prefetch else 0)
    free = [0.0] * calls
    prepared: list[Bar] = []
    trained: list[Bar] = []
    for batch in range(batches):
        asked = trained[-1].end if trained else 0.0
        may_begin = asked
        if ahead > 0:
            may_begin = trained[batch - ahead].start if batch >= ahead else 0.0
        lane = free.index(min(free))
        begun = max(may_begin, free[lane])
        free[lane] = begun + prepare
        prepared.append(Bar(batch, lane, begun, free[lane]))
        taken = max(asked, free[lane])
        trained.append(Bar(batch, 0, taken, taken + train))
    return Timeline(prepared, trained)


def duration(name: str, value: float) -> float:
    """Return a time, which must be 0 or more and finite."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"`{name}` must be a number. Received {name}={show(value)}.")
    if not 0 <= value < float("inf"):
        raise ValueError(
            f"`{name}` must be a finite time of 0 or more. Received {name}={show(value)}."
        )
    return float(value)
