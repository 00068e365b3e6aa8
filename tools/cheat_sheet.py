"""Draw the cheat sheet: one page of A4, as PDF to print and as PNG to look at.

make cheatsheet

Every number comes from the course's own functions and records; both files hold a digest of the
text in their metadata, by which a test sees whether they are still true.
"""

import hashlib
import io
import sys
import textwrap
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle
from PIL import Image, PngImagePlugin

from helpers.datasets.locate import DATA_FOLDER
from helpers.datasets.records import load_record
from helpers.files import write_whole
from helpers.layers import cost, shapes
from helpers.plots import BLUE, GREY, ORANGE
from helpers.stats import paired_difference

WIDTH, HEIGHT = 210, 297
INK, SOFT, LINE = "#1A1A1A", "#F3F6F9", "#C9D2DA"
DPI, COLORS = 170, 64
REACH = "k\u2032"
# Symptom, what shows its cure, and the cures that the record of notebook 07 has for it.
REGULARIZERS = {
    "reads new pictures badly": ("accuracy", ("four times the digits", "augmentation", "dropout")),
    "is sure of its mistakes": ("loss", ("augmentation", "dropout", "label smoothing")),
    "nothing is wrong (placebo)": ("accuracy", ("another start",)),
}
# What is measured: millimetres to a unit, decimals, and how it is named.
MEASURES = {
    "accuracy": (4.6, 1, "points of accuracy, more is better"),
    "loss": (60, 2, "validation loss, less is better"),
}
FIRST_AID = (
    ("loss jumps or is nan", "a learning rate ten times smaller"),
    ("loss stops at 1.46, nothing above 0.23", "softmax twice: take one away"),
    ("does not learn the training pictures", "range test; more filters; more epochs"),
    ("validation far below, with batch norm", "smaller momentum; dropout not before it"),
    ("good on the test set, bad in use", "prepare pictures as in training"),
    ("answer changes when the picture moves", "global pooling, or train with shifts"),
)
CODE = """\
network = keras.Sequential([
    keras.Input((28, 28, 1)),        # pixels from 0 to 1
    layers.Conv2D(32, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(64, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(), layers.Dropout(0.5),
    layers.Dense(10, activation="softmax"),
])
network.compile("adam", "sparse_categorical_crossentropy",
                metrics=["accuracy"])  # labels 0, 1, 2
network.fit(x, y, batch_size=64, epochs=20,
            validation_data=(x_val, y_val),
            callbacks=[keras.callbacks.EarlyStopping(
                patience=3, restore_best_weights=True)])"""
TRANSFER = (
    "Take the preprocess_input of that network: never just divide by 255.",
    "include_top=False, base.trainable = False, and a new head.",
    "Compute frozen features once; train the head on them.",
    "Unfreeze the last layers, not batch normalisation.",
    "Compile again, with a learning rate of 3e-5 to 1e-4.",
    "Compare with random and frozen. Far from ImageNet, cut earlier.",
)
HABITS = (
    "Look at the pictures and at the mistakes: some labels are wrong.",
    "Predict each shape and count before you run summary().",
    "Choose by validation pictures; open the test set once.",
    "Several seeds, compared in pairs; one run is an anecdote.",
    "Test a heat map, with controls: delete what it points to.",
)


