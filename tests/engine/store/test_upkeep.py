"""Looking after the store: how it stands, copies of it, checks of it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from engine.model.errors import StoreError
from engine.model.stored import Staged
from engine.store import SqliteStore, open_store

CRM = ("crm", "crm.contact")


def test_summary_says_what_is_in_it(store: SqliteStore) -> None:
    store.stage(*CRM, [Staged("1", {}, "h", keys=(("email", "a"), ("vat", "b")))], sequence=1)

    summary = store.summary()

    assert (summary.path, summary.id, summary.schema, summary.behind) == (str(store.path), store.id, 1, False)
    assert summary.size > 4096
    assert summary.log_size > 0
    assert {table: rows for table, rows in summary.rows.items() if rows} == {"mirrors": 1, "records": 1, "keys": 2}
    assert set(summary.rows) >= {"links", "snapshots", "operations", "claims", "cases", "tokens", "leases"}


def test_backup_of_a_store_in_use_opens_with_its_content(store: SqliteStore, tmp_path: Path) -> None:
    store.stage(*CRM, [Staged(f"{n}", {"t": "x" * 100}, "h") for n in range(500)], sequence=1)
    copy = tmp_path / "copies.db"
    store.backup(copy)
    store.stage(*CRM, [Staged("later", {}, "h")], sequence=2)

    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    restored = open_store(copy)
    assert restored.id == store.id
    assert restored.count(*CRM) == 500
    restored.close()


def test_backup_overwrites_nothing(store: SqliteStore, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("precious")
    with pytest.raises(StoreError, match="name another place"):
        store.backup(taken)
    assert taken.read_text() == "precious"


def test_backup_into_nowhere_leaves_nothing(store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no backup could be written"):
        store.backup(tmp_path / "no" / "such" / "folder.db")
    assert not (tmp_path / "no").exists()


def test_sound_store_passes_its_check(store: SqliteStore) -> None:
    store.check()
