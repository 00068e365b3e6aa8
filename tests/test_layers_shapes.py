"""The size formulas against Keras, over many random settings, and their errors."""

import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.layers import shapes

SIZES = st.integers(1, 40)
SMALL = st.integers(1, 7)
PADDINGS = st.sampled_from(["valid", "same"])


@settings(max_examples=2000, deadline=None)
@given(SIZES, SMALL, SMALL, PADDINGS, SMALL)
def test_output_size_is_what_keras_says(size, kernel, strides, padding, dilation):
    assume(strides == 1 or dilation == 1)
    layer = keras.layers.Conv1D(1, kernel, strides, padding, dilation_rate=dilation)
    if padding == "valid" and shapes.effective_kernel_size(kernel, dilation) > size:
        with pytest.raises(ValueError, match="`kernel_size`"):
            shapes.output_size(size, kernel, strides, padding, dilation)
        return
    expected = layer.compute_output_shape((1, size, 1))[1]
    assert shapes.output_size(size, kernel, strides, padding, dilation) == expected


@settings(max_examples=300, deadline=None)
@given(SIZES, SMALL, SMALL)
def test_padding_is_where_tensorflow_puts_it(size, kernel, strides):
    ramp = np.arange(1, size + 1, dtype="float32").reshape(1, size, 1)
    weights = np.arange(1, kernel + 1, dtype="float32").reshape(kernel, 1, 1)
    expected = keras.ops.convert_to_numpy(
        keras.ops.conv(ramp, weights, strides=strides, padding="same")
    )
    before, after = shapes.padding_amounts(size, kernel, strides)
    padded = np.pad(ramp, [(0, 0), (before, after), (0, 0)])
    actual = keras.ops.convert_to_numpy(keras.ops.conv(padded, weights, strides=strides))
    # TensorFlow's windows start `before` pixels ahead of the image; a size with pixels to spare
    # under a large stride needs no padding and may leave more of them at the end.
    np.testing.assert_allclose(actual, expected, rtol=1e-5)


def test_padding_known_by_hand():
    assert shapes.padding_amounts(6, 3, strides=2) == (0, 1)
    assert shapes.padding_amounts(28, 5) == (2, 2)
    assert shapes.padding_amounts(28, 4) == (1, 2)
    assert shapes.padding_amounts(5, 1, strides=3) == (0, 0)
    assert shapes.padding_amounts(28, 3, padding="valid") == (0, 0)
    assert shapes.padding_amounts(28, 3, dilation_rate=2) == (2, 2)


@given(st.tuples(SMALL, SMALL), SMALL, SMALL, st.booleans())
@settings(max_examples=100, deadline=None)
def test_parameters_are_what_keras_counts(kernel, channels, filters, use_bias):
    layer = keras.layers.Conv2D(filters, kernel, use_bias=use_bias)
    layer.build((None, 28, 28, channels))
    assert shapes.conv2d_parameters(kernel, channels, filters, use_bias) == layer.count_params()


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3)), max_size=4))
@settings(max_examples=200, deadline=None)
def test_receptive_field_is_what_one_output_sees(layers):
    seen = {0}
    for kernel, strides, dilation in reversed(layers):
        seen = {place * strides + tap * dilation for place in seen for tap in range(kernel)}
    assert shapes.receptive_field(layers) == max(seen) - min(seen) + 1


@pytest.mark.parametrize("bad", [0, -1, 2.0, "3", None, True, float("nan"), [], np.zeros(2)])
@pytest.mark.parametrize("name", ["input_size", "kernel_size", "strides", "dilation_rate"])
def test_bad_sizes_are_named(name, bad):
    good = {"input_size": 28, "kernel_size": 3, "strides": 1, "dilation_rate": 1}
    for function in (shapes.output_size, shapes.padding_amounts):
        with pytest.raises((ValueError, TypeError), match=f"`{name}` .* Received {name}="):
            function(**{**good, name: bad})


@pytest.mark.parametrize("bad", ["full", "", None, 1])
def test_bad_padding_is_named(bad):
    with pytest.raises((ValueError, TypeError), match="`padding` must be one of"):
        shapes.output_size(28, 3, padding=bad)


@pytest.mark.parametrize("bad", [5, None, "33", [3], [()], [(1, 2, 3, 4)], [(0,)], [(3, 1.5)]])
def test_bad_layers_are_named(bad):
    with pytest.raises((ValueError, TypeError), match="Received"):
        shapes.receptive_field(bad)


def test_bad_parameters_are_named():
    for arguments in [((3,), 1, 1), ((3, 0), 1, 1), (3, 0, 1), (3, 1, -1), (3, 1, 1, 1)]:
        with pytest.raises((ValueError, TypeError), match="Received"):
            shapes.conv2d_parameters(*arguments)


def test_huge_numbers_stay_exact():
    assert shapes.output_size(10**30, 3) == 10**30 - 2
