"""The signal explorer: a filter of five weights moves along a signal."""

import functools
from typing import Any

import numpy as np

from helpers.arguments import array, choice
from helpers.datasets.ecg import heart_trace
from helpers.explore import panels
from helpers.explore.panels import Axis, Chart, Choice, Frame, NumberGrid, Slider, Text, number
from helpers.layers.conv import conv1d
from helpers.layers.shapes import effective_kernel_size, padding_amounts

SAY = panels.Words(__name__)
SIZE = 5
OWN = "Your own kernel"
PRESETS = {
    "Narrow peak": (-0.5, -0.5, 2.0, -0.5, -0.5),
    "Step up": (-1.0, -1.0, 0.0, 1.0, 1.0),
    "Average": (0.2, 0.2, 0.2, 0.2, 0.2),
    "Now minus before": (0.0, 0.0, 0.0, -1.0, 1.0),
}
WEIGHTS = [f"w{place}" for place in range(SIZE)]
PADDINGS = ("valid", "same", "causal")
SHORTEST, LONGEST = 16, 40


def signal(samples: Any = None, padding: str = "valid") -> panels.Explorer:
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
    first = "Narrow peak"
    fills = {name: dict(zip(WEIGHTS, numbers, strict=True)) for name, numbers in PRESETS.items()}
    controls = [
        [Choice("preset", [*PRESETS, OWN], first, fills)],
        [panels.Number(name, value) for name, value in fills[first].items()],
        [Choice("padding", PADDINGS, padding), Slider("dilation_rate", 1, 3, 1)],
        [Slider("position", 0, len(values) - SIZE, 5, wide=True)],
    ]

    def limits(padding, dilation_rate, **_):
        lost = reach(dilation_rate) - 1 if padding == "valid" else 0
        return {"position": len(values) - lost - 1}

    def follow(**settings):
        weights = [settings[name] for name in WEIGHTS]
        same = (name for name, preset in PRESETS.items() if np.allclose(preset, weights))
        return {"preset": next(same, OWN)}

    return panels.Explorer(
        functools.partial(scene, values), controls, words=SAY, limits=limits, follow=follow
    )


def reach(dilation_rate: int) -> int:
    """Return from its first to its last sample how many a window spans."""
    return effective_kernel_size(SIZE, dilation_rate)


def zeros_around(length: int, padding: str, dilation_rate: int) -> tuple[int, int]:
    """Return how many zeros go before and after the signal."""
    if padding == "causal":
        return reach(dilation_rate) - 1, 0
    return padding_amounts(length, SIZE, 1, padding, dilation_rate)


def scene(
    values: np.ndarray, preset: str, padding: str, dilation_rate: int, position: int,
    **weights: float,
) -> panels.Scene:  # fmt: skip
    """Show signal and window, the five products and their sum, and the output so far."""
    kernel = array("kernel", [weights[name] for name in WEIGHTS], dimensions=(1,))
    output = conv1d(values, kernel, padding=padding, dilation_rate=dilation_rate)
    zeros = zeros_around(len(values), padding, dilation_rate)
    # The samples of the window; those of the padding lie before 0 and after the last.
    taken = position - zeros[0] + dilation_rate * np.arange(SIZE)
    window = np.pad(values, zeros)[taken + zeros[0]]
    products = window * kernel
    # An output stands under the last sample of its window where it may not look ahead.
    under = taken[-1] if padding == "causal" else taken[SIZE // 2]
    stand = np.arange(len(output)) - position + under + zeros[0]
    so_far = np.full(len(values) + sum(zeros), np.nan)
    so_far[stand[: position + 1]] = output[: position + 1]

    told = {
        **SAY.told(preset=preset, padding=padding), "dilation_rate": dilation_rate, "size": SIZE,
        "samples": len(values), "before": zeros[0], "after": zeros[1], "outputs": len(output),
        "padded": len(so_far), "reach": reach(dilation_rate), "position": position,
        "last": len(output) - 1, "from": taken[0], "to": taken[-1],
        "sum": number(output[position]), "ahead": dilation_rate * (SIZE // 2),
    }  # fmt: skip
    ahead = SAY("looks_back" if padding == "causal" else "looks_ahead", **told)
    samples = ["" if sample % 5 else sample for sample in range(len(values))]
    frames = [Frame("window", 0, sample) for sample in taken]
    # Room for cells of the unpadded signal; below its strip, also for the numbers of samples.
    cells, room = {"signed": True, "write": None}, 1 / len(values)
    own = [Frame("output", 0, under + zeros[0])]
    most = np.abs(output).max()
    facts = [SAY("reaches", **told), SAY("zeros", **told), SAY("length", **told), ahead]
    legend = panels.Legend([
        Frame("window", name=SAY("window")), panels.Hatched(SAY("hatched")),
        Frame("output", name=SAY("output")), panels.Shades(SAY("shades"), signed=True),
        panels.Rule(y=0, name=SAY("zero")),
    ])  # fmt: skip
    total = Text(SAY("sum", **told), "title", panels.OUTPUT)
    grid = product_grid(window, kernel, products, np.abs(values).max())
    shown = [
        curve(np.arange(len(values)) + zeros[0], values, len(so_far), SAY("signal", **told)),
        NumberGrid(values[None], padding=(0, 0, *zeros), frames=frames, columns=samples,
                   room=room + 0.03, **cells),
        panels.Row([panels.Column([grid, total], share=0.6), Text(facts)]),
        curve(stand, output, len(so_far), SAY("so_far"), position + 1),
        NumberGrid(so_far[None], limits=(-most, most), frames=own, room=room, **cells), legend,
    ]  # fmt: skip
    terms = [SAY("below_zero" if p < 0 else "term", number=number(p)) for p in products]
    return panels.Scene(shown, SAY("sentence", **told, terms=" + ".join(terms), looks=ahead))


def curve(
    places: np.ndarray, values: np.ndarray, cells: int, title: str, shown: int | None = None
) -> Chart:
    """Return numbers as a line, each above its cell, and the line of zero."""
    line = panels.Line(places[:shown], values[:shown], panels.INK, shape="open square", size="tiny")
    return Chart(
        Axis(-0.5, cells - 0.5, ticks=()), Axis.around([0, *values], 0.05, ticks=()), [line],
        [panels.Rule(y=0)], ratio=0.11, frame=False, cells=cells, title=title,
    )  # fmt: skip


def product_grid(
    window: np.ndarray, kernel: np.ndarray, products: np.ndarray, most: float
) -> NumberGrid:
    """Return the window, the weights and the products; the window's colours are the signal's."""
    rows = np.array([window, kernel, products])
    highest = np.array([most, *np.abs(rows[1:]).max(axis=1)])[:, None]
    written = [[number(value) for value in row] for row in rows]
    return NumberGrid(
        rows / np.where(highest, highest, 1.0), True, (-1.0, 1.0), texts=written, cell=0.83,
        frames=[Frame("window", 0, 0, 1, SIZE)],
        rows=[SAY("row_window"), SAY("row_weights"), SAY("row_products")],
    )  # fmt: skip
