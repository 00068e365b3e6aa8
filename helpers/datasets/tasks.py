"""What every task of pictures in classes looks like, and the part of it that stays away."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from helpers.arguments import show


@dataclass
class Task:
    """Pictures in classes: a part to train on, one to choose by, and one that stays away.

    Attributes:
        x_train, x_val: Pictures `(number, side, side, channels)`, uint8 from 0 to 255.
        y_train, y_val: Labels `(number,)`, uint8, places in `class_names`.
        class_names: One name for each class.
        name: `"Fashion-MNIST"`, `"stand-in"`, or `"own pictures"`.
        source: `"COURSE_DATA"`, `"data"`, `"Keras cache"`, `"download"`, `"drawn"` or `"folder"`.

    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    class_names: tuple[str, ...]
    name: str
    source: str
    _kept_away: Callable[[], tuple[np.ndarray, np.ndarray]] = field(repr=False)

    @property
    def is_fashion(self) -> bool:
        """Whether this is Fashion-MNIST."""
        return self.name == "Fashion-MNIST"


def held_out(task: Task) -> tuple[np.ndarray, np.ndarray]:
    """Return the pictures and labels of a task that were kept away, read anew.

    Raises:
        DataError: where they are not to be had any more.
        TypeError: where `task` is no `Task`.

    Examples:
        >>> task = Task(*[None] * 4, (), "own pictures", "folder", lambda: ("pictures", "labels"))
        >>> held_out(task)
        ('pictures', 'labels')

    """
    if not isinstance(task, Task):
        raise TypeError(f"`task` must be a Task. Received task={show(task)}.")
    return task._kept_away()
