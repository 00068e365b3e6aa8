#!/usr/bin/env bash
# Guess: a layer without weights, such as a pooling, can stand twice in a Sequential, and the
#   network is the same after it was saved and loaded.
# Seen: it can stand there twice and works twice. But the file holds it once, at its first place,
#   and nothing says so. The network that is loaded has one pooling less and maps of 4 x 4, not 2
#   x 2. All weights fit, since no dense layer stands behind. `clone_model` does not lose it.
# Who meets it: whoever writes `halve = MaxPooling2D(2)` once and uses it wherever it halves.
# Remedy: make a new layer for each place.
#
# Versions: Keras 3.15.1, TensorFlow 2.21.0, Python 3.11. Seen on 28 November 2026:
#   layers before saving: 4, in the file: 3
#   output before saving: (None, 2, 2, 3)
#   layers after loading: 3
#   output after loading: (None, 4, 4, 3)
#   largest weight that differs: 0.0
#   layers of a clone: 4
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
import json
import sys
import warnings
import zipfile

import keras
from keras import layers


def same(what, seen, before):
    print(f"{what}: {seen}")
    if seen != before:
        print(f"CHANGED: {what}: it was {before}, it is {seen}.")
        sys.exit(1)


halve = layers.MaxPooling2D(2)
whole = [layers.Conv2D(3, 3, padding="same"), halve, layers.Conv2D(3, 3, padding="same"), halve]
network = keras.Sequential([keras.Input((8, 8, 1)), *whole])
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    network.save("twice.keras")
    loaded = keras.models.load_model("twice.keras")
    clone = keras.models.clone_model(network)
with zipfile.ZipFile("twice.keras") as file:
    written = json.loads(file.read("config.json"))["config"]["layers"]
written = [entry for entry in written if entry["class_name"] != "InputLayer"]
counts = f"{len(network.layers)}, in the file: {len(written)}"
same("layers before saving", counts, "4, in the file: 3")
same("output before saving", network.output_shape, (None, 2, 2, 3))
same("layers after loading", len(loaded.layers), 3)
same("output after loading", loaded.output_shape, (None, 4, 4, 3))
pairs = zip(network.get_weights(), loaded.get_weights(), strict=True)
same("largest weight that differs", max(float(abs(a - b).max()) for a, b in pairs), 0.0)
same("layers of a clone", len(clone.layers), 4)
named = [warning for warning in said if warning.category is UserWarning]
same("warnings", len(named), 0)
END
    { sed '/0000/d' "$work/log" | tail -n 2; exit 1; }
