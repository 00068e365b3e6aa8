"""Borrowed networks: their weights from every place, what can be wrong, their features."""

import json

import numpy as np
import pytest

from helpers.datasets import download, locate
from helpers.datasets.records import load_record
from helpers.models import feature_cache, pretrained
from helpers.models.backend import keras
from helpers.models.inspection import multiply_adds

# Keras saves weights through an interface of TensorFlow that NumPy 2 complains about.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

NAME = "MobileNet 0.25"
SIDE = 96
ENTRY = pretrained.CATALOGUE[NAME]


@pytest.fixture(autouse=True)
def places(monkeypatch, tmp_path):
    """Give empty places, and forbid downloads."""
    for name in ("course/weights", "course/keras/models", "data", "keras/models"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "course"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(locate, "DATA_FOLDER", tmp_path / "data")
    return tmp_path


@pytest.fixture(scope="module")
def whole():
    """Build a network with classifier, in the part of the trained one."""
    keras.utils.set_random_seed(5)
    return pretrained.build(NAME, top=True)


def first_kernel(network):
    return next(layer for layer in network.layers if layer.name == "conv1").kernel.numpy()


def stored(network, path):
    network.save_weights(path)
    return path


def released(network, path):
    """Store weights in the older form of Keras' own files, which is told by the ending."""
    from keras.src.legacy.saving import legacy_h5_format

    legacy_h5_format.save_model_to_hdf5(network, path, include_optimizer=False)


def test_weights_with_classifier_from_the_folder(places, whole, capsys):
    stored(whole, places / "course" / "weights" / ENTRY.course_file)
    base = pretrained.load_base(NAME, SIDE)
    assert (base.weights, base.source) == ("ImageNet", "COURSE_DATA")
    assert base.network.output_shape == (None, 3, 3, 256)
    assert np.array_equal(first_kernel(base.network), first_kernel(whole))
    assert capsys.readouterr().out == f"{NAME}: ImageNet weights, from COURSE_DATA.\n"
    assert pretrained.lies_beside(NAME)
    assert not pretrained.lies_beside("VGG16")


@pytest.mark.parametrize("folder", ["keras", "course/keras"])
def test_weights_from_a_keras_cache(places, folder):
    base = pretrained.build(NAME)
    released(base, places / folder / "models" / ENTRY.keras_file)
    found = pretrained.load_base(NAME, SIDE)
    assert (found.weights, found.source) == ("ImageNet", "Keras cache")
    assert np.array_equal(first_kernel(found.network), first_kernel(base))


def test_without_weights_it_is_the_random_baseline_and_says_so(capsys):
    base = pretrained.load_base(NAME, SIDE)
    assert (base.weights, base.source) == ("random", "random")
    said = capsys.readouterr().out
    assert said.startswith(f"{NAME}: RANDOM WEIGHTS. ImageNet's could not be had: downloads are")
    assert said.endswith("What follows from this network is the random baseline.\n")
    wanted = pretrained.load_base(NAME, SIDE, weights="random")
    assert capsys.readouterr().out == f"{NAME}: random weights, as wanted.\n"
    for one, other in zip(base.network.get_weights(), wanted.network.get_weights(), strict=True):
        assert np.array_equal(one, other)


def test_networks_without_weights_are_left_out(places, whole, capsys):
    names = ["VGG16", NAME, "ResNet50"]
    stored(whole, places / "course" / "weights" / ENTRY.course_file)
    assert [base.name for base in pretrained.load_bases(names, SIDE)] == [NAME]
    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"{NAME}: ImageNet weights, from COURSE_DATA.",
        f"Left out, without ImageNet's weights: VGG16, ResNet50 ({pretrained.OFFLINE}).",
    ]


def test_without_any_weights_the_first_network_stays(capsys):
    (base,) = pretrained.load_bases([NAME, "MobileNetV2"], SIDE)
    assert (base.name, base.weights) == (NAME, "random")
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"{NAME}: RANDOM WEIGHTS.")
    assert said[1] == f"Left out, without ImageNet's weights: MobileNetV2 ({pretrained.OFFLINE})."
    with pytest.raises(ValueError, match="`names` must hold one network"):
        pretrained.load_bases([])


