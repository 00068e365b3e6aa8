"""What an explorer is declared with: its controls, its panels, its words. All of it stands here.

`Row` and `Column` arrange `ImageGrid`, `NumberGrid`, `Chart`, `Bars`, `Table`, `Text`, `Sign` and
`Legend`; a panel is declared with what it shows, and finds its size and its place by itself.
"""

from helpers.explore.base import Explorer, Scene
from helpers.explore.canvas import (
    ABSENT,
    EMPTY,
    INK,
    LINE,
    OUTPUT,
    PAPER,
    WINDOW,
    listed,
    number,
)
from helpers.explore.charts import Axis, Chart, Legend
from helpers.explore.controls import (
    Button,
    Choice,
    Entry,
    Number,
    Slider,
    Steps,
    Upload,
)
from helpers.explore.grids import Crossed, Frame, Hatched, NumberGrid, Shades, Swatch, signs
from helpers.explore.groups import Groups
from helpers.explore.images import Contour, ImageGrid, Middle
from helpers.explore.layout import Column, Panel, Row, Sign, Text, render
from helpers.explore.marks import (
    Box,
    Corner,
    Figures,
    Interval,
    Label,
    Line,
    Mark,
    Points,
    Rule,
)
from helpers.explore.pairs import in_words, seed_pairs
from helpers.explore.tables import Bars, Table, percent
from helpers.explore.words import Words
from helpers.plots import GREEN

__all__ = [
    "ABSENT", "EMPTY", "GREEN", "INK", "LINE", "OUTPUT", "PAPER", "WINDOW", "Axis", "Bars", "Box",
    "Button", "Chart", "Choice", "Column", "Contour", "Corner", "Crossed", "Entry", "Explorer",
    "Figures", "Frame", "Groups", "Hatched", "ImageGrid", "Interval", "Label", "Legend", "Line",
    "Mark", "Middle", "Number", "NumberGrid", "Panel", "Points", "Row", "Rule", "Scene", "Shades",
    "Sign", "Slider", "Steps", "Swatch", "Table", "Text", "Upload", "Words", "in_words", "listed",
    "number", "percent", "render", "seed_pairs", "signs",
]  # fmt: skip
