"""Panels: contrast, overlap, clipped text, signs, ticks and edges, once for each kind of panel."""

import datetime
import importlib
import io
import itertools
import json
import re
import tomllib

import ipywidgets as widgets
import numpy as np
import pytest
from course import ROOT
from PIL import Image, ImageColor
from test_contrast import TEXT, contrast
from test_explore import MAKERS

from helpers import explore
from helpers.explore import (  # fmt: skip
    base,
    canvas,
    charts,
    controls,
    grids,
    groups,
    images,
    layout,
    marks,
    pairs,
    tables,
    words,
)
from helpers.explore.charts import Axis, Chart, Legend
from helpers.explore.controls import Steps
from helpers.explore.grids import Frame, NumberGrid
from helpers.explore.images import ImageGrid
from helpers.explore.layout import Column, Row, Sign, Text, render
from helpers.explore.marks import Line, Points
from helpers.explore.regularization import augmentation
from helpers.explore.tables import Bars, Table

DECLARED = [
    name
    for name, topic in explore.TOPICS.items()
    if hasattr(importlib.import_module(f"helpers.explore.{topic}.{name}"), "SAY")
]
RANDOM = np.random.default_rng(0)
MAP, IMAGE = RANDOM.normal(size=(6, 6)), RANDOM.random((28, 28))
LONG = "a title that is much longer than the panel above which it stands, and has to be broken"
STEPS = range(1, 31)

PANELS = {
    "text": lambda: Text([LONG, "", "8 × 8"], title=LONG, notes=[LONG, LONG]),
    "small text": lambda: Text(LONG * 3, "small"),
    "late title": lambda: Row([Text("no title"), NumberGrid(MAP, title="the only title")]),
    "sign": lambda: Row([NumberGrid(MAP, share=0), Sign("×"), Text("3", share=0, middle=True)]),
    "legend": lambda: Legend([
        *(Frame(kind, name=f"a frame for {kind}") for kind in grids.FRAMES), grids.Hatched("zeros"),
        grids.Crossed("in no window"), grids.Swatch("#CCCCCC", "a colour"), grids.Shades("shades"),
        marks.Box(name="box"), marks.Rule(x=1, name="rule"), Line([], [], name="line"),
        marks.Interval(0, 0, 0, 0, name="interval"),
    ]),
    "numbers": lambda: NumberGrid(
        100 * MAP, signed=True, title=LONG, padding=(1, 1, 1, 1), crossed=[(0, 0)],
        frames=[Frame("window", 1, 1, 3, 3)], rows=["a row", "another row"] * 3, columns="abcdef",
    ),
    "many numbers": lambda: Row([NumberGrid(RANDOM.normal(size=(4, 27)), rows="abcd"), Text("b")]),
    "texts in cells": lambda: NumberGrid(np.zeros((1, 8)), texts=[list("schweden")]),
    "images": lambda: Row([
        ImageGrid(IMAGE, title=LONG, over={0: [Frame("window", 2, 2, 5), images.Contour(IMAGE)]}),
        ImageGrid([IMAGE] * 7, across=4, captions=["a 3, 12.21 away"] * 7, badges={1: "?"}),
        ImageGrid(np.stack([IMAGE] * 9), across=3, tight=True, chosen={4: "output"}, notes=LONG),
    ]),
    "bars": lambda: Row([
        Bars(range(10), np.eye(10)[3], framed=2, before=np.full(10, 0.1), title=LONG),
        Bars(["VGG16", "MobileNet 0.25"], [138.4, 0.5], high=None, write="{:.1f}".format),
        Column([Bars(["one", "two"], [-0.5, 0.8], low=-1, high=1, write=canvas.number, chosen=-1),
                Text("bars in a column")]),
    ]),
    "bars in a column": lambda: Column([Bars("ab", [0.5, 0.5]), Text("below")]),
    "table": lambda: Table(
        ["Layer", "output", "parameters", "share"],
        [["Conv2D 3 × 3", "26 × 26 × 16", "160"], ["Dense", "10", "1,234,567"]], bars=[0.01, 0.99],
        chosen=1, room=4,
    ),
    "chart": lambda: Row([
        Chart(Axis(-2, 2, "numbers", signed=True), Axis(-300, 1200), [
            Points([-9, 0, 9], [-1e4, 0, 1e4], name="points"), marks.Rule(y=0, text="a rule"),
            *(marks.Label(0, 10 * n, f"label {n}") for n in range(5)), marks.Corner("a corner"),
        ], title=LONG, notes=LONG),
        Chart(Axis.of(["another start", "batch normalisation, then dropout", "plain"]), Axis(0, 1),
              [marks.Interval(range(3), [0, 0.1, -9], [0.5, 0.4, 9], [0.2] * 3, name="interval"),
               marks.Box(0.6, 1.4, name="the box")], title="Names"),
    ]),
    "lines": lambda: Column([
        Chart(Axis(1e-4, 0.1, "learning rate", log=True), Axis(0, 3), [
            Line(np.geomspace(1e-4, 0.1, 30), STEPS, dashed=True, shape="open diamond", name="a"),
        ], ratio=0.3),
        Chart(Axis(1, 30, "networks"), Axis(0, 1), [
            Line(STEPS, np.linspace(0, 0.5 + n / 100, 30), end=f"{1000 * n:,}") for n in range(5)
        ], ratio=0.4),
        Chart(Axis(0, 99, ticks=()), Axis.of(["prepare", "train"], down=True), [
            marks.Box(10 * n, 10 * n + 9, -0.4, 0.4, color, True, text=str(n))
            for n, color in enumerate((canvas.WINDOW, canvas.OUTPUT, canvas.ABSENT))
        ], ratio=0.2),
    ]),
    "groups": lambda: Chart(Axis(1e3, 1e5, log=True), Axis(0, 9), [
        groups.Groups([2000, 2100, 2200, 9e4], RANDOM.random((4, 5)), ["2, 16, 3"] * 4,
                     ["circle"] * 4, [canvas.WINDOW, canvas.OUTPUT, canvas.ABSENT, canvas.INK]),
    ]),
    "seed pairs": lambda: Row([
        pairs.seed_pairs(("a", "b"), [3, 4, 5.0], other)[0] for other in ([2.5, 4, 4.4], [1, 2, 3])
    ]),
}  # fmt: skip


