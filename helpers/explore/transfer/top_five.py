"""The explorer of what two networks see on bundled photographs, prepared well and badly."""

import functools

import numpy as np

from helpers.datasets.photographs import load_square
from helpers.datasets.records import load_record
from helpers.explore import panels
from helpers.explore.panels import OUTPUT, Bars, Choice, ImageGrid

SAY = panels.Words(__name__)
OWN = "its own"


def top_five() -> panels.Explorer:
    """Choose a photograph, a network and a preparation, and read the five likeliest classes.

    The answers were recorded once with the ImageNet weights of both networks.

    Returns:
        The explorer, which shows itself as the last line of a cell.

    Raises:
        DataError: where the record is missing or damaged.

    Examples:
        >>> top_five().settings()["photograph"]
        'chelsea'

    """
    answers = load_record("transfer_backbones")["answers"]
    first = next(iter(answers.values()))
    pictures = {name: load_square(name) for name in first}
    controls = [
        [Choice("photograph", list(first), "chelsea")],
        [Choice("network", list(answers), next(iter(answers)))],
        [Choice("preparation", list(first["chelsea"]), OWN)],
    ]
    return panels.Explorer(functools.partial(scene, pictures, answers), controls, words=SAY)


def scene(
    pictures: dict[str, np.ndarray], answers: dict, photograph: str, network: str, preparation: str
) -> panels.Scene:
    """Show the photograph, and the five likeliest classes as bars."""
    found = answers[network][photograph]
    names, shares = zip(*found[preparation], strict=True)
    right, before = found[OWN][0]
    told = SAY.told(photograph=photograph, network=network, preparation=preparation)
    told |= {"right": right.replace("_", " "), "change": abs(shares[0] - before)}
    if preparation == OWN:
        verdict = "is_own"
    elif names[0] == right:
        verdict = "same_higher" if shares[0] >= before else "same_lower"
    else:
        verdict = "comes_later" if right in names else "is_missing"
    written = [name.replace("_", " ") for name in names]
    best = [SAY("share", name=name, share=share)
            for name, share in zip(written, shares, strict=True)]  # fmt: skip
    bars = Bars(
        written, shares, chosen=names.index(right) if right in names else -1,
        write="{:.3f}".format, title=SAY("prepared", **told),
        notes=SAY("numbers", range=SAY.option("range", preparation)),
    )  # fmt: skip
    legend = panels.Legend([panels.Swatch(OUTPUT, SAY("chosen", **told))])
    picture = ImageGrid(pictures[photograph], title=told["photograph"], share=0.42)
    words = SAY("sentence", **told, best=", ".join(best), verdict=SAY(verdict, **told))
    return panels.Scene(panels.Row([picture, panels.Column([bars, legend])]), words)
