"""The check of the notebooks' prose: what it finds, what it leaves alone."""

import prose
import pytest

LONG = "word " * 31


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("Whoever reads it.", "write a person who, people who"),
        ("All but for\none.", '"but for": write except'),
        ("See [what is thawed](09_transfer.ipynb).", '"thawed": write unfreeze'),
        (f"{LONG}.", "31 words, at most 30"),
        (f"- short\n- {LONG}\n- short", "31 words, at most 30"),
        (f"One `x = 1`. {LONG}", "31 words, at most 30"),
    ],
)
def test_it_finds(markdown, said):
    (complaint,) = prose.complaints(markdown)
    assert said in complaint


@pytest.mark.parametrize(
    "markdown",
    [
        f"```\n{LONG}\n```",
        f"# {LONG}",
        f"| {LONG} |",
        f"`{LONG}`",
        f"$$ {LONG} $$",
        "but form, marshalling",
        f"{LONG[:80]}: {LONG[:80]}",
        f"[a picture]({'path/' * 40})",
    ],
)
def test_it_leaves_alone(markdown):
    assert prose.complaints(markdown) == []
