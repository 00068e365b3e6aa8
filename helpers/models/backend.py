"""Keras and TensorFlow, imported without TensorFlow's start-up lines.

Modules of the course and notebooks take both from here: `from helpers.models.backend import keras`.
Keras reads settings of its own, from a file and from the environment. Where they are not those
that the course was written for, importing this module fails with one sentence.
"""

import importlib
import json
import os
import sys
from typing import Any

from helpers.datasets.locate import keras_folder
from helpers.models.startup import quiet_start

SETTINGS = {"backend": "tensorflow", "image_data_format": "channels_last", "floatx": "float32",
            "epsilon": 1e-7}  # fmt: skip
# With these, Keras ends every training early and says nothing.
LIMITS = ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH")


def import_keras() -> Any:
    """Import Keras, and refuse settings with which the course cannot work.

    Raises:
        RuntimeError: where a setting is another one, or Keras cannot read them.

    Examples:
        >>> import_keras().config.backend()
        'tensorflow'

    """
    for name in LIMITS:
        if name in os.environ:
            raise RuntimeError(
                f"The environment variable {name} is set, which cuts every training short: remove "
                "it, and restart the kernel."
            )
    try:
        found = importlib.import_module("keras")
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and error.name in ("keras", "tensorflow"):
            raise RuntimeError(
                f"This kernel's Python ({sys.executable}) has no {error.name}: choose another one "
                "in the menu Kernel, Change Kernel, or install it there."
            ) from error
        named = os.environ.get("KERAS_BACKEND")
        # Keras asks the backend first that is set: one that is not installed cannot be imported.
        raise RuntimeError(
            f"Keras cannot start ({' '.join(str(error).split())}): {remedy(named)}"
        ) from error
    for name, wanted in SETTINGS.items():
        if (value := getattr(found.config, name)()) != wanted:
            by_name = name == "backend" and "KERAS_BACKEND" in os.environ
            raise RuntimeError(
                f"Keras is set to {name} {json.dumps(value)}, and the course needs "
                f"{json.dumps(wanted)}: "
                f"{remedy(value if by_name else None)}"
            )
    if (policy := found.config.dtype_policy().name) != SETTINGS["floatx"]:
        raise RuntimeError(
            f'Keras\' dtype policy is "{policy}", and the course begins with "float32": restart '
            'the kernel, or run keras.config.set_dtype_policy("float32") and this cell again.'
        )
    return found


def remedy(backend: str | None) -> str:
    """Say what to set: in the environment where that names a backend, else in Keras' file."""
    if backend is not None and backend != SETTINGS["backend"]:
        return (
            f'the environment variable KERAS_BACKEND is "{backend}"; set it to "tensorflow", or '
            "remove it, and restart the kernel."
        )
    wanted, file = json.dumps(SETTINGS)[1:-1], keras_folder() / "keras.json"
    return f"write {wanted} into {file}, or remove that file, and restart the kernel."


if flags := os.environ.get("XLA_FLAGS"):
    print(
        f"The environment variable XLA_FLAGS is set ({flags}). Where TensorFlow does not know one "
        "of these flags, the kernel dies in its first compiled training: then remove it."
    )
with quiet_start():
    keras = import_keras()
    import tensorflow as tf

    tf.config.list_physical_devices("GPU")
    tf.constant(0.0).numpy()

__all__ = ["keras", "tf"]
