"""The budget explorer: choose an architecture, and see its shapes, its costs and its faults."""

from typing import Any

from helpers.explore import panels
from helpers.explore.panels import ABSENT, EMPTY, OUTPUT, WINDOW, Axis, Box, Choice, Label, Slider
from helpers.layers import cost

SAY = panels.Words(__name__)
SIDE, BOX, CLASSES = 28, 20, 10
POOLING, STRIDE, NOTHING = "2 × 2 max pooling", "stride 2", "nothing"
FLATTEN, GLOBAL = "Flatten", "global max pooling"
STROKE, HEAVY, MANY_ADDS = 7, 0.75, 20_000_000
# The drawing, in hundredths of its width: where the middle of the maps lies, and their labels.
HIGH, MIDDLE, BELOW = 13.5, 7.4, 0.7
# The most layers that a plan has: blocks with pooling, what ends them, and two dense layers.
LAYERS = 12


def budget(
    blocks: int = 2, filters: int = 16, kernel_size: int = 3, dense: int = 64
) -> panels.Explorer:
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
    controls = [
        [Slider("blocks", 1, 4, blocks), Slider("filters", 4, 64, filters, step=4),
         Slider("dense", 0, 256, dense, step=16)],
        [Choice("kernel", ("1", "3", "5", "7"), str(kernel_size)),
         Choice("padding", ("valid", "same"), "valid")],
        [Choice("smaller", (POOLING, STRIDE, NOTHING), POOLING)],
        [Choice("end", (FLATTEN, GLOBAL), FLATTEN)],
    ]  # fmt: skip
    return panels.Explorer(scene, controls, words=SAY)


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
    rows = [cost.Row("input", (SIDE, SIDE, 1), 0, 0, 1)]
    for count, layer in enumerate(layers, 1):
        try:
            rows = cost.plan((SIDE, SIDE, 1), layers[:count])
        except ValueError:
            # Of all plans that the controls allow, only kernels do not fit, and no pooling.
            height, width, _ = rows[-1].shape
            return rows, SAY("misfit", size=layer[2], height=height, width=width)
    return rows, ""


def last_map(rows: list[cost.Row]) -> cost.Row:
    """Return the last row of a plan that is a map."""
    return [row for row in rows if len(row.shape) == 3][-1]


def faults(rows: list[cost.Row], settings: dict[str, Any]) -> list[str]:
    """Say what is wrong with a plan that fits, the worst first."""
    parameters, adds, _ = cost.total(rows)
    found, field = [], last_map(rows).field
    if settings["kernel"] == "1":
        found.append(SAY("no_neighbours"))
    elif settings["end"] == GLOBAL and field < BOX:
        found.append(SAY("forgets_where", field=field, box=BOX))
    elif field < STROKE:
        found.append(SAY("single_strokes", field=field))
    if settings["smaller"] == NOTHING and settings["end"] == FLATTEN:
        found.append(SAY("nothing_smaller"))
    heaviest = max(rows, key=lambda row: row.parameters)
    if heaviest.name.startswith("Dense") and heaviest.parameters > HEAVY * parameters:
        found.append(SAY("heavy_layer", fraction=heaviest.parameters / parameters))
    if adds > MANY_ADDS:
        found.append(SAY("many_adds", millions=adds / 1e6))
    return found


def shape_words(shape: tuple[int, ...]) -> str:
    """Write a shape with × between its numbers."""
    return " × ".join(f"{number:,}" for number in shape)


