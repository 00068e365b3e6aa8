"""Link terms in bold with the glossary of notebook 12, both ways, or check that they are.

    python tools/glossary.py            rewrite
    python tools/glossary.py --check    change nothing, fail where something would change

The glossary in notebook 12 is the source: cells `glossary-...` with one line for each term,
`- **term**, also **other name**: One sentence. ([03](03_name.ipynb#cell-id=cell))`. The link at its
end is written here: to the cell in which the term is first in bold. There the term becomes a link
to its cell of the glossary. Headings, code, and text that is a link already are left alone.

Bold text is a term, a label (LABELS) or emphasis (EMPHASIS); anything else is a complaint.
"""

import re
import sys
from typing import NamedTuple

from canonical import write
from course import notebook_paths, read, text

from helpers.files import write_whole

WRAP_UP = "12_wrap_up.ipynb"
# Labels tell what a paragraph is for; they may end in a colon or a full stop.
LABELS = {"You will", "You will learn", "You need", "Look for", "Predict", "Try", "Exercise"}
# What is in bold for its weight and is no term. Named one by one, so that no term slips through.
EMPHASIS = {
    "independent", "plain", "two calls", "plus", "longer", "Larger batches",
    "Is it used?", "Does it wait?", "Is it full?",
    "Is it worth it?", "mean", "`.keras`", "Ask what is missing.", "Measure", "Feed",
    "Fewer, larger steps", "A GPU", "Several trainings at once",
    "Several devices for one training", "occlusion map",
    "(kernel height · kernel width · input channels + 1) · filters",
    "(kernel height, kernel width, input channels, filters)", "5", "First layer: edges.",
    "Second layer: corners.", "Third layer: squares.", "after", "all", "and over all channels",
    "compile again", "dense", "CNN + Flatten", "CNN + global pooling",
    "CNN + Flatten, trained with shifts", "exercise", "share", "mistakes browser", "learns",
    "flips", "effective", "fails", "half:", "label stays true", "larger batches want larger rates",
    "order:", "predict", "top",
    "a test set by which you choose has become a validation set", "wide", "wide:",
}  # fmt: skip
BOLD = re.compile(r"\*\*(?!\s)(.+?)(?<!\s)\*\*", re.DOTALL)
LINKED = re.compile(rf"\*\*\[([^\]]+)\]\({re.escape(WRAP_UP)}#cell-id=glossary-[a-z]+\)\*\*")
# Fenced code, code in a line, links, headings: nothing in them is linked.
SKIPPED = re.compile(
    r"^(?:```|~~~).*?^(?:```|~~~)[^\n]*$"
    r"|(`+)(?!`).+?(?<!`)\1(?!`)"
    r"|\[[^\]]*\]\([^)]*\)"
    r"|^#{1,6} [^\n]*$",
    re.DOTALL | re.MULTILINE,
)
ENTRY = re.compile(
    r"^- (\*\*[^*]+\*\*(?:, also \*\*[^*]+\*\*)*): (.+?)(?: \(\[\d\d\]\([^)]+\)\))?$", re.MULTILINE
)


class Entry(NamedTuple):
    """A line of the glossary: its names, its sentence, the cell in which it stands."""

    names: tuple[str, ...]
    sentence: str
    cell: str


class Place(NamedTuple):
    """Bold text: its notebook and cell, and where it begins and ends in the cell's text."""

    notebook: str
    cell: str
    start: int
    end: int


def key(phrase: str) -> str:
    """Bring a phrase to the form in which terms are compared: small letters, singular.

    Capitals, line breaks, a plural's s and a mark at the end make no other term of it.
    """
    words = " ".join(phrase.split()).strip(".:,;?! ").casefold()
    if words.endswith("ies"):
        return words[:-3] + "y"
    if words.endswith(("ches", "shes", "xes")):
        return words[:-2]
    return words[:-1] if words.endswith("s") and not words.endswith(("ss", "us", "is")) else words


def is_label(phrase: str) -> bool:
    """Tell whether bold text is a label."""
    return phrase.strip().rstrip(".:") in LABELS


def entries(notebook: dict) -> list[Entry]:
    """Return the glossary's lines, in their order."""
    found = []
    for cell in notebook["cells"]:
        if cell["id"].startswith("glossary-") and cell["cell_type"] == "markdown":
            for line in ENTRY.finditer(text(cell["source"])):
                names = tuple(BOLD.findall(line[1]))
                found.append(Entry(names, line[2], cell["id"]))
    return found


def unlinked(source: str) -> str:
    """Return a cell's text without links to the glossary."""
    return LINKED.sub(r"**\1**", source)


