"""The score: which exercises are solved, notebook by notebook."""

import html

from helpers.arguments import choice
from helpers.checks import progress_file
from helpers.checks.engine import EXERCISES


class Progress:
    """A table of a notebook's exercises, or of all notebooks, in words and in HTML."""

    def __init__(self, entries: progress_file.Entries, notebook: str):
        self.rows = [
            (exercise.notebook[:2], exercise.name, state(entries.get(key, {})))
            for key, exercise in sorted(EXERCISES.items(), key=lambda item: item[1].notebook)
            if key.startswith(notebook)
        ]
        done = sum(said.startswith("correct") for _, _, said in self.rows)
        where = f" of notebook {notebook}" if notebook else ""
        self.score = f"{done} of {len(self.rows)} exercises{where} are solved."
        self.head = (
            ("notebook", "exercise", "so far") if notebook else ("notebook", "solved", "open")
        )
        self.shown = self.rows if notebook else self.by_notebook()

    def by_notebook(self) -> list[tuple[str, str, str]]:
        """Return one row for each notebook: its number, how many are solved, which are not."""
        rows = []
        for number in sorted({number for number, _, _ in self.rows}):
            own = [(name, said) for other, name, said in self.rows if other == number]
            left = [name for name, said in own if not said.startswith("correct")]
            rows.append(
                (number, f"{len(own) - len(left)} of {len(own)}", ", ".join(left) or "none")
            )
        return rows

    def __repr__(self) -> str:
        wide = max(len(second) for _, second, _ in self.shown) + 2
        lines = [f"{number}  {second:{wide}}{third}" for number, second, third in self.shown]
        return "\n".join([self.score, *lines])

    def _repr_html_(self) -> str:
        rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in self.shown)
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        head = "".join(f"<th>{name}</th>" for name in self.head)
        return f"<p>{self.score}</p><table><tr>{head}</tr>{body}</table>"


def state(entry: dict[str, int]) -> str:
    """Say in words how far an exercise is."""
    if not entry.get("attempts"):
        words = "not attempted"
    elif entry.get("correct"):
        words = "correct"
    else:
        words = "not yet correct"
    if entry.get("attempts", 0) > 1:
        words += f", {entry['attempts']} attempts"
    if entry.get("hints"):
        words += f", {entry['hints']} hint{'s' if entry['hints'] > 1 else ''}"
    if entry.get("solution"):
        words += ", solution seen"
    return words


def progress(notebook: str = "") -> Progress:
    """Show which exercises are solved, with attempts and hints.

    Args:
        notebook: The number of a notebook, such as `"01"`, or nothing for all of them.

    Returns:
        The table, which shows itself as the last line of a cell.

    Raises:
        TypeError: where `notebook` is no string.
        ValueError: where no notebook with exercises has this number.

    Examples:
        >>> len(progress("01").rows)
        5

    """
    numbers = sorted({key[:2] for key in EXERCISES})
    choice("notebook", notebook, ["", *numbers])
    return Progress(progress_file.load(), notebook)
