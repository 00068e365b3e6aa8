#!/usr/bin/env bash
# Guess: `load_weights` of a `.weights.h5` file gives each layer the weights that were saved under
#   its name. If names do not fit, or the file holds more layers than the network, it says so.
# Seen: names are not looked at. The layers of one class are counted, and the first gets the
#   first's weights. A network whose two layers have their names exchanged gets the weights
#   exchanged. A network with one layer less takes what it has a place for. Both without a word.
# Who meets it: whoever renames or reorders layers of the same size between training and loading.
# Remedy: load into the network that was saved, or save it whole (`.keras`).
#
# Versions: Keras 3.15.1, TensorFlow 2.21.0, Python 3.11. Seen on 28 November 2026:
#   saved: {'stem': 1.0, 'top': 2.0}
#   loaded, names exchanged: {'top': 1.0, 'stem': 2.0}
#   loaded, names that were never saved: {'other': 1.0, 'another': 2.0}
#   loaded, with one layer less, named as the second: {'top': 1.0}
#   warnings: 0

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
import numpy as np


def same(what, seen, before):
    print(f"{what}: {seen}")
    if seen != before:
        print(f"CHANGED: {what}: it was {before}, it is {seen}.")
        sys.exit(1)


def network(*names):
    hidden = [keras.layers.Dense(4, name=name) for name in names]
    return keras.Sequential([keras.Input((4,)), *hidden])


def first_weights(network):
    return {layer.name: float(layer.get_weights()[0][0, 0]) for layer in network.layers}


saved = network("stem", "top")
for value, layer in enumerate(saved.layers, 1):
    layer.set_weights([np.full((4, 4), float(value)), np.zeros(4)])
saved.save_weights("some.weights.h5")
same("saved", first_weights(saved), {"stem": 1.0, "top": 2.0})


def loaded(*names):
    made = network(*names)
    made.load_weights("some.weights.h5")
    return first_weights(made)


with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    same("loaded, names exchanged", loaded("top", "stem"), {"top": 1.0, "stem": 2.0})
    same(
        "loaded, names that were never saved",
        loaded("other", "another"),
        {"other": 1.0, "another": 2.0},
    )
    same("loaded, with one layer less, named as the second", loaded("top"), {"top": 1.0})
same("warnings", len(said), 0)
END
    { sed '/0000/d' "$work/log" | tail -n 2; exit 1; }
