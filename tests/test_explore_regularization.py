"""The explorers of notebook 07 without a browser: what they show is what Keras and SciPy say."""

import numpy as np
import pytest
from scipy import stats

from helpers import explore, plots
from helpers.datasets.records import load_record
from helpers.explore import canvas
from helpers.explore.charts import Axis, Chart
from helpers.explore.layout import render
from helpers.explore.regularization import augmentation, dropout, regularizers


@pytest.mark.parametrize("epoch", [1, 20, 60])
def test_the_gap_in_words_is_that_of_the_record(epoch):
    record = load_record("regularization")
    explorer = explore.regularizers()
    for cure, runs in record["runs"].items():
        explorer.set(cure=cure, epoch=epoch)
        right = 100 - 100 * np.array([run["val_mistakes"][epoch - 1] for run in runs]) / 1500
        assert f"and {right.mean():.1f} % on the validation digits" in repr(explorer)
        assert f"single seeds: {right.min():.1f} % to {right.max():.1f} %" in repr(explorer)
        explorer.set(quantity="loss")
        losses = np.array([run["val_loss"][epoch - 1] for run in runs])
        assert f"and {losses.mean():.3f} on the validation digits" in repr(explorer)
        explorer.set(quantity="accuracy")


def test_the_training_accuracy_counts_each_setting_s_own_digits():
    record = load_record("regularization")
    found = regularizers.curves(record, "four times the digits", "accuracy").train[0, -1]
    mistakes = record["runs"]["four times the digits"][0]["train_mistakes"][-1]
    assert found == pytest.approx(100 - 100 * mistakes / 2000)


def test_the_interval_is_scipy_s():
    random = np.random.default_rng(0)
    for count in (2, 5, 9):
        differences = random.normal(0.3, 1, count)
        wanted = stats.ttest_1samp(differences, 0).confidence_interval(0.95)
        found = regularizers.compared(differences)
        assert (found.mean, found.low, found.high) == pytest.approx((differences.mean(), *wanted))


@pytest.mark.parametrize(
    ("differences", "quantity", "said"),
    [([1.0, 1.1, 0.9], "accuracy", "better than plain by more than the luck of the seeds"),
     ([-1.0, -1.1, -0.9], "accuracy", "worse than plain by more than the luck of the seeds"),
     ([-1.0, -1.1, -0.9], "loss", "better than plain by more than the luck of the seeds"),
     ([1.0, -1.1, 0.2], "loss", "the luck of the seeds alone can explain it")],
)  # fmt: skip
def test_the_verdict_says_which_side_is_better(differences, quantity, said):
    kind = regularizers.QUANTITIES[quantity]
    assert said in regularizers.verdict(np.array(differences), kind)


def test_a_difference_beyond_the_scale_is_told():
    kind = regularizers.QUANTITIES["accuracy"]
    assert "beyond" not in regularizers.verdict(np.array([7.9, -7.9, 3.0]), kind)
    said = regularizers.verdict(np.array([-5.0, -20.0, 9.0, 1.0, -8.1]), kind)
    assert said.endswith("3 of 5 seeds lie beyond ±8, at the edge.")
    explorer = explore.regularizers()
    explorer.set(cure="everything at once")
    assert repr(explorer).endswith("4 of 5 seeds lie beyond ±8, at the edge.")


@pytest.mark.parametrize(
    ("differences", "quantity", "color", "is_open"),
    [([1.0, 1.1, 0.9], "accuracy", canvas.OUTPUT, False),
     ([-1.0, -1.1, -0.9], "accuracy", canvas.WINDOW, False),
     ([-0.1, -0.11, -0.09], "loss", canvas.OUTPUT, False),
     ([0.1, 0.11, 0.09], "loss", canvas.WINDOW, False),
     ([1.0, -1.1, 0.2], "accuracy", canvas.ABSENT, True)],
)  # fmt: skip
def test_the_marks_mean_what_those_of_the_forest_mean(differences, quantity, color, is_open, marks):
    kind = regularizers.QUANTITIES[quantity]
    reach = Axis(-kind.reach, kind.reach)
    drawn = regularizers.difference_marks(0, np.array(differences), kind)
    render(Chart(Axis.of(["one"]), reach, drawn))
    seeds = [mark for mark in marks if mark["shape"] == "circle"]
    assert [mark["color"] for mark in seeds] == [color] * len(differences)
    heights = np.array([mark["y"] for mark in seeds])
    assert np.corrcoef(heights, differences)[0, 1] == pytest.approx(-1)
    squares = [(mark["shape"], mark["color"]) for mark in marks if "square" in mark["shape"]]
    is_filled = [("square", color)]
    assert squares == ([("square", canvas.PAPER), ("open square", color)] if is_open else is_filled)


