#!/usr/bin/env bash
# Guess: a network with several outputs, exported with `export(format="litert")`, gives them in
#   the order in which Keras has them. And where the signature names them `output_0`, `output_1`,
#   ..., the n-th name is the n-th output.
# Seen: `get_output_details` has them in an order of its own. The signature's names are right, but
#   they are sorted as text: behind `output_1` comes `output_10`. Who walks through either of them
#   gets the wrong output, and where two outputs have the same shape nothing shows it.
# Who meets it: whoever exports a network that also gives its maps, or has more than one head.
# Remedy: ask the signature runner, by name.
#
# Versions: Keras 3.15.1, TensorFlow 2.21.0, ai-edge-litert 2.3.0, Python 3.11.
# Seen on 28 November 2026, of twelve outputs with 1, 2, ... 12 numbers:
#   Keras: 1 2 3 4 5 6 7 8 9 10 11 12
#   get_output_details in that order: False
#   get_output_details, sorted: 1 2 3 4 5 6 7 8 9 10 11 12
#   signature runner, as it lists them: 1 2 11 12 3 4 5 6 7 8 9 10
#   signature runner, by name: 1 2 3 4 5 6 7 8 9 10 11 12
# (The order of get_output_details on that day: 10 5 2 8 6 4 1 3 9 12 11 7.)

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
import sys

import keras
import numpy as np
from ai_edge_litert.interpreter import Interpreter


def same(what, seen, before):
    print(f"{what}: {seen}")
    if seen != before:
        print(f"CHANGED: {what}: it was {before}, it is {seen}.")
        sys.exit(1)


given = keras.Input((3,))
heads = [keras.layers.Dense(count)(given) for count in range(1, 13)]
network = keras.Model(given, heads)
network.export("some.tflite", format="litert", verbose=False)
pixels = np.ones((1, 3), "float32")
interpreter = Interpreter("some.tflite")


def sizes(outputs):
    return " ".join(str(np.shape(output)[-1]) for output in outputs)


in_order = "1 2 3 4 5 6 7 8 9 10 11 12"
same("Keras", sizes(network.predict(pixels, verbose=0)), in_order)
details = [int(detail["shape"][-1]) for detail in interpreter.get_output_details()]
print("get_output_details:", *details)
same("get_output_details in that order", details == sorted(details), False)
same("get_output_details, sorted", " ".join(map(str, sorted(details))), in_order)
runner = interpreter.get_signature_runner()
answers = runner(**{name: pixels for name in runner.get_input_details()})
listed = [answers[name] for name in runner.get_output_details()]
same(
    "signature runner, as it lists them",
    sizes(listed),
    "1 2 11 12 3 4 5 6 7 8 9 10",
)
named = [answers[f"output_{place}"] for place in range(12)]
same("signature runner, by name", sizes(named), in_order)
END
    { sed '/0000/d' "$work/log" | tail -n 2; exit 1; }
