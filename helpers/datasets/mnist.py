"""The course's data: handwritten digits and photographs, real by default and never stuck.

Digits come from the first of these places that has them: the folder named by the environment
variable `COURSE_DATA` (a relative path starts at the course's folder), `data/`, Keras' own
cache, a download. Where there is none, scikit-learn's bundled digits stand in.
"""

import functools
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from PIL import Image

from helpers.arguments import array, integer
from helpers.datasets import locate
from helpers.datasets.download import DownloadError, fetch
from helpers.datasets.locate import Arrays, DataError, Published, read_arrays

MNIST = Published(
    url="https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    sha256="731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
    arrays=MappingProxyType(
        {
            "x_train": ((60000, 28, 28),
                "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757"),
            "y_train": ((60000,),
                "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"),
            "x_test": ((10000, 28, 28),
                "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161"),
            "y_test": ((10000,),
                "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"),
        }
    ),
)  # fmt: skip


@dataclass
class Digits:
    """Handwritten digits in three parts, of which the test set is kept under lock.

    Attributes:
        x_train, x_val: Images `(number, 28, 28)`, uint8, ink 255 on paper 0.
        y_train, y_val: Labels `(number,)`, uint8, 0 to 9.
        name: `"MNIST"`, or `"stand-in"` for scikit-learn's digits brought to MNIST's form.
        source: Where they came from: `"COURSE_DATA"`, `"data"`, `"Keras cache"`, `"download"` or
            `"scikit-learn"`.
        test_openings: How often the test set has been looked at.

    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    name: str
    source: str
    test_openings: int = field(default=0, init=False)
    _arrays: Arrays = field(default_factory=dict, repr=False)

    @property
    def is_mnist(self) -> bool:
        """Whether these are the real MNIST digits."""
        return self.name == "MNIST"

    def open_test_set(self) -> tuple[np.ndarray, np.ndarray]:
        """Hand out `(x_test, y_test)`, count it, and say which opening it is.

        Returns:
            Images `(number, 28, 28)` and labels `(number,)`, uint8.

        """
        self.test_openings += 1
        if self.test_openings == 1:
            print("The test set is opened for the first time.")
        else:
            print(
                f"The test set is opened again (opening number {self.test_openings}): whatever you "
                "choose from now on by its result is fitted to it."
            )
        return self._arrays["x_test"].copy(), self._arrays["y_test"].copy()

    def load_data(self) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """Return `(x_train, y_train), (x_test, y_test)` as `keras.datasets.mnist.load_data` does.

        Training and validation digits together, in their original order. It opens the test set.
        """
        return (
            (self._arrays["x_train"].copy(), self._arrays["y_train"].copy()),
            self.open_test_set(),
        )


def load_digits(validation_size: int | None = None) -> Digits:
    """Load MNIST where it can be had, else the stand-in, and say which in one line.

    Args:
        validation_size: How many of the training digits to hold out for validation. `None` is
            a sixth of them: 10,000 of MNIST's 60,000. They are drawn once and for all by a fixed
            seed, so that every notebook holds out the same ones.

    Returns:
        The digits; see `Digits`.

    Raises:
        DataError: where `COURSE_DATA` names a folder that does not exist.
        TypeError: where `validation_size` is no integer.
        ValueError: where it is below 1 or leaves no digit for training.

    Source of the digits: LeCun, Cortes and Burges, "The MNIST database of handwritten digits";
    Alpaydin and Kaynak, "Optical Recognition of Handwritten Digits", UCI, for the stand-in.

    Examples:
        >>> digits = load_digits()  # doctest: +ELLIPSIS
        Digits: ...
        >>> digits.x_train.shape[1:], digits.x_train.dtype
        ((28, 28), dtype('uint8'))

    """
    arrays, name, source, reason = find_digits()
    training = len(arrays["y_train"])
    if validation_size is None:
        validation_size = training // 6
    held_out = integer("validation_size", validation_size, 1, training - 1)
    order = np.random.default_rng(0).permutation(training)
    kept, held = np.sort(order[held_out:]), np.sort(order[:held_out])
    numbers = f"{training:,} for training and {len(arrays['y_test']):,} for testing"
    if name == "MNIST":
        print(f"Digits: MNIST, {numbers}.")
    else:
        print(
            f"Digits: the stand-in, {numbers}, from scikit-learn. MNIST could not be had: {reason}."
        )
    x_train, y_train = arrays["x_train"], arrays["y_train"]
    return Digits(x_train[kept], y_train[kept], x_train[held], y_train[held], name, source, arrays)


def find_digits() -> tuple[Arrays, str, str, str]:
    """Look for MNIST in all places: arrays, name, source, and why MNIST could not be had."""
    course = locate.course_data_folder()
    places = [
        ("COURSE_DATA", course and course / "mnist.npz"),
        ("data", locate.DATA_FOLDER / "mnist.npz"),
        ("Keras cache", locate.keras_folder() / "datasets" / "mnist.npz"),
    ]

    def download():
        path = locate.download_folder() / "mnist.npz"
        return read_mnist(fetch(MNIST.url, path, MNIST.sha256, check_mnist))

    arrays, source, reason = locate.first_usable(places, read_mnist, download)
    if arrays is None:
        return stand_in_digits(), "stand-in", "scikit-learn", reason
    return arrays, "MNIST", source, ""


def read_mnist(path: Path) -> Arrays:
    """Read MNIST's arrays and verify them."""
    return read_arrays(path, MNIST)