@pytest.mark.parametrize(("quantity", "reach"), [("accuracy", "8"), ("loss", "0.4")])
def test_the_legend_of_the_cures_names_marks_colours_and_the_edge(quantity, reach, written):
    explore.regularizers().set(quantity=quantity)
    assert f"beyond ±{reach}: at the edge" in written
    assert {"a seed", "better: mean, 95 % interval", "worse", "interval holds zero",
            "training, mean", "validation, mean", "one seed each"} <= set(written)  # fmt: skip


@pytest.mark.parametrize(
    "bad", [3, {}, {"runs": {"dropout": []}}, {"runs": {"plain": [], "another start": []}}]
)
def test_the_cures_refuse(bad):
    with pytest.raises((TypeError, ValueError), match="`record` must"):
        explore.regularizers(bad)


@pytest.mark.parametrize("rate", [0.25, 0.5, 0.9])
def test_dropout_scales_as_keras_does(rate):
    from helpers.models.backend import keras

    inputs = np.random.default_rng(1).normal(size=(6, 6)).astype("float32")
    outputs = np.asarray(keras.layers.Dropout(rate, seed=0)(inputs, training=True))
    kept, shown = dropout.dropped(inputs, np.where(outputs != 0, 1.0, 0.0), rate)
    assert np.array_equal(kept, outputs != 0)
    assert np.allclose(shown, outputs, rtol=1e-6)


def test_dropout_at_inference_does_nothing_and_many_draws_average_out():
    explorer = explore.dropout([[1, 2], [3, 4]])
    explorer.set(draws=1)
    first = float(repr(explorer).split("off by ")[1].rstrip("."))
    explorer.set(draws=200)
    assert float(repr(explorer).split("off by ")[1].rstrip(".")) < 0.3 * first
    explorer.set(mode="inference")
    assert "nothing is dropped and nothing is scaled" in repr(explorer)
    assert "its mean is 2.5." in repr(explorer)


def test_dropout_counts_what_it_drops():
    values = np.arange(1, 17).reshape(4, 4)
    explorer = explore.dropout(values)
    explorer.set(rate=75, draws=3)
    kept = np.random.default_rng(0).random((200, 4, 4))[2] >= 0.75
    mean = canvas.number(np.where(kept, 4.0 * values, 0).mean())
    assert f"{(~kept).sum()} of 16 numbers are dropped" in repr(explorer)
    assert f"multiplied by 4. The mean of the output is {mean}," in repr(explorer)


@pytest.mark.parametrize("bad", [np.zeros((7, 2)), [1, 2], "x", [[np.nan]]])
def test_dropout_refuses(bad):
    with pytest.raises((TypeError, ValueError), match="`values` must"):
        explore.dropout(bad)


@pytest.mark.parametrize("factor", [-0.3, 0.1, 0.45])
def test_changes_are_those_of_keras_layers(factor):
    from helpers.models.backend import keras

    layers, both = keras.layers, (factor, factor)
    image = augmentation.load_digit_image(156).astype("float32")
    for name, layer in {
        "rotation": layers.RandomRotation(both, fill_mode="constant"),
        "translation": layers.RandomTranslation(0, both, fill_mode="constant"),
        "zoom": layers.RandomZoom(both, fill_mode="constant"),
    }.items():
        wanted = np.asarray(layer(image[None, ..., None], training=True))[0, ..., 0]
        assert np.abs(wanted - image).max() > 0.5
        found = augmentation.VARIANTS[name].change(image, factor)
        assert np.allclose(found, wanted, atol=1e-4), name
    wanted = np.asarray(keras.ops.image.affine_transform(image[None, ..., None], np.array(
        [[-1, 0, 27, 0, 1, 0, 0, 0]], "float32")))[0, ..., 0]  # fmt: skip
    assert np.allclose(augmentation.mirror(image, 1.0), wanted, atol=1e-5)


