"""How the searches of notebook 08 are recorded: short runs, interrupted runs, killed workers."""

import json
import subprocess
import sys

import numpy as np
import pytest
from course import NOTEBOOKS, ROOT

from helpers.datasets import mnist
from helpers.datasets.records import load_record
from helpers.models import small_cnn

NAMES = (
    "hyperparameters_grid",
    "hyperparameters_architectures",
    "hyperparameters_seeds",
    "hyperparameters_study",
)
NOTEBOOK = NOTEBOOKS / "08_hyperparameters.ipynb"


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """Make a small part of each record."""
    folder = tmp_path_factory.mktemp("records")
    done = subprocess.run(
        [sys.executable, "tools/train.py", *NAMES, "--short", "--folder", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "s left" in done.stdout
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_a_short_run_gives_the_same_structure(short, name):
    made = json.loads((short / f"{name}.json").read_text(encoding="utf-8"))
    kept = load_record(name)
    assert structure(made) == structure(kept)
    assert made["command"] == kept["command"] == f"make train ONLY={name}"
    assert sorted(path.name for path in short.glob(f"{name}.*")) == [f"{name}.json"]


def structure(value):
    """Return the names in a record, of lists those in the first element."""
    if isinstance(value, dict):
        return {name: structure(inner) for name, inner in value.items()}
    if isinstance(value, list) and value:
        return [structure(value[0])]
    return None


def test_the_range_test_falls_and_explodes():
    import record_hyperparameters

    arrays = mnist.stand_in_digits()
    digits = small_cnn.split(arrays["x_train"], arrays["y_train"], last=200)
    rates, losses = record_hyperparameters.range_test(digits, seed=0, steps=60)
    assert (rates[0], rates[-1]) == pytest.approx((1e-5, 1))
    assert np.diff(np.log(rates)) == pytest.approx(np.log(1e5) / 59)
    assert losses[0] == pytest.approx(np.log(10), abs=0.4)
    assert losses.min() < 0.8 * losses[0]
    assert losses[-3:].mean() > losses.min() + 0.5


def test_the_records_are_small_and_whole():
    for name in NAMES:
        assert (ROOT / "data" / f"{name}.json").stat().st_size < 150_000
    grid = load_record("hyperparameters_grid")
    assert len(grid["cells"]) == len(grid["learning_rates"]) * len(grid["batch_sizes"])
    for cell in grid["cells"]:
        assert len(cell["errors"]) == len(cell["seconds"]) == len(grid["seeds"])
        assert min(cell["seconds"]) > 0
    study = load_record("hyperparameters_study")
    ended = [trial["state"] for trial in study["trials"]]
    assert set(ended) == {"complete", "pruned", "fail"}
    assert ended.count("complete") + ended.count("pruned") >= 40
    for trial in study["trials"]:
        assert len(trial["errors"]) == study["epochs"] or trial["state"] != "complete"
    lost = {trial["number"] for trial in study["trials"] if trial["state"] == "fail"}
    assert lost == set(study["taken_up"])


def test_an_interrupted_run_goes_on(tmp_path, capsys):
    from record_hyperparameters import Ledger

    path, made = tmp_path / "trial.jsonl", []

    def make(value):
        def result():
            made.append(value)
            return {"value": value}

        return result

    first = Ledger(path, 3)
    first.get("a", make(1))
    first.get("b", make(2))
    # What a process leaves that is stopped while it writes.
    path.write_text(path.read_text(encoding="utf-8") + '["c", {"val', encoding="utf-8")
    second = Ledger(path, 3)
    assert [second.get(key, make(9))["value"] for key in "abc"] == [1, 2, 9]
    assert made == [1, 2, 9]
    assert "3 of 3: c, about 0 s left" in capsys.readouterr().out
    third = Ledger(path, 3)
    assert [third.get(key, make(5))["value"] for key in "abc"] == [1, 2, 9]
    assert made == [1, 2, 9]


def test_an_interrupted_grid_keeps_its_trainings(tmp_path, monkeypatch, capsys):
    import record_hyperparameters

    made = []

    def train(_trainer, settings, seed, *_):
        if len(made) == 3:
            raise KeyboardInterrupt
        made.append((settings["learning_rate"], settings["batch_size"], seed))
        return {"errors": 1.0, "fresh_errors": 1.0, "seconds": 1.0}

    monkeypatch.setattr(record_hyperparameters.Trainer, "train", train)
    with pytest.raises(KeyboardInterrupt):
        record_hyperparameters.run("hyperparameters_grid", True, tmp_path)
    ledger = tmp_path / "hyperparameters_grid.jsonl"
    assert len(ledger.read_text(encoding="utf-8").splitlines()) == 3
    assert "3 of 8: rate " in (said := capsys.readouterr().out)
    assert said.count("s left") == 3
    first, made = made, []
    with pytest.raises(KeyboardInterrupt):
        record_hyperparameters.run("hyperparameters_grid", True, tmp_path)
    assert not set(first) & set(made)
    assert len(ledger.read_text(encoding="utf-8").splitlines()) == 6


def test_an_interrupted_study_leaves_no_worker_behind(tmp_path, monkeypatch):
    import search_study

    started, popen = [], subprocess.Popen

    def start(_command, **options):
        # A worker that would go on for a minute.
        started.append(popen([sys.executable, "-c", "import time; time.sleep(60)"], **options))
        return started[-1]

    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(search_study.subprocess, "Popen", start)
    monkeypatch.setattr(search_study.time, "sleep", interrupt)
    journal = tmp_path / "study.journal"
    with pytest.raises(KeyboardInterrupt):
        search_study.run(journal, trials=4, epochs=1, short=True)
    assert len(started) == search_study.WORKERS
    assert all(worker.poll() is not None for worker in started)
    assert journal.is_file()


def test_lost_trials_are_queued_once(tmp_path):
    from optuna.trial import TrialState
    from search_study import finished, open_study, take_up

    journal = tmp_path / "study.journal"
    study = open_study(journal)
    lost = study.ask()
    lost.suggest_float("learning_rate", 1e-4, 1e-2, log=True)
    study.ask()  # A trial that asked for nothing yet has nothing that could be tried again.
    other = open_study(journal)
    assert take_up(other) == [0, 1]
    assert take_up(other) == []
    again = open_study(journal, seed=5).ask()
    assert (
        again.suggest_float("learning_rate", 1e-4, 1e-2, log=True) == lost.params["learning_rate"]
    )
    assert again.user_attrs == {"again": 0}
    study.tell(again.number, 5.0)
    assert finished(other) == 1
    assert len(other.get_trials(states=[TrialState.FAIL])) == 2


HIDE = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "optuna":
            raise ModuleNotFoundError("No module named 'optuna'", name="optuna")

sys.meta_path.insert(0, Hidden())
"""


@pytest.mark.notebooks
def test_the_notebook_runs_without_optuna(tmp_path, monkeypatch):
    import nbclient
    import nbformat

    (tmp_path / "sitecustomize.py").write_text(HIDE, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    )
    # From an empty folder the set-up cell would not find the course: name it.
    source = f"import sys; sys.path.insert(0, {str(ROOT)!r})"
    next(cell for cell in notebook.cells if cell["id"] == "setup")["source"] = source
    client.execute()
    said = {cell["id"]: cell.get("outputs", []) for cell in notebook.cells}
    assert "Optuna is missing" in said["has-optuna"][0]["text"]
    assert said["resume"] == said["mini"] == []
    assert not (tmp_path / "search_files").exists()


def test_the_winner_is_the_best_finished_trial():
    study = load_record("hyperparameters_study")
    finished = [trial for trial in study["trials"] if trial["state"] == "complete"]
    best = min(finished, key=lambda trial: trial["errors"][-1])
    assert best["number"] == study["best_trial"]
    for name, value in study["winner"].items():
        assert best[name] == study["finals"]["winner"][name] == value
    grid = load_record("hyperparameters_grid")
    cell = min(grid["cells"], key=lambda cell: np.mean(cell["errors"]))
    for name in ("learning_rate", "batch_size"):
        assert study["finals"]["best of the grid"][name] == cell[name]
        assert load_record("hyperparameters_architectures")[name] == cell[name]
        assert load_record("hyperparameters_seeds")[name] == cell[name]
