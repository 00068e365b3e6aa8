"""Wrong answers to the exercises of notebook 03, with words of the reason each must get."""

import numpy as np

WRONG = {
    "count": [
        (73_728, "biases are missing"), (1_280, "all 64 channels"), (577, "one filter"),
        (73_792, "not for each input channel"), (5, "is not it"),
    ],
    "shape": [
        ((64, 64, 24), "stride of 2"), ((30, 30, 24), "with valid"), ((32, 32, 3), "makes a map"),
        ((24, 32, 32), "come last"), ((None, 32, 32, 24), "3 numbers"), ((1, 2, 3), "is not it"),
    ],
    "separable": [
        (lambda k, c, f: k * k * c + c * f, "biases are missing"),
        (lambda k, c, f: (k * k * c + 1) * f, "a usual convolution"),
        (lambda k, c, f: (k * k + 1) * c + (c + 1) * f, "no bias of its own"),
        (lambda k, c, f: k * c + c * f + f, "two sides"), (lambda k, c, f: 1, "is right"),
    ],
    "dense": [
        (150_528_000, "biases are missing"), (150_528, "number of inputs"),
        (50_177_000, "three channels"), (9, "is not it"),
    ],
    "channels_last": [
        (lambda x: x.reshape(x.shape[0], x.shape[2], x.shape[3], x.shape[1]), "keeps the numbers"),
        (lambda x: x.transpose(0, 3, 2, 1), "change places"),
        (lambda x: x, "should have shape (2, 4, 5, 3)"),
        (lambda x: x.T, "should have shape"), (lambda x: x.shape, "should have shape"),
        (lambda x: np.moveaxis(x, 1, -1)[:, ::-1], "in other places"),
    ],
}  # fmt: skip
