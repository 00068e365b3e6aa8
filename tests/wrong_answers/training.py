"""Wrong answers to the exercises of notebook 05, with words of the reason each must get."""

import numpy as np

WRONG = {
    "parameters": [
        (51_200, "biases are missing"), (1_664, "all 32 channels"), (18_496, "3 × 3"),
        (51_232, "not for each input channel"), (3, "is not it"), (None.__class__, "a function"),
    ],
    "flattened": [
        (576, "number with valid"), (49, "one channel"), (12_544, "two poolings"),
        (50_176, "still halve"), (7, "is not it"),
    ],
    "accuracy": [
        (lambda p, y: (p.argmax(1) == y).sum(), "divide by how many"),
        (lambda p, y: 100 * (p.argmax(1) == y).mean(), "percent"),
        (lambda p, y: (p.argmax(1) != y).mean(), "share of the mistakes"),
        (lambda p, y: p.max(axis=1).mean(), "how sure the network is"),
        (lambda p, y: p.argmax(1) == y, "one value for each answer"),
        (lambda p, y: (p.argmax(0) == y).mean(), ""),
        (lambda p, y: float("nan"), "NaN"),
    ],
    "standard_error": [
        (lambda p, n: p * (1 - p) / n, "the root is missing"),
        (lambda p, n: np.sqrt(p * (1 - p)), "divide by n"),
        (lambda p, n: np.sqrt(p * (1 - p)) / n, "inside the root"),
        (lambda p, n: np.sqrt(p / n), "(1 − p) is missing"),
        (lambda p, n: "small", "should return numbers"),
    ],
    "loss": [
        ("categorical_crossentropy", "one-hot rows"), ("mse", "no amounts"),
        ("accuracy", "a metric, not a loss"), ("binary_crossentropy", "yes or no"),
        ("hinge", "no such loss"), (7, "in quotes"), ("", "in quotes"),
    ],
}  # fmt: skip
