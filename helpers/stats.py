"""Differences between settings, and how much of them chance could have made."""

import functools
from typing import Any, NamedTuple

import numpy as np

from helpers.arguments import array, integer


@functools.cache
def quantile(freedom: float) -> float:
    """Return where Student's t with these degrees of freedom has 97.5 % below it."""
    from scipy import stats

    return float(stats.t.ppf(0.975, freedom))


class Difference(NamedTuple):
    """The mean of paired differences, its standard error, and a 95 % interval around it."""

    mean: float
    standard_error: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval leaves zero out: chance alone seldom makes such a difference."""
        return self.low > 0 or self.high < 0


def paired_difference(first: Any, second: Any) -> Difference:
    """Compare two settings that were trained from the same seeds: first minus second.

    Args:
        first: One result for each seed, `(seeds,)`, two or more.
        second: The results of the other setting for the same seeds, in the same order.

    Returns:
        The mean difference, its standard error (standard deviation of the differences / √seeds)
        and the interval of Student's t, which holds the true mean difference in 95 of 100 cases.

    Raises:
        TypeError: where an argument does not hold real numbers.
        ValueError: where the arguments differ in length or have fewer than two numbers.

    Source of the interval: Student 1908, "The probable error of a mean", Biometrika 6.

    Examples:
        >>> found = paired_difference([5.0, 6.0, 7.0], [4.0, 5.5, 5.5])
        >>> round(found.mean, 2), round(found.standard_error, 2), found.excludes_zero
        (1.0, 0.29, False)

    """
    a = array("first", first, dimensions=(1,)).astype(float)
    b = array("second", second, dimensions=(1,)).astype(float)
    if len(a) != len(b) or len(a) < 2:
        raise ValueError(
            "`first` and `second` must hold one number for each of the same seeds, two or more. "
            f"Received {len(a)} and {len(b)} numbers."
        )
    differences = a - b
    mean = float(differences.mean())
    error = float(differences.std(ddof=1) / np.sqrt(len(differences)))
    reach = quantile(len(differences) - 1) * error
    return Difference(mean, error, mean - reach, mean + reach)


def crossed_difference(first: Any, second: Any) -> Difference:
    """Compare two settings over seeds and over examples: first minus second.

    The networks of all seeds are judged on the same examples, and both are a sample. The squares
    of two standard errors are added: that of the seeds' means and that of the examples' means.
    `paired_difference` of the seeds' means has the first only. For few seeds the interval of
    Student's t is wider than that of `bootstrap_difference`, which takes the spread of five seeds
    for the true one.

    Args:
        first: One result for each seed and each example, `(seeds, examples)`, such as 100 where a
            digit is misclassified and 0 where not, or the mean losses of blocks of digits.
        second: The same for the other setting; row by row the same seeds.

    Returns:
        The mean difference in the unit of the arguments, its standard error and a 95 % interval.

    Raises:
        TypeError: where an argument does not hold real numbers.
        ValueError: where the shapes differ, or there are fewer than two seeds or examples.

    Sources: Cameron, Gelbach and Miller 2011, "Robust inference with multiway clustering", Journal
    of Business & Economic Statistics 29; what they subtract, the variance of single answers, is
    left in, so the interval is a little too wide. Degrees of freedom: Welch 1947, Biometrika 34.

    Examples:
        >>> random = np.random.default_rng(0)
        >>> worse, better = random.random((5, 1000)) < 0.06, random.random((5, 1000)) < 0.02
        >>> found = crossed_difference(100 * worse, 100 * better)
        >>> round(found.mean, 1), found.excludes_zero
        (4.4, True)

    """
    a, b = crossed(first, second)
    apart = a - b
    means = apart.mean(axis=1), apart.mean(axis=0)
    squares = np.array([each.var(ddof=1) / len(each) for each in means])
    mean, error = float(apart.mean()), float(np.sqrt(squares.sum()))
    if not error:
        return Difference(mean, 0.0, mean, mean)
    freedom = squares.sum() ** 2 / (squares**2 / (np.array(apart.shape) - 1)).sum()
    reach = quantile(float(freedom)) * error
    return Difference(mean, error, mean - reach, mean + reach)


def crossed(first: Any, second: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return two arrays `(seeds, examples)` as numbers, if they have the same shape."""
    a = array("first", first, dimensions=(2,)).astype(float)
    b = array("second", second, dimensions=(2,)).astype(float)
    if a.shape != b.shape or min(a.shape) < 2:
        raise ValueError(
            "`first` and `second` must hold the same seeds and examples, two or more of each. "
            f"Received shapes {a.shape} and {b.shape}."
        )
    return a, b


def bootstrap_difference(first: Any, second: Any, draws: int = 2000) -> Difference:
    """Compare two settings that were judged on the same examples: first minus second, in percent.

    Both the seeds and the examples are a sample, so both are drawn anew, with replacement: the
    interval covers other random starts and other examples of the same kind. `paired_difference`
    of the seeds' means covers the first only.

    Args:
        first: `(seeds, examples)`, whether each network misclassifies each example.
        second: The same for the other setting; row by row the same seeds.
        draws: How often seeds and examples are drawn, 100 to 10,000.

    Returns:
        The difference of the error rates in percent, the standard deviation of the draws, and the
        interval between their 2.5 % and 97.5 % quantiles.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where the shapes differ, or there are fewer than two seeds or examples.

    Source: Owen 2007, "The pigeonhole bootstrap", Annals of Applied Statistics 1; the interval is
    a little too wide, not too narrow, where seeds and examples act together.

    Examples:
        >>> random = np.random.default_rng(0)
        >>> worse, better = random.random((5, 1000)) < 0.06, random.random((5, 1000)) < 0.02
        >>> bootstrap_difference(worse, better).excludes_zero
        True

    """
    a, b = crossed(first, second)
    apart = 100 * (a - b)
    seeds, examples = apart.shape
    random = np.random.default_rng(0)
    found = np.empty(integer("draws", draws, 100, 10_000))
    for place in range(len(found)):
        drawn = apart[random.integers(0, seeds, seeds)].mean(axis=0)
        found[place] = drawn[random.integers(0, examples, examples)].mean()
    low, high = np.quantile(found, [0.025, 0.975])
    return Difference(float(apart.mean()), float(found.std(ddof=1)), float(low), float(high))
