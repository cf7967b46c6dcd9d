"""Limits on a whole plan: numbers, shares, and shares that leave small numbers alone."""

from __future__ import annotations

import pytest

from engine.spec.rules import GuardSpec, Limit
from engine.stages.guard import guard


@pytest.mark.parametrize(
    ("limit", "count", "total", "allowed"),
    [
        (Limit(0), 0, 100, True),
        (Limit(0), 1, 100, False),
        (Limit(5), 5, 1, True),
        (Limit(share=0.02), 2, 100, True),
        (Limit(share=0.02), 3, 100, False),
        (Limit(20, 0.02), 20, 3, True),
        (Limit(20, 0.02), 21, 3, False),
        (Limit(20, 0.02), 200, 10_000, True),
        (Limit(20, 0.02), 201, 10_000, False),
    ],
)
def test_a_limit_allows_up_to_its_number_or_its_share(limit: Limit, count: int, total: int, allowed: bool) -> None:
    assert limit.allows(count, total) is allowed


def test_a_limit_reads_as_it_is_written() -> None:
    assert [str(one) for one in (Limit(5), Limit(share=0.3), Limit(20, 0.02))] == ["5", "30%", "20 or 2%"]


def test_one_finding_per_limit_that_is_passed_unless_it_is_lifted() -> None:
    spec = GuardSpec({"creates": Limit(1), "deletes": Limit(0)}, {"email": Limit(2, 0.02)})
    tally = {"create": 2, "delete": 1, "changes:email": 3}

    found = guard("f", spec, tally, 10, frozenset())
    assert [(one.code, one.message) for one in found] == [
        ("guard-creates", "f: 2 creates planned, at most 1 allowed"),
        ("guard-deletes", "f: 1 deletes planned, at most 0 allowed"),
        ("guard-changes", "f: 3 changes of email planned, at most 2 or 2% allowed"),
    ]
    assert guard("f", spec, tally, 10, frozenset({"creates", "deletes", "changes"})) == []
