"""The stand-ins' clock: real time plus an offset that tests move forward."""

from __future__ import annotations

import time


class Clock:
    """Epoch seconds that never run backwards by more than the machine's own clock does."""

    def __init__(self, offset: float = 0.0) -> None:
        self._offset = offset

    def now(self) -> float:
        """The time every stand-in of this process lives in."""
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        """Move forward; a stand-in's records were made in an order, so there is no way back."""
        if seconds < 0:
            raise ValueError("the clock only moves forward")
        self._offset += seconds
