"""Wrong answers to the exercises of notebook 08, with words of the reason each must get."""

import numpy as np

WRONG = {
    "trainings": [
        (72, "from five seeds"), (18, "multiply instead"), (65, "before you count"),
        (120, "depths are missing"), (7, "is not it"), ("360", "leave the quotes"),
    ],
    "log_uniform": [
        (lambda r, a, b, n: r.uniform(a, b, n), "lie above"),
        (lambda r, a, b, n: 10 ** r.uniform(a, b, n), "logarithm of both ends"),
        (lambda r, a, b, n: np.exp(r.uniform(np.log10(a), np.log10(b), n)), "the same base"),
        (lambda r, a, b, n: np.geomspace(a, b, n), "no random ones"),
        (lambda r, a, b, n: float(np.exp(r.uniform(np.log(a), np.log(b)))), "shape should be"),
        (lambda r, a, b, n: r.uniform(np.log(a), np.log(b), n), "undo it"),
        (lambda r, a, b, n: np.full(n, np.nan), "no finite numbers"),
        (lambda r, a, b, n: "many", "should return numbers"),
    ],
    "real": [
        ("ABCD", "zero fits as well"), ("D", "B is small"), ("BCD", "holds zero"),
        ("B", "D is missing"), ("AD", "zero fits"), ("E", "letters from A to D"), (2, "in quotes"),
    ],
    "choose": [
        (lambda c, v, t: (min(c, key=t), t(min(c, key=t))), "still chooses by the test set"),
        (lambda c, v, t: (min(c, key=v), v(min(c, key=v))), "never opens the test set"),
        (lambda c, v, t: (min(c, key=v), min(map(t, c))), "as the error on the test set"),
        (lambda c, v, t: (max(c, key=v), t(max(c, key=v))), "does not choose the lowest"),
        (lambda c, v, t: (min(c, key=v), {x: t(x) for x in c}[min(c, key=v)]), "3 times"),
        (lambda c, v, t: min(c, key=v), "a pair is asked for"),
    ],
    "paired_error": [
        (lambda a, b: (a - b).std() / np.sqrt(len(a)), "ddof=1"),
        (lambda a, b: (a - b).std(ddof=1), "divide by √n"),
        (lambda a, b: (a - b).std(ddof=1) / len(a), "the root of n"),
        (lambda a, b: np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a)), "forgets the pairs"),
        (lambda a, b: (a - b).mean(), "the mean difference"),
        (lambda a, b: (a - b).var(ddof=1) / len(a), "the root is missing"),
        (lambda a, b: a - b, "a single number"),
    ],
}  # fmt: skip
