"""Networks trained on ImageNet: their weights, from wherever they are, and their answers.

Weights come from the first of these places that has them: `weights/` in the folder that the
environment variable `COURSE_DATA` names (the file names stand in `CATALOGUE`), a Keras cache
(`keras/models/` in that folder, or Keras' own), a download by `keras.applications`. Where there
are none, the network gets random weights and says so: its numbers are then a baseline.
"""

import contextlib
import importlib
import json
import re
import sys
import warnings
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from helpers.arguments import array, choice, integer
from helpers.datasets import locate
from helpers.datasets.download import DownloadError, fetch, offline, patience
from helpers.files import writable_folder
from helpers.models.backend import keras

OFFLINE = "downloads are switched off by COURSE_OFFLINE"
WEIGHTS = ("ImageNet", "random")
CLASS_INDEX = "imagenet_class_index.json"


class Entry(NamedTuple):
    """A network of `keras.applications`, and where its weights may lie.

    Attributes:
        module, maker, options: How `keras.applications` makes it.
        size: Height and width of the pictures it was trained on.
        truncate_at: The layer whose output the course takes as features.
        course_file, holds: Its file in `COURSE_DATA/weights/`: weights of the whole network
            (`"top"`), without classifier (`"notop"`), or of the layers up to
            `truncate_at` (`"cut"`).
        right_up_to: The last layer whose weights in that file are right; empty for all.
        keras_file: Its file without classifier in a Keras cache.
        sha256: Checksums of Keras' files without and with classifier, where Keras itself does
            not verify what it downloads; from Keras' later source.

    """

    module: str
    maker: str
    options: dict[str, Any]
    size: int
    truncate_at: str
    course_file: str
    holds: str
    right_up_to: str
    keras_file: str
    sha256: tuple[str, ...] = ()

    def keras_name(self, top: bool) -> str:
        """Return the name of its file in a Keras cache, with or without classifier."""
        return re.sub("_?no_?top", "", self.keras_file) if top else self.keras_file


# Where Keras has its own files from, in a folder for each module.
RELEASED = "https://storage.googleapis.com/tensorflow/keras-applications"
ORDER = "_weights_tf_dim_ordering_tf_kernels_"
CATALOGUE = {
    "MobileNet 0.25": Entry(
        "mobilenet", "MobileNet", {"alpha": 0.25}, 224, "conv_pw_13_relu",
        "MobileNet-0.25-224.weights.h5", "top", "", "mobilenet_2_5_224_tf_no_top.h5",
        ("dbdb03ee2a22fd895301636cd328b234bb3a9952358f436d82f46b81e0d5b0bf",
         "98d047950e59f478af63681720906940efc8ce8cecb95bce5c7b47394f8bd63d"),
    ),
    "MobileNetV2": Entry(
        "mobilenet_v2", "MobileNetV2", {}, 224, "out_relu",
        "MobileNetV2-1.0-224.weights.h5", "top", "", f"mobilenet_v2{ORDER}1.0_224_no_top.h5",
    ),
    "InceptionV3": Entry(
        "inception_v3", "InceptionV3", {}, 299, "mixed7",
        "InceptionV3-notop-exact-to-mixed8.weights.h5", "notop", "mixed8",
        f"inception_v3{ORDER}notop.h5",
    ),
    "ResNet50": Entry(
        "resnet", "ResNet50", {}, 224, "conv5_block3_out",
        "ResNet50-notop.weights.h5", "notop", "", f"resnet50{ORDER}notop.h5",
    ),
    "VGG16": Entry(
        "vgg16", "VGG16", {}, 224, "block5_pool",
        "VGG16-notop.weights.h5", "notop", "", f"vgg16{ORDER}notop.h5",
    ),
    "VGG19 block 3": Entry(
        "vgg19", "VGG19", {}, 224, "block3_pool",
        "VGG19-block1-to-block3.weights.h5", "cut", "block3_pool", f"vgg19{ORDER}notop.h5",
    ),
}  # fmt: skip


class Base(NamedTuple):
    """A network without its classifier, from prepared pictures to maps of features.

    Attributes:
        name: Its name in `CATALOGUE`.
        network: From `(batch, side, side, 3)` to `(batch, height, width, channels)`.
        weights: `"ImageNet"` or `"random"`.
        source: `"COURSE_DATA"`, `"Keras cache"`, `"download"` or `"random"`.

    """

    name: str
    network: Any
    weights: str
    source: str

    def preprocess(self, pictures: Any) -> np.ndarray:
        """Bring pictures, uint8 from 0 to 255, into the form in which this network was trained."""
        return application(self.name).preprocess_input(np.array(pictures, "float32"))


