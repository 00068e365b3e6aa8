"""Names of countries and languages in six languages, letter by letter."""

from typing import NamedTuple

import numpy as np

from helpers.arguments import show
from helpers.datasets.records import load_record

ALPHABET = " abcdefghijklmnopqrstuvwxyz"
NAME_LENGTH = 26


class Names(NamedTuple):
    """Names of countries and languages, each written in one of six languages.

    Attributes:
        train, test: Names in small letters a to z and spaces. What a country or language is
            called in all of the six stands in the same part, and so do names of one language
            that share a word of four letters or more.
        train_labels, test_labels: The language of each, as its place in `languages`.
        languages: The six languages.

    """

    train: list[str]
    train_labels: np.ndarray
    test: list[str]
    test_labels: np.ndarray
    languages: list[str]


def load_names() -> Names:
    """Load the names that the course ships, taken from the Unicode CLDR.

    Returns:
        The names in two parts, with their languages; see `Names`.

    Raises:
        DataError: where the file is missing or damaged.

    Examples:
        >>> names = load_names()
        >>> names.languages
        ['English', 'Finnish', 'French', 'German', 'Italian', 'Spanish']

    """
    record = load_record("sequences_names")
    languages = list(record["train"])
    parts = []
    for part in ("train", "test"):
        rows = [(name, place) for place, key in enumerate(languages) for name in record[part][key]]
        parts += [[name for name, _ in rows], np.array([place for _, place in rows])]
    return Names(*parts, languages)


def one_hot(names: list[str]) -> np.ndarray:
    """Turn names into sequences with one channel for each letter.

    A space is put before and after each name, so that its beginning and its end can be seen.
    Names end at the last place; the places before them hold zeros only.

    Args:
        names: Strings of small letters a to z and spaces, at most 24 long.

    Returns:
        `(number, 26, 27)`, float32: a 1 in the channel of the letter at each place.

    Raises:
        TypeError: where `names` is no sequence of strings.
        ValueError: where a name is too long or holds another character.

    Examples:
        >>> one_hot(["peru"])[0, -6:].argmax(axis=-1)
        array([ 0, 16,  5, 18, 21,  0])

    """
    if isinstance(names, str) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"`names` must be a sequence of strings. Received names={show(names)}.")
    result = np.zeros((len(names), NAME_LENGTH, len(ALPHABET)), np.float32)
    for row, name in zip(result, names, strict=True):
        if len(name) > NAME_LENGTH - 2 or set(name) - set(ALPHABET):
            raise ValueError(
                f"`names` must be at most {NAME_LENGTH - 2} small letters a to z and spaces long. "
                f"Received {show(name)}."
            )
        letters = [ALPHABET.index(letter) for letter in f" {name} "]
        row[-len(letters) :][np.arange(len(letters)), letters] = 1
    return result