def check(texts):
    """Check that all texts can be read: whole, apart from each other, and on their ground."""
    assert texts
    for written in texts:
        assert not written.is_clipped, f"{written.text!r} is cut off by the edge"
        assert written.size >= canvas.SMALL, f"{written.text!r} is too small"
        assert contrast(written.color, written.ground) >= TEXT, f"{written.text!r} is too pale"
        assert not re.search(r"(?<![\w-])-\d", written.text), f"{written.text!r} has a hyphen"
    for one, other in itertools.combinations(texts, 2):
        assert not one.overlaps(other), f"{one.text!r} and {other.text!r} overlap"


@pytest.mark.parametrize("name", PANELS)
def test_texts_of_every_panel_can_be_read(name, texts):
    drawn = render(PANELS[name]())
    assert drawn.width == layout.WIDTH
    check(texts) if texts else None
    assert texts or name == "texts in cells"


def test_the_check_finds_what_is_wrong(texts):
    for wrong in (("x", -3, 20), ("x", 5, 4), ("a -1", 5, 20)):
        texts.clear()
        canvas.Canvas(60, 40).text(*wrong[1:], wrong[0])
        with pytest.raises(AssertionError):
            check(texts)
    for second, color in (("two", "#1A1A1A"), ("", "#BBBBBB")):
        texts.clear()
        drawn = canvas.Canvas(60, 40)
        drawn.text(5, 20, "one", color=color)
        drawn.text(9, 22, second)
        with pytest.raises(AssertionError):
            check(texts)


def ink(drawn, box):
    """Return whether anything is drawn in a box of screen pixels."""
    left, top, right, bottom = (round(end * canvas.SCALE) for end in box)
    return bool((np.asarray(drawn.image)[top:bottom, left:right] != 255).any())


@pytest.mark.parametrize("name", PANELS)
def test_panels_leave_the_edge_free(name):
    drawn = render(PANELS[name]())
    assert ink(drawn, (0, 0, drawn.width, drawn.height))
    # The frame around a row of a table or of bars reaches a little over it.
    assert not ink(drawn, (0, 0, 3, drawn.height))
    assert not ink(drawn, (drawn.width - 3, 0, drawn.width, drawn.height))
    assert not ink(drawn, (0, drawn.height - 3, drawn.width, drawn.height))


