"""The glossary of notebook 12: complete, linked both ways; links to cells lead somewhere."""

import copy
import html.parser
import json
import re
import subprocess
import sys
from pathlib import Path

import course
import glossary
import nbconvert
import pytest
from course import ROOT

from helpers.checks import engine, wrap_up

NOTEBOOKS = {path.name: course.read(path) for path in course.notebook_paths()}


def test_every_bold_term_is_in_the_glossary_and_every_entry_is_used():
    assert glossary.Links(NOTEBOOKS).complaints == []


def test_entries_are_sentences_that_lead_to_their_first_place():
    links = glossary.Links(NOTEBOOKS)
    found = glossary.entries(NOTEBOOKS[glossary.WRAP_UP])
    assert len(found) > 140
    for entry in found:
        assert entry.sentence.endswith("."), entry.names
        assert entry.sentence.count(". ") == 0, entry.names
        letter = entry.names[0][0].lower()
        assert entry.cell == f"glossary-{letter if letter.isalpha() else 'numbers'}"
        place = links.first[entry]
        source = next(
            course.text(c["source"]) for c in NOTEBOOKS[place.notebook]["cells"]
            if c["id"] == place.cell
        )  # fmt: skip
        bold = [glossary.key(b) for b in glossary.BOLD.findall(glossary.unlinked(source))]
        assert any(glossary.key(name) in bold for name in entry.names)


def course_of(*texts, terms="- **stride**: A step.\n- **feature map**, also **map**: A picture."):
    """Make notebooks of one cell each, and one with a glossary."""
    made = {
        f"0{place}_a.ipynb": {"cells": [{"cell_type": "markdown", "id": "cell", "source": text}]}
        for place, text in enumerate(texts)
    }
    cell = {"cell_type": "markdown", "id": "glossary-a", "source": terms}
    return {**made, glossary.WRAP_UP: {"cells": [cell]}}


@pytest.fixture
def small(monkeypatch):
    """Let a small course hold one word of emphasis."""
    monkeypatch.setattr(glossary, "EMPHASIS", {"not"})


def applied(notebooks):
    """Return the notebooks with the links written, and the complaints."""
    links, after = glossary.Links(notebooks), copy.deepcopy(notebooks)
    for name, cells in links.changed.items():
        for cell in after[name]["cells"]:
            cell["source"] = cells.get(cell["id"], cell["source"])
    return after, [c for c in links.complaints if "EMPHASIS: nothing" not in c]


LINK = "(12_wrap_up.ipynb#cell-id=glossary-a)"


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a **stride** b **stride**", f"a **[stride]{LINK}** b **stride**"),
        ("**Strides:** two", f"**[Strides:]{LINK}** two"),
        ("# The **stride**\n\n**stride**", f"# The **stride**\n\n**[stride]{LINK}**"),
        ("`**stride**` **stride**", f"`**stride**` **[stride]{LINK}**"),
        ("```\n**stride**\n```\n**stride**", f"```\n**stride**\n```\n**[stride]{LINK}**"),
        ("| a **stride** | b |", f"| a **[stride]{LINK}** | b |"),
        ("[**stride**](x) **stride**", f"[**stride**](x) **[stride]{LINK}**"),
        ("a **feature\nmap**", f"a **[feature\nmap]{LINK}**"),
        ("`2**3` and **maps**, `4**5`", f"`2**3` and **[maps]{LINK}**, `4**5`"),
        ("**You will** **Predict:** **not** x", "**You will** **Predict:** **not** x"),
    ],
)
def test_the_first_bold_word_becomes_a_link(before, after):
    notebooks = course_of(before, "**stride** **map**")
    found, complaints = applied(notebooks)
    assert complaints == []
    assert found["00_a.ipynb"]["cells"][0]["source"] == after
    again, _ = applied(found)
    assert again == found
    text = found[glossary.WRAP_UP]["cells"][0]["source"]
    assert text.count("#cell-id=cell)") == 2


@pytest.mark.usefixtures("small")
def test_what_is_missing_is_named():
    _, complaints = applied(course_of("**stride** and **padding**"))
    assert any("cell cell: **padding** is not in the glossary" in c for c in complaints)
    assert any("**feature map** is nowhere in bold" in c for c in complaints)
    twice = course_of("**stride**", terms="- **stride**: A.\n- **strides**: B.")
    assert any("stands twice" in c for c in applied(twice)[1])


def test_the_tool_fails_on_a_missing_term(tmp_path):
    for name in ("tools", "notebooks"):
        (tmp_path / name).mkdir()
        for path in filter(Path.is_file, (ROOT / name).iterdir()):
            (tmp_path / name / path.name).write_bytes(path.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())

    def run(*options):
        command = [sys.executable, "tools/glossary.py", *options]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert run().returncode == 0
    assert run("--check").returncode == 0
    path = next((tmp_path / "notebooks").glob("03*"))
    path.write_text(
        path.read_text("utf-8").replace("(mostly zeros)", "(**gizmo**)"), encoding="utf-8"
    )
    failed = run("--check")
    assert "**gizmo** is not in the glossary" in failed.stdout
    assert failed.returncode == 1


def test_the_links_of_the_check_lead_somewhere():
    for _, notebook, cell in wrap_up.LINKS.values():
        assert cell in [c["id"] for c in NOTEBOOKS[f"{notebook}.ipynb"]["cells"]]
    said = engine.Said("Not yet:", f"try ({wrap_up.link('cures')}).")
    assert repr(said) == "Not yet: try (07 Choose by symptom)."
    assert '<a href="07_regularization.ipynb#cell-id=table-heading">' in (said._repr_html_())


class Ids(html.parser.HTMLParser):
    """Collects the ids of a page."""

    def __init__(self, page):
        super().__init__()
        self.found = set()
        self.feed(page)

    def handle_starttag(self, _, attributes):
        """Note the id of an element."""
        self.found |= {value for name, value in attributes if name == "id"}


def test_html_has_an_anchor_for_each_linked_cell():
    wanted = re.compile(r"\]\(03\w+\.ipynb#(cell-id=[a-z0-9-]+)\)")
    prose = json.dumps(NOTEBOOKS[glossary.WRAP_UP], ensure_ascii=False)
    path = next(path for path in course.notebook_paths() if path.name.startswith("03"))
    page, _ = nbconvert.HTMLExporter().from_filename(str(path))
    anchors = set(wanted.findall(prose))
    assert len(anchors) > 5
    assert anchors <= Ids(page).found
