"""A file as a source in bulk: what is as it was is not read into, what changed is."""

from __future__ import annotations

import json
from pathlib import Path

from tests.world import LEDGER, MAPPING, RULES, World, build

FILES = """
version: 1
system: shop
title: Shop
connector: files
settings: {path: {type: text, default: PATH}}
objects:
  person:
    title: Person
    id: id
    changes: {kind: sweep}
    operations: {list: {request: GET /people}, read: {request: "GET /people/{{ id }}"}}
    fields: {id: {type: text, writable: false}, name: {type: text}, mail: {type: email}, phone: {type: text}}
"""


def a_world(folder: Path) -> World:
    return build(folder, systems=(FILES.replace("PATH", str(folder / "in")), LEDGER), mapping=MAPPING, rules=RULES)


def people(folder: Path, *rows: dict[str, str]) -> None:
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "person.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


ANN, BOB = {"id": "1", "name": "Ann", "mail": "a@x.example"}, {"id": "2", "name": "Bob", "mail": "b@x.example"}


def test_an_unchanged_file_is_settled_and_a_changed_line_is_seen(tmp_path: Path) -> None:
    people(tmp_path, ANN, BOB)
    world = a_world(tmp_path)
    assert files_run(world) == {"created": 2}
    assert files_run(world) == {"settled": 2}
    people(tmp_path, ANN, {**BOB, "name": "Robert"})
    assert files_run(world) == {"updated": 1, "settled": 1}
    assert sorted(one["name"] for one in world.held("ledger.account").values()) == ["Ann", "Robert"]
    world.store.close()


def test_a_line_that_cannot_be_read_is_told_every_time(tmp_path: Path) -> None:
    people(tmp_path, ANN)
    with (tmp_path / "in" / "person.jsonl").open("a") as file:
        file.write("{torn\n")
    world = a_world(tmp_path)
    for expected in ({"created": 1, "failed": 1}, {"settled": 1, "failed": 1}):
        assert files_run(world) == expected
    world.store.close()


def files_run(world: World) -> dict[str, int]:
    """One run with the files connector itself, and its ends that are not zero."""
    from engine.connectors.files import FilesConnector
    from engine.pipeline.decide_flow import Task
    from engine.pipeline.sync import Order, run_flow
    from engine.pipeline.workshop import Workshop

    world.clock.advance(1)
    shop = Workshop(
        world.ruleset, world.store, clock=world.clock,
        open=lambda spec, **_: FilesConnector(spec) if spec.system.connector == "files" else world.system(spec.name),
    )  # fmt: skip
    counts = run_flow(shop, Order(Task(world.ruleset.flows["shop-to-ledger"]))).counts
    ends = ("settled", "created", "updated", "linked", "held", "failed")
    return {end: counts[end] for end in ends if counts[end]}
