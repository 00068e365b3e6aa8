"""Clothes drawn by the course: ten kinds, each picture another one, where Fashion-MNIST is missing.

Drawn four times as large and then reduced, so that edges are smooth; bright on black, 28x28.
"""

import functools

import numpy as np
from PIL import Image, ImageDraw

from helpers.arguments import integer

CLASSES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip
SIDE, FINE = 28, 112
DARK = 25
# Parts of the longest sleeve.
SLEEVES = {"none": 0.0, "short": 0.42, "long": 1.0}


def draw_clothes(number: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw clothes of ten kinds in turns, with other sizes, shades, patterns and places each.

    Args:
        number: How many pictures, 1 or more.
        seed: What decides about all that varies, 0 or more; other seeds give other pictures.

    Returns:
        Images `(number, 28, 28)`, uint8, and labels `(number,)`, uint8, places in `CLASSES`.

    Raises:
        TypeError: where an argument is no integer.
        ValueError: where one is out of range.

    Examples:
        >>> images, labels = draw_clothes(20, seed=0)
        >>> images.shape, labels[:11].tolist()
        ((20, 28, 28), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0])

    """
    number, seed = integer("number", number), integer("seed", seed, 0)
    labels = (np.arange(number) % len(CLASSES)).astype(np.uint8)
    images = np.empty((number, SIDE, SIDE), np.uint8)
    for place, label in enumerate(labels):
        images[place] = draw_one(np.random.default_rng([seed, place]), int(label))
    return images, labels


def draw_one(random: np.random.Generator, label: int) -> np.ndarray:
    """Draw one piece: its outline and pattern, then turned, scaled, shifted, with noise."""
    outline = Image.new("L", (FINE, FINE), 0)
    DRAW[label](random, ImageDraw.Draw(outline))
    values = np.asarray(outline) * pattern(random) * random.uniform(0.4, 1.0)
    piece = Image.fromarray(np.rint(values).astype(np.uint8))
    if random.integers(2):
        piece = piece.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    angle, scale = random.uniform(-14, 14), random.uniform(0.68, 1.0)
    shift = random.uniform(-14, 14, 2)
    cosine, sine = np.cos(np.radians(angle)) / scale, np.sin(np.radians(angle)) / scale
    middle = FINE / 2
    moved = piece.transform(
        (FINE, FINE),
        Image.Transform.AFFINE,
        (cosine, sine, middle - cosine * (middle + shift[0]) - sine * (middle + shift[1]),
         -sine, cosine, middle + sine * (middle + shift[0]) - cosine * (middle + shift[1])),
        Image.Resampling.BILINEAR,
    )  # fmt: skip
    small = np.asarray(moved.resize((SIDE, SIDE), Image.Resampling.BOX), np.float64)
    return np.clip(np.rint(small + random.normal(0, 9, small.shape)), 0, 255).astype(np.uint8)


def pattern(random: np.random.Generator) -> np.ndarray:
    """Return a fabric: plain, striped along or across, or checked; `(112, 112)` from 0 to 1."""
    period, depth = random.uniform(9, 22), random.uniform(0.2, 0.6)
    stripes = np.sin(2 * np.pi * np.arange(FINE) / period) > 0
    plain = np.zeros(FINE, bool)
    along, across = ((plain, plain), (stripes, plain), (plain, stripes), (stripes, stripes))[
        random.integers(4)
    ]
    dark = along[:, None] ^ across
    return 1 - depth * dark


def upper(random, draw, sleeve: str, bottom: float, waist: float = 1.0) -> tuple[float, float]:
    """Draw a body with sleeves; return its half width at the shoulders and its top."""
    wide, top = random.uniform(20, 27), random.uniform(16, 24)
    low = wide * waist * random.uniform(0.9, 1.1)
    draw.polygon(
        [(56 - wide, top), (56 + wide, top), (56 + low, bottom), (56 - low, bottom)], fill=255
    )
    if length := SLEEVES[sleeve]:
        reach, drop = random.uniform(10, 20), 58 * length * random.uniform(0.85, 1.1)
        thick = random.uniform(11, 15)
        for side in (-1, 1):
            shoulder, end = 56 + side * (wide - 3), 56 + side * (wide + reach)
            draw.polygon(
                [(shoulder, top), (shoulder + side * 4, top), (end, top + drop),
                 (end - side * thick, top + drop + 2), (shoulder, top + thick + 6)], fill=255
            )  # fmt: skip
    return wide, top


def neck(draw, top: float, half: float, depth: float) -> None:
    """Cut a round neck out of the top edge."""
    draw.ellipse((56 - half, top - depth, 56 + half, top + depth), fill=0)


def t_shirt(random, draw) -> None:
    """Draw a T-shirt: short sleeves and a round neck."""
    wide, top = upper(random, draw, "short", random.uniform(78, 94))
    neck(draw, top, wide * random.uniform(0.4, 0.6), random.uniform(6, 10))


def trouser(random, draw) -> None:
    """Draw trousers: two legs with a gap between them."""
    wide, top = random.uniform(13, 20), random.uniform(10, 20)
    bottom, leg = random.uniform(92, 104), random.uniform(9, 14)
    spread, crotch = random.uniform(14, 24), top + random.uniform(22, 32)
    for side in (-1, 1):
        draw.polygon(
            [(56, top), (56 + side * wide, top), (56 + side * (spread + leg / 2), bottom),
             (56 + side * (spread - leg / 2), bottom), (56 + side * 1.5, crotch), (56, crotch)],
            fill=255,
        )  # fmt: skip


def pullover(random, draw) -> None:
    """Draw a pullover: long sleeves and a round neck."""
    wide, top = upper(random, draw, "long", random.uniform(78, 94))
    neck(draw, top, wide * random.uniform(0.35, 0.5), random.uniform(4, 8))


def dress(random, draw) -> None:
    """Draw a dress: no sleeves, a waist and a wide hem."""
    wide, top = random.uniform(12, 17), random.uniform(12, 20)
    waist, hem = top + random.uniform(24, 34), random.uniform(92, 104)
    narrow, flare = wide * random.uniform(0.65, 0.9), wide * random.uniform(1.3, 2.0)
    half = [(56 + wide, top), (56 + narrow, waist), (56 + flare, hem)]
    draw.polygon([*half, *[(112 - x, y) for x, y in reversed(half)]], fill=255)
    neck(draw, top, wide * random.uniform(0.4, 0.7), random.uniform(5, 12))


def coat(random, draw) -> None:
    """Draw a coat: long, with long sleeves and open at the front."""
    wide, top = upper(random, draw, "long", random.uniform(92, 104), 1.1)
    deep = top + random.uniform(22, 34)
    draw.polygon([(56 - wide * 0.4, top), (56 + wide * 0.4, top), (56, deep)], fill=0)
    draw.line((56, top, 56, 106), fill=DARK, width=int(random.integers(3, 6)))


def shirt(random, draw) -> None:
    """Draw a shirt: a collar and buttons."""
    sleeve = ("short", "long")[random.integers(2)]
    wide, top = upper(random, draw, sleeve, random.uniform(80, 96))
    collar = wide * random.uniform(0.35, 0.5)
    draw.polygon([(56 - collar, top), (56 + collar, top), (56, top + 9)], fill=0)
    for side in (-1, 1):
        draw.polygon(
            [(56 + side * collar, top - 4), (56 + side * 2, top + 8),
             (56 + side * collar, top + 11)], fill=170
        )  # fmt: skip
    step = random.uniform(11, 16)
    for y in np.arange(top + 15, 80, step):
        draw.ellipse((53.5, y - 2.5, 58.5, y + 2.5), fill=DARK)


def sole(draw, y: float, heel: float, toe: float, thick: float, shade: int = 255) -> None:
    """Draw a sole from heel to toe."""
    draw.rounded_rectangle((heel, y, toe, y + thick), radius=thick / 2, fill=shade)


def sandal(random, draw) -> None:
    """Draw a sandal: a sole and a few straps."""
    y, heel, toe = random.uniform(74, 84), random.uniform(12, 20), random.uniform(92, 100)
    sole(draw, y, heel, toe, random.uniform(6, 10))
    width = int(random.integers(5, 8))
    for _ in range(int(random.integers(2, 5))):
        start, end = random.uniform(heel + 4, toe - 20), random.uniform(heel + 20, toe - 4)
        peak = y - random.uniform(14, 34)
        draw.line((start, y, (start + end) / 2, peak, end, y), fill=255, width=width)


def shoe(random, draw, shaft: float) -> None:
    """Draw a closed shoe whose shaft is `shaft` high."""
    y, heel, toe = random.uniform(72, 84), random.uniform(14, 22), random.uniform(90, 100)
    ankle = heel + random.uniform(30, 40)
    top = y - shaft
    draw.polygon(
        [(heel, y), (heel + random.uniform(0, 4), top), (ankle, top + random.uniform(-3, 3)),
         (ankle + 6, y - 20), (toe - 8, y - random.uniform(10, 14)), (toe, y)], fill=255
    )  # fmt: skip


def sneaker(random, draw) -> None:
    """Draw a sneaker: low, with a thick sole and laces."""
    shoe(random, draw, random.uniform(24, 34))
    sole(draw, 80, 13, 100, random.uniform(6, 9), int(random.integers(110, 256)))
    for place in range(int(random.integers(2, 4))):
        draw.line((58 + 8 * place, 62, 52 + 8 * place, 72), fill=DARK, width=3)


def ankle_boot(random, draw) -> None:
    """Draw an ankle boot: with a high shaft."""
    shoe(random, draw, random.uniform(40, 58))
    sole(draw, 80, 14, 99, random.uniform(4, 8), int(random.integers(110, 256)))


def bag(random, draw) -> None:
    """Draw a bag: a body with a handle."""
    left, right = random.uniform(14, 28), random.uniform(84, 98)
    top, bottom = random.uniform(42, 56), random.uniform(84, 98)
    inset, width = random.uniform(14, 26), int(random.integers(4, 8))
    rise = random.uniform(14, 30)
    draw.arc((left + inset, top - rise, right - inset, top + rise), 180, 360, 255, width)
    draw.polygon(
        [(left + random.uniform(0, 8), top), (right - random.uniform(0, 8), top),
         (right, bottom), (left, bottom)], fill=255
    )  # fmt: skip
    draw.line((left, top + 14, right, top + 14), fill=DARK, width=2)


DRAW = (t_shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle_boot)


@functools.lru_cache(4)
def drawn_once(number: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw clothes once in a process, as `(number, 28, 28, 1)`; nobody may change them."""
    images, labels = draw_clothes(number, seed)
    images = images[..., None]
    images.flags.writeable = labels.flags.writeable = False
    return images, labels
