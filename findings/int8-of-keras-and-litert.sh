#!/usr/bin/env bash
# Guess: a network that Keras has made int8 with `quantize("int8")` is ready for LiteRT, whose
#   models are commonly int8.
# Seen: it is the one network that `export(format="litert")` of the same Keras refuses: the
#   converter has no dense layer with such integers. The float network is exported. Of a CNN,
#   little would be gained anyway: its convolutions stay float32 (a warning says so), only dense
#   layers become int8.
# Who meets it: whoever quantises a CNN in Keras for a phone.
# Remedy: export the float network and quantise while converting.
#
# Versions: Keras 3.15.1, TensorFlow 2.21.0, Python 3.11. Seen on 28 November 2026:
#   Conv2D: float32
#   DepthwiseConv2D: float32
#   Dense: int8
#   quantize warns of Conv2D: True
#   export before quantize: works
#   export after quantize: ConverterError, tfl.fully_connected, xi8

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
venv=${FINDINGS_VENV:-$work/venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv" || exit 2
"$venv/bin/python" -m pip install -q --disable-pip-version-check \
    keras==3.15.1 tensorflow==2.21.0 numpy==2.4.6 \
    2>"$work/pip" ||
    { cat "$work/pip"; echo "COULD NOT INSTALL"; exit 2; }
export TF_CPP_MIN_LOG_LEVEL=3
cd "$work"
"$venv/bin/python" - 2>"$work/log" <<'END' ||
import sys
import warnings

import keras
from keras import layers


def same(what, seen, before):
    print(f"{what}: {seen}")
    if seen != before:
        print(f"CHANGED: {what}: it was {before}, it is {seen}.")
        sys.exit(1)


network = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(64, 3),
        layers.DepthwiseConv2D(3),
        layers.Flatten(),
        layers.Dense(10),
    ]
)


def outcome():
    try:
        network.export("some.tflite", format="litert", verbose=False)
    except Exception as error:
        parts = [part for part in ("tfl.fully_connected", "xi8") if part in str(error)]
        return ", ".join([type(error).__name__, *parts])
    return "works"


before = outcome()
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    network.quantize("int8")
for place, kind in ((0, "float32"), (1, "float32"), (3, "int8")):
    layer = network.layers[place]
    largest = max(layer.weights, key=lambda weight: weight.numpy().size)
    same(type(layer).__name__, str(largest.dtype), kind)
warned = any("Conv2D" in str(warning.message) for warning in said)
same("quantize warns of Conv2D", warned, True)
same("export before quantize", before, "works")
same("export after quantize", outcome(), "ConverterError, tfl.fully_connected, xi8")
END
    { sed '/0000/d' "$work/log" | tail -n 2; exit 1; }
