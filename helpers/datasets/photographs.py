"""The photographs that scikit-image and scikit-learn bundle, whole or as networks take them."""

import numpy as np
from PIL import Image, ImageOps

from helpers.arguments import choice, integer

PHOTOGRAPHS = (
    "camera", "astronaut", "coffee", "chelsea", "rocket", "coins", "text", "page", "moon",
    "brick", "grass", "gravel", "china", "flower",
)  # fmt: skip


def load_photograph(name: str) -> np.ndarray:
    """Load one of the photographs that scikit-image and scikit-learn bring along.

    Args:
        name: One of `PHOTOGRAPHS`.

    Returns:
        `(height, width, 3)` in colour or `(height, width)` in grey, uint8 from 0 to 255.

    Raises:
        TypeError: where `name` is no string.
        ValueError: where there is no such photograph; the message lists the names.

    Examples:
        >>> load_photograph("camera").shape
        (512, 512)

    """
    choice("name", name, PHOTOGRAPHS)
    if name in ("china", "flower"):
        from sklearn.datasets import load_sample_image

        return load_sample_image(f"{name}.jpg").copy()
    from skimage import data

    return np.array(getattr(data, name)())


def middle_square(picture: Image.Image, side: int) -> np.ndarray:
    """Return the middle square of a picture, uint8 `(side, side, 3)`, of grey `(side, side)`."""
    if max(picture.size) > 8 * min(picture.size):  # Scaled whole, a strip might fill the memory.
        picture = ImageOps.fit(picture, [min(picture.size)] * 2)
    scale = side / min(picture.size)
    width, height = (max(side, round(length * scale)) for length in picture.size)
    left, top = (width - side) // 2, (height - side) // 2
    scaled = picture.resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(scaled.crop((left, top, left + side, top + side)))


def load_square(name: str, side: int = 224) -> np.ndarray:
    """Load a bundled photograph as a network takes it: the middle square, in three channels.

    Args:
        name: One of `PHOTOGRAPHS`; a grey one gets three equal channels.
        side: Height and width in pixels, 32 to 512.

    Returns:
        `(side, side, 3)`, uint8 from 0 to 255.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where there is no such photograph, or `side` is out of range.

    Examples:
        >>> load_square("camera", 64).shape
        (64, 64, 3)

    """
    side = integer("side", side, 32, 512)
    return middle_square(Image.fromarray(load_photograph(name)).convert("RGB"), side)
