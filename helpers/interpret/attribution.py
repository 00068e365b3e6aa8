"""Heat maps: which pixels speak for a class? `weight_randomization` tests what they are worth.

Every function takes a batch `(number, height, width, channels)` and one class for each image. It
explains the class's logit, the number that goes into the softmax, less the logit of the class
`against`, or less the mean of all logits. One logit alone has no meaning: a number added to all
of them changes no probability.
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


def prepared(
    network: keras.Sequential, images: Any, classes: Any, against: Any = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return images as float32, and for each image the weights of the logits in what is explained.

    The weights `(number, classes)` are 1 for the class and -1 for the class `against`, or less a
    mean over all classes where none is given; each row's sum is zero.
    """
    pixels = images_for(network, images)
    many = last_layer(network).units
    rows = np.eye(many, dtype=np.float32)
    weights = rows[one_class_each("classes", classes, len(pixels), many)]
    if against is None:
        return pixels, weights - np.float32(1 / many)
    return pixels, weights - rows[one_class_each("against", against, len(pixels), many)]


def one_class_each(name: str, classes: Any, images: int, many: int) -> np.ndarray:
    """Return classes as integers from 0 to `many` - 1, one for each image."""
    found = np.asarray(classes)
    if found.dtype.kind not in "iu":
        raise TypeError(f"`{name}` must be integers. Received {name} of dtype {found.dtype}.")
    if found.shape != (images,):
        raise ValueError(
            f"`{name}` must hold one class for each of the {images} images. "
            f"Received {name} of shape {found.shape}."
        )
    if found.min() < 0 or found.max() >= many:
        raise ValueError(
            f"`{name}` must lie from 0 to {many - 1}. "
            f"Received {name} from {found.min()} to {found.max()}."
        )
    return found


def strongest(gradients: np.ndarray) -> np.ndarray:
    """Return the size of the gradient, at each pixel the largest over the channels."""
    return np.abs(gradients).max(axis=-1)


def saliency(
    network: keras.Sequential, images: Any, classes: Any, against: Any = None
) -> np.ndarray:
    """Tell how strongly the explained difference answers to a small change of each pixel.

    Args:
        network: A network that ends in a dense layer.
        images: `(number, height, width, channels)`, in the range that the network takes.
        classes: `(number,)` integers: the class to explain for each image.
        against: `(number,)` integers: the class to compare it with; the mean of all if left out.

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
    pixels, wanted = prepared(network, images, classes, against)
    return strongest(logits_from_layer(network)[1](pixels, wanted))


def smooth_saliency(
    network: keras.Sequential,
    images: Any,
    classes: Any,
    against: Any = None,
    samples: int = 25,
    noise: float = 0.15,
    seed: int = 0,
) -> np.ndarray:
    """Average the gradient over noisy copies of each image (SmoothGrad), then take its size.

    Args:
        network: A network that ends in a dense layer.
        images: `(number, height, width, channels)`, in the range that the network takes.
        classes: `(number,)` integers: the class to explain for each image.
        against: `(number,)` integers: the class to compare it with; the mean of all if left out.
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
    pixels, wanted = prepared(network, images, classes, against)
    samples = integer("samples", samples)
    if not 0 <= noise < np.inf:
        raise ValueError(f"`noise` must be a finite number from 0 on. Received noise={noise}.")
    random = np.random.default_rng(integer("seed", seed, 0))
    copies = pixels[:, None] + random.normal(0, noise, (len(pixels), samples, *pixels.shape[1:]))
    flat = copies.reshape(-1, *pixels.shape[1:]).astype(np.float32)
    slopes = logits_from_layer(network)[1](flat, wanted.repeat(samples, axis=0))
    return strongest(slopes.reshape(copies.shape).mean(axis=1))