def scene(**settings: Any) -> panels.Scene:
    """Show the network's blocks, the table of its layers, and the verdict."""
    rows, misfit = fitting(layers_of(**settings))
    parameters, adds, numbers = cost.total(rows)
    wrong, seen = [misfit] if misfit else faults(rows, settings), last_map(rows)
    told = {
        **SAY.told(**settings), "parameters": parameters, "adds": adds, "numbers": numbers,
        "memory": 64 * 4 * numbers / 1e6, "field": seen.field, "shape": shape_words(seen.shape),
        "plan": SAY.counted("plan", settings["blocks"]),
        "neurons": SAY("neurons" if settings["dense"] else "no_neurons", dense=settings["dense"]),
        "wrong": " ".join(wrong) or SAY("nothing_wrong"),
    }  # fmt: skip
    totals = [(SAY(f"total.{key}"), SAY(f"value.{key}", **told))
              for key in ("parameters", "adds", "numbers", "memory", "field")]  # fmt: skip
    verdict = [SAY("fault", fault=fault) for fault in wrong] or SAY("train_it")
    right = panels.Column([
        panels.Table(["", ""], totals),
        panels.Text(verdict, "small", room=10, title=SAY("what_is_wrong")),
    ])  # fmt: skip
    below = panels.Row([table(rows, parameters), right])
    return panels.Scene([drawing(rows), below], SAY("sentence", **told))


def drawing(rows: list[cost.Row]) -> panels.Chart:
    """Return the input, the map at the end of each block, and the rows of numbers behind them."""
    following = [*(row.name for row in rows[1:]), ""]
    shown = [row for row, after in zip(rows, following, strict=True) if row.name == "input"
             or (row.name != "Flatten" and not after.startswith("MaxPooling"))]  # fmt: skip
    gap, marks = 100 / max(len(shown), 5), []
    for place, row in enumerate(shown):
        x = gap * (place + 0.5)
        marks += volume(x, row) if len(row.shape) == 3 else [bar(x, row.shape[0])]
        marks.append(Label(x, BELOW, shape_words(row.shape), anchor="middle"))
        if place:
            marks.append(Label(x - gap / 2, MIDDLE, "→", "title", "middle"))
        else:
            half = 0.147 * min(last_map(rows).field, SIDE)
            marks.append(square(x, MIDDLE, half, WINDOW, weight="thick", name=SAY("sees_frame")))
    return panels.Chart(Axis(0, 100, ticks=()), Axis(0, HIGH, ticks=()), marks,
                        ratio=HIGH / 100, frame=False, title=SAY("drawing"))  # fmt: skip


def square(x: float, y: float, half: float, color: str, filled: bool = False, **look: Any) -> Box:
    """Return a square around a point."""
    return Box(x - half, x + half, y - half, y + half, color, filled, **look)


def bar(x: float, units: int) -> Box:
    """Return a row of numbers: the higher, the more there are."""
    half = min(9.5, 1.1 + units.bit_length()) / 2
    return Box(x - 0.55, x + 0.55, MIDDLE - half, MIDDLE + half, OUTPUT, True)


def volume(x: float, row: cost.Row) -> list[Box]:
    """Return a map as sheets: as wide as its side, the more the more channels it has."""
    half, sheets = max(0.147 * row.shape[0], 0.23), row.shape[2].bit_length()
    shifts = [0.34 * ((sheets - 1) / 2 - sheet) for sheet in range(sheets)]
    return [box for shift in shifts for box in (
        square(x + shift, MIDDLE + shift, half, EMPTY, True),
        square(x + shift, MIDDLE + shift, half, ABSENT, weight="thin"))]  # fmt: skip


def table(rows: list[cost.Row], parameters: int) -> panels.Table:
    """Return one line for each layer; a bar shows its part of the parameters."""
    lines = [
        (SAY("input") if row.name == "input" else row.name, shape_words(row.shape),
         f"{row.parameters:,}", f"{row.multiply_adds:,}",
         f"{row.field} × {row.field}" if len(row.shape) == 3 else SAY("all"))
        for row in rows
    ]  # fmt: skip
    names = [SAY(f"column.{key}") for key in
             ("layer", "output", "parameters", "adds", "sees", "bars")]  # fmt: skip
    return panels.Table(names, lines, room=LAYERS, share=2.1,
                        bars=[row.parameters / max(parameters, 1) for row in rows])  # fmt: skip
