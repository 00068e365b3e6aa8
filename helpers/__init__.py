"""Helpers of the course on convolutional neural networks with Keras.

Importing this package costs nothing: TensorFlow and Keras are loaded only by
`helpers.models.backend`, which the notebooks that train import themselves.
"""

if not __debug__:
    print(
        "Python runs without assertions (-O or PYTHONOPTIMIZE): the course's claims are then not "
        "checked. Remove that setting, and restart the kernel."
    )

__version__ = "0.1.0"
