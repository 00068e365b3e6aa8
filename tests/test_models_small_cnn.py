"""The small network of a search, its training, and worker processes."""

import subprocess
import sys
import time
import types

import pytest

from helpers.datasets import mnist
from helpers.models import small_cnn
from helpers.plots import status_line
from helpers.training import processes


@pytest.fixture(scope="module")
def digits():
    arrays = mnist.stand_in_digits()
    return (
        small_cnn.split(arrays["x_train"], arrays["y_train"], last=200),
        small_cnn.split(arrays["x_train"], arrays["y_train"], 200, 260),
    )


def test_parts_are_the_digits(digits):
    training, validation = digits
    assert training.images.shape == (200, 28, 28, 1)
    assert validation.labels.shape == (60,)
    assert (training.images.min(), training.images.max()) == (0, 1)


def test_a_training_repeats_itself(digits):
    settings = {"learning_rate": 0.01, "width": 4, "batch_size": 32}
    runs = [small_cnn.train(settings, seed, *digits, epochs=2) for seed in (0, 0, 1)]
    assert runs[0].errors == runs[1].errors
    assert runs[0].errors != runs[2].errors
    assert min(run.seconds for run in runs) > 0
    wrong = small_cnn.misclassified(runs[0].network, digits[1])
    assert small_cnn.error_percent(wrong) == runs[0].errors[-1]
    assert runs[0].network.count_params() == small_cnn.build(width=4).count_params()


def test_a_report_may_end_a_training(digits):
    class Pruned(Exception):
        pass

    seen = []

    def report(epoch, error):
        seen.append((epoch, error))
        if epoch == 1:
            raise Pruned

    with pytest.raises(Pruned):
        small_cnn.train({"width": 2}, 0, *digits, epochs=9, report=report)
    assert [epoch for epoch, _ in seen] == [0, 1]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [(({"rate": 1}, 0), "settings"), (({}, -1), "seed"), (({}, 0.5), "seed"),
     (({"depth": 5}, 0), "depth"), (({"width": 0}, 0), "width"),
     (({"kernel_size": 1.5}, 0), "kernel_size")],
)  # fmt: skip
def test_training_refuses(digits, arguments, name):
    with pytest.raises((TypeError, ValueError), match=f"`{name}`"):
        small_cnn.train(*arguments, *digits)
    with pytest.raises((TypeError, ValueError), match="`epochs`"):
        small_cnn.train({}, 0, *digits, epochs=0)


def test_workers_find_the_course_and_are_followed(tmp_path):
    script = tmp_path / "worker.py"
    script.write_text(
        "import sys, pathlib, helpers\npathlib.Path(sys.argv[1]).touch()\nprint('done')\n", "utf-8"
    )
    both = [processes.start(script, tmp_path / f"{name}.txt") for name in "ab"]
    processes.follow(both, lambda: len(list(tmp_path.glob("*.txt"))), 2)
    assert len(list(tmp_path.glob("*.txt"))) == 2
    assert script.with_suffix(".log").read_text("utf-8").split() == ["done", "done"]


def test_no_time_is_promised_before_there_is_a_pace(monkeypatch):
    # Twenty seconds pass until TensorFlow runs and the first is done, then one for each further.
    clock, told = [0.0], []
    worker = types.SimpleNamespace(poll=lambda: None if clock[0] < 25 else 0, returncode=0)
    shown = types.SimpleNamespace(update=lambda data, raw: told.append(data["text/plain"]))
    passing = types.SimpleNamespace(
        monotonic=lambda: clock[0], sleep=lambda _: clock.__setitem__(0, clock[0] + 1)
    )
    monkeypatch.setattr(status_line, "get_ipython", object)
    monkeypatch.setattr(status_line, "display", lambda *_, **__: shown)
    monkeypatch.setattr(status_line, "time", passing)
    monkeypatch.setattr(processes, "time", passing)
    processes.follow([worker], lambda: max(0, int(clock[0]) - 19), 6)
    assert list(dict.fromkeys(told)) == [
        "0 of 6 done", "1 of 6 done", "2 of 6 done", "3 of 6 done, about 3 s left",
        "4 of 6 done, about 2 s left", "5 of 6 done, about 1 s left", "6 of 6 done",
    ]  # fmt: skip
    clock[0] = 0
    told.clear()
    processes.follow([worker], lambda: max(0, int(clock[0]) - 19), 6, until=lambda: clock[0] > 22)
    assert told[-2:] == ["3 of 6 done, about 3 s left", "4 of 6 done"]


@pytest.fixture
def sleeper():
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def test_a_failing_worker_is_told_and_the_others_end(tmp_path, sleeper):
    script = tmp_path / "worker.py"
    script.write_text("raise SystemExit('no such digit')", "utf-8")
    failing = processes.start(script)
    with pytest.raises(RuntimeError, match="no such digit"):
        # The waiting ends as soon as this one has failed: the sleeper would sleep on.
        processes.follow([sleeper, failing], lambda: 0, 1, until=lambda: failing.poll() is not None)
    assert sleeper.poll() is not None


def test_nobody_is_left_over_after_an_interruption(sleeper):
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        processes.follow([sleeper], lambda: 0, 1, until=interrupted)
    assert sleeper.poll() is not None


def test_the_waiting_ends(sleeper):
    begun = time.monotonic()
    processes.follow([sleeper], lambda: 1, 2, until=lambda: True)
    assert sleeper.poll() is None
    with pytest.raises(RuntimeError, match="did not finish within 0 seconds"):
        processes.follow([sleeper], lambda: 0, 1, seconds=0.2)
    assert sleeper.poll() is not None
    assert time.monotonic() - begun < 30


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_killed_worker_is_a_failure(tmp_path):
    script = tmp_path / "worker.py"
    script.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "utf-8")
    with pytest.raises(RuntimeError, match="A worker was ended from outside by SIGKILL:"):
        processes.follow([processes.start(script)], lambda: 1, 1)
