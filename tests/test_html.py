"""Each notebook as a page without a kernel: nothing blank, pictures with words, links that lead."""

import itertools
import re
from html.parser import HTMLParser

import course
import pytest
import web_pages

PATHS = course.notebook_paths()


class Page(HTMLParser):
    """What a page shows: its pictures, its headings, its links, and where they can lead."""

    def __init__(self, text):
        super().__init__()
        self.pictures, self.levels, self.links, self.anchors = [], [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.anchors |= {found["id"]} if "id" in found else set()
        if tag == "img":
            self.pictures.append(found)
        elif re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        elif tag == "a" and "anchor-link" not in found.get("class", ""):
            self.links.append(found.get("href", ""))


@pytest.fixture(scope="module")
def pages():
    return web_pages.pages()


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def path(request):
    return request.param


def test_every_stored_picture_is_there_with_words(path, pages):
    stored = [
        output["metadata"]["image/png"]["alt"]
        for cell in course.read(path)["cells"]
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", {})
    ]
    shown = Page(pages[path.with_suffix(".html").name]).pictures
    assert [picture["alt"] for picture in shown] == stored
    for picture in shown:
        assert len(picture["src"]) > 1000
        assert len(picture["alt"]) > 20


def test_no_cell_that_shows_something_is_blank(path, pages):
    notebook = course.read(path)
    for kind in ("widget-view", "widget-state", "model not found"):
        assert kind not in pages[path.with_suffix(".html").name]
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            kinds = output.get("data", {"text/plain": output.get("text", "x")})
            assert {"image/png", "text/html", "text/plain"} & set(kinds), cell["id"]


def test_headings_go_down_one_step_at_a_time(path, pages):
    levels = Page(pages[path.with_suffix(".html").name]).levels
    assert levels[0] == 1
    assert levels.count(1) == 1
    for before, after in itertools.pairwise(levels):
        assert after <= before + 1


def test_links_between_pages_lead_to_what_is_there(path, pages):
    anchors = {name: Page(text).anchors for name, text in pages.items()}
    for link in Page(pages[path.with_suffix(".html").name]).links:
        name, _, fragment = link.partition("#")
        if name in anchors:
            assert not fragment or fragment in anchors[name], link
        elif not name.startswith("https://"):
            assert (path.parent / name).is_file(), link
