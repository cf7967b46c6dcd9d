"""Opening: what cannot be trusted is refused with a word on what to do, and nothing is made by accident."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine.model.errors import StoreError
from engine.model.stored import Staged
from engine.store import SqliteStore, open_store
from engine.store.connection import Connection

CRM = ("crm", "crm.contact")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def filled(path: Path, rows: int = 400) -> None:
    store = open_store(path, create=True)
    store.stage(*CRM, [Staged(f"{n:05d}", {"text": "x" * 100}, "h") for n in range(rows)], sequence=1)
    store.close()


def refused(path: Path, match: str, *, create: bool = True) -> None:
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError, match=match):
        open_store(path, create=create)
    assert before is None or path.read_bytes() == before


def test_store_is_made_only_when_asked_for(path: Path) -> None:
    refused(path, "there is no store at .*begin a new one", create=False)
    assert list(path.parent.iterdir()) == []

    first = open_store(path, create=True)
    identity = first.id
    first.close()
    again = open_store(path)
    assert re.fullmatch(r"[0-9a-f-]{36}", identity)
    assert again.id == identity
    again.close()


def test_store_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "made" / "here" / "state.db"
    store = open_store(path, create=True)
    store.next_sequence()

    assert mode(path.parent) == 0o700
    assert {one.name: mode(one) for one in path.parent.iterdir()} == {
        "state.db": 0o600, "state.db-wal": 0o600, "state.db-shm": 0o600, "state.db-seal": 0o600,
    }  # fmt: skip
    store.close()


def test_too_open_store_is_closed_to_others(path: Path) -> None:
    filled(path)
    path.chmod(0o644)
    open_store(path).close()

    assert mode(path) == 0o600


def test_odd_names_of_files_are_taken_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "50% of #1? é.db"
    filled(path)

    assert path.exists()
    open_store(path).close()


def test_empty_file_is_refused(path: Path) -> None:
    path.touch()
    refused(path, "is empty: restore the last backup")


def test_text_file_is_refused(path: Path) -> None:
    path.write_text("name,mail\n" * 1000)
    refused(path, "is not a store")


def test_folder_is_refused(path: Path) -> None:
    path.mkdir()
    refused(path, "is not a file")


def test_loop_of_links_is_refused(path: Path) -> None:
    path.symlink_to(path)
    refused(path, "is not a file")


def test_database_of_something_else_is_refused(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE music (title TEXT)")
    other.close()
    refused(path, "is a database, but not a store of ours")


def test_store_of_a_newer_version_is_refused(path: Path) -> None:
    filled(path)
    with sqlite3.connect(path) as raw:
        raw.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('concord', '0099_later', '')"
        )
    raw.close()
    refused(path, "made by a newer version \\(0099_later\\)")


@pytest.mark.parametrize("kept", [100, 4096, 5000, 0.5, 0.9], ids=str)
def test_truncated_store_is_refused(path: Path, kept: float) -> None:
    filled(path)
    size = path.stat().st_size
    os.truncate(path, int(kept * size) if kept < 1 else int(kept))
    refused(path, "is damaged: put it aside and restore the last backup")


def test_overwritten_pages_are_refused(path: Path) -> None:
    filled(path)
    with path.open("r+b") as file:
        for page in range(2, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(os.urandom(200))
    refused(path, "is damaged")


def test_lost_store_is_not_made_anew_beside_its_seal(path: Path) -> None:
    filled(path)
    path.unlink()
    refused(path, "is gone, but its seal is still there: restore the last backup")
    assert not path.exists()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can step down to another user")
@pytest.mark.parametrize(
    ("file", "folder"), [(0o444, 0o777), (0o666, 0o555), (0o000, 0o777)], ids=["file", "folder", "closed"]
)
def test_read_only_store_is_refused(tmp_path: Path, file: int, folder: int) -> None:
    path = tmp_path / "inner" / "state.db"
    filled(path)
    path.chmod(file)
    path.parent.chmod(folder)
    for above in (tmp_path, *tmp_path.parents[:-2]):
        above.chmod(above.stat().st_mode | 0o555)

    command = [sys.executable, "-c", _OPEN_AS_NOBODY, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert "is read-only: allow writing to the file and its folder" in done.stdout, done.stderr


_OPEN_AS_NOBODY = """
import os, sys
from engine.model.errors import StoreError
from engine.store import open_store
os.setgid(65534); os.setuid(65534)
try:
    open_store(sys.argv[1])
except StoreError as error:
    print(error)
"""


def test_eight_openers_at_once_make_one_store(path: Path) -> None:
    ids: list[str] = []

    def make() -> None:
        store = open_store(path, create=True)
        ids.append(store.id)
        store.close()

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids) == 8
    assert len(set(ids)) == 1
    assert sorted(one.name for one in path.parent.iterdir()) == ["state.db", "state.db-seal"]


def test_use_after_closing_says_so(store: SqliteStore) -> None:
    store.close()
    with pytest.raises(StoreError, match="is closed: open it again"):
        store.next_sequence()


def test_a_step_that_fails_leaves_the_store_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(path)

    def half(database: object) -> None:
        raw = database.conn  # type: ignore[attr-defined]
        raw.execute("CREATE TABLE later (id TEXT)")
        raise sqlite3.OperationalError("no such function: later")

    from engine.store import opening, schema

    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, ("0002_later", half)))
    monkeypatch.setattr(opening, "STEPS", schema.STEPS)
    with pytest.raises(StoreError, match="no such function"):
        open_store(path)
    monkeypatch.undo()

    open_store(path).close()
    connection = Connection(str(path))
    assert connection.rows("SELECT name FROM sqlite_master WHERE name = 'later'") == []
    connection.close()


def test_a_new_step_is_taken_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(path)

    def more(database: object) -> None:
        database.conn.execute("CREATE TABLE later (id TEXT)")  # type: ignore[attr-defined]

    from engine.store import opening, schema

    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, ("0002_later", more)))
    monkeypatch.setattr(opening, "STEPS", schema.STEPS)
    for _ in range(2):
        store = open_store(path)
        assert store.count(*CRM) == 400
        store.close()
    monkeypatch.undo()
    refused(path, "made by a newer version")
