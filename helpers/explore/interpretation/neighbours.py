"""The neighbour explorer: the last hidden layer in two dimensions, and who lies near whom."""

import functools
from typing import Any

import ipywidgets as widgets
import numpy as np
from PIL import Image
from sklearn.decomposition import PCA

from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas, number, text_mask
from helpers.explore.trained import digits_to_show, trained
from helpers.interpret.activations import activations, logits

HIDDEN, PIXELS = "last hidden layer", "pixels"
SPOKEN = {HIDDEN: "the last hidden layer", PIXELS: "pixels"}
LAST_HIDDEN = -2
# Ten colours that stay apart in grey, too; the digit itself tells the class.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#5B5B5B", "#882255",
          "#332288", "#117733", "#AA4499", "#994F00", "#1A1A1A")  # fmt: skip
WIDE, HIGH, MARGIN = 520, 400, 14


def neighbours(images: Any = None, labels: Any = None) -> Explorer:
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
    pixels, names = digits_to_show(images, labels)
    if len(pixels) < 9:
        raise ValueError(f"`images` must hold 9 or more digits. Received {len(pixels)} of them.")
    network = trained()
    place = len(network.layers) + LAST_HIDDEN
    vectors = {
        HIDDEN: activations(network, pixels[..., None], place),
        PIXELS: pixels.reshape(len(pixels), -1),
    }
    read = logits(network, pixels[..., None]).argmax(axis=1)

    @functools.cache
    def points(kind):
        flat = PCA(2, random_state=0).fit_transform(vectors[kind])
        low, high = flat.min(axis=0), flat.max(axis=0)
        flat = (flat - low) / np.where(high > low, high - low, 1.0)
        return flat * [WIDE - 2 * MARGIN, HIGH - 2 * MARGIN] + [8 + MARGIN, 36 + MARGIN]

    @functools.cache
    def background(kind):
        return cloud(points(kind), names)

    def draw(digit, nearest, count):
        distances = np.linalg.norm(vectors[nearest] - vectors[nearest][digit], axis=1)
        distances[digit] = np.inf
        near = np.argsort(distances, kind="stable")[:count]
        return scene(
            background(nearest), points(nearest), pixels, names, int(read[digit]), digit, near,
            distances[near], nearest,
        )  # fmt: skip

    controls = {
        "digit": widgets.IntSlider(
            description="Digit", max=len(pixels) - 1, layout=widgets.Layout(width="420px")
        ),
        "count": widgets.IntSlider(description="Neighbours", value=8, min=1, max=8),
        "nearest": toggles("Nearest in", [HIDDEN, PIXELS], HIDDEN),
    }
    return Explorer(draw, controls, [["digit", "count"], ["nearest"]])


def cloud(places: np.ndarray, names: np.ndarray) -> Image.Image:
    """Draw every digit as a small figure at its place: what stays while the choice changes."""
    drawn = Canvas(900, 470)
    for (x, y), name in zip(places, names, strict=True):
        mask = text_mask(str(name), canvas.SMALL)
        corner = (
            round(x * canvas.SCALE) - mask.width // 2,
            round(y * canvas.SCALE) - mask.height // 2,
        )
        drawn.image.paste(COLORS[name], corner, mask)
    drawn.outline(8, 36, WIDE, HIGH, canvas.LINE, 1)
    return drawn.image


def scene(
    background: Image.Image, places: np.ndarray, pixels: np.ndarray, names: np.ndarray, read: int,
    digit: int, near: np.ndarray, distances: np.ndarray, kind: str,
) -> Scene:  # fmt: skip
    """Mark the chosen digit and its neighbours among all, and show them beside it."""
    drawn = Canvas(900, 470)
    drawn.image.paste(background)
    space = SPOKEN[kind]
    drawn.text(8, 22, f"{len(pixels):,} digits by {space}: first two components", canvas.TITLE)
    for place in near:
        x, y = places[place]
        drawn.outline(x - 8, y - 8, 16, 16, canvas.OUTPUT, 2)
    x, y = places[digit]
    drawn.outline(x - 10, y - 10, 20, 20)
    drawn.text(8, 456, "each figure is a digit's label   orange: chosen   blue: nearest")

    label = int(names[digit])
    drawn.text(548, 22, f"Digit {digit}: a {label}, read {read}", canvas.TITLE)
    drawn.picture(548, 36, 128, canvas.colors(pixels[digit], False, 1.0))
    drawn.outline(548, 36, 128, 128)
    drawn.text(548, 196, f"Nearest in {space}, with distances", canvas.TEXT)
    for rank, (place, distance) in enumerate(zip(near, distances, strict=True)):
        down, across = divmod(rank, 4)
        x, y = 548 + across * 88, 208 + down * 118
        drawn.picture(x, y, 80, canvas.colors(pixels[place], False, 1.0))
        drawn.outline(x, y, 80, 80, canvas.OUTPUT, 2)
        drawn.text(x, y + 98, f"a {names[place]}, {distance:.2f}")
    same = int((names[near] == label).sum())
    listed = ", ".join(str(name) for name in names[near])
    words = (
        f"Digit {digit} is a {label}, read as {read}. Nearest to it in {space} are, by label: "
        f"{listed}; {same} of {len(near)} have its label. The nearest is "
        f"{number(float(distances[0]))} away."
    )
    return Scene(drawn, words)
