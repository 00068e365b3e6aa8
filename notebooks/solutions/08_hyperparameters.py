"""Reference solutions of notebook 08, run by the course's tests."""

import numpy as np


def trainings():
    settings = 6 * 4 * 3
    return settings * 5


def log_uniform(random, low, high, number):
    return np.exp(random.uniform(np.log(low), np.log(high), number))


def real():
    return "BD"


def choose(candidates, error_on_validation, error_on_test):
    best = min(candidates, key=error_on_validation)
    return best, error_on_test(best)


def paired_error(first, second):
    differences = np.asarray(first) - np.asarray(second)
    return differences.std(ddof=1) / np.sqrt(len(differences))
