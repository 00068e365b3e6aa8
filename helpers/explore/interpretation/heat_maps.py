"""The heat-map explorer: which pixels speak for a class, with and without learned weights."""

import functools
from typing import Any

import ipywidgets as widgets
import numpy as np
from scipy.special import softmax

from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas
from helpers.explore.trained import (
    LAYERS,
    contour,
    digits_to_show,
    percent,
    trained,
)
from helpers.interpret import attribution
from helpers.interpret.activations import logits
from helpers.interpret.receptive_field import receptive_field_and_stride, to_image
from helpers.interpret.weight_randomization import randomize_weights, rank_correlation
from helpers.models.backend import keras

RUNNER_UP = "runner-up"
PATCH, STRIDES = 4, 2
METHODS = {
    "occlusion": lambda *given: to_image(
        attribution.occlusion(*given, PATCH, STRIDES), PATCH, STRIDES
    ),
    "saliency": attribution.saliency,
    "smoothed saliency": attribution.smooth_saliency,
    "guided backpropagation": attribution.guided_backpropagation,
    "Grad-CAM": attribution.grad_cam,
}
CONVOLUTIONS = [name for name in LAYERS if name.startswith("convolution")]
SIDE = 208
SIGNED = "red: speaks for it, blue: against"
MEANING = {"occlusion": SIGNED, "Grad-CAM": "red: speaks for it"}
UNSIGNED = "red: the score answers strongly"


def heat_maps(images: Any = None, labels: Any = None) -> Explorer:
    """Choose a digit, a method and a class, and take the weights away layer by layer.

    Args:
        images: `(number, 28, 28)`, integers from 0 to 255 or numbers from 0 to 1; some bundled
            digits where it is left out.
        labels: `(number,)` digits from 0 to 9.

    Returns:
        The explorer, which shows itself as the last line of a cell. The digits that the network
        misreads come first.

    Raises:
        TypeError: where an argument does not hold numbers.
        ValueError: where shapes do not fit, or values are out of range.

    Examples:
        >>> heat_maps().settings()["method"]
        'Grad-CAM'

    """
    pixels, names = digits_to_show(images, labels)
    chances = softmax(logits(trained(), pixels[..., None]), axis=1)
    # Mistakes first, the most confident of them at the beginning.
    order = np.lexsort((-chances.max(axis=1), chances.argmax(axis=1) == names))
    pixels, names, chances = pixels[order], names[order], chances[order]
    mistakes = int((chances.argmax(axis=1) != names).sum())
    copy = keras.models.clone_model(trained())
    state = {"forgotten": 0}
    copy.set_weights(trained().get_weights())

    @functools.lru_cache(512)
    def heat(digit, method, layer, category, forgotten):
        if state["forgotten"] != forgotten:
            randomize_weights(copy, trained(), forgotten)
            state["forgotten"] = forgotten
        given = (copy, pixels[digit : digit + 1, ..., None], [category])
        if method != "Grad-CAM":
            return METHODS[method](*given)[0]
        place = LAYERS[layer]
        return to_image(METHODS[method](*given, place), *receptive_field_and_stride(copy, place))[0]

    def draw(digit, method, layer, explain, forgotten):
        read = int(chances[digit].argmax())
        other = int(np.argsort(chances[digit])[-2]) if explain == RUNNER_UP else int(explain)
        maps = [
            heat(digit, method, layer, read, 0),
            heat(digit, method, layer, other, 0),
            heat(digit, method, layer, read, forgotten),
        ]
        used = f"{method}, {layer}" if method == "Grad-CAM" else method
        which = f"mistake {digit + 1} of {mistakes}" if digit < mistakes else "read rightly"
        label = int(names[digit])
        return scene(pixels[digit], label, chances[digit], maps, used, other, forgotten, which)

    controls = {
        "digit": widgets.IntSlider(
            description="Digit", max=len(pixels) - 1, layout=widgets.Layout(width="420px")
        ),
        "method": toggles("Method", list(METHODS), "Grad-CAM"),
        "layer": toggles("Layer", CONVOLUTIONS, "convolution 2"),
        "explain": toggles("Compare", [RUNNER_UP, *map(str, range(10))], RUNNER_UP),
        "forgotten": widgets.IntSlider(
            description="Randomised", value=1, max=5, style={"description_width": "initial"}
        ),
    }
    rows = [["digit", "forgotten"], ["method"], ["layer"], ["explain"]]
    return Explorer(draw, controls, rows)


def scene(
    image: np.ndarray, label: int, chances: np.ndarray, maps: list, used: str, other: int,
    forgotten: int, which: str,
) -> Scene:  # fmt: skip
    """Draw the digit, its probabilities, and three maps with the outline of the ink."""
    read = int(chances.argmax())
    kept = float(rank_correlation(maps[0][None], maps[2][None], image[None] > 0.1)[0])
    right = "rightly" if read == label else "wrongly"
    drawn = Canvas(900, 432)
    drawn.text(8, 22, f"A {label}, read as {read}", canvas.TITLE)
    drawn.text(8, 46, which)
    drawn.picture(8, 58, SIDE, canvas.colors(image, False, 1.0))
    shared = max(np.abs(maps[0]).max(), np.abs(maps[1]).max()) or 1.0
    layers = "layer" if forgotten == 1 else "layers"
    for place, (found, most, title, below) in enumerate(
        [
            (
                maps[0],
                shared,
                f"for the {read} that it reads",
                MEANING.get(used.split(",", maxsplit=1)[0], UNSIGNED),
            ),
            (maps[1], shared, f"for a {other}, to compare", "same colours as on the left"),
            (maps[2], None, f"for {read}: {forgotten} {layers} random", f"agreement {kept:.2f}"),
        ]
    ):
        x = 8 + (place + 1) * 224
        drawn.text(x, 22, "" if place else used, canvas.TITLE)
        drawn.text(x, 46, title)
        drawn.picture(x, 58, SIDE, canvas.colors(found, True, most))
        contour(drawn, x, 58, SIDE, image)
        drawn.outline(x, 58, SIDE, SIDE, canvas.LINE, 1)
        drawn.text(x, 286, below.replace("-", "−"))
    drawn.text(8, 316, "black line: the outline of the digit")
    drawn.text(
        8,
        340,
        "agreement: 1 where random weights change nothing, about 0 where they change all, "
        "below 0 where they turn the order round",
    )
    drawn.text(8, 384, "Probabilities of the ten classes")
    for category, chance in enumerate(chances):
        x = 8 + category * 88
        drawn.text(x, 408, f"{category}: {percent(chance).replace('over', '>')}", canvas.SMALL)
        drawn.line([(x, 420), (x + 72, 420)], canvas.EMPTY, 10)
        if chance >= 0.005:
            color = canvas.WINDOW if category == read else canvas.ABSENT
            drawn.line([(x, 420), (x + 72 * float(chance), 420)], color, 10)
    words = (
        f"A {label}, {right} read as {read} ({percent(chances[read])}). "
        f"{used[0].upper() + used[1:]} for {read} beside that for {other} "
        f"({percent(chances[other])}). With random weights in the last "
        f"{forgotten} of 5 layers, the map for {read} agrees with the trained one by "
        f"{kept:.2f} on the ink: 1 would mean that the weights do not matter."
    )
    return Scene(drawn, words.replace(" -0", " −0"))