def bold_places(source: str) -> list[tuple[str, int, int, bool]]:
    """List bold text with its place, and whether it may become a link."""
    closed = [(found.start(), found.end(), found[0]) for found in SKIPPED.finditer(source)]
    masked = source
    for start, end, what in closed:
        if what[0] in "`~":
            masked = masked[:start] + what.replace("*", "x") + masked[end:]
    found = []
    for bold in BOLD.finditer(masked):
        inside = any(start < bold.end() and bold.start() < end for start, end, _ in closed)
        found.append((source[bold.start(1) : bold.end(1)], bold.start(), bold.end(), not inside))
    return found


class Links:
    """What all notebooks hold in bold: where each term is first, and what is wrong.

    Attributes:
        complaints: In the order of the notebooks, each one line.
        changed: New texts of cells by notebook and cell, where links have to be written.

    """

    def __init__(self, notebooks: dict[str, dict]):
        self.complaints: list[str] = []
        self.terms: dict[str, Entry] = {}
        self.first: dict[Entry, Place] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.emphasis: set[str] = set()
        glossary = entries(notebooks[WRAP_UP])
        for entry in glossary:
            for name in entry.names:
                if key(name) in self.terms:
                    self.complaints.append(f"{WRAP_UP}: **{name}** stands twice in the glossary")
                self.terms[key(name)] = entry
        for name, notebook in notebooks.items():
            for cell in markdown(notebook):
                if not cell["id"].startswith("glossary-"):
                    self.scan(name, cell)
        self.complaints += [
            f"EMPHASIS: nothing is {phrase!r} any more"
            for phrase in sorted(EMPHASIS - self.emphasis)
        ]
        self.complaints += [
            f"{WRAP_UP}: **{entry.names[0]}** is nowhere in bold"
            for entry in glossary
            if entry not in self.first
        ]
        self.link(notebooks[WRAP_UP])
        self.changed: dict[str, dict[str, str]] = {}
        for name, notebook in notebooks.items():
            for cell in markdown(notebook):
                after = self.texts[name, cell["id"]]
                if after != text(cell["source"]):
                    self.changed.setdefault(name, {})[cell["id"]] = after

    def scan(self, name: str, cell: dict) -> None:
        """Sort the bold text of a cell into terms, labels and emphasis."""
        source = self.texts[name, cell["id"]] = unlinked(text(cell["source"]))
        for phrase, start, end, free in bold_places(source):
            entry = self.terms.get(key(phrase))
            if is_label(phrase):
                continue
            if phrase in EMPHASIS:
                self.emphasis.add(phrase)
            elif entry is None:
                term = f"**{' '.join(phrase.split())}**"
                self.complaints.append(
                    f"{name}, cell {cell['id']}: {term} is not in the glossary (nor in EMPHASIS of "
                    f'tools/glossary.py): write "- {term}: One sentence." into a cell '
                    f"glossary-... of {WRAP_UP}, and run `make glossary`"
                )
            elif free and entry not in self.first and name != WRAP_UP:
                self.first[entry] = Place(name, cell["id"], start, end)

    def link(self, wrap_up: dict) -> None:
        """Write the links: from the last to the first, so that places stay where they are."""
        for entry, place in sorted(self.first.items(), key=lambda pair: pair[1], reverse=True):
            source = self.texts[place.notebook, place.cell]
            phrase = source[place.start + 2 : place.end - 2]
            link = f"**[{phrase}]({WRAP_UP}#cell-id={entry.cell})**"
            self.texts[place.notebook, place.cell] = (
                source[: place.start] + link + source[place.end :]
            )
        for cell in markdown(wrap_up):
            if cell["id"].startswith("glossary-"):
                back = ENTRY.sub(self.line, text(cell["source"]))
                self.texts[WRAP_UP, cell["id"]] = back

    def line(self, found: re.Match) -> str:
        """Return a line of the glossary with its link to where the term is first in bold."""
        place = self.first.get(self.terms[key(BOLD.findall(found[1])[0])])
        where = f" ([{place.notebook[:2]}]({place.notebook}#cell-id={place.cell}))" if place else ""
        return f"- {found[1]}: {found[2]}{where}"


def markdown(notebook: dict) -> list[dict]:
    """Return a notebook's cells of text."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]


def main() -> None:
    check = "--check" in sys.argv[1:]
    paths = {path.name: path for path in notebook_paths()}
    if WRAP_UP not in paths:
        return
    notebooks = {name: read(path) for name, path in paths.items()}
    links = Links(notebooks)
    complaints = links.complaints
    for name, cells in links.changed.items():
        if check:
            complaints += [
                f"{name}, cell {cell}: links to or from the glossary are stale: run `make glossary`"
                for cell in cells
            ]
            continue
        for cell in notebooks[name]["cells"]:
            if cell["id"] in cells:
                cell["source"] = cells[cell["id"]].splitlines(keepends=True)
        write_whole(paths[name], write(notebooks[name]))
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
