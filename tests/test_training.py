"""Helpers of notebook 11: virtual devices and the LiteRT interpreter."""

import subprocess
import sys
import types
import warnings

import numpy as np
import pytest
from course import ROOT

from helpers.models.backend import keras
from helpers.models.startup import NOISE, quiet_start
from helpers.training import devices, export


def fresh(code):
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_the_processor_is_split_once_and_stays_split():
    code = """
from helpers.training import devices
assert len(devices.split_processor(2)) == 2
from helpers.models.backend import tf
assert len(devices.split_processor(2)) == 2
assert len(tf.config.list_logical_devices("CPU")) == 2
"""
    done = fresh(code)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_too_late_is_said():
    done = fresh(
        "import helpers.models.backend\n"
        "from helpers.training import devices; devices.split_processor(2)"
    )
    assert "RuntimeError: TensorFlow has begun with one processor device: restart" in done.stderr


@pytest.mark.parametrize("bad", [0, 2.0, "two"])
def test_the_number_of_devices_is_checked(bad):
    with pytest.raises((TypeError, ValueError), match="`number` must"):
        devices.split_processor(bad)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Export a small network, and convert it."""
    network = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    path = tmp_path_factory.mktemp("model") / "model.tflite"
    with quiet_start():
        network.export(path, format="litert", verbose=False)
    return network, path.read_bytes()


def test_the_interpreter_gives_the_answers_of_keras(model):
    network, content = model
    values = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
    runner = export.interpreter(content).get_signature_runner()
    (name,) = runner.get_input_details()
    (answers,) = runner(**{name: values}).values()
    assert np.allclose(answers, network(values), atol=1e-6)


def test_other_warnings_are_passed_on(model, monkeypatch):
    def speaking(**_):
        warnings.warn("tf.lite.Interpreter is deprecated", UserWarning, stacklevel=1)
        warnings.warn("something else", UserWarning, stacklevel=1)
        return types.SimpleNamespace(allocate_tensors=lambda: None)

    monkeypatch.setattr(export, "interpreter_class", lambda: speaking)
    with pytest.warns(UserWarning, match="something else") as said:
        export.interpreter(model[1])
    assert [str(warning.message) for warning in said] == ["something else"]


@pytest.mark.parametrize(("bad", "error"), [("model.tflite", TypeError), (b"no model", ValueError)])
def test_the_interpreter_refuses(bad, error):
    with pytest.raises(error):
        export.interpreter(bad)


def test_the_log_of_a_failed_load_is_no_noise():
    line = "I0000 00:00:1 2 loader.cc:471] SavedModel load for tags { serve }; Status: "
    assert NOISE.search(line + "success: OK. Took 30 microseconds.")
    assert not NOISE.search(line + "fail: NOT_FOUND.")