def application(name: str) -> Any:
    """Return the module of `keras.applications` for a network in the catalogue.

    Args:
        name: One of `CATALOGUE`.

    Raises:
        TypeError: where `name` is no string.
        ValueError: where there is no such network.

    Examples:
        >>> application("VGG16").preprocess_input.__name__
        'preprocess_input'

    """
    entry = CATALOGUE[choice("name", name, CATALOGUE)]
    return importlib.import_module(f"keras.applications.{entry.module}")


def build(name: str, side: int | None = None, top: bool = False) -> Any:
    """Build a network with random weights, as `keras.applications` does, for pictures of `side`."""
    entry, maker = CATALOGUE[name], getattr(application(name), CATALOGUE[name].maker)
    side = side or entry.size
    return maker(**entry.options, weights=None, include_top=top, input_shape=(side, side, 3))


def truncate(network: Any, layer: str) -> Any:
    """Return the part of a network from its input to the output of a layer."""
    return keras.Model(network.input, network.get_layer(layer).output)


def load_base(name: str, side: int = 128, weights: str = "ImageNet") -> Base:
    """Load a network without its classifier, and say in one line which weights it has.

    Args:
        name: One of `CATALOGUE`.
        side: Height and width of the pictures in pixels, 75 to 512.
        weights: `"ImageNet"`, with random ones where those cannot be had, or `"random"`.

    Returns:
        The network with its weights; see `Base`.

    Raises:
        DataError: where `COURSE_DATA` names a folder that does not exist.
        TypeError: where an argument is of the wrong type.
        ValueError: where there is no such network, or a number is out of range.

    Examples:
        >>> base = load_base("MobileNet 0.25", weights="random")
        MobileNet 0.25: random weights, as wanted.
        >>> base.network.output_shape
        (None, 4, 4, 256)

    """
    choice("name", name, CATALOGUE)
    side = integer("side", side, 75, 512)
    if choice("weights", weights, WEIGHTS) == "ImageNet":
        network, source, reason = find_weights(name, side)
        if network is not None:
            print(f"{name}: ImageNet weights, from {source}.")
            return Base(name, network, "ImageNet", source)
        print(
            f"{name}: RANDOM WEIGHTS. ImageNet's could not be had: {reason}. What follows from "
            "this network is the random baseline."
        )
    else:
        print(f"{name}: random weights, as wanted.")
    return random_base(name, side)


def random_base(name: str, side: int) -> Base:
    """Build a network with random weights, the same each time."""
    keras.utils.set_random_seed(0)
    network = truncate(build(name, side), CATALOGUE[name].truncate_at)
    return Base(name, network, "random", "random")


def find_weights(name: str, side: int, top: bool = False) -> tuple[Any, str, str]:
    """Look for ImageNet weights in all places: network, source, and why there are none.

    With `top`, the network is whole, with its classifier; else it ends where it is cut.
    """
    entry, course = CATALOGUE[name], locate.course_data_folder()
    file, holds = entry.keras_name(top), "top" if top else "notop"
    own = locate.keras_folder() / "models" / file
    places = [("Keras cache", own, holds, "")]
    if course is not None:
        places.insert(0, ("Keras cache", course / "keras" / "models" / file, holds, ""))
        if entry.holds == "top" or not top:
            path = course / "weights" / entry.course_file
            places.insert(0, ("COURSE_DATA", path, entry.holds, entry.right_up_to))
    inside = {path: (holds, right_up_to) for _, path, holds, right_up_to in places}

    def read(path):
        return read_weights(name, side, path, *inside[path], top)

    def download_anew():
        if offline():
            raise DownloadError(OFFLINE)
        try:
            # What is left could not be read, and Keras would take it for its finished download.
            own.unlink(missing_ok=True)
            return download(name, side, top, own)
        except Exception as error:  # Keras raises a plain Exception where a download fails.
            raise DownloadError(brief(error)) from error

    return locate.first_usable([place[:2] for place in places], read, download_anew)


