from __future__ import annotations

import threading

import pytest

from engine.connectors.limits import RateLimiter
from engine.model.errors import Throttled
from engine.spec.system import Limits
from tests.contract.toy import HandClock


def starts(limiter: RateLimiter, clock: HandClock, count: int) -> list[float]:
    times = []
    for _ in range(count):
        limiter.acquire()
        times.append(round(clock.ticks - 1000, 2))
        limiter.release()
    return times


def test_never_starts_more_than_allowed_in_any_second() -> None:
    clock = HandClock()
    times = starts(RateLimiter(Limits(per_second=4), clock), clock, 9)
    assert times == [0, 0, 0, 0, 1.02, 1.02, 1.02, 1.02, 2.04]


def test_spreads_less_than_one_a_second() -> None:
    clock = HandClock()
    assert starts(RateLimiter(Limits(per_second=0.5), clock), clock, 3) == [0, 2.02, 4.04]


def test_knows_no_limit_that_is_not_declared() -> None:
    clock = HandClock()
    assert starts(RateLimiter(Limits(), clock), clock, 100) == [0] * 100


def test_refuses_when_the_day_is_used_up_and_starts_anew_the_next() -> None:
    clock = HandClock("2026-03-01T23:59:00Z")
    limiter = RateLimiter(Limits(per_day=2, concurrent=1), clock)
    starts(limiter, clock, 2)
    with pytest.raises(Throttled, match="2 requests are used up"):
        limiter.acquire()
    clock.advance(120)
    assert len(starts(limiter, clock, 2)) == 2


def test_refuses_a_login_too_many_within_an_hour() -> None:
    clock = HandClock()
    limiter = RateLimiter(Limits(logins_per_hour=2), clock)
    limiter.login()
    clock.advance(1800)
    limiter.login()
    with pytest.raises(Throttled):
        limiter.login()
    clock.advance(1801)
    limiter.login()


def test_holds_everybody_back_after_a_throttled_request() -> None:
    clock = HandClock()
    limiter = RateLimiter(Limits(), clock)
    limiter.pause(7)
    assert starts(limiter, clock, 2) == [7, 7]


def test_keeps_within_the_places_over_threads() -> None:
    limiter = RateLimiter(Limits(concurrent=3), HandClock())
    inside = []
    most = []
    together = threading.Barrier(3, timeout=5)

    def work() -> None:
        limiter.acquire()
        inside.append(1)
        most.append(len(inside))
        together.wait()
        inside.pop()
        limiter.release()

    threads = [threading.Thread(target=work) for _ in range(9)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=5)
    assert max(most) == 3
