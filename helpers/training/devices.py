"""Virtual devices: one processor that TensorFlow takes for several."""

from typing import Any

from helpers.arguments import integer
from helpers.models.startup import quiet_start


def split_processor(number: int = 2) -> list[Any]:
    """Let TensorFlow take the processor for several devices, all of which share its cores.

    This can only be done before TensorFlow runs its first operation; importing
    `helpers.models.mnist_cnn` runs one. Doing it again in the same session changes nothing.

    Args:
        number: How many devices there shall be at least, 1 or more.

    Returns:
        TensorFlow's logical devices of the kind CPU.

    Raises:
        TypeError: where `number` is no integer.
        ValueError: where it is below 1.
        RuntimeError: where TensorFlow has begun with fewer devices.

    Examples:
        >>> len(split_processor(1)) >= 1
        True

    """
    integer("number", number)
    with quiet_start():
        import tensorflow as tf

        processor = tf.config.list_physical_devices("CPU")[0]
        parts = [tf.config.LogicalDeviceConfiguration() for _ in range(number)]
        late = False
        try:
            tf.config.set_logical_device_configuration(processor, parts)
        except RuntimeError:
            late = True
        tf.config.list_physical_devices("GPU")
        devices = tf.config.list_logical_devices("CPU")
    if late and len(devices) < number:
        raise RuntimeError(
            "TensorFlow has begun with one processor device: restart the kernel, and run the "
            "cells from the top."
        )
    return devices
