"""The store as a whole: it is what the pipeline asks for, and its queries use their indexes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from engine.model import protocols, stored
from engine.model.link import Snapshot, link_between
from engine.model.operation import Operation
from engine.model.record import RecordKey
from engine.model.stored import Staged
from engine.store import SqliteStore

CRM, SHOP = ("crm", "crm.contact"), ("shop", "shop.customer")


def test_store_is_what_the_floors_above_ask_for(store: SqliteStore) -> None:
    asked: stored.Store = store
    tokens: protocols.TokenStore = store.tokens

    promised = {name for name in vars(stored.Store) if not name.startswith("_")} | {"id", "behind"}
    assert {name for name in promised if not hasattr(asked, name)} == set()
    assert tokens.load("shop") is None


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.stage(*CRM, [Staged("1", {}, "h2", keys=(("k", "2"),))], sequence=2, listing=2),
        lambda store: store.known_lines(*CRM, [b"L", b"M"], listing=3),
        lambda store: store.known_lines(*CRM, [b"L", b"M"]),
        lambda store: store.lookup(*CRM, "k", ["1", "2"]),
        lambda store: store.links_of(*CRM, ["1"], SHOP, rejected=True),
        lambda store: store.links_of(*SHOP, ["x"]),
        lambda store: store.snapshots("f", *CRM, ["1"]),
        lambda store: list(store.due("f", CRM, SHOP, after=0, digest="", now="2026")),
        lambda store: list(store.operations(states=("open", "unknown"))),
        lambda store: list(store.operations(run="r", states=("planned",))),
        lambda store: list(store.operations(record=RecordKey(*CRM, "1"))),
        lambda store: store.claim([(*SHOP, "k", "1", "op9", "s")]),
        lambda store: store.release(["op1"]),
        lambda store: store.revision("f", ["a", "b"]),
    ],
    ids=[
        "stage", "lines listed", "lines", "lookup", "links there", "links back", "snapshots", "due", "open operations",
        "planned operations", "history", "claim", "release", "revision",
    ],
)  # fmt: skip
def test_no_query_reads_a_whole_table(store: SqliteStore, ask: Callable[[SqliteStore], Any]) -> None:
    store.stage(*CRM, [Staged("1", {}, "h", keys=(("k", "1"),), line=b"L")], sequence=1)
    store.put_links([link_between(RecordKey(*CRM, "1"), RecordKey(*SHOP, "x"))])
    store.put_snapshots([Snapshot("f", RecordKey(*CRM, "1"), unfinished=True)])
    store.put_operations([Operation("op1", "r", "f", "create", RecordKey(*CRM, "1"), RecordKey(*SHOP, ""))])
    said: list[str] = []
    store._main.raw.set_trace_callback(said.append)
    ask(store)
    store._main.raw.set_trace_callback(None)

    assert [scan for sql in said for scan in scans(store, sql)] == []


def scans(store: SqliteStore, sql: str) -> list[str]:
    """Steps of a statement that read a table from end to end; the list of due ids itself is meant to be."""
    asked = re.sub(r"INSERT INTO due_\d+ \(id\) (.*) ON CONFLICT DO NOTHING", r"\1", sql, flags=re.DOTALL)
    if not asked.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")) or " FROM due_" in asked:
        return []
    plan = store._main.raw.execute(f"EXPLAIN QUERY PLAN {asked}")
    return [f"{row[3]}: {asked}" for row in plan if row[3].startswith("SCAN")]


def test_a_query_without_an_index_would_be_noticed(store: SqliteStore) -> None:
    assert scans(store, "SELECT id FROM records WHERE version = 'v'") != []
