"""Numbers of mirrors: given once, the same for every process, and not remembered when they were taken back."""

from __future__ import annotations

import pytest

from engine.model.record import RecordKey
from engine.model.stored import Staged
from engine.store import SqliteStore, open_store


def test_mirror_that_was_rolled_back_is_not_mistaken_for_the_next(store: SqliteStore) -> None:
    with pytest.raises(RuntimeError), store.transaction():
        store.stage("crm", "crm.contact", [Staged("1", {"of": "crm"}, "h")], sequence=1)
        raise RuntimeError
    store.stage("shop", "shop.customer", [Staged("1", {"of": "shop"}, "h")], sequence=1)
    store.stage("crm", "crm.contact", [Staged("1", {"of": "crm"}, "h")], sequence=1)

    assert store.records("shop", "shop.customer", ["1"])["1"].fields == {"of": "shop"}
    assert store.records("crm", "crm.contact", ["1"])["1"].fields == {"of": "crm"}


def test_mirror_of_an_inner_part_that_failed_is_forgotten(store: SqliteStore) -> None:
    with store.transaction():
        with pytest.raises(RuntimeError), store.transaction():
            store.stage("crm", "crm.contact", [Staged("1", {}, "h")], sequence=1)
            raise RuntimeError
        store.stage("shop", "shop.customer", [Staged("1", {}, "h")], sequence=1)

    assert store.count("crm", "crm.contact") == 0
    assert [one.key for one in store.all_records("shop", "shop.customer")] == [RecordKey("shop", "shop.customer", "1")]


def test_two_processes_agree_on_mirrors(store: SqliteStore) -> None:
    other = open_store(store.path)
    assert other.count("crm", "crm.contact") == 0
    store.stage("crm", "crm.contact", [Staged("1", {}, "h")], sequence=1)
    other.stage("shop", "shop.customer", [Staged("1", {}, "h")], sequence=1)

    assert other.count("crm", "crm.contact") == 1
    assert store.count("shop", "shop.customer") == 1
    other.close()


def test_asking_about_an_unknown_mirror_stores_nothing(store: SqliteStore) -> None:
    assert store.records("crm", "crm.contact", ["1"]) == {}
    assert store.links_of("crm", "crm.contact", ["1"]) == {}
    assert store.mark_gone("crm", "crm.contact", ["1"], sequence=1) == 0
    assert list(store.due("f", ("crm", "crm.contact"), ("shop", "s.c"), after=0, digest="", now="")) == []
    assert store.summary().rows["mirrors"] == 0
