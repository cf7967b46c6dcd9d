"""Whether and when a request goes out again: full jitter, the system's own wish, a total deadline."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from engine.connectors.errors import Failure
from engine.model.errors import Unreachable
from engine.model.protocols import Clock


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How patient a connection is. Seconds."""

    attempts: int = 5
    base: float = 0.5
    cap: float = 30
    longest_wish: float = 60
    """A longer Retry-After than this is cut to it."""
    deadline: float = 300


class Budget:
    """The attempts and the time that one request has."""

    def __init__(
        self, policy: RetryPolicy, clock: Clock, draw: Callable[[float, float], float] = random.uniform
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._draw = draw
        self._until = clock.monotonic() + policy.deadline
        self._tried = 0

    def wait(self, failure: Failure, repeatable: bool) -> float | None:
        """Seconds until the next attempt, or None: it is over."""
        self._tried += 1
        if not may_repeat(failure, repeatable) or self._tried >= self._policy.attempts:
            return None
        seconds = self._seconds(failure)
        return seconds if self._clock.monotonic() + seconds <= self._until else None

    def _seconds(self, failure: Failure) -> float:
        jitter = self._draw(0, min(self._policy.cap, self._policy.base * 2 ** (self._tried - 1)))
        return min(failure.retry_after, self._policy.longest_wish) + jitter


def may_repeat(failure: Failure, repeatable: bool) -> bool:
    """A throttled or unsent request was never carried out; one of unknown outcome must be repeatable."""
    if failure.class_ == "throttle":
        return True
    if failure.class_ != "retry":
        return False
    error = failure.error
    if isinstance(error, Unreachable) and not error.sent:
        return error.line != "tls"
    return repeatable and error.line not in ("paging", "redirect")
