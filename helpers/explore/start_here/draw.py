"""Draw a digit and watch the trained network read it."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from helpers.datasets.mnist import center_like_mnist, load_digit_image
from helpers.explore import panels
from helpers.explore.panels import Choice, Column, ImageGrid, Row, Slider, in_words
from helpers.explore.trained import trained
from helpers.models.backend import keras, tf

SAY = panels.Words(__name__)
DRAWING, CENTERED, AS_IT_IS = "Drawing", "yes", "no"
# scikit-learn's digits that stand for 0 to 9 in the picker: clearly written ones.
BUNDLED = (0, 1, 2, 3, 4, 33, 6, 7, 8, 69)
FIRST = "3"
FARTHEST = 8
# For each convolution: how many of its maps stand side by side, and its part of the width.
MOSAICS = {"first": (4, 1.0), "second": (8, 1.2), "third": (8, 0.9)}

Look = Callable[[np.ndarray], list[np.ndarray]]


def draw() -> panels.Explorer:
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
    network = trained()
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


class DrawingBoard(panels.Explorer):
    """The explorer with its pad: what is drawn is read at once, what is chosen can be drawn on."""

    def __init__(self, pad: Any):
        # At first the pad is empty, while the picture shows a digit that is read already.
        self.pad, self._on_pad = pad, FIRST
        digits = tuple(str(digit) for digit in range(10))
        column = [
            Choice("source", digits if pad is None else (DRAWING, *digits), FIRST),
            Choice("centering", (CENTERED, AS_IT_IS), CENTERED),
            *(Slider(name, -FARTHEST, FARTHEST, 0) for name in ("right", "down")),
        ]
        below = [] if pad is None else [panels.Button("clear", DrawingBoard.clear)]
        beside = [column] if pad is None else [pad, column]
        super().__init__(self._scene, [beside, below], words=SAY)
        if pad is not None:
            pad.observe(self._on_stroke, names="drawn")
        # The answer in words stands beside the pad, where the reader looks.
        self.box.children = [part for part in self.box.children if part is not self.sentence]
        made = self.box.children[0].children[-1]
        made.children = (*made.children, self.sentence)

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
        self.attempt(lambda: self.set(source=DRAWING))

    def _ink(self, source: str) -> np.ndarray:
        return self.pad.ink() if source == DRAWING else bundled(int(source))

    def _scene(self, source: str, centering: str, right: int, down: int) -> panels.Scene:
        ink = self._ink(source)
        if self.pad is not None and source != self._on_pad:
            # What was chosen goes on the pad; the reader's own strokes are there already.
            self.pad.show(ink)
            self._on_pad = source
        name = SAY("yours" if source == DRAWING else "own", digit=source)
        return scene(trained_look(), name, ink, centering == CENTERED, right, down)


def scene(
    look: Look, name: str, ink: np.ndarray, centered: bool, right: int, down: int
) -> panels.Scene:
    """Show what was drawn, what the network gets, its feature maps and its answer."""
    placed = moved(ink, 2 * right, 2 * down)
    image = prepared(placed, centered)
    *maps, probabilities = look(image)
    middle = panels.Middle(14.5, 14.5, *image.shape, cross=center_of_mass(image))
    first, *others = (mosaic(found, which) for which, found in zip(MOSAICS, maps, strict=True))
    signs = [panels.Rule(x=0, name=SAY("middle")),
             panels.Points(0, 0, "cross", panels.WINDOW, "large", name=SAY("mass"))]  # fmt: skip
    shown = [
        Column([ImageGrid(placed, limits=(0, 1), title=SAY("drawing")),
                ImageGrid(image, limits=(0, 1), over={0: [middle]}, title=SAY("gets"))],
               share=0.85),
        first,
        Column([Row(others), panels.Text(SAY("bright"), "small"), panels.Legend(signs)],
               share=2.35),
        panels.Bars(range(10), probabilities, title=SAY("answer"), share=1.05),
    ]  # fmt: skip
    words = describe(name, ink, placed, centered, right, down, probabilities)
    return panels.Scene(Row(shown), words)


def center_of_mass(image: np.ndarray) -> tuple[float, float] | None:
    """Return row and column of the centre of mass of the ink; None where there is none."""
    if not image.any():
        return None
    row, column = (
        float(image.sum(axis=1 - axis) @ np.arange(image.shape[axis]) / image.sum() + 0.5)
        for axis in range(2)
    )
    return row, column


def mosaic(maps: np.ndarray, which: str) -> ImageGrid:
    """Show the maps `(height, width, channels)` of a convolution, all in one range of grey."""
    height, width, channels = maps.shape
    title = SAY("maps", which=SAY(which), channels=channels, height=height, width=width)
    across, share = MOSAICS[which]
    return ImageGrid(list(np.moveaxis(maps, 2, 0)), across=across, tight=True, title=title,
                     limits=(0, float(maps.max()) or 1.0), share=share)  # fmt: skip


def describe(
    name: str, ink: np.ndarray, placed: np.ndarray, centered: bool, right: int, down: int,
    probabilities: np.ndarray,
) -> str:  # fmt: skip
    """Say what is read, from what, and how it was placed."""
    steps = [SAY(one if by > 0 else other, by=abs(by)) for by, one, other in
             ((right, "right", "left"), (down, "down", "up")) if by]  # fmt: skip
    happened = [name]
    if steps:
        is_cut = placed.sum() < 0.999 * ink.sum()
        steps_taken = SAY("both", across=steps[0], along=steps[1]) if len(steps) > 1 else steps[0]
        happened.append(SAY("moved_and_cut" if is_cut else "moved", by=steps_taken))
    happened.append(SAY("centred" if centered else "not_centred"))
    answer = in_words(probabilities) if placed.any() else SAY(
        "nothing", read=probabilities.argmax(), sure=SAY.percent(probabilities.max())
    )  # fmt: skip
    return SAY("sentence", answer=answer, happened=", ".join(happened))
