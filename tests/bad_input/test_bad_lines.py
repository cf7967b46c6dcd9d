"""Records that come twice, lines that are no records, refusals of the target: one at a time, the rest goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.connectors.files import FilesConnector
from engine.connectors.memory import MemoryConnector
from engine.model.errors import ConnectorError, Rejected
from engine.pipeline.decide_flow import Task
from engine.pipeline.sync import Order, Report, run_flow
from engine.pipeline.workshop import Workshop
from tests.world import LEDGER, RULES, SHOP, World, build, open_world

FILES = SHOP.replace("connector: memory", "connector: files\nsettings: {path: {type: text}}").replace(
    "changes: {kind: field, field: changed, overlap: 1m}", "changes: {kind: sweep}"
)
NAMED = SHOP.replace("name:    {type: text}", "name:    {type: text, required: true}")
REMOVING = RULES.replace("deletes: 0", "deletes: 100") + "gone: {source: delete, target: rematch}\n"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return build(tmp_path)


def names(world: World) -> dict[str, Any]:
    return {one["shop_id"]: one["name"] for one in world.held("ledger.account").values()}


# -- the same record more than once --------------------------------------------------------------------


def test_an_id_that_comes_twice_on_a_page_has_one_effect(world: World) -> None:
    world.system("shop").seed("shop.person", [{"key": n, "id": "p1", "name": f"Ann {n}"} for n in range(2)], "key")
    report = world.run()
    assert names(world) == {"p1": "Ann 1"}
    assert (report.counts["created"], report.counts["read"]) == (1, 2)


def test_an_id_that_comes_again_on_another_page_has_one_effect(world: World) -> None:
    shop = world.system("shop", page_size=1)
    shop.seed("shop.person", [{"key": n, "id": "p1", "name": "Ann"} for n in range(3)], "key")
    assert world.run().counts["created"] == 1
    assert world.run().counts["created"] == 0
    assert names(world) == {"p1": "Ann"}


def test_a_number_and_its_text_are_one_id(world: World) -> None:
    people = [{"key": 1, "id": 7, "name": "Ann"}, {"key": 2, "id": "7", "name": "Ann"}]
    world.system("shop").seed("shop.person", people, "key")
    world.run()
    assert names(world) == {"7": "Ann"}


def test_zero_is_an_id(world: World) -> None:
    world.system("shop").seed("shop.person", [{"id": 0, "name": "Ann"}])
    world.run()
    assert names(world) == {"0": "Ann"}


# -- what becomes unusable is not gone -----------------------------------------------------------------


def test_a_record_that_becomes_unusable_is_not_taken_for_deleted(tmp_path: Path) -> None:
    world = build(tmp_path, rules=REMOVING, systems=(NAMED, LEDGER))
    world.put("shop.person", {"id": "p1", "name": "Ann"}, {"id": "p2", "name": "Bob"})
    world.run()
    world.put("shop.person", {"id": "p1", "name": {"first": "Ann"}})
    report = world.run(full=True)
    assert names(world) == {"p1": "Ann", "p2": "Bob"}
    assert (report.counts["failed"], report.counts["settled"], report.counts["removed"]) == (1, 1, 0)
    assert world.findings() == ["record-unusable"]


def test_a_field_that_becomes_unreadable_keeps_what_the_target_has(world: World) -> None:
    world.put("shop.person", {"id": "p1", "name": "Ann", "phone": "1"})
    world.run()
    world.put("shop.person", {"id": "p1", "name": "Anna", "phone": {"no": "text"}})
    world.run()
    (account,) = world.held("ledger.account").values()
    assert (account["name"], account["phone"]) == ("Anna", "1")
    assert world.findings() == ["value-unreadable"]


# -- files ---------------------------------------------------------------------------------------------

GOOD = '{"id": "p1", "name": "Ann"}\n{"id": "p2", "name": "Bob"}\n'
BAD_LINES = [
    b'{"id": "p3", "credit": NaN}',
    b'{"id": "p3", "name": "half',
    b'{"id": "p3", "name": "\xff\xfe"}',
    b'["p3", "a list"]',
    b"plain text",
    b'{"id": ' + b"[" * 2000 + b"]" * 2000 + b"}",
]


def run_files(world: World, path: Path) -> Report:
    world.clock.advance(1)
    ledger = world.systems.setdefault("ledger", MemoryConnector("ledger", clock=world.clock))
    spec = world.ruleset.connections["shop"]
    shop = FilesConnector(replace(spec, settings={"path": str(path)}), world.clock)
    opened = {"shop": shop, "ledger": ledger}
    world.last = Workshop(world.ruleset, world.store, clock=world.clock, open=lambda spec, **_: opened[spec.name])
    return run_flow(world.last, Order(Task(world.ruleset.flows["shop-to-ledger"])))


@pytest.fixture
def filed(tmp_path: Path) -> World:
    return build(tmp_path, systems=(FILES, LEDGER), rules=REMOVING)


@pytest.mark.parametrize("line", BAD_LINES, ids=lambda one: one[:24].decode("ascii", "replace"))
def test_a_line_that_is_no_record_is_set_aside(filed: World, tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "person.jsonl"
    path.write_bytes(GOOD.encode() + line + b'\n{"id": "p4", "name": "Dan"}\n')
    report = run_files(filed, path)
    assert names(filed) == {"p1": "Ann", "p2": "Bob", "p4": "Dan"}
    assert filed.findings() == ["line-unreadable"]
    counts = report.counts
    assert (counts["read"], counts["created"], counts["failed"]) == (4, 3, 1)


def test_a_line_that_cannot_be_read_any_more_is_not_taken_for_deleted(filed: World, tmp_path: Path) -> None:
    path = tmp_path / "person.jsonl"
    path.write_text(GOOD)
    run_files(filed, path)
    path.write_text(GOOD.replace('"Bob"', '"Bob'))
    report = run_files(filed, path)
    assert names(filed) == {"p1": "Ann", "p2": "Bob"}
    assert (report.counts["removed"], report.counts["failed"]) == (0, 1)


def test_a_line_that_is_really_gone_is_taken_for_deleted(filed: World, tmp_path: Path) -> None:
    path = tmp_path / "person.jsonl"
    path.write_text(GOOD)
    run_files(filed, path)
    path.write_text(GOOD.splitlines()[0] + "\n")
    assert run_files(filed, path).counts["removed"] == 1
    assert names(filed) == {"p1": "Ann"}


# -- the target refuses one ----------------------------------------------------------------------------


def test_a_record_that_the_target_refuses_fails_alone(world: World) -> None:
    def check(operation: str, _object: str, payload: dict[str, Any]) -> ConnectorError | None:
        return Rejected("the name is too long", status=400) if payload.get("name") == "Bob" else None

    world.put("shop.person", *({"id": f"p{n}", "name": name} for n, name in enumerate(["Ann", "Bob", "Dan"])))
    world.system("ledger", check=check)
    report = world.run()
    assert names(world) == {"p0": "Ann", "p2": "Dan"}
    assert (report.counts["created"], report.counts["failed"], report.failed) == (2, 1, True)
    world.system("ledger", check=lambda *_: None)
    assert world.run().counts["created"] == 1
    assert names(world)["p1"] == "Bob"


def test_when_target_records_cannot_be_used_nothing_is_created_blindly(tmp_path: Path) -> None:
    world = build(tmp_path)
    world.system("ledger").seed("ledger.account", [{"key": 1, "name": "who knows"}], "key")
    world.put("shop.person", {"id": "p1", "name": "Ann", "mail": "a@x.example"})
    report = world.run()
    assert (report.counts["unknown"], report.counts["created"]) == (1, 0)
    assert sorted(world.findings()) == ["absence-unproved", "record-unusable"]


def test_a_reopened_store_reads_everything_again(tmp_path: Path) -> None:
    world = build(tmp_path)
    world.put("shop.person", {"id": "p1", "name": "An\ud800n\x00", "note": "\u202e👩‍👩‍👧"})
    world.run()
    world.store.close()
    again = open_world(tmp_path)
    (person,) = again.store.all_records("shop", "shop.person")
    assert (person.fields["name"]) == "Ann"


