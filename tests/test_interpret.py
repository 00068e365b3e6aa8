"""Heat maps against closed forms, and the test with randomised weights."""

import numpy as np
import pytest

from helpers.datasets import mnist
from helpers.interpret import activations, attribution, weight_randomization
from helpers.interpret.activation_maximization import activation_maximization
from helpers.interpret.attribution import saliency
from helpers.interpret.receptive_field import receptive_field_and_stride, to_image
from helpers.interpret.weight_randomization import randomized_copy, rank_correlation
from helpers.layers import shapes
from helpers.models.backend import keras, tf
from helpers.models.mnist_cnn import load_trained

SIZE = 6


@pytest.fixture(scope="module")
def linear():
    """Return a network without any ReLU: its scores are weighted sums of the pixels."""
    keras.utils.set_random_seed(3)
    layers = [keras.Input((SIZE, SIZE, 2)), keras.layers.Flatten(), keras.layers.Dense(3)]
    return keras.Sequential(layers)


@pytest.fixture(scope="module")
def pooled():
    """Return a network in which global average pooling goes before the dense layer."""
    keras.utils.set_random_seed(4)
    return keras.Sequential(
        [
            keras.Input((SIZE, SIZE, 2)),
            keras.layers.Conv2D(5, 3, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )


@pytest.fixture(scope="module")
def trained():
    return load_trained()


@pytest.fixture(params=[None, np.array([1, 0, 0, 1])], ids=["the mean", "another class"])
def given(request):
    """Return four images, the classes to explain, and what they are compared with."""
    random = np.random.default_rng(0)
    images = random.random((4, SIZE, SIZE, 2), dtype=np.float32)
    return images, np.array([0, 2, 1, 2]), request.param


def contrast(kernel, classes, against):
    """Return the columns of a kernel for each image's class, less what they are compared with."""
    columns = np.moveaxis(kernel, -1, 0)
    return columns[classes] - (columns.mean(axis=0) if against is None else columns[against])


def weights_of(network, classes, against):
    """Return the weight of each pixel of a linear network in what is explained."""
    kernel = network.layers[-1].kernel.numpy().reshape(SIZE, SIZE, 2, 3)
    return contrast(kernel, classes, against)


def test_scores_are_what_goes_into_the_softmax(pooled, given):
    images = given[0]
    assert np.allclose(tf.nn.softmax(activations.logits(pooled, images)), pooled(images), atol=1e-6)


def test_saliency_of_a_linear_network_is_the_size_of_its_weights(linear, given):
    expected = np.abs(weights_of(linear, *given[1:])).max(axis=-1)
    for method in (
        saliency,
        attribution.smooth_saliency,
        attribution.guided_backpropagation,
    ):
        assert np.allclose(method(linear, *given), expected, atol=1e-6), method.__name__


@pytest.mark.parametrize(("patch", "strides", "fill"), [(2, 1, 0.0), (3, 2, 0.5), (6, 1, 0.0)])
def test_occlusion_of_a_linear_network_is_the_sum_under_the_patch(
    linear, given, patch, strides, fill
):
    products = (weights_of(linear, *given[1:]) * (given[0] - fill)).sum(axis=-1)
    windows = np.lib.stride_tricks.sliding_window_view(products, (patch, patch), axis=(1, 2))
    expected = windows.sum(axis=(3, 4))[:, ::strides, ::strides]
    found = attribution.occlusion(linear, *given, patch, strides, fill)
    assert np.allclose(found, expected, atol=1e-5)


def test_products_of_a_linear_network_are_its_summands(linear, given):
    expected = (weights_of(linear, *given[1:]) * given[0]).sum(axis=-1)
    for method in (attribution.gradient_times_input, attribution.integrated_gradients):
        assert np.allclose(method(linear, *given), expected, atol=1e-5), method.__name__


def test_integrated_gradients_add_up_to_what_the_image_gains(trained):
    images = np.random.default_rng(0).random((3, 28, 28, 1), dtype=np.float32)
    classes, against = np.array([3, 0, 8]), np.array([5, 1, 9])
    logits = activations.logits(trained, images) - activations.logits(trained, 0 * images)
    gained = logits[range(3), classes] - logits[range(3), against]
    found = attribution.integrated_gradients(trained, images, classes, against, steps=200)
    assert np.allclose(found.sum(axis=(1, 2)), gained, atol=0.05)
    coarse = attribution.gradient_times_input(trained, images, classes, against)
    assert not np.allclose(coarse.sum(axis=(1, 2)), gained, atol=0.05)


def test_a_number_added_to_all_logits_changes_no_map(trained):
    images = np.random.default_rng(0).random((2, 28, 28, 1), dtype=np.float32)
    moved = keras.models.clone_model(trained)
    weights = trained.get_weights()
    weights[-2] = weights[-2] + np.random.default_rng(1).normal(size=(64, 1))
    moved.set_weights(weights)
    for method in (saliency, attribution.occlusion, attribution.grad_cam, attribution.hires_cam):
        for against in (None, [9, 4]):
            maps = [method(network, images, [3, 8], against) for network in (trained, moved)]
            assert np.allclose(*maps, rtol=1e-3, atol=1e-3), method.__name__


def test_grad_cam_before_global_pooling_is_cam(pooled, given):
    maps = activations.activations(pooled, given[0], 0)
    kernel = contrast(pooled.layers[-1].kernel.numpy(), *given[1:])
    # The mean of the gradient is the class's weight, divided by the number of places.
    expected = np.einsum("nhwc,nc->nhw", maps, kernel) / (maps.shape[1] ** 2)
    assert np.allclose(attribution.grad_cam(pooled, *given, 0, relu=False), expected, atol=1e-6)
    assert np.allclose(attribution.grad_cam(pooled, *given), np.maximum(expected, 0), atol=1e-6)
    # Each place has the same gradient, so it makes no difference where the mean is taken.
    assert np.allclose(attribution.hires_cam(pooled, *given), expected, atol=1e-6)


def test_hires_cam_after_flatten_adds_up_to_the_logits(given):
    layers = [keras.Input((SIZE, SIZE, 2)), keras.layers.Conv2D(4, 3, activation="relu")]
    network = keras.Sequential([*layers, keras.layers.Flatten(), keras.layers.Dense(3)])
    images, classes, against = given
    logits = activations.logits(network, images) - network.layers[-1].bias.numpy()
    gained = np.diagonal(contrast(logits, classes, against), axis1=0, axis2=1)
    found = attribution.hires_cam(network, *given)
    assert np.allclose(found.sum(axis=(1, 2)), gained, atol=1e-5)
    averaged = attribution.grad_cam(network, *given, relu=False).sum(axis=(1, 2))
    assert not np.allclose(averaged, gained, atol=1e-2)


def test_guided_backpropagation_drops_what_is_negative():
    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((1, 2, 1)),
            layers.Conv2D(2, 1, activation="relu", use_bias=False),
            layers.Flatten(),
            layers.Dense(2, use_bias=True),
        ]
    )
    # Two filters, +1 and -1; only the first speaks for a positive pixel.
    network.layers[0].set_weights([np.array([[[[1.0, -1.0]]]])])
    kernel = np.array([[2.0, 0.0], [5.0, 0.0], [-3.0, 0.0], [5.0, 0.0]])
    network.layers[-1].set_weights([kernel, np.zeros(2)])
    given = np.ones((1, 1, 2, 1), "float32"), [0], [1]
    assert np.allclose(saliency(network, *given)[0], [[2, 3]])
    assert np.allclose(attribution.guided_backpropagation(network, *given)[0], [[2, 0]])


