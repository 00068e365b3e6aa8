"""The neighbour explorer: the last hidden layer in two dimensions, and who lies near whom."""

import functools
from typing import Any

import numpy as np
from sklearn.decomposition import PCA

from helpers.explore import panels
from helpers.explore.interpretation.digits import digits_to_show
from helpers.explore.panels import Axis, Box, Choice, Figures, ImageGrid, Slider, number
from helpers.explore.trained import trained
from helpers.interpret.activations import activations, logits

SAY = panels.Words(__name__)
HIDDEN, PIXELS = "last hidden layer", "pixels"
LAST_HIDDEN = -2
# Ten colours that stay apart in grey, too; the digit itself tells the class.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#5B5B5B", "#882255",
          "#332288", "#117733", "#AA4499", "#994F00", "#1A1A1A")  # fmt: skip
# The map of digits in units of its height: its width, and what stays free around it.
WIDTH, MARGIN = 1.33, 0.04
ACROSS = Axis(-MARGIN, WIDTH + MARGIN, ticks=())
DOWN = Axis(-MARGIN, 1 + MARGIN, ticks=())


def neighbours(images: Any = None, labels: Any = None) -> panels.Explorer:
    """Choose a digit, and see where it lies and which digits are nearest to it.

    Args:
        images: `(number, 28, 28)`, integers from 0 to 255 or numbers from 0 to 1, 9 or more of
            them; some bundled digits where it is left out.
        labels: `(number,)` digits from 0 to 9.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where an argument does not hold numbers.
        ValueError: where shapes do not fit, or values are out of range.

    Examples:
        >>> neighbours().settings()["nearest"]
        'last hidden layer'

    """
    pixels, labels_of = digits_to_show(images, labels)
    if len(pixels) < 9:
        raise ValueError(f"`images` must hold 9 or more digits. Received {len(pixels)} of them.")
    network = trained()
    vectors = {
        HIDDEN: activations(network, pixels[..., None], len(network.layers) + LAST_HIDDEN),
        PIXELS: pixels.reshape(len(pixels), -1),
    }
    read = logits(network, pixels[..., None]).argmax(axis=1)

    @functools.cache
    def points(space):
        return components(vectors[space])

    def draw(digit, count, nearest):
        distances = np.linalg.norm(vectors[nearest] - vectors[nearest][digit], axis=1)
        distances[digit] = np.inf
        near = np.argsort(distances, kind="stable")[:count]
        told = {"digit": digit, "read": read[digit], "space": SAY.option("space", nearest)}
        return scene(pixels, labels_of, points(nearest), digit, near, distances[near], told)

    controls = [
        [Slider("digit", 0, len(pixels) - 1, 0, wide=True), Slider("count", 1, 8, 8)],
        [Choice("nearest", (HIDDEN, PIXELS), HIDDEN)],
    ]
    return panels.Explorer(draw, controls, words=SAY)


def components(vectors: np.ndarray) -> np.ndarray:
    """Return the first two principal components, spread over the map of digits."""
    flat = PCA(2, random_state=0).fit_transform(vectors)
    low, high = flat.min(axis=0), flat.max(axis=0)
    return (flat - low) / np.where(high > low, high - low, 1.0) * [WIDTH, 1.0]


def around(point: np.ndarray, reach: float, **look: Any) -> Box:
    """Return a frame around a digit on the map."""
    (left, low), (right, high) = point - reach, point + reach
    return Box(left, right, low, high, **look)


def scene(
    pixels: np.ndarray, labels: np.ndarray, points: np.ndarray, digit: int, near: np.ndarray,
    distances: np.ndarray, told: dict[str, Any],
) -> panels.Scene:  # fmt: skip
    """Mark the chosen digit and its neighbours among all, and show them beside it."""
    label = int(labels[digit])
    told = {
        **told, "label": label, "all": len(pixels), "count": len(near),
        "same": int((labels[near] == label).sum()), "labels": ", ".join(map(str, labels[near])),
        "distance": number(float(distances[0])),
    }  # fmt: skip
    every = Figures(*points.T, tuple(map(str, labels)), tuple(COLORS[one] for one in labels))
    frames = [around(points[one], 0.022, color=panels.OUTPUT, name=SAY("near")) for one in near]
    frames.append(around(points[digit], 0.028, color=panels.WINDOW, weight="thick",
                         name=SAY("chosen")))  # fmt: skip
    ratio = (1 + 2 * MARGIN) / (WIDTH + 2 * MARGIN)
    plane = panels.Chart(ACROSS, DOWN, frames, [every], ratio=ratio, title=SAY("map", **told),
                         notes=SAY("figures"), share=1.55)  # fmt: skip
    captions = [SAY("caption", label=labels[one], distance=distance)
                for one, distance in zip(near, distances, strict=True)]  # fmt: skip
    beside = panels.Column([
        ImageGrid(pixels[digit], limits=(0, 1), zoom=0.38, chosen={0: "window"},
                  title=SAY("digit", **told)),
        ImageGrid(list(pixels[near]), across=4, limits=(0, 1), room=2, captions=captions,
                  chosen=dict.fromkeys(range(len(near)), "output"), title=SAY("nearest", **told),
                  notes=SAY("captions")),
    ])  # fmt: skip
    return panels.Scene(panels.Row([plane, beside]), SAY("sentence", **told))
