"""Explaining a record asks no system, and says what a run would do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.pipeline.explain import Explanation, explain
from engine.pipeline.workshop import Workshop
from engine.report.mask import Blind
from engine.report.why_text import WhyView, why_text, why_tree
from tests.world import MAPPING, World, build


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = build(tmp_path, mapping=MAPPING.replace("name: name", "name: {first_of: [name, note], else: nobody}"))
    yield made
    made.store.close()


def shop_of(world: World) -> Workshop:
    return Workshop(world.ruleset, world.store, clock=world.clock, open=lambda spec, **_: world.system(spec.name))


def explained(world: World, id: str = "p1", *, live: bool = False) -> Explanation:
    found = explain(shop_of(world), world.ruleset.flows["shop-to-ledger"], id, live=live)
    assert found is not None
    return found


def view(world: World, one: Explanation) -> WhyView:
    operations = [op for op in world.store.operations(record=one.bundle.record.key) if op.state == "done"]
    return WhyView(one.flow, one.bundle, one.verdict, one.left, one.mapped, operations)


def text(world: World, one: Explanation, field: str = "") -> str:
    return why_text(view(world, one), Blind(dict(world.ruleset.objects), reveal=True), field)


def test_a_linked_record_tells_its_link_and_every_field_without_a_request(world: World) -> None:
    world.put("shop.person", {"id": "p1", "name": "Ann", "mail": "ann@x.example"})
    world.run()
    before = (world.writes("shop"), world.writes("ledger"))
    one = explained(world)
    assert (world.writes("shop"), world.writes("ledger")) == before
    (account,) = world.held("ledger.account")
    lines = text(world, one).splitlines()
    assert lines[0] == "shop:p1 in shop-to-ledger"
    assert lines[1].startswith(f"  link      ledger.account {account}: confirmed by created, 2026-03-01T12:00:")
    assert lines[2] == "  outcome   settled"
    assert "  name: left alone; converged: both sides say the same" in lines


def test_one_field_tells_its_sources_its_base_its_policy_and_its_last_write(world: World) -> None:
    world.put("shop.person", {"id": "p1", "note": "Ann of Kent", "mail": "ann@x.example"})
    world.run()
    lines = text(world, explained(world), "name").splitlines()
    assert '      source    "Ann of Kent"' in "\n".join(lines)
    assert '      base      source "Ann of Kent", target "Ann of Kent"' in lines
    assert "      not taken (empty)   name" in lines
    assert '      taken     "Ann of Kent"   note' in lines
    assert '      not taken "nobody"   else value' in lines
    assert any(line.startswith("      policy    push: always, write: overwrite") for line in lines)
    assert any(line.startswith("      last      + create ledger.account") for line in lines)


def test_what_would_be_written_is_told_before_it_is(world: World) -> None:
    world.put("shop.person", {"id": "p1", "name": "Ann", "mail": "ann@x.example"})
    world.run()
    world.put("shop.person", {"id": "p1", "name": "Anne"})
    assert explained(world).verdict.end == "settled"
    live = explained(world, live=True)
    assert live.verdict.end == "updated"
    assert "  name: written; source moved: the source changed" in text(world, live)


def test_a_record_that_is_not_staged_has_no_explanation(world: World) -> None:
    assert explain(shop_of(world), world.ruleset.flows["shop-to-ledger"], "p9") is None


def test_what_is_not_mirrored_is_unknown_and_nothing_is_guessed(world: World) -> None:
    world.put("shop.person", {"id": "p1", "name": "Ann", "mail": "ann@x.example"})
    world.run(ids=("p1",), verb="plan")
    assert explained(world).verdict.reason == "absence-unproved"


def test_an_explanation_writes_nothing_into_the_store(world: World) -> None:
    world.put("shop.person", {"id": "p1", "name": "Ann", "mail": "ann@x.example"})
    world.run()
    before = world.store.summary().rows
    explained(world)
    assert world.store.summary().rows == before


def test_the_tree_names_rule_and_policy_of_each_field(world: World) -> None:
    world.put("shop.person", {"id": "p1", "name": "Ann", "mail": "ann@x.example"})
    world.run()
    one = explained(world)
    tree = why_tree(view(world, one), Blind(dict(world.ruleset.objects)), "email")
    (field,) = tree["fields"]
    assert (field["field"], field["verb"], field["source"]) == ("email", "keep", "a***@***.example")
    assert "shop-to-ledger.yaml:6:" in field["rule"]
    assert "shop-to-ledger.yaml:9:" in field["policy"]