def test_a_download_is_announced_when_it_runs(capsys):
    from keras.src.utils import io_utils

    with pretrained.held_back():
        io_utils.print_msg("Downloading data from https://some.where/a.h5")
    assert capsys.readouterr().out == ""
    with pretrained.held_back():
        io_utils.print_msg("Downloading data from https://some.where/a.h5")
        io_utils.print_msg("1/2", line_break=False)
    assert capsys.readouterr().out == "Downloading data from https://some.where/a.h5\n1/2"


def test_offline_asks_nobody(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a download was tried")

    monkeypatch.setattr(keras.utils, "get_file", refuse)
    monkeypatch.setattr("keras.src.utils.file_utils.get_file", refuse)
    monkeypatch.setattr(pretrained, "download", refuse)
    assert pretrained.load_base(NAME, SIDE).weights == "random"
    assert pretrained.load_classifier(NAME) is None
    assert pretrained.class_names() is None


def test_a_cut_file_is_passed_over(places, whole, capsys):
    path = stored(whole, places / "course" / "weights" / ENTRY.course_file)
    path.write_bytes(path.read_bytes()[:100_000])
    assert pretrained.load_base(NAME, SIDE).weights == "random"
    said = capsys.readouterr().out
    assert f"Passed over {path.name} from COURSE_DATA: it is cut off, or holds no weights" in said


def test_weights_of_another_network_are_passed_over(places, capsys):
    other = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    stored(other, places / "course" / "weights" / ENTRY.course_file)
    assert pretrained.load_base(NAME, SIDE).weights == "random"
    assert f"it holds the weights of another network than {NAME}." in capsys.readouterr().out


def test_weights_that_are_no_numbers_are_passed_over(places, capsys):
    spoiled = pretrained.build(NAME, top=True)
    weights = spoiled.get_weights()
    weights[0][0] = np.nan
    spoiled.set_weights(weights)
    stored(spoiled, places / "course" / "weights" / ENTRY.course_file)
    assert pretrained.load_base(NAME, SIDE).weights == "random"
    assert "its weights are not all finite numbers; get it again." in capsys.readouterr().out


def test_weights_that_end_too_early_are_passed_over(places, whole):
    path = stored(whole, places / "some.weights.h5")
    with pytest.raises(
        locate.DataError, match="right up to the layer conv_pw_6_relu only, and conv"
    ):
        pretrained.read_weights(NAME, SIDE, path, "top", right_up_to="conv_pw_6_relu")
    part = pretrained.read_weights(NAME, SIDE, path, "top", right_up_to="conv_pw_13_relu")
    assert part.output_shape == (None, 3, 3, 256)


def test_the_catalogue_cuts_before_weights_end():
    entry = pretrained.CATALOGUE["InceptionV3"]
    valid = pretrained.truncate(pretrained.build("InceptionV3", 96), entry.right_up_to)
    assert entry.truncate_at in {layer.name for layer in valid.layers}
    assert pretrained.CATALOGUE["VGG19 block 3"].truncate_at == "block3_pool"


def test_a_download_gives_weights_of_the_usual_size(monkeypatch, whole, capsys):
    """Let a stub deliver what `keras.applications` would download."""
    monkeypatch.delenv("COURSE_OFFLINE")
    monkeypatch.setitem(pretrained.CATALOGUE, NAME, ENTRY._replace(sha256=()))
    trained = pretrained.build(NAME)
    asked = []

    def deliver(weights, include_top=True, input_shape=None, **options):
        assert weights == "imagenet"
        asked.append((include_top, input_shape, options))
        return whole if include_top else trained

    maker = keras.applications.MobileNet
    monkeypatch.setattr(
        keras.applications.mobilenet, "MobileNet",
        lambda weights="imagenet", **more: (
            deliver(weights, **more) if weights == "imagenet" else maker(weights=weights, **more)
        ),
    )  # fmt: skip
    base = pretrained.load_base(NAME, SIDE)
    assert (base.weights, base.source) == ("ImageNet", "download")
    assert asked == [(False, (224, 224, 3), {"alpha": 0.25})]
    assert np.array_equal(first_kernel(base.network), first_kernel(trained))
    assert base.network.input_shape == (None, SIDE, SIDE, 3)
    assert pretrained.load_classifier(NAME) is whole
    assert "with classifier, from download." in capsys.readouterr().out


def test_a_failed_download_is_one_sentence(monkeypatch, capsys):
    monkeypatch.delenv("COURSE_OFFLINE")
    monkeypatch.setitem(pretrained.CATALOGUE, NAME, ENTRY._replace(sha256=()))

    def fail(*_, **__):
        raise Exception("URL fetch failure on https://some.where/a.h5: None -- no")

    monkeypatch.setattr("keras.src.utils.file_utils.get_file", fail)
    assert pretrained.load_base(NAME, SIDE).weights == "random"
    assert (
        "could not be had: nothing could be downloaded from some.where. What"
        in capsys.readouterr().out
    )
    assert pretrained.load_classifier(NAME) is None
    assert (
        "classifier could not be had: nothing could be downloaded from some.where."
        in capsys.readouterr().out
    )


def test_a_classifier_from_the_folder(places, whole, capsys):
    path = stored(whole, places / "course" / "weights" / ENTRY.course_file)
    network = pretrained.load_classifier(NAME)
    assert network.output_shape == (None, 1000)
    assert np.array_equal(first_kernel(network), first_kernel(whole))
    path.write_bytes(b"nothing")
    assert pretrained.load_classifier(NAME) is None
    assert f"Passed over {path.name} from COURSE_DATA: it is cut off" in capsys.readouterr().out


@pytest.mark.parametrize("folder", ["keras", "course/keras"])
def test_a_classifier_from_a_keras_cache(places, whole, folder, capsys):
    released(whole, places / folder / "models" / ENTRY.keras_name(top=True))
    network = pretrained.load_classifier(NAME)
    assert np.array_equal(first_kernel(network), first_kernel(whole))
    assert (
        capsys.readouterr().out == f"{NAME}: ImageNet weights with classifier, from Keras cache.\n"
    )


@pytest.mark.parametrize("top", [False, True])
@pytest.mark.parametrize("name", [NAME, "MobileNetV2"])
def test_files_are_called_as_keras_calls_them(monkeypatch, name, top):
    asked, entry = [], pretrained.CATALOGUE[name]

    def note(file, origin, **_):
        asked.append((file, origin))
        raise OSError("no connection")

    monkeypatch.setattr("keras.src.utils.file_utils.get_file", note)
    maker = getattr(pretrained.application(name), entry.maker)
    with pytest.raises(OSError, match="no connection"):
        maker(**entry.options, include_top=top, input_shape=(entry.size, entry.size, 3))
    file = entry.keras_name(top)
    assert asked == [(file, f"{pretrained.RELEASED}/{entry.module}/{file}")]


@pytest.mark.parametrize("top", [False, True])
def test_a_cut_download_is_replaced_by_a_verified_one(places, monkeypatch, whole, capsys, top):
    monkeypatch.delenv("COURSE_OFFLINE")
    path = places / "keras" / "models" / ENTRY.keras_name(top)
    released(whole if top else pretrained.build(NAME), path)
    content = path.read_bytes()
    path.write_bytes(content[:100_000])

    def deliver(url, to, sha256):
        assert url == f"{pretrained.RELEASED}/mobilenet/{path.name}"
        assert (to, sha256) == (path, ENTRY.sha256[top])
        to.write_bytes(content)

    monkeypatch.setattr(pretrained, "fetch", deliver)
    load = pretrained.load_classifier if top else pretrained.load_base
    load(NAME)
    said = capsys.readouterr().out
    assert f"Passed over {path.name} from Keras cache: it is cut off, or holds no weights" in said
    assert said.endswith(", from download.\n")
    load(NAME)
    assert capsys.readouterr().out.endswith(", from Keras cache.\n")


def test_keras_meets_no_damaged_file(places, monkeypatch, capsys):
    monkeypatch.setitem(pretrained.CATALOGUE, NAME, ENTRY._replace(sha256=()))
    path = places / "keras" / "models" / ENTRY.keras_file
    path.write_bytes(b"cut")
    assert pretrained.load_base(NAME, SIDE).weights == "random"
    assert path.exists()  # Offline there is nothing to put in its place.
    monkeypatch.delenv("COURSE_OFFLINE")

    def get_file(*_, **__):
        raise Exception("a part of it stays" if path.exists() else "it was taken away")

    monkeypatch.setattr("keras.src.utils.file_utils.get_file", get_file)
    pretrained.load_base(NAME, SIDE)
    assert "could not be had: it was taken away." in capsys.readouterr().out


def test_names_of_classes(places, capsys):
    index = {str(place): [f"n{place}", f"name {place}"] for place in range(1000)}
    (places / "keras" / "models" / pretrained.CLASS_INDEX).write_text(json.dumps(index), "utf-8")
    names = pretrained.class_names()
    assert names[281] == "name 281"
    probabilities = np.zeros(1000)
    probabilities[[281, 5]] = 0.7, 0.3
    assert pretrained.top_five(probabilities, names)[:2] == [("name 281", 0.7), ("name 5", 0.3)]
    (places / "keras" / "models" / pretrained.CLASS_INDEX).write_text("{", "utf-8")
    assert pretrained.class_names() is None
    said = capsys.readouterr().out
    assert said.startswith(
        f"Passed over {pretrained.CLASS_INDEX} from Keras cache: it is damaged or foreign; delete "
        "it.\n"
    )
    assert "COURSE_OFFLINE. Their numbers are shown instead" in said
    assert pretrained.top_five(probabilities, None)[0] == ("class 281", 0.7)


def test_each_network_has_its_own_preparation():
    pictures = np.random.default_rng(0).integers(0, 256, (2, 4, 4, 3), dtype=np.uint8)
    kept = pictures.copy()
    for name in pretrained.CATALOGUE:
        base = pretrained.Base(name, None, "random", "random")
        prepared = base.preprocess(pictures)
        if name in ("VGG16", "VGG19 block 3", "ResNet50"):
            wanted = pictures[..., ::-1] - np.array([103.939, 116.779, 123.68])
        else:
            wanted = pictures / 127.5 - 1
        assert np.allclose(prepared, wanted, atol=1e-3), name
    assert np.array_equal(pictures, kept)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [({"name": "VGG"}, ValueError), ({"name": 16}, TypeError), ({"side": 74}, ValueError),
     ({"weights": "imagenet"}, ValueError)],
)  # fmt: skip
def test_bad_arguments_are_refused(arguments, error):
    with pytest.raises(error, match=f"`{next(iter(arguments))}` must be"):
        pretrained.load_base(**{"name": NAME, **arguments})
    with pytest.raises(ValueError, match="`probabilities` must have shape"):
        pretrained.top_five([0.5, 0.5], None)


