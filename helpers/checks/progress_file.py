"""The reader's progress: one small file in the course's folder that nothing can half-write.

The environment variable `COURSE_PROGRESS` names another file; `off` keeps progress in memory, as
tests and stored outputs want it.
"""

import contextlib
import functools
import json
import os
import re
from pathlib import Path

from filelock import FileLock, Timeout

from helpers.files import writable_folder, write_whole

FILE = Path(__file__).resolve().parents[2] / "progress.json"
# How many seconds the first answer waits for another notebook; the later ones hardly wait.
PATIENCE, IMPATIENCE = 2.0, 0.1
HELD = "another notebook holds it"

Entries = dict[str, dict[str, int]]
_memory: Entries = {}
_said: set[str] = set()


def place() -> Path | None:
    """Return the file that holds the progress, or None where it is kept in memory."""
    named = os.environ.get("COURSE_PROGRESS", "")
    if named.lower() == "off":
        return None
    return Path(os.path.expanduser(named)) if named else own_place()


@functools.cache
def own_place() -> Path:
    """Return the course's own file, or one elsewhere where the course's folder is read-only."""
    return writable_folder(FILE.parent) / FILE.name


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
    patience = IMPATIENCE if any(HELD in sentence for sentence in _said) else PATIENCE

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
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f"{path.name}.locked"), timeout=patience):
            write_whole(path, json.dumps(add(load()), indent=1, sort_keys=True))
    except (OSError, NotImplementedError) as error:  # Some file systems have no locks.
        _memory.update(add(load()))
        reason = getattr(error, "strerror", None) or str(error)
        if isinstance(error, Timeout):
            reason = HELD
        say(
            f"Your progress cannot be kept in {path.name} ({reason}): it lasts until you close "
            "this notebook."
        )


def say(sentence: str) -> None:
    """Tell the reader something, once."""
    if sentence not in _said:
        _said.add(sentence)
        print(sentence)