def test_guided_backpropagation_follows_new_weights(pooled, given):
    changed = randomized_copy(pooled, 2, seed=5)
    before = attribution.guided_backpropagation(changed, *given)
    weight_randomization.randomize_weights(changed, pooled, 2, seed=6)
    after = attribution.guided_backpropagation(changed, *given)
    assert not np.allclose(before, after)


def test_smoothing_is_the_same_for_the_same_seed(pooled, given):
    first, again, other = (
        attribution.smooth_saliency(pooled, *given, samples=5, seed=seed) for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert not np.allclose(first, other)
    without = attribution.smooth_saliency(pooled, *given, samples=3, noise=0.0)
    assert np.allclose(without, saliency(pooled, *given), atol=1e-6)


@pytest.mark.parametrize("layer", range(5))
def test_sight_is_what_the_gradient_says(trained, layer):
    field, step = receptive_field_and_stride(trained, layer)
    images = tf.constant(np.random.default_rng(0).random((30, 28, 28, 1), dtype=np.float32))
    body = keras.Model(trained.inputs[0], trained.layers[layer].output)
    for row, column in [(0, 0), (1, 2)]:
        with tf.GradientTape() as tape:
            tape.watch(images)
            total = tf.reduce_sum(body(images)[:, row, column])
        seen = (tape.gradient(total, images).numpy()[..., 0] != 0).any(axis=0)
        for axis, start in ((1, row * step), (0, column * step)):
            places = np.flatnonzero(seen.any(axis=axis))
            assert (places[0], places[-1]) == (start, start + field - 1)


def test_placed_puts_each_number_into_the_middle_of_its_window():
    field, step, size = 8, 2, 28
    for place in range(shapes.output_size(size, field, step)):
        maps = np.zeros((1, 11, 11))
        maps[0, place, place] = 1
        rows = np.flatnonzero(to_image(maps, field, step)[0].any(axis=1))
        assert rows.mean() == place * step + (field - 1) / 2
        assert len(rows) == step


def test_randomised_counts_from_the_output(trained):
    before = trained.get_weights()
    for layers in range(6):
        changed = randomized_copy(trained, layers).get_weights()
        same = [np.array_equal(a, b) for a, b in zip(before, changed, strict=True)]
        assert same == [True] * (10 - 2 * layers) + [False] * (2 * layers)
    assert all(np.array_equal(a, b) for a, b in zip(before, trained.get_weights(), strict=True))
    first, again, other = (randomized_copy(trained, 1, seed) for seed in (1, 1, 2))
    assert np.array_equal(first.get_weights()[-2], again.get_weights()[-2])
    assert not np.array_equal(first.get_weights()[-2], other.get_weights()[-2])


def test_random_weights_are_as_wide_as_those_of_a_new_layer():
    trained = load_trained()
    made = keras.models.clone_model(trained)
    changed = randomized_copy(trained, layers=5)
    for layer, fresh in zip(changed.layers, made.layers, strict=True):
        for weight, other in zip(layer.get_weights(), fresh.get_weights(), strict=True):
            assert np.isclose(np.abs(weight).max(), np.abs(other).max(), rtol=0.06)
            assert np.isclose(weight.std(), other.std(), rtol=0.1)


def test_it_is_spearmans_rank_correlation():
    from scipy.stats import spearmanr

    random = np.random.default_rng(0)
    first, second = random.normal(size=(2, 3, 5, 4))
    where = random.random((3, 5, 4)) > 0.3
    expected = [spearmanr(a[w], b[w])[0] for a, b, w in zip(first, second, where, strict=True)]
    assert np.allclose(rank_correlation(first, second, where), expected)
    assert np.allclose(rank_correlation(first, np.exp(first)), 1)
    assert np.allclose(rank_correlation(first, -first), -1)
    assert (rank_correlation(first, second, np.zeros_like(where)) == 0).all()


IMAGES = np.zeros((2, SIZE, SIZE, 2), "float32")
FLAT = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten()])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda n: saliency(n, IMAGES[0], [0]), "`images` must have 4 dimensions"),
        (lambda n: saliency(n, IMAGES, [0]), "`classes` must hold one class for each"),
        (lambda n: saliency(n, IMAGES, [0, 3]), "`classes` must lie from 0 to 2"),
        (lambda n: saliency(n, IMAGES, [0.0, 1.0]), "`classes` must be integers"),
        (lambda n: attribution.smooth_saliency(n, IMAGES, [0, 1], samples=0), "`samples` must be"),
        (lambda n: attribution.smooth_saliency(n, IMAGES, [0, 1], noise=-1.0), "`noise` must be"),
        (lambda n: attribution.occlusion(n, IMAGES, [0, 1], patch=7), "`patch` must be"),
        (lambda n: attribution.occlusion(n, IMAGES, [0, 1], strides=0), "`strides` must be"),
        (lambda n: attribution.grad_cam(n, IMAGES, [0, 1], layer=0), "`layer` must name a layer"),
        (lambda n: attribution.grad_cam(n, IMAGES, [0, 1], layer=5), "`layer` must be"),
        (lambda n: activations.activations(n, IMAGES[:, 1:], 0), "`images` must have the shape"),
        (lambda n: receptive_field_and_stride(n, 0), "`layer` must have only convolutions"),
        (lambda n: to_image(np.zeros((1, 11, 11)), 10, 2), "`maps` must come from windows"),
        (lambda n: to_image(np.zeros((1, 2, 2)), 2, 3), "`step` must be"),
        (lambda n: randomized_copy(n, 2), "`layers` must be"),
        (lambda n: randomized_copy(n, 1, seed=-1), "`seed` must be"),
        (lambda n: rank_correlation(np.zeros((1, 2, 2)), np.zeros((1, 2, 3))), "`second` must"),
        (lambda n: rank_correlation(*np.zeros((3, 1, 2, 2))[:2], np.zeros((1, 3))), "`where` must"),
        (lambda n: saliency(n, IMAGES, [0, 1], [1]), "`against` must hold one class for each"),
        (lambda n: saliency(n, IMAGES, [0, 1], [1, 3]), "`against` must lie from 0 to 2"),
        (lambda n: attribution.hires_cam(n, IMAGES, [0, 1], layer=0), "`layer` must name a layer"),
        (lambda n: attribution.integrated_gradients(n, IMAGES, [0, 1], steps=0), "`steps` must"),
        (lambda _: activations.logits(FLAT, np.zeros((1, 2, 2, 1))), "must end in a Dense"),
    ],
)  # fmt: skip
def test_bad_arguments_are_named(linear, call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call(linear)


def mixed(policy, sharp_end=True):
    """Return the course's network with a policy of mixed precision, and the learned weights."""
    try:
        keras.config.set_dtype_policy(policy)
        network = keras.models.clone_model(load_trained())
        layers = [type(layer).from_config({**layer.get_config(), "dtype": policy})
                  for layer in network.layers]  # fmt: skip
    finally:
        keras.config.set_dtype_policy("float32")
    if sharp_end:
        layers[-1].dtype_policy = keras.dtype_policies.DTypePolicy("float32")
    made = keras.Sequential([keras.Input((28, 28, 1)), *layers])
    made.set_weights(load_trained().get_weights())
    return made


MAPS = {
    "saliency": attribution.saliency,
    "smooth": attribution.smooth_saliency,
    "guided": attribution.guided_backpropagation,
    "occlusion": attribution.occlusion,
    "integrated": attribution.integrated_gradients,
    "gradient_times_input": attribution.gradient_times_input,
    "grad_cam": lambda *given: attribution.grad_cam(*given, layer=2),
    "hires_cam": attribution.hires_cam,
}


@pytest.mark.parametrize("sharp_end", [True, False], ids=["float32 end", "16-bit end"])
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_gives_the_same_maps(trained, policy, sharp_end):
    network = mixed(policy, sharp_end)
    digits = mnist.stand_in_digits()["x_test"][:4, ..., None] / 255.0
    classes = activations.logits(trained, digits).argmax(axis=1)
    assert network.layers[0].compute_dtype == policy.removeprefix("mixed_")
    assert (
        np.abs(activations.logits(network, digits) - activations.logits(trained, digits)).max() < 1
    )
    assert activations.activations(network, digits, 2).dtype == np.float32
    for name, method in MAPS.items():
        found, right = method(network, digits, classes), method(trained, digits, classes)
        assert found.dtype == np.float32
        assert np.corrcoef(found.ravel(), right.ravel())[0, 1] > 0.97, name
    ascents = [activation_maximization(one, 2, steps=2) for one in (network, trained)]
    responses = [ascent.responses.ravel() for ascent in ascents]
    assert np.corrcoef(*responses)[0, 1] > 0.97


def test_maps_reach_into_a_network_that_begins_with_another(pooled, given):
    images, classes, against = given
    base, end = (
        keras.Sequential([keras.Input((SIZE, SIZE, 2)), pooled.layers[0]]),
        pooled.layers[1:],
    )
    nested = keras.Sequential([keras.Input((SIZE, SIZE, 2)), base, *end])
    for method in (attribution.saliency, lambda *each: attribution.grad_cam(*each, layer=0)):
        maps = [method(network, images, classes, against) for network in (nested, pooled)]
        assert np.allclose(*maps)


def test_a_dense_layer_without_bias_has_maps(given):
    layers = [keras.layers.Flatten(), keras.layers.Dense(3, use_bias=False)]
    network = keras.Sequential([keras.Input((SIZE, SIZE, 2)), *layers])
    expected = np.abs(weights_of(network, *given[1:])).max(axis=-1)
    assert np.allclose(saliency(network, *given), expected)


@pytest.mark.parametrize("method", [*MAPS.values(), lambda n, x, _: activations.logits(n, x)])
@pytest.mark.parametrize("shape", [(1, 32, 32, 1), (1, 28, 28, 3)])
def test_images_of_another_size_are_named(trained, method, shape):
    message = (
        rf"`images` must have the shape \(number, 28, 28, 1\). Received images of .*{shape[1]}"
    )
    with pytest.raises(ValueError, match=message):
        method(trained, np.zeros(shape), [3])


def test_a_network_inside_a_functional_one_is_named(given):
    inner = keras.Input((SIZE, SIZE, 2))
    base = keras.Model(inner, keras.layers.Conv2D(4, 3)(inner), name="base")
    outer = keras.Input((SIZE, SIZE, 2))
    pool = keras.layers.GlobalAveragePooling2D()
    network = keras.Model(outer, keras.layers.Dense(3)(pool(base(outer))))
    assert saliency(network, *given).max() > 0
    with pytest.raises(ValueError, match="Received 'base', which the network holds as a whole"):
        attribution.grad_cam(network, *given, layer=1)


def test_a_network_that_is_not_built_is_named(given):
    network = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(3)])
    with pytest.raises(ValueError, match="`network` must know the shape of its images: begin it"):
        saliency(network, *given)
