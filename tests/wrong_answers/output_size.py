"""Wrong answers to the exercises of notebook 02, with words of the reason each must get."""

WRONG = {
    "pair": [
        ((24, 28), "stride 1"), ((14, 12), "exchanged"), ((12, 12), "more windows"),
        ((11, 14), "the first window counts"), ((13, 14), "round"), ((12.5, 14), "whole number"),
        ((5, 5), "is not it"), (12, "2 numbers"), ("12, 14", "leave the quotes"),
    ],
    "input_size": [
        (lambda o, k, s: o * s + k, "only 0 steps"),
        (lambda o, k, s: (o - 1) * s, "needs room for the kernel"),
        (lambda o, k, s: o * s, "plays no part"),
        (lambda o, k, s: (o - 1) * s + k + s - 1, "a smaller input would do"),
        (lambda o, k, s: o + k - 1, "is right"),
    ],
    "unvisited": [
        (1, "only the rest at the end"), (2, "only the gaps"), (0, "there must be gaps"),
        (9, "9 pixels are visited"), (5, "is not it"),
    ],
    "where_padded": [
        ((2, 1), "larger half after"), ((1.5, 1.5), "cannot be halved"), ((0, 3), "evenly"),
        ((2, 2), "one too many"), (3, "2 numbers"), ((7, 7), "is not it"),
    ],
    "field": [
        (10, "the stride of the pooling is forgotten"), (13, "kernel sizes added up"),
        (6, "what the pooling sees"), (18, "still moves by single pixels"), (3, "is not it"),
    ],
}  # fmt: skip
