"""Running a LiteRT model from Python, with what is installed."""

import importlib
import warnings
from typing import Any

from helpers.models.backend import tf
from helpers.models.startup import quiet_start

# TensorFlow's own copy says so each time: the text of the notebook says it once.
MOVED = "tf.lite.Interpreter is deprecated"


def interpreter(content: bytes) -> Any:
    """Make an interpreter for a LiteRT model: the package's if it is there, else TensorFlow's.

    The package `ai-edge-litert` needs no TensorFlow and takes a few megabytes. TensorFlow 2.20
    and 2.21 hold a copy of its interpreter, and advise to change; that advice is held back, any
    other warning is passed on.

    Args:
        content: The model: the bytes of a file written by `network.export(path, format="litert")`.

    Returns:
        The interpreter, with memory for its tensors: `set_tensor`, `invoke` and `get_tensor` work.

    Raises:
        TypeError: where `content` are no bytes.
        ValueError: where they are no LiteRT model.

    Examples:
        >>> interpreter("model.tflite")
        Traceback (most recent call last):
        TypeError: `content` must be the bytes of a model. Received str.

    """
    if not isinstance(content, bytes):
        raise TypeError(
            f"`content` must be the bytes of a model. Received {type(content).__name__}."
        )
    with warnings.catch_warnings(record=True) as said, quiet_start():
        warnings.simplefilter("always")
        made = interpreter_class()(model_content=content)
        made.allocate_tensors()
    for warning in said:
        if MOVED not in str(warning.message):
            warnings.warn(warning.message, warning.category, stacklevel=2)
    return made


def interpreter_class() -> type:
    """Return the class of the package, or TensorFlow's copy where it is not installed."""
    try:
        return importlib.import_module("ai_edge_litert.interpreter").Interpreter
    except ImportError:
        return tf.lite.Interpreter
