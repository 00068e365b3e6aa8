"""Wrong answers to the exercises of notebook 10, with words of the reason each must get."""

import numpy as np

from helpers.layers.conv import conv1d


def network(*paddings, rates=(1, 2, 4), kernel_size=3, filters=1):
    """Build a forecaster with a padding for each layer."""
    from helpers.models.backend import keras

    stack = [keras.Input((100, 1))]
    for place, (padding, rate) in enumerate(zip(paddings, rates, strict=True)):
        wide = filters if place == len(rates) - 1 else 8
        stack.append(keras.layers.Conv1D(wide, kernel_size, padding=padding, dilation_rate=rate))
    return keras.Sequential(stack)


def wraps_round(signal, kernel, dilation_rate):
    outputs = np.zeros(len(signal))
    for t in range(len(signal)):
        for k in range(len(kernel)):
            outputs[t] += (
                kernel[k] * signal[(t - dilation_rate * (len(kernel) - 1 - k)) % len(signal)]
            )
    return outputs


WRONG = {
    "lengths": [
        ((16, 20, 20), "the dilation counts"), ((20, 20, 8), "exchanged"),
        ((8, 20, 8), "causal pads too"), ((5, 20, 20), "four gaps"),
        ((7, 20, 20), "the first window counts"), ((9, 9, 9), "is not it"),
        ("8", "leave the quotes"),
    ],
    "causal": [
        (lambda s, k, d: conv1d(s, k[::-1], padding="causal", dilation_rate=d), "turned round"),
        (lambda s, k, d: conv1d(s, k, padding="same", dilation_rate=d), "it looks ahead"),
        (lambda s, k, d: conv1d(s[::-1], k[::-1], padding="causal", dilation_rate=d)[::-1],
         "later samples instead of earlier"),
        (lambda s, k, d: conv1d(s, k, padding="causal"), "the dilation plays no part"),
        (wraps_round, "a negative index"),
        (lambda s, k, d: conv1d(s, k, dilation_rate=d), "one for each sample"),
        (lambda s, k, d: conv1d(s, k, padding="causal", dilation_rate=d) + 1, "is right"),
        (3, "a function is asked for"),
    ],
    "field": [
        (31, "kernels of 3"), (17, "without dilation"), (60, "begin with 1"), (76, "four gaps"),
        (64, "the gaps count"), (7, "is not it"), ("61", "leave the quotes"),
    ],
    "design": [
        ([1, 1, 1, 1, 1], "on a constant signal"), ([-2, -1, 0, 1, 2], "on the slope"),
        ([0, 1, -2, 1, 0], "turn the signs round"), ([1, -1, 0, -1, 1], "sticks out"),
        ([-1, 2, -1], "five numbers"), ([0, 0, 0, 0, float("nan")], "finite"),
        ([0, -2, 2, 0, 0], "on the slope"), ([-0.5, -0.5, 2, -0.5, -0.5], "the outer two be 0"),
        ([1, -4, 6, -4, 1], "the outer two be 0"),
    ],
    "no_future": [
        (network("same", "same", "same"), "it looks into the future"),
        (network("causal", "causal", "same"), "Are all layers causal?"),
        (network("causal", "causal", "valid"), "one output for each of 100 samples"),
        (network("causal", "causal", "causal", rates=(1, 1, 1)), "sees only 7 samples"),
        (network("causal", "causal", "causal", kernel_size=1), "sees only 1 samples"),
        (network("causal", "causal", "causal", filters=2), "one output for each of 100 samples"),
        ("causal", "a Keras network"),
    ],
}  # fmt: skip
