"""Exercises that answer: `checks.convolution.window_sum(answer)`, `.hint()`, `.solution()`.

One module for each notebook, under the topic in its file name: `checks.transfer` belongs to
`09_transfer.ipynb`. May import: all but `explore`.
`progress()` shows the score.

Examples:
    >>> from helpers import checks
    >>> checks.convolution.window_sum(...)
    Not attempted yet: the sum of the products of window and kernel.
    >>> checks.convolution.window_sum(10)
    Not yet: 10 is the sum of the window alone: multiply by the kernel first.

"""

from helpers.checks import (
    channels,
    convolution,
    hyperparameters,
    interpretation,
    output_size,
    regularization,
    scaling,
    sequences,
    training,
    transfer,
    translation,
    wrap_up,
)
from helpers.checks.progress import progress

__all__ = [
    "channels", "convolution", "hyperparameters", "interpretation", "output_size", "progress",
    "regularization", "scaling", "sequences", "training", "transfer", "translation", "wrap_up",
]  # fmt: skip
