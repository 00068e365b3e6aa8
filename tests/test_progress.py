"""What pytest says while several files run at a time: see conftest.py."""

import os
import re
import subprocess
import sys

import pytest
from course import ROOT

SLOW = "import time\ndef test_one(): time.sleep(1.5)\ndef test_two(): time.sleep(1.5)\n"
BAD = "import pytest\n@pytest.fixture\ndef broken(): 1 / 0\ndef test_b(broken): pass\n"


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """Run three small files in two processes, and return what is said."""
    folder = tmp_path_factory.mktemp("tests")
    source = (ROOT / "conftest.py").read_text(encoding="utf-8")
    often = source.replace("every: float = 10", "every: float = 0.2")
    assert often != source
    names = {"conftest.py": often, "test_slow.py": SLOW, "test_broken.py": BAD,
             "test_wrong.py": "def test_wrong(): assert False\n"}  # fmt: skip
    for name, content in names.items():
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "pytest.ini").touch()
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile"]
    environment = {key: value for key, value in os.environ.items() if "PYTEST" not in key}
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 1, done.stdout
    return done.stdout


def test_from_the_start_on_it_is_said_what_runs_and_how_far_it_is(said):
    assert re.search(r"^  0:\d\d  looking for tests and cells of notebooks$", said, re.MULTILINE)
    line = r"^  0:\d\d  (\d) of 4 done, about a minute left; now (.*)$"
    now = re.findall(line, said, re.MULTILINE)
    assert len(now) > 5
    assert any("test_slow.py" in files for _, files in now)
    assert len({count for count, _ in now}) > 1


def test_what_fails_is_named_at_once_and_counted(said):
    for name in ("test_wrong.py::test_wrong", "test_broken.py::test_b"):
        assert f"\nFAILED {name}\n" in said.partition("= FAILURES =")[0]
    assert "\nFAILED test_wrong.py::test_wrong - assert False\n" in said
    assert "\nERROR test_broken.py::test_b - ZeroDivisionError" in said
    assert "1 failed, 2 passed, 1 error" in said
    assert not re.search(r"^[.FE]+$", said, re.MULTILINE)
