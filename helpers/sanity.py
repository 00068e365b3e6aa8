"""The test with randomised weights: a heat map must depend on what the network has learned.

Source: Adebayo and others 2018, "Sanity Checks for Saliency Maps", arXiv:1810.03292.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.stats import rankdata

from helpers.arguments import array, integer
from helpers.networks import keras


def randomised(network: keras.Sequential, layers: int, seed: int = 0) -> keras.Sequential:
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
        >>> from helpers.networks import load_trained
        >>> trained = load_trained()
        >>> changed = randomised(trained, layers=1)
        >>> [bool((a == b).all()) for a, b in zip(trained.get_weights(), changed.get_weights())]
        [True, True, True, True, True, True, True, True, False, False]

    """
    copy = keras.models.clone_model(network)
    forget(copy, network, layers, seed)
    return copy


def forget(copy: keras.Sequential, network: keras.Sequential, layers: int, seed: int = 0) -> None:
    """Give `copy` the weights of `network`, but random ones in the last `layers` of its layers.

    A copy is compiled once, so changing its weights is faster than making another.
    """
    learned = [layer for layer in copy.layers if layer.weights]
    many = integer("layers", layers, 0, len(learned))
    random = np.random.default_rng(integer("seed", seed, 0))
    copy.set_weights(network.get_weights())
    for layer in learned[len(learned) - many :]:
        layer.set_weights([drawn(weights.shape, random) for weights in layer.get_weights()])


def drawn(shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    """Draw the weights of a new layer: Glorot uniform for kernels, zero for biases."""
    if len(shape) < 2:
        return np.zeros(shape, np.float32)
    around = np.prod(shape[:-2])
    limit = np.sqrt(6 / (around * (shape[-2] + shape[-1])))
    return random.uniform(-limit, limit, shape).astype(np.float32)


def agreement(first: Any, second: Any, where: Any = None) -> np.ndarray:
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
        >>> agreement([[[1, 2, 3]]], [[[10, 20, 90]]]), agreement([[[1, 2, 3]]], [[[5, 5, 5]]])
        (array([1.]), array([0.]))

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


def cascade(
    method: Callable[..., np.ndarray],
    network: keras.Sequential,
    images: Any,
    classes: Any,
    where: Any = None,
    seeds: int = 3,
) -> np.ndarray:
    """Take the learned weights away, layer by layer from the output, and see whether maps change.

    Args:
        method: Takes network, images and classes, and returns maps `(number, height, width)`.
        network: The trained network.
        images: `(number, height, width, channels)`.
        classes: `(number,)` integers: the class to explain for each image.
        where: `(number, height, width)` booleans: which numbers of the maps count.
        seeds: Random networks of each kind, 1 or more.

    Returns:
        `(seeds, layers)`: the mean `agreement` of the trained network's maps with those of the
        network whose last 1, 2, ... layers have random weights. Of maps with a sign, agreements
        above and below zero cancel in this mean: near 0 does not say that each of them is.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where an argument is out of its range.

    Source: Adebayo and others 2018, arXiv:1810.03292, section 3.

    Examples:
        >>> from helpers.heatmaps import occlusion
        >>> from helpers.networks import load_trained
        >>> cascade(occlusion, load_trained(), np.ones((1, 28, 28, 1)), [3], seeds=1).shape
        (1, 5)

    """
    trained, copy = method(network, images, classes), keras.models.clone_model(network)
    many = sum(bool(layer.weights) for layer in network.layers)
    results = np.zeros((integer("seeds", seeds), many))
    for seed, level in np.ndindex(*results.shape):
        forget(copy, network, level + 1, seed)
        results[seed, level] = agreement(trained, method(copy, images, classes), where).mean()
    return results
