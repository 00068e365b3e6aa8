"""The network that the course trained, loaded once for all explorers."""

import functools

from helpers.models.mnist_cnn import load_trained


@functools.cache
def trained():
    """Return the network that the course trained, loaded once."""
    return load_trained()
