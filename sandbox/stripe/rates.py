"""Rate limits, counted over the last real second: the whole account, and each endpoint."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable

from sandbox.stripe.options import Options
from sandbox.stripe.refusals import Refusal

TEXT = "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits."


class Rates:
    """A sliding second per counter; a refused request does not count."""

    def __init__(self, options: Options, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._options = options
        self._monotonic = monotonic
        self._passed: dict[str, deque[float]] = defaultdict(deque)
        self.running = 0  # requests being answered, the one that asks included

    def check(self, endpoint: str) -> None:
        """Count one request, or refuse it."""
        options = self._options
        if options.concurrency and self.running > options.concurrency:
            raise _too_many("global-concurrency")
        if not options.rate_limits:
            return
        most = options.search_per_second if endpoint.endswith("/search") else options.endpoint_per_second
        now = self._monotonic()
        overall, own = self._recent("", now), self._recent(endpoint, now)
        if len(overall) >= options.global_per_second:
            raise _too_many("global-rate")
        if len(own) >= most:
            raise _too_many("endpoint-rate")
        overall.append(now)
        own.append(now)

    def _recent(self, counter: str, now: float) -> deque[float]:
        passed = self._passed[counter]
        while passed and passed[0] <= now - 1:
            passed.popleft()
        return passed


def _too_many(reason: str) -> Refusal:
    return Refusal(TEXT, status=429, code="rate_limit", reason=reason)
