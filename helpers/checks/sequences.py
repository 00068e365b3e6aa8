"""Exercises of notebook 10, Convolve sequences."""

import functools
from typing import Any

import numpy as np

from helpers.checks.engine import (
    Notebook,
    Wrong,
    compare,
    predict_number,
    predict_numbers,
    run,
    weights,
)
from helpers.layers.conv import conv1d
from helpers.layers.shapes import receptive_field

notebook = Notebook("10_sequences")

lengths = notebook.prediction(
    "lengths",
    "three lengths: with valid, same and causal",
    predict_numbers(
        [8, 20, 20],
        {
            (16, 20, 20): "with valid the dilation counts: the kernel reaches over more than 5.",
            (20, 20, 8): "valid and causal are exchanged.",
            (8, 20, 8): "causal pads too: all of its zeros stand before the signal.",
            (8, 20, 32): "causal pads before the signal only, by what the kernel needs.",
            (5, 20, 20): "the reach is 3 · (5 − 1) + 1: a kernel of 5 has four gaps, not five.",
            (6, 20, 20): "the reach is 3 · (5 − 1) + 1: a kernel of 5 has four gaps, not five.",
            (7, 20, 20): "the first window counts, too: n − reach + 1.",
            (8, 7, 7): "with stride 1, same and causal keep the length.",
            (0, 0, 0): "there is room for at least one window.",
        },
        "The kernel reaches over 3 · (5 − 1) + 1 = 13 samples; 20 − 13 + 1 = 8.",
        "Over how many samples does a kernel of 5 with dilation rate 3 reach?",
    ),
    [
        "The weights lie three samples apart: five weights have four gaps.",
        "The kernel reaches over 3 · 4 + 1 = 13 samples. How many places has it on 20?",
        "Same and causal add 12 zeros; only where they stand differs.",
    ],
)


@notebook.exercise(
    "five weights, the outer two 0, that find narrow peaks",
    "For a constant signal to give 0, the weights must add up to 0.",
    "A filter that is the same from both ends gives 0 on a slope, if it does so on a constant.",
    "The middle one positive, its neighbours negative: 0, −1, 2, −1, 0.",
)
def design(answer: Any) -> str:
    """Judge a filter by what it does, not by what it is."""
    found = weights(answer, (5,), ": five numbers")
    if not found.any():
        raise Wrong("with nothing but zeros every output is 0, on peaks too.")
    even = float(conv1d(np.ones(5), found)[0])
    if not np.isclose(even, 0):
        raise Wrong(f"on a constant signal of 1 it gives {even:g}: let the sum be 0.")
    slope = float(conv1d(np.arange(5), found)[0])
    if not np.isclose(slope, 0):
        raise Wrong(f"on the slope 0, 1, 2, 3, 4 it gives {slope:g}: what rises left and right "
                    "of the middle must cancel.")  # fmt: skip
    if found[2] < 0:
        raise Wrong("on a peak it is below 0: turn the signs round.")
    if np.isclose(found[2], 0):
        raise Wrong("on a single sample that sticks out under its middle it gives 0.")
    if not np.isclose(found[[0, 4]], 0).all():
        raise Wrong(
            "it does all of that, but with more than three weights: let the outer two be 0."
        )
    return "A baseline that is even or a straight slope gives 0; a narrow peak does not."


@notebook.exercise(
    "a function that returns the causal convolution of a signal",
    "Two loops: one over the outputs t, one over the weights k.",
    "place = t - dilation_rate * (len(kernel) - 1 - k) may be below 0: then nothing is added.",
    "if place >= 0: outputs[t] += kernel[k] * signal[place]",
)
def causal(function: Any) -> str:
    """Compare with causal convolution, and name the mistake that the numbers show."""
    random = np.random.default_rng(5)
    sizes = [(6, 3, 1), (9, 2, 3), (12, 4, 2), (3, 4, 2), (5, 1, 1)]
    for length, kernel_size, dilation_rate in sizes:
        signal = random.integers(-9, 10, length).astype(float)
        kernel = random.integers(1, 5, kernel_size) + 0.5
        expected = conv1d(signal, kernel, padding="causal", dilation_rate=dilation_rate)
        found = run(function, signal, kernel, dilation_rate)
        called = (
            f"for a signal of {length} samples, {kernel_size} weights and dilation rate "
            f"{dilation_rate}"
        )
        if np.ndim(found) == 1 and 0 < np.size(found) < length:
            raise Wrong(f"{called} it returns {np.size(found)} outputs: one for each sample.")
        compare(found, expected, called, mistakes_of_causal(signal, kernel, dilation_rate))
    return "No output depends on a later sample, and the first ones use what there is."


