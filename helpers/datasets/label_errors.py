"""Labels of MNIST's test set that human reviewers did not confirm.

Source: Northcutt, Athalye and Mueller 2021, "Pervasive Label Errors in Test Sets Destabilize
Machine Learning Benchmarks", arXiv:2103.14749. They had five people look at each of about a
hundred test digits that trained networks contradicted, and published the votes in the file
mturk/mnist_mturk.json of github.com/cleanlab/label-errors. For 15 of the digits fewer than three of
the five chose the given label; for the 72 of `CONFIRMED` three or more did. The remaining 13 are
digits that the networks had read as labelled.
"""

from typing import NamedTuple

SOURCE = "Northcutt, Athalye and Mueller 2021"


class Votes(NamedTuple):
    """How five reviewers voted on a digit: its label, the digit networks saw, or neither."""

    label: int
    guess: int
    for_label: int
    for_guess: int
    for_neither: int


# By the index of the digit in MNIST's test set.
MNIST_TEST = {
    947: Votes(8, 9, 0, 5, 0),
    1621: Votes(0, 6, 2, 3, 0),
    1901: Votes(9, 4, 2, 3, 0),
    2130: Votes(4, 9, 2, 2, 1),
    2462: Votes(2, 0, 0, 4, 1),
    2597: Votes(5, 3, 0, 4, 1),
    2654: Votes(6, 1, 0, 2, 3),
    3520: Votes(6, 4, 2, 0, 3),
    3558: Votes(5, 0, 1, 4, 0),
    5937: Votes(5, 3, 1, 3, 1),
    6651: Votes(0, 6, 0, 5, 0),
    6783: Votes(1, 6, 2, 3, 0),
    8527: Votes(4, 9, 2, 2, 1),
    9679: Votes(6, 3, 2, 0, 3),
    9729: Votes(5, 6, 2, 3, 0),
}


# Indices in MNIST's test set: networks contradicted these labels, too, and people confirmed them.
CONFIRMED = (
    247, 259, 321, 340, 445, 449, 582, 619, 717, 726, 740, 810, 1014, 1033, 1039, 1112, 1226, 1232,
    1299, 1393, 1530, 1681, 1709, 2035, 2043, 2109, 2135, 2182, 2293, 2406, 2896, 2921, 2927, 2939,
    3060, 3073, 3206, 3422, 3597, 3767, 3778, 3850, 3869, 3906, 4007, 4201, 4207, 4224, 4497, 4639,
    4783, 4823, 4860, 4874, 4880, 4956, 4978, 5887, 5955, 6505, 6572, 6576, 6597, 6625, 7434, 8094,
    8408, 9009, 9634, 9642, 9664, 9755,
)  # fmt: skip


def mnist_test_label_errors() -> dict[int, str]:
    """Say in words, by index in MNIST's test set, why a label is doubtful.

    Returns:
        15 sentences, each with its source.

    Examples:
        >>> mnist_test_label_errors()[947]  # doctest: +ELLIPSIS
        'The label is doubtful: of 5 people none saw the labelled 8, 5 a 9 (Northcutt...'

    """
    return {index: sentence(votes) for index, votes in MNIST_TEST.items()}


def sentence(votes: Votes) -> str:
    """Say how the reviewers voted."""
    neither = f", {votes.for_neither} neither" if votes.for_neither else ""
    return (
        f"The label is doubtful: of 5 people {votes.for_label or 'none'} saw the labelled "
        f"{votes.label}, {votes.for_guess or 'none'} a {votes.guess}{neither} ({SOURCE})."
    )
