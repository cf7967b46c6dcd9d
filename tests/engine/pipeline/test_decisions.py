"""Decisions given out and taken in: in bulk, again without effect, and never for other evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.config.read_decisions import read_decisions
from engine.pipeline.decisions import ANSWERS, Decision, Taken, apply_decisions, decisions, evidence_hash
from engine.pipeline.workshop import Workshop
from engine.report.decisions_file import decisions_yaml
from tests.world import RULES, World, build

FLOW = "shop-to-ledger"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = build(tmp_path, rules=RULES.replace("many: first", "many: review"))
    for name in ("ann", "bea", "cat"):
        mail = f"{name}@x.example"
        made.put("ledger.account", *({"id": f"{name}{n}", "name": name, "email": mail} for n in (1, 2)))
        made.put("shop.person", {"id": name, "name": name, "mail": mail})
    made.run()
    yield made
    made.store.close()


def apply(world: World, *said: Decision) -> Taken:
    shop = Workshop(world.ruleset, world.store, clock=world.clock, open=lambda spec, **_: world.system(spec.name))
    return apply_decisions(shop, said, "someone")


def said(name: str, decide: str, choose: str = "", **facts: str) -> Decision:
    return Decision(FLOW, f"shop:{name}", "many-matches", decide, choose, **facts)


def codes(taken: Taken) -> list[str]:
    return [one.code for one in taken.unusable]


def test_decisions_are_taken_in_bulk(world: World) -> None:
    taken = apply(world, said("ann", "accept", "ann2"), said("bea", "reject"), said("cat", "defer"))
    assert (len(taken.made), taken.unusable) == (3, ())
    assert {one.record.id: (one.state, one.choice) for one in world.store.cases(state="")} == {
        "ann": ("accepted", "ann2"), "bea": ("rejected", ""), "cat": ("deferred", ""),
    }  # fmt: skip
    assert [one.a.id for one in world.store.links(state="confirmed")] == ["ann2"]


def test_the_same_decisions_again_change_nothing(world: World) -> None:
    apply(world, said("ann", "accept", "ann2", at="2026-01-01T00:00:00Z", by="ana"), said("bea", "reject"))
    before = decisions(world.store)
    assert before[0][:5] == (FLOW, "shop:ann", "many-matches", "accept", "ann2")
    assert before[0][6:8] == ("ana", "2026-01-01T00:00:00Z")
    taken = apply(world, *before, *before)
    assert (taken.made, len(taken.known), taken.unusable) == ((), 4, ())
    assert decisions(world.store) == before


def test_what_cannot_be_used_is_told_and_the_rest_is_taken(world: World) -> None:
    apply(world, said("bea", "reject"))
    taken = apply(
        world,
        said("ann", "accept", "ann2", evidence="0" * 16),
        said("nobody", "reject"),
        said("ann", "accept"),
        said("ann", "accept", "ann9"),
        said("bea", "accept", "bea1"),
        said("cat", "reject"),
    )
    assert codes(taken) == ["other-evidence", "no-case", "refused", "refused", "decided-otherwise"]
    assert "--choose ID" in taken.unusable[2].reason and "no ledger.account ann9" in taken.unusable[3].reason
    assert [one.record for one in taken.made] == ["shop:cat"]
    assert {run.state for run in world.store.runs() if run.verb == "review"} == {"done", "refused"}


def test_a_decision_for_this_evidence_is_taken(world: World) -> None:
    case = next(one for one in world.store.cases() if one.record.id == "ann")
    assert len(apply(world, said("ann", "accept", "ann1", evidence=evidence_hash(case))).made) == 1


def test_another_candidate_reopens_the_case(world: World) -> None:
    apply(world, *(said(name, "defer") for name in ("ann", "bea", "cat")))
    assert world.run().counts["cases"] == 0
    world.put("ledger.account", {"id": "ann3", "name": "ann", "email": "ann@x.example"})
    world.put("shop.person", {"id": "ann", "name": "ann b"})
    world.run()
    assert [one.record.id for one in world.store.cases()] == ["ann"]


def test_a_ledger_comes_back_as_it_was_written(tmp_path: Path) -> None:
    odd = Decision(FLOW, 'shop:a"b: {x}, #y\u2028', "conflict", "accept", "007", "1e5", "Zoë", "2026-01-01T00:00:00Z")
    tree = {name: one for name, one in odd._asdict().items() if name != "line"}
    path = tmp_path / "ledger.yaml"
    path.write_text(decisions_yaml([tree]), "utf-8")
    rows, lines, findings = read_decisions(path, tuple(ANSWERS))
    assert (rows, lines, findings) == ([tree], [5], [])
    path.write_text(decisions_yaml([]), "utf-8")
    assert read_decisions(path, tuple(ANSWERS)) == ([], [], [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("version: 1\nflow: x\n", "not-decisions"),
        ("version: 1\nkind: decisions\ndecisions: [{flow: a, record: b, kind: c}]\n", "missing-key"),
        ("version: 1\nkind: decisions\ndecisions: [{flow: a, record: b, kind: c, decide: ok}]\n", "unknown-decision"),
        ("version: 1\nkind: decisions\ndecisions: [{flow: a, record: b, kind: c, decide: accept, chose: d}]\n",
         "unknown-key"),
        ("version: 1\nkind: decisions\ndecisions: [accept]\n", "wrong-type"),
    ],
)  # fmt: skip
def test_a_wrong_ledger_is_found_with_its_line(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "ledger.yaml"
    path.write_text(text)
    rows, _, findings = read_decisions(path, tuple(ANSWERS))
    assert rows == []
    assert [one.code for one in findings] == [code]
    assert findings[0].place.line >= 1
