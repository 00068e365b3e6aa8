"""Helpers of the course on convolutional neural networks with Keras.

Importing this package costs nothing: TensorFlow and Keras are loaded only by
`helpers.models.backend`, which the notebooks that train import themselves.
"""

__version__ = "0.1.0"
