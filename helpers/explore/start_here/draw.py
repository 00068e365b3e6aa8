"""Draw a digit and watch the trained network read it."""

import functools
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import numpy as np
from PIL import Image

from helpers.datasets.mnist import center_like_mnist, load_digit_image
from helpers.explore import canvas
from helpers.explore.answers import draw_bars, in_words, percent
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas
from helpers.models.backend import keras, tf
from helpers.models.mnist_cnn import load_trained

DRAWING, CENTERED, AS_IT_IS = "Drawing", "yes", "no"
# scikit-learn's digits that stand for 0 to 9 in the picker: clearly written ones.
BUNDLED = (0, 1, 2, 3, 4, 33, 6, 7, 8, 69)
FIRST = "3"
FARTHEST = 8
SHOWN = 136
# For each convolution: the left edge of its mosaic, maps in a row, and pixels for a pixel.
MOSAICS = ((184, 4, 3), (366, 8, 4), (580, 8, 11))

Look = Callable[[np.ndarray], list[np.ndarray]]


def draw() -> Explorer:
    """Draw a digit, or choose one, and watch the network that the course ships read it.

    Where anywidget is missing there is no pad, and the course's own digits can be chosen.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        DataError: where the network's weights are missing or damaged.

    Examples:
        >>> draw().settings()["source"]
        '3'

    """
    return DrawingBoard(make_pad())


def make_pad() -> Any:
    """Return a pad to draw on, or None where anywidget is missing."""
    try:
        from helpers.explore.pad import Pad
    except ModuleNotFoundError as error:
        if error.name != "anywidget":
            raise
        return None
    return Pad()


@functools.cache
def trained_look() -> Look:
    """Return a fast function from an image to the maps of the convolutions and the answer."""
    network = load_trained()
    found = [layer.output for layer in network.layers if isinstance(layer, keras.layers.Conv2D)]
    inside = keras.Model(network.inputs[0], [*found, network.layers[-1].output])
    # Compiled once: a call then takes 2 ms instead of 20.
    compiled = tf.function(inside, input_signature=[tf.TensorSpec((1, 28, 28, 1))])
    compiled(tf.zeros((1, 28, 28, 1)))

    def look(image: np.ndarray) -> list[np.ndarray]:
        outputs = compiled(tf.constant(image[None, ..., None], tf.float32))
        return [output.numpy()[0] for output in outputs]

    return look


@functools.cache
def bundled(digit: int) -> np.ndarray:
    """Return one of the course's own digits in the pad's size, `(56, 56)` from 0 to 1."""
    return np.kron(load_digit_image(BUNDLED[digit]), np.ones((2, 2)))


def moved(ink: np.ndarray, right: int, down: int) -> np.ndarray:
    """Move a picture by so many cells; what leaves it is lost."""
    height, width = ink.shape
    wide = np.pad(ink, ((height, height), (width, width)))
    return wide[height - down : 2 * height - down, width - right : 2 * width - right]


def prepared(ink: np.ndarray, centered: bool) -> np.ndarray:
    """Bring a drawing `(56, 56)` into the network's 28 x 28, with or without MNIST's centring."""
    if centered:
        return center_like_mnist(ink)
    small = Image.fromarray(ink.astype(np.float32)).resize((28, 28), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float64)


class DrawingBoard(Explorer):
    """The explorer with its pad: what is drawn is read at once, what is chosen can be drawn on."""

    def __init__(self, pad: Any):
        # At first the pad is empty, while the picture shows a digit that is read already.
        self.pad, self._on_pad = pad, FIRST
        choices = [str(digit) for digit in range(10)]
        source = toggles("Read", choices if pad is None else [DRAWING, *choices], FIRST)
        centering = toggles("Centre the drawing as MNIST does", [CENTERED, AS_IT_IS], CENTERED)
        centering.style.description_width = "initial"
        movers = {
            name: widgets.IntSlider(description=words, min=-FARTHEST, max=FARTHEST)
            for name, words in (("right", "Move right"), ("down", "Move down"))
        }
        column = widgets.VBox(
            [source, centering, *movers.values()],
            layout=widgets.Layout(flex="1 1 400px", margin="0 0 0 12px"),
        )
        below = []
        if pad is not None:
            clear = widgets.Button(description="Clear", layout=widgets.Layout(width="80px"))
            clear.on_click(lambda _: self.clear())
            pad.observe(self._on_stroke, names="drawn")
            below.append(clear)
        super().__init__(
            self._scene,
            {"source": source, "centering": centering, **movers},
            [[column] if pad is None else [pad, column], below],
            self._follow,
        )
        # The answer in words stands beside the pad, where the reader looks.
        self.box.children = [part for part in self.box.children if part is not self.sentence]
        column.children = (*column.children, self.sentence)

    def clear(self) -> None:
        """Empty the pad, and read what is on it: nothing."""
        self._empty_the_pad()
        self._on_stroke()

    def reset(self) -> None:
        """Bring every control back to its first value, and empty the pad."""
        if self.pad is not None:
            self._empty_the_pad()
        self._on_pad = FIRST
        super().reset()

    def _empty_the_pad(self) -> None:
        self.pad.unobserve(self._on_stroke, names="drawn")
        self.pad.clear()
        self.pad.observe(self._on_stroke, names="drawn")

    def close(self) -> None:
        """Take the explorer out of the kernel, and its pad with it."""
        if self.pad is not None:
            self.pad.unobserve_all()
        super().close()

    def _on_stroke(self, _=None) -> None:
        self._on_pad = DRAWING
        self.set(source=DRAWING)

    def _follow(self, controls: dict[str, widgets.Widget]) -> None:
        """Put on the pad what was chosen; the reader's own strokes are there already."""
        chosen = controls["source"].value
        if self.pad is not None and chosen != self._on_pad:
            self.pad.show(self._ink(chosen))
            self._on_pad = chosen

    def _ink(self, source: str) -> np.ndarray:
        return self.pad.ink() if source == DRAWING else bundled(int(source))

    def _scene(self, source: str, centering: str, right: int, down: int) -> Scene:
        ink = self._ink(source)
        name = "Your drawing" if source == DRAWING else f"The course's own {source}"
        return scene(trained_look(), name, ink, centering == CENTERED, right, down)


