"""The geometry explorer: size, padding, stride, dilation, the formula, and Keras' own answer."""

import ipywidgets as widgets
import numpy as np

from helpers.arguments import choice, integer
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas
from helpers.layers.shapes import effective_kernel_size, output_size, padding_amounts
from helpers.models.inspection import keras_output_size

LARGEST = 16


def geometry(
    input_size: int = 7,
    kernel_size: int = 3,
    strides: int = 1,
    padding: str = "valid",
    dilation_rate: int = 1,
) -> Explorer:
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
    sliders = {
        "input_size": ("Input", input_size, LARGEST),
        "kernel_size": ("Kernel", kernel_size, 7),
        "strides": ("Stride", strides, 4),
        "dilation_rate": ("Dilation", dilation_rate, 4),
    }
    controls: dict[str, widgets.Widget] = {
        name: widgets.IntSlider(
            value=integer(name, value, 1, most), min=1, max=most, description=title,
            layout=widgets.Layout(width="300px"),
        )
        for name, (title, value, most) in sliders.items()
    }  # fmt: skip
    controls["padding"] = toggles(
        "Padding", ["valid", "same"], choice("padding", padding, ("valid", "same"))
    )
    controls["output"] = widgets.IntSlider(
        description="Output no.", min=0, max=0, layout=widgets.Layout(width="420px")
    )
    return Explorer(
        scene,
        controls,
        [["input_size", "kernel_size", "strides"], ["dilation_rate", "padding"], ["output"]],
        adjust=fit_output,
    )


def fit_output(controls: dict[str, widgets.Widget]) -> None:
    """Let the slider for the output end at the last output there is."""
    settings = {name: control.value for name, control in controls.items() if name != "output"}
    try:
        controls["output"].max = output_size(**settings) ** 2 - 1
    except ValueError:
        controls["output"].max = 0


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


def scene(
    input_size: int, kernel_size: int, strides: int, dilation_rate: int, padding: str, output: int
) -> Scene:
    """Draw the padded input with one window, the output, the formula and Keras' answer."""
    sizes = (input_size, kernel_size, strides, padding, dilation_rate)
    reach = effective_kernel_size(kernel_size, dilation_rate)
    if padding == "valid" and reach > input_size:
        return too_large(input_size, reach)
    outputs = output_size(*sizes)
    before, after = padding_amounts(*sizes)
    padded = before + input_size + after
    row, column = divmod(output, outputs)
    seen = visited(*sizes)
    seen = np.outer(seen, seen)

    drawn = Canvas(900, 480)
    cell = min(56, 410 // padded)
    left, top = 8, 36
    drawn.text(left, 24, f"Input {input_size} × {input_size}" + (
        f" with zeros: {before} before, {after} after" if before or after else ", no padding"
    ), canvas.TITLE)  # fmt: skip
    for y, x in np.ndindex(padded, padded):
        if not (before <= y < before + input_size and before <= x < before + input_size):
            drawn.hatch(left + x * cell, top + y * cell, cell)
    inside_left, inside_top = left + before * cell, top + before * cell
    fills = np.where(seen[..., None], 255, 225).repeat(3, axis=2).astype(np.uint8)
    drawn.grid(inside_left, inside_top, cell, fills)
    for y, x in np.argwhere(~seen):
        drawn.cross(inside_left + x * cell, inside_top + y * cell, cell)
    for y, x in np.ndindex(kernel_size, kernel_size):
        drawn.outline(
            left + (column * strides + x * dilation_rate) * cell + 2,
            top + (row * strides + y * dilation_rate) * cell + 2,
            cell - 4, cell - 4, canvas.WINDOW, 2,
        )  # fmt: skip
    drawn.outline(
        left + column * strides * cell, top + row * strides * cell, reach * cell, reach * cell
    )

    right = 450
    drawn.text(right, 24, f"Output {outputs} × {outputs}", canvas.TITLE)
    small = min(cell, 230 // outputs)
    drawn.grid(right, top, small, np.full((outputs, outputs, 3), 255, np.uint8))
    drawn.outline(right + column * small, top + row * small, small, small, canvas.OUTPUT)

    unseen = int((~seen).sum())
    lines = [
        *formula(*sizes, reach, outputs),
        *keras_says(*sizes),
        f"Never visited: {unseen} of {seen.size} pixels",
    ]
    for number, line in enumerate(lines):
        drawn.text(right, 290 + 25 * number, line)
    legend = "orange: window   hatched: zeros   cross: never visited   blue: the window's output"
    drawn.text(8, 470, legend, canvas.SMALL)
    words = (
        f"Input {input_size}, kernel {kernel_size}, stride {strides}, dilation rate "
        f"{dilation_rate}, padding {padding}: output {outputs}. "
        f"Zeros: {before} before, {after} after. {lines[-1]}. "
        f"Output row {row}, column {column} sees a window of {reach} × {reach}. "
        f"{' '.join(keras_says(*sizes))}"
    )
    return Scene(drawn, words)


def formula(
    input_size: int, kernel_size: int, strides: int, padding: str, dilation_rate: int,
    reach: int, outputs: int,
) -> list[str]:  # fmt: skip
    """Return the formula for the output size with the numbers in it, line by line."""
    lines = []
    if dilation_rate > 1:
        lines.append(f"reach = {dilation_rate} · ({kernel_size} − 1) + 1 = {reach}")
    if padding == "same":
        lines.append(f"same: ⌈{input_size} / {strides}⌉ = {outputs}")
    else:
        lines.append(f"valid: ⌊({input_size} − {reach}) / {strides}⌋ + 1 = {outputs}")
    return lines


def keras_says(
    input_size: int, kernel_size: int, strides: int, padding: str, dilation_rate: int
) -> list[str]:
    """Return Keras' own answer, or its refusal, in lines that fit beside the picture."""
    try:
        found = keras_output_size(input_size, kernel_size, strides, padding, dilation_rate)
    except ValueError:
        return [
            "Keras refuses a stride above 1 together with",
            "a dilation rate above 1; the arithmetic does not.",
        ]
    return [f"Keras' Conv2D says: {found} × {found}"]


def too_large(input_size: int, reach: int) -> Scene:
    """Say that no window fits."""
    words = (
        f"A window that reaches over {reach} pixels does not fit into an input of {input_size}: "
        "there is no output. Make the input larger, the kernel or the dilation rate smaller, or "
        "choose the padding same."
    )
    drawn = Canvas(900, 480)
    cell = 400 // reach
    drawn.text(8, 24, f"Input {input_size} × {input_size}", canvas.TITLE)
    drawn.grid(8, 36, cell, np.full((input_size, input_size, 3), 255, np.uint8))
    drawn.outline(8, 36, reach * cell, reach * cell)
    drawn.text(450, 60, "No window fits.", canvas.TITLE)
    drawn.text(450, 90, f"The window reaches over {reach} pixels.")
    return Scene(drawn, words)
