"""The test with randomised weights: a heat map must depend on what the network has learned.

Source: Adebayo and others 2018, "Sanity Checks for Saliency Maps", arXiv:1810.03292.
"""

from typing import Any

import numpy as np
from scipy.stats import rankdata

from helpers.arguments import array, integer
from helpers.models.backend import keras


def randomized_copy(network: keras.Sequential, layers: int, seed: int = 0) -> keras.Sequential:
    """Return a copy in which the last layers with weights have forgotten what they learned.

    Args:
        network: A network built layer by layer; it stays as it is.
        layers: How many layers lose their weights, counted from the output, 0 or more.
        seed: Where the random weights begin, 0 or more.

    Returns:
        The copy. Weights are drawn as Keras draws them for a new layer (Glorot uniform), biases
        are zero.

    Raises:
        TypeError: where an argument is no integer.
        ValueError: where there are not so many layers with weights.

    Source: Adebayo and others 2018, arXiv:1810.03292, "cascading randomization".

    Examples:
        >>> from helpers.models.mnist_cnn import load_trained
        >>> trained = load_trained()
        >>> changed = randomized_copy(trained, layers=1)
        >>> [bool((a == b).all()) for a, b in zip(trained.get_weights(), changed.get_weights())]
        [True, True, True, True, True, True, True, True, False, False]

    """
    copy = keras.models.clone_model(network)
    randomize_weights(copy, network, layers, seed)
    return copy


def randomize_weights(
    copy: keras.Sequential, network: keras.Sequential, layers: int, seed: int = 0
) -> None:
    """Give `copy` the weights of `network`, but random ones in the last `layers` of its layers.

    A copy is compiled once, so changing its weights is faster than making another.
    """
    learned = [layer for layer in copy.layers if layer.weights]
    many = integer("layers", layers, 0, len(learned))
    random = np.random.default_rng(integer("seed", seed, 0))
    copy.set_weights(network.get_weights())
    zeros = keras.initializers.Zeros()
    for layer in learned[len(learned) - many :]:
        for weight in layer.weights:
            glorot = keras.initializers.GlorotUniform(int(random.integers(2**31)))
            weight.assign((glorot if len(weight.shape) > 1 else zeros)(weight.shape))


def rank_correlation(first: Any, second: Any, where: Any = None) -> np.ndarray:
    """Compare maps by the order of their numbers (Spearman's rank correlation).

    Args:
        first: `(number, height, width)`.
        second: Of the same shape.
        where: `(number, height, width)` booleans: which pixels count; all where it is left out.

    Returns:
        `(number,)` from -1 to 1: 1 for the same order, about 0 for maps that have nothing to do
        with each other. A map without any differences agrees with none: 0.

    Raises:
        TypeError: where an argument does not hold real numbers.
        ValueError: where the shapes differ.

    Examples:
        >>> rank_correlation([[[1, 2, 3]]], [[[10, 20, 90]]])
        array([1.])
        >>> rank_correlation([[[1, 2, 3]]], [[[5, 5, 5]]])
        array([0.])

    """
    one, two = (array(n, v, dimensions=(3,)) for n, v in (("first", first), ("second", second)))
    counted = np.ones(one.shape, bool) if where is None else np.asarray(where, bool)
    for name, found in (("second", two), ("where", counted)):
        if found.shape != one.shape:
            raise ValueError(
                f"`{name}` must have the shape of `first`, {one.shape}. "
                f"Received {name} of shape {found.shape}."
            )
    results = np.zeros(len(one))
    for place, (left, right, mask) in enumerate(zip(one, two, counted, strict=True)):
        ranks = [rankdata(values[mask]) for values in (left, right)]
        if all(len(rank) and np.ptp(rank) for rank in ranks):
            results[place] = np.corrcoef(*ranks)[0, 1]
    return results