def mistakes_of_causal(
    signal: np.ndarray, kernel: np.ndarray, dilation_rate: int
) -> list[tuple[np.ndarray, str]]:
    """Return what typical mistakes give, and what to say of each."""
    causal_at_rate = functools.partial(conv1d, padding="causal", dilation_rate=dilation_rate)
    reach = dilation_rate * (len(kernel) - 1)
    around = np.concatenate([np.resize(signal[::-1], reach)[::-1], signal])
    return [
        (causal_at_rate(signal, kernel[::-1]),
         "the kernel is turned round: its last weight lies on the present sample"),
        (conv1d(signal, kernel, padding="same", dilation_rate=dilation_rate),
         "it looks ahead: this is what same gives"),
        (causal_at_rate(signal[::-1], kernel[::-1])[::-1],
         "it looks at later samples instead of earlier ones"),
        (conv1d(signal, kernel, padding="causal"), "the dilation plays no part"),
        (conv1d(around, kernel, dilation_rate=dilation_rate),
         "a negative index takes samples from the end, which is the future: they count as 0"),
    ]  # fmt: skip


field = notebook.prediction(
    "field",
    "the receptive field in samples",
    predict_number(
        receptive_field([(5, 1, rate) for rate in (1, 2, 4, 8)]),
        {
            31: "this is the field of kernels of 3: with 5 weights there are four gaps.",
            17: "this is the field without dilation.",
            60: "begin with 1: an output of no layer at all is one sample.",
            64: "the gaps count, not the weights: a kernel of 5 adds 4 times its dilation rate.",
            76: "a kernel of 5 has four gaps, not five.",
            75: "a kernel of 5 has four gaps, not five.",
            33: "this is the reach of the last layer alone.",
            16: "with kernels of 2 it would be 16.",
            0: "an output sees at least one sample.",
        },
        "1 + 4 · (1 + 2 + 4 + 8) = 61.",
        "Each layer adds (kernel size − 1) times its dilation rate.",
    ),
    [
        "Start with 1 sample and go through the layers.",
        "A layer adds (5 − 1) times its dilation rate.",
        "The rates add up to 15.",
    ],
)


@notebook.exercise(
    "the repaired network",
    "`same` puts half of the zeros before and half after: which padding puts them all before?",
    "Every layer must be causal: one that looks ahead is enough to let the future in.",
    'padding="causal" in all three layers; leave kernels and dilation rates as they are.',
)
def no_future(network: Any) -> str:
    """Change the future and look at the past; then see how far back the network looks."""
    from helpers.models.backend import keras

    if not isinstance(network, keras.Model):
        raise Wrong("a Keras network is asked for, such as keras.Sequential([...]).")
    signal = np.random.default_rng(6).normal(size=(1, 100, 1)).astype("float32")
    outputs = np.asarray(network(signal))
    if outputs.shape != signal.shape:
        raise Wrong(
            f"one output for each of 100 samples is asked for. The network gives {outputs.shape}."
        )
    reach = []
    for place in (50, 60):
        changed = signal.copy()
        changed[0, place] += 100
        by = np.abs(np.asarray(network(changed)) - outputs)[0, :, 0]
        differ = np.flatnonzero(by > 1e-4)
        if differ.size and differ[0] < place:
            raise Wrong(
                f"it looks into the future: sample {place} was changed, and output {differ[0]} "
                "changed with it. Are all layers causal?"
            )
        reach.append(differ[-1] - place + 1 if differ.size else 0)
    if max(reach) < 15:
        raise Wrong(
            f"an output sees only {max(reach)} samples, and 15 before the repair: kernels and "
            "dilation rates shall stay."
        )
    return "Whatever comes later changes nothing, and 15 samples are still seen."


__all__ = ["causal", "design", "field", "lengths", "no_future"]
