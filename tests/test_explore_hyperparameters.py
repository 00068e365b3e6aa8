"""The explorers of notebook 08 without a browser, and the numbers that stand behind them."""

import base64
import dataclasses

import numpy as np
import pytest

from helpers import explore, stats
from helpers.datasets import records
from helpers.datasets.records import load_record
from helpers.explore import layout
from helpers.explore.groups import flag_rows
from helpers.explore.hyperparameters import architectures, search_grid, search_study
from helpers.explore.hyperparameters.range_test import smooth, steepest
from helpers.explore.hyperparameters.winners_curse import Draws
from helpers.explore.marks import Line, Points, apart
from helpers.stats import bootstrap_difference, crossed_difference, paired_difference

GRID = load_record("hyperparameters_grid")
STUDY = load_record("hyperparameters_study")


def signed(value):
    """Write a number with its sign and two decimals, as explorers do."""
    return f"{value:+.2f}".replace("-", "−")


def test_paired_differences_are_those_of_scipy():
    from scipy import stats

    random = np.random.default_rng(0)
    for seeds in (2, 3, 5, 30):
        first, second = random.normal(5, 1, (2, seeds))
        found = paired_difference(first, second)
        wanted = stats.ttest_rel(first, second)
        interval = wanted.confidence_interval(0.95)
        assert found.mean == pytest.approx((first - second).mean())
        assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
        assert found.excludes_zero == (wanted.pvalue < 0.05)
        assert found.standard_error == pytest.approx(found.mean / wanted.statistic)


def test_a_difference_without_spread_is_real_unless_it_is_zero():
    assert paired_difference([2.0, 3.0], [1.0, 2.0]).excludes_zero
    assert not paired_difference([2.0, 3.0], [2.0, 3.0]).excludes_zero


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([1], [2]),
        ([1, 2], [1, 2, 3]),
        ([1, np.nan], [1, 2]),
        ("ab", [1, 2]),
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
    ],
)
def test_paired_differences_refuse(first, second):
    with pytest.raises((TypeError, ValueError), match="`first`"):
        paired_difference(first, second)
    assert stats.quantile(4) == pytest.approx(2.776, abs=1e-3)


def test_the_bootstrap_draws_digits_and_seeds():
    random = np.random.default_rng(0)
    # The same in each seed: only the digits are left to chance.
    first, second = np.repeat(random.random((2, 1, 2000)) < [[[0.05]], [[0.02]]], 5, axis=1)
    found = bootstrap_difference(first, second)
    apart = 100 * (first[0].astype(float) - second[0])
    assert found.mean == pytest.approx(apart.mean())
    assert found.standard_error == pytest.approx(apart.std() / np.sqrt(2000), rel=0.06)
    assert found.high - found.low == pytest.approx(3.92 * found.standard_error, rel=0.08)
    # The same for each digit: only the seeds are.
    first, second = np.repeat(random.random((2, 40, 1)) < 0.5, 50, axis=2)
    found = bootstrap_difference(first, second)
    means = 100 * (first.astype(float) - second).mean(axis=1)
    assert found.standard_error == pytest.approx(means.std() / np.sqrt(40), rel=0.06)


def test_the_interval_of_the_bootstrap_holds_the_truth_where_that_is_zero():
    random, held = np.random.default_rng(1), 0
    for _ in range(60):
        hard = random.gamma(0.2, 0.3, 300)  # Some digits are hard for all networks.
        skill = random.normal(1, 0.3, (2, 8, 1))
        found = bootstrap_difference(*(random.random((2, 8, 300)) < hard * skill), draws=200)
        held += not found.excludes_zero
    assert held >= 54


def crossed_held(seeds: float, digits: float, count: int = 400) -> tuple[float, float]:
    """Return how often two intervals hold a true zero: over seeds and digits, and over seeds."""
    random, held = np.random.default_rng(2), np.zeros(2)
    for _ in range(count):
        luck = random.normal(0, seeds, (5, 1)) + random.normal(0, digits, (1, 300))
        apart = luck + random.normal(0, 1, (5, 300))
        none = np.zeros_like(apart)
        found = crossed_difference(apart, none), paired_difference(apart.mean(axis=1), none[:, 0])
        held += [not each.excludes_zero for each in found]
    return tuple(held / count)


@pytest.mark.parametrize(
    ("seeds", "digits", "over_seeds"),
    [(1.0, 0.1, (0.92, 0.98)), (0.05, 1.0, (0.5, 0.85)), (0.0, 0.0, (0.92, 0.98))],
)
def test_the_interval_over_seeds_and_digits_holds_the_truth(seeds, digits, over_seeds):
    both, alone = crossed_held(seeds, digits)
    assert both > 0.92
    assert over_seeds[0] < alone < over_seeds[1]