def check_mnist(path: Path) -> None:
    """Let a download pass only if it holds MNIST's arrays."""
    try:
        read_mnist(path)
    except DataError as error:
        raise DownloadError(f"the downloaded file does not hold MNIST: {error}") from error


def stand_in_digits() -> Arrays:
    """Bring scikit-learn's 1,797 digits of 8x8 pixels to MNIST's form.

    They keep their order, in which the last 297 come from other writers than most of the
    first 1,500.

    Returns:
        `x_train` `(1500, 28, 28)`, `y_train` `(1500,)`, `x_test` `(297, 28, 28)` and `y_test`
        `(297,)`, uint8; pixels from 0, paper, to 255, ink.

    Examples:
        >>> stand_in_digits()["x_test"].shape
        (297, 28, 28)

    """
    small = small_digits()
    images = np.stack([center_like_mnist(image / 16.0) for image in small.images])
    pixels = np.rint(images * 255).astype(np.uint8)
    labels = small.target.astype(np.uint8)
    return {
        "x_train": pixels[:1500], "y_train": labels[:1500],
        "x_test": pixels[1500:], "y_test": labels[1500:],
    }  # fmt: skip


def center_like_mnist(image: Any) -> np.ndarray:
    """Scale a drawing into a 20x20 box and put its centre of mass into the middle of 28x28.

    The middle is row 14 and column 14, counted from 0: there MNIST's own digits have it.

    Args:
        image: `(height, width)` of any size, ink 1 on paper 0, values from 0 to 1.

    Returns:
        `(28, 28)`, float64 from 0 to 1. A drawing without ink gives an empty image.

    Raises:
        TypeError: where `image` holds no real numbers.
        ValueError: where it is empty, not finite, not two-dimensional, or out of range.

    Source of the method: LeCun, Cortes and Burges, "The MNIST database of handwritten digits".

    Examples:
        >>> float(center_like_mnist([[0, 0], [0, 1]])[4:24, 4:24].min())
        1.0

    """
    ink = array("image", image, dimensions=(2,)).astype(np.float64)
    if ink.min() < 0 or ink.max() > 1:
        raise ValueError(
            "`image` must hold values from 0 (paper) to 1 (ink). Received values from "
            f"{ink.min():g} to {ink.max():g}."
        )
    result = np.zeros((28, 28))
    if not ink.any():
        return result
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = 20 / max(ink.shape)
    height, width = (max(1, round(length * scale)) for length in ink.shape)
    resized = Image.fromarray(ink.astype(np.float32)).resize((width, height), Image.BICUBIC)
    ink = np.clip(np.asarray(resized, dtype=np.float64), 0, 1)
    top = round(14 - float(ink.sum(axis=1) @ np.arange(height) / ink.sum()))
    left = round(14 - float(ink.sum(axis=0) @ np.arange(width) / ink.sum()))
    # The box stays inside the image, however far out its centre of mass lies.
    top, left = min(max(top, 0), 28 - height), min(max(left, 0), 28 - width)
    result[top : top + height, left : left + width] = ink
    return result


@functools.cache
def small_digits():
    """Return scikit-learn's 1,797 digits of 8 x 8; reading their file takes 25 ms each time."""
    from sklearn.datasets import load_digits as load_small_digits

    return load_small_digits()


def load_digit_image(index: int = 9) -> np.ndarray:
    """Return one of scikit-learn's 1,797 small digits, brought to MNIST's form.

    Args:
        index: Which of them, 0 to 1796.

    Returns:
        `(28, 28)`, float64 from 0 (paper) to 1 (ink).

    Raises:
        TypeError: where `index` is no integer.
        ValueError: where it is out of range.

    Examples:
        >>> load_digit_image().shape
        (28, 28)

    """
    images = small_digits().images
    return center_like_mnist(images[integer("index", index, 0, len(images) - 1)] / 16.0)
