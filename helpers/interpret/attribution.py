"""Heat maps: which pixels speak for a class? `weight_randomization` tests what they are worth.

Every function takes a batch `(number, height, width, channels)` and one class for each image, and
explains the class's **score**: the number that goes into the softmax, not what comes out of it.
"""

import functools
import itertools
from typing import Any

import numpy as np

from helpers.arguments import integer
from helpers.interpret.activations import (
    KEPT,
    images_for,
    last_layer,
    logits_from_layer,
    output_function,
)
from helpers.models.backend import keras, tf


def prepared(network: keras.Sequential, images: Any, classes: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return images as float32 and classes as integers, one for each image."""
    pixels = images_for(network, images)
    found, many = np.asarray(classes), last_layer(network).units
    if found.dtype.kind not in "iu":
        raise TypeError(f"`classes` must be integers. Received classes of dtype {found.dtype}.")
    if found.shape != (len(pixels),):
        raise ValueError(
            f"`classes` must hold one class for each of the {len(pixels)} images. "
            f"Received classes of shape {found.shape}."
        )
    if found.min() < 0 or found.max() >= many:
        raise ValueError(
            f"`classes` must lie from 0 to {many - 1}. "
            f"Received classes from {found.min()} to {found.max()}."
        )
    return pixels, found.astype(np.int64)


def strongest(gradients: np.ndarray) -> np.ndarray:
    """Return the size of the gradient, at each pixel the largest over the channels."""
    return np.abs(gradients).max(axis=-1)


def saliency(network: keras.Sequential, images: Any, classes: Any) -> np.ndarray:
    """Tell how strongly the score answers to a small change of each pixel.

    Args:
        network: A network that ends in a dense layer.
        images: `(number, height, width, channels)`, in the range that the network takes.
        classes: `(number,)` integers: the class to explain for each image.

    Returns:
        `(number, height, width)`, 0 or more: the size of the gradient.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where shapes do not fit, or a class is out of range.

    Source: Simonyan, Vedaldi and Zisserman 2014, arXiv:1312.6034.

    Examples:
        >>> from helpers.models.mnist_cnn import load_trained
        >>> saliency(load_trained(), np.zeros((1, 28, 28, 1)), [3]).shape
        (1, 28, 28)

    """
    pixels, wanted = prepared(network, images, classes)
    return strongest(logits_from_layer(network)[1](pixels, wanted))


def smooth_saliency(
    network: keras.Sequential,
    images: Any,
    classes: Any,
    samples: int = 25,
    noise: float = 0.15,
    seed: int = 0,
) -> np.ndarray:
    """Average the gradient over noisy copies of each image (SmoothGrad), then take its size.

    Args:
        network: A network that ends in a dense layer.
        images: `(number, height, width, channels)`, in the range that the network takes.
        classes: `(number,)` integers: the class to explain for each image.
        samples: Noisy copies, 1 or more.
        noise: Standard deviation of the noise, in units of the pixels, 0 or more.
        seed: Where the noise begins, 0 or more.

    Returns:
        `(number, height, width)`, 0 or more.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where shapes do not fit, or an argument is out of range.

    Source: Smilkov and others 2017, arXiv:1706.03825.

    Examples:
        >>> from helpers.models.mnist_cnn import load_trained
        >>> smooth_saliency(load_trained(), np.zeros((1, 28, 28, 1)), [3], samples=2).shape
        (1, 28, 28)

    """
    pixels, wanted = prepared(network, images, classes)
    samples = integer("samples", samples)
    if not 0 <= noise < np.inf:
        raise ValueError(f"`noise` must be a finite number from 0 on. Received noise={noise}.")
    random = np.random.default_rng(integer("seed", seed, 0))
    copies = pixels[:, None] + random.normal(0, noise, (len(pixels), samples, *pixels.shape[1:]))
    flat = copies.reshape(-1, *pixels.shape[1:]).astype(np.float32)
    slopes = logits_from_layer(network)[1](flat, wanted.repeat(samples))
    return strongest(slopes.reshape(copies.shape).mean(axis=1))


@tf.custom_gradient
def guided_relu(inputs):
    """Be a ReLU that hands back only what is positive."""

    def backwards(upstream):
        return tf.where((inputs > 0) & (upstream > 0), upstream, 0.0)

    return tf.nn.relu(inputs), backwards


@functools.lru_cache(KEPT)
def guided_copy(network: keras.Sequential) -> keras.Sequential:
    """Return a copy of a network with `guided_relu` in place of each ReLU."""

    def guided(layer):
        copy = type(layer).from_config(layer.get_config())
        if getattr(copy, "activation", None) is keras.activations.relu:
            copy.activation = guided_relu
        return copy

    return keras.models.clone_model(network, clone_function=guided)


def guided_backpropagation(network: keras.Sequential, images: Any, classes: Any) -> np.ndarray:
    """Take the gradient, but drop on its way back whatever is negative at a ReLU.

    Args:
        network: A network that ends in a dense layer; its ReLUs are layers' activations.
        images: `(number, height, width, channels)`, in the range that the network takes.
        classes: `(number,)` integers: the class to explain for each image.

    Returns:
        `(number, height, width)`, 0 or more. The maps look sharp, and fail the test with
        randomised weights: they show the image more than the network.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where shapes do not fit, or a class is out of range.

    Source: Springenberg and others 2015, arXiv:1412.6806.

    Examples:
        >>> from helpers.models.mnist_cnn import load_trained
        >>> guided_backpropagation(load_trained(), np.zeros((1, 28, 28, 1)), [3]).shape
        (1, 28, 28)

    """
    pixels, wanted = prepared(network, images, classes)

    changed = guided_copy(network)
    changed.set_weights(network.get_weights())
    return strongest(logits_from_layer(changed)[1](pixels, wanted))


def occlusion(
    network: keras.Sequential,
    images: Any,
    classes: Any,
    patch: int = 4,
    strides: int = 2,
    fill: float = 0.0,
) -> np.ndarray:
    """Cover a patch of the image, and see by how much the score falls.

    Args:
        network: A network that ends in a dense layer.
        images: `(number, height, width, channels)`, in the range that the network takes.
        classes: `(number,)` integers: the class to explain for each image.
        patch: Height and width of the patch in pixels, 1 up to the image's.
        strides: Pixels from one patch to the next, 1 or more.
        fill: The number that covers, in units of the pixels.

    Returns:
        `(number, rows, columns)` with one number for each place of the patch: above zero where
        the covered pixels spoke for the class, below zero where they spoke against it.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where shapes do not fit, or an argument is out of range.

    Source: Zeiler and Fergus 2014, arXiv:1311.2901.

    Examples:
        >>> from helpers.models.mnist_cnn import load_trained
        >>> occlusion(load_trained(), np.zeros((1, 28, 28, 1)), [3]).shape
        (1, 13, 13)

    """
    pixels, wanted = prepared(network, images, classes)
    height, width = pixels.shape[1:3]
    patch = integer("patch", patch, 1, min(height, width))
    strides, score = integer("strides", strides), logits_from_layer(network)[0]
    rows, columns = (range(0, length - patch + 1, strides) for length in (height, width))
    whole = score(pixels)
    maps = []
    for pixel, category, before in zip(pixels, wanted, whole, strict=True):
        covered = np.tile(pixel, (len(rows) * len(columns), 1, 1, 1))
        for copy, (row, column) in zip(covered, itertools.product(rows, columns), strict=True):
            copy[row : row + patch, column : column + patch] = fill
        after = score(covered)[:, category]
        maps.append((before[category] - after).reshape(len(rows), len(columns)))
    return np.array(maps)


def grad_cam(
    network: keras.Sequential, images: Any, classes: Any, layer: int, relu: bool = True
) -> np.ndarray:
    """Add up the maps of a layer, each times the mean of its gradient, and keep what is positive.

    Args:
        network: A network that ends in a dense layer.
        images: `(number, height, width, channels)`, in the range that the network takes.
        classes: `(number,)` integers: the class to explain for each image.
        layer: The place of the layer in `network.layers`; its output has four dimensions.
        relu: Whether to keep only what is positive, as the paper does.

    Returns:
        `(number, rows, columns)`, as large as the layer's maps; see `placed`.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where shapes do not fit, or an argument is out of range.

    Source: Selvaraju and others 2017, "Grad-CAM", arXiv:1610.02391, equations 1 and 2.

    Examples:
        >>> from helpers.models.mnist_cnn import load_trained
        >>> grad_cam(load_trained(), np.zeros((1, 28, 28, 1)), [3], layer=2).shape
        (1, 11, 11)

    """
    pixels, wanted = prepared(network, images, classes)
    place = integer("layer", layer, 0, len(network.layers) - 2)
    maps = output_function(network, place)(pixels)
    if maps.ndim != 4:
        raise ValueError(
            f"`layer` must name a layer whose output has four dimensions. Received layer={layer}, "
            f"whose output has the shape {(None, *maps.shape[1:])}."
        )
    slopes = logits_from_layer(network, place)[1](maps, wanted)
    weights = slopes.mean(axis=(1, 2))
    combined = np.einsum("nhwc,nc->nhw", maps, weights)
    return np.maximum(combined, 0) if relu else combined
