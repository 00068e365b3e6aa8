"""What explorers of several notebooks show: pairs over seeds, and ten probabilities in words."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from helpers.explore import canvas
from helpers.explore.charts import Axis, Chart
from helpers.explore.layout import Column, Panel, Text
from helpers.explore.marks import Line, Points
from helpers.explore.words import COMMON
from helpers.stats import paired_difference


def seed_pairs(
    names: tuple[str, str], first: Sequence[float], second: Sequence[float], **look: Any
) -> tuple[Panel, str]:
    """Return a chart of two settings' errors, one line for each seed, and what it says.

    Where all lines lean the same way, the difference is more than chance.

    Args:
        names: Of both settings.
        first: Errors in percent of the first, one for each seed.
        second: Errors of the second, for the same seeds.
        look: What a chart takes besides, such as `share` or `ratio`.

    """
    found = paired_difference(first, second)
    told = {"mean": found.mean, "reach": found.high - found.mean, "seeds": len(first)}
    written = [COMMON("with_mean", name=name, mean=float(np.mean(values)))
               for name, values in zip(names, (first, second), strict=True)]  # fmt: skip
    lines = [Line((0, 1), ends, canvas.ABSENT, "thin") for ends in zip(first, second, strict=True)]
    points = [Points(0, first, "circle", canvas.WINDOW), Points(1, second, "square")]
    share = look.pop("share", 1.0)
    chart = Chart(
        Axis.of(written), Axis.around([*first, *second]), [*lines, *points],
        **{"title": COMMON("seed_by_seed"), "ratio": 1.0, **look},
    )  # fmt: skip
    verdict = COMMON("excludes_zero" if found.excludes_zero else "may_be_chance")
    panel = Column([chart, Text([COMMON("difference", **told), verdict])], share=share)
    return panel, COMMON("said_real" if found.excludes_zero else "said_chance", **told)


def in_words(probabilities: np.ndarray) -> str:
    """Say what ten probabilities amount to.

    Examples:
        >>> in_words(np.array([0, 0.02, 0, 0, 0, 0, 0, 0.98, 0, 0]))
        'Read as 7, 98 % sure; second comes 1 with 2 %.'

    """
    second, first = np.argsort(probabilities, kind="stable")[-2:]
    return COMMON("read_as", first=first, second=second, sure=COMMON.percent(probabilities[first]),
                  other=COMMON.percent(probabilities[second]))  # fmt: skip
