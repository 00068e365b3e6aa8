"""The budget explorer: choose an architecture, and see its shapes, its costs and its faults."""

from typing import Any

import ipywidgets as widgets

from helpers.explore import canvas
from helpers.explore.base import Explorer, Scene, toggles
from helpers.explore.canvas import Canvas
from helpers.layers import cost

SIDE, BOX, CLASSES = 28, 20, 10
POOLING, STRIDE, NOTHING = "2 × 2 max pooling", "stride 2", "nothing"
FLATTEN, GLOBAL = "Flatten", "global max pooling"
STROKE, HEAVY, MANY_ADDS = 7, 0.75, 20_000_000


def budget(blocks: int = 2, filters: int = 16, kernel_size: int = 3, dense: int = 64) -> Explorer:
    """Plan a CNN for pictures of 28 x 28 x 1 in ten classes, and read what it costs.

    Args:
        blocks: Convolutions, each with what makes its map smaller, 1 to 4.
        filters: Filters of the first convolution, 4 to 64; each further one has twice as many.
        kernel_size: Height and width of the kernels: 1, 3, 5 or 7.
        dense: Neurons of the dense layer before the last, 0 (none) to 256.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        TypeError: where an argument is no integer.
        ValueError: where one is out of range.

    Examples:
        >>> budget(dense=0).settings()["dense"]
        0

    """
    blocks = cost.integer("blocks", blocks, 1, 4)
    filters = cost.integer("filters", filters, 4, 64)
    dense = cost.integer("dense", dense, 0, 256)
    if kernel_size not in (1, 3, 5, 7):
        raise ValueError(
            f"`kernel_size` must be one of 1, 3, 5, 7. Received kernel_size={kernel_size}."
        )
    wide = widgets.Layout(width="280px")
    controls = {
        "blocks": widgets.IntSlider(description="Blocks", value=blocks, min=1, max=4, layout=wide),
        "filters": widgets.IntSlider(
            description="Filters", value=filters, min=4, max=64, step=4, layout=wide
        ),
        "dense": widgets.IntSlider(
            description="Dense", value=dense, min=0, max=256, step=16, layout=wide
        ),
        "kernel": toggles("Kernel", ["1", "3", "5", "7"], str(kernel_size)),
        "padding": toggles("Padding", ["valid", "same"], "valid"),
        "smaller": toggles("Smaller by", [POOLING, STRIDE, NOTHING], POOLING),
        "end": toggles("Then", [FLATTEN, GLOBAL], FLATTEN),
    }
    rows = [["blocks", "filters", "dense"], ["kernel", "padding"], ["smaller"], ["end"]]
    return Explorer(scene, controls, rows)


def layers_of(
    blocks: int, filters: int, dense: int, kernel: str, padding: str, smaller: str, end: str
) -> list[tuple]:
    """Return the plan that the controls describe, for `helpers.layers.cost.plan`."""
    found: list[tuple] = []
    for block in range(blocks):
        strides = 2 if smaller == STRIDE else 1
        found.append(("conv", filters * 2**block, int(kernel), strides, padding))
        if smaller == POOLING:
            found.append(("pool", 2))
    found.append(("flatten",) if end == FLATTEN else ("global",))
    return found + ([("dense", dense)] if dense else []) + [("dense", CLASSES)]


def fitting(layers: list[tuple]) -> tuple[list[cost.Row], str]:
    """Return the rows as far as the plan fits, and what does not."""
    try:
        return cost.plan((SIDE, SIDE, 1), layers), ""
    except ValueError:
        pass
    rows = [cost.Row("input", (SIDE, SIDE, 1), 0, 0, 1)]
    for number in range(1, len(layers) + 1):
        try:
            rows = cost.plan((SIDE, SIDE, 1), layers[:number])
        except ValueError:
            height, width, _ = rows[-1].shape
            kind, *numbers = layers[number - 1]
            size = numbers[1] if kind == "conv" else numbers[0]
            what = "kernel" if kind == "conv" else "window"
            return rows, f"a {what} of {size} × {size} does not fit into {height} × {width} numbers"
    return rows, ""


def faults(rows: list[cost.Row], settings: dict[str, Any]) -> list[str]:
    """Say what is wrong with a plan that fits, the worst first."""
    parameters, adds, _ = cost.total(rows)
    found = []
    last_map = [row for row in rows if len(row.shape) == 3][-1]
    if settings["kernel"] == "1":
        found.append("A 1 × 1 kernel sees no neighbours, so no filter can find a stroke.")
    elif settings["end"] == GLOBAL and last_map.field < BOX:
        found.append(
            f"Global pooling keeps numbers that see {last_map.field} × {last_map.field} pixels, "
            f"and forgets where: too little of a digit of {BOX} × {BOX}."
        )
    elif last_map.field < STROKE:
        found.append(
            f"One number of the last map sees {last_map.field} × {last_map.field} pixels: single "
            "strokes. The dense layers must put the rest together."
        )
    if settings["smaller"] == NOTHING and settings["end"] == FLATTEN:
        found.append("Nothing makes the maps smaller: the dense layer gets every number of them.")
    heaviest = max(rows, key=lambda row: row.parameters)
    if heaviest.name.startswith("Dense") and heaviest.parameters > HEAVY * parameters:
        found.append(
            f"{heaviest.parameters / parameters:.0%} of the parameters are in one dense layer: "
            "shrink the maps further, or take global pooling."
        )
    if adds > MANY_ADDS:
        found.append(
            f"{adds / 1e6:.0f} million multiply-adds for one picture: fewer filters or smaller "
            "maps train faster."
        )
    return found


def shape_words(shape: tuple[int, ...]) -> str:
    """Write a shape with × between its numbers."""
    return " × ".join(f"{number:,}" for number in shape)


