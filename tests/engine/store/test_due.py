"""Due: why a record has to be looked at again, and that pages stay sound while others write."""

from __future__ import annotations

from typing import Any

from engine.model.link import Snapshot, link_between
from engine.model.record import RecordKey
from engine.model.stored import Staged
from engine.store import SqliteStore

CRM, SHOP = ("crm", "crm.contact"), ("shop", "shop.customer")
NOW = "2026-03-01T12:00:00Z"


def stage(store: SqliteStore, of: tuple[str, str], sequence: int, *ids: str) -> None:
    store.stage(*of, [Staged(id, {}, f"h{sequence}") for id in ids], sequence=sequence)


def due(store: SqliteStore, after: int = 0, **facts: Any) -> list[str]:
    facts = {"source": CRM, "target": SHOP, "digest": "", "now": NOW, **facts}
    return [id for ids in store.due("crm-to-shop", after=after, **facts) for id in ids]


def linked(store: SqliteStore, source: str, target: str, **facts: Any) -> None:
    store.put_links([link_between(RecordKey(*CRM, source), RecordKey(*SHOP, target), **facts)])


def snapshot(store: SqliteStore, id: str, **facts: Any) -> None:
    store.put_snapshots([Snapshot(facts.pop("flow", "crm-to-shop"), RecordKey(*CRM, id), **facts)])


def test_moved_source_is_due(store: SqliteStore) -> None:
    stage(store, CRM, 1, "a", "b")
    stage(store, CRM, 2, "b", "c")

    assert due(store, 1) == ["b", "c"]
    assert due(store, 2) == []


def test_source_of_a_moved_target_is_due(store: SqliteStore) -> None:
    stage(store, CRM, 1, "a", "b", "c")
    linked(store, "a", "x")
    linked(store, "b", "y", state="broken")
    linked(store, "c", "z")
    stage(store, SHOP, 2, "x", "y")

    assert due(store, 1) == ["a"]


def test_the_reverse_flow_sees_the_same_link(store: SqliteStore) -> None:
    stage(store, SHOP, 1, "x")
    linked(store, "a", "x")
    stage(store, CRM, 2, "a")

    assert due(store, 1, source=SHOP, target=CRM) == ["x"]


def test_links_within_one_object_are_followed_from_both_ends(store: SqliteStore) -> None:
    stage(store, CRM, 1, "a", "b")
    store.put_links([link_between(RecordKey(*CRM, "a"), RecordKey(*CRM, "b"))])
    stage(store, CRM, 2, "b")

    assert due(store, 1, target=CRM) == ["a", "b"]


def test_target_of_another_connection_makes_nothing_due(store: SqliteStore) -> None:
    stage(store, CRM, 1, "a")
    linked(store, "a", "x")
    store.stage("shop_us", "shop.customer", [Staged("x", {}, "h")], sequence=2)

    assert due(store, 1) == []


def test_gone_source_is_due_only_when_it_was_dealt_with(store: SqliteStore) -> None:
    stage(store, CRM, 1, "linked", "seen", "stranger")
    linked(store, "linked", "x")
    snapshot(store, "seen")
    store.mark_gone(*CRM, ["linked", "seen", "stranger"], sequence=2)

    assert due(store, 1) == ["linked", "seen"]


def test_unfinished_work_is_due(store: SqliteStore) -> None:
    stage(store, CRM, 1, "a", "b")
    snapshot(store, "a", unfinished=True)
    snapshot(store, "b", unfinished=True, flow="another")

    assert due(store, 1) == ["a"]


def test_time_that_came_makes_due(store: SqliteStore) -> None:
    stage(store, CRM, 1, "a", "b", "c")
    snapshot(store, "a", due_at="2026-03-01T11:59:59Z")
    snapshot(store, "b", due_at="2026-03-01T12:00:00Z")
    snapshot(store, "c", due_at="2026-03-01T12:00:01Z")

    assert due(store, 1) == ["a", "b"]


def test_everything_is_all_that_is_there_and_gone_ones_with_a_link(store: SqliteStore) -> None:
    stage(store, CRM, 1, "a", "b", "gone", "gone-linked")
    linked(store, "gone-linked", "x")
    store.mark_gone(*CRM, ["gone", "gone-linked"], sequence=1)

    assert due(store, 9, everything=True) == ["a", "b", "gone-linked"]


def test_given_ids_are_taken_exactly(store: SqliteStore) -> None:
    stage(store, CRM, 1, "a", "b", "c")

    assert due(store, ids=["c", "a", "c", "unknown"]) == ["a", "c", "unknown"]


def test_each_id_comes_once_in_order_in_batches(store: SqliteStore) -> None:
    stage(store, CRM, 1, *(f"{n:03d}" for n in range(25)))
    linked(store, "003", "x")
    stage(store, SHOP, 1, "x")
    snapshot(store, "003", unfinished=True)

    pages = list(store.due("crm-to-shop", CRM, SHOP, after=0, digest="", now=NOW, batch=10))

    assert [len(page) for page in pages] == [10, 10, 5]
    assert [id for page in pages for id in page] == [f"{n:03d}" for n in range(25)]


def test_writes_between_batches_neither_repeat_nor_lose(store: SqliteStore) -> None:
    stage(store, CRM, 1, *(f"{n:03d}" for n in range(30)))
    seen: list[str] = []

    for page in store.due("crm-to-shop", CRM, SHOP, after=0, digest="", now=NOW, batch=7):
        with store.transaction():
            seen += page
            stage(store, CRM, store.next_sequence() + 1, *page)
            snapshot(store, page[0], unfinished=True)

    assert seen == [f"{n:03d}" for n in range(30)]


def test_two_at_once_do_not_disturb_each_other(store: SqliteStore) -> None:
    stage(store, CRM, 1, "a", "b")
    stage(store, SHOP, 1, "x", "y")
    one = store.due("f", CRM, SHOP, after=0, digest="", now=NOW, batch=1)
    two = store.due("g", SHOP, CRM, after=0, digest="", now=NOW, batch=1)

    assert [next(one), next(two), next(one), next(two)] == [["a"], ["x"], ["b"], ["y"]]
    one.close()
    assert list(two) == []
