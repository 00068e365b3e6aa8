"""NumPy convolution and pooling against TensorFlow, over many random settings."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.layers import conv, kernels, shapes

SIDE, SMALL = st.integers(1, 14), st.integers(1, 4)
PAIR = st.tuples(SMALL, SMALL)
PADDINGS = st.sampled_from(["valid", "same"])


def fits(sides, spans, padding):
    return padding == "same" or all(s >= k for s, k in zip(sides, spans, strict=True))


@settings(max_examples=400, deadline=None)
@given(st.tuples(SIDE, SIDE), PAIR, PAIR, PADDINGS, PAIR, PAIR, st.integers(0, 2**32 - 1))
def test_conv2d_equals_tensorflow(sides, size, strides, padding, rates, depths, seed):
    spans = [shapes.effective_kernel_size(k, d) for k, d in zip(size, rates, strict=True)]
    assume(fits(sides, spans, padding))
    random = np.random.default_rng(seed)
    images = random.normal(size=(2, *sides, depths[0])).astype("float32")
    weights = random.normal(size=(*size, *depths)).astype("float32")
    # TensorFlow's own operation refuses stride with dilation on some devices: a kernel with
    # zeros between its weights is the same by definition.
    spread = np.zeros((*spans, *depths), "float32")
    spread[:: rates[0], :: rates[1]] = weights
    # TensorFlow 2.21 computes wrong numbers on CPUs for one channel with strides such as (1, 2):
    # a second channel of zeros changes nothing and avoids it.
    wider = [(0, 0), (0, 0), (0, 0), (0, 1)], [(0, 0), (0, 0), (0, 1), (0, 0)]
    images_2, spread_2 = np.pad(images, wider[0]), np.pad(spread, wider[1])
    expected = tf.nn.conv2d(images_2, spread_2, strides, padding.upper()).numpy()
    actual = conv.conv2d(images, weights, strides, padding, rates)
    assert actual.dtype == np.float32
    np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-5)


@settings(max_examples=300, deadline=None)
@given(st.tuples(SIDE, SIDE), PAIR, PAIR, PADDINGS, st.integers(0, 2**32 - 1))
def test_pooling_equals_tensorflow(sides, size, strides, padding, seed):
    assume(fits(sides, size, padding))
    images = np.random.default_rng(seed).normal(size=(2, *sides, 3)).astype("float32")
    for ours, theirs in (
        (conv.max_pool2d, tf.nn.max_pool2d),
        (conv.average_pool2d, tf.nn.avg_pool2d),
    ):
        expected = theirs(images, size, strides, padding.upper()).numpy()
        actual = ours(images, size, strides, padding)
        np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-6)


def test_every_form_of_input():
    random = np.random.default_rng(0)
    batch, weights = random.normal(size=(2, 6, 7, 3)), random.normal(size=(3, 2, 3, 5))
    whole = conv.conv2d(batch, weights)
    assert whole.shape == (2, 4, 6, 5)
    np.testing.assert_array_equal(conv.conv2d(batch[1], weights), whole[1])
    flat = weights[:, :, 0, 0]
    by_channel = conv.conv2d(batch, flat)
    assert by_channel.shape == (2, 4, 6, 3)
    np.testing.assert_array_equal(conv.conv2d(batch[0, :, :, 1], flat), by_channel[0, :, :, 1])
    assert conv.conv2d(batch[0, :, :, 0], weights[:, :, :1]).shape == (4, 6, 5)
    assert conv.max_pool2d(batch[0, :, :, 0]).shape == (3, 3)
    assert conv.average_pool2d(batch[0]).shape == (3, 3, 3)


def test_arguments_stay_as_they_were():
    image, weights = np.ones((5, 5)), np.ones((3, 3))
    conv.conv2d(image, weights, padding="same")
    conv.max_pool2d(image, 1)
    conv.average_pool2d(image, 1)
    assert image.sum() == 25
    assert weights.sum() == 9


GOOD = {"inputs": np.ones((5, 5)), "kernel": np.ones((3, 3))}
BAD_ARRAYS = [
    None, "image", 3, [], np.ones(5), np.ones((0, 5)), np.ones((1, 2, 3, 4, 5)), [[1], [1, 2]],
    np.full((5, 5), np.nan), np.full((5, 5), np.inf), np.ones((5, 5), complex), [["a"]],
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD_ARRAYS)
@pytest.mark.parametrize("name", ["inputs", "kernel"])
def test_bad_arrays_are_named(name, bad):
    with pytest.raises((ValueError, TypeError), match=f"`{name}` .*Received"):
        conv.conv2d(**{**GOOD, name: bad})


@pytest.mark.parametrize("bad", [0, -1, 1.5, (1,), (1, 2, 3), (0, 1), "2", True])
@pytest.mark.parametrize("name", ["strides", "dilation_rate"])
def test_bad_steps_are_named(name, bad):
    with pytest.raises((ValueError, TypeError), match=f"`{name}` .*Received"):
        conv.conv2d(**GOOD, **{name: bad})


def test_bad_pools_are_named():
    for pool in (conv.max_pool2d, conv.average_pool2d):
        for bad in (0, 1.5, (1, 2, 3), 6, None):
            with pytest.raises((ValueError, TypeError), match="Received"):
                pool(np.ones((5, 5)), bad)
        with pytest.raises(ValueError, match="`padding`"):
            pool(np.ones((5, 5)), padding="full")


def test_channels_must_fit_and_memory_must_suffice():
    with pytest.raises(ValueError, match="`kernel` must have as many channels"):
        conv.conv2d(np.ones((5, 5, 3)), np.ones((3, 3, 4, 2)))
    with pytest.raises(ValueError, match=r"above the limit.*Received"):
        conv.conv2d(np.ones((5, 5)), np.ones((3, 3)), padding="same", dilation_rate=10**6)


def test_kernels_do_what_they_say():
    ramp = np.tile(np.arange(8.0), (8, 1))
    show = {name: conv.conv2d(ramp, each.weights) for name, each in kernels.KERNELS.items()}
    np.testing.assert_array_equal(show["identity"], ramp[1:-1, 1:-1])
    np.testing.assert_array_equal(show["shift_left"], ramp[1:-1, 2:])
    assert (show["sobel_x"] == 8).all()
    assert (show["sobel_y"] == 0).all()
    assert (show["laplacian"] == 0).all()
    for name in ("box_blur", "gaussian_blur", "gaussian_blur_5", "sharpen", "identity"):
        assert kernels.KERNELS[name].weights.sum() == pytest.approx(1)
    stroke = np.eye(9)
    down, up = (
        conv.conv2d(stroke, kernels.kernel("diagonal_down")),
        conv.conv2d(stroke, kernels.kernel("diagonal_up")),
    )
    assert down.max() == 6
    assert up.max() < down.max() / 2


def test_kernels_are_not_changed_by_accident():
    kernels.kernel("identity")[0, 0] = 5
    assert kernels.kernel("identity")[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        kernels.KERNELS["identity"].weights[0, 0] = 5
    with pytest.raises(ValueError, match="`name` must be one of"):
        kernels.kernel("sobel")
