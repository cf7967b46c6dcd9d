"""Objects filled in part: what others wrote in them is neither weighed nor lost."""

from __future__ import annotations

from engine.model.finding import NOWHERE
from engine.spec.ruleset import FieldPlan
from engine.stages.own_members import own_members, with_others

PLAN = FieldPlan("shipping", lambda a, b: bool(a == b), NOWHERE, NOWHERE, members={"name": {}, "address": {"city": {}}})
HELD = {"name": "A", "phone": "1", "address": {"city": "Paris", "state": "IDF"}}


def test_members_that_the_mapping_does_not_know_are_not_weighed() -> None:
    assert own_members(HELD, PLAN) == {"name": "A", "address": {"city": "Paris"}}


def test_they_go_along_when_the_object_is_written() -> None:
    sent = with_others({"name": "B", "address": {"city": "Rome"}}, HELD, PLAN)
    assert sent == {"name": "B", "phone": "1", "address": {"city": "Rome", "state": "IDF"}}


def test_a_member_of_ours_that_is_gone_stays_gone() -> None:
    assert with_others({"address": {}}, HELD, PLAN) == {"phone": "1", "address": {"state": "IDF"}}


def test_blanks_of_others_are_not_sent() -> None:
    assert with_others({"name": "B"}, {"name": "A", "phone": None}, PLAN) == {"name": "B"}


def test_nothing_held_and_no_object_are_left_as_they_are() -> None:
    assert with_others({"name": "B"}, None, PLAN) == {"name": "B"}
    assert with_others(None, HELD, PLAN) is None
    assert own_members(None, PLAN) is None


def test_a_field_without_members_of_its_own_is_left_alone() -> None:
    plain = FieldPlan("meta", lambda a, b: bool(a == b), NOWHERE, NOWHERE)
    assert own_members(HELD, plain) is HELD
    assert with_others({"x": 1}, HELD, plain) == {"x": 1}
