"""Wrong answers to the exercises of notebook 01, with words of the reason each must get."""

import numpy as np

from helpers.layers.conv import conv2d


def window(image, kernel, row, column):
    return image[row : row + kernel.shape[0], column : column + kernel.shape[1]]


WRONG = {
    "window_sum": [
        (10, "sum of the window alone"), (15, "the minus of the −4 is lost"),
        (-1, "the average"), (9, "sign is wrong"), (7, "7 is not it"), ("-9", "leave the quotes"),
        (True, "truth value"), ([1, 2], "one number"), (float("nan"), "no finite number"),
    ],
    "one_output": [
        (lambda i, k, r, c: (window(i, k, r, c) * k[::-1, ::-1]).sum(), "kernel is flipped"),
        (lambda i, k, r, c: (window(i, k, r, c) * k).mean(), "divides by the number of weights"),
        (lambda i, k, r, c: window(i, k, r, c).sum(), "kernel plays no part"),
        (lambda i, k, r, c: window(i, k, r, c) * k, "returns the products"),
        (lambda i, k, r, c: conv2d(i, k), "should have a single number"),
        (lambda i, k, r, c: conv2d(i, k)[c, r], "raises IndexError"),
        (lambda i, k, r, c: (window(i, k, r, c) * k).sum() + 1, "is right"),
        (lambda i, k: 0, "raises TypeError"), (3, "a function is asked for"),
    ],
    "flip": [
        ([[1, 2], [3, 4]], "mathematical convolution"), ([[1, 3], [2, 4]], "exchanged"),
        ([[3, 4], [1, 2]], "only the rows"), ([[2, 1], [4, 3]], "only the columns"),
        ([4, 3, 2, 1], "2 × 2 numbers"), ([[9, 9], [9, 9]], "is not it"),
        ([[4, 3], [2, float("nan")]], "must be finite"),
    ],
    "magnitude": [
        (lambda a, d: np.maximum(a, 0) + np.maximum(d, 0), "brighter left and below"),
        (lambda a, d: np.abs(a) + np.abs(d), "not the length of the arrow"),
        (lambda a, d: a**2 + d**2, "the root is missing"),
        (lambda a, d: np.sqrt(np.maximum(a, 0) ** 2 + d**2), "brighter left and below"),
        (lambda a, d: np.sqrt(a**2 - d**2 + 0j).real, "brighter left and below"),
        (lambda a, d: float(np.sqrt(a**2 + d**2).sum()), "should have shape"),
    ],
    "design": [
        (np.ones((3, 3)), "9 times the brightness"),
        ([[1, 1, 1], [0, 0, 0], [-1, -1, -1]], "turn the signs round"),
        ([[-1, 0, 1]] * 3, "brighter below it should be above 0"),
        ([[-1, -1, -1], [0, 0, 0], [0, 1, 2]], "brighter on the right it should be 0"),
        ([[0, -1, 0], [-1, 4, -1], [0, -1, 0]], "brighter below it should be above 0"),
        ([1, 2, 3], "shape (3, 3)"), (np.full((3, 3), np.nan), "finite"), ("edge", "shape (3, 3)"),
    ],
}  # fmt: skip
