"""An account's limits, kept over all threads: per second, at once, per day, logins per hour."""

from __future__ import annotations

import threading
from collections import deque

from engine.model.errors import Throttled
from engine.model.protocols import Clock
from engine.spec.system import Limits

MARGIN = 0.02
"""Seconds added to a window, since the system counts arrivals and we count departures."""

HOUR = 3600.0


class RateLimiter:
    """Never more than `per_second` starts in any second, `concurrent` at once, `per_day` in a UTC day."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(limits.concurrent) if limits.concurrent else None
        self._burst = max(1, int(limits.per_second))
        self._window = self._burst / limits.per_second + MARGIN if limits.per_second else 0.0
        self._starts: deque[float] = deque(maxlen=self._burst)
        self._logins: deque[float] = deque()
        self._not_before = 0.0
        self._day = ""
        self._used = 0
        self.count = 0

    def acquire(self) -> None:
        """Wait for a place and a turn."""
        if self._places is not None:
            self._places.acquire()
        try:
            wait = self._turn()
        except Throttled:
            self.release()
            raise
        if wait > 0:
            self._clock.sleep(wait)

    def release(self) -> None:
        """Give the place back."""
        if self._places is not None:
            self._places.release()

    def login(self) -> None:
        """Count one login."""
        allowed = self._limits.logins_per_hour
        with self._lock:
            now = self._clock.monotonic()
            while self._logins and self._logins[0] <= now - HOUR:
                self._logins.popleft()
            if allowed and len(self._logins) >= allowed:
                raise Throttled(f"{allowed} logins in an hour are used up", line="logins_per_hour")
            self._logins.append(now)

    def pause(self, seconds: float) -> None:
        """Hold every start back, since a system that throttles one request throttles all."""
        with self._lock:
            self._not_before = max(self._not_before, self._clock.monotonic() + seconds)

    def _turn(self) -> float:
        """Reserve the next start; the seconds until then."""
        with self._lock:
            self._count_day()
            self.count += 1
            now = self._clock.monotonic()
            start = max(now, self._not_before)
            if self._window:
                start = self._reserve(start)
            return start - now

    def _reserve(self, start: float) -> float:
        if len(self._starts) == self._burst:
            start = max(start, self._starts[0] + self._window)
        self._starts.append(start)
        return start

    def _count_day(self) -> None:
        allowed = self._limits.per_day
        if not allowed:
            return
        day = self._clock.now().date().isoformat()
        if day != self._day:
            self._day, self._used = day, 0
        if self._used >= allowed:
            raise Throttled(f"the day's {allowed} requests are used up", line="per_day")
        self._used += 1
