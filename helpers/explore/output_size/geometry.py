"""The geometry explorer: size, padding, stride, dilation, the formula, and Keras' own answer."""

from typing import Any

import numpy as np

from helpers.arguments import choice, integer
from helpers.explore import panels
from helpers.explore.panels import Choice, Column, Frame, NumberGrid, Row, Slider, Text
from helpers.layers.shapes import effective_kernel_size, output_size, padding_amounts
from helpers.models.inspection import keras_output_size

SAY = panels.Words(__name__)
LARGEST = {"input_size": 16, "kernel_size": 7, "strides": 4, "dilation_rate": 4}
# How light cells are that a window visits, and those that none does.
VISITED, UNVISITED = 255, 225


def geometry(
    input_size: int = 7,
    kernel_size: int = 3,
    strides: int = 1,
    padding: str = "valid",
    dilation_rate: int = 1,
) -> panels.Explorer:
    """Change the sizes of a convolution, and see where its windows stand.

    Args:
        input_size: Height and width of the input at first, 1 to 16.
        kernel_size: Height and width of the kernel at first, 1 to 7.
        strides: Pixels from one window to the next at first, 1 to 4.
        padding: `"valid"` or `"same"` at first.
        dilation_rate: Pixels from one weight to the next at first, 1 to 4.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where it is out of its range.

    Examples:
        >>> geometry(6, strides=2, padding="same").settings()["input_size"]
        6

    """
    given = {"input_size": input_size, "kernel_size": kernel_size, "strides": strides,
             "dilation_rate": dilation_rate}  # fmt: skip
    sliders = [Slider(name, 1, most, integer(name, given[name], 1, most))
               for name, most in LARGEST.items()]  # fmt: skip
    paddings = ("valid", "same")
    controls = [
        sliders[:3],
        [sliders[3], Choice("padding", paddings, choice("padding", padding, paddings))],
        [Slider("output", 0, 0, 0, wide=True)],
    ]
    return panels.Explorer(scene, controls, words=SAY, limits=limits)


def limits(output: int, **sizes: Any) -> dict[str, int]:  # noqa: ARG001
    """Let the slider for the output end at the last output there is."""
    return {"output": output_size(**sizes) ** 2 - 1 if fits(**sizes) else 0}


def fits(input_size: int, kernel_size: int, padding: str, dilation_rate: int, **_: Any) -> bool:
    """Tell whether there is a window that fits into the input."""
    return padding == "same" or effective_kernel_size(kernel_size, dilation_rate) <= input_size


def visited(
    input_size: int, kernel_size: int, strides: int, padding: str, dilation_rate: int
) -> np.ndarray:
    """Return `(input_size,)` booleans: whether any window has a weight on the pixel."""
    before, after = padding_amounts(input_size, kernel_size, strides, padding, dilation_rate)
    outputs = output_size(input_size, kernel_size, strides, padding, dilation_rate)
    starts = strides * np.arange(outputs)[:, None]
    seen = np.zeros(before + input_size + after, bool)
    seen[starts + dilation_rate * np.arange(kernel_size)] = True
    return seen[before : before + input_size]


def scene(output: int, **sizes: Any) -> panels.Scene:
    """Show the padded input with one window, the output, the formula and Keras' answer."""
    size, strides, dilation_rate = (
        sizes[name] for name in ("input_size", "strides", "dilation_rate")
    )
    reach = effective_kernel_size(sizes["kernel_size"], dilation_rate)
    told = {**SAY.told(**sizes), "reach": reach}
    if not fits(**sizes):
        return too_large(size, reach, told)
    outputs, (before, after) = output_size(**sizes), padding_amounts(**sizes)
    row, column = divmod(output, outputs)
    seen = visited(**sizes)
    seen = np.outer(seen, seen)
    told |= {"outputs": outputs, "before": before, "after": after, "row": row, "column": column,
             "keras": keras_says(**sizes)}  # fmt: skip
    told["unseen"] = SAY("unseen", unseen=int((~seen).sum()), pixels=seen.size)

    top, left = row * strides - before, column * strides - before
    weights = [
        Frame("weight", top + down * dilation_rate, left + across * dilation_rate)
        for down, across in np.ndindex(2 * (sizes["kernel_size"],))
    ]
    padded = NumberGrid(
        np.where(seen, VISITED, UNVISITED), limits=(0, 255), write=None, room=1.0, share=0.9,
        padding=(before, after, before, after), crossed=np.argwhere(~seen).tolist(),
        frames=[*weights, Frame("window", top, left, reach, reach)],
        title=SAY("padded" if before or after else "plain", **told),
    )  # fmt: skip
    made = NumberGrid(
        np.full((outputs, outputs), VISITED), limits=(0, 255), write=None, room=0.6,
        frames=[Frame("output", row, column)], title=SAY("output_map", **told),
    )  # fmt: skip
    lines = [SAY("reach", **told)] if dilation_rate > 1 else []
    lines += [SAY(f"size_{sizes['padding']}", **told), told["keras"], told["unseen"]]
    right = Column([made, Text(lines, room=5)])
    return panels.Scene([Row([padded, right]), legend()], SAY("sentence", **told))


def keras_says(**sizes: Any) -> str:
    """Return Keras' own answer, or its refusal."""
    try:
        return SAY("keras", found=keras_output_size(**sizes))
    except ValueError:
        return SAY("refusal")


def too_large(size: int, reach: int, told: dict[str, Any]) -> panels.Scene:
    """Say that no window fits: the cells that it would need beyond the input are empty."""
    values = np.full((reach, reach), np.nan)
    values[:size, :size] = VISITED
    grid = NumberGrid(
        values, limits=(0, 255), write=None, room=1.0, share=0.9,
        frames=[Frame("absent", 0, 0, size, size), Frame("window", 0, 0, reach, reach)],
        title=SAY("input", **told),
    )  # fmt: skip
    right = Text(SAY("too_far", **told), title=SAY("none_fits"))
    return panels.Scene([Row([grid, right]), legend()], SAY("no_output", **told))


def legend() -> panels.Legend:
    """Return what the signs mean."""
    return panels.signs(SAY, "window", "weight", "output", "hatched", "crossed")