def lies_beside(name: str) -> bool:
    """Tell whether a network's own file lies in `COURSE_DATA/weights/`.

    Args:
        name: One of `CATALOGUE`.

    Raises:
        DataError: where `COURSE_DATA` names a folder that does not exist.
        TypeError: where `name` is no string.
        ValueError: where there is no such network.

    Examples:
        >>> lies_beside("VGG16") in (True, False)
        True

    """
    entry, course = CATALOGUE[choice("name", name, CATALOGUE)], locate.course_data_folder()
    return course is not None and (course / "weights" / entry.course_file).is_file()


def read_weights(
    name: str, side: int, path: Path, holds: str, right_up_to: str = "", top: bool = False
) -> Any:
    """Read weights from a file into a network that ends where the catalogue cuts it.

    Args:
        name: One of `CATALOGUE`.
        side: Height and width of the pictures in pixels.
        path: The file.
        holds: `"top"`, `"notop"` or `"cut"`; see `Entry`.
        right_up_to: The last layer whose weights are right, or nothing for all.
        top: Whether the whole network is wanted, from a file that holds `"top"`.

    Raises:
        DataError: where the file is cut or foreign, holds another network, numbers that are not
            finite, or weights that end before the network does.

    """
    entry = CATALOGUE[name]
    network = build(name, side, top=holds == "top")
    part = network if top else truncate(network, entry.truncate_at)
    if right_up_to:
        valid = {layer.name for layer in truncate(network, right_up_to).layers}
        if entry.truncate_at not in valid:
            raise locate.DataError(
                f"its weights are right up to the layer {right_up_to} only, and "
                f"{entry.truncate_at} lies behind it."
            )
    try:
        load_strictly(part if holds == "cut" else network, path)
    except (UserWarning, *locate.UNREADABLE) as error:
        if isinstance(error, OSError | NotImplementedError | EOFError | zlib.error):
            text = locate.why(error, "it is cut off, or holds no weights; get it again.")
        else:
            text = f"it holds the weights of another network than {name}."
        raise locate.DataError(text) from error
    if not all(np.isfinite(weight).all() for weight in part.get_weights()):
        raise locate.DataError("its weights are not all finite numbers; get it again.")
    return part


def load_strictly(network: Any, path: Path) -> None:
    """Load weights, and fail where Keras would only warn that it left some layers random."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        network.load_weights(path)


def brief(error: Exception) -> str:
    """Return why something could not be downloaded or read, as one short clause."""
    words = " ".join(str(error).split())
    if failed := re.match(r"URL fetch failure on https?://([^/]+)", words):
        return f"nothing could be downloaded from {failed[1]}"
    return words[:160].rstrip(".") or type(error).__name__


def download(name: str, side: int, top: bool, path: Path) -> Any:
    """Download weights into Keras' cache; the course verifies those that Keras does not."""
    entry = CATALOGUE[name]
    if entry.sha256:
        path = writable_folder(path.parent) / path.name
        fetch(f"{RELEASED}/{entry.module}/{path.name}", path, entry.sha256[top])
        return read_weights(name, side, path, "top" if top else "notop", top=top)
    maker, usual = getattr(application(name), entry.maker), (entry.size, entry.size, 3)
    with patience(30), held_back():
        trained = maker(**entry.options, weights="imagenet", include_top=top, input_shape=usual)
    if top:
        return trained
    network = build(name, side)
    network.set_weights(trained.get_weights())
    return truncate(network, entry.truncate_at)


class HeldBack:
    """Standard output that keeps Keras' announcement of a download until the first bytes come."""

    def __init__(self, out: Any):
        self._out, self._held = out, ""

    def write(self, text: str) -> None:
        """Write a text, and before it what was held back."""
        if text.startswith("Downloading data from"):
            self._held = text
        else:
            self._out.write(self._held + text)
            self._held = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._out, name)


def held_back() -> Any:
    """Return a context in which a download that fails at once announces nothing."""
    return contextlib.redirect_stdout(HeldBack(sys.stdout))


