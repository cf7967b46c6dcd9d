"""Staging: what is new, what moved, what is as before, what is gone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.model.record import Record, RecordKey
from engine.model.stored import StageCount, Staged
from engine.store import SqliteStore

CRM = ("crm", "crm.contact")


def a_row(id: str = "1", hash: str = "h1", **facts: Any) -> Staged:
    return Staged(id, facts.pop("fields", {"name": "Zoë"}), hash, **facts)


def changed_of(store: SqliteStore, id: str = "1") -> int:
    return store.records(*CRM, [id])[id].changed


def test_new_record_is_stored_as_it_was_given(store: SqliteStore) -> None:
    fields = {"name": "Zoë", "limit": Decimal("10.25"), "tags": ["a", None], "map": {"x": {"y": True}}, "none": None}

    count = store.stage(*CRM, [a_row(fields=fields)], sequence=3)

    assert count == StageCount(("1",), 0)
    assert store.records(*CRM, ["1", "2"]) == {"1": Record(RecordKey(*CRM, "1"), fields, "h1", 3)}


def test_same_hash_again_is_unchanged(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row()], sequence=1)

    assert store.stage(*CRM, [a_row(fields={"name": "other"})], sequence=2) == StageCount((), 1)
    assert store.records(*CRM, ["1"])["1"].fields == {"name": "Zoë"}
    assert changed_of(store) == 1


def test_moved_hash_is_a_change(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row()], sequence=1)

    assert store.stage(*CRM, [a_row(hash="h2", fields={"name": "Zo"})], sequence=2) == StageCount(("1",), 0)
    assert store.records(*CRM, ["1"])["1"] == Record(RecordKey(*CRM, "1"), {"name": "Zo"}, "h2", 2)


def test_last_of_equal_ids_counts_once(store: SqliteStore) -> None:
    count = store.stage(*CRM, [a_row(hash="h1"), a_row(hash="h2", fields={"name": "last"})], sequence=1)

    assert count == StageCount(("1",), 0)
    assert store.records(*CRM, ["1"])["1"].fields == {"name": "last"}


def test_ids_of_two_connections_are_kept_apart(store: SqliteStore) -> None:
    store.stage("shop_eu", "shop.customer", [a_row("41", fields={"name": "Eva"})], sequence=1)
    store.stage("shop_us", "shop.customer", [a_row("41", fields={"name": "Bob"})], sequence=1)

    assert store.records("shop_eu", "shop.customer", ["41"])["41"].fields == {"name": "Eva"}
    assert store.records("shop_us", "shop.customer", ["41"])["41"].fields == {"name": "Bob"}


def test_batches_larger_than_a_statement_are_taken_in(store: SqliteStore) -> None:
    rows = [a_row(f"{n:05d}", keys=(("email", f"{n}@x.y"),)) for n in range(1234)]

    assert len(store.stage(*CRM, rows, sequence=1).changed) == 1234
    assert store.stage(*CRM, rows, sequence=2) == StageCount((), 1234)
    assert len(store.lookup(*CRM, "email", [f"{n}@x.y" for n in range(1234)])) == 1234
    assert [record.key.id for record in store.all_records(*CRM)] == [f"{n:05d}" for n in range(1234)]


# -- detail


def test_detail_joins_the_fields_while_it_is_fresh(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row(version="v1", detail={"street": "Rue"})], sequence=1)

    record = store.records(*CRM, ["1"])["1"]
    assert record.fields == {"name": "Zoë", "street": "Rue"}
    assert record.detail


def test_detail_goes_stale_when_the_version_moves(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row(version="v1", detail={"street": "Rue"})], sequence=1)

    assert store.stage(*CRM, [a_row(version="v2")], sequence=2) == StageCount(("1",), 0)
    record = store.records(*CRM, ["1"])["1"]
    assert record.fields == {"name": "Zoë"}
    assert not record.detail


def test_moved_version_without_detail_is_no_change(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row(version="v1")], sequence=1)

    assert store.stage(*CRM, [a_row(version="v2")], sequence=2) == StageCount((), 1)
    assert store.stage(*CRM, [a_row(version="v2")], sequence=3) == StageCount((), 1)
    assert changed_of(store) == 1


def test_detail_goes_stale_when_the_content_moves(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row(detail={"street": "Rue"})], sequence=1)
    store.stage(*CRM, [a_row(hash="h2")], sequence=2)

    assert not store.records(*CRM, ["1"])["1"].detail


def test_same_detail_read_again_is_fresh_and_no_change(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row(version="v1", detail={"street": "Rue"})], sequence=1)
    store.stage(*CRM, [a_row(version="v2")], sequence=2)

    assert store.stage(*CRM, [a_row(version="v2", detail={"street": "Rue"})], sequence=3) == StageCount((), 1)
    assert store.records(*CRM, ["1"])["1"].detail
    assert changed_of(store) == 2


def test_detail_that_nobody_had_read_is_no_news(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row()], sequence=1)

    assert store.stage(*CRM, [a_row(detail={"street": "Rue"})], sequence=2) == StageCount((), 1)
    assert store.records(*CRM, ["1"])["1"].fields == {"name": "Zoë", "street": "Rue"}
    assert changed_of(store) == 1


def test_another_detail_is_a_change(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row(detail={"street": "Rue"})], sequence=1)

    assert store.stage(*CRM, [a_row(detail={"street": "Via"})], sequence=2) == StageCount(("1",), 0)
    assert store.records(*CRM, ["1"])["1"].fields == {"name": "Zoë", "street": "Via"}


def test_read_without_a_version_keeps_the_known_one(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row(version="v1", detail={"street": "Rue"})], sequence=1)
    store.stage(*CRM, [a_row()], sequence=2)
    store.stage(*CRM, [a_row(version="v1")], sequence=3)

    assert store.records(*CRM, ["1"])["1"].detail


# -- keys


def test_lookup_finds_all_ids_under_a_key(store: SqliteStore) -> None:
    store.stage(*CRM, [
        a_row("2", keys=(("email", "a@x.y"), ("phone", "+49"))),
        a_row("1", keys=(("email", "a@x.y"),)),
    ], sequence=1)  # fmt: skip

    assert store.lookup(*CRM, "email", ["a@x.y", "b@x.y"]) == {"a@x.y": ["1", "2"]}
    assert store.lookup(*CRM, "phone", ["+49", "a@x.y"]) == {"+49": ["2"]}


def test_keys_are_replaced_when_a_record_moves(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row(keys=(("email", "old@x.y"), ("phone", "1")))], sequence=1)
    store.stage(*CRM, [a_row(hash="h2", keys=(("email", "new@x.y"), ("phone", "1")))], sequence=2)

    assert store.lookup(*CRM, "email", ["old@x.y", "new@x.y"]) == {"new@x.y": ["1"]}
    assert store.lookup(*CRM, "phone", ["1"]) == {"1": ["1"]}


def test_keys_are_replaced_when_only_the_index_moved(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row(keys=(("email", "a@x.y"),))], sequence=1)

    assert store.stage(*CRM, [a_row(keys=(("vat", "DE1"),))], sequence=2) == StageCount((), 1)
    assert store.lookup(*CRM, "email", ["a@x.y"]) == {}
    assert store.lookup(*CRM, "vat", ["DE1"]) == {"DE1": ["1"]}


def test_reindex_replaces_keys_of_stored_records_alone(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row("1", keys=(("email", "a@x.y"),)), a_row("2")], sequence=1)
    store.mark_gone(*CRM, ["2"], sequence=2)

    store.reindex(*CRM, [("1", (("vat", "DE1"),)), ("2", (("vat", "DE1"),)), ("9", (("vat", "DE1"),))])

    assert store.lookup(*CRM, "email", ["a@x.y"]) == {}
    assert store.lookup(*CRM, "vat", ["DE1"]) == {"DE1": ["1"]}
    assert store.stage(*CRM, [a_row("1", keys=(("vat", "DE1"),))], sequence=3) == StageCount((), 1)


# -- lines


def test_known_lines_are_those_stored_as_they_are(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row("1", line=b"L1"), a_row("2", line=b"L2"), a_row("3")], sequence=1)

    assert store.known_lines(*CRM, [b"L1", b"L3", b""]) == {b"L1"}


def test_known_lines_count_as_listed(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row("1", line=b"L1"), a_row("2", line=b"L2")], sequence=1, listing=1)

    assert store.known_lines(*CRM, [b"L1"], listing=2) == {b"L1"}
    assert store.unseen(*CRM, 2) == ["2"]


def test_line_of_a_moved_record_is_no_longer_known(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row(line=b"L1")], sequence=1)
    store.stage(*CRM, [a_row(hash="h2")], sequence=2)

    assert store.known_lines(*CRM, [b"L1"]) == set()


def test_line_survives_a_read_of_the_same_content(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row(line=b"L1", detail=None)], sequence=1)
    store.stage(*CRM, [a_row(detail={"street": "Rue"})], sequence=2)

    assert store.known_lines(*CRM, [b"L1"]) == {b"L1"}


def test_another_line_with_the_same_content_is_learned(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row(line=b"L1")], sequence=1)

    assert store.stage(*CRM, [a_row(line=b"L2")], sequence=2) == StageCount((), 1)
    assert store.known_lines(*CRM, [b"L1", b"L2"]) == {b"L2"}


def test_line_of_a_gone_record_is_not_known(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row(line=b"L1")], sequence=1)
    store.mark_gone(*CRM, ["1"], sequence=2)

    assert store.known_lines(*CRM, [b"L1"], listing=2) == set()
    assert store.stage(*CRM, [a_row(line=b"L1")], sequence=3) == StageCount(("1",), 0)


# -- listings, gone, touched


def test_listing_leaves_unseen_what_it_did_not_bring(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row("1"), a_row("2"), a_row("3")], sequence=1, listing=1)
    store.stage(*CRM, [a_row("2"), a_row("3", hash="h2")], sequence=2, listing=2)

    assert store.unseen(*CRM, 2) == ["1"]


def test_reading_one_record_is_not_listing_it(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row("1")], sequence=1, listing=1)
    store.stage(*CRM, [a_row("1", hash="h2")], sequence=2)

    assert store.unseen(*CRM, 1) == []
    assert store.unseen(*CRM, 2) == ["1"]


def test_gone_record_keeps_its_content_and_loses_its_keys(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row(keys=(("email", "a@x.y"),))], sequence=1)

    assert store.mark_gone(*CRM, ["1", "2"], sequence=5) == 1
    assert store.mark_gone(*CRM, ["1"], sequence=6) == 0
    assert store.records(*CRM, ["1"])["1"] == Record(RecordKey(*CRM, "1"), {"name": "Zoë"}, "h1", 5, gone=True)
    assert store.lookup(*CRM, "email", ["a@x.y"]) == {}
    assert list(store.all_records(*CRM)) == []
    assert store.count(*CRM) == 0
    assert store.unseen(*CRM, 9) == []


def test_record_that_comes_back_is_a_change_with_its_keys(store: SqliteStore) -> None:
    row = a_row(keys=(("email", "a@x.y"),))
    store.stage(*CRM, [row], sequence=1)
    store.mark_gone(*CRM, ["1"], sequence=2)

    assert store.stage(*CRM, [row], sequence=3) == StageCount(("1",), 0)
    assert not store.records(*CRM, ["1"])["1"].gone
    assert store.lookup(*CRM, "email", ["a@x.y"]) == {"a@x.y": ["1"]}


def test_touch_moves_the_sequence_alone(store: SqliteStore) -> None:
    store.stage(*CRM, [a_row("1"), a_row("2")], sequence=1)
    store.touch(*CRM, ["2"], sequence=7)

    assert (changed_of(store, "1"), changed_of(store, "2")) == (1, 7)


def test_hostile_ids_and_texts_come_back_as_they_were(store: SqliteStore) -> None:
    ids = ["O'Brien", "100%_", "a\x00b", "😀", "é", "é", "--; DROP TABLE records", "?"]
    for id in ids:
        store.stage(*CRM, [a_row(id, fields={"t": id}, keys=(("p", id),))], sequence=1)

    assert {id: one.fields["t"] for id, one in store.records(*CRM, ids).items()} == {id: id for id in ids}
    assert store.lookup(*CRM, "p", ids) == {id: [id] for id in ids}
