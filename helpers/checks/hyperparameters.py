"""Exercises of notebook 08, Search hyper-parameters without fooling yourself."""

from typing import Any

import numpy as np

from helpers.arguments import show
from helpers.checks.engine import Notebook, Wrong, compare, predict_number, run

notebook = Notebook("08_hyperparameters")


@notebook.exercise(
    "a function that returns the standard error of the mean difference",
    "First the difference for each seed; then their spread.",
    "`.std(ddof=1)` is the spread of single differences.",
    "The mean of n differences is more certain by the factor √n.",
)
def paired_error(function: Any) -> str:
    """Compare with the formula, and name the usual slips."""
    random = np.random.default_rng(8)
    for seeds in (5, 3, 12):
        common = random.normal(5, 1, seeds)
        first, second = common + random.normal(0, 0.2, seeds), common - 0.5
        differences = first - second
        found = run(function, first, second)
        called = f"for {seeds} seeds"
        root = np.sqrt(seeds)
        slips = [
            (differences.std() / root, "its spread divides by n: with `ddof=1` it divides by "
             "n − 1"),
            (differences.std(ddof=1), "it gives the spread of single differences: divide by √n"),
            (differences.std(ddof=1) / seeds, "divide by the root of n, not by n"),
            (np.sqrt((first.var(ddof=1) + second.var(ddof=1)) / seeds), "it forgets the pairs: "
             "take the difference for each seed first, then its spread"),
            (differences.mean(), "it gives the mean difference, not how uncertain that is"),
            (differences.var(ddof=1) / seeds, "the root is missing"),
        ]  # fmt: skip
        compare(found, differences.std(ddof=1) / root, called, slips)
    return "What both settings share in a seed falls out of the difference."


@notebook.exercise(
    "the letters of the differences that are more than chance, in quotes",
    "What counts is the mean against its standard error, not the mean alone.",
    "With five seeds the interval reaches 2.78 standard errors to both sides of the mean.",
    "Call `paired_difference(values, np.zeros(5))` for each of them.",
)
def real(answer: Any) -> str:
    """Judge which of four differences are more than chance."""
    if isinstance(answer, str):
        letters = answer
    elif isinstance(answer, list | tuple | set) and all(isinstance(x, str) for x in answer):
        letters = "".join(answer)
    else:
        raise Wrong(f"the letters are asked for, in quotes, such as 'AC'. Received {show(answer)}.")
    chosen = {letter for letter in letters.upper() if letter not in " ,;"}
    if not chosen or chosen - set("ABCD"):
        raise Wrong(f"letters from A to D are asked for, in quotes. Received {show(answer)}.")
    if chosen == {"B", "D"}:
        return "B is small but each seed agrees; D is large against its spread."
    if "A" in chosen:
        raise Wrong("the mean of A is 0.6, but its seeds run from −0.9 to 2.1: zero fits as well.")
    if "C" in chosen:
        raise Wrong(
            "the mean of C is 0.44 with a standard error of 0.21: for five seeds the interval "
            "reaches 2.78 standard errors to both sides, and holds zero."
        )
    if "B" not in chosen:
        raise Wrong("B is small, but look at its spread: it is smaller still.")
    raise Wrong("D is missing: its mean is 1.04, its standard error 0.14.")


trainings = notebook.prediction(
    "trainings",
    "the number of trainings",
    predict_number(
        6 * 4 * 3 * 5,
        {
            72: "each of the 72 settings is trained from five seeds.",
            18: "every value is combined with every other: multiply instead of adding.",
            65: "every value is combined with every other: multiply before you count the seeds.",
            13: "every value is combined with every other: multiply instead of adding.",
            120: "the three depths are missing.",
            0: "each setting is trained.",
        },
        "6 · 4 · 3 settings with five seeds each: 360 trainings.",
        "How many settings has the grid, and how many trainings has each setting?",
    ),
    [
        "A grid combines every value with every other one.",
        "That makes 6 · 4 · 3 settings; each is trained from five seeds.",
    ],
)