class Page:
    """A page in millimetres, from the top left corner, that remembers what is written on it."""

    def __init__(self):
        self.figure = Figure(figsize=(WIDTH / 25.4, HEIGHT / 25.4))
        FigureCanvasAgg(self.figure)
        self.ax = self.figure.add_axes((0, 0, 1, 1))
        self.ax.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
        self.ax.axis("off")
        self.written: list[str] = []

    def write(self, x, y, words, size=8.0, color=INK, align="left", weight="normal", font=None):
        """Write a line of text; `y` is its baseline, `size` in points."""
        self.written.append(words)
        self.ax.text(
            x, y, words, fontsize=size, color=color, ha=align, va="baseline", weight=weight,
            family=font or "DejaVu Sans", linespacing=1.32, parse_math=False,
        )  # fmt: skip

    def box(self, x, y, width, height, title):
        """Draw a panel with its title; return where its text begins."""
        self.ax.add_patch(
            FancyBboxPatch((x, y), width, height, boxstyle="round,pad=0,rounding_size=1.6",
                           facecolor=SOFT, edgecolor=LINE, linewidth=0.6)
        )  # fmt: skip
        self.write(x + 4, y + 7.2, title, 10.5, BLUE, weight="bold")
        return x + 4, y + 13.4

    def grid(self, x, y, cell, values, color=INK, edge=LINE, thick=0.7):
        """Draw a small table of numbers in cells."""
        for (row, column), value in np.ndenumerate(values):
            place = (x + column * cell, y + row * cell)
            self.ax.add_patch(Rectangle(place, cell, cell, facecolor="white", edgecolor=edge,
                                        linewidth=thick))  # fmt: skip
            self.write(place[0] + cell / 2, place[1] + cell * 0.68, minus(value), 7.5, color,
                       "center")  # fmt: skip

    def rule(self, x, y, width):
        """Draw a thin line."""
        self.ax.plot([x, x + width], [y, y], color=LINE, linewidth=0.6)


def minus(value) -> str:
    """Write a number with a true minus sign."""
    return f"{value:g}".replace("-", "−")


def operation(page: Page, x: float, y: float) -> None:
    """Show one output: window times kernel, added up."""
    x, y = page.box(x, y, 97, 37, "One output")
    window = np.array([[9, 9, 0], [9, 9, 0], [9, 9, 0]])
    kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    page.grid(x, y - 2, 6.2, window, edge=ORANGE, thick=1.2)
    page.write(x + 21.5, y + 9.2, "·", 14, align="center")
    page.grid(x + 24.5, y - 2, 6.2, kernel)
    page.write(x + 46.5, y + 9.2, "=", 12, align="center")
    page.grid(x + 50, y + 4.2, 7.2, np.array([[(window * kernel).sum()]]), BLUE, BLUE, 1.2)
    for place, line in enumerate(("multiply, add up", "over the window and", "all channels, add",
                                  "the bias. No flip.")):  # fmt: skip
        page.write(x + 61, y + 1.5 + 4.4 * place, line, 7.6)
    for x_, words in ((x + 9.3, "window"), (x + 33.8, "kernel"), (x + 53.6, "output")):
        page.write(x_, y + 20.8, words, 6.8, GREY, "center")


def sizes(page: Page, x: float, y: float) -> None:
    """Give the formulas of the output size, with examples."""
    x, y = page.box(x, y, 97, 60.5, "Output size")
    for place, (name, formula) in enumerate(
        (("effective size", f"{REACH} = d · (k − 1) + 1"), ("valid", f"⌊(n − {REACH}) / s⌋ + 1"),
         ("same", "⌈n / s⌉"),
         ("zeros of same", f"max((⌈n / s⌉ − 1) · s + {REACH} − n, 0), half before, rest after"))
    ):  # fmt: skip
        page.write(x, y + 5 * place, name, 7.6, GREY)
        page.write(x + 22, y + 5 * place, formula, 8 if place < 3 else 7.2, weight="bold"
                   if place < 3 else "normal")  # fmt: skip
    y += 21.5
    page.write(x, y, "n input, k kernel, s stride, d dilation rate (1 is none)", 6.8, GREY)
    y += 5
    head = ("n", "k", "s", "d", "valid", "same", "zeros of same")
    columns = (3, 12, 21, 30, 44, 58, 78)
    for column, words in zip(columns, head, strict=True):
        page.write(x + column, y, words, 6.8, GREY, "center")
    page.rule(x, y + 1.2, 89)
    for n, k, s, d in ((28, 3, 1, 1), (28, 5, 2, 1), (7, 3, 2, 1), (28, 3, 1, 2)):
        y += 4.5
        before, after = shapes.padding_amounts(n, k, s, "same", d)
        valid, same = (shapes.output_size(n, k, s, padding, d) for padding in ("valid", "same"))
        row = (n, k, s, d, valid, same, f"{before} before, {after} after")
        for column, words in zip(columns, row, strict=True):
            page.write(x + column, y, str(words), 7.4, align="center")