def test_the_interval_over_seeds_and_digits_is_welch_s():
    from scipy.stats import ttest_ind

    random = np.random.default_rng(0)
    apart = random.normal(size=(5, 40))
    found = crossed_difference(apart, 0 * apart)
    # Welch's test of the two lists of means has the same two squares and degrees of freedom.
    same = ttest_ind(apart.mean(axis=1), apart.mean(axis=0) - 7, equal_var=False)
    wanted = np.ptp(same.confidence_interval(0.95)) / 2
    assert (found.mean - found.low, found.high - found.mean) == pytest.approx((wanted, wanted))
    assert crossed_difference(np.ones((2, 3)), np.zeros((2, 3))) == (1, 0, 1, 1)


@pytest.mark.parametrize("compare", [bootstrap_difference, crossed_difference])
@pytest.mark.parametrize(
    ("first", "second"), [(np.ones((1, 5)), np.ones((1, 5))), (np.ones((2, 5)), np.ones((2, 4)))]
)
def test_the_intervals_over_both_refuse(first, second, compare):
    with pytest.raises(ValueError, match="the same seeds and examples"):
        compare(first, second)


def test_the_map_tells_what_the_record_says():
    explorer = explore.search_grid()
    for rate, value in enumerate(GRID["learning_rates"]):
        for batch, size in enumerate(GRID["batch_sizes"]):
            cell = GRID["cells"][rate * len(GRID["batch_sizes"]) + batch]
            assert (cell["learning_rate"], cell["batch_size"]) == (value, size)
            for judged, kind in search_grid.KINDS.items():
                explorer.set(rate=rate, batch=batch, judged=judged)
                words = repr(explorer)
                assert f"Learning rate {value:g}, batch size {size}:" in words
                assert f"mean error {np.mean(cell[kind]):.2f} % of the {judged}" in words
                assert f"standard deviation {np.std(cell[kind], ddof=1):.2f}" in words


def test_the_map_compares_with_the_best_seed_by_seed():
    errors = search_grid.results(GRID, "errors")
    best = np.unravel_index(errors.mean(axis=2).argmin(), errors.shape[:2])
    explorer = explore.search_grid()
    alike = 0
    for place in np.ndindex(errors.shape[:2]):
        explorer.set(rate=place[0], batch=place[1])
        if place == best:
            assert "It has the best mean of all 20 cells." in repr(explorer)
            continue
        found = paired_difference(errors[place], errors[best])
        alike += not found.excludes_zero
        assert f"difference is {signed(found.mean)} ±" in repr(explorer)
        assert ("more than chance makes" in repr(explorer)) == found.excludes_zero
    assert f"{alike} cells cannot be told from the best." in repr(explorer)


def test_the_map_refuses_a_record_with_holes():
    with pytest.raises(ValueError, match="`record` must hold one cell for each"):
        explore.search_grid({**GRID, "cells": GRID["cells"][:-1]})


def test_the_study_tells_each_trial():
    explorer = explore.search_study()
    states = {"complete": "complete", "pruned": "pruned", "fail": "lost with its process"}
    best = np.inf
    for place, trial in enumerate(STUDY["trials"], 1):
        explorer.set(trial=place)
        words = repr(explorer)
        if trial["state"] == "complete" and trial["errors"][-1] < best:
            best = trial["errors"][-1]
            assert "It is the best so far." in words
        elif best < np.inf:
            assert f"Best so far: {best:.2f} %." in words
        assert states[trial["state"]] in words
        pruned = sum(t["state"] == "pruned" for t in STUDY["trials"][:place])
        assert f"Pruned until here: {pruned}." in words
    winner = next(t for t in STUDY["trials"] if t["number"] == STUDY["best_trial"])
    assert winner["errors"][-1] == best


def test_a_trial_without_an_error_is_given_none(written):
    number = next(n for n, trial in enumerate(STUDY["trials"], 1) if not trial["errors"])
    explorer = explore.search_study()
    written.clear()
    explorer.set(trial=number)
    said = "lost with its process before its first epoch ended, so it has no error."
    assert said in repr(explorer)
    above, coordinates, *_ = explorer.shown.panels
    history = above.panels[0]
    none = [mark for mark in history.marks if isinstance(mark, Points) and search_study.NONE in
            np.atleast_1d(mark.y)]  # fmt: skip
    assert [mark.shape for mark in none] == ["triangle", "open circle"]
    assert history.y.written()[search_study.NONE] == "none"
    assert search_study.HIGHEST < search_study.NONE < history.y.high
    lines = [len(mark.x) for mark in coordinates.marks if isinstance(mark, Line)]
    axes = len(search_study.COORDINATES)
    assert lines.count(axes - 1) == 2  # Once grey among all, once orange as the chosen one.
    assert lines.count(axes - 1) + lines.count(axes) == number + 2
    assert "none" in written
    assert any("lost before the first epoch ended" in text for text in written)
    explorer.set(trial=number - 1)
    assert "has no error" not in repr(explorer)