def scene(**settings: Any) -> Scene:
    """Draw the network's blocks, the table of its layers, and the verdict."""
    layers = layers_of(**settings)
    rows, misfit = fitting(layers)
    drawn = Canvas(900, 500)
    drawn.text(12, 22, "From picture to answer", canvas.TITLE)
    blocks(drawn, rows)
    parameters, adds, numbers = cost.total(rows)
    table(drawn, rows, parameters)
    bad = [f"This network cannot be built: {misfit}."] if misfit else faults(rows, settings)
    last_map = [row for row in rows if len(row.shape) == 3][-1]
    y = 186
    for name, value in (
        ("Parameters", f"{parameters:,}"),
        ("Multiply-adds for a picture", f"{adds:,}"),
        ("Numbers kept for a picture", f"{numbers:,}"),
        ("Their memory, batch of 64", f"{64 * 4 * numbers / 1e6:.1f} MB"),
        ("One number of the last map sees", f"{last_map.field} × {last_map.field}"),
    ):
        drawn.text(600, y, name, canvas.SMALL)
        drawn.text(888, y, value, canvas.TEXT, anchor="right")
        y += 24
    drawn.text(600, y + 16, "What is wrong with it", canvas.TITLE)
    y += 38
    for line in wrapped(bad or ["Nothing stands out. Train it, over several seeds."], 46):
        drawn.text(600, y, line, canvas.SMALL)
        y += 17
    neurons = f"a dense layer of {settings['dense']}" if settings["dense"] else "no dense layer"
    words = (
        f"{settings['blocks']} blocks from {settings['filters']} filters on, kernels of "
        f"{settings['kernel']} × {settings['kernel']}, padding {settings['padding']}, smaller by "
        f"{settings['smaller']}, then {settings['end']} and {neurons} before the last: "
        f"{parameters:,} parameters, {adds:,} multiply-adds. One number of the last map, "
        f"{shape_words(last_map.shape)}, sees {last_map.field} × {last_map.field} pixels. "
        f"{' '.join(bad) or 'Nothing stands out.'}"
    )
    return Scene(drawn, words)


def wrapped(sentences: list[str], width: int) -> list[str]:
    """Break sentences into lines of at most `width` letters, each sentence with a dash."""
    lines = []
    for sentence in sentences:
        line = "–"
        for word in sentence.replace(" × ", "\u00a0×\u00a0").split(" "):
            if len(line) + len(word) + 1 > width:
                lines.append(line)
                line = "  "
            line += f" {word}"
        lines.append(line)
    return lines


def blocks(drawn: Canvas, rows: list[cost.Row]) -> None:
    """Draw the input, the map at the end of each block, and the rows of numbers behind them."""
    shown = []
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        is_map = len(row.shape) == 3
        pooled_next = after is not None and after.name.startswith("MaxPooling")
        if row.name != "Flatten" and not (is_map and row.name != "input" and pooled_next):
            shown.append(row)
    gap = 880 / max(len(shown), 5)
    last_map = [row for row in shown if len(row.shape) == 3][-1]
    for place, row in enumerate(shown):
        middle = 12 + gap * (place + 0.5)
        if place:
            x = middle - gap / 2
            drawn.line([(x - 8, 82), (x + 8, 82)], canvas.INK, 1)
            drawn.line([(x + 4, 78), (x + 8, 82), (x + 4, 86)], canvas.INK, 1)
        if len(row.shape) == 1:
            height = min(84, 10 + 9 * row.shape[0].bit_length())
            drawn.bar(middle - 5, 82 - height / 2, 10, height, canvas.OUTPUT)
        else:
            volume(drawn, middle, row)
        if row.name == "input":
            side = 2.6 * min(last_map.field, SIDE)
            drawn.outline(middle - side / 2, 82 - side / 2, side, side, canvas.WINDOW, 3)
        drawn.text(middle, 148, shape_words(row.shape), canvas.SMALL, anchor="middle")
    drawn.text(
        888, 22, "orange: what one number of the last map sees", canvas.SMALL, anchor="right"
    )


def volume(drawn: Canvas, middle: float, row: cost.Row) -> None:
    """Draw a map as sheets: as wide as its side, the more the more channels it has."""
    side = max(2.6 * row.shape[0], 4)
    sheets = row.shape[2].bit_length()
    for sheet in range(sheets):
        shift = 3 * (sheets - 1) / 2 - 3 * sheet
        x, y = middle - side / 2 + shift, 82 - side / 2 - shift
        drawn.bar(x, y, side, side, canvas.EMPTY)
        drawn.outline(x, y, side, side, canvas.ABSENT, 1)


def table(drawn: Canvas, rows: list[cost.Row], parameters: int) -> None:
    """Write one line for each layer; a bar shows its share of the parameters."""
    right = {"output": 250, "parameters": 334, "multiply-adds": 440, "sees": 504}
    drawn.text(12, 186, "Layer", canvas.SMALL)
    for name, x in right.items():
        drawn.text(x, 186, name, canvas.SMALL, anchor="right")
    for y, words in ((172, "share of"), (186, "parameters")):
        drawn.text(518, y, words, canvas.SMALL)
    drawn.line([(12, 193), (582, 193)])
    for place, row in enumerate(rows):
        y = 212 + 25 * place
        drawn.text(12, y, row.name, canvas.SMALL)
        field = f"{row.field} × {row.field}" if len(row.shape) == 3 else "all"
        values = (shape_words(row.shape), f"{row.parameters:,}", f"{row.multiply_adds:,}", field)
        for x, value in zip(right.values(), values, strict=True):
            drawn.text(x, y, value, canvas.SMALL, anchor="right")
        if row.parameters:
            drawn.bar(518, y - 9, 58 * row.parameters / parameters, 10, canvas.OUTPUT)
