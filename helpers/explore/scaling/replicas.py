"""The replicas explorer: one batch split over devices, and what their gradients add up to."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.arguments import array
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas, number

GRADIENTS = (4, -2, 7, 1, -5, 3, 6, -1, 2, 8, -3, 5)
LEAST, MOST = 4, 12
SPLITS = ("even", "uneven")
RULES = ("all images", "its own images")
LEFT, CELL, ROW, TOP = 110, 42, 58, 64


def replicas(gradients: Any = None) -> Explorer:
    """Split a batch over replicas, and see whether its gradient comes out.

    Args:
        gradients: What each image alone gives for the gradient of one weight, `(images,)`, 4 to
            12 numbers; twelve example numbers where it is left out.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where `gradients` does not hold real numbers.
        ValueError: where there are fewer than 4 or more than 12.

    Examples:
        >>> replicas().settings()["replicas"]
        2

    """
    found = array("gradients", GRADIENTS if gradients is None else gradients, dimensions=(1,))
    if not LEAST <= len(found) <= MOST:
        raise ValueError(f"`gradients` must hold 4 to 12 numbers. Received {len(found)}.")
    last = len(found)
    controls = {
        "images": widgets.IntSlider(
            description="Images", value=min(10, last), min=LEAST, max=last
        ),
        "replicas": widgets.IntSlider(description="Replicas", value=2, min=1, max=4),
        "split": toggles("Split", list(SPLITS), "even"),
        "rule": toggles("Divide by", list(RULES), RULES[0]),
    }  # fmt: skip

    def drawn(**settings: Any) -> Scene:
        return scene(found, **settings)

    return Explorer(drawn, controls, [["images", "replicas", "split"], ["rule"]])


def sizes_of(images: int, replicas: int, split: str) -> list[int]:
    """Return how many images each replica gets: as equal as possible, or one each but the first.

    Examples:
        >>> sizes_of(10, 4, "even"), sizes_of(10, 4, "uneven")
        ([3, 3, 2, 2], [7, 1, 1, 1])

    """
    if split == "uneven":
        return [images - replicas + 1, *[1] * (replicas - 1)]
    return [images // replicas + (place < images % replicas) for place in range(replicas)]


def scene(gradients: np.ndarray, images: int, replicas: int, split: str, rule: str) -> Scene:
    """Draw the parts of the batch, what each replica returns, and what comes out."""
    batch = gradients[:images]
    sizes = sizes_of(images, replicas, split)
    parts = np.split(batch, np.cumsum(sizes)[:-1])
    whole = float(batch.mean())
    by_all = rule == RULES[0]
    given = [float(part.sum()) / (images if by_all else len(part)) for part in parts]
    result = sum(given) if by_all else sum(given) / replicas
    drawn = Canvas(900, TOP + ROW * replicas + 130)
    drawn.text(20, 28, "The gradient of one weight, as each image alone gives it", canvas.TITLE)
    drawn.text(LEFT + MOST * CELL + 20, TOP - 10, "what the replica returns")
    most = float(np.abs(gradients).max())
    for place, (part, value) in enumerate(zip(parts, given, strict=True)):
        y = TOP + place * ROW
        drawn.text(20, y + 27, f"replica {place + 1}")
        drawn.grid(LEFT, y, CELL, canvas.colors(part[None], True, most), part[None])
        divisor = images if by_all else len(part)
        text = f"{number(float(part.sum()))} / {divisor} = {number(value)}"
        drawn.text(LEFT + MOST * CELL + 20, y + 27, text, canvas.TITLE)
    y = TOP + replicas * ROW + 24
    how = "added" if by_all else f"added, divided by {replicas}"
    equal = abs(result - whole) < 1e-9
    drawn.line([(20, y - 18), (880, y - 18)], canvas.LINE)
    drawn.text(20, y + 8, f"All replicas, {how}: {number(result)}", canvas.TITLE, canvas.OUTPUT)
    total = number(float(batch.sum()))
    drawn.text(20, y + 38, f"The whole batch: {total} / {images} = {number(whole)}", canvas.TITLE)
    verdict = "They are equal." if equal else f"They differ by {number(abs(result - whole))}."
    drawn.text(LEFT + MOST * CELL + 20, y + 22, verdict, canvas.TITLE)
    drawn.text(20, y + 76, "colours: blue below zero, red above", canvas.SMALL)
    counts = ", ".join(map(str, sizes))
    taken = "added up" if by_all else "averaged"
    words = (
        f"{images} images on {replicas} replica{'s' if replicas > 1 else ''} ({counts}); each "
        f"divides its sum by the number of {rule}. They return "
        f"{', '.join(map(number, given))}; {taken}, this is {number(result)}. "
        f"The whole batch gives {number(whole)}. {verdict}"
    )
    return Scene(drawn, words)