def integrated_gradients(
    network: keras.Sequential, images: Any, classes: Any, against: Any = None, steps: int = 32
) -> np.ndarray:
    """Multiply each pixel by the mean of the gradient on the way from an empty image.

    Args:
        network: A network that ends in a dense layer.
        images: `(number, height, width, channels)`, in the range that the network takes.
        classes: `(number,)` integers: the class to explain for each image.
        against: `(number,)` integers: the class to compare it with; the mean of all if left out.
        steps: Images on the way, 1 or more, each in the middle of its step. With one step at the
            whole image it would be gradient times input.

    Returns:
        `(number, height, width)`, summed over the channels: above zero where a pixel speaks for
        the class. The sum over a map is the explained difference less that of the empty image.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where shapes do not fit, or an argument is out of range.

    Source: Sundararajan, Taly and Yan 2017, arXiv:1703.01365, equation 3.

    Examples:
        >>> from helpers.models.mnist_cnn import load_trained
        >>> integrated_gradients(load_trained(), np.zeros((1, 28, 28, 1)), [3]).shape
        (1, 28, 28)

    """
    pixels, wanted = prepared(network, images, classes, against)
    way = ((np.arange(integer("steps", steps)) + 0.5) / steps).astype(np.float32)
    slopes_of = logits_from_layer(network)[1]
    slopes = np.mean([slopes_of(pixels * part, wanted) for part in way], axis=0)
    return (pixels * slopes).sum(axis=-1)


def gradient_times_input(
    network: keras.Sequential, images: Any, classes: Any, against: Any = None
) -> np.ndarray:
    """Multiply each pixel by its gradient.

    Args:
        network: A network that ends in a dense layer.
        images: `(number, height, width, channels)`, in the range that the network takes.
        classes: `(number,)` integers: the class to explain for each image.
        against: `(number,)` integers: the class to compare it with; the mean of all if left out.

    Returns:
        `(number, height, width)`, summed over the channels: above zero where a pixel speaks for
        the class, and zero on empty paper.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where shapes do not fit, or a class is out of range.

    Source: Shrikumar and others 2016, arXiv:1605.01713.

    Examples:
        >>> from helpers.models.mnist_cnn import load_trained
        >>> gradient_times_input(load_trained(), np.zeros((1, 28, 28, 1)), [3]).max()
        np.float32(0.0)

    """
    pixels, wanted = prepared(network, images, classes, against)
    return (pixels * logits_from_layer(network)[1](pixels, wanted)).sum(axis=-1)


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


def guided_backpropagation(
    network: keras.Sequential, images: Any, classes: Any, against: Any = None
) -> np.ndarray:
    """Take the gradient, but drop on its way back whatever is negative at a ReLU.

    Args:
        network: A network that ends in a dense layer; its ReLUs are layers' activations.
        images: `(number, height, width, channels)`, in the range that the network takes.
        classes: `(number,)` integers: the class to explain for each image.
        against: `(number,)` integers: the class to compare it with; the mean of all if left out.

    Returns:
        `(number, height, width)`, 0 or more. The maps look sharp, and change little when the
        weights are randomised.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where shapes do not fit, or a class is out of range.

    Source: Springenberg and others 2015, arXiv:1412.6806.

    Examples:
        >>> from helpers.models.mnist_cnn import load_trained
        >>> guided_backpropagation(load_trained(), np.zeros((1, 28, 28, 1)), [3]).shape
        (1, 28, 28)

    """
    pixels, wanted = prepared(network, images, classes, against)

    changed = guided_copy(network)
    changed.set_weights(network.get_weights())
    return strongest(logits_from_layer(changed)[1](pixels, wanted))


