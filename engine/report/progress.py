"""How far a long work is: a live line on a terminal, a plain line every few seconds elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TextIO

SECONDS = 5.0


class NoProgress:
    """Tells nobody."""

    def tell(self, stage: str, subject: str, done: int, total: int = 0) -> None:
        """`done` of `total` (0: unknown)."""

    def close(self) -> None:
        """Nothing is open."""


class LineProgress:
    """Plain lines for logs and pipes, at most one every few seconds."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic, seconds: float = SECONDS) -> None:
        self._out = out
        self._clock = clock
        self._seconds = seconds
        self._last = clock()

    def tell(self, stage: str, subject: str, done: int, total: int = 0) -> None:
        """Write a line when the last one is old enough."""
        now = self._clock()
        if now - self._last >= self._seconds:
            self._last = now
            self._out.write(f"{stage} {subject}: {amount(done, total)}\n")
            self._out.flush()

    def close(self) -> None:
        """Nothing is open."""


class LiveProgress:
    """One live line per stage on a terminal."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._bars: Any = None
        self._tasks: dict[str, Any] = {}

    def tell(self, stage: str, subject: str, done: int, total: int = 0) -> None:
        """Move the stage's line."""
        bars = self._started()
        text = f"{stage} {subject}"
        if text not in self._tasks:
            self._tasks[text] = bars.add_task(text, total=total or None)
        bars.update(self._tasks[text], completed=done, total=total or None)

    def close(self) -> None:
        """Take the lines away."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
            self._tasks.clear()

    def _started(self) -> Any:
        if self._bars is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._bars = Progress(*columns, console=Console(file=self._out), transient=True)
            self._bars.start()
        return self._bars


def amount(done: int, total: int) -> str:
    """`1,200`, or `1,200 of 5,000 (24%)`."""
    return f"{done:,} of {total:,} ({done / total:.0%})" if total else f"{done:,}"


def progress_for(out: TextIO, *, quiet: bool = False) -> NoProgress | LineProgress | LiveProgress:
    """What suits the place that the progress goes to."""
    if quiet:
        return NoProgress()
    return LiveProgress(out) if out.isatty() else LineProgress(out)
