"""The pooling explorer: which numbers of a map are kept, and what a shift of one pixel does."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.arguments import array
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas, number
from helpers.layers.conv import average_pool2d, max_pool2d
from helpers.layers.shapes import output_size, padding_amounts

KINDS = ("max", "average", "global max", "global average")
SMALLEST, LARGEST, MOST_SHIFT = 4, 10, 3
# A feature map with one stroke, empty on the left, and on the right with room for a shift.
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


def pooling(feature_map: Any = None) -> Explorer:
    """Pool a small feature map in several ways, window by window.

    Args:
        feature_map: `(height, width)`, from 4 x 4 to 10 x 10 numbers; an oblique stroke on 8 x 8
            where it is left out.

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
    values = array("feature_map", STROKE if feature_map is None else feature_map, dimensions=(2,))
    if not SMALLEST <= min(values.shape) <= max(values.shape) <= LARGEST:
        raise ValueError(
            f"`feature_map` must have from {SMALLEST} to {LARGEST} rows and columns. "
            f"Received feature_map of shape {values.shape}."
        )
    controls: dict[str, widgets.Widget] = {"kind": toggles("Pooling", list(KINDS), "max")}
    for name, title, low, high, value in (
        ("pool_size", "Size", 1, 4, 2), ("strides", "Stride", 1, 4, 2),
        ("shift", "Shift right", 0, MOST_SHIFT, 0), ("output", "Output no.", 0, 0, 0),
    ):  # fmt: skip
        controls[name] = widgets.IntSlider(
            description=title, min=low, max=high, value=value, layout=widgets.Layout(width="300px")
        )
    controls["padding"] = toggles("Padding", ["valid", "same"], "valid")
    return Explorer(
        lambda **settings: scene(values, **settings),
        controls,
        [["kind"], ["pool_size", "strides", "padding"], ["shift", "output"]],
        adjust=lambda controls: fit_output(controls, values),
    )


def fit_output(controls: dict[str, widgets.Widget], values: np.ndarray) -> None:
    """Let the slider for the output end at the last output there is."""
    kind, *sizes = (controls[name].value for name in ("kind", "pool_size", "strides", "padding"))
    controls["output"].max = pooled(values, kind, *sizes).size - 1


def pooled(values: np.ndarray, kind: str, pool_size: int, strides: int, padding: str) -> np.ndarray:
    """Pool a map `(height, width)`; the global kinds take all of it as one window."""
    pool = max_pool2d if kind.endswith("max") else average_pool2d
    if kind.startswith("global"):
        return pool(values, values.shape)
    return pool(values, pool_size, strides, padding)


def shifted(values: np.ndarray, right: int) -> np.ndarray:
    """Move a map to the right; zeros come in on the left, the last columns go out."""
    moved = np.zeros_like(values)
    moved[:, right:] = values[:, : values.shape[1] - right]
    return moved


def spans(length: int, pool_size: int, strides: int, padding: str) -> tuple[list[range], int, int]:
    """Return the pixels of each window along one axis, and the padding before and after."""
    before, after = padding_amounts(length, pool_size, strides, padding)
    starts = [
        place * strides - before
        for place in range(output_size(length, pool_size, strides, padding))
    ]
    return [range(start, start + pool_size) for start in starts], before, after


def winner(values: np.ndarray, rows: range, columns: range) -> tuple[int, int]:
    """Return the place of the largest pixel in a window; of several, the first."""
    inside = [
        (row, column)
        for row in rows
        for column in columns
        if 0 <= row < values.shape[0] and 0 <= column < values.shape[1]
    ]
    return max(inside, key=lambda place: values[place])


