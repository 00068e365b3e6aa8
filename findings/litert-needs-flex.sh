#!/usr/bin/env bash
# Guess: what `export(format="litert")` of Keras writes without an error runs in LiteRT.
# Seen: not where the network has a recurrent layer, and not where it was trained in mixed
#   precision. Both files are written without a word, and the interpreter of `ai-edge-litert`
#   refuses them: they hold operations of TensorFlow ("Flex") for which a second, large library is
#   needed. In mixed precision these are even the convolution, its bias and ReLU, and the file is
#   not smaller, since the weights stay float32. A batch size given to `Input` does not help the
#   recurrent layer. `unroll=True` does. So does, for the mixed network, a float32 copy with the
#   same weights.
# Who meets it: whoever trains on a GPU with `mixed_float16`, or takes a GRU, and exports at the
#   end.
#
# Versions: Keras 3.15.1, TensorFlow 2.21.0, ai-edge-litert 2.3.0, Python 3.11.
# Seen on 28 November 2026:
#   convolution, float32: runs
#   convolution, mixed_float16: refused, FlexBiasAdd FlexConv2D FlexRelu
#   the file in mixed precision is smaller: False
#   convolution, mixed_float16, its weights in a float32 network: runs
#   GRU: refused, FlexTensorListReserve FlexTensorListStack
#   GRU, Input(batch_size=1): refused, FlexTensorListReserve FlexTensorListStack
#   GRU, unroll=True: runs

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
venv=${FINDINGS_VENV:-$work/venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv" || exit 2
"$venv/bin/python" -m pip install -q --disable-pip-version-check \
    keras==3.15.1 tensorflow==2.21.0 numpy==2.4.6 ai-edge-litert==2.3.0 \
    2>"$work/pip" ||
    { cat "$work/pip"; echo "COULD NOT INSTALL"; exit 2; }
export TF_CPP_MIN_LOG_LEVEL=3
cd "$work"
"$venv/bin/python" - 2>"$work/log" <<'END' ||
import pathlib
import sys

import keras
from ai_edge_litert.interpreter import Interpreter
from keras import layers


def same(what, seen, before):
    print(f"{what}: {seen}")
    if seen != before:
        print(f"CHANGED: {what}: it was {before}, it is {seen}.")
        sys.exit(1)


def convolutional(precision):
    keras.config.set_dtype_policy(precision)
    made = keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(10, dtype="float32"),
        ]
    )
    keras.config.set_dtype_policy("float32")
    return made


def recurrent(batch_size=None, **options):
    given = keras.Input((6, 4), batch_size=batch_size)
    return keras.Sequential([given, layers.GRU(8, **options), layers.Dense(2)])


def outcome(network, name="some.tflite"):
    network.export(name, format="litert", verbose=False)
    made = Interpreter(name)
    try:
        made.allocate_tensors()
    except RuntimeError as error:
        assert "Select TensorFlow op" in str(error)
        used = {operation["op_name"] for operation in made._get_ops_details()}
        return "refused, " + " ".join(sorted(one for one in used if one.startswith("Flex")))
    return "runs"


def size(name):
    return pathlib.Path(name).stat().st_size


plain, mixed = convolutional("float32"), convolutional("mixed_float16")
same("convolution, float32", outcome(plain, "plain.tflite"), "runs")
same(
    "convolution, mixed_float16",
    outcome(mixed, "mixed.tflite"),
    "refused, FlexBiasAdd FlexConv2D FlexRelu",
)
same("the file in mixed precision is smaller", size("mixed.tflite") < size("plain.tflite"), False)
plain.set_weights(mixed.get_weights())
same("convolution, mixed_float16, its weights in a float32 network", outcome(plain), "runs")
lists = "refused, FlexTensorListReserve FlexTensorListStack"
same("GRU", outcome(recurrent()), lists)
same("GRU, Input(batch_size=1)", outcome(recurrent(batch_size=1)), lists)
same("GRU, unroll=True", outcome(recurrent(unroll=True)), "runs")
END
    { sed '/0000/d' "$work/log" | tail -n 2; exit 1; }
