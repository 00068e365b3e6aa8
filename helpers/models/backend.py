"""Keras and TensorFlow, imported without TensorFlow's start-up lines.

Modules of the course and notebooks take both from here: `from helpers.models.backend import keras`.
"""

from helpers.models.startup import quiet_start

with quiet_start():
    import keras
    import tensorflow as tf

    tf.config.list_physical_devices("GPU")
    tf.constant(0.0).numpy()

__all__ = ["keras", "tf"]
