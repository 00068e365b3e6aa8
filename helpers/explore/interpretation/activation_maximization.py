"""What a filter wants to see: a patch that changes step by step until the filter responds most."""

import functools
from typing import Any

import numpy as np

from helpers.explore import panels
from helpers.explore.interpretation.digits import CONVOLUTIONS, LAYERS, digits_to_show
from helpers.explore.panels import Axis, Choice, ImageGrid, Line, Points, Slider, number
from helpers.explore.trained import trained
from helpers.interpret import activation_maximization as maximization
from helpers.interpret.activations import activations
from helpers.interpret.receptive_field import receptive_field_and_stride

SAY = panels.Words(__name__)
NONE, BOTH = "none", "ink and differences"
PENALTIES = {NONE: 0.0, BOTH: 0.04}
# For each penalty: the colour of its curve, whether it is dashed, and the mark of the present step.
LOOKS = {NONE: (panels.OUTPUT, False, "square"), BOTH: (panels.WINDOW, True, "circle")}
# The first channel is one whose patch is easy to read.
CONTROLS = [
    [Choice("layer", CONVOLUTIONS, "convolution 3")],
    [Choice("penalty", tuple(PENALTIES), BOTH)],
    [Slider("channel", 0, 63, 5, wide=True)],
    [Slider("step", 0, 70, 70, wide=True)],
]


def activation_maximization(images: Any = None, labels: Any = None) -> panels.Explorer:
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
    pixels, labels_of = digits_to_show(images, labels)

    @functools.cache
    def maps(layer):
        return activations(trained(), pixels[..., None], LAYERS[layer])

    @functools.cache
    def best(layer, channel):
        return best_patch(pixels, labels_of, maps(layer)[..., channel], layer)

    def limits(layer, **_):
        return {"channel": trained().layers[LAYERS[layer]].filters - 1}

    def draw(layer, channel, **chosen):
        return scene(layer, channel, best(layer, channel), **chosen)

    return panels.Explorer(draw, CONTROLS, words=SAY, limits=limits)


@functools.cache
def climbed(layer: str, penalty: str) -> maximization.Ascent:
    """Return the ascent of all filters of a layer: computed once, when it is first asked for."""
    return maximization.activation_maximization(trained(), LAYERS[layer], PENALTIES[penalty])


def best_patch(
    images: np.ndarray, labels: np.ndarray, maps: np.ndarray, layer: str
) -> tuple[np.ndarray, int, float]:
    """Return the patch of any digit that excites a channel most, its label, and the number."""
    field, step = receptive_field_and_stride(trained(), LAYERS[layer])
    digit, row, column = np.unravel_index(maps.argmax(), maps.shape)
    top, left = row * step, column * step
    patch = images[digit, top : top + field, left : left + field]
    return patch, int(labels[digit]), float(maps.max())


def scene(
    layer: str, channel: int, best: tuple[np.ndarray, int, float], penalty: str, step: int
) -> panels.Scene:
    """Show the patch, the best one of real digits, and how the response rose."""
    found = climbed(layer, penalty)
    patch, responses = found.patches[step, channel], found.responses[:, channel]
    rough = np.mean([np.abs(np.diff(patch, axis=axis)).mean() for axis in (0, 1)])
    real, label, most = best
    last, is_real = len(responses) - 1, most > 0
    told = {
        **SAY.told(layer=layer), "channel": channel, "size": len(patch), "step": step, "last": last,
        "response": number(responses[step]), "first": number(responses[0]),
        "rough": number(rough), "label": label, "most": number(most),
    }  # fmt: skip
    curves = {name: climbed(layer, name).responses[:, channel] for name in PENALTIES}
    across = Axis(0, last, SAY("across"), ticks=range(0, last + 1, 10))
    height = Axis.around([*np.concatenate([*curves.values()]), 0.0, most])
    still = [panels.Rule(y=most, color=panels.INK, name=SAY("digits"))]
    for name, curve in curves.items():
        color, dashed, _ = LOOKS[name]
        still.append(Line(range(last + 1), curve, color, "thick", dashed,
                          name=SAY("plain" if name == NONE else "penalised")))  # fmt: skip
    color, _, shape = LOOKS[penalty]
    now = Points(step, responses[step], shape, color, size="large", name=SAY("now", **told))
    shown = [
        ImageGrid(patch, limits=(0, 1), framed=True, title=SAY("patch", **told),
                  notes=[SAY("reached", **told), SAY("response", response=told["response"]),
                         SAY("rough", **told), SAY("shades")]),
        ImageGrid(real if is_real else np.full_like(patch, np.nan), limits=(0, 1), framed=True,
                  title=SAY("best"),
                  notes=[SAY("whose", **told), SAY("response", response=told["most"])]
                  if is_real else SAY("none_excites")),
        panels.Chart(across, height, [now], still, title=SAY("climb"), share=1.25),
    ]  # fmt: skip
    condition = SAY("said_plain" if penalty == NONE else "said_penalised")
    digits = SAY("said_best" if is_real else "said_none", **told)
    words = SAY("sentence", **told, condition=condition, digits=digits)
    return panels.Scene(panels.Row(shown), words)