def test_the_median_is_that_of_the_complete_trials_before():
    ends = [("complete", [9.0, 4.0]), ("pruned", [99.0]), ("complete", [7.0, 6.0]),
            ("complete", [1.0, 1.0])]  # fmt: skip
    trials = [{"state": state, "errors": errors} for state, errors in ends]
    assert search_study.median_before(trials) == [8.0, 5.0]
    assert search_study.median_before(trials[:1]) == []


def test_the_study_refuses_an_empty_record():
    with pytest.raises(ValueError, match="`record` must hold at least one trial"):
        explore.search_study({"trials": []})


def packed(wrong):
    """Return a record of which digits each network misreads."""
    rows = [base64.b64encode(np.packbits(row).tobytes()).decode("ascii") for row in wrong]
    return {"held_out_digits": wrong.shape[1], "mistakes": rows}


def test_bits_come_back():
    wrong = np.random.default_rng(0).random((5, 203)) < 0.1
    assert (records.unpack_misclassified(packed(wrong)) == wrong).all()


def test_the_curse_is_that_of_equal_networks():
    wrong = np.random.default_rng(1).random((20, 6000)) < 0.05
    draws = Draws(wrong, [100, 3000])
    assert draws.chosen_by.shape == (2, 200, 20)
    # One network is not chosen, so nothing flatters it; of the best of 20, the error is about two
    # standard errors too low, and fresh digits bring it back to 5 %.
    assert abs(draws.curse[0, 0]) < 0.5
    standard_error = 100 * np.sqrt(0.05 * 0.95 / 100)
    assert 1.3 * standard_error < draws.curse[0, -1] < 2.3 * standard_error
    assert (np.diff(draws.curse[:, 1:], axis=0) < 0).all()