def scene(look: Look, name: str, ink: np.ndarray, centered: bool, right: int, down: int) -> Scene:
    """Draw what was drawn, what the network gets, its feature maps and its answer."""
    placed = moved(ink, 2 * right, 2 * down)
    image = prepared(placed, centered)
    *maps, probabilities = look(image)

    drawn = Canvas(916, 378)
    for top, title, pixels in ((30, "Drawing", placed), (220, "What the network gets", image)):
        drawn.text(8, top - 8, title)
        drawn.picture(8, top, SHOWN, canvas.colors(pixels, False, 1.0))
    mark_middle(drawn, 8, 220, image)
    for place, layer, found in zip(MOSAICS, ("First", "Second", "Third"), maps, strict=True):
        x, across, zoom = place
        height, width, channels = found.shape
        drawn.text(x, 22, f"{layer} convolution")
        drawn.text(x, 39, f"{channels} maps, {height} × {width}", canvas.SMALL)
        tiles = mosaic(found, across, zoom)
        drawn.picture(x, 46, max(tiles.shape[:2]) / canvas.SCALE, tiles)
    for line, text in enumerate(
        ("In a map, bright is where its filter found its pattern.",
         "Left: the grey lines cross in the middle of the image,",
         "the orange cross marks the centre of mass of the ink.")
    ):  # fmt: skip
        drawn.text(366, 300 + 20 * line, text, canvas.SMALL)
    drawn.text(758, 22, "Answer")
    draw_bars(drawn, 758, 46, 154, probabilities)
    return Scene(drawn, describe(name, ink, placed, centered, right, down, probabilities))


def mark_middle(drawn: Canvas, x: float, y: float, image: np.ndarray) -> None:
    """Mark the middle of a 28 x 28 image with grey lines, and its centre of mass with a cross."""
    side = SHOWN / 28
    middle = 14.5 * side
    drawn.line([(x, y + middle), (x + SHOWN, y + middle)])
    drawn.line([(x + middle, y), (x + middle, y + SHOWN)])
    if image.any():
        down, right = (
            float(image.sum(axis=1 - axis) @ np.arange(28) / image.sum() + 0.5) * side
            for axis in range(2)
        )
        for turn in (1, -1):
            ends = [(x + right - 6, y + down - 6 * turn), (x + right + 6, y + down + 6 * turn)]
            drawn.line(ends, canvas.WINDOW, 2.5)


def mosaic(maps: np.ndarray, across: int, zoom: int) -> np.ndarray:
    """Lay maps `(height, width, channels)` side by side, all in one range of grey.

    Each pixel becomes `zoom` x `zoom` pixels of the picture; between two maps is a white gap.
    """
    shades = canvas.colors(maps, False, float(maps.max()) or 1.0)
    blown_up = shades.repeat(zoom, axis=0).repeat(zoom, axis=1)
    framed = np.pad(blown_up, ((0, 4), (0, 4), (0, 0), (0, 0)), constant_values=255)
    height, width, channels, _ = framed.shape
    rows = framed.reshape(height, width, channels // across, across, 3).transpose(2, 0, 3, 1, 4)
    return rows.reshape(channels // across * height, across * width, 3)


def describe(
    name: str, ink: np.ndarray, placed: np.ndarray, centered: bool, right: int, down: int,
    probabilities: np.ndarray,
) -> str:  # fmt: skip
    """Say what is read, from what, and how it was placed."""
    ways = [f"{abs(by)} {way[by < 0]}" for by, way in
            ((right, ("right", "left")), (down, ("down", "up"))) if by]  # fmt: skip
    cut = placed.sum() < 0.999 * ink.sum()
    happened = [name]
    if ways:
        happened.append(f"moved {' and '.join(ways)}{' and partly cut off' if cut else ''}")
    happened.append("centred as MNIST does" if centered else "not centred")
    if not placed.any():
        answer = (
            "Nothing is drawn. The network cannot say so: of the empty image it makes a "
            f"{probabilities.argmax()}, {percent(probabilities.max())} sure."
        )
    else:
        answer = in_words(probabilities)
    return f"{answer} {', '.join(happened)}."
