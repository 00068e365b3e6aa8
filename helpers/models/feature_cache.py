"""Features of pictures, computed once and kept on disk under a name made from their content.

The name is a digest of the prepared pictures, of the network's structure and of its weights: a
change in any of them gives other features under another name, never the old ones. What does not
change the features is left out of it: where pictures and weights came from, and how many networks
were built before.
"""

import hashlib
import json
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from helpers.arguments import array
from helpers.datasets import locate
from helpers.files import whole
from helpers.models.backend import tf
from helpers.plots.status_line import StatusLine, time_left

BATCH = 25


class Features(NamedTuple):
    """What a network makes of pictures: `(pictures, channels)`, and what that took once."""

    values: np.ndarray
    seconds: float
    from_cache: bool


def digest(network: Any, prepared: np.ndarray) -> str:
    """Return a SHA-256 of what the features depend on."""
    found = hashlib.sha256(repr((prepared.shape, str(prepared.dtype))).encode())
    found.update(np.ascontiguousarray(prepared))
    found.update(json.dumps(structure(network.get_config()), sort_keys=True).encode())
    for weight in network.get_weights():
        found.update(np.ascontiguousarray(weight))
    return found.hexdigest()


def structure(config: dict[str, Any]) -> list:
    """Return a network's configuration with a place for each layer's name.

    Keras numbers layers on (`conv2d`, `conv2d_1`, ...) through all networks that a process
    builds, also one whose weights then fail to download: the same network bears other names
    each time. `trainable` is left out too, since features are computed in inference mode.

    Args:
        config: What `get_config` of a Sequential or functional model returns.

    """
    places = {layer["config"]["name"]: place for place, layer in enumerate(config["layers"])}
    found = []
    for layer in config["layers"]:
        inner = layer["config"]
        if "layers" in inner:
            inner = structure(inner)
        else:
            inner = {key: inner[key] for key in inner if key not in ("name", "trainable")}
        kind = [layer["module"], layer["class_name"], layer["registered_name"]]
        found.append([kind, inner, placed(layer.get("inbound_nodes"), places)])
    ends = [placed(config.get(end), places) for end in ("input_layers", "output_layers")]
    return [found, ends]


def placed(nodes: Any, places: dict[str, int]) -> Any:
    """Put places for names where a configuration tells from which layer a tensor comes."""
    if isinstance(nodes, dict):
        return {key: placed(value, places) for key, value in nodes.items()}
    if not isinstance(nodes, list | tuple):
        return nodes
    if len(nodes) == 3 and isinstance(nodes[0], str) and nodes[0] in places:
        return [places[nodes[0]], *nodes[1:]]
    return [placed(value, places) for value in nodes]


def cached_features(name: str, network: Any, prepared: Any, folder: Path | None = None) -> Features:
    """Return the mean of each map that a network makes of pictures, computed or from the cache.

    Args:
        name: What the line of progress calls the network.
        network: A Keras model from `(batch, side, side, 3)` to maps `(batch, height, width,
            channels)`; it is run in inference mode.
        prepared: Pictures `(pictures, side, side, 3)`, prepared for the network.
        folder: Where features are kept; `data/features` where it is left out.

    Returns:
        The features, the processor seconds that computing them took (of all cores together),
        and whether they were on disk.

    Raises:
        TypeError: where `prepared` holds no real numbers.
        ValueError: where it has another number of dimensions, or is not finite.

    Examples:
        >>> import tempfile
        >>> from helpers.models.backend import keras
        >>> network = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3)])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     found = cached_features("small", network, np.zeros((2, 8, 8, 3)), Path(folder))
        >>> found.values.shape, found.from_cache
        ((2, 4), False)

    """
    pictures = array("prepared", prepared, dimensions=(4,))
    folder = locate.DATA_FOLDER / "features" if folder is None else folder
    key = digest(network, pictures)
    path = folder / f"{key[:20]}.npz"
    line = StatusLine()
    kept = read(path, key)
    if kept is not None:
        line.say(f"{name}: {len(pictures)} pictures, features from the cache", last=True)
        return kept
    begun = time.process_time()
    values = compute(name, network, pictures, line)
    seconds = time.process_time() - begun
    note = f"{name}: {len(pictures)} pictures in {seconds:.1f} processor seconds"
    try:
        write(path, key, values, seconds)
    except OSError as error:
        note += f", not kept on disk ({error.strerror or error})"
    line.say(note, last=True)
    return Features(values, seconds, False)


def compute(name: str, network: Any, pictures: np.ndarray, line: StatusLine) -> np.ndarray:
    """Run a network batch by batch, and tell how far it is."""
    run = tf.function(
        lambda batch: tf.reduce_mean(network(batch, training=False), axis=(1, 2)),
        input_signature=[tf.TensorSpec((None, *pictures.shape[1:]), tf.float32)],
    )
    begun, found = time.monotonic(), []
    for start in range(0, len(pictures), BATCH):
        found.append(np.asarray(run(pictures[start : start + BATCH].astype("float32"))))
        done = min(start + BATCH, len(pictures))
        left = time_left(begun, done, len(pictures))
        line.say(f"{name}: {done} of {len(pictures)} pictures, {left}")
    return np.concatenate(found)


def write(path: Path, key: str, values: np.ndarray, seconds: float) -> None:
    """Keep features; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    check = hashlib.sha256(np.ascontiguousarray(values)).hexdigest()
    with whole(path) as part:
        np.savez(part, values=values, key=key, check=check, seconds=seconds)


def read(path: Path, key: str) -> Features | None:
    """Return features that are on disk, or None where there are none, or none that are right."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            values, seconds = stored["values"], float(stored["seconds"])
            check = hashlib.sha256(np.ascontiguousarray(values)).hexdigest()
            if str(stored["key"]) != key or str(stored["check"]) != check:
                return None
    except locate.UNREADABLE:
        return None
    return Features(values, seconds, True)