def scene(
    values: np.ndarray,
    kind: str,
    pool_size: int,
    strides: int,
    padding: str,
    shift: int,
    output: int,
) -> Scene:
    """Draw the map with one window and the pixels that win, and the pooled map."""
    moved = shifted(values, shift)
    result = pooled(moved, kind, pool_size, strides, padding)
    height, width = moved.shape
    row, column = divmod(output, result.shape[1])
    if kind.startswith("global"):
        all_rows, above, below = [range(height)], 0, 0
        all_columns, before, after = [range(width)], 0, 0
    else:
        all_rows, above, below = spans(height, pool_size, strides, padding)
        all_columns, before, after = spans(width, pool_size, strides, padding)
    rows, columns = all_rows[row], all_columns[column]

    drawn = Canvas(900, 486)
    left, top = 8, 36
    cell = min(46, 410 // max(above + height + below, before + width + after))
    drawn.text(left, 24, f"Feature map {height} × {width}", canvas.TITLE)
    inside_left, inside_top = left + before * cell, top + above * cell
    for y, x in np.ndindex(above + height + below, before + width + after):
        if not (above <= y < above + height and before <= x < before + width):
            drawn.hatch(left + x * cell, top + y * cell, cell)
    low, most = min(values.min(), 0.0), values.max() or 1.0
    drawn.grid(inside_left, inside_top, cell, canvas.colors(moved - low, False, most - low), moved)
    for y, x in unvisited(moved.shape, all_rows, all_columns):
        drawn.cross(inside_left + x * cell, inside_top + y * cell, cell)
    winners = set()
    if kind.endswith("max"):
        winners = contests(moved, all_rows, all_columns)
        for y, x in winners:
            place = (inside_left + x * cell + 4, inside_top + y * cell + 4)
            drawn.outline(*place, cell - 8, cell - 8, canvas.OUTPUT, 2)
    drawn.outline(
        inside_left + columns.start * cell, inside_top + rows.start * cell,
        len(columns) * cell, len(rows) * cell,
    )  # fmt: skip

    right, small = 460, min(46, 200 // max(result.shape))
    before_shift = pooled(values, kind, pool_size, strides, padding)
    for x, title, found in (
        (right, f"Pooled {result.shape[0]} × {result.shape[1]}", result),
        (right + 225, "Pooled without the shift", before_shift),
    ):
        drawn.text(x, 24, title, canvas.TITLE)
        drawn.grid(x, top, small, canvas.colors(found - low, False, most - low), found)
    drawn.outline(right + column * small, top + row * small, small, small, canvas.OUTPUT)

    how = told(kind, moved, rows, columns, result[row, column])
    step = 1 if kind.startswith("global") else strides
    lines = [f"{height * width} numbers become {result.size}, with 0 parameters"]
    if kind.startswith("global"):
        lines.append("Size, stride and padding play no part.")
    elif padding == "same":
        lines.append(f"same: ⌈{height} / {strides}⌉ × ⌈{width} / {strides}⌉")
    else:
        lines.append(
            f"valid: ⌊({height} − {pool_size}) / {strides}⌋ + 1 = {result.shape[0]}"
            + (f", {result.shape[1]} across" if height != width else "")
        )
    follows = following(result, before_shift, shift, step)
    lines += ["", f"Shift {shift}, stride {step}:", *follows]
    for place, line in enumerate(lines):
        drawn.text(right, 280 + 25 * place, line)
    legend = "orange: window   blue: its output, and the pixels that win   hatched: padding"
    drawn.text(8, 476, f"{legend}   cross: in no window", canvas.SMALL)
    sizes = (
        f"{kind.capitalize()} pooling of the whole map"
        if kind.startswith("global")
        else f"{kind.capitalize()} pooling, size {pool_size}, stride {strides}, padding {padding}"
    )
    words = (
        f"{sizes}: {height} × {width} numbers become {result.shape[0]} × {result.shape[1]}. "
        f"Output row {row}, column {column}: {how}. "
        f"The map is shifted right by {shift}: {' '.join(follows)} The first pooled row is "
        f"{', '.join(number(value) for value in result[0])}."
    )
    return Scene(drawn, words)


def contests(
    values: np.ndarray, all_rows: list[range], all_columns: list[range]
) -> set[tuple[int, int]]:
    """Return the places that win a window in which not all pixels are equal."""
    places = set()
    for rows in all_rows:
        for columns in all_columns:
            inside = values[max(rows.start, 0) : rows.stop, max(columns.start, 0) : columns.stop]
            if inside.min() < inside.max():
                places.add(winner(values, rows, columns))
    return places


def following(
    result: np.ndarray, before_shift: np.ndarray, shift: int, strides: int
) -> tuple[str, ...]:
    """Say whether the pooled map followed the shift of its input."""
    if result.size == 1:
        same = "the same as" if result == before_shift else "not the same as"
        return (f"the one number is {same} without the shift.",)
    if not shift:
        return ("nothing has moved yet.",)
    cells, rest = divmod(shift, strides)
    if rest:
        return ("no whole number of cells, so the", "pooled map cannot move along exactly.")
    moved_by = f"{cells} cell" if cells == 1 else f"{cells} cells"
    differ = int((result != shifted(before_shift, cells)).sum())
    if differ:
        return (f"moved by {moved_by}, {differ} of {result.size} numbers", "differ, at the border.")
    return (f"the pooled map is moved by {moved_by},", "and all its numbers are the same.")


def unvisited(shape: tuple, all_rows: list[range], all_columns: list[range]) -> np.ndarray:
    """Return the places `(row, column)` of the pixels that lie in no window."""
    seen = [np.zeros(length, bool) for length in shape]
    for flags, windows in zip(seen, (all_rows, all_columns), strict=True):
        for window in windows:
            flags[max(window.start, 0) : window.stop] = True
    return np.argwhere(~np.outer(*seen))


def told(kind: str, values: np.ndarray, rows: range, columns: range, result: float) -> str:
    """Say how one output comes about."""
    inside = values[max(rows.start, 0) : rows.stop, max(columns.start, 0) : columns.stop]
    listed = (
        f"{inside.size} numbers"
        if inside.size > 4
        else ", ".join(number(value) for value in inside.flat)
    )
    if kind.endswith("max"):
        row, column = winner(values, rows, columns)
        return f"the largest of {listed} is {number(result)}, from row {row}, column {column}"
    return f"the average of {listed} is {number(result)}"
