"""The decide table over all 625 combinations of base, source and target, for every policy that a rule can say."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from engine.model.values import ABSENT, is_blank
from engine.spec.rules import PushPolicy
from engine.stages.decide import Cell, Decision, Ground, Pattern, decide

STATES = (ABSENT, None, "", "a", "b")
ALL = tuple(product(STATES, repeat=4))
POLICIES = tuple(
    PushPolicy(push=push, write=write, empty=empty, conflict=conflict, drift=drift)
    for push in ("always", "on_create", "never")
    for write in ("overwrite", "if_empty", "append_once")
    for empty in ("keep", "clear")
    for conflict in ("source", "target", "newest", "hold")
    for drift in ("keep", "put_back", "hold")
)


def equal(one: Any, two: Any) -> bool:
    return bool(one == two)


def decided(bs: Any, bt: Any, s: Any, t: Any, policy: PushPolicy, **ground: Any) -> Decision:
    moment = ground.pop("moment", "update")
    return decide(Cell(s, t, (bs, bt)), policy, Ground(moment, **ground), equal)


def test_there_are_625_combinations() -> None:
    assert len(set(map(repr, ALL))) == 625


@pytest.mark.parametrize("policy", POLICIES, ids=lambda p: f"{p.push}-{p.write}-{p.empty}-{p.conflict}-{p.drift}")
def test_every_combination_is_decided_and_obeys_the_laws(policy: PushPolicy) -> None:
    for bs, bt, s, t in ALL:
        decision = decided(bs, bt, s, t, policy)
        assert decision.verb in ("keep", "push", "hold")
        if decision.verb == "push":
            assert s is not ABSENT, "an absent source never pushes"
            assert policy.push == "always", "a policy that does not push at this moment never does"
            assert not (is_blank(s) and policy.empty == "keep"), "blanks travel only where the rule says so"
            assert not (policy.write == "if_empty" and not is_blank(t) and not is_blank(s))
        if decision.verb == "hold":
            assert decision.base is None, "a held field keeps its base"
        if decision.verb == "keep" and ABSENT not in (s, t):
            assert decision.base == (s, t), "agreeing to differ is remembered"


@pytest.mark.parametrize("policy", POLICIES, ids=lambda p: f"{p.push}-{p.write}-{p.empty}-{p.conflict}-{p.drift}")
def test_deciding_again_straight_after_plans_nothing(policy: PushPolicy) -> None:
    for bs, bt, s, t in ALL:
        first = decided(bs, bt, s, t, policy)
        if first.verb == "hold" or first.base is None:
            continue
        target = first.value if first.verb == "push" else t
        second = decide(Cell(s, target, first.base), policy, Ground("update"), equal)
        assert second.verb == "keep", (bs, bt, s, t, first, second)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda p: f"{p.push}-{p.write}-{p.empty}-{p.conflict}-{p.drift}")
def test_a_target_that_reformats_is_no_change(policy: PushPolicy) -> None:
    for bs, bt, s, t in ALL:
        first = decided(bs, bt, s, t, policy)
        if first.verb != "push" or is_blank(first.value):
            continue
        shown = str(first.value).upper()[:1]
        assert first.base is not None
        second = decide(Cell(s, shown, (first.base[0], shown)), policy, Ground("update"), equal)
        if policy.write == "append_once":
            continue  # a line that the target rewrote is a line that is gone: drift decides
        assert second.verb == "keep"


def test_neither_side_moved_is_settled() -> None:
    assert decided("a", "b", "a", "b", PushPolicy()).pattern is Pattern.SETTLED


def test_source_moved_alone_is_pushed() -> None:
    decision = decided("a", "a", "b", "a", PushPolicy())
    assert (decision.pattern, decision.verb, decision.value) == (Pattern.SOURCE_MOVED, "push", "b")


def test_source_moved_on_equal_inputs_is_rules_moved() -> None:
    decision = decided("a", "a", "b", "a", PushPolicy(), same_inputs=True)
    assert (decision.pattern, decision.verb) == (Pattern.RULES_MOVED, "push")


@pytest.mark.parametrize(("drift", "verb"), [("keep", "keep"), ("put_back", "push"), ("hold", "hold")])
def test_target_moved_alone_follows_drift(drift: Any, verb: str) -> None:
    decision = decided("a", "a", "a", "b", PushPolicy(drift=drift))
    assert (decision.pattern, decision.verb) == (Pattern.TARGET_MOVED, verb)


@pytest.mark.parametrize(
    ("conflict", "verb"), [("source", "push"), ("target", "keep"), ("hold", "hold"), ("newest", "hold")]
)
def test_both_moved_follows_conflict(conflict: Any, verb: str) -> None:
    decision = decided("x", "x", "a", "b", PushPolicy(conflict=conflict))
    assert (decision.pattern, decision.verb) == (Pattern.BOTH_MOVED, verb)


@pytest.mark.parametrize(("newer", "verb"), [("source", "push"), ("target", "keep"), ("", "hold")])
def test_newest_needs_to_know_which_is_newer(newer: Any, verb: str) -> None:
    assert decided("x", "x", "a", "b", PushPolicy(conflict="newest"), newer=newer).verb == verb


def test_first_sight_fills_an_empty_target() -> None:
    decision = decide(Cell("a", None, None), PushPolicy(conflict="target"), Ground("link"), equal)
    assert (decision.pattern, decision.verb, decision.value) == (Pattern.FIRST_SIGHT, "push", "a")


def test_first_sight_of_two_values_is_a_conflict() -> None:
    decision = decide(Cell("a", "b", None), PushPolicy(conflict="target"), Ground("link"), equal)
    assert (decision.verb, decision.base) == ("keep", ("a", "b"))


def test_first_sight_never_blanks_a_target() -> None:
    for conflict in ("source", "target", "newest", "hold"):
        policy = PushPolicy(conflict=conflict, empty="clear")
        assert decide(Cell(None, "b", None), policy, Ground("link"), equal).verb == "keep"


def test_a_default_never_replaces_a_value_and_never_counts_as_moved() -> None:
    policy = PushPolicy(conflict="source", drift="put_back")
    assert decide(Cell("stand-in", "b", ("a", "a"), is_default=True), policy, Ground("update"), equal).verb == "keep"
    assert decide(Cell("stand-in", None, None, is_default=True), policy, Ground("create"), equal).verb == "push"


def test_clearing_needs_evidence_that_the_source_was_filled() -> None:
    policy = PushPolicy(empty="clear")
    assert decided("a", "a", None, "a", policy).verb == "push"
    assert decided(None, "a", None, "a", policy).verb == "keep"


def test_append_once_adds_a_line_and_never_twice() -> None:
    policy = PushPolicy(push="on_first", write="append_once")
    first = decide(Cell("Stripe: cus_3", "VIP", None), policy, Ground("link"), equal)
    assert first.value == "VIP\nStripe: cus_3"
    assert decide(Cell("Stripe: cus_3", first.value, None), policy, Ground("link"), equal).verb == "keep"


def test_on_create_leaves_a_linked_record_alone() -> None:
    policy = PushPolicy(push="on_create")
    for bs, bt, s, t in ALL:
        assert decided(bs, bt, s, t, policy, moment="link").verb != "push"
        assert decided(bs, bt, s, t, policy, moment="update").verb != "push"
