"""A forgotten record leaves no trace of what it said."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.errors import StoreError
from engine.model.finding import Finding
from engine.model.link import Snapshot, link_between
from engine.model.operation import Change, Operation, Result
from engine.model.record import RecordKey
from engine.model.run import Case
from engine.model.stored import Answer, Staged
from engine.store import SqliteStore

ANN = RecordKey("crm", "crm.contact", "1")
BOB = RecordKey("crm", "crm.contact", "2")
THERE = RecordKey("books", "books.account", "a1")
WORD = "unmistakable"


def fill(store: SqliteStore, key: RecordKey) -> None:
    fields = {"name": WORD, "mail": f"{WORD}@x.example"}
    store.stage(*key[:2], [Staged(key.id, fields, "h", keys=(("mail", f"{WORD}@x.example"),))], sequence=1)
    store.put_links([link_between(key, THERE)])
    store.put_snapshots([Snapshot("f", key, "a1", {"name": [WORD]})])
    store.put_cases([Case(f"case-{key.id}", "f", "conflict", key, {"name": WORD})])
    store.put_findings("r1", [Finding("odd", "is odd", record=str(key))])
    store.put_answers([Answer(*key[:2], "mail", f"{WORD}@x.example", (key.id,), "found", "r1")])
    store.put_operations([Operation(f"op-{key.id}", "r1", "f", "update", key, THERE, (Change("name", "", WORD, "X"),))])
    store.conclude([Result(f"op-{key.id}", "done", "a1", "", "2026-03-01T12:00:00Z")])


def test_everything_that_a_record_said_is_gone_from_the_file(store: SqliteStore, path: Path) -> None:
    fill(store, ANN)
    counts = store.forget(ANN)
    assert counts == {
        "records": 1, "keys": 1, "links": 1, "snapshots": 1, "cases": 1, "findings": 1, "answers": 1, "operations": 1,
    }  # fmt: skip
    files = [one for one in path.parent.iterdir() if one.is_file()]
    assert [one.name for one in files if WORD.encode() in one.read_bytes()] == []


def test_that_something_was_done_stays_known(store: SqliteStore) -> None:
    fill(store, ANN)
    store.forget(ANN)
    (operation,) = store.operations(record=ANN)
    assert (operation.state, operation.changes, operation.settles) == ("done", (), {})


def test_others_are_left_alone(store: SqliteStore) -> None:
    fill(store, ANN)
    fill(store, BOB)
    store.forget(ANN)
    assert store.records(*BOB[:2], ["1", "2"]).keys() == {"2"}
    assert [case.id for case in store.cases()] == ["case-2"]
    (operation,) = store.operations(record=BOB)
    assert operation.changes[0].after == WORD


def test_a_record_with_an_outcome_that_nobody_knows_is_refused(store: SqliteStore) -> None:
    store.put_operations([Operation("op", "r1", "f", "create", ANN, THERE._replace(id=""))])
    store.open_intents(["op"], "2026-03-01T12:00:00Z")
    with pytest.raises(StoreError, match="run a sync first"):
        store.forget(ANN)


def test_forgetting_twice_and_forgetting_a_stranger_is_harmless(store: SqliteStore) -> None:
    fill(store, ANN)
    store.forget(ANN)
    assert store.forget(ANN) == {"operations": 1}
    assert store.forget(RecordKey("nobody", "no.body", "9")) == {}
