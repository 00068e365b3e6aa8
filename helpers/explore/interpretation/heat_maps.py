"""The heat-map explorer: which pixels speak for one class against another, in three networks."""

import functools
from typing import Any

import numpy as np
from scipy.special import softmax

from helpers.explore import panels
from helpers.explore.interpretation.digits import CONVOLUTIONS, LAYERS, digits_to_show
from helpers.explore.panels import Bars, Choice, Contour, ImageGrid, Shades, Slider, Text
from helpers.explore.trained import another, trained
from helpers.interpret import attribution
from helpers.interpret.activations import logits
from helpers.interpret.receptive_field import receptive_field_and_stride, to_image
from helpers.interpret.weight_randomization import randomize_weights, rank_correlation
from helpers.models.backend import keras

SAY = panels.Words(__name__)
RUNNER_UP = "runner-up"
PATCH, STRIDES = 4, 2
METHODS = {
    "occlusion": lambda *given: to_image(
        attribution.occlusion(*given, PATCH, STRIDES), PATCH, STRIDES
    ),
    "integrated gradients": attribution.integrated_gradients,
    "gradient × input": attribution.gradient_times_input,
    "saliency": attribution.saliency,
    "smoothed saliency": attribution.smooth_saliency,
    "guided backpropagation": attribution.guided_backpropagation,
    "Grad-CAM": attribution.grad_cam,
    "HiResCAM": attribution.hires_cam,
}
# They explain the maps of a layer.
OF_A_LAYER = ("Grad-CAM", "HiResCAM")
MEANING = dict.fromkeys(METHODS, "for_and_against") | {
    "saliency": "strongly", "smoothed saliency": "strongly", "guided backpropagation": "strongly",
    "Grad-CAM": "for",
}  # fmt: skip


def heat_maps(images: Any = None, labels: Any = None) -> panels.Explorer:
    """Choose a digit, a method and a class to compare with, and look at three networks' maps.

    The course's own network, another trained one, and one whose last layers have random weights.

    Args:
        images: `(number, 28, 28)`, integers from 0 to 255 or numbers from 0 to 1; some bundled
            digits where it is left out.
        labels: `(number,)` digits from 0 to 9.

    Returns:
        The explorer, which shows itself as the last line of a cell. The digits that the network
        misclassifies come first.

    Raises:
        TypeError: where an argument does not hold numbers.
        ValueError: where shapes do not fit, or values are out of range.

    Examples:
        >>> heat_maps().settings()["method"]
        'Grad-CAM'

    """
    pixels, labels_of = digits_to_show(images, labels)
    probabilities = softmax(logits(trained(), pixels[..., None]), axis=1)
    read = probabilities.argmax(axis=1)
    # Misclassified digits first, the most confident of them at the beginning.
    order = np.lexsort((-probabilities.max(axis=1), read == labels_of))
    pixels, labels_of, probabilities, read = (
        values[order] for values in (pixels, labels_of, probabilities, read)
    )
    misclassified = int((read != labels_of).sum())
    networks = {
        "own": trained(),
        "another": another(),
        "random": keras.models.clone_model(trained()),
    }
    state = {"forgotten": None}

    @functools.lru_cache(512)
    def heat(digit, method, layer, against, which, forgotten):
        network = networks[which]
        if which == "random" and state["forgotten"] != forgotten:
            randomize_weights(network, trained(), forgotten)
            state["forgotten"] = forgotten
        one = slice(digit, digit + 1)
        given = (network, pixels[one, ..., None], read[one], [against])
        if method not in OF_A_LAYER:
            return METHODS[method](*given)[0]
        index = LAYERS[layer]
        found = METHODS[method](*given, layer=index)
        return to_image(found, *receptive_field_and_stride(network, index))[0]

    def draw(digit, forgotten, method, layer, explain):
        chosen, answers = int(read[digit]), probabilities[digit]
        runner_up = int(np.argsort(answers)[-2])
        # The class that is read cannot be compared with itself.
        other = runner_up if explain in (RUNNER_UP, str(chosen)) else int(explain)
        asked = (("own", 0), ("another", 0), ("random", forgotten))
        maps = [heat(digit, method, layer, other, *which) for which in asked]
        is_wrong = digit < misclassified
        told = {
            "label": int(labels_of[digit]), "read": chosen, "other": other, "forgotten": forgotten,
            "which": SAY("misclassified" if is_wrong else "rightly_read", number=digit + 1,
                         all=misclassified),
            "how": SAY("wrongly" if is_wrong else "rightly"),
            "used": SAY("of_a_layer" if method in OF_A_LAYER else "of_all_layers",
                        **SAY.told(method=method, layer=layer)),
        }  # fmt: skip
        return scene(pixels[digit], answers, maps, method, told)

    controls = [
        [Slider("digit", 0, len(pixels) - 1, 0, wide=True), Slider("forgotten", 0, 5, 1)],
        [Choice("method", tuple(METHODS), "Grad-CAM")],
        [Choice("layer", CONVOLUTIONS, "convolution 3")],
        [Choice("explain", (RUNNER_UP, *map(str, range(10))), RUNNER_UP)],
    ]
    return panels.Explorer(draw, controls, words=SAY)


def percent(probability: float, over: str) -> str:
    """Write a probability, without claiming to be surer than 99.9 %."""
    return over if probability > 0.999 else f"{100 * probability:.1f} %"


def scene(
    image: np.ndarray, probabilities: np.ndarray, maps: list[np.ndarray], method: str,
    told: dict[str, Any],
) -> panels.Scene:  # fmt: skip
    """Show the digit, three maps with the outline of the ink, and the probabilities."""
    read, other, forgotten = told["read"], told["other"], told["forgotten"]
    agreed = {
        name: float(rank_correlation(maps[0][None], heat[None], image[None] > 0.1)[0])
        for name, heat in zip(("another", "random"), maps[1:], strict=True)
    }
    titles = [SAY("own", **told), SAY("another"), SAY.counted("random", forgotten)]
    notes = [(), *(SAY("agreement", agreement=found) for found in agreed.values())]
    shown = [ImageGrid(image, limits=(0, 1), title=SAY("image", **told), notes=told["which"])]
    shown += [
        ImageGrid(heat, signed=True, over={0: [Contour(image)]}, framed=True, title=title,
                  notes=note)
        for heat, title, note in zip(maps, titles, notes, strict=True)
    ]  # fmt: skip
    outline = panels.Line([], [], panels.INK, "thin", name=SAY("outline"))
    legend = panels.Legend([Shades(SAY(MEANING[method], **told), signed=True), outline])

    def bars(first, title):
        classes = range(first, first + 5)
        return Bars(classes, probabilities[first : first + 5], title=title, chosen=read - first,
                    write=lambda found: percent(found, "> 99.9 %"))  # fmt: skip

    below = [bars(0, SAY("probabilities")), bars(5, ""),
             Text(SAY("agreement_means"), title=SAY("agreement_title"), share=1.1)]  # fmt: skip
    sure, others = (percent(probabilities[one], SAY("over")) for one in (read, other))
    words = SAY("sentence", **told, sure=sure, others=others, **agreed)
    return panels.Scene([panels.Row(shown), legend, panels.Row(below)], words)
