"""What a filter wants to see: a patch that changes step by step until the filter responds most."""

import functools
from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.explore import canvas, chart
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas, number
from helpers.explore.chart import Axis, Chart
from helpers.explore.trained import LAYERS, digits_to_show, trained
from helpers.interpret import activation_maximization as maximization
from helpers.interpret.activations import activations
from helpers.interpret.receptive_field import receptive_field_and_stride

CONVOLUTIONS = [name for name in LAYERS if name.startswith("convolution")]
PENALTIES = {"none": 0.0, "ink and differences": 0.04}
LARGE = 240
# A channel whose patch is easy to read.
CHANNEL = 5


def activation_maximization(images: Any = None, labels: Any = None) -> Explorer:
    """Choose a filter of the trained network, and watch the patch grow that it wants to see.

    Args:
        images: `(number, 28, 28)`, integers from 0 to 255 or numbers from 0 to 1: digits to
            compare with; some bundled digits where it is left out.
        labels: `(number,)` digits from 0 to 9.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where an argument does not hold numbers.
        ValueError: where shapes do not fit, or values are out of range.

    Examples:
        >>> activation_maximization().settings()["penalty"]
        'ink and differences'

    """
    pixels, names = digits_to_show(images, labels)

    @functools.cache
    def maps(layer):
        return activations(trained(), pixels[..., None], LAYERS[layer])

    @functools.cache
    def best(layer, channel):
        return best_patch(pixels, names, maps(layer)[..., channel], layer)

    def draw(layer, penalty, channel, step):
        return scene(layer, penalty, channel, step, best(layer, channel))

    wide = widgets.Layout(width="460px")
    controls = {
        "layer": toggles("Layer", CONVOLUTIONS, "convolution 3"),
        "penalty": toggles("Penalty", list(PENALTIES), "ink and differences"),
        "channel": widgets.IntSlider(description="Channel", value=CHANNEL, max=63, layout=wide),
        "step": widgets.IntSlider(description="Step", value=70, max=70, layout=wide),
    }

    def fit(controls):
        controls["channel"].max = trained().layers[LAYERS[controls["layer"].value]].filters - 1

    return Explorer(draw, controls, [["layer"], ["penalty"], ["channel"], ["step"]], fit)


@functools.cache
def climbed(layer: str, penalty: str) -> maximization.Ascent:
    """Return the ascent of all filters of a layer: computed once, when it is first asked for."""
    return maximization.activation_maximization(trained(), LAYERS[layer], PENALTIES[penalty])


def best_patch(
    images: np.ndarray, labels: np.ndarray, maps: np.ndarray, layer: str
) -> tuple[np.ndarray, str, float]:
    """Return the patch of any digit that excites a channel most, whose it is, and the number."""
    field, step = receptive_field_and_stride(trained(), LAYERS[layer])
    digit, row, column = np.unravel_index(maps.argmax(), maps.shape)
    top, left = row * step, column * step
    patch = images[digit, top : top + field, left : left + field]
    return patch, f"a {labels[digit]}", float(maps.max())


def scene(
    layer: str, penalty: str, channel: int, step: int, best: tuple[np.ndarray, str, float]
) -> Scene:
    """Draw the patch, the best one of real digits, and how the response rose."""
    found = climbed(layer, penalty)
    patch, response = found.patches[step, channel], found.responses[:, channel]
    rough = np.mean([np.abs(np.diff(patch, axis=axis)).mean() for axis in (0, 1)])
    real, whose, most = best
    size, last = len(patch), len(response) - 1

    drawn = Canvas(900, 400)
    drawn.text(8, 24, f"{layer.capitalize()}, channel {channel}", canvas.TITLE)
    frame(drawn, 8, patch)
    drawn.text(8, 298, f"{size} × {size} pixels after step {step}")
    drawn.text(8, 318, f"response {number(response[step])}")
    drawn.text(8, 338, f"neighbours differ by {number(rough)}")
    drawn.text(276, 24, "Best of the real digits", canvas.TITLE)
    if most > 0:
        frame(drawn, 276, real)
        drawn.text(276, 298, f"from {whose}")
        drawn.text(276, 318, f"response {number(most)}")
    else:
        drawn.outline(276, 36, LARGE, LARGE, canvas.LINE, 1)
        drawn.text(276 + LARGE / 2, 160, "none excites it", anchor="middle")

    both = {name: climbed(layer, name).responses[:, channel] for name in PENALTIES}
    axis = chart.around([*np.concatenate([*both.values()]), 0.0, most])
    plot = Chart(drawn, (590, 36, 296, LARGE), Axis(0, last), axis, "Response while it climbs")
    ticks = {tick: str(tick) for tick in range(0, last + 1, 10)}
    plot.ticks(ticks, chart.round_ticks(axis.low, axis.high))
    plot.path((0, last), (most, most), canvas.INK, 1)
    plot.path(range(last + 1), both["none"], canvas.OUTPUT, 2.5)
    plot.path(range(last + 1), both["ink and differences"], canvas.WINDOW, 2.5, dashed=True)
    color = canvas.OUTPUT if penalty == "none" else canvas.WINDOW
    plot.dot(step, response[step], "square" if penalty == "none" else "circle", color, 6)
    plot.label("step")
    drawn.text(590, 338, "blue, solid: without penalty")
    drawn.text(590, 358, "orange, dashed: with penalty")
    drawn.text(590, 378, "thin black: the best of the real digits")
    drawn.text(8, 378, "black 0, white 1; it begins as grey noise")

    digits = (
        f"The best patch of the real digits, from {whose}, gives {number(most)}."
        if most > 0 else "None of the real digits excites this channel."
    )  # fmt: skip
    way = "without penalty" if penalty == "none" else "with a penalty for ink and differences"
    words = (
        f"{layer.capitalize()}, channel {channel}, {way}, step {step} of {last}: the filter "
        f"responds with {number(response[step])} to this patch of {size} × {size}, with "
        f"{number(response[0])} to the noise at the beginning. Neighbouring pixels differ by "
        f"{number(rough)} on average. {digits}"
    )
    return Scene(drawn, words)


def frame(drawn: Canvas, x: float, patch: np.ndarray) -> None:
    """Draw a patch with a line around it."""
    drawn.picture(x, 36, LARGE, canvas.colors(patch, False, 1.0))
    drawn.outline(x, 36, LARGE, LARGE, canvas.LINE, 1)