def load_bases(names: list[str], side: int = 128) -> list[Base]:
    """Load the networks whose ImageNet weights can be had, and say which are left out.

    Where none of them can be had, the first comes with random weights, so that what follows runs.

    Args:
        names: Some of `CATALOGUE`, one or more, in the order in which they are wanted.
        side: Height and width of the pictures in pixels, 75 to 512.

    Returns:
        The networks, as `load_base` gives them, in the same order.

    Raises:
        DataError: where `COURSE_DATA` names a folder that does not exist.
        TypeError: where a name is no string, or `side` no integer.
        ValueError: where there is no such network, no name, or `side` is out of range.

    Examples:
        >>> [base.name for base in load_bases(["MobileNet 0.25"])]  # doctest: +ELLIPSIS
        MobileNet 0.25: ...
        ['MobileNet 0.25']

    """
    if not names:
        raise ValueError("`names` must hold one network or more. Received none.")
    side = integer("side", side, 75, 512)
    bases: list[Base] = []
    missing: dict[str, list[str]] = {}
    for name in names:
        network, source, reason = find_weights(choice("name", name, CATALOGUE), side)
        if network is None:
            missing.setdefault(reason, []).append(name)
        else:
            print(f"{name}: ImageNet weights, from {source}.")
            bases.append(Base(name, network, "ImageNet", source))
    if not bases:
        bases = [random_base(names[0], side)]
        print(f"{names[0]}: RANDOM WEIGHTS. What follows from this network is the random baseline.")
    for reason, without in missing.items():
        left_out = [name for name in without if name not in [base.name for base in bases]]
        if left_out:
            print(f"Left out, without ImageNet's weights: {', '.join(left_out)} ({reason}).")
    return bases


def load_classifier(name: str) -> Any | None:
    """Load a whole network with its thousand classes, or say in one line that it is not there.

    It is meant for small files: `"MobileNet 0.25"` (2 MB) and `"MobileNetV2"` (14 MB).

    Args:
        name: One of `CATALOGUE`.

    Returns:
        A Keras model, not compiled, from prepared pictures `(batch, 224, 224, 3)` to
        probabilities `(batch, 1000)`, or None.

    Raises:
        DataError: where `COURSE_DATA` names a folder that does not exist.
        TypeError: where `name` is no string.
        ValueError: where there is no such network.

    Examples:
        >>> network = load_classifier("MobileNet 0.25")  # doctest: +ELLIPSIS
        MobileNet 0.25: ...

    """
    entry = CATALOGUE[choice("name", name, CATALOGUE)]
    network, source, reason = find_weights(name, entry.size, top=True)
    if network is None:
        print(f"{name}: its ImageNet classifier could not be had: {reason}.")
    else:
        print(f"{name}: ImageNet weights with classifier, from {source}.")
    return network


def class_names() -> list[str] | None:
    """Return the names of ImageNet's 1,000 classes in order, or say that they are not there.

    Raises:
        DataError: where `COURSE_DATA` names a folder that does not exist.

    Examples:
        >>> class_names()[281]  # doctest: +SKIP
        'tabby'

    """
    course = locate.course_data_folder()
    folders = [course / "keras"] if course is not None else []
    folders.append(locate.keras_folder())

    def read(path):
        try:
            index = json.loads(path.read_text(encoding="utf-8"))
            return [str(index[str(place)][1]) for place in range(1000)]
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise locate.DataError("it is damaged or foreign; delete it.") from error

    def download_anew():
        if offline():
            raise DownloadError(OFFLINE)
        numbers = np.eye(1000, dtype="float32")
        try:
            with patience(30), held_back():
                decoded = keras.applications.imagenet_utils.decode_predictions(numbers, top=1)
            return [best[0][1] for best in decoded]
        except Exception as error:  # Keras raises a plain Exception where a download fails.
            raise DownloadError(brief(error)) from error

    places = [("Keras cache", folder / "models" / CLASS_INDEX) for folder in folders]
    names, _, reason = locate.first_usable(places, read, download_anew)
    if names is None:
        print(
            f"The names of the classes could not be had: {reason}. Their numbers are shown instead."
        )
    return names


def top_five(probabilities: Any, names: list[str] | None) -> list[tuple[str, float]]:
    """Return the five likeliest classes of one answer, as Keras' `decode_predictions` does.

    Args:
        probabilities: `(1000,)`, of one picture.
        names: One name for each class; None shows numbers.

    Returns:
        Five pairs of name and probability, the likeliest first.

    Raises:
        TypeError: where `probabilities` holds no numbers.
        ValueError: where it has another shape.

    Examples:
        >>> top_five(np.eye(1000)[281], None)[0]
        ('class 281', 1.0)

    """
    found = array("probabilities", probabilities, dimensions=(1,))
    if len(found) != 1000:
        raise ValueError(
            f"`probabilities` must have shape (1000,). Received one of shape {found.shape}."
        )
    best = np.argsort(-found, kind="stable")[:5]
    return [(names[place] if names else f"class {place}", float(found[place])) for place in best]
