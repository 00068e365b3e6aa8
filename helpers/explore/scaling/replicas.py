"""The replicas explorer: one batch split over devices, and what their gradients add up to."""

import functools
from typing import Any

import numpy as np

from helpers.arguments import array
from helpers.explore import panels
from helpers.explore.panels import Choice, NumberGrid, Slider, listed, number

SAY = panels.Words(__name__)
GRADIENTS = (4, -2, 7, 1, -5, 3, 6, -1, 2, 8, -3, 5)
LEAST, MOST = 4, 12
SPLITS = ("even", "uneven")
RULES = ("all images", "its own images")


def replicas(gradients: Any = None) -> panels.Explorer:
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
    controls = [
        [Slider("images", LEAST, len(found), min(10, len(found))), Slider("replicas", 1, 4, 2),
         Choice("split", SPLITS, "even")],
        [Choice("rule", RULES, RULES[0])],
    ]  # fmt: skip
    return panels.Explorer(functools.partial(scene, found), controls, words=SAY)


def sizes_of(images: int, replicas: int, split: str) -> list[int]:
    """Return how many images each replica gets: as equal as possible, or one each but the first.

    Examples:
        >>> sizes_of(10, 4, "even"), sizes_of(10, 4, "uneven")
        ([3, 3, 2, 2], [7, 1, 1, 1])

    """
    if split == "uneven":
        return [images - replicas + 1, *[1] * (replicas - 1)]
    return [images // replicas + (place < images % replicas) for place in range(replicas)]


def scene(gradients: np.ndarray, images: int, replicas: int, split: str, rule: str) -> panels.Scene:
    """Show the parts of the batch, what each replica returns, and what comes out."""
    batch, sizes = gradients[:images], sizes_of(images, replicas, split)
    parts = np.split(batch, np.cumsum(sizes)[:-1])
    whole, by_all = float(batch.mean()), rule == RULES[0]
    divisors = [images if by_all else size for size in sizes]
    given = [float(part.sum()) / by for part, by in zip(parts, divisors, strict=True)]
    result = sum(given) if by_all else sum(given) / replicas
    differ = abs(result - whole)
    verdict = SAY("differ", by=number(differ)) if differ >= 1e-9 else SAY("equal")

    cells = np.full((replicas, max(sizes)), np.nan)
    for row, part in zip(cells, parts, strict=True):
        row[: len(part)] = part
    most = np.abs(gradients).max()
    names = [SAY("replica", number=place + 1) for place in range(replicas)]
    left = NumberGrid(cells, signed=True, limits=(-most, most), rows=names, room=0.34, cell=0.9,
                      share=2.0, title=SAY("gradients"))  # fmt: skip
    sums = [part.sum() for part in parts]
    right = NumberGrid(
        np.array([sums, divisors, given]).T, fills=np.full((replicas, 3, 3), 255, np.uint8),
        room=0.6, cell=0.9, columns=[SAY("sum"), SAY("divisor"), SAY("result")],
        title=SAY("returns"),
    )  # fmt: skip
    told = {"result": number(result), "whole": number(whole), "images": images}
    how = SAY("added") if by_all else SAY("averaged", replicas=replicas)
    lines = [SAY("all", how=how, **told), SAY("batch", sum=number(batch.sum()), **told), verdict]
    words = SAY(
        "sentence", **told, on=SAY.counted("on", replicas), sizes=", ".join(map(str, sizes)),
        rule=SAY.option("rule", rule), given=listed(given), verdict=verdict,
        taken=SAY("added_up" if by_all else "mean"),
    )  # fmt: skip
    legend = panels.Legend([panels.Shades(SAY("shades"), signed=True)])
    return panels.Scene([panels.Row([left, right]), panels.Text(lines, "title"), legend], words)
