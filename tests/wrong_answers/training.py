"""Wrong answers to the exercises of notebook 05, with words of the reason each must get."""

import numpy as np

WRONG = {
    "parameters": [
        (51_200, "biases are missing"), (1_664, "all 32 channels"), (18_496, "3 × 3"),
        (51_232, "not for each input channel"), (3, "is not it"), (None.__class__, "a function"),
    ],
    "logit_gradient": [
        ([-0.7, 0.8, -0.1], "label minus probability"), ([0.7, 0.2, 0.1], "take the label off"),
        ([0.7, 0.8, 0.1], "needs a minus sign"), ([-0.3, 0.2, 0.1], "counted from 0"),
        ([0, -0.8, 0], "their label is 0"), ([0, -5, 0], "not to the logits"),
        ([1, 2, 3], "is not it"), ([0.7, -0.8], "3 numbers"),
    ],
    "bias_gradient": [
        (lambda sent: sent.mean(), "gives the mean"), (lambda sent: sent.sum(axis=0), "column"),
        (lambda sent: sent.sum(axis=1), "row"), (lambda sent: abs(sent).sum(), "drops the signs"),
        (lambda sent: sent.size, "counts the places"), (lambda sent: sent, "a single number"),
        (lambda sent: "all", "should return numbers"),
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
}  # fmt: skip
