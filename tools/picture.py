"""Draw the moving picture of README.md: explorers of the course while a reader moves them.

    make picture

Needs nothing but the course. Each frame is what an explorer shows for one step of a control.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matplotlib
import numpy as np
from PIL import Image

from helpers import explore, plots
from helpers.datasets import locate
from helpers.explore.canvas import Canvas
from helpers.files import write_whole

WIDTH, HEIGHT = 720, 400
STEP, LAST = 450, 1500  # milliseconds a frame is shown, and the last one of an explorer
LOOPS = 3  # it comes to rest after some rounds: what never stops distracts

KERNEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
SEVEN = np.zeros((7, 7), int)
SEVEN[1, 1:6] = SEVEN[2:6, 4] = 9

SHOWN = (
    ("Slide a filter", lambda: explore.stepper(SEVEN, KERNEL), "position", range(0, 25, 3)),
    ("Set the output size", lambda: explore.geometry(strides=2), "input_size", range(5, 13)),
    ("See which pixel wins", explore.pooling, "output", range(0, 16, 2)),
    ("Shift the digit", explore.shift, "right", range(0, 9)),
    ("Browse the feature maps", explore.feature_maps, "channel", range(0, 32, 8)),
)


def frames() -> Iterator[tuple[Image.Image, int]]:
    """Yield the frames, and for how many milliseconds each is shown."""
    for title, make, control, values in SHOWN:
        explorer = make()
        for value in values:
            explorer.controls[control].value = value
            yield frame(title, explorer.shown.canvas), LAST if value == values[-1] else STEP
        explorer.close()


def frame(title: str, shown: Canvas) -> Image.Image:
    """Put what an explorer shows on a page of one size, with a title above it."""
    page = Canvas(WIDTH, HEIGHT)
    page.text(12, 26, title, 18)
    picture = shown.image
    factor = min(WIDTH / picture.width, (HEIGHT - 44) / picture.height)
    size = (round(picture.width * factor), round(picture.height * factor))
    small = page.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    small.paste(picture.resize(size, Image.Resampling.LANCZOS), ((WIDTH - size[0]) // 2, 44))
    return small


def palette() -> Image.Image:
    """Return the colours of the course: greys, signed maps, and marks with their smooth edges.

    One palette for all frames: with a palette of its own, a grey frame would lose its orange.
    """
    whites = np.linspace(0, 1, 8, endpoint=False)[:, None]
    marks = [
        255 * whites + (1 - whites) * np.array(Image.new("RGB", (1, 1), mark).getpixel((0, 0)))
        for mark in (plots.BLUE, plots.ORANGE, plots.GREEN)
    ]
    greys = np.linspace(0, 255, 32)[:, None] * np.ones(3)
    signed = 255 * matplotlib.colormaps["RdBu_r"](np.linspace(0, 1, 52))[:, :3]
    table = Image.new("P", (1, 1))
    table.putpalette(np.rint(np.concatenate([greys, signed, *marks])).astype(np.uint8).tobytes())
    return table


def main() -> None:
    drawn, times = zip(*frames(), strict=True)
    flat = [image.quantize(palette=palette(), dither=Image.Dither.NONE) for image in drawn]
    stored = io.BytesIO()
    flat[0].save(
        stored, "GIF", save_all=True, append_images=flat[1:], duration=times, loop=LOOPS,
        optimize=True,
    )  # fmt: skip
    write_whole(locate.DATA_FOLDER / "explorers.gif", stored.getvalue())
    print(f"{len(flat)} frames, {len(stored.getvalue()) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
