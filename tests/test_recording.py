"""How recordings are interrupted and go on: one ledger for all recorders."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest
import recording
from recording import Ledger

SETTINGS = {"epochs": 3, "sizes": (2, 3)}


def run_all(folder, made, keys="abc", settings=SETTINGS, stop=None):
    """Ask a ledger for some runs; note in `made` which are made, and be interrupted at one."""
    ledger = Ledger(folder, "trial", settings, len(keys))

    def make(key):
        if key == stop:
            raise KeyboardInterrupt
        made.append(key)
        return {"key": key, "errors": [0.1, len(made)]}

    return [ledger.get(key, lambda key=key: make(key)) for key in keys]


def test_an_interrupted_recording_goes_on(tmp_path, capsys):
    made = []
    with pytest.raises(KeyboardInterrupt):
        run_all(tmp_path, made, stop="c")
    assert capsys.readouterr().out.splitlines()[1].startswith("trial: 2 of 3, b, about 0 s left")
    runs = run_all(tmp_path, made)
    assert made == ["a", "b", "c"]
    assert [run["key"] for run in runs] == made
    said = capsys.readouterr().out.splitlines()
    assert said == ["trial: 2 of 3 are kept from before", "trial: 3 of 3, c, about 0 s left"]


def test_the_time_left_counts_new_runs_only(tmp_path, monkeypatch, capsys):
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr(recording.time, "monotonic", lambda: next(clock))
    run_all(tmp_path, [], "ab")
    capsys.readouterr()
    run_all(tmp_path, [], "abcde")
    # Each of the three new runs takes ten seconds; the two that are kept cost nothing.
    left = [line.rpartition(", ")[2] for line in capsys.readouterr().out.splitlines()[1:]]
    assert left == ["about 20 s left", "about 10 s left", "about 0 s left"]


def test_other_settings_begin_anew(tmp_path, capsys):
    made = []
    run_all(tmp_path, made)
    capsys.readouterr()
    run_all(tmp_path, made, settings={**SETTINGS, "epochs": 4})
    assert made == [*"abcabc"]
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "trial: kept runs have other settings, all is run again"
    assert json.loads((tmp_path / "trial.runs").read_text("utf-8"))["settings"]["epochs"] == 4


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"settings": {}}', '{"runs": {}}', "\0" * 9,
     '{"settings": {"epochs": 3, "sizes": [2, 3]}, "runs": 7}'],
)  # fmt: skip
def test_a_damaged_file_begins_anew(tmp_path, capsys, text):
    (tmp_path / "trial.runs").write_text(text, encoding="utf-8")
    made = []
    run_all(tmp_path, made)
    assert made == [*"abc"]
    assert capsys.readouterr().out.startswith("trial: trial.runs is damaged, all is run again\n")
    run_all(tmp_path, made)
    assert made == [*"abc"]


def test_a_file_that_is_not_text_begins_anew(tmp_path, capsys):
    (tmp_path / "trial.runs").write_bytes(b"\xff\xfe")
    run_all(tmp_path, made := [])
    assert made == [*"abc"]
    assert "is damaged" in capsys.readouterr().out


def test_a_finished_recording_leaves_nothing(tmp_path):
    run_all(tmp_path, [])
    assert [path.name for path in tmp_path.iterdir()] == ["trial.runs"]
    (tmp_path / "trial.journal").touch()
    (tmp_path / "other.runs").touch()
    recording.remove_kept(tmp_path, "trial")
    recording.remove_kept(tmp_path, "trial")
    assert [path.name for path in tmp_path.iterdir()] == ["other.runs"]


RECORD = """
    import sys, time
    from pathlib import Path
    from recording import Ledger

    def make(key):
        if key == sys.argv[2]:
            print("waiting", flush=True)
            time.sleep(60)
        return key * 2

    ledger = Ledger(Path(sys.argv[1]), "trial", {}, 4)
    print("runs:", *(ledger.get(key, lambda: make(key)) for key in "abcd"))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_recording_goes_on(tmp_path):
    command = [sys.executable, "-c", textwrap.dedent(RECORD), str(tmp_path)]
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([*command, "c"], stdout=subprocess.PIPE, text=True, env=path) as killed:
        assert any("waiting" in line for line in killed.stdout)
        killed.send_signal(signal.SIGKILL)
    begun = time.monotonic()
    done = subprocess.run([*command, ""], capture_output=True, text=True, env=path, check=True)
    assert "2 of 4 are kept from before" in done.stdout
    assert done.stdout.endswith("runs: aa bb cc dd\n")
    assert time.monotonic() - begun < 30


def test_recording_loads_no_tensorflow():
    code = "import sys, recording; assert not {'keras', 'tensorflow'} & sys.modules.keys()"
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code], env=path, check=True)
