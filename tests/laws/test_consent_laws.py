"""The law of consents over every policy: no withdrawal is lost to a grant that is not provably newer."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from engine.functions.consents import may_replace, status_of
from engine.spec.rules import PushPolicy
from engine.stages.consent import STANDS, WINS, is_denial, obey
from engine.stages.decide import Cell, Decision, Ground, decide

OLD, NEW = "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"
STATUSES = ("granted", "soft_granted", "soft_denied", "denied")
VALUES: tuple[Any, ...] = (
    None,
    *({"status": status} for status in STATUSES),
    *({"status": status, "at": at} for status in ("granted", "denied") for at in (OLD, NEW)),
)
BASES = (None, *product(VALUES, VALUES))
POLICIES = tuple(
    PushPolicy(push="always", write=write, empty=empty, conflict=conflict, drift=drift)
    for write in ("overwrite", "if_empty")
    for empty in ("keep", "clear")
    for conflict in ("source", "target", "newest", "hold")
    for drift in ("keep", "put_back", "hold")
)


def equal(one: Any, two: Any) -> bool:
    return status_of(one) == status_of(two)


def decided(cell: Cell, policy: PushPolicy, seen: Any = None, ground: Ground | None = None) -> Decision:
    ground = ground or Ground("update", newer="source")
    return obey(decide(cell, policy, ground, equal), cell, policy, ground, seen)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda p: f"{p.write}-{p.empty}-{p.conflict}-{p.drift}")
def test_no_policy_loses_a_withdrawal_to_what_is_not_newer(policy: PushPolicy) -> None:
    for source, target, base in product(VALUES, VALUES, BASES):
        decision = decided(Cell(source, target, base), policy)
        if decision.verb != "push" or not is_denial(target) or is_denial(decision.value):
            continue
        since = base is not None and is_denial(base[0]) and equal(target, base[1])
        assert may_replace(target, source) or since, (source, target, base, decision)
        assert status_of(decision.value), "a withdrawal is never blanked"


@pytest.mark.parametrize("policy", POLICIES, ids=lambda p: f"{p.write}-{p.empty}-{p.conflict}-{p.drift}")
def test_deciding_a_consent_again_plans_nothing(policy: PushPolicy) -> None:
    for source, target, base in product(VALUES, VALUES, BASES):
        first = decided(Cell(source, target, base), policy)
        if first.base is None:
            continue
        after = first.value if first.verb == "push" else target
        assert decided(Cell(source, after, first.base), policy).verb == "keep", (source, target, base, first)


@pytest.mark.parametrize("conflict", ["source", "target", "newest", "hold"])
def test_a_firm_withdrawal_settles_a_conflict(conflict: Any) -> None:
    policy = PushPolicy(conflict=conflict)

    decision = decided(Cell({"status": "denied"}, {"status": "granted"}, None), policy, ground=Ground("link"))

    assert (decision.verb, status_of(decision.value)) == ("push", "denied")


def test_a_soft_denial_follows_the_policy() -> None:
    cell = Cell({"status": "soft_denied"}, {"status": "granted"}, None)

    assert decided(cell, PushPolicy(conflict="target"), ground=Ground("link")).verb == "keep"


def test_a_grant_that_is_newer_than_the_withdrawal_stays() -> None:
    cell = Cell({"status": "denied", "at": OLD}, {"status": "granted", "at": NEW}, None)

    assert decided(cell, PushPolicy(conflict="target")).why != WINS


def test_a_withdrawal_without_a_date_is_not_later_than_the_records_last_change() -> None:
    cell = Cell({"status": "granted", "at": NEW}, {"status": "soft_denied"}, None)

    assert decided(cell, PushPolicy(conflict="source"), seen=OLD).verb == "push"
    assert decided(cell, PushPolicy(conflict="source"), seen=NEW).why == STANDS
    assert decided(cell, PushPolicy(conflict="source"), seen="W/17").why == STANDS


def test_who_signs_up_again_is_believed() -> None:
    no, yes = {"status": "soft_denied"}, {"status": "granted"}

    assert decided(Cell(yes, no, (no, no)), PushPolicy()).verb == "push"
    assert decided(Cell(yes, no, (yes, yes)), PushPolicy(drift="put_back")).why == STANDS


def test_a_policy_that_never_writes_does_not_write_a_withdrawal() -> None:
    cell = Cell({"status": "denied"}, {"status": "granted"}, None)

    assert decided(cell, PushPolicy(push="never")).verb == "keep"
    assert decided(cell, PushPolicy(write="if_empty")).verb == "keep"
