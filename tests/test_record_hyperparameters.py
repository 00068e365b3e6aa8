"""How the searches of notebook 08 are recorded: short runs, interrupted runs, killed workers."""

import inspect
import json
import runpy
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import record_hyperparameters
from course import NOTEBOOKS, ROOT

from helpers.datasets import mnist
from helpers.datasets.records import load_record, unpack_misclassified
from helpers.models import small_cnn

NAMES = (
    "hyperparameters_grid",
    "hyperparameters_architectures",
    "hyperparameters_seeds",
    "hyperparameters_study",
    "hyperparameters_budgets",
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


@pytest.mark.weekly
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
    budgets = load_record("hyperparameters_budgets")
    assert budgets["settings"]["winner"] == small_cnn.DEFAULT | study["winner"]
    for runs in budgets["finals"].values():
        assert [run["epochs"] for run in runs] == budgets["budgets"]
        for run in runs:
            wrong = unpack_misclassified(run)
            assert wrong.shape == (len(budgets["final_seeds"]), 8000)
            assert 0.01 < wrong.mean() < 0.1


@pytest.fixture
def stubbed(monkeypatch):
    """Let nothing be trained; return what would be."""
    made = []

    def train(trainer, settings, seed, *_):
        made.append((*settings.items(), seed))
        if len(made) == 3:
            raise KeyboardInterrupt
        result = {"errors": 1.0, "fresh_errors": 1.0, "seconds": 1.0}
        return result if trainer.test is None else {**result, "test_errors": 1.0}

    def train_one(settings, seed, _training, _validation, epochs):
        train(SimpleNamespace(test=None), {**settings, "epochs": epochs}, seed)
        return SimpleNamespace(network=small_cnn.build(), seconds=1.0)

    def range_test(*_):
        return np.geomspace(1e-5, 1, 3), np.ones(3)

    def search(*_):
        kept = load_record("hyperparameters_study")
        names = "optuna", "taken_up", "best_trial", "winner", "trials", "importances"
        return {name: kept[name] for name in names}

    monkeypatch.setattr(record_hyperparameters.Trainer, "train", train)
    monkeypatch.setattr(small_cnn, "train", train_one)
    monkeypatch.setattr(record_hyperparameters, "range_test", range_test)
    monkeypatch.setattr(record_hyperparameters, "search", search)
    return made


@pytest.mark.parametrize(("name", "total"), list(zip(NAMES, (8, 4, 3, 6, 12), strict=True)))
def test_an_interrupted_record_goes_on(tmp_path, capsys, stubbed, name, total):
    with pytest.raises(KeyboardInterrupt):
        record_hyperparameters.run(name, True, tmp_path)
    made = record_hyperparameters.run(name, True, tmp_path)
    assert f"{name}: {total} of {total}, " in capsys.readouterr().out
    del stubbed[2]
    assert len(stubbed) == len(set(stubbed)) == total
    kept = load_record(name)
    for added in ("command", "tensorflow", "keras"):
        del kept[added]
    assert structure(made) == structure(kept)


def test_a_worker_makes_the_trials(tmp_path, monkeypatch):
    def train(_settings, _seed, _training, _validation, epochs, report):
        for epoch in range(epochs):
            report(epoch, 5.0 - epoch)
        return SimpleNamespace(network=small_cnn.build(), errors=[5.0, 4.0])

    monkeypatch.setattr(small_cnn, "train", train)
    journal = tmp_path / "study.journal"
    record_hyperparameters.work(str(journal), "worker 1", "0", "2", "2", "True")
    study = record_hyperparameters.open_study(journal, "2 epochs, short True")
    rows = [record_hyperparameters.row(trial) for trial in study.trials]
    kept = load_record("hyperparameters_study")["trials"][0]
    assert [row.keys() for row in rows] == [kept.keys()] * 2
    assert all(row["errors"] == [5.0, 4.0] for row in rows)
    assert all(row["worker"] == "worker 1" for row in rows)


def test_a_worker_starts_as_a_script(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["record_hyperparameters.py", "journal", "worker 1", "0"])
    with pytest.raises(TypeError, match="missing 3 required .* 'trials', 'epochs', and 'short'"):
        runpy.run_path(record_hyperparameters.__file__, run_name="__main__")


def test_an_interrupted_study_leaves_no_worker_behind(tmp_path, monkeypatch):
    started, popen = [], subprocess.Popen

    def start(command, **options):
        assert command[:2] == [sys.executable, record_hyperparameters.__file__]
        assert len(command[2:]) == len(inspect.signature(record_hyperparameters.work).parameters)
        # A worker that would go on for a minute.
        started.append(popen([sys.executable, "-c", "import time; time.sleep(60)"], **options))
        return started[-1]

    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(record_hyperparameters.subprocess, "Popen", start)
    monkeypatch.setattr(record_hyperparameters.time, "sleep", interrupt)
    journal = tmp_path / "study.journal"
    with pytest.raises(KeyboardInterrupt):
        record_hyperparameters.search(journal, trials=4, epochs=1, short=True)
    assert len(started) == record_hyperparameters.WORKERS
    assert all(worker.poll() is not None for worker in started)
    assert journal.is_file()


def test_lost_trials_are_queued_once(tmp_path):
    from optuna.trial import TrialState
    from record_hyperparameters import finished, open_study, take_up

    journal = tmp_path / "study.journal"
    study = open_study(journal, "3 epochs")
    lost = study.ask()
    lost.suggest_float("learning_rate", 1e-4, 1e-2, log=True)
    study.ask()  # A trial that asked for nothing yet has nothing that could be tried again.
    other = open_study(journal, "3 epochs")
    assert take_up(other) == [0, 1]
    assert take_up(other) == []
    again = open_study(journal, "3 epochs", seed=5).ask()
    assert (
        again.suggest_float("learning_rate", 1e-4, 1e-2, log=True) == lost.params["learning_rate"]
    )
    assert again.user_attrs == {"again": 0}
    study.tell(again.number, 5.0)
    assert finished(other) == 1
    assert len(other.get_trials(states=[TrialState.FAIL])) == 2
    assert open_study(journal, "4 epochs").trials == []


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
