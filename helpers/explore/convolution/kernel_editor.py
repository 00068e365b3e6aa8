"""The kernel editor: nine numbers, an image, and what the one does to the other."""

import io
from typing import Any

import ipywidgets as widgets
import numpy as np
from PIL import Image, UnidentifiedImageError

from helpers.arguments import array
from helpers.datasets.mnist import load_digit_image
from helpers.datasets.photographs import load_photograph
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas, number
from helpers.layers.conv import conv2d
from helpers.layers.kernels import KERNELS

SIDE = 192
OWN = "Your own kernel"
PRESETS = {kernel.title: kernel.weights for kernel in KERNELS.values() if kernel.weights.size == 9}


def kernel_editor(image: Any = None, kernel: str = "sobel_x") -> Explorer:
    """Edit the nine numbers of a 3x3 kernel and see what becomes of an image.

    Args:
        image: `(height, width)` or `(height, width, 3)`, values from 0 to 255; offered besides
            photographs, a page of text, a digit, and an upload.
        kernel: The preset to begin with, a key of `helpers.layers.kernels.KERNELS` of size 3x3.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where `kernel` names no 3x3 kernel, or `image` is empty, not finite or has
            another number of dimensions.

    Examples:
        >>> kernel_editor(kernel="box_blur")
        Photographer, Box blur. The numbers add up to 1: even areas stay as they are. The ...

    """
    titles = {name: found.title for name, found in KERNELS.items() if found.title in PRESETS}
    if kernel not in titles:
        raise ValueError(
            f"`kernel` must be one of {', '.join(titles)}. Received kernel={kernel!r}."
        )
    images = shipped_images()
    if image is not None:
        images = {"Given image": shrink(array("image", image, dimensions=(2, 3)) / 255), **images}
    boxes = {
        f"w{row}{column}": widgets.FloatText(
            value=PRESETS[titles[kernel]][row, column],
            description=f"row {row}, col {column}",
            step=0.5,
            style={"description_width": "80px"},
            layout=widgets.Layout(width="170px"),
        )
        for row in range(3)
        for column in range(3)
    }
    preset = toggles("Preset", [*PRESETS, OWN], titles[kernel])
    chosen = toggles("Image", list(images), next(iter(images)))
    upload = widgets.FileUpload(description="Upload", accept="image/*", multiple=False)
    rows = [
        ["image", upload],
        ["preset"],
        *([f"w{row}{column}" for column in range(3)] for row in range(3)),
    ]
    explorer = Explorer(
        lambda image, preset, **weights: scene(images, image, preset, list(weights.values())),
        {"image": chosen, "preset": preset, **boxes},
        rows,
        adjust=keep_preset_true,
    )

    def use_preset(change):
        if change["new"] != OWN:
            weights = PRESETS[change["new"]]
            explorer.set(**{name: weights[int(name[1]), int(name[2])] for name in boxes})

    def use_upload(change):
        if change["new"]:
            explorer.attempt(lambda: add(*uploaded(change["new"])))

    def add(name, pixels):
        images[name] = pixels
        chosen.options = list(images)
        chosen.value = name

    preset.observe(use_preset, names="value")
    upload.observe(use_upload, names="value")
    return explorer


def keep_preset_true(controls: dict[str, widgets.Widget]) -> None:
    """Name the preset that the nine numbers are, or none."""
    weights = np.array([controls[f"w{row}{column}"].value for row, column in np.ndindex(3, 3)])
    same = (name for name, preset in PRESETS.items() if np.allclose(preset.ravel(), weights))
    controls["preset"].value = next(same, OWN)


def scene(images: dict[str, np.ndarray], image: str, preset: str, weights: list[float]) -> Scene:
    """Draw the image, the kernel, and the map that comes out."""
    kernel = array("kernel", np.reshape(weights, (3, 3)), dimensions=(2,))
    pixels = images[image]
    output = conv2d(pixels, kernel)
    signed = bool((kernel < 0).any())
    total = kernel.sum()

    drawn = Canvas(900, 380)
    drawn.text(8, 24, f"{image}, {pixels.shape[0]} × {pixels.shape[1]}", canvas.TITLE)
    drawn.picture(8, 34, 300, canvas.colors(pixels, False, 1.0))
    drawn.text(332, 24, "Kernel", canvas.TITLE)
    drawn.grid(332, 34, 66, canvas.colors(kernel, True), kernel, 17)
    for line, text in enumerate(
        (f"sum {number(total)}", f"norm {number(np.linalg.norm(kernel))}",
         f"{(kernel > 0).sum()} above zero, {(kernel < 0).sum()} below")
    ):  # fmt: skip
        drawn.text(332, 262 + 24 * line, text)
    drawn.text(560, 24, f"Output, {output.shape[0]} × {output.shape[1]}", canvas.TITLE)
    drawn.picture(560, 34, 300, canvas.colors(output, signed, None if signed else 1.0))
    drawn.text(560, 356, f"from {number(output.min())} to {number(output.max())}")
    shades = "blue below zero, white zero, red above" if signed else "black 0, white 1 and above"
    drawn.text(560, 374, shades, canvas.SMALL)

    if np.isclose(total, 0):
        areas = "even areas become 0"
    elif np.isclose(total, 1):
        areas = "even areas stay as they are"
    else:
        areas = f"even areas are multiplied by {number(total)}"
    words = (
        f"{image}, {preset}. The numbers add up to {number(total)}: {areas}. The output lies "
        f"between {number(output.min())} and {number(output.max())}"
        + (", shown blue below zero and red above." if signed else ", shown from black to white.")
    )
    return Scene(drawn, words)


def shipped_images() -> dict[str, np.ndarray]:
    """Return the images on offer, `(height, width)` from 0 to 1, by their names for people."""
    text = load_photograph("page")[:160, :160] / 255
    return {
        "Photographer": shrink(load_photograph("camera")[20:404, 60:444] / 255),
        "Page of text": text,
        "Digit": load_digit_image(),
        "Bricks": shrink(load_photograph("brick")[:384, :384] / 255),
        "Cat": shrink(load_photograph("chelsea")[:300, 75:375] / 255),
    }


def shrink(pixels: np.ndarray) -> np.ndarray:
    """Return the grey middle square of an image, at most `SIDE` pixels wide, from 0 to 1."""
    grey = pixels if pixels.ndim == 2 else pixels[..., :3] @ np.array([0.299, 0.587, 0.114])
    side = min(grey.shape)
    top, left = (grey.shape[0] - side) // 2, (grey.shape[1] - side) // 2
    square = Image.fromarray(grey[top : top + side, left : left + side].astype(np.float32))
    if side > SIDE:
        square = square.resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.clip(np.asarray(square, dtype=np.float64), 0, 1)


def uploaded(value: Any) -> tuple[str, np.ndarray]:
    """Read what was uploaded: ipywidgets 8 gives a tuple of files, ipywidgets 7 a dictionary.

    Raises:
        ValueError: where the file is no image, or larger than can be read safely.

    """
    if isinstance(value, dict):
        name, file = next(iter(value.items()))
    else:
        name, file = value[0]["name"], value[0]
    try:
        with Image.open(io.BytesIO(bytes(file["content"]))) as opened:
            pixels = np.asarray(opened.convert("L"), dtype=np.float64) / 255
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(f"the file {name} cannot be read as an image: choose another") from error
    return name, shrink(pixels)
