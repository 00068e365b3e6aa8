"""Check the notebooks' prose: words that are out, and sentences that are too long.

    python tools/prose.py            name each place, fail where there is one

The reader's English is a second language. What is checked here is what a program can see; the
rest is for people who read. Code, formulas, links' addresses, headings and
tables are no prose.
"""

import re
import sys

from course import notebook_paths, read, text

# Words that are out, each with one that is in.
OUT = {
    r"but for": "except",
    r"whoever": "a person who, people who",
    r"shall": "will, should",
    r"lest": "so that not",
    r"whereof|thereof|whereby|wherein|whence|hence": "of which, so",
    r"thaw(?:s|ed|ing)?": "unfreeze",
    r"misread": "misclassified",
}
LONGEST = 30
# What is no prose: fenced code, code in a line, formulas, pictures and addresses of links.
SKIPPED = re.compile(
    r"^(?:```|~~~).*?^(?:```|~~~)[^\n]*$|\$\$.*?\$\$|^#{1,6} [^\n]*$|^\|[^\n]*$",
    re.DOTALL | re.MULTILINE,
)
SHORT = re.compile(r"`[^`]*`|\$[^$\n]+\$")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
END = re.compile(r"(?<=[.?!:;])[*_)”\"]*\s+|\n\s*\n|\n\s*(?:[-*]|\d+\.)\s")


def sentences(markdown: str) -> list[str]:
    """Return the sentences of a Markdown text; items of lists and clauses after ; and : apart.

    Examples:
        >>> sentences("One `x = 1` is here. Two: three.")
        ['One CODE is here.', 'Two:', 'three.']

    """
    prose = LINK.sub(r"\1", SHORT.sub("CODE", SKIPPED.sub("\n\n", markdown)))
    return [" ".join(part.split()) for part in END.split(prose) if part.strip()]


def complaints(markdown: str) -> list[str]:
    """Return what is wrong with a Markdown text, a line each.

    Examples:
        >>> complaints("All but for one.")
        ['"but for": write except: All but for one.']

    """
    found = []
    for sentence in sentences(markdown):
        for pattern, better in OUT.items():
            match = re.search(rf"\b(?:{pattern})\b", sentence, re.IGNORECASE)
            if match:
                found.append(f'"{match.group().lower()}": write {better}: {sentence}')
        words = len(re.findall(r"[\w\u2019'-]+", sentence))
        if words > LONGEST:
            found.append(f"{words} words, at most {LONGEST}: {sentence}")
    return found


def main() -> None:
    """Print each complaint with its cell."""
    found = [
        f"{path.name} {cell['id']}: {line}"
        for path in notebook_paths()
        for cell in read(path)["cells"]
        if cell["cell_type"] == "markdown"
        for line in complaints(text(cell["source"]))
    ]
    print("\n".join(found) if found else "The prose is plain.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
