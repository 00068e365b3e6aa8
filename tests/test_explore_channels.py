"""The channel explorer of notebook 03 without a browser."""

import numpy as np
import pytest

from helpers import explore
from helpers.explore import canvas, channels_explorer


def test_the_channels_add_up_to_what_keras_computes():
    from helpers.networks import keras

    image = np.random.default_rng(0).random((7, 9, 3))
    explorer = explore.channels(image)
    for chosen, weights in channels_explorer.FILTERS.items():
        layer = keras.layers.Conv2D(1, 3, use_bias=False)
        layer.build((None, 7, 9, 3))
        layer.set_weights([weights])
        explorer.set(chosen=chosen, row=3, column=5)
        expected = float(layer(image[None].astype("float32"))[0, 3, 5, 0])
        assert f"their sum is {canvas.number(expected)}." in repr(explorer)


@pytest.mark.parametrize("bad", [np.zeros((9, 9)), np.zeros((9, 9, 4)), np.zeros((2, 9, 3)),
                                 np.zeros((97, 9, 3)), "x"])  # fmt: skip
def test_the_channels_refuse(bad):
    with pytest.raises((TypeError, ValueError), match="`image` must"):
        explore.channels(bad)
