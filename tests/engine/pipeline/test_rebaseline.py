"""Rebaseline: what differs now is agreed; what changes later counts."""

from __future__ import annotations

from pathlib import Path

from engine.pipeline.rebaseline import rebaseline
from engine.pipeline.workshop import Workshop
from tests.world import World, build, open_world, write

PEOPLE = [{"id": f"p{n}", "name": f"N{n}", "mail": f"n{n}@x.example"} for n in range(3)]


def rebaselined(world: World) -> dict[str, int]:
    shop = Workshop(world.ruleset, world.store, clock=world.clock, open=lambda spec, **_: world.system(spec.name))
    return rebaseline(shop, world.ruleset.flows["shop-to-ledger"])


def test_a_changed_mapping_rewrites_nothing_after_a_rebaseline(tmp_path: Path) -> None:
    world = build(tmp_path)
    world.put("shop.person", *PEOPLE)
    world.run()
    world.store.close()
    layer = tmp_path / "layer"
    write(layer, "version: 1\nflow: shop-to-ledger\nfields: {name: {template: 'Mx {{ source.name }}'}}\n")
    changed = open_world(tmp_path, [layer])
    changed.systems, changed.clock = world.systems, world.clock
    assert len(changed.plan()) == 3
    requests = {name: len(changed.held(f"{name}")) for name in ("ledger.account",)}
    assert rebaselined(changed) == {"rebaselined": 3, "left": 0}
    assert changed.plan() == []
    assert {name: len(changed.held(name)) for name in requests} == requests
    assert sorted(one["name"] for one in changed.held("ledger.account").values()) == ["N0", "N1", "N2"]
    changed.put("shop.person", {"id": "p1", "name": "New"})
    changed.run()
    assert sorted(one["name"] for one in changed.held("ledger.account").values()) == ["Mx New", "N0", "N2"]
    changed.store.close()


def test_records_whose_other_side_is_gone_are_left_as_they_were(tmp_path: Path) -> None:
    world = build(tmp_path)
    world.put("shop.person", *PEOPLE)
    world.run()
    (first, *_) = world.held("ledger.account")
    world.system("ledger").delete(world.ruleset.objects["ledger.account"], first)
    assert rebaselined(world) == {"rebaselined": 2, "left": 1}
    world.store.close()
