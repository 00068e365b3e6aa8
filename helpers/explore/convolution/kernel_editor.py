"""The kernel editor: nine numbers, an image, and what the one does to the other."""

import functools
from typing import Any

import numpy as np
from PIL import Image

from helpers.arguments import array, picture_values
from helpers.datasets.mnist import load_digit_image
from helpers.datasets.photographs import load_photograph
from helpers.datasets.pictures import open_picture
from helpers.explore import panels
from helpers.explore.panels import Choice, Column, ImageGrid, NumberGrid, Text, Upload, number
from helpers.layers.conv import conv2d
from helpers.layers.kernels import KERNELS

SAY = panels.Words(__name__)
SIDE = 192
OWN = "Your own kernel"
PRESETS = {kernel.title: kernel.weights for kernel in KERNELS.values() if kernel.weights.size == 9}


def kernel_editor(image: Any = None, kernel: str = "sobel_x") -> panels.Explorer:
    """Edit the nine numbers of a 3x3 kernel and see what becomes of an image.

    Args:
        image: `(height, width)` or `(height, width, 3)`, 3 x 3 pixels or more, values from 0 to
            255 or from 0 to 1; offered besides photographs, a page of text, a digit, and an upload.
        kernel: The preset to begin with, a key of `helpers.layers.kernels.KERNELS` of size 3x3.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where `kernel` names no 3x3 kernel, or `image` is too small, not finite, out of
            range or of another shape.

    Examples:
        >>> kernel_editor(kernel="box_blur")
        Photographer, Box blur. The numbers add up to 1: even areas stay as they are. The ...

    """
    titles = {name: found.title for name, found in KERNELS.items() if found.title in PRESETS}
    if kernel not in titles:
        raise ValueError(
            f"`kernel` must be one of {', '.join(titles)}. Received kernel={kernel!r}."
        )
    images, notes = shipped_images(), {}
    if image is not None:
        given = picture_values("image", image, dimensions=(2, 3), smallest=3)
        images = {"Given image": shrink(given), **images}
    own = tuple(images)

    def add(explorer: panels.Explorer, value: Any) -> None:
        name, pixels, note = uploaded(value)
        name += " (upload)" * (name in own)
        images[name], notes[name] = pixels, note
        explorer.offer("image", name)

    fills = {title: boxes(weights) for title, weights in PRESETS.items()}
    numbers = [panels.Number(name, value) for name, value in fills[titles[kernel]].items()]
    controls = [
        [Choice("image", list(images), next(iter(images))), Upload("upload", add)],
        [Choice("preset", [*PRESETS, OWN], titles[kernel], fills)],
        numbers[:3], numbers[3:6], numbers[6:],
    ]  # fmt: skip
    draw = functools.partial(scene, images, notes)
    return panels.Explorer(draw, controls, words=SAY, follow=recognised)


def boxes(weights: np.ndarray) -> dict[str, float]:
    """Return nine numbers by the names of their controls, such as `w01` for row 0, column 1."""
    return {f"w{row}{column}": float(w) for (row, column), w in np.ndenumerate(weights)}


def recognised(image: str, preset: str, **weights: float) -> dict[str, str]:  # noqa: ARG001
    """Name the preset that the nine numbers are, or none."""
    numbers = list(weights.values())
    same = (name for name, found in PRESETS.items() if np.allclose(found.ravel(), numbers))
    return {"preset": next(same, OWN)}


def scene(
    images: dict[str, np.ndarray], notes: dict[str, str], image: str, preset: str, **weights: float
) -> panels.Scene:
    """Show the image, the kernel, and the map that comes out."""
    kernel = array("kernel", np.reshape([*weights.values()], (3, 3)), dimensions=(2,))
    pixels = images[image]
    output = conv2d(pixels, kernel)
    signed, total = bool((kernel < 0).any()), kernel.sum()
    shown = "signed" if signed else "grey"
    told = {**SAY.told(image=image, preset=preset), "total": number(total),
            "low": number(output.min()), "high": number(output.max())}  # fmt: skip

    counts = SAY("counts", above=(kernel > 0).sum(), below=(kernel < 0).sum())
    lines = [SAY("sum", **told), SAY("norm", norm=number(np.linalg.norm(kernel))), counts]
    middle = Column([NumberGrid(kernel, signed=True, title=SAY("kernel")), Text(lines)], share=0.48)
    before = ImageGrid(pixels, limits=(0, 1), framed=True, title=SAY(
        "image", **told, height=pixels.shape[0], width=pixels.shape[1]))  # fmt: skip
    after = ImageGrid(output, signed=signed, limits=None if signed else (0, 1), framed=True,
                      title=SAY("output", height=output.shape[0], width=output.shape[1]),
                      notes=SAY("range", **told))  # fmt: skip
    shades = panels.Legend([panels.Shades(SAY(f"shades_{shown}"), signed)])
    right = Column([after, shades])

    areas = "kept" if np.isclose(total, 1) else "multiplied"
    areas = SAY("vanish" if np.isclose(total, 0) else areas, **told)
    words = SAY("sentence", **told, areas=areas, shown=SAY(f"shown_{shown}"))
    if notes.get(image):
        words += " " + SAY("note", **told, note=notes[image])
    return panels.Scene(panels.Row([before, middle, right]), words)


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


def uploaded(value: Any) -> tuple[str, np.ndarray, str]:
    """Read what was uploaded: its name, its grey middle square, and what was changed in it.

    ipywidgets 8 gives a tuple of files, ipywidgets 7 a dictionary.

    Raises:
        DataError: where the file cannot be read, or is larger than can be read safely.
        ValueError: where the picture is smaller than the kernel.

    """
    if isinstance(value, dict):
        name, file = next(iter(value.items()))
    else:
        name, file = value[0]["name"], value[0]
    picture, note = open_picture(bytes(file["content"]), name)
    if min(picture.size) < 3:
        raise ValueError(
            f'the picture "{name}" must have 3 x 3 pixels or more, as the kernel has. '
            f"Received {picture.height} x {picture.width} pixels."
        )
    return name, shrink(np.asarray(picture.convert("L")) / 255), note
