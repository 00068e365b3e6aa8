"""Differences that are paired over seeds, and how much of them chance could have made."""

import functools
from typing import Any, NamedTuple

import numpy as np

from helpers.arguments import array


@functools.cache
def quantile(freedom: int) -> float:
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
