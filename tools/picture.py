"""Draw the picture of README.md: a digit, what the trained network makes of it, its answer.

make picture        (with COURSE_DATA naming a folder that holds mnist.npz)
"""

import base64
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from helpers import data, networks, plots
from helpers.networks import keras

INDEX, ROWS = 5, 4


def main() -> None:
    digits = data.load_digits()
    digit = digits.x_val[INDEX]
    network = networks.load_trained()
    looks = keras.Model(network.inputs[0], [network.layers[i].output for i in (0, 2, 4)])
    inputs = digit[None, ..., None].astype("float32") / 255
    maps = [np.asarray(layer)[0] for layer in looks(inputs)]
    answer = np.asarray(network(inputs))[0]
    drawn, axes = plots.figure(10, 2.6, columns=5)
    plots.image(axes[0, 0], digit, "28 × 28 numbers")
    for ax, found, name in zip(axes[0, 1:4], maps, ("first", "second", "third"), strict=True):
        side = found.shape[0]
        plots.image(ax, mosaic(found), f"{name} convolution:\n{side} × {side} × {found.shape[2]}")
    plots.bars(
        axes[0, 4], {str(number): float(p) for number, p in enumerate(answer)}, "probability"
    )
    axes[0, 4].set_xlim(0, 1.4)
    axes[0, 4].set_title(f"answer: {answer.argmax()}", fontsize=9)
    words = "A handwritten digit, some of the network's feature maps, and its ten probabilities."
    png = base64.b64decode(plots.bundle(drawn, words)[0]["image/png"])
    part = data.DATA_FOLDER / "picture.part"
    part.write_bytes(png)
    os.replace(part, data.DATA_FOLDER / "picture.png")


def mosaic(maps: np.ndarray) -> np.ndarray:
    """Lay the 16 strongest of maps `(height, width, channels)` side by side, 4 in a row."""
    strongest = np.sort(np.argsort(-maps.sum(axis=(0, 1)))[: ROWS**2])
    shown = maps[..., strongest] / maps[..., strongest].max()
    framed = np.pad(shown, ((0, 1), (0, 1), (0, 0)), constant_values=0.4)
    side = framed.shape[0]
    tiles = framed.reshape(side, side, ROWS, ROWS)
    return tiles.transpose(2, 0, 3, 1).reshape(ROWS * side, ROWS * side)


if __name__ == "__main__":
    main()
