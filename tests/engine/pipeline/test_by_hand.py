"""Links that people make: checked, journalled, and obeyed by the next run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.pipeline.by_hand import Linked, Pair, Stroke, begin_run, link_by_hand, unlink_by_hand
from engine.pipeline.workshop import Workshop
from engine.spec.ruleset import FlowSpec
from tests.world import World, build

BY_HAND = Stroke(by="someone")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = build(tmp_path)
    made.put("shop.person", *({"id": f"p{n}", "name": f"N{n}", "mail": f"n{n}@x.example"} for n in range(1, 4)))
    made.put("ledger.account", *({"id": f"a{n}", "name": f"N{n}", "email": f"other{n}@x.example"} for n in range(1, 4)))
    yield made
    made.store.close()


def flow_of(world: World) -> FlowSpec:
    return world.ruleset.flows["shop-to-ledger"]


def link(world: World, *pairs: Pair, stroke: Stroke = BY_HAND) -> Linked:
    shop = Workshop(world.ruleset, world.store, clock=world.clock, open=lambda spec, **_: world.system(spec.name))
    begin_run(shop, flow_of(world), "links")
    return link_by_hand(shop, flow_of(world), pairs, stroke)


def links(world: World) -> list[tuple[str, str, str, str, str]]:
    return [(one.a.id, one.b.id, one.state, one.role, one.rule) for one in world.store.links()]


def test_a_pair_is_linked_and_the_next_run_writes_to_it(world: World) -> None:
    assert link(world, Pair("p1", "a2")).made == (Pair("p1", "a2"),)
    assert links(world) == [("a2", "p1", "confirmed", "primary", "by_hand")]
    world.run()
    assert world.held("ledger.account")["a2"]["email"] == "n1@x.example"


def test_what_a_person_did_stands_in_the_audit_trail(world: World) -> None:
    link(world, Pair("p1", "a1"))
    (operation,) = world.store.operations()
    assert (operation.kind, operation.state, str(operation.source), str(operation.target)) == (
        "link", "done", "shop:p1", "ledger:a1",
    )  # fmt: skip
    assert operation.settles["by"] == "someone"


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        (Pair("", "a1"), "blank"),
        (Pair("p1", ""), "blank"),
        (Pair("p9", "a1"), "unknown-id"),
        (Pair("p1", "a9"), "unknown-id"),
    ],
)
def test_a_pair_that_cannot_be_is_refused(world: World, pair: Pair, code: str) -> None:
    result = link(world, pair)
    assert [one.code for one in result.refused] == [code]
    assert (result.made, links(world)) == ((), [])


def test_one_bad_row_does_not_keep_the_others_back(world: World) -> None:
    result = link(world, Pair("p1", "a1", 2), Pair("p1", "a2", 3), Pair("p2", "a9", 4), Pair("p3", "a3", 5))
    assert result.made == (Pair("p1", "a1", 2), Pair("p3", "a3", 5))
    assert [(one.pair.line, one.code) for one in result.refused] == [(3, "duplicate-row"), (4, "unknown-id")]


def test_a_record_that_is_linked_elsewhere_is_refused_unless_moved(world: World) -> None:
    link(world, Pair("p1", "a1"))
    assert [one.code for one in link(world, Pair("p1", "a2")).refused] == ["linked-elsewhere"]
    assert link(world, Pair("p1", "a2"), stroke=Stroke(move=True)).made == (Pair("p1", "a2"),)
    assert links(world) == [
        ("a1", "p1", "broken", "primary", "by_hand"),
        ("a2", "p1", "confirmed", "primary", "by_hand"),
    ]


def test_a_target_that_is_taken_is_refused_unless_shared(world: World) -> None:
    link(world, Pair("p1", "a1"))
    assert [one.code for one in link(world, Pair("p2", "a1")).refused] == ["target-taken"]
    link(world, Pair("p2", "a1"), stroke=Stroke(share=True))
    assert ("a1", "p2", "confirmed", "secondary", "by_hand") in links(world)


def test_two_rows_for_one_target_do_not_both_get_it(world: World) -> None:
    result = link(world, Pair("p1", "a1", 2), Pair("p2", "a1", 3))
    assert (len(result.made), [one.code for one in result.refused]) == (1, ["target-taken"])


def test_a_pair_that_is_linked_already_is_left_alone(world: World) -> None:
    link(world, Pair("p1", "a1"))
    result = link(world, Pair("p1", "a1"))
    assert (result.known, result.made, result.refused) == ((Pair("p1", "a1"),), (), ())


def test_doing_the_same_twice_leaves_two_lines_in_the_audit_trail(world: World) -> None:
    link(world, Pair("p1", "a1"))
    link(world, Pair("p1", "a2"), stroke=Stroke(move=True))
    assert [operation.revision for operation in world.store.operations()] == [0, 1]


def unlink(world: World, state: str) -> None:
    shop = Workshop(world.ruleset, world.store, clock=world.clock)
    begin_run(shop, flow_of(world), "links")
    (held,) = world.store.links(state="confirmed")
    unlink_by_hand(shop, flow_of(world), held, state=state)  # type: ignore[arg-type]


def test_a_rejected_pair_is_never_matched_again(world: World) -> None:
    world.put("ledger.account", {"id": "a1", "email": "n1@x.example"})
    world.run(ids=("p1",))
    assert links(world) == [("a1", "p1", "confirmed", "primary", "mail")]
    unlink(world, "rejected")
    world.run(ids=("p1",))
    assert [one for one in links(world) if one[2] == "confirmed"] == [
        ("account_1", "p1", "confirmed", "primary", "created")
    ]


def test_a_broken_pair_may_be_matched_again(world: World) -> None:
    world.put("ledger.account", {"id": "a1", "email": "n1@x.example"})
    world.run(ids=("p1",))
    unlink(world, "broken")
    world.run(ids=("p1",))
    assert links(world) == [("a1", "p1", "confirmed", "primary", "mail")]