def test_the_curse_explorer_tells_the_winner():
    wrong = records.unpack_misclassified(load_record("hyperparameters_seeds"))
    explorer = explore.winners_curse()
    explorer.set(networks=7, size=2, draw=3)
    random = np.random.default_rng(0)
    for _ in range(3):
        order = random.permutation(wrong.shape[1])
    scores = 100 * wrong[:7, order[:400]].mean(axis=1)
    winner = scores.argmin()
    fresh = 100 * wrong[winner, order[wrong.shape[1] // 2 :]].mean()
    assert f"the winner has {scores[winner]:.2f} % errors on the 400 digits" in repr(explorer)
    assert f"and {fresh:.2f} % on fresh ones" in repr(explorer)


def test_each_curve_of_the_curse_is_labelled(written):
    explorer = explore.winners_curse()
    for size, digits in enumerate(("100", "200", "400", "800", "1,600", "3,000")):
        written.clear()
        explorer.set(networks=29, size=size)
        assert {"100", "200", "400", "800", "1,600", "3,000"} <= set(written)
        assert f"{digits} digits to choose by" in written
        assert "at the ends: digits to choose by" in written


def test_a_winner_as_good_as_it_looks_is_called_so():
    explorer = explore.winners_curse()
    explorer.set(networks=3, size=5, draw=1)
    assert "it looked as good as it is." in repr(explorer)


def test_the_curse_refuses_too_little():
    wrong = np.zeros((2, 300), bool)
    assert explore.winners_curse(packed(wrong)).controls["size"].max == 0
    for few in (wrong[:1], wrong[:, :199]):
        with pytest.raises(ValueError, match="`record` must hold at least 2 networks"):
            explore.winners_curse(packed(few))


def test_smoothing_keeps_means_and_ends():
    values = np.random.default_rng(0).normal(size=40)
    assert smooth(values, 1) == pytest.approx(values)
    curve = smooth(values, 5)
    assert curve[20] == pytest.approx(values[18:23].mean())
    assert curve[0] == pytest.approx(values[:3].mean())
    assert smooth(np.ones(7), 25) == pytest.approx(np.ones(7))


def test_the_range_test_finds_its_points():
    rates = np.geomspace(1e-4, 1, 81)
    losses = np.where(rates < 0.01, 2.0, 2.0 - np.log10(rates / 0.01))
    losses[70:] = 5.0
    assert rates[steepest(rates, losses)] > 0.01
    explorer = explore.range_test(rates, losses)
    explorer.set(step=1, smoothing=1)
    assert "at a learning rate of 0.0001 the loss of the batch is 2.00" in repr(explorer)
    fastest = rates[steepest(rates, losses)]
    assert (
        f"The smoothed curve falls fastest at {fastest:.2g}, is lowest at {rates[69]:.2g}, "
        "and ends at 5.00."
    ) in repr(explorer)
    assert "smoothed over 1 step 2.00" in repr(explorer)


def test_the_range_test_tells_what_lies_above_its_frame(written):
    rates, losses = np.geomspace(1e-4, 1, 40), np.linspace(2.3, 1, 40)
    assert "above the frame" not in repr(explore.range_test(rates, losses))
    assert not any("above the frame" in text for text in written)
    losses[-2:] = 50.0
    assert repr(explore.range_test(rates, losses)).endswith(
        "The losses of 2 batches lie above the frame."
    )
    assert "above the frame: drawn at its edge" in written


@pytest.mark.parametrize(("rates", "losses", "name"), [
    ([1, 2], [1, 2, 3], "rates"), ([2, 1], [1, 2], "rates"), ([0, 1], [1, 2], "rates"),
    ([1], [1], "rates"),
    ("ab", [1, 2], "rates"), ([1, 2], [1, np.inf], "losses"),
])  # fmt: skip
def test_the_range_test_refuses(rates, losses, name):
    with pytest.raises((TypeError, ValueError), match=f"`{name}`.* must"):
        explore.range_test(rates, losses)


@pytest.mark.parametrize("across", architectures.ACROSS)
def test_every_architecture_is_named_and_none_covers_another(across, marks, written):
    rows = load_record("hyperparameters_architectures")["architectures"]
    explorer = explore.architectures()
    written.clear()
    explorer.set(index=1, across=across)
    assert "groups that would cover each other are moved apart" in written
    chart = explorer.shown.panels.panels[0]
    (found,) = chart.marks
    assert set(found.texts) == {", ".join(map(str, architectures.sizes(row))) for row in rows}
    assert found.shapes.count("circle") == found.shapes.count("square") == 1
    assert found.shapes[0] == "circle"
    marks.clear()
    layout.render(dataclasses.replace(chart, keys=()))
    positions = sorted({mark["x"] for mark in marks})
    assert len(positions) == len(rows)
    assert np.diff(positions).min() > 16  # As wide as the line for a mean.


def test_places_are_moved_apart_as_little_as_needed():
    assert apart([0, 10, 20], 10) == pytest.approx([0, 10, 20])
    assert apart([0, 50, 51, 90], 11) == pytest.approx([0, 45, 56, 90])
    assert apart([5, 5, 5], 4) == pytest.approx([1, 5, 9])


def test_names_on_flags_leave_room_for_the_poles_to_their_right():
    wide = flag_rows(np.array([0.0, 18.0, 36.0]), ["2, 16, 3"] * 3)
    assert wide == [0, 1, 2]
    assert flag_rows(np.array([0.0, 200.0]), ["2, 16, 3"] * 2) == [0, 0]


def test_architectures_are_compared():
    rows = load_record("hyperparameters_architectures")["architectures"]
    compared = next(row for row in rows if architectures.sizes(row) == (2, 16, 3))
    explorer = explore.architectures()
    for index, row in enumerate(sorted(rows, key=lambda row: row["parameters"]), 1):
        explorer.set(index=index)
        assert f"{row['parameters']:,} parameters" in repr(explorer)
        if row is not compared:
            found = paired_difference(row["errors"], compared["errors"])
            assert f"difference is {signed(found.mean)} ±" in repr(explorer)
    with pytest.raises(ValueError, match="`record` must hold the architecture"):
        explore.architectures({"architectures": [row for row in rows if row is not compared]})


def test_finals_are_compared_over_as_many_seeds_as_are_asked_for():
    explorer = explore.seed_pairs()
    finals = STUDY["finals"]
    for seeds in (2, 3, 5):
        explorer.set(seeds=seeds, judged="test")
        found = paired_difference(finals["winner"]["test_errors"][:seeds],
                                  finals["default"]["test_errors"][:seeds])  # fmt: skip
        assert f"difference is {signed(found.mean)} ±" in repr(explorer)
        assert f"over {seeds} seeds" in repr(explorer)
    explorer.set(second="winner")
    assert "choose two different settings" in repr(explorer)
    with pytest.raises(ValueError, match="`record` must hold two settings"):
        explore.seed_pairs({"finals": {"default": finals["default"]}})


def test_the_grid_tries_fewer_values():
    explorer = explore.grid_or_random()
    for side in range(2, 8):
        explorer.set(side=side)
        assert f"{side**2} trials each. The grid tries {side} learning rates" in repr(explorer)
        assert f"tries {side**2}," in repr(explorer)
