"""A training curve that grows while `fit` runs and leaves one picture in the notebook."""

import time
from typing import Any

from IPython.display import display

from helpers import plots
from helpers.arguments import show
from helpers.models.backend import keras
from helpers.plots.pictures import bundle
from helpers.plots.status_line import time_left


class LiveCurve(keras.callbacks.Callback):
    """Draw loss and metrics while a network trains, at most once a second.

    Use it with `verbose=0`. The line under the curves tells epoch, step and the time left;
    after an interruption or an error the last picture stays.

    Args:
        metrics: Names of the quantities to draw, one panel each, as Keras names them.
        every: Seconds between two pictures, 0 or more.

    Raises:
        TypeError: where `metrics` is no sequence of strings.
        ValueError: where `metrics` is empty or `every` negative.

    Examples:
        >>> curve = LiveCurve(metrics=("loss",))
        >>> curve.metrics
        ('loss',)

    """

    def __init__(self, metrics: tuple[str, ...] = ("loss", "accuracy"), every: float = 1.0):
        super().__init__()
        if isinstance(metrics, str) or not all(isinstance(name, str) for name in metrics):
            raise TypeError(
                f"`metrics` must be a sequence of strings. Received metrics={show(metrics)}."
            )
        if not metrics:
            raise ValueError("`metrics` must name at least one quantity. Received metrics=().")
        if not every >= 0:
            raise ValueError(f"`every` must be 0 or more seconds. Received every={show(every)}.")
        self.metrics, self.every = tuple(metrics), every
        self.history: list[dict[str, float]] = []
        self.pictures = 0
        self._handle: Any = None

    def on_train_begin(self, logs=None):
        """Show the empty curves."""
        self.history, self.pictures = [], 0
        self._begun = self._shown = time.monotonic()
        self._epoch, self._cost = 0, 0.0
        data, metadata = self._picture("starting")
        self._handle = display(data, raw=True, metadata=metadata, display_id=True)

    def on_epoch_begin(self, epoch, logs=None):
        """Remember the epoch."""
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        """Draw again if a second has passed."""
        # Drawing may take a twentieth of the time at most, on slow machines too.
        if time.monotonic() - self._shown < max(self.every, 20 * self._cost):
            return
        steps, epochs = self.params.get("steps"), self.params["epochs"]
        note = f"epoch {self._epoch + 1} of {epochs}, step {batch + 1} of {steps or '?'}"
        if steps:
            done = self._epoch * steps + batch + 1
            note += f", {time_left(self._begun, done, epochs * steps)}"
        self._update(note)

    def on_epoch_end(self, epoch, logs=None):
        """Add a point to each curve."""
        self.history.append(dict(logs or {}))

    def on_train_end(self, logs=None):
        """Leave the finished curves."""
        seconds = time.monotonic() - self._begun
        self._update(f"{len(self.history)} epochs in {seconds:.0f} s")

    def _update(self, note: str) -> None:
        begun = time.monotonic()
        if self._handle is not None:  # Outside notebooks there is nothing to draw on.
            data, metadata = self._picture(note)
            self._handle.update(data, raw=True, metadata=metadata)
        self._shown = time.monotonic()
        self._cost = self._shown - begun
        self.pictures += 1

    def _picture(self, note: str) -> tuple[dict[str, Any], dict[str, Any]]:
        figure, axes = plots.figure(8, 2.9, columns=len(self.metrics))
        for ax, name in zip(axes.flat, self.metrics, strict=True):
            plots.curves(ax, self.history, name, self.params["epochs"])
        figure.supxlabel(note, fontsize=9)
        last = self.history[-1] if self.history else {}
        words = ", ".join(f"{name} {value:.3f}" for name, value in last.items())
        return bundle(figure, f"Training curve: {note}. {words}")
