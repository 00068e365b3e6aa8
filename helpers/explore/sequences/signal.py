"""The signal explorer: a filter of five weights moves along a signal."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from helpers.arguments import array, choice
from helpers.datasets.ecg import heart_trace
from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas, number
from helpers.explore.convolution.kernel_editor import OWN
from helpers.layers.conv import conv1d
from helpers.layers.shapes import effective_kernel_size, padding_amounts

SIZE = 5
PRESETS = {
    "Narrow peak": (-0.5, -0.5, 2.0, -0.5, -0.5),
    "Step up": (-1.0, -1.0, 0.0, 1.0, 1.0),
    "Average": (0.2, 0.2, 0.2, 0.2, 0.2),
    "Now minus before": (0.0, 0.0, 0.0, -1.0, 1.0),
}
PADDINGS = ("valid", "same", "causal")
SHORTEST, LONGEST = 16, 40
LEFT, WIDTH = 8, 884


def signal(samples: Any = None, padding: str = "valid") -> Explorer:
    """Slide a filter along a signal: choose it, edit its weights, spread it, pad the signal.

    Args:
        samples: `(length,)`, 16 to 40 finite numbers; two made heartbeats where it is left out.
        padding: `"valid"`, `"same"` or `"causal"` at first.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where an argument is of the wrong type.
        ValueError: where `samples` is too short, too long or not finite, or there is no such
            padding.

    Examples:
        >>> signal().settings()["preset"]
        'Narrow peak'

    """
    if samples is None:
        samples = heart_trace(LONGEST, seed=4)[0].round(1)
    values = array("samples", samples, dimensions=(1,))
    if not SHORTEST <= len(values) <= LONGEST:
        raise ValueError(
            f"`samples` must be from {SHORTEST} to {LONGEST} numbers. Received {len(values)}."
        )
    choice("padding", padding, PADDINGS)
    weights = {
        f"w{place}": widgets.FloatText(
            value=PRESETS["Narrow peak"][place],
            description=f"weight {place}",
            step=0.5,
            style={"description_width": "60px"},
            layout=widgets.Layout(width="150px"),
        )
        for place in range(SIZE)
    }
    controls: dict[str, widgets.Widget] = {
        "preset": toggles("Filter", [*PRESETS, OWN], "Narrow peak"),
        **weights,
        "padding": toggles("Padding", list(PADDINGS), padding),
        "dilation_rate": widgets.IntSlider(description="Dilation", value=1, min=1, max=3),
        "position": widgets.IntSlider(
            description="Position", value=5, layout=widgets.Layout(width="520px")
        ),
    }

    def adjust(controls):
        same = (name for name, preset in PRESETS.items()
                if np.allclose(preset, [controls[name].value for name in weights]))  # fmt: skip
        controls["preset"].value = next(same, OWN)
        reach = effective_kernel_size(SIZE, controls["dilation_rate"].value)
        lost = reach - 1 if controls["padding"].value == "valid" else 0
        controls["position"].max = len(values) - lost - 1

    explorer = Explorer(
        lambda preset, padding, dilation_rate, position, **weights: scene(
            values, preset, list(weights.values()), padding, dilation_rate, position
        ),
        controls,
        [["preset"], list(weights), ["padding", "dilation_rate"], ["position"]],
        adjust=adjust,
    )

    def use_preset(change):
        if change["new"] != OWN:
            explorer.set(**dict(zip(weights, PRESETS[change["new"]], strict=True)))

    controls["preset"].observe(use_preset, names="value")
    return explorer


def zeros_around(length: int, padding: str, dilation_rate: int) -> tuple[int, int]:
    """Return how many zeros go before and after the signal."""
    if padding == "causal":
        return effective_kernel_size(SIZE, dilation_rate) - 1, 0
    return padding_amounts(length, SIZE, 1, padding, dilation_rate)


def scene(
    values: np.ndarray, preset: str, weights: list[float], padding: str, dilation_rate: int,
    position: int,
) -> Scene:  # fmt: skip
    """Draw signal and window, the five products and their sum, and the output so far."""
    kernel = array("kernel", weights, dimensions=(1,))
    output = conv1d(values, kernel, padding=padding, dilation_rate=dilation_rate)
    before, after = zeros_around(len(values), padding, dilation_rate)
    padded = np.pad(values, (before, after))
    taken = position + dilation_rate * np.arange(SIZE)
    products = padded[taken] * kernel
    # An output stands under the last sample of its window where it may not look ahead.
    place = taken[-1] if padding == "causal" else taken[SIZE // 2]
    shift = place - position

    drawn = Canvas(900, 520)
    cell = WIDTH // len(padded)
    drawn.text(LEFT, 20, f"Signal, {len(values)} samples", canvas.TITLE)
    curve(drawn, 28, 100, cell, padded, np.arange(before, before + len(values)))
    strip(drawn, 134, cell, padded, before, after)
    for x in taken:
        drawn.outline(LEFT + x * cell, 134, cell, cell, canvas.WINDOW, 2.5)
    for sample in range(0, len(values), 5):
        x = LEFT + (before + sample + 0.5) * cell
        drawn.text(x, 146 + cell, str(sample), canvas.SMALL, anchor="middle")

    top = 176
    for row, (name, numbers) in enumerate(
        (("Window", padded[taken]), ("× weights", kernel), ("= products", products))
    ):
        drawn.text(LEFT, top + 24 + 40 * row, name, canvas.TITLE)
        drawn.grid(116, top + 40 * row, 38, canvas.colors(numbers[None], True), numbers[None])
    drawn.outline(116, top, SIZE * 38, 38)
    total = f"Sum: {number(output[position])}"
    drawn.text(116, top + 144, total, canvas.TITLE, canvas.OUTPUT)
    for line, text in enumerate(facts(len(values), padding, dilation_rate, len(output))):
        drawn.text(370, top + 24 + 28 * line, text)

    low = 344
    drawn.text(LEFT, low + 12, "Output so far", canvas.TITLE)
    curve(drawn, low + 20, 100, cell, output, np.arange(len(output)) + shift, position + 1)
    strip(drawn, low + 126, cell, output[: position + 1], 0, 0, shift, np.abs(output).max())
    drawn.outline(LEFT + place * cell, low + 126, cell, cell, canvas.OUTPUT, 2.5)
    legend = "orange: window   hatched: zeros   blue frame: the window's output   "
    drawn.text(LEFT, 512, legend + "colours: blue below zero, red above", canvas.SMALL)

    first, last = taken[0] - before, taken[-1] - before
    terms = " + ".join(f"({number(p)})" if p < 0 else number(p) for p in products)
    words = (
        f"{preset}, padding {padding}, dilation rate {dilation_rate}. Output {position} of "
        f"0 to {len(output) - 1}: the window reaches from sample {number(first)} to "
        f"{number(last)}; {terms} = {number(output[position])}. "
        f"{ahead(padding, dilation_rate)}"
    )
    return Scene(drawn, words)


def curve(
    drawn: Canvas, top: float, height: float, cell: int, values: np.ndarray, places: np.ndarray,
    shown: int | None = None,
) -> None:  # fmt: skip
    """Draw numbers as a line with points, each above its cell, and the line of zero."""
    seen = values[places] if shown is None else values
    low, high = min(seen.min(), 0.0), max(seen.max(), 0.0)
    scale = (height - 8) / ((high - low) or 1.0)
    zero = top + 4 + high * scale
    right = LEFT + WIDTH
    drawn.line([(LEFT, zero), (right, zero)], canvas.LINE)
    drawn.text(right, zero - 3, "0", canvas.SMALL, anchor="right")
    points = [
        (LEFT + (x + 0.5) * cell, zero - y * scale)
        for x, y in zip(places[:shown], seen[:shown], strict=True)
    ]
    if len(points) > 1:
        drawn.line(points, canvas.INK, 1.5)
    for x, y in points:
        drawn.outline(x - 2.5, y - 2.5, 5, 5, canvas.INK, 2)


def strip(
    drawn: Canvas, y: float, cell: int, values: np.ndarray, before: int, after: int,
    shift: int = 0, most: float | None = None,
) -> None:  # fmt: skip
    """Draw numbers as a row of coloured cells, the zeros of the padding hatched."""
    inside = values[before : len(values) - after]
    x = LEFT + (before + shift) * cell
    drawn.grid(x, y, cell, canvas.colors(inside[None], True, most or None))
    for place in (*range(before), *range(len(values) - after, len(values))):
        drawn.hatch(LEFT + place * cell, y, cell)


def facts(length: int, padding: str, dilation_rate: int, outputs: int) -> list[str]:
    """Return reach, zeros and output length with their numbers, line by line."""
    before, after = zeros_around(length, padding, dilation_rate)
    reach = effective_kernel_size(SIZE, dilation_rate)
    return [
        f"reach = {dilation_rate} · ({SIZE} − 1) + 1 = {reach} samples",
        f"padding {padding}: {before} zeros before, {after} after",
        f"output: {length + before + after} − {reach} + 1 = {outputs} numbers",
        ahead(padding, dilation_rate),
    ]


def ahead(padding: str, dilation_rate: int) -> str:
    """Say how far an output looks into the future of the sample that it stands under."""
    if padding == "causal":
        return "The output looks at its own sample and at earlier ones only."
    return (
        f"The output looks {dilation_rate * (SIZE // 2)} samples ahead of the one it stands under."
    )