@notebook.exercise(
    "a function that draws numbers whose logarithms are spread evenly",
    "`random.uniform(a, b, number)` spreads numbers evenly between a and b.",
    "Spread the logarithms evenly, from log(low) to log(high).",
    "Undo the logarithm at the end: `np.exp` undoes `np.log`.",
)
def log_uniform(function: Any) -> str:
    """Look at where many samples lie, and name the usual slips."""
    for seed, low, high in ((0, 1e-4, 1e-1), (1, 2.0, 50.0), (2, 1e-6, 1e-5)):
        number = 2000
        found = run(function, np.random.default_rng(seed), low, high, number)
        called = f"for {number:,} samples from {low:g} to {high:g}"
        if isinstance(found, str) or callable(found):
            raise Wrong(f"{called} it should return numbers. It returned {show(found)}.")
        samples = np.asarray(found)
        if samples.dtype.kind not in "iuf":
            raise Wrong(f"{called} it should return numbers. It returned {show(found)}.")
        if samples.shape != (number,):
            raise Wrong(f"{called} the shape should be ({number},). It is {samples.shape}.")
        if not np.isfinite(samples).all():
            raise Wrong(f"{called} some samples are no finite numbers.")
        if samples.min() < low * 0.999 or samples.max() > high * 1.001:
            raise Wrong(
                f"{called} they lie between {samples.min():.3g} and {samples.max():.3g}: take the "
                "logarithm of both ends first, and undo it with the same base at the end."
            )
        shares = np.sort(np.log(samples / low) / np.log(high / low))
        # The largest distance between the shares and evenly spread ones; chance stays below 0.05.
        distance = np.abs(shares - (np.arange(number) + 0.5) / number).max()
        if distance > 0.05:
            middle = np.sqrt(low * high)
            raise Wrong(
                f"{called} {np.mean(samples > middle):.0%} lie above {middle:.2g}, the middle of "
                "the factors: it should be half of them. Draw the logarithms evenly."
            )
        if len(np.unique(samples)) < number // 2 or (np.diff(samples) >= 0).all():
            raise Wrong(f"{called} the samples are no random ones: use the generator.")
    return "Each power of ten gets the same share of the samples."


@notebook.exercise(
    "a function that chooses by the validation digits and opens the test set once",
    "`min(candidates, key=function)` gives the candidate with the smallest value.",
    "Which of the two functions may play a part in the choice?",
    "Choose with `error_on_validation`, then call `error_on_test` for the chosen one only.",
)
def choose(function: Any) -> str:
    """Offer candidates whose test errors mislead, and count how often the test set is opened."""
    cases = (
        ({"a": 5.0, "b": 3.0, "c": 4.0}, {"a": 6.5, "b": 6.0, "c": 2.0}),
        ({"x": 1.0, "y": 9.0}, {"x": 4.0, "y": 3.5}),
        ({"p": 8.0, "q": 7.0, "r": 6.0, "s": 6.5}, {"p": 5.0, "q": 4.0, "r": 9.0, "s": 1.0}),
    )
    for validation, test in cases:
        opened: list[str] = []

        def error_on_test(candidate, test=test, opened=opened):
            opened.append(candidate)
            return test[candidate]

        found = run(function, list(validation), validation.__getitem__, error_on_test)
        best = min(validation, key=validation.get)
        called = f"with {len(validation)} candidates"
        if not isinstance(found, tuple | list) or len(found) != 2:
            raise Wrong("a pair is asked for: the chosen candidate and its error on the test set.")
        chosen, error = found
        if not isinstance(chosen, str) or chosen not in validation:
            raise Wrong(f"{called} it should choose one of them. It chose {show(chosen)}.")
        if chosen != best and chosen == min(test, key=test.get):
            raise Wrong(f"{called} it still chooses by the test set.")
        if chosen != best:
            raise Wrong(f"{called} it does not choose the lowest error on the validation digits.")
        if not opened:
            raise Wrong(f"{called} it never opens the test set: judge the chosen candidate by it.")
        compare(error, test[best], f"{called} as the error on the test set")
        if len(opened) > 1:
            raise Wrong(
                f"{called} it opens the test set {len(opened)} times: once is enough, after the "
                "choice."
            )
    return "The validation digits choose, the test set judges, once."


__all__ = ["choose", "log_uniform", "paired_error", "real", "trainings"]
