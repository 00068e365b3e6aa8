"""The explorers of notebook 11 and the simulation behind it, without a browser."""

import itertools

import numpy as np
import pytest

from helpers import explore
from helpers.datasets.records import load_record
from helpers.explore.scaling import batch_rates, replicas
from helpers.stats import paired_difference
from helpers.training.pipeline_simulation import simulate

TIMES = (5, 20, 35, 60)
MAP = load_record("scaling")


@pytest.mark.parametrize(("prepare", "train"), list(itertools.product(TIMES, TIMES)))
def test_the_simulation_has_the_closed_forms(prepare, train):
    batches = 12
    assert simulate(batches, prepare, train).total == batches * (prepare + train)
    ahead = simulate(batches, prepare, train, prefetch=True)
    longer, shorter = max(prepare, train), min(prepare, train)
    assert ahead.total == batches * longer + shorter
    assert simulate(batches, 0, train, prefetch=True).total == batches * train
    for calls in (2, 3, 4):
        for prefetch in (False, True):
            many = simulate(batches, prepare, train, calls, prefetch)
            if prepare <= calls * train:
                assert many.total == prepare + batches * train
            else:
                assert many.total == batches / calls * prepare + calls * train


@pytest.mark.parametrize("calls", [1, 2, 4])
@pytest.mark.parametrize("prefetch", [False, True])
def test_nobody_does_two_things_at_once(calls, prefetch):
    found = simulate(10, 30, 20, calls, prefetch)
    assert found.waited == pytest.approx(found.total - 10 * 20)
    for before, after in itertools.pairwise(found.trained):
        assert after.start >= before.end
    for lane in range(calls):
        bars = [bar for bar in found.prepared if bar.lane == lane]
        for before, after in itertools.pairwise(bars):
            assert after.start >= before.end
    for ready, used in zip(found.prepared, found.trained, strict=True):
        assert used.start >= ready.end
        assert used.batch == ready.batch
    ahead = (calls if calls > 1 else 0) + (2 if prefetch else 0)
    for bar in found.prepared:
        taken = [used for used in found.trained if used.start <= bar.start]
        assert bar.batch - len(taken) < max(ahead, 1)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [((0, 1, 1), "batches"), ((2.0, 1, 1), "batches"), ((2, -1, 1), "prepare"),
     ((2, 1, float("inf")), "train"), ((2, "1", 1), "prepare"), ((2, True, 1), "prepare"),
     ((2, 1, 1, 0), "calls")],
)  # fmt: skip
def test_the_simulation_refuses(arguments, name):
    with pytest.raises((TypeError, ValueError), match=f"`{name}` must"):
        simulate(*arguments)


def test_the_words_say_what_was_simulated():
    explorer = explore.pipeline()
    for prepare, train, calls in itertools.product((5, 30, 60), (5, 20, 60), (1, 2, 4)):
        for prefetch, cache in itertools.product(("off", "on"), repeat=2):
            settings = {"prepare": prepare, "train": train, "calls": calls}
            explorer.set(**settings, prefetch=prefetch, cache=cache)
            first = simulate(8, prepare, train, calls, prefetch == "on")
            assert f"First epoch: {first.total:.0f} ms" in repr(explorer)
            assert f"waits {first.waited:.0f}. Second" in repr(explorer)
            second = 8 * train if cache == "on" else first.total
            assert f"Second epoch: {second:.0f} ms" in repr(explorer)
    assert explorer.trouble.value == ""


def test_the_words_name_the_bottleneck():
    explorer = explore.pipeline()
    assert "Nothing overlaps: a step takes 30 + 20 = 50 ms." in repr(explorer)
    explorer.set(prefetch="on")
    assert "The input is the bottleneck: a step takes 30 ms" in repr(explorer)
    explorer.set(calls=2)
    assert "The training is the bottleneck: a step takes 20 ms" in repr(explorer)
    explorer.set(prepare=40)
    assert "Both keep pace: a step takes 20 ms." in repr(explorer)
    explorer.set(cache="on")
    assert "From the second epoch on nothing is prepared: a step takes 20 ms." in repr(explorer)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [((4,), "prepare"), ((61,), "prepare"), ((30, 4), "train"), ((30, 20.0), "train"),
     (("30",), "prepare")],
)  # fmt: skip
def test_the_pipeline_refuses(arguments, name):
    with pytest.raises((TypeError, ValueError), match=f"`{name}` must"):
        explore.pipeline(*arguments)


