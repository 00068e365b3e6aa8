"""Reference solutions of notebook 10, run by the course's tests."""

import numpy as np


def lengths():
    return 8, 20, 20


def causal(signal, kernel, dilation_rate):
    outputs = np.zeros(len(signal))
    for t in range(len(signal)):
        for k in range(len(kernel)):
            place = t - dilation_rate * (len(kernel) - 1 - k)
            if place >= 0:
                outputs[t] += kernel[k] * signal[place]
    return outputs


def field():
    return 1 + (5 - 1) * (1 + 2 + 4 + 8)


def design():
    return [0, -1, 2, -1, 0]


def no_future():
    from keras import Input, Sequential, layers

    return Sequential(
        [
            Input((100, 1)),
            layers.Conv1D(8, 3, padding="causal", activation="relu"),
            layers.Conv1D(8, 3, padding="causal", dilation_rate=2, activation="relu"),
            layers.Conv1D(1, 3, padding="causal", dilation_rate=4),
        ]
    )
