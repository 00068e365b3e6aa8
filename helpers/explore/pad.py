"""A pad to draw on, with the mouse, a pen, a finger or the keyboard. It needs anywidget."""

from pathlib import Path

import anywidget
import numpy as np
import traitlets

SIDE = 56
EMPTY = "00" * SIDE**2


class Pad(anywidget.AnyWidget):
    """A pad whose ink comes to the kernel while the reader draws.

    Attributes:
        drawn: What the reader drew: 56 x 56 cells row by row, two hexadecimal digits each, from
            00 (paper) to ff (ink).
        shown: What the kernel put on the pad, in the same form; empty from the moment on at which
            the reader draws.

    """

    _esm = Path(__file__).with_name("pad.js")
    drawn = traitlets.Unicode(EMPTY).tag(sync=True)
    shown = traitlets.Unicode("").tag(sync=True)

    def ink(self) -> np.ndarray:
        """Return what the reader drew: `(56, 56)`, float64 from 0 (paper) to 1 (ink).

        Raises:
            ValueError: where what came from the browser is no drawing.

        """
        cells = np.frombuffer(bytes.fromhex(self.drawn), np.uint8)
        return cells.reshape(SIDE, SIDE) / 255

    def show(self, ink: np.ndarray) -> None:
        """Put a picture `(56, 56)`, from 0 to 1, on the pad; the reader can draw on it."""
        self.shown = np.rint(255 * ink).astype(np.uint8).tobytes().hex()

    def clear(self) -> None:
        """Empty the pad."""
        self.shown = ""  # so that the browser sees a change even after a first clearing
        self.drawn = self.shown = EMPTY
