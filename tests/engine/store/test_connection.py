"""Transactions: all or nothing, nested ones alone; errors of the library become ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.model.errors import StoreError
from engine.model.stored import Staged
from engine.store import SqliteStore, open_store
from engine.store import connection as module

CRM = ("crm", "crm.contact")


def test_transaction_joins_several_calls(store: SqliteStore) -> None:
    with pytest.raises(RuntimeError), store.transaction():
        store.stage(*CRM, [Staged("1", {}, "h")], sequence=1)
        store.put_watermark("f", "all", 9, "d")
        raise RuntimeError

    assert store.count(*CRM) == 0
    assert store.watermark("f", "all") == (0, "")


def test_inner_transaction_fails_alone(store: SqliteStore) -> None:
    with store.transaction():
        store.put_watermark("f", "one", 1, "d")
        with pytest.raises(RuntimeError), store.transaction():
            store.put_watermark("f", "two", 2, "d")
            raise RuntimeError
        store.put_watermark("f", "three", 3, "d")

    assert [store.watermark("f", scope)[0] for scope in ("one", "two", "three")] == [1, 0, 3]


def test_sequences_rise_and_outlive_a_process(path: Path) -> None:
    first = open_store(path, create=True)
    assert [first.next_sequence() for _ in range(3)] == [1, 2, 3]
    first.close()

    second = open_store(path)
    assert second.next_sequence() == 4
    second.close()


def test_two_stores_never_draw_the_same_sequence(store: SqliteStore) -> None:
    other = open_store(store.path)
    assert [store.next_sequence(), other.next_sequence(), store.next_sequence()] == [1, 2, 3]
    other.close()


def test_writer_that_waits_too_long_is_told_why(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
    other = open_store(store.path)
    with store.transaction(), pytest.raises(StoreError, match="is busy: another process writes for too long"):
        other.next_sequence()
    assert other.next_sequence() == 1
    other.close()


def test_reader_is_not_disturbed_by_a_writer(store: SqliteStore) -> None:
    other = open_store(store.path)
    with store.transaction():
        store.put_watermark("f", "all", 1, "d")
        assert other.watermark("f", "all") == (0, "")
    assert other.watermark("f", "all") == (1, "d")
    other.close()


def test_full_disk_is_told_and_earlier_work_stays(store: SqliteStore) -> None:
    store.stage(*CRM, [Staged("1", {}, "h")], sequence=1)
    pages = store._main.row("PRAGMA page_count")
    assert pages is not None
    store._main.run(f"PRAGMA max_page_count = {pages[0]}")

    with pytest.raises(StoreError, match=r"is full: free space and run again"):
        store.stage(*CRM, [Staged(str(n), {"text": "x" * 5000}, "h") for n in range(2, 500)], sequence=2)
    assert store.count(*CRM) == 1
    store._main.run("PRAGMA max_page_count = 1000000")
    store.stage(*CRM, [Staged("2", {}, "h")], sequence=3)
    assert store.count(*CRM) == 2


def test_eight_processes_write_without_one_refusal(path: Path) -> None:
    open_store(path, create=True).close()
    writers = [subprocess.Popen([sys.executable, "-c", _WRITE, str(path), str(n)]) for n in range(8)]

    assert [writer.wait() for writer in writers] == [0] * 8
    store = open_store(path)
    assert store.next_sequence() == 801
    assert store.count(*CRM) == 800
    assert not store.behind
    store.close()


_WRITE = """
import sys
from engine.model.stored import Staged
from engine.store import open_store
store = open_store(sys.argv[1])
for n in range(100):
    with store.transaction():
        sequence = store.next_sequence()
        store.stage("crm", "crm.contact", [Staged(f"{sys.argv[2]}-{n}", {}, "h")], sequence=sequence)
store.close()
"""
