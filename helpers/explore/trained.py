"""The networks that the course trained, loaded once for all explorers."""

import functools

from helpers.models.mnist_cnn import OTHERS, load_trained


@functools.cache
def trained():
    """Return the network that the course trained, loaded once."""
    return load_trained()


@functools.cache
def another():
    """Return a network that was trained in the same way from another random start."""
    return load_trained(name=OTHERS[0])