def occlusion(
    network: keras.Sequential,
    images: Any,
    classes: Any,
    against: Any = None,
    patch: int = 4,
    strides: int = 2,
    fill: float = 0.0,
) -> np.ndarray:
    """Cover a patch of the image, and see by how much the explained difference falls.

    Args:
        network: A network that ends in a dense layer.
        images: `(number, height, width, channels)`, in the range that the network takes.
        classes: `(number,)` integers: the class to explain for each image.
        against: `(number,)` integers: the class to compare it with; the mean of all if left out.
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
    pixels, wanted = prepared(network, images, classes, against)
    height, width = pixels.shape[1:3]
    patch = integer("patch", patch, 1, min(height, width))
    strides, score = integer("strides", strides), logits_from_layer(network)[0]
    rows, columns = (range(0, length - patch + 1, strides) for length in (height, width))
    maps = []
    for pixel, weights, before in zip(pixels, wanted, score(pixels), strict=True):
        covered = np.tile(pixel, (len(rows) * len(columns), 1, 1, 1))
        for copy, (row, column) in zip(covered, itertools.product(rows, columns), strict=True):
            copy[row : row + patch, column : column + patch] = fill
        falls = (before - score(covered)) @ weights
        maps.append(falls.reshape(len(rows), len(columns)))
    return np.array(maps)


def last_maps(network: keras.Sequential) -> int:
    """Return the place of the last layer whose output has four dimensions."""
    return max(
        (place for place, layer in enumerate(network.layers) if len(layer.output.shape) == 4),
        default=0,
    )


def maps_and_slopes(
    network: keras.Sequential, images: Any, classes: Any, against: Any, layer: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return a layer's maps, and the gradient of the explained difference with respect to them."""
    pixels, wanted = prepared(network, images, classes, against)
    chosen = last_maps(network) if layer is None else layer
    place = integer("layer", chosen, 0, len(network.layers) - 2)
    maps = output_function(network, place)(pixels)
    if maps.ndim != 4:
        raise ValueError(
            f"`layer` must name a layer whose output has four dimensions. Received layer={layer}, "
            f"whose output has the shape {(None, *maps.shape[1:])}."
        )
    return maps, logits_from_layer(network, place)[1](maps, wanted)


def grad_cam(
    network: keras.Sequential,
    images: Any,
    classes: Any,
    against: Any = None,
    layer: int | None = None,
    relu: bool = True,
) -> np.ndarray:
    """Add up the maps of a layer, each times the mean of its gradient, and keep what is positive.

    Args:
        network: A network that ends in a dense layer.
        images: `(number, height, width, channels)`, in the range that the network takes.
        classes: `(number,)` integers: the class to explain for each image.
        against: `(number,)` integers: the class to compare it with; the mean of all if left out.
        layer: The place of a layer in `network.layers` whose output has four dimensions; the
            last such layer where it is left out.
        relu: Whether to keep only what is positive, as the paper does.

    Returns:
        `(number, rows, columns)`, as large as the layer's maps; see `receptive_field.to_image`.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where shapes do not fit, or an argument is out of range.

    Source: Selvaraju and others 2017, "Grad-CAM", arXiv:1610.02391, equations 1 and 2.

    Examples:
        >>> from helpers.models.mnist_cnn import load_trained
        >>> grad_cam(load_trained(), np.zeros((1, 28, 28, 1)), [3], layer=2).shape
        (1, 11, 11)

    """
    maps, slopes = maps_and_slopes(network, images, classes, against, layer)
    combined = np.einsum("nhwc,nc->nhw", maps, slopes.mean(axis=(1, 2)))
    return np.maximum(combined, 0) if relu else combined


def hires_cam(
    network: keras.Sequential,
    images: Any,
    classes: Any,
    against: Any = None,
    layer: int | None = None,
) -> np.ndarray:
    """Add up the maps of a layer, each number times its own gradient (HiResCAM).

    Grad-CAM takes the mean of the gradient over all places first. After `Flatten`, each place has
    weights of its own, and that mean mixes them up.

    Args:
        network: A network that ends in a dense layer.
        images: `(number, height, width, channels)`, in the range that the network takes.
        classes: `(number,)` integers: the class to explain for each image.
        against: `(number,)` integers: the class to compare it with; the mean of all if left out.
        layer: As for `grad_cam`.

    Returns:
        `(number, rows, columns)`, as large as the layer's maps, with both signs.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where shapes do not fit, or an argument is out of range.

    Source: Draelos and Carin 2020, arXiv:2011.08891.

    Examples:
        >>> from helpers.models.mnist_cnn import load_trained
        >>> hires_cam(load_trained(), np.zeros((1, 28, 28, 1)), [3]).shape
        (1, 3, 3)

    """
    maps, slopes = maps_and_slopes(network, images, classes, against, layer)
    return (maps * slopes).sum(axis=-1)
