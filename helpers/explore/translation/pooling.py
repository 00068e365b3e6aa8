"""The pooling explorer: which numbers of a map are kept, and what a shift of one pixel does."""

import functools
from typing import Any

import numpy as np

from helpers.arguments import array
from helpers.explore import panels
from helpers.explore.panels import Choice, Frame, NumberGrid, Slider, listed, number
from helpers.explore.windows import Windows
from helpers.layers.conv import average_pool2d, max_pool2d

SAY = panels.Words(__name__)
SMALLEST, LARGEST = 4, 10
# Feature maps: one stroke, empty on the left, and on the right with room for a shift; and the
# finest stripes that there are.
STROKE = (
    (0, 9, 0, 0, 0, 0, 0, 0),
    (0, 8, 3, 0, 0, 0, 0, 0),
    (0, 4, 8, 0, 0, 0, 0, 0),
    (0, 1, 9, 2, 0, 0, 0, 0),
    (0, 0, 7, 6, 0, 0, 0, 0),
    (0, 0, 3, 9, 1, 0, 0, 0),
    (0, 0, 1, 8, 5, 0, 0, 0),
    (0, 0, 0, 2, 9, 0, 0, 0),
)
PATTERNS = {"stroke": np.array(STROKE), "stripes": np.tile((0, 9), (8, 4))}
KIND = Choice("kind", ("max", "average", "global max", "global average"), "max")
CONTROLS = [
    [KIND, Choice("pattern", tuple(PATTERNS), "stroke")],
    [Slider("pool_size", 1, 4, 2), Slider("strides", 1, 4, 2),
     Choice("padding", ("valid", "same"), "valid")],
    [Slider("shift", 0, 3, 0), Slider("output", 0, 0, 0)],
]  # fmt: skip


def pooling(feature_map: Any = None) -> panels.Explorer:
    """Pool a small feature map in several ways, window by window.

    Args:
        feature_map: `(height, width)`, from 4 x 4 to 10 x 10 numbers; where it is left out, the
            reader chooses between an oblique stroke and fine stripes, on 8 x 8.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where `feature_map` does not hold real numbers.
        ValueError: where it is empty, not finite, too small or too large, or has other than two
            dimensions.

    Examples:
        >>> pooling().settings()["kind"]
        'max'

    """
    if feature_map is None:
        return explorer(PATTERNS, CONTROLS)
    values = array("feature_map", feature_map, dimensions=(2,))
    if not SMALLEST <= min(values.shape) <= max(values.shape) <= LARGEST:
        raise ValueError(
            f"`feature_map` must have from {SMALLEST} to {LARGEST} rows and columns. "
            f"Received feature_map of shape {values.shape}."
        )

    return explorer({"own": values}, [[KIND], *CONTROLS[1:]])


def explorer(patterns: dict[str, np.ndarray], controls: list) -> panels.Explorer:
    """Make the explorer of these maps."""

    def limits(shift, output, pattern="own", **sizes):  # noqa: ARG001
        return {"output": pooled(patterns[pattern], **sizes).size - 1}

    return panels.Explorer(functools.partial(scene, patterns), controls, words=SAY, limits=limits)


def pooled(values: np.ndarray, kind: str, pool_size: int, strides: int, padding: str) -> np.ndarray:
    """Pool a map `(height, width)`; the global kinds take all of it as one window."""
    pool = max_pool2d if kind.endswith("max") else average_pool2d
    if kind.startswith("global"):
        return pool(values, values.shape)
    return pool(values, pool_size, strides, padding)


def shifted(values: np.ndarray, right: int) -> np.ndarray:
    """Move a map to the right; zeros come in on the left, the last columns go out."""
    return np.pad(values, ((0, 0), (right, 0)))[:, : values.shape[1]]


def scene(
    patterns: dict[str, np.ndarray], shift: int, output: int, pattern: str = "own", **sizes: Any
) -> panels.Scene:
    """Show the map with one window and the pixels that win, and the pooled map."""
    values = patterns[pattern]
    moved, kind = shifted(values, shift), sizes["kind"]
    result, unshifted = pooled(moved, **sizes), pooled(values, **sizes)
    strides, size, which = sizes["strides"], (sizes["pool_size"],) * 2, sizes["padding"]
    if kind.startswith("global"):
        strides, size, which = 1, moved.shape, "global"
    windows = Windows(moved.shape, size, strides, "same" if which == "same" else "valid")
    row, column = divmod(output, result.shape[1])
    winners = windows.contested(moved) if kind.endswith("max") else ()
    frames = [*(Frame("winner", *place) for place in winners),
              Frame("window", *windows.corners[output], *windows.size)]  # fmt: skip
    told = {
        **SAY.told(**sizes), "strides": strides, "shift": shift, "height": len(moved),
        "width": moved.shape[1], "rows": len(result), "columns": result.shape[1], "row": row,
        "column": column,
    }  # fmt: skip
    colors = {"limits": (min(values.min(), 0.0), values.max() or 1.0), "room": 1.0}
    before = NumberGrid(moved, title=SAY("map", **told), padding=windows.padding, frames=frames,
                        crossed=windows.unseen, share=0.92, **colors)  # fmt: skip
    own = [Frame("output", row, column)]
    after = NumberGrid(result, title=SAY("pooled", **told), frames=own, **colors)
    other = NumberGrid(unshifted, title=SAY("unshifted"), **colors)
    across = "_across" if which == "valid" and moved.shape[0] != moved.shape[1] else ""
    follows = following(result, unshifted, shift, strides)
    lines = [SAY("counts", before=values.size, after=result.size),
             SAY(f"size_{which}{across}", **told), "", SAY("steps", **told), follows]  # fmt: skip
    right = panels.Column([panels.Row([after, other]), panels.Text(lines, room=6)])

    seen = moved[windows.inside(output)].ravel()
    numbers = SAY("some_numbers", count=seen.size) if seen.size > 4 else listed(seen)
    first_row, first_column = windows.winner(moved, output)
    how = SAY("max" if kind.endswith("max") else "average", numbers=numbers, row=first_row,
              column=first_column, result=number(result[row, column]))  # fmt: skip
    ways = SAY("kind_global" if which == "global" else "kind_windows", **told)
    words = SAY("sentence", **told, sizes=ways, how=how, follows=follows, first=listed(result[0]))
    legend = panels.signs(SAY, "window", "output", "winner", "hatched", "crossed")
    return panels.Scene([panels.Row([before, right]), legend], words)


def following(result: np.ndarray, unshifted: np.ndarray, shift: int, strides: int) -> str:
    """Say whether the pooled map followed the shift of its input."""
    if result.size == 1:
        return SAY("one_same" if result == unshifted else "one_other")
    cells, rest = divmod(shift, strides)
    if not shift or rest:
        return SAY("no_whole_cells" if rest else "unmoved")
    differ = int((result != shifted(unshifted, cells)).sum())
    return SAY.counted("differ" if differ else "equal", cells, differ=differ, all=result.size)
