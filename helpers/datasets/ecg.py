"""Sequences: heartbeats that the course makes by formula, and names in six languages.

The heartbeats are no person's. Each beat is a sum of bell curves, as in McSharry, Clifford,
Tarassenko and Smith 2003, "A dynamical model for generating synthetic electrocardiogram
signals", IEEE Transactions on Biomedical Engineering 50(3).
"""

from typing import Any

import numpy as np

from helpers.arguments import choice, integer

# Samples in a signal, beats in it, samples from beat to beat, and the spread of the noise.
LENGTH, BEATS, PERIOD, NOISE = 128, 6, 21, 0.1
QUESTIONS = ("wide", "half", "order")
# A row for each bell curve: samples from the middle of the beat, height, width in samples.
SHAPES = {
    "normal": np.array(
        [(-5, 0.12, 1.2), (-1.5, -0.15, 0.7), (0, 1, 0.7), (1.5, -0.25, 0.7), (6, 0.25, 1.8)]
    ),
    "wide": np.array([(0, 1, 2), (6, -0.45, 2.2)]),
}
SHAPES["upside down"] = SHAPES["normal"] * [1, -1, 1]


def beat(kind: str, samples: Any) -> np.ndarray:
    """Return the height of one heartbeat at `samples`, counted from its middle.

    Args:
        kind: `"normal"`, `"wide"` or `"upside down"`.
        samples: An array of times in samples, of any shape.

    Raises:
        TypeError: where `kind` is no string.
        ValueError: where there is no such kind.

    Source of the formula: McSharry and others 2003, equation 1, without its motion.

    Examples:
        >>> beat("normal", np.arange(-2, 3)).round(1)
        array([-0.1,  0.2,  1. ,  0.2, -0.2])

    """
    curves = SHAPES[choice("kind", kind, SHAPES)]
    times = np.asarray(samples, dtype=float)[..., None]
    return (curves[:, 1] * np.exp(-((times - curves[:, 0]) ** 2) / (2 * curves[:, 2] ** 2))).sum(-1)


def heart_trace(length: int = LENGTH, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Make one long trace of normal beats, with noise and a baseline that wanders.

    Args:
        length: Samples, 32 or more.
        seed: 0 or more; the same seed gives the same trace.

    Returns:
        The trace `(length,)`, float32, and the places of the middles of its beats, in samples.

    Raises:
        TypeError: where an argument is no integer.
        ValueError: where it is out of its range.

    Examples:
        >>> heart_trace(64)[1].round()
        array([ 8., 29., 51.])

    """
    length, random = integer("length", length, 32), np.random.default_rng(integer("seed", seed, 0))
    middles = 8 + np.cumsum(random.normal(PERIOD, 1.5, length // PERIOD + 2)) - PERIOD
    middles = middles[middles < length - 1]
    return draw_trace(length, middles, ["normal"] * len(middles), random), middles


def draw_trace(length: int, middles: np.ndarray, kinds: list[str], random) -> np.ndarray:
    """Add up beats, a slow wave and noise, in a strength that differs from trace to trace."""
    times = np.arange(length)
    beats = sum(beat(kind, times - middle) for kind, middle in zip(kinds, middles, strict=True))
    wave = np.sin(2 * np.pi * (times / random.uniform(60, 120) + random.uniform()))
    trace = random.uniform(0.8, 1.2) * beats + 0.25 * wave + random.normal(0, NOISE, length)
    return trace.astype(np.float32)


def heartbeats(number: int, question: str = "wide", seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Make signals of six heartbeats each, and for each one the answer to a question.

    Neither the first nor the last beat is ever an odd one, so that the edges tell nothing.

    Args:
        number: How many signals, 2 or more; half of the answers are 1.
        question: `"wide"`: is one of the beats wide? `"half"`: one is wide; does it lie in the
            first half? `"order"`: one is wide and one upside down, with another beat between
            them; does the wide one come first?
        seed: 0 or more; the same seed gives the same signals.

    Returns:
        Signals `(number, 128, 1)`, and answers `(number,)` of 0 and 1, both float32.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where it is out of its range.

    Examples:
        >>> signals, answers = heartbeats(10, "order")
        >>> signals.shape, answers.sum()
        ((10, 128, 1), np.float32(5.0))

    """
    number = integer("number", number, 2)
    place = QUESTIONS.index(choice("question", question, QUESTIONS))
    random = np.random.default_rng([integer("seed", seed, 0), place])
    answers = random.permutation(np.arange(number) % 2)
    signals = np.zeros((number, LENGTH, 1), np.float32)
    for signal, answer in zip(signals, answers, strict=True):
        steps = random.normal(PERIOD, 1.5, BEATS)
        middles = random.uniform(4, PERIOD - 4) + np.cumsum(steps) - PERIOD
        kinds = ["normal"] * BEATS
        inner = np.arange(1, BEATS - 1)
        if question == "wide" and answer:
            kinds[random.choice(inner)] = "wide"
        elif question == "half":
            kinds[random.choice(inner[(middles[inner] < LENGTH / 2) == answer])] = "wide"
        elif question == "order":
            pair = ((1, 3), (1, 4), (2, 4))[random.integers(3)]
            for beat_number, kind in zip(pair[:: 1 if answer else -1], ("wide", "upside down"),
                                         strict=True):  # fmt: skip
                kinds[beat_number] = kind
        signal[:, 0] = draw_trace(LENGTH, middles, kinds, random)
    return signals, answers.astype(np.float32)