def test_any_allowed_number_can_be_the_start():
    assert explore.pipeline(7, 59).settings()["train"] == 59


@pytest.mark.parametrize("split", replicas.SPLITS)
def test_divided_by_all_images_the_parts_give_the_whole(split):
    explorer = explore.replicas()
    for images, number in itertools.product(range(4, 13), range(1, 5)):
        sizes = replicas.sizes_of(images, number, split)
        assert sum(sizes) == images
        assert min(sizes) >= 1
        explorer.set(images=images, replicas=number, split=split, rule="all images")
        assert repr(explorer).endswith("They are equal.")
        explorer.set(rule="its own images")
        equal = len(set(sizes)) == 1 or same_by_chance(images, sizes)
        assert repr(explorer).endswith("They are equal.") == equal
    assert explorer.trouble.value == ""


def same_by_chance(images, sizes):
    """Tell whether the mean of the means happens to be the mean."""
    batch = np.array(replicas.GRADIENTS[:images], float)
    parts = np.split(batch, np.cumsum(sizes)[:-1])
    return np.isclose(np.mean([part.mean() for part in parts]), batch.mean())


def test_the_numbers_of_the_replicas():
    explorer = explore.replicas([1, 2, 3, 6])
    explorer.set(split="uneven")
    assert "4 images on 2 replicas (3, 1)" in repr(explorer)
    assert "They return 1.5, 1.5; added up, this is 3. The whole batch gives 3." in repr(explorer)
    explorer.set(rule="its own images")
    assert "They return 2, 6; averaged, this is 4. The whole batch gives 3." in repr(explorer)
    assert "They differ by 1." in repr(explorer)


@pytest.mark.parametrize("bad", [[1, 2, 3], list(range(13)), "1234", [[1, 2], [3, 4]]])
def test_the_replicas_refuse(bad):
    with pytest.raises((TypeError, ValueError), match="`gradients` must"):
        explore.replicas(bad)


def column(size, steps):
    """Return rates and errors `(rates, seeds)` of one batch size, straight from the record."""
    cells = [cell for cell in MAP["cells"] if cell["batch_size"] == size]
    return [cell["learning_rate"] for cell in cells], np.array(
        [cell["errors"][str(steps)] for cell in cells]
    )


@pytest.mark.parametrize("after", batch_rates.AFTER)
def test_the_words_are_those_of_the_map(after):
    explorer = explore.batch_rates()
    number = int(after.split()[0].replace(",", ""))
    base = None
    for size in MAP["batch_sizes"]:
        steps = number if "steps" in after else number // size
        rates, errors = column(size, steps)
        best = errors.mean(axis=1).argmin()
        explorer.set(batch=str(size), after=after)
        said = repr(explorer)
        mean = errors[best].mean()
        assert f"after {after}: the lowest mean error is {mean:.1f} %, at the rate" in said
        assert f"at the rate {rates[best]:g}. The seeds" in said
        alike = [
            f"{rate:g}"
            for place, rate in enumerate(rates)
            if place != best and not paired_difference(errors[place], errors[best]).excludes_zero
        ]
        if alike:
            assert f"The seeds cannot tell it from {', '.join(alike)}." in said
        else:
            assert "The seeds tell it from every other rate." in said
        if base is None:
            base = rates[best]
            assert f"Both rules begin here, at {base:g}." in said
        else:
            times = size / MAP["batch_sizes"][0]
            root, linear = (
                f"{rate:.2g}" + ", beyond the map" * (rate > MAP["learning_rates"][-1])
                for rate in (base * times**0.5, base * times)
            )
            told = f"the square-root rule leads to {root}, the linear rule to {linear}."
            assert told in said
    assert explorer.trouble.value == ""


def test_a_rule_beyond_the_map_stands_at_its_edge():
    cells = [
        {"learning_rate": rate, "batch_size": size, "errors": {
            "256": [error, error + 1], "64": [3, 4], "16": [3, 4]}}
        for rate, error in ((0.1, 9), (1.0, 4)) for size in (16, 256)
    ]  # fmt: skip
    record = {"learning_rates": [0.1, 1.0], "batch_sizes": [16, 256], "cells": cells}
    explorer = explore.batch_rates(record)
    assert "leads to 4, beyond the map, the linear rule to 16, beyond the map." in repr(explorer)
    assert explorer.trouble.value == ""


def test_the_map_must_be_whole():
    with pytest.raises(ValueError, match="`record` must hold one cell for each"):
        explore.batch_rates({**MAP, "cells": MAP["cells"][:-1]})
