"""One line of a notebook that is written anew while something runs; elsewhere nothing."""

import time
from collections.abc import Callable
from typing import Any

from IPython import get_ipython
from IPython.display import display

EVERY = 0.5


class StatusLine:
    """One line in a notebook that says how far something is; outside notebooks it shows nothing.

    Args:
        text: What it says first.

    Examples:
        >>> StatusLine().say("half of it")

    """

    def __init__(self, text: str = "starting"):
        self._handle: Any = None
        if get_ipython() is not None:
            self._handle = display({"text/plain": text}, raw=True, display_id=True)
        self._shown = time.monotonic() - EVERY

    def say(self, text: str | Callable[[], str], last: bool = False) -> None:
        """Show a text, at most twice a second except for the last.

        Args:
            text: The text, or a function that makes it where it is shown.
            last: Whether it is shown in any case.

        """
        if self._handle is not None and (last or time.monotonic() - self._shown >= EVERY):
            self._handle.update({"text/plain": text if isinstance(text, str) else text()}, raw=True)
            self._shown = time.monotonic()


def time_left(begun: float, done: int, goal: int) -> str:
    """Say how long the remaining work takes at the present pace.

    Args:
        begun: When the work began, on `time.monotonic()`'s clock.
        done: How much is done, 1 or more.
        goal: How much there is to do, in the same count.

    Examples:
        >>> time_left(time.monotonic() - 10, 5, 10)
        'about 10 s left'

    """
    return f"about {(time.monotonic() - begun) * (goal - done) / done:.0f} s left"
