"""The budget explorer: its numbers are those of Keras, its words name the faults."""

import itertools

import numpy as np
import pytest

from helpers import explore
from helpers.explore.wrap_up import budget as explorer
from helpers.models.backend import keras

NAMES = ("blocks", "filters", "dense", "kernel", "padding", "smaller", "end")
ALL = [
    dict(zip(NAMES, values, strict=True))
    for values in itertools.product(
        (1, 3), (4, 12), (0, 32), ("1", "3", "5"), ("valid", "same"),
        (explorer.POOLING, explorer.STRIDE, explorer.NOTHING), (explorer.FLATTEN, explorer.GLOBAL),
    )
]  # fmt: skip


def built(settings):
    """Build with Keras what the controls describe."""
    layers = keras.layers
    network = [keras.Input((28, 28, 1))]
    for block in range(settings["blocks"]):
        strides = 2 if settings["smaller"] == explorer.STRIDE else 1
        filters, kernel = settings["filters"] * 2**block, int(settings["kernel"])
        network.append(layers.Conv2D(filters, kernel, strides, settings["padding"]))
        if settings["smaller"] == explorer.POOLING:
            network.append(layers.MaxPooling2D(2))
    flat = settings["end"] == explorer.FLATTEN
    network.append(layers.Flatten() if flat else layers.GlobalMaxPooling2D())
    if settings["dense"]:
        network.append(layers.Dense(settings["dense"]))
    return keras.Sequential([*network, layers.Dense(10)])


@pytest.mark.parametrize("settings", ALL[::11], ids=str)
def test_numbers_are_those_of_keras(settings):
    rows, misfit = explorer.fitting(explorer.layers_of(**settings))
    said = explorer.scene(**settings).words
    try:
        network = built(settings)
    except ValueError:
        assert misfit
        assert "cannot be built" in said
        return
    assert not misfit
    assert [row.shape for row in rows[1:]] == [
        tuple(one.output.shape[1:]) for one in network.layers
    ]
    assert [row.parameters for row in rows[1:]] == [one.count_params() for one in network.layers]
    assert f"{network.count_params():,} parameters" in said


def test_the_field_is_what_the_gradient_reaches():
    settings = explore.budget(blocks=2, kernel_size=3).settings()
    rows, _ = explorer.fitting(explorer.layers_of(**settings))
    last = [row for row in rows if len(row.shape) == 3][-1]
    random = np.random.default_rng(0)
    network = built(settings)
    stack = keras.Sequential([keras.Input((28, 28, 1)), *network.layers[:4]])
    image = random.normal(size=(1, 28, 28, 1)).astype("float32")
    seen = np.zeros((28, 28), bool)
    before = np.asarray(stack(image))[0, 2, 2]
    for row, column in np.ndindex(28, 28):
        changed = image.copy()
        changed[0, row, column] += 100
        seen[row, column] = (np.asarray(stack(changed))[0, 2, 2] != before).any()
    rows_seen = np.flatnonzero(seen.any(axis=1))
    assert rows_seen[-1] - rows_seen[0] + 1 == last.field == 10


@pytest.mark.parametrize(
    ("settings", "words"),
    [({"kernel": "1"}, "sees no neighbours"),
     ({"end": explorer.GLOBAL}, "forgets where"),
     ({"blocks": 1, "smaller": explorer.NOTHING}, "Nothing makes the maps smaller"),
     ({"blocks": 1, "smaller": explorer.NOTHING}, "single strokes"),
     ({"blocks": 4, "kernel": "7"}, "does not fit into"),
     ({"blocks": 4, "filters": 64, "padding": "same", "smaller": explorer.NOTHING}, "million"),
     ({}, "90% of the parameters are in one dense layer"),
     ({"blocks": 3, "padding": "same", "filters": 32}, "Nothing stands out")],
)  # fmt: skip
def test_faults_are_named(settings, words):
    made = explore.budget()
    made.set(**settings)
    assert words in repr(made).replace("\u00a0", " ")
    assert made.trouble.value == ""


@pytest.mark.parametrize(
    ("arguments", "name"),
    [({"blocks": 0}, "blocks"), ({"blocks": 5}, "blocks"), ({"filters": 3}, "filters"),
     ({"dense": -1}, "dense"), ({"kernel_size": 4}, "kernel_size"), ({"filters": "8"}, "filters")],
)  # fmt: skip
def test_bad_arguments_are_named(arguments, name):
    with pytest.raises((TypeError, ValueError), match=f"`{name}` must"):
        explore.budget(**arguments)
