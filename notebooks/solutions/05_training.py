"""Reference solutions of notebook 05, run by the course's tests."""

import numpy as np


def parameters():
    return (5 * 5 * 32 + 1) * 64


def logit_gradient():
    return [0.7 - 0, 0.2 - 1, 0.1 - 0]


def bias_gradient(sent):
    return np.sum(sent)


def accuracy(probabilities, labels):
    return np.mean(probabilities.argmax(axis=1) == labels)


def standard_error(p, n):
    return np.sqrt(p * (1 - p) / n)
