"""What another kernel does: alone in a file, for each process that runs it imports the file."""

import os

from helpers.checks import progress_file


def note_many(path, name):
    os.environ["COURSE_PROGRESS"] = str(path)
    for _ in range(40):
        progress_file.note(name, attempts=1)
