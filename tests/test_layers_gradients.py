"""The backward pass in NumPy against TensorFlow's automatic differentiation."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.explore.training import backpropagation
from helpers.layers import gradients

SIDE, SMALL, SEED = st.integers(3, 9), st.integers(1, 3), st.integers(0, 2**32 - 1)
HALF = st.integers(-6, 6).map(lambda number: number / 2)


@settings(max_examples=100, deadline=None)
@given(st.tuples(SIDE, SIDE), st.tuples(SMALL, SMALL), SEED)
def test_convolution(sides, size, seed):
    random = np.random.default_rng(seed)
    image, kernel = random.normal(size=sides), random.normal(size=size)
    with tf.GradientTape() as tape:
        inputs, weights = tf.Variable(image[None, ..., None]), tf.Variable(kernel[..., None, None])
        output = tf.nn.conv2d(inputs, weights, 1, "VALID")
        sent = random.normal(size=output.shape)
        total = tf.reduce_sum(output * sent)
    expected = [found.numpy().squeeze() for found in tape.gradient(total, [weights, inputs])]
    of_kernel, of_image = gradients.conv2d_gradients(image, kernel, sent[0, ..., 0])
    np.testing.assert_allclose(of_kernel.squeeze(), expected[0], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(of_image, expected[1], rtol=1e-9, atol=1e-9)
    assert (of_kernel.shape, of_image.shape) == (kernel.shape, image.shape)


@settings(max_examples=60, deadline=None)
@given(st.tuples(SIDE, SIDE), SMALL, SEED)
def test_pooling_with_equal_numbers(sides, size, seed):
    random = np.random.default_rng(seed)
    image = random.integers(0, 4, sides).astype(float)
    with tf.GradientTape() as tape:
        inputs = tf.Variable(image[None, ..., None])
        output = tf.nn.max_pool2d(inputs, size, 1, "VALID")
        sent = random.normal(size=output.shape)
        total = tf.reduce_sum(output * sent)
    found = gradients.max_pool2d_gradient(image, size, sent[0, ..., 0])
    expected = tape.gradient(total, inputs).numpy()[0, ..., 0]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-800, 800), min_size=1, max_size=6))
def test_softmax(logits):
    found = gradients.softmax(logits)
    np.testing.assert_allclose(found, tf.nn.softmax(np.array(logits)), rtol=1e-9, atol=1e-300)
    assert abs(found.sum() - 1) < 1e-12


@settings(max_examples=40, deadline=None)
@given(st.lists(HALF, min_size=9, max_size=9), st.integers(0, 1))
def test_the_tiny_network_of_the_explorer(numbers, label):
    kernel = np.reshape(numbers, (3, 3))
    found = backpropagation.forward_and_back(kernel, label)
    with tf.GradientTape() as tape:
        weights = tf.Variable(kernel[..., None, None])
        inputs = tf.Variable(backpropagation.STROKE[None, ..., None])
        convolution = tf.nn.conv2d(inputs, weights, 1, "VALID")
        relu = tf.nn.relu(convolution)
        pooling = tf.nn.max_pool2d(relu, 2, 1, "VALID")
        logits = tf.reshape(pooling, (1, 4)) @ backpropagation.DENSE
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits([label], logits)[0]
    forward = {"convolution": convolution, "relu": relu, "pooling": pooling, "logits": logits,
               "softmax": tf.nn.softmax(logits), "loss": loss}  # fmt: skip
    sources = {"to_logits": logits, "to_pooling": pooling, "to_relu": relu,
               "to_convolution": convolution, "to_kernel": weights, "to_input": inputs}  # fmt: skip
    backward = dict(zip(sources, tape.gradient(loss, list(sources.values())), strict=True))
    for name, expected in {**forward, **backward}.items():
        np.testing.assert_allclose(
            getattr(found, name), np.squeeze(expected), rtol=1e-9, atol=1e-12, err_msg=name
        )


@pytest.mark.parametrize("call", [
    lambda: gradients.softmax([[1, 2]]),
    lambda: gradients.softmax([]),
    lambda: gradients.conv2d_gradients(np.ones((3, 3)), np.ones((2, 2)), np.ones((3, 3))),
    lambda: gradients.max_pool2d_gradient(np.ones((3, 3)), 2, np.ones((3, 3))),
    lambda: gradients.max_pool2d_gradient(np.ones((3, 3)), 4, np.ones((3, 3))),
])  # fmt: skip
def test_what_does_not_fit_is_refused(call):
    with pytest.raises(ValueError, match=r"`\w+` must .*Received"):
        call()
