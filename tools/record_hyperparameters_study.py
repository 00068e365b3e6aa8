"""The Optuna study of notebook 08: worker processes that share one journal file.

python tools/search_study.py JOURNAL NAME SEED TRIALS EPOCHS SHORT     is one worker
"""

import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import optuna
from optuna.importance import FanovaImportanceEvaluator, get_param_importances
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
from optuna.trial import FrozenTrial, TrialState

FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)
WORKERS = 2


def open_study(journal: Path, seed: int = 0) -> optuna.Study:
    """Open the study that all workers share, or begin it."""
    # This kind of lock works on Windows too. One that a killed worker holds is broken after 10 s.
    lock = JournalFileOpenLock(str(journal), grace_period=10)
    return optuna.create_study(
        study_name="search",
        storage=JournalStorage(JournalFileBackend(str(journal), lock_obj=lock)),
        sampler=optuna.samplers.TPESampler(seed=seed, constant_liar=True),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=8),
        load_if_exists=True,
    )


def work(journal: str, name: str, seed: str, trials: str, epochs: str, short: str) -> None:
    """Work on the study until it has enough finished trials; this is what one process does."""
    from record_hyperparameters import Trainer

    from helpers.models import small_cnn

    trainer = Trainer(short == "True")

    def objective(trial: optuna.Trial) -> float:
        trial.set_user_attr("worker", name)
        settings = {
            "learning_rate": trial.suggest_float("learning_rate", 1e-4, 3e-2, log=True),
            "batch_size": trial.suggest_categorical("batch_size", [16, 32, 64, 128]),
            "depth": trial.suggest_int("depth", 1, 3),
            "width": trial.suggest_categorical("width", [8, 16, 32]),
            "kernel_size": trial.suggest_categorical("kernel_size", [3, 5]),
        }
        begun = time.process_time()

        def report(epoch: int, error: float) -> None:
            trial.report(error, epoch)
            trial.set_user_attr("seconds", round(time.process_time() - begun, 2))
            if trial.should_prune():
                raise optuna.TrialPruned

        # Each trial has a seed of its own: with one for all, the search would fit that seed.
        parts = trainer.training, trainer.validation
        done = small_cnn.train(settings, 1000 + trial.number, *parts, int(epochs), report)
        wrong = small_cnn.misclassified(done.network, trainer.fresh)
        trial.set_user_attr("fresh_error", small_cnn.error_percent(wrong))
        return done.errors[-1]

    enough = optuna.study.MaxTrialsCallback(int(trials), states=FINISHED)
    open_study(Path(journal), int(seed)).optimize(objective, callbacks=[enough])


def take_up(study: optuna.Study) -> list[int]:
    """Put what killed workers were at into the queue again; return the numbers of these trials.

    Nobody may work on the study meanwhile: a running trial would be taken for a lost one.
    """
    lost = study.get_trials(states=[TrialState.RUNNING])
    for trial in lost:
        study.tell(trial.number, state=TrialState.FAIL)
        if trial.params:
            study.enqueue_trial(trial.params, user_attrs={"again": trial.number})
    return [trial.number for trial in lost]


def run(journal: Path, trials: int, epochs: int, short: bool) -> dict:
    """Let two workers begin the study, kill both after a third of it, and let two others go on."""
    study = open_study(journal)
    taken_up = take_up(study)
    begun, at_first = time.monotonic(), finished(study)
    for half, goal in enumerate((trials // 3, trials)):
        if finished(study) >= goal:
            continue
        numbers = range(half * WORKERS, (half + 1) * WORKERS)
        workers = [
            subprocess.Popen(
                [sys.executable, __file__, str(journal), f"worker {number + 1}", str(number),
                 str(trials), str(epochs), str(short)]
            )
            for number in numbers
        ]  # fmt: skip
        said = -1
        try:
            while finished(study) < goal and all(worker.poll() is None for worker in workers):
                time.sleep(1)
                if (done := finished(study)) != said:
                    said = done
                    left = (time.monotonic() - begun) / max(done - at_first, 1) * (trials - done)
                    print(f"{done} of {trials} trials, about {max(left, 0):.0f} s left", flush=True)
        except BaseException:
            # Whoever interrupts this process alone must not leave workers behind. What they have
            # finished is in the journal.
            for worker in workers:
                worker.kill()
                worker.wait()
            raise
        for worker in workers:
            if goal < trials:
                worker.kill()
            if worker.wait() and goal == trials:
                sys.exit("A worker of the study failed: run the command again to go on.")
        taken_up += take_up(study)
    ordered = sorted(study.trials, key=lambda trial: trial.datetime_complete)
    return {
        "optuna": optuna.__version__,
        "taken_up": taken_up,
        "best_trial": study.best_trial.number,
        "winner": study.best_params,
        "trials": [row(trial) for trial in ordered],
        "importances": importances(study),
    }


def finished(study: optuna.Study) -> int:
    """Return how many trials were completed or pruned."""
    return len(study.get_trials(deepcopy=False, states=FINISHED))


def row(trial: FrozenTrial) -> dict:
    """Return what the record keeps of a trial."""
    noted = trial.user_attrs
    return {
        "number": trial.number,
        "state": trial.state.name.lower(),
        "worker": noted.get("worker"),
        "again": noted.get("again"),
        **trial.params,
        "errors": [trial.intermediate_values[step] for step in sorted(trial.intermediate_values)],
        "fresh_error": noted.get("fresh_error"),
        "seconds": noted.get("seconds", 0.0),
    }


def importances(study: optuna.Study) -> dict[str, list[float]]:
    """Return each hyper-parameter's importance by fANOVA, from ten random forests.

    Source: Hutter, Hoos and Leyton-Brown 2014, "An efficient approach for assessing hyperparameter
    importance", ICML.
    """
    forests = [
        get_param_importances(study, evaluator=FanovaImportanceEvaluator(seed=seed))
        for seed in range(10)
    ]
    return {name: [round(forest[name], 4) for forest in forests] for name in sorted(forests[0])}


if __name__ == "__main__":
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    work(*sys.argv[1:])
