"""Calls per second and per day, by the stand-in's clock."""

from __future__ import annotations

from collections import deque

from sandbox.acton import refusals
from sandbox.acton.options import Options
from sandbox.clock import Clock

DAY = 86400


class Rates:
    """A sliding second and a UTC day; a refused call does not count."""

    def __init__(self, clock: Clock, options: Options) -> None:
        self._clock = clock
        self._options = options
        self._recent: deque[float] = deque()
        self._day = 0
        self.today = 0

    def check(self) -> None:
        """Count one call, or refuse it."""
        if not self._options.rate_limits:
            return
        now = self._clock.now()
        if int(now // DAY) != self._day:
            self._day, self.today = int(now // DAY), 0
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) >= self._options.per_second:
            raise refusals.throttled("Rate limit exceeded")
        if self.today >= self._options.per_day:
            raise refusals.throttled("Daily quota exceeded")
        self._recent.append(now)
        self.today += 1