def test_what_is_framed_is_seen_however_small_it_is():
    for kind, (color, _, _) in grids.FRAMES.items():
        drawn = render(ImageGrid(np.ones((90, 90)), limits=(0, 1), zoom=0.1,
                                 over={0: [Frame(kind, 40, 40)]}))  # fmt: skip
        is_frame = (np.asarray(drawn.image) == ImageColor.getrgb(color)).all(axis=2)
        rows, columns = np.nonzero(is_frame)
        inside = is_frame[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        assert not inside[inside.shape[0] // 2, inside.shape[1] // 2]
        assert inside[0].all()


def test_a_row_with_signs_keeps_its_height_in_a_higher_row():
    """Its sign does not make it as high as what stands beside it."""
    product = Row([NumberGrid(np.ones((1, 1))), Sign("×"), NumberGrid(np.ones((1, 1)))])
    beside = NumberGrid(np.ones((6, 1)))
    assert Row([Column([product, product]), beside]).sizes(884)[0].core == product.measure(428).core


def test_panels_of_a_row_keep_to_their_widths():
    row = Row(
        [NumberGrid(MAP, share=0.5), Sign("→"), ImageGrid(IMAGE), Chart(Axis(0, 1), Axis(0, 1))]
    )
    widths = row.widths(884)
    assert sum(widths) + 3 * layout.GAP <= 884
    assert widths[2] == widths[3] == pytest.approx(2 * widths[0], abs=1)


def test_titles_of_a_row_and_frames_of_charts_stand_in_line(texts):
    charted = Chart(Axis(0, 1), Axis(0, 1), title="one")
    render(Row([charted, Column([NumberGrid(MAP, title="two"), Text("below")]),
                Chart(Axis.of(["a name", "b"]), Axis(0, 9), title="three")]))  # fmt: skip
    tops = {t.text: t.box[3] for t in texts if t.text in ("one", "two", "three")}
    assert len(set(tops.values())) == 1
    zeros = [t.box[1] for t in texts if t.text in ("0.0", "0")]
    assert np.ptp([zeros[0], zeros[-1]]) <= 1


def test_numbers_fit_into_their_cells(monkeypatch):
    masks, mask = [], canvas.text_mask
    monkeypatch.setattr(canvas, "text_mask", lambda *given: masks.append(mask(*given)) or masks[-1])
    layout.forget()
    for shape, value in itertools.product([(3, 3), (9, 9), (25, 25)], (-12.34, 0.5, 7, 1234.56)):
        masks.clear()
        grid = NumberGrid(np.full(shape, value), room=0.5)
        render(Row([grid, Text("beside")]))
        side = grid.side(Row([grid, Text("beside")]).widths(884)[0]) * canvas.SCALE
        assert all(found.width < side - 1 and found.height < side - 1 for found in masks)
        assert bool(masks) == (side >= grids.LEGIBLE * canvas.SCALE)


def test_a_cross_stands_out_from_its_cell():
    for value in (0.0, 0.4, 1.0):
        plain, crossed = (
            render(NumberGrid(np.full((1, 1), value), limits=(0, 1), write=None, crossed=places))
            for places in ((), [(0, 0)])
        )
        one, other = (np.asarray(drawn.image.convert("L"), int) for drawn in (plain, crossed))
        assert np.abs(one - other).max() > 60


def test_room_is_kept_however_many_cells_there_are():
    assert {NumberGrid(np.ones((n, n)), room=1.0).measure(300) for n in range(1, 12)} == {
        NumberGrid(np.ones((2, 2)), room=1.0).measure(300)
    }
    assert Text("one", room=4).measure(300) == Text(["one"] * 4).measure(300)
    assert Table(["a"], [["1"]], room=3).measure(300) == Table(["a"], [["1"]] * 3).measure(300)
    one, three = (ImageGrid([IMAGE] * n, across=1, room=3).measure(90) for n in (1, 3))
    assert one == three
    tall, wide = (Chart(Axis(0, 1), Axis(0, most)) for most in (1, 1e6))
    assert tall.measure(300) == wide.measure(300)


@pytest.mark.parametrize(
    ("axis", "written"),
    [(Axis(60, 100), "60 70 80 90 100"), (Axis(0, 1.2), "0.0 0.2 0.4 0.6 0.8 1.0 1.2"),
     (Axis(-8, 8, signed=True), "−8 −4 0 +4 +8"), (Axis(-0.4, 0.4), "−0.4 −0.2 0.0 0.2 0.4"),
     (Axis(1e-4, 0.1, log=True), "0.0001 0.001 0.01 0.1"), (Axis(2, 20, log=True), "2 5 10 20"),
     (Axis(0, 30000), "0 5,000 10,000 15,000 20,000 25,000 30,000"),
     (Axis(1, 60, ticks=(1, 30, 60)), "1 30 60"), (Axis(0, 9, ticks={3: "three"}), "three"),
     (Axis.of([1, 10, 100]), "1 10 100"), (Axis(0.123, 0.127), "0.123 0.124 0.125 0.126 0.127"),
     (Axis(5, 0), "0 1 2 3 4 5"), (Axis(0, 9, ticks=()), "")],
)  # fmt: skip
def test_axes_have_round_numbers_with_true_signs(axis, written):
    assert " ".join(axis.written().values()) == written
    assert all(axis.holds(value) for value in axis.written())


def test_what_lies_outside_is_drawn_at_the_edge():
    plot = marks.Plot(None, 100, 10, 200, 50, Axis(1e-3, 1, log=True), Axis(10, 0), [])
    assert plot.points([1e-9, 1e9], [99, -99]) == [(100, 60), (300, 10)]
    assert plot.points([1e-3, 1], [10, 0]) == [(100, 60), (300, 10)]
    assert plot.points(0, 5) == [(100, 35)]


@pytest.mark.parametrize("mark", [
    Points([-9, 9], [-9, 9]), Line([-9, 9], [-9, 9], dashed=True), marks.Box(-9, 9, -9, 9),
    marks.Interval([-9, 9], [-9, 0], [0, 9], [0, 0]), marks.Label(9, 9, "a label"),
    marks.Box(-9, 9, -9, 9, canvas.ABSENT, True),
])  # fmt: skip
def test_marks_stay_in_the_frame(mark):
    drawn = render(Chart(Axis(0, 1, ticks=()), Axis(0, 1, ticks=()), [mark], ratio=0.1))
    left, right, low = layout.EDGE - 7, layout.WIDTH - layout.EDGE + 6, layout.EDGE + 0.1 * 884 + 7
    assert ink(drawn, (left, 0, right, low))
    assert not ink(drawn, (0, 0, left - 1, drawn.height))
    assert not ink(drawn, (0, low + 1, drawn.width, drawn.height))


def test_caps_end_where_the_axis_does(monkeypatch):
    lines = []
    monkeypatch.setattr(canvas.Canvas, "line", lambda _, points, *look: lines.append(points))
    plot = marks.Plot(canvas.Canvas(90, 90), 0, 0, 90, 90, Axis(0, 1), Axis(0, 1), [])
    marks.Interval([0.5], [-9], [0.5]).draw(plot)
    assert [45 in np.array(points)[:, 1] and 90 in np.array(points)[:, 1] for points in lines] == [
        True, False
    ]  # fmt: skip


def test_labels_keep_clear_of_each_other(texts):
    labels = [marks.Label(0.5, 0.5, f"label {n}", "title") for n in range(6)]
    render(Chart(Axis(0, 1, ticks=()), Axis(0, 1, ticks=()), labels, ratio=0.3))
    assert len(texts) == 6
    check(texts)


@pytest.mark.parametrize(
    ("probability", "drawn", "said"),
    [(1.0, "> 99 %", "over 99 %"), (0.9951, "> 99 %", "over 99 %"), (0.976, "98 %", "98 %"),
     (0.005, "< 1 %", "under 1 %"), (0.0, "< 1 %", "under 1 %"), (0.0149, "1 %", "1 %")],
)  # fmt: skip
def test_percentages_are_never_rounded_to_certainty(probability, drawn, said, texts):
    assert tables.percent(probability) == drawn
    assert words.COMMON.percent(probability) == said
    render(Bars(["a", "b"], [probability, 1 - probability]))
    assert not {"100 %", "0 %"} & {found.text for found in texts}
    assert drawn in {found.text for found in texts}


def test_legends_do_not_rely_on_colour():
    """Drawn in grey, no two entries of an explorer's legend look alike."""
    looks = {}
    for mark in PANELS["legend"]().marks:
        drawn = canvas.Canvas(marks.SAMPLE, 22)
        mark.sample(drawn, 0, 11)
        looks[mark.name] = np.asarray(drawn.image.convert("L")) < 200
    for one, other in (("a frame for window", "a frame for winner"), ("zeros", "in no window"),
                       ("box", "a frame for window"), ("rule", "line")):  # fmt: skip
        assert (looks[one] != looks[other]).any()


def test_wrapped_text_fits_and_keeps_products_together():
    for width in (60, 90, 300):
        lines = layout.wrapped("One number of the last map sees 8 × 8 pixels.", 13, width)
        assert "8 × 8" in " ".join(lines)
        assert any("8 × 8" in line for line in lines)
        assert all(
            canvas.text_width(line, 13) <= width for line in lines if " " in line or width > 90
        )
    assert layout.wrapped("one\ntwo", 13, 900) == ("one", "two")


def test_what_is_kept_is_what_was_declared():
    first = np.asarray(render(PANELS["numbers"]()).image)
    values = 100 * MAP
    values[0, 0] += 50
    assert (np.asarray(render(PANELS["numbers"]()).image) == first).all()
    changed = NumberGrid(values, signed=True)
    assert (np.asarray(render(changed).image) != np.asarray(
        render(NumberGrid(100 * MAP, signed=True)).image)).any()  # fmt: skip
    for _ in range(layout.KEPT + 3):
        layout.kept(object(), lambda: 1)
    assert len(layout._kept) <= layout.KEPT


@pytest.mark.parametrize("signed", [False, True])
def test_the_colors_of_many_maps_are_those_of_each(signed):
    maps = [*RANDOM.normal(size=(8, 5, 5))]
    maps[3][0, 0] = np.nan
    together = ImageGrid(maps, signed=signed, limits=(-1, 1))._fills(maps)
    for one, fills in zip(maps, together, strict=True):
        np.testing.assert_array_equal(fills, grids.shades(one, signed, (-1, 1)))


def test_a_column_stands_in_line_with_its_first_panel():
    chart = Chart(Axis(0, 1), Axis(0, 1), ratio=0.9)
    row = Row([Column([Chart(Axis(0, 1), Axis(0, 1), ratio=0.3), Text("below")]), chart])
    one, two = row.sizes(884)
    assert one.core == two.core == row.measure(884).core
    assert one.foot > two.foot
    assert sum(row.measure(884)) == sum(one)
    grid = Column([NumberGrid(np.ones((2, 2))), Text("below")])
    assert Row([grid, chart]).sizes(884)[0] == grid.measure(428)


# Explorers.


@pytest.fixture(params=DECLARED)
def made(request):
    """Return an explorer that is declared."""
    explorer = MAKERS[request.param]()
    yield explorer
    explorer.close()


def ends(control):
    """Return the values of a control between which everything else lies."""
    if isinstance(control, widgets.ToggleButtons):
        return [option if isinstance(option, str) else option[1] for option in control.options]
    if isinstance(control, widgets.IntSlider | widgets.FloatSlider):
        return sorted({control.min, (control.min + control.max) // 2, control.max})
    return [control.value, -100.0, 0.1]


def settings(explorer, most=240):
    """Yield settings: so many combinations of the controls' ends, and what buttons step to.

    A slider with buttons that go from stop to stop may say something else at each.
    """
    named = {name: ends(control) for name, control in explorer.controls.items()}
    all_of_them = list(itertools.product(*named.values()))
    for values in all_of_them[:: max(1, len(all_of_them) // most)]:
        yield dict(zip(named, values, strict=True))
    for part in itertools.chain.from_iterable(explorer._rows):
        if isinstance(part, Steps):
            slider = explorer.controls[part.of]
            yield from ({part.of: stop} for stop in range(slider.min, slider.max + 1))


def test_texts_of_every_explorer_can_be_read(made, texts):
    for name, control in made.controls.items():
        for value in ends(control):
            texts.clear()
            layout.forget()
            made.set(**{name: value})
            assert made.trouble.value == ""
            check(texts)
        made.reset()


def test_the_height_of_the_picture_stays_while_a_slider_moves(made):
    for control in made.controls.values():
        heights = set()
        if isinstance(control, widgets.IntSlider):
            for value in ends(control):
                control.value = value
                heights.add(made.shown.canvas.height)
            assert len(heights) == 1, control.description
            made.reset()


def test_declarations_are_plain_data(made):
    told = json.loads(json.dumps(made.declaration()))
    assert told["settings"] == made.settings()
    parts = {part["name"]: part for row in told["rows"] for part in row if "name" in part}
    assert set(made.controls) <= set(parts)
    for name, control in made.controls.items():
        part = parts[name]
        assert part["label"] == control.description
        assert part["value"] == control.value
        if part["kind"] == "slider":
            assert (part["low"], part["high"]) == (control.min, control.max)
        elif part["kind"] == "choice":
            assert [option["value"] for option in part["options"]] == ends(control)


class Doubled:
    """A stand-in for words, which has each label twice."""

    def __call__(self, key):
        return f"{key} {key}"

    def option(self, control, value):
        return f"{control} {value}"


def test_every_kind_of_control_is_made_and_declared():
    say, did = Doubled(), []
    rows = [
        [controls.Slider("rate", 0.0, 1.0, 0.5, step=0.1), controls.Slider("at", 0, 9, 3)],
        [controls.Choice("preset", ["a", "b"], "a", fills={"b": {"at": 7}}),
         controls.Number("weight", 2), controls.Steps("at"),
         controls.Button("clear", did.append)],
        [[controls.Upload("upload", lambda *_: None)],
         controls.Entry("own", lambda explorer, text: explorer.set(at=int(text)))],
    ]  # fmt: skip
    made = base.Explorer(
        lambda **told: base.Scene(Text(str(told)), str(told)), rows, words=say,
        limits=lambda weight, **_: {"at": 5 + weight},
        follow=lambda at, **_: {"preset": "b" if at == 7 else "a"},
    )  # fmt: skip
    assert made.settings() == {"rate": 0.5, "at": 3, "preset": "a", "weight": 2.0}
    kinds = [
        part["kind"] for row in json.loads(json.dumps(made.declaration()))["rows"] for part in row
    ]
    assert kinds == ["slider", "slider", "choice", "number", "steps", "button", "upload", "entry"]
    assert made.controls["at"].max == 7
    made.controls["preset"].value = "b"
    assert made.settings()["at"] == 7
    made.controls["at"].value = 2
    assert made.settings()["preset"] == "a"
    entry = made.box.children[2].children[1]
    entry.value = " 4 "
    assert made.settings()["at"] == 4
    entry.value = "x"
    assert "invalid literal" in made.trouble.value
    _, back, step = made.box.children[1].children[2:5]
    step.click()
    assert made.settings()["at"] == 5
    back.click()
    made.box.children[1].children[5].click()
    assert did == [made]
    made.offer("preset", "c")
    assert ends(made.controls["preset"]) == ["a", "b", "c"]
    made.reset()
    assert made.settings() == {"rate": 0.5, "at": 3, "preset": "a", "weight": 2.0}
    made.close()


# Words.


def filled(names):
    """Return all templates below a table by their keys."""
    for key, value in names.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{below}", text) for below, text in filled(value))
        else:
            yield key, value


# What it takes to see all the words of an explorer, besides what it shows without arguments.
PAIR = {"errors": [1, 2], "fresh_errors": [1, 2]}
ONE_READ = {"images": IMAGE[None], "probabilities": np.eye(10)[[7]]}
BESIDES = {
    "architectures": [{"record": {"architectures": [
        {"depth": 2, "width": 16, "kernel_size": 3, "parameters": 9, "seconds": [1, 2], **PAIR},
    ]}}],
    # One rate is so much better that no seed doubts it.
    "batch_rates": [{"record": {
        "learning_rates": [0.1, 0.2], "batch_sizes": [16, 64, 256], "cells": [
            {"learning_rate": rate, "batch_size": size,
             "errors": {key: [error, error + 1] for key in ("16", "64", "256")}}
            for rate, error in ((0.1, 40), (0.2, 5)) for size in (16, 64, 256)]}}],
    # Some of the digits are not read any more when they lie on their side, others only just.
    "augmentation": [{"images": np.rot90(
        [augmentation.load_digit_image(n) for n in augmentation.BUNDLED], -1, (1, 2))}],
    "kernel_editor": [{"image": 255 * IMAGE, "kernel": "box_blur"}],
    "misclassified": [{**ONE_READ, "labels": [7]},
                      {**ONE_READ, "labels": [1], "suspicious": {0: "Doubtful."}}],
    "pooling": [{"feature_map": MAP[:4]}, {"feature_map": MAP}],
    "range_test": [{"rates": range(1, 6), "losses": [2, 2, 2, 2, 50]}],
    "search_study": [{"record": {"trials": [
        {"state": "complete", "errors": [5, 4], "learning_rate": 1e-3, "batch_size": 16, "depth": 1,
         "width": 8, "kernel_size": 3}, {"state": "pruned", "errors": [9]},
        {"state": "fail", "errors": []},
    ]}}],
    "search_grid": [{"record": {"learning_rates": [1], "batch_sizes": [8], "cells": [PAIR]}}],
    "shift": [{"right": 2}],
    "stepper": [{"image": [[0, 1]], "kernel": [[1]]}],
}  # fmt: skip


STORED = io.BytesIO()
Image.new("LA", (9, 9)).save(STORED, "PNG")
TRANSPARENT = {
    "name": "a.png", "type": "image/png", "size": 1, "content": STORED.getvalue(),
    "last_modified": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
}  # fmt: skip


@pytest.mark.parametrize("name", DECLARED)
def test_every_template_and_every_placeholder_is_used(name, monkeypatch):
    asked, given, call, option = set(), {}, words.Words.__call__, words.Words.option

    def noted(self, key, **values):
        asked.add((self.table, key))
        given.setdefault((self.table, key), set()).update(values)
        return call(self, key, **values)

    def noted_option(self, control, value):
        asked.add((self.table, f"options.{control}.{value}"))
        return option(self, control, value)

    monkeypatch.setattr(words.Words, "__call__", noted)
    monkeypatch.setattr(words.Words, "option", noted_option)
    monkeypatch.setattr(base.Scene, "canvas", None)  # Words are asked for before anything is drawn.
    for arguments in ({}, *BESIDES.get(name, ())):
        explorer = getattr(explore, name)(**arguments) if arguments else MAKERS[name]()
        for chosen in settings(explorer):
            explorer.set(**chosen)
            assert explorer.trouble.value == ""
        for control in base.walk(explorer.box):
            if isinstance(control, widgets.FileUpload):
                control.value = (TRANSPARENT,)
                assert explorer.trouble.value == ""
        explorer.close()
    topic = explore.TOPICS[name]
    table = tomllib.loads((words.FOLDER / topic / "words.toml").read_text("utf-8"))[name]
    unused = {key for key, _ in filled(table)} - {key for at, key in asked if at == name}
    assert not unused
    for key, template in filled(table):
        fields = {field for _, field, _, _ in words._FORMATTER.parse(template) if field}
        assert fields <= given.get((name, key), set()), key


@pytest.fixture
def other_language(tmp_path, monkeypatch):
    """Write all words in Cyrillic letters, as a translation would exchange them."""
    for path in words.FOLDER.rglob("words.toml"):
        copy = tmp_path / path.relative_to(words.FOLDER).with_name("words.xx.toml")
        copy.parent.mkdir(exist_ok=True)
        lines = []
        for line in path.read_text("utf-8").splitlines():
            key, is_template, template = line.partition(" = ")
            parts = re.split(r"(\{[^}]*\}|\\n)", template)
            parts[::2] = [re.sub(r"[A-Za-z]", "ж", part) for part in parts[::2]]
            lines.append(key + is_template + "".join(parts))
        copy.write_text("\n".join(lines), "utf-8")
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    monkeypatch.setenv(words.LANGUAGE, "xx")
    words._tables.cache_clear()
    yield
    words._tables.cache_clear()


# What is data and no words: names of layers and classes, letters that a network reads.
DATA = {
    "budget": "Conv2D|MaxPooling2D|Flatten|Dense",
    "ngrams": r"\b[a-z]\b|sch_",
    "top_five": "tabby|Egyptian cat|tiger cat|lynx|cheetah",
}


@pytest.mark.usefixtures("other_language")
@pytest.mark.parametrize("name", DECLARED)
def test_a_translation_exchanges_all_words_and_no_setting(name, texts, monkeypatch):
    explorer = MAKERS[name]()
    monkeypatch.delenv(words.LANGUAGE)
    monkeypatch.setattr(words, "FOLDER", type(words.FOLDER)(words.__file__).parent)
    words._tables.cache_clear()
    assert explorer.settings() == MAKERS[name]().settings()
    texts_here = [found.text for found in texts]
    for text in [explorer.shown.words, *texts_here[: len(texts_here) // 2],
                 *(control.description for control in explorer.controls.values())]:  # fmt: skip
        assert not re.search(r"[A-Za-z]", re.sub(DATA.get(name, "$^"), "", text)), text


def test_words_are_part_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["helpers.explore"]
    shipped = {path for pattern in patterns for path in words.FOLDER.glob(pattern)}
    found = set(words.FOLDER.rglob("words*.toml"))
    assert words.FOLDER / "words.toml" in found
    assert found <= shipped


def test_missing_words_are_named(monkeypatch):
    say = words.Words("helpers.explore.translation.pooling")
    with pytest.raises(
        KeyError, match=r"\[pooling\] of the words of translation must hold `other`"
    ):
        say("other")
    with pytest.raises(KeyError, match=r"`map` in .* among \['height'\].*Received 'width'"):
        say("map", height=3)
    assert say("map", height=-3, width="-") == "Feature map −3 × -"
    monkeypatch.setenv(words.LANGUAGE, "tlh")
    with pytest.raises(ValueError, match=r"there is no words\.tlh\.toml in helpers/explore/transl"):
        say("map", height=3, width=3)


# Errors.


def test_a_first_drawing_that_fails_is_told_and_left_behind(monkeypatch):
    shown = []
    monkeypatch.setattr(base, "display", lambda data, **more: shown.append((data, more)))

    def scene(size):
        if size < 3:
            raise ValueError("`size` must be 3 or more. Received size=<2>.")
        return base.Scene(Text("drawn"), f"The size is {size}.")

    explorer = base.Explorer(scene, [[controls.Slider("size", 1, 9, 2)]], words=Doubled())
    said = "This does not work: `size` must be 3 or more. Received size=<2>."
    assert repr(explorer) == explorer.shown.words == said
    assert "Received size=&lt;2&gt;." in explorer.trouble.value
    assert explorer.picture.layout.display == "none"
    explorer._ipython_display_()
    ((data, more),) = shown
    assert data["text/plain"] == said
    assert base.WIDGET_VIEW in data
    assert "image/png" not in data
    assert more["metadata"] == {}
    explorer.set(size=5)
    assert repr(explorer) == "The size is 5."
    assert explorer.trouble.value == ""
    assert explorer.picture.value
    assert explorer.picture.layout.display is None
    explorer._ipython_display_()
    assert "image/png" in shown[1][0]
    explorer.close()


def test_a_picture_that_fails_leaves_the_sentence():
    class Broken(Text):
        def draw_body(self, *_):
            raise ZeroDivisionError

    explorer = base.Explorer(
        lambda size: base.Scene(Broken("x") if size < 3 else Text("x"), f"The size is {size}."),
        [[controls.Slider("size", 1, 9, 2)]], words=Doubled(),
    )  # fmt: skip
    assert repr(explorer) == "The size is 2."
    assert "The size is 2." in explorer.sentence.value
    assert "ZeroDivisionError" in explorer.trouble.value
    assert explorer.shown.canvas is None
    explorer.set(size=3)
    assert explorer.trouble.value == ""
    assert explorer.shown.canvas is not None
    explorer.set(size=1)
    assert explorer.picture.layout.display == "none"
    explorer.close()


def test_charts_and_legends_name_each_mark_once():
    twice = [Line([0, 1], [0, 1], name="seed"), Line([0, 1], [1, 0], name="seed"), Points(0, 0)]
    assert [[mark.name for mark in line] for line in charts.legend_lines(twice, 500)] == [["seed"]]
