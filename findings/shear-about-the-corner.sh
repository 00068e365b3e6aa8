#!/usr/bin/env bash
# Guess: RandomShear leaves the middle of the picture where it is, as RandomRotation and
#   RandomZoom do. What it shows stays in view.
# Seen: it leaves the top left corner where it is. A shear by 0.5 moves the middle of a picture of
#   33 pixels by 8, to the left or to the right, and what lies at the bottom by 16. It is also a
#   shift, and a larger one than most RandomTranslations are set to. With a factor for x and one
#   for y, one coin decides both directions: right goes with down, left with up.
# Who meets it: whoever adds it to the augmentation of digits, and wonders why they leave the
#   picture.
# Remedy: a small factor, and room around what is shown.
#
# Versions: Keras 3.15.1, TensorFlow 2.21.0, Python 3.11. Seen on 28 November 2026, the places
# (row, column) in 100 pictures of the one bright pixel that began at (16, 16), in the middle:
#   RandomRotation, an eighth of a turn: (16, 16)
#   RandomZoom, to 1.3: (16, 16)
#   RandomShear, x 0.5: (16, 8) (16, 24)
#   RandomShear, y 0.5: (8, 16) (24, 16)
#   RandomShear, x 0.25 and y 0.25: (13, 13) (21, 21)
#   RandomShear, x 0.5, of a pixel in the corner: (0, 0)

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

import numpy as np
from keras import layers


def same(what, seen, before):
    print(f"{what}: {seen}")
    if seen != before:
        print(f"CHANGED: {what}: it was {before}, it is {seen}.")
        sys.exit(1)


def bright(layer, place=16):
    pictures = np.zeros((100, 33, 33, 1), "float32")
    pictures[:, place, place] = 1
    moved = np.asarray(layer(pictures, training=True)).reshape(100, -1)
    found = np.unique(moved.argmax(1))
    return " ".join(f"({flat // 33}, {flat % 33})" for flat in found)


dark = {"fill_mode": "constant", "seed": 0}
turn = layers.RandomRotation((0.125, 0.125), **dark)
zoom = layers.RandomZoom((0.3, 0.3), **dark)
along_x = layers.RandomShear(x_factor=(0.5, 0.5), **dark)
along_y = layers.RandomShear(y_factor=(0.5, 0.5), **dark)
along_both = layers.RandomShear(x_factor=(0.25, 0.25), y_factor=(0.25, 0.25), **dark)
same("RandomRotation, an eighth of a turn", bright(turn), "(16, 16)")
same("RandomZoom, to 1.3", bright(zoom), "(16, 16)")
same("RandomShear, x 0.5", bright(along_x), "(16, 8) (16, 24)")
same("RandomShear, y 0.5", bright(along_y), "(8, 16) (24, 16)")
same("RandomShear, x 0.25 and y 0.25", bright(along_both), "(13, 13) (21, 21)")
same("RandomShear, x 0.5, of a pixel in the corner", bright(along_x, place=0), "(0, 0)")
END
    { sed '/0000/d' "$work/log" | tail -n 2; exit 1; }