def test_multiply_adds_agree_with_the_formula():
    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((9, 9, 3)),
            layers.Conv2D(4, 3, strides=2),
            layers.DepthwiseConv2D(3, padding="same"),
            layers.Flatten(),
            layers.Dense(5),
        ]
    )
    conv, depthwise, dense = 16 * 9 * 3 * 4, 16 * 9 * 4, 64 * 5
    assert multiply_adds(network) == conv + depthwise + dense


def test_the_recorded_facts_are_those_of_keras():
    facts = load_record("transfer_backbones", locate.COURSE_FOLDER / "data")["networks"]
    for name in ("MobileNet 0.25", "VGG16"):
        network = pretrained.build(name)
        assert facts[name]["parameters_without_classifier"] == network.count_params()
    assert facts["MobileNet 0.25"]["multiply_adds"] == multiply_adds(
        pretrained.build("MobileNet 0.25", top=True)
    )


def test_a_failed_download_before_does_not_hide_features(monkeypatch):
    def fail(name, side, *_):
        pretrained.build(name, side)
        raise OSError("no connection")

    pictures = np.zeros((1, 75, 75, 3), "float32")
    first = pretrained.load_base("InceptionV3", 75, "random")
    monkeypatch.setattr(pretrained, "offline", lambda: False)
    monkeypatch.setattr(pretrained, "download", fail)
    later = pretrained.load_base("InceptionV3", 75)
    assert later.weights == "random"
    keys = [feature_cache.digest(base.network, pictures) for base in (first, later)]
    assert keys[0] == keys[1]


def test_patience_is_given_back():
    import socket

    before = socket.getdefaulttimeout()
    with download.patience(3):
        assert socket.getdefaulttimeout() == 3
    assert socket.getdefaulttimeout() == before