def counts(page: Page, x: float, y: float) -> None:
    """Give the counts of parameters and work."""
    x, y = page.box(x, y, 97, 51, "Parameters and work")
    full = shapes.conv2d_parameters(3, 64, 128)
    separable = 9 * 64 + shapes.conv2d_parameters(1, 64, 128)
    for place, (name, formula) in enumerate(
        (("Conv2D", "(kernel h · w · channels + 1) · filters"), ("Dense", "(inputs + 1) · outputs"),
         ("multiply-adds", "output h · w · kernel h · w · channels · filters"),
         ("pooling", "none; saves parameters only behind Flatten"))
    ):  # fmt: skip
        page.write(x, y + 5 * place, name, 7.6, GREY)
        page.write(x + 22, y + 5 * place, formula, 7.3, weight="bold" if place < 3 else "normal")
    y += 21
    page.write(x, y, f"3 × 3 from 64 to 128 channels: {full:,}, separable {separable:,}.", 7.4)
    fields = [shapes.receptive_field([(3,)] * number) for number in (1, 2, 3)]
    page.write(x, y + 6.4, "Receptive field", 8, BLUE, weight="bold")
    page.write(x + 27, y + 6.4, f"from 1 on; a layer adds ({REACH} − 1) · strides before it", 7.0)
    pooled = shapes.receptive_field([(3,), (2, 2), (3,)])
    words = f"3 × 3 once, twice, three times: {', '.join(map(str, fields))}."
    page.write(x, y + 11, f"{words} Conv – pool – conv: {pooled}.", 7.4)


def network(page: Page, x: float, y: float) -> None:
    """Write the table of the network of notebook 05."""
    x, y = page.box(x, y, 93, 68, "The MNIST network, layer by layer")
    rows = cost.plan((28, 28, 1), cost.MNIST_NETWORK)
    columns = (44, 60, 77, 85)
    for column, words in zip(columns, ("output", "parameters", "mult.-adds", "sees"), strict=True):
        page.write(x + column, y, words, 6.6, GREY, "right")
    page.rule(x, y + 1.3, 85)
    for row in rows:
        y += 4.7
        page.write(x, y, row.name, 7.2, font="DejaVu Sans Mono")
        seen = str(row.field) if len(row.shape) == 3 else "all"
        values = (" × ".join(map(str, row.shape)), f"{row.parameters:,}",
                  f"{row.multiply_adds:,}", seen)  # fmt: skip
        for column, words in zip(columns, values, strict=True):
            page.write(x + column, y, words, 7.2, align="right")
    parameters, adds, _ = cost.total(rows)
    page.rule(x, y + 1.6, 85)
    page.write(x, y + 6, "all", 7.4, weight="bold")
    page.write(x + columns[1], y + 6, f"{parameters:,}", 7.4, BLUE, "right", "bold")
    page.write(x + columns[2], y + 6, f"{adds:,}", 7.4, BLUE, "right", "bold")


def recipe(page: Page, x: float, y: float) -> None:
    """Write the code of a first CNN."""
    x, y = page.box(x, y, 93, 82, "A first CNN")
    for place, line in enumerate(CODE.splitlines()):
        page.write(x, y + 4.6 * place, line, 6.4, font="DejaVu Sans Mono")


