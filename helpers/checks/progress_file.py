"""The reader's progress: one small file in the course's folder that nothing can half-write.

The environment variable `COURSE_PROGRESS` names another file; `off` keeps progress in memory, as
tests and stored outputs want it.
"""

import contextlib
import json
import os
import re
from pathlib import Path

from filelock import FileLock, Timeout

from helpers.files import write_whole

FILE = Path(__file__).resolve().parents[2] / "progress.json"
PATIENCE = 10.0

Entries = dict[str, dict[str, int]]
_memory: Entries = {}
_said: set[str] = set()


def place() -> Path | None:
    """Return the file that holds the progress, or None where it is kept in memory."""
    named = os.environ.get("COURSE_PROGRESS", "")
    if named.lower() == "off":
        return None
    return Path(named).expanduser() if named else FILE


def load() -> Entries:
    """Return what is recorded; a damaged file is set aside, said, and begun anew."""
    path = place()
    entries: Entries = {}
    try:
        if path is not None:
            entries = json.loads(path.read_text(encoding="utf-8"))
            if not well_formed(entries):
                raise ValueError
    except FileNotFoundError:
        pass
    except OSError as error:
        say(f"Your progress in {path.name} cannot be read ({error.strerror}).")
    except ValueError:
        entries = {}
        aside = path.with_name(f"{path.stem}.damaged.json")
        with contextlib.suppress(OSError):
            os.replace(path, aside)
        say(f"Your progress was damaged: the file is now {aside.name}, and a new one begins.")
    # Exercises are known by the number of their notebook: its name may change.
    kept = {re.sub(r"^(\d\d)\w*/", r"\1/", key): entry for key, entry in entries.items()}
    return {**kept, **_memory}


def well_formed(entries: object) -> bool:
    """Tell whether this is what `note` writes."""
    return isinstance(entries, dict) and all(
        isinstance(entry, dict) and all(isinstance(value, int) for value in entry.values())
        for entry in entries.values()
    )


def note(
    key: str, attempts: int = 0, correct: bool = False, hints: int = 0, solution=False
) -> None:
    """Add to what is recorded for an exercise. Where the file cannot be written, say so once."""
    path = place()

    def add(entries: Entries) -> Entries:
        entry = entries.setdefault(key, {"attempts": 0, "correct": 0, "hints": 0, "solution": 0})
        entry["attempts"] = entry.get("attempts", 0) + attempts
        for name, value in (("correct", correct), ("hints", hints), ("solution", solution)):
            entry[name] = max(entry.get(name, 0), int(value))
        return entries

    if path is None:
        _memory.update(add(load()))
        return
    try:
        with FileLock(path.with_name(f"{path.name}.locked"), timeout=PATIENCE):
            write_whole(path, json.dumps(add(load()), indent=1, sort_keys=True))
    except OSError as error:
        _memory.update(add(load()))
        reason = "another notebook holds it" if isinstance(error, Timeout) else error.strerror
        say(
            f"Your progress cannot be kept in {path.name} ({reason}): it lasts until you close "
            "this notebook."
        )


def say(sentence: str) -> None:
    """Tell the reader something, once."""
    if sentence not in _said:
        _said.add(sentence)
        print(sentence)
