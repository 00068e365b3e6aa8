"""Wrong answers to the exercises of notebook 06, with words of the reason each must get."""

import numpy as np


def occlude(image, score, patch, strides=1):
    places = [range(0, length - patch + 1, strides) for length in image.shape]
    result = np.zeros([len(place) for place in places])
    for row, top in enumerate(places[0]):
        for column, left in enumerate(places[1]):
            covered = image.copy()
            covered[top : top + patch, left : left + patch] = 0
            result[row, column] = score(covered)
    return result


def changes_the_image(image, score, patch):
    image[:patch, :patch] = 0
    return occlude(image, score, patch)


def distances(vectors, chosen):
    return np.sqrt(((vectors - vectors[chosen]) ** 2).sum(axis=1))


WRONG = {
    "rows_seen": [
        ((2, 19), "4 rows apart"), ((4, 21), "at row 1"), ((0, 17), "at row 0"),
        ((8, 26), "the first one counts"), ((10, 27), "are not seen"), ((1, 2), "is not it"),
        (8, "2 numbers"),
    ],
    "slope": [
        (0.99, "multiply it by 1 − p"), (0.01, "multiply it by p"), (100, "turned round"),
        (0.9801, "the second factor"), (0.5, "is not it"), ("0.0099", "leave the quotes out"),
    ],
    "occlusion_map": [
        (lambda i, s, p: occlude(i, s, p) - s(i), "sign is turned round"),
        (occlude, "scores of the covered images"),
        (lambda i, s, p: np.abs(s(i) - occlude(i, s, p)), "the sign is lost"),
        (lambda i, s, p: s(i) - occlude(i, s, p, p), "moves by the size of the patch"),
        (changes_the_image, "changes its arguments"),
        (lambda i, s, p: np.zeros_like(i), "should have shape"),
        (lambda i, s, p: s(i), "should have shape"),
    ],
    "cam": [
        (lambda m, s: np.maximum(m * s.mean(axis=2)[:, :, None], 0).sum(axis=2),
         "means over the channels"),
        (lambda m, s: np.maximum((m * s.mean(axis=2)[:, :, None]).sum(axis=2), 0),
         "means over the channels"),
        (lambda m, s: np.maximum(m * s.mean(axis=(0, 1)), 0).sum(axis=2), "too early"),
        (lambda m, s: (m * s.mean(axis=(0, 1))).sum(axis=2), "must become zero"),
        (lambda m, s: np.maximum((m * s).sum(axis=2), 0), "each channel has one weight"),
        (lambda m, s: np.maximum(m * s.mean(axis=(0, 1)), 0), "should have shape"),
    ],
    "nearest": [
        (lambda v, i, n: np.argsort(distances(v, i))[:n], "the vector itself is among them"),
        (lambda v, i, n: np.argsort(-distances(v, i))[:n], "the farthest"),
        (lambda v, i, n: np.sort(distances(v, i))[1 : n + 1], "returns distances"),
        (lambda v, i, n: np.argsort(-(v @ v[i]))[:n], "product of the vectors"),
        (lambda v, i, n: np.argsort(distances(v, i))[: n + 1], "leave the vector itself out"),
        (lambda v, i, n: "near", "should return numbers"),
    ],
}  # fmt: skip