def symptoms(page: Page, x: float, y: float) -> None:
    """Draw what each cure bought in the recorded runs, and the list of first aid."""
    left, top = page.box(x, y, 194, 64, "What is wrong, and what helps")
    record = load_record("regularization")
    judged, given = (record["settings"][k] for k in ("judging_digits", "training_digits"))

    def ends_of(cure, measure):
        if measure == "loss":
            return [run["val_loss"][-1] for run in record["runs"][cure]]
        return [100 * (1 - run["val_mistakes"][-1] / judged) for run in record["runs"][cure]]

    middle = left + 44
    y = top - 0.5
    for symptom, (measure, names) in REGULARIZERS.items():
        scale, decimals, title = MEASURES[measure]
        page.write(left, y, symptom, 7.4, weight="bold")
        page.write(left + 88, y, title, 6.2, GREY, align="right")
        for name in names:
            y += 4.4
            found = paired_difference(ends_of(name, measure), ends_of("plain", measure))
            better = found.high < 0 if measure == "loss" else found.low > 0
            color = BLUE if better else GREY
            page.write(left + 3, y, name, 7.2)
            ends = [middle + scale * value for value in (found.low, found.high)]
            page.ax.plot(ends, [y - 0.9] * 2, color=color, linewidth=1.6)
            page.ax.plot(middle + scale * found.mean, y - 0.9, "s", color=color, markersize=4,
                         markerfacecolor=color if found.excludes_zero else "white")  # fmt: skip
            half = (found.high - found.low) / 2
            told = f"{found.mean:+.{decimals}f} ± {half:.{decimals}f}".replace("-", "−")
            page.write(left + 88, y, told, 7.2, align="right")
        y += 4.7
    page.ax.plot([middle, middle], [top - 2, y - 4], color=INK, linewidth=0.6)
    words = (
        f"Each cure minus plain: {given} digits, 5 seeds, paired, 95 % interval; filled squares "
        "leave zero out."
    )
    for place, line in enumerate(textwrap.wrap(words, 72)):
        page.write(left, y + 0.4 + 3.6 * place, line, 6.4, GREY)
    right, y = left + 99, top - 0.5
    page.write(right, y, "you see", 6.8, GREY)
    page.write(right + 49, y, "try first", 6.8, GREY)
    page.rule(right, y + 1.2, 88)
    for symptom, cure in FIRST_AID:
        y += 6.6
        for column, words, room in ((0, symptom, 36), (49, cure, 27)):
            for line, part in enumerate(textwrap.wrap(words, room)):
                page.write(right + column, y + 3.1 * line, part, 7.0)
        y += 0.9


def listed(page: Page, x: float, y: float, width: float, title: str, lines: tuple) -> None:
    """Write a numbered list in a panel."""
    x, y = page.box(x, y, width, 40, title)
    for number, line in enumerate(lines, 1):
        page.write(x, y, f"{number}", 7.4, ORANGE, weight="bold")
        page.write(x + 4, y, line, 7.2)
        y += 4.5


def draw() -> Page:
    """Draw the whole page."""
    page = Page()
    page.ax.add_patch(Rectangle((0, 0), WIDTH, 18, facecolor=BLUE, edgecolor="none"))
    page.write(8, 9.6, "Convolutional networks with Keras", 19, "white", weight="bold")
    page.write(
        8, 14.8, "The course on one page: counts are computed, gains are measured.", 8.5, "white"
    )
    operation(page, 8, 22)
    sizes(page, 8, 62)
    counts(page, 8, 125)
    network(page, 109, 22)
    recipe(page, 109, 94)
    symptoms(page, 8, 180)
    listed(page, 8, 248, 97, "Borrow a trained network", TRANSFER)
    listed(page, 109, 248, 93, "Habits", HABITS)
    words = "Notebooks 01 to 12 show nearly every line. Made by tools/cheat_sheet.py."
    page.write(WIDTH / 2, 293.4, words, 6.4, GREY, "center")
    return page


def digest(page: Page) -> str:
    """Return the SHA-256 of all that is written on the page."""
    return hashlib.sha256("\n".join(page.written).encode()).hexdigest()


def files(page: Page) -> dict[str, bytes]:
    """Return the page as PDF and as PNG, without dates, so that it is the same each time."""
    stored = io.BytesIO()
    about = {"Title": "Convolutional networks with Keras", "Subject": digest(page)}
    page.figure.savefig(stored, format="pdf",
                        metadata={**about, "CreationDate": None, "Producer": None})  # fmt: skip
    pdf = stored.getvalue()
    page.figure.set_dpi(DPI)
    page.figure.canvas.draw()
    pixels = Image.fromarray(np.asarray(page.figure.canvas.buffer_rgba())).convert("RGB")
    few = pixels.quantize(COLORS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    text = PngImagePlugin.PngInfo()
    text.add_text("Subject", digest(page))
    stored = io.BytesIO()
    few.save(stored, "PNG", optimize=True, pnginfo=text)
    return {"cheat_sheet.pdf": pdf, "cheat_sheet.png": stored.getvalue()}


def main() -> None:
    for name, content in files(draw()).items():
        write_whole(DATA_FOLDER / name, content)
        print(f"{name}: {len(content) / 1000:.0f} kB, {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
