"""Laws of planning: empty straight after apply, order-free, one record for one person, no silent mass update."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.pipeline.decide_flow import Task
from engine.pipeline.sync import Order, run_flow
from engine.pipeline.workshop import Workshop
from tests.world import LEDGER, MAPPING, RULES, SHOP, World, build, open_world, write

PEOPLE = [
    {"id": "p1", "name": "Ann", "mail": "ann@x.example", "phone": "030 1"},
    {"id": "p2", "name": "Bob", "mail": "bob@x.example"},
    {"id": "p3", "name": "Çelik", "mail": "", "phone": "1"},
]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = build(tmp_path)
    yield made
    made.store.close()


def test_a_plan_straight_after_apply_is_empty(world: World) -> None:
    world.put("shop.person", *PEOPLE)
    world.run()
    assert world.plan() == []


@pytest.mark.parametrize(
    "keep",
    [
        lambda tree: {**tree, "name": str(tree.get("name", ""))[:2]},
        lambda tree: {k: v.upper() if isinstance(v, str) else v for k, v in tree.items()},
        lambda tree: {**tree, "phone": "+49 " + str(tree.get("phone", ""))},
        lambda tree: {**tree, "comment": "seen by a script"},
    ],
    ids=["truncates", "upper-cases", "reformats", "adds"],
)
@pytest.mark.parametrize("drift", ["keep", "put_back"])
def test_a_target_that_changes_what_it_is_given_is_left_in_peace(tmp_path: Path, keep: Any, drift: str) -> None:
    world = build(tmp_path, rules=RULES.replace("drift: keep", f"drift: {drift}"))
    world.system("ledger", store=keep)
    world.put("shop.person", *PEOPLE)
    world.run()
    assert world.plan() == []
    assert world.plan(full=True) == []
    world.store.close()


def test_a_plan_asks_no_system_to_write(world: World) -> None:
    world.put("shop.person", *PEOPLE)
    world.plan()
    assert world.held("ledger.account") == {}


def test_two_new_records_of_one_person_make_one_target(world: World) -> None:
    world.put("shop.person", {"id": "p1", "mail": "ann@x.example"}, {"id": "p2", "mail": " ANN@x.example"})
    report = world.run()
    assert len(world.held("ledger.account")) == 1
    assert (report.counts["created"], report.counts["linked"]) == (1, 1)
    assert world.plan() == []


def test_two_new_records_of_one_person_in_two_batches_make_one_target(world: World) -> None:
    world.put("shop.person", *({"id": f"a{n:04d}", "mail": f"{n}@x.example"} for n in range(600)))
    world.put("shop.person", {"id": "zz", "mail": "0@X.example"})
    world.run()
    assert len(world.held("ledger.account")) == 600


def test_held_is_what_the_rule_says_for_a_taken_record(tmp_path: Path) -> None:
    world = build(tmp_path, rules=RULES.replace("taken: link_also", "taken: hold"))
    world.put("shop.person", {"id": "p1", "mail": "ann@x.example"}, {"id": "p2", "mail": "ann@x.example"})
    report = world.run()
    assert (report.counts["created"], report.counts["held"]) == (1, 1)
    world.store.close()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_order_of_records_does_not_matter(tmp_path: Path, order: tuple[int, ...]) -> None:
    world = build(tmp_path)
    world.put("shop.person", *(PEOPLE[n] for n in order))
    world.run()
    made = [{k: v for k, v in one.items() if k != "changed"} for one in world.held("ledger.account").values()]
    assert [(one["id"], one["shop_id"]) for one in made] == [
        ("account_1", "p1"),
        ("account_2", "p2"),
        ("account_3", "p3"),
    ]
    world.store.close()


def test_a_rule_change_is_never_a_silent_mass_update(tmp_path: Path) -> None:
    world = build(tmp_path)
    world.put("shop.person", *PEOPLE)
    world.run()
    world.store.close()
    write(tmp_path, MAPPING.replace("name: name", "name: {from: name, apply: [upper]}"))
    again = open_world(tmp_path)
    again.systems = world.systems
    again.clock = world.clock
    report = again.run()
    assert [one.code for one in report.refused] == ["guard-reshaped"]
    assert {one["name"] for one in again.held("ledger.account").values()} == {"Ann", "Bob", "Çelik"}
    assert again.run(allowed=frozenset({"reshaped"})).counts["updated"] == 3
    assert again.plan() == []
    again.store.close()


def test_an_unmapped_field_is_left_alone(tmp_path: Path) -> None:
    """A13: a mapping row that goes away stops the field; it never blanks it."""
    world = build(tmp_path)
    world.put("shop.person", *PEOPLE)
    world.run()
    world.store.close()
    write(tmp_path, MAPPING.replace("phone: phone, ", ""))
    again = open_world(tmp_path)
    again.systems, again.clock = world.systems, world.clock
    again.put("shop.person", {"id": "p1", "phone": "99"})
    assert again.plan() == []
    assert again.held("ledger.account")["account_1"]["phone"] == "030 1"
    again.store.close()


def test_a_cleared_source_field_travels_only_where_the_rule_says_so(tmp_path: Path) -> None:
    for number, empty in enumerate(("keep", "clear")):
        world = build(tmp_path / str(number), rules=RULES.replace("empty: keep", f"empty: {empty}"))
        world.put("shop.person", *PEOPLE)
        world.run()
        world.put("shop.person", {"id": "p1", "phone": ""})
        world.run(allowed=frozenset({"blankings"}))
        assert world.held("ledger.account")["account_1"]["phone"] == ("030 1" if empty == "keep" else None)
        world.store.close()


def test_blankings_are_braked(tmp_path: Path) -> None:
    world = build(tmp_path, rules=RULES.replace("empty: keep", "empty: clear"))
    world.put("shop.person", *PEOPLE)
    world.run()
    world.put("shop.person", {"id": "p1", "phone": ""})
    assert [one.code for one in world.run().refused] == ["guard-blankings"]
    assert world.held("ledger.account")["account_1"]["phone"] == "030 1"
    world.store.close()


def test_absence_that_is_not_proved_creates_nothing(tmp_path: Path) -> None:
    blind = LEDGER.replace("      list:   {request: GET /accounts}\n", "").replace("folded_and_trimmed", "exact")
    blind = blind.replace("{kind: field, field: changed, overlap: 1m}", "{kind: sweep}")
    world = build(tmp_path, systems=(SHOP, blind), rules=RULES.replace("none: create", "none: hold"))
    world.put("shop.person", {"id": "p1", "mail": "Ann@x.example"})
    report = world.run()
    assert (report.counts["unknown"], world.held("ledger.account")) == (1, {})
    world.store.close()


def test_read_is_the_sum_of_the_ends(world: World) -> None:
    world.put("shop.person", *PEOPLE)
    for report in (world.run(), world.run(), world.run(full=True)):
        ends = ("settled", "created", "updated", "linked", "assigned", "held", "skipped", "failed", "stale", "unknown")
        assert report.counts["read"] == sum(report.counts[end] for end in ends) == 3


def test_an_emptied_source_is_braked(tmp_path: Path) -> None:
    world = build(
        tmp_path,
        rules=RULES.replace("deletes: 0}", "deletes: 10, source_drop: 30%}\ngone: {source: delete, target: hold}"),
    )
    world.put("shop.person", *PEOPLE)
    world.run()
    for id in ("p1", "p2", "p3"):
        world.system("shop").delete(world.ruleset.objects["shop.person"], id)
    report = world.run(full=True)
    assert [one.code for one in report.refused] == ["guard-source-drop"]
    assert len(world.held("ledger.account")) == 3
    world.store.close()


def test_a_lost_answer_makes_no_second_record(world: World) -> None:
    world.put("shop.person", PEOPLE[0])
    world.system("ledger", loses_answers=frozenset({"create"}))
    report = world.run()
    assert report.counts["unknown"] == 1
    world.system("ledger", loses_answers=frozenset())
    world.run()
    assert len(world.held("ledger.account")) == 1
    assert world.plan() == []


def test_what_a_plan_reserved_blocks_nobody_when_the_plan_is_dropped(world: World) -> None:
    world.put("shop.person", {"id": "p1", "mail": "ann@x.example"}, {"id": "p2", "mail": "bob@x.example"})
    world.plan()
    world.put("shop.person", {"id": "p1", "mail": "eve@x.example"}, {"id": "p2", "mail": "ann@x.example"})
    assert world.run().counts["created"] == 2


def test_a_restored_backup_makes_nothing_twice(tmp_path: Path) -> None:
    """J15: yesterday's store against today's systems."""
    world = build(tmp_path)
    world.put("shop.person", PEOPLE[0])
    world.run()
    world.store.backup(tmp_path / "yesterday.db")
    world.put("shop.person", PEOPLE[1])
    world.run()
    world.store.close()
    (tmp_path / "yesterday.db").replace(tmp_path / "state.db")
    for left in tmp_path.glob("state.db-wal"):
        left.unlink()
    again = open_world(tmp_path)
    again.systems, again.clock = world.systems, world.clock
    assert again.store.behind
    again.run()
    assert not again.store.behind
    mails = sorted(str(one.get("email")) for one in again.held("ledger.account").values())
    assert mails == ["ann@x.example", "bob@x.example"]
    assert again.plan() == []
    again.store.close()


def test_a_write_back_is_no_new_input_to_the_mapping(tmp_path: Path) -> None:
    """Otherwise a rule that changes right after the first sync would pass for edits of people."""
    back = MAPPING + "write_back: {partner: id}\n"
    world = build(tmp_path, mapping=back)
    world.put("shop.person", *PEOPLE)
    world.run()
    assert {one["partner"] for one in world.held("shop.person").values()} == {"account_1", "account_2", "account_3"}
    world.store.close()
    write(tmp_path, back.replace("name: name", "name: {from: name, apply: [upper]}"))
    again = open_world(tmp_path)
    again.systems, again.clock = world.systems, world.clock
    assert [one.code for one in again.run().refused] == ["guard-reshaped"]
    again.store.close()


def test_the_hot_path_of_a_first_load_decides_as_the_whole_path_does(world: World) -> None:
    """A listener gets every verdict with its notes; without one a create is weighed in brief."""
    world.put("shop.person", *PEOPLE, {"id": "p4", "name": None, "mail": "eve@x.example", "phone": ""})
    brief = [(one.id, one.changes, one.settles) for one in world.plan()]
    task = Task(world.ruleset.flows["shop-to-ledger"], heard=lambda _desk, _verdict: None)
    report = run_flow(
        Workshop(world.ruleset, world.store, clock=world.clock, open=lambda spec, **_: world.system(spec.name)),
        Order(task, verb="plan"),
    )
    whole = [(one.id, one.changes, one.settles) for one in world.store.operations(run=report.run.id)]
    assert whole == brief
