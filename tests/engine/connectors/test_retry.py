from __future__ import annotations

import pytest

from engine.connectors.errors import Failure
from engine.connectors.retry import Budget, RetryPolicy, may_repeat
from engine.model.errors import Conflict, Throttled, Unreachable
from tests.contract.toy import HandClock

SERVER = Failure(Unreachable("x"), "retry", 503)
THROTTLED = Failure(Throttled("x"), "throttle", 429)
UNSENT = Failure(Unreachable("x", sent=False), "retry")


def most(low: float, high: float) -> float:
    return high


def waits(failure: Failure, repeatable: bool = True, **policy: float) -> list[float | None]:
    clock = HandClock()
    budget = Budget(RetryPolicy(**policy), clock, most)  # type: ignore[arg-type]  # attempts is an int
    found = []
    while (seconds := budget.wait(failure, repeatable)) is not None:
        found.append(seconds)
        clock.advance(seconds)
    return found


def test_waits_twice_as_long_each_time() -> None:
    assert waits(SERVER) == [0.5, 1, 2, 4]


def test_waits_no_longer_than_the_cap() -> None:
    assert waits(SERVER, attempts=6, cap=3) == [0.5, 1, 2, 3, 3]


def test_draws_the_wait_from_nothing_to_the_most() -> None:
    drawn: list[tuple[float, float]] = []

    def draw(low: float, high: float) -> float:
        drawn.append((low, high))
        return low

    assert Budget(RetryPolicy(), HandClock(), draw).wait(SERVER, True) == 0
    assert drawn == [(0, 0.5)]


def test_adds_what_the_system_asks_for_up_to_a_minute() -> None:
    assert waits(Failure(Throttled("x"), "throttle", 429, retry_after=7))[:2] == [7.5, 8]
    assert waits(Failure(Throttled("x"), "throttle", 429, retry_after=9999), attempts=2) == [60.5]


def test_gives_up_when_the_deadline_would_pass() -> None:
    assert waits(Failure(Throttled("x"), "throttle", 429, retry_after=60), deadline=100) == [60.5]


@pytest.mark.parametrize(
    ("failure", "repeatable", "expected"),
    [
        (SERVER, True, True),
        (SERVER, False, False),
        (THROTTLED, False, True),
        (UNSENT, False, True),
        (Failure(Unreachable("x", sent=False, line="tls"), "retry"), True, False),
        (Failure(Unreachable("x", line="paging"), "retry"), True, False),
        (Failure(Conflict("x"), "conflict", 409), True, False),
    ],
    ids=["repeatable", "once", "throttled once", "unsent once", "certificate", "paging", "conflict"],
)
def test_repeats_only_what_did_not_happen_or_may_happen_twice(
    failure: Failure, repeatable: bool, expected: bool
) -> None:
    assert may_repeat(failure, repeatable) is expected