def test_contrast_keeps_the_mean_and_scales_the_distance_as_keras_does():
    from helpers.models.backend import keras

    image = 0.4 + 0.2 * augmentation.load_digit_image(156).astype("float32")
    layer = keras.layers.RandomContrast((0.0, 0.5), value_range=(0, 1), seed=0)
    drawn = np.asarray(layer(image[None, ..., None], training=True))[0, ..., 0]
    factor = (drawn.max() - drawn.min()) / (image.max() - image.min()) - 1
    assert 0.01 < factor < 0.5
    assert np.allclose(augmentation.contrast(image, factor), drawn, atol=1e-4)


def test_the_reading_is_the_shipped_network_s():
    from helpers.models.mnist_cnn import load_trained

    explorer = explore.augmentation()
    image = augmentation.load_digit_image(augmentation.BUNDLED[6])
    turned = augmentation.rotate(image, -21 / 30 * 0.5)
    wanted = np.asarray(load_trained()(turned[None, ..., None].astype("float32")))[0]
    explorer.set(amount=-21)
    assert f"the network reads {wanted.argmax()}, {wanted.max():.0%} sure" in repr(explorer)
    assert "turned by 126° with the clock" in repr(explorer)


def test_every_bundled_digit_is_read_as_its_label():
    explorer = explore.augmentation()
    for digit in range(10):
        explorer.set(digit=str(digit))
        assert f"A {digit}, unchanged: the network reads {digit}," in repr(explorer)


def test_the_reader_decides_about_the_label_and_the_network_does_not():
    explorer = explore.augmentation()
    explorer.set(amount=30)
    assert "the network reads 9" in repr(explorer)
    assert "Do you still read 6?" in repr(explorer)
    explorer.set(vote="something else, or no digit")
    assert "neither does the network: the label is untrue" in repr(explorer)
    # Shifted by four pixels, a six for a reader and none for the network.
    explorer.set(variant="translation", amount=9, vote="the label")
    assert "You read 6 and the network does not: the label is true" in repr(explorer)
    explorer.set(amount=0)
    assert "You read 6, and so does the network: the label is true" in repr(explorer)
    explorer.set(vote="something else, or no digit")
    assert "the label is untrue, whatever the network reads" in repr(explorer)
    explorer.set(digit="2", variant="mirror", amount=1)
    assert "The network still reads 2 neither way." in repr(explorer)


def test_the_strip_marks_what_is_not_read_as_the_label():
    read = np.eye(10)[np.full(61, 6)]
    read[[0, 1, 40]] = np.eye(10)[9]
    assert augmentation.true_range(read, 6) == (-28, 9)
    assert augmentation.true_range(np.eye(10)[np.full(61, 6)], 6) == (-30, 30)
    chart = augmentation.strip(read, 6, "rotation", 5)
    dark = [mark.left for mark in chart.still if getattr(mark, "filled", False)]
    assert dark == [-30.5, -29.5, 9.5]
    (now,) = chart.marks
    assert (now.left, now.right) == (4.5, 5.5)


@pytest.mark.parametrize("bad", [np.zeros((9, 28, 28)), np.full((10, 28, 28), 2.0), "x"])
def test_the_augmentation_refuses(bad):
    with pytest.raises((TypeError, ValueError), match="`images` must"):
        explore.augmentation(bad)


def test_the_forest_marks_what_holds_zero_and_writes_what_lies_outside():
    figure, axes = plots.figure(8, 4.8)
    chance = "batch normalisation, quick averages"  # As long as the names of the notebook.
    groups = {"better": [1.0, 2.0], chance: [-1.0, 1.2], "far": [-20.0, -22.0], "up": [9.0, 11.0]}
    ends = {"better": (1, 2), chance: (-1, 1.2), "far": (-23, -19), "up": (-7, 27)}
    ax = plots.forest(axes[0, 0], groups, ends, "points", (-4.5, 6.5))
    assert [label.get_text() for label in ax.get_yticklabels()] == list(groups)
    faces = [line.get_markerfacecolor() for line in ax.lines if line.get_marker() == "s"]
    assert faces == [plots.BLUE, "white"]
    far, up = ax.texts
    assert far.get_text() == " ◄ −21.0 (−23.0 to −19.0)"
    assert up.get_text() == "10.0 (−7.0 to 27.0) ► "
    assert (far.get_color(), up.get_color()) == (plots.ORANGE, plots.GREY)
    figure.canvas.draw()
    zero = ax.transData.transform((0, 0))[0]
    assert far.get_window_extent().x1 < zero < up.get_window_extent().x0
