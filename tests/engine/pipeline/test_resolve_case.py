"""What a person decides about a case becomes true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.model.errors import UsageError
from engine.model.operation import Operation
from engine.model.record import RecordKey
from engine.model.run import Case
from engine.pipeline.resolve_case import Answer, resolve_case
from engine.pipeline.workshop import Workshop
from tests.world import RULES, World, build


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    rules = RULES.replace("many: first", "many: review").replace("conflict: source", "conflict: hold")
    made = build(tmp_path, rules=rules)
    yield made
    made.store.close()


def twins(world: World) -> Case:
    """Two accounts have the person's email: a person must say which."""
    world.put("ledger.account", *({"id": id, "name": "Ann", "email": "ann@x.example"} for id in ("a1", "a2")))
    world.put("shop.person", {"id": "p1", "name": "Ann B", "mail": "ann@x.example"})
    world.run()
    (case,) = world.store.cases()
    return case


def resolve(world: World, case: Case, answer: Answer, choose: str = "") -> str:
    shop = Workshop(world.ruleset, world.store, clock=world.clock, open=lambda spec, **_: world.system(spec.name))
    return resolve_case(shop, case, answer, choose=choose, by="someone")


def state(world: World, case: Case) -> tuple[str, str, str]:
    found = world.store.case(case.id)
    assert found is not None
    return found.state, found.decided_by, found.choice


def confirmed(world: World) -> list[tuple[str, str]]:
    return [(one.a.id, one.rule) for one in world.store.links(state="confirmed")]


def test_the_chosen_candidate_is_linked(world: World) -> None:
    case = twins(world)
    assert resolve(world, case, "accepted", "a2").startswith("linked to a2")
    assert confirmed(world) == [("a2", "by_hand")]
    assert state(world, case) == ("accepted", "someone", "a2")


def test_an_answer_that_says_too_little_leaves_the_case_open(world: World) -> None:
    case = twins(world)
    with pytest.raises(UsageError, match="out of a1, a2: --choose ID"):
        resolve(world, case, "accepted")
    assert state(world, case)[0] == "open"


def test_rejected_candidates_are_never_proposed_again(world: World) -> None:
    case = twins(world)
    resolve(world, case, "rejected")
    world.run()
    assert [one for one in confirmed(world) if one[0] in ("a1", "a2")] == []
    assert [rule for _, rule in confirmed(world)] == ["created"]


def test_a_rejected_candidate_leaves_the_other(world: World) -> None:
    case = twins(world)
    resolve(world, case, "rejected", "a1")
    world.run()
    assert confirmed(world) == [("a2", "mail")]


def test_a_deferred_case_stays_undecided(world: World) -> None:
    case = twins(world)
    resolve(world, case, "deferred")
    assert state(world, case)[0] == "deferred"
    assert confirmed(world) == []


def conflict(world: World) -> Case:
    world.put("shop.person", {"id": "p1", "name": "Ann", "mail": "ann@x.example"})
    world.run()
    (account,) = world.held("ledger.account")
    world.put("shop.person", {"id": "p1", "name": "Anne"})
    world.put("ledger.account", {"id": account, "name": "Annie"})
    world.run()
    (case,) = world.store.cases()
    assert (case.kind, case.evidence["fields"]) == ("conflict", ["name"])
    return case


@pytest.mark.parametrize(("side", "name"), [("source", "Anne"), ("target", "Annie")])
def test_the_chosen_side_of_a_conflict_wins(world: World, side: str, name: str) -> None:
    case = conflict(world)
    resolve(world, case, "accepted", side)
    world.run()
    (account,) = world.held("ledger.account").values()
    assert account["name"] == name
    assert world.plan() == []


def test_a_conflict_asks_for_a_side(world: World) -> None:
    with pytest.raises(UsageError, match="--choose source, or --choose target"):
        resolve(world, conflict(world), "accepted")


def test_a_conflict_over_other_values_is_asked_about_anew(world: World) -> None:
    case = conflict(world)
    resolve(world, case, "rejected")
    assert world.run().counts["cases"] == 0
    world.put("shop.person", {"id": "p1", "name": "Annabel"})
    assert world.run().counts["cases"] == 1
    assert [one.id for one in world.store.cases()] == [case.id]


def test_each_gate_is_a_question_of_its_own(tmp_path: Path) -> None:
    gates = "begin:\n  a: {when: source.phone, otherwise: review}\n  b: {when: source.note, otherwise: review}\n"
    world = build(tmp_path, rules=RULES + gates)
    world.put("shop.person", {"id": "p1", "name": "Ann"})
    world.run()
    for gate in ("begin.a", "begin.b"):
        (case,) = world.store.cases()
        assert case.evidence == {"gate": gate}
        resolve(world, case, "accepted")
        counts = world.run().counts
    assert counts["created"] == 1


def lost(world: World) -> Case:
    """A create whose answer never came, and which cannot be looked up."""
    world.put("shop.person", {"id": "p1", "name": "Ann", "mail": "ann@x.example"})
    world.plan()
    (operation,) = world.store.operations(states=("planned",))
    assert isinstance(operation, Operation)
    world.store.open_intents([operation.id], "2026-03-01T12:00:00Z")
    evidence = {"operation": operation.id}
    case = Case("c1", "shop-to-ledger", "outcome-unknown", RecordKey("shop", "shop.person", "p1"), evidence)
    world.store.put_cases([case])
    return case


def test_a_lost_create_that_was_done_is_linked_to_what_it_made(world: World) -> None:
    case = lost(world)
    world.put("ledger.account", {"id": "a7", "name": "Ann", "email": "ann@x.example"})
    resolve(world, case, "accepted", "a7")
    assert confirmed(world) == [("a7", "by_hand")]
    assert list(world.store.operations(states=("open",))) == []


def test_a_lost_create_that_was_not_done_is_done_again(world: World) -> None:
    case = lost(world)
    resolve(world, case, "rejected")
    world.run()
    assert [one["name"] for one in world.held("ledger.account").values()] == ["Ann"]


def gated(tmp_path: Path) -> World:
    """New persons without a phone number are for a person to look at."""
    gate = "begin:\n  phone_known: {when: source.phone, otherwise: review, say: No phone}\n"
    world = build(tmp_path, rules=RULES + gate)
    world.put("shop.person", {"id": "p1", "name": "Ann"}, {"id": "p2", "name": "Bea"})
    world.run()
    return world


def test_an_accepted_gate_lets_that_record_through_and_no_other(tmp_path: Path) -> None:
    world = gated(tmp_path)
    case = next(one for one in world.store.cases() if one.record.id == "p1")
    assert case.evidence == {"gate": "begin.phone_known"}
    assert resolve(world, case, "accepted").startswith("let through the gate begin.phone_known")
    assert world.run().counts["created"] == 1
    assert [one.record.id for one in world.store.cases(state="open")] == ["p2"]


def test_a_rejected_gate_keeps_the_record_back_and_asks_nobody_again(tmp_path: Path) -> None:
    world = gated(tmp_path)
    for case in list(world.store.cases()):
        resolve(world, case, "rejected")
    counts = world.run().counts
    assert (counts["held"], counts["created"], counts["cases"]) == (2, 0, 0)
