"""Opening a store: made once and whole, never made anew by accident, refused when it cannot be trusted."""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
import uuid
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from engine.functions.canonical import decode, encode
from engine.model.errors import StoreError
from engine.model.protocols import Clock
from engine.store.codec import Codec
from engine.store.connection import Connection
from engine.store.failures import damaged, translated
from engine.store.schema import STEPS, migrate, taken
from engine.store.seal import seal_path
from engine.store.sqlite import SqliteStore

_HEADER = b"SQLite format 3\x00"
_OLDEST = (3, 35, 0)
_CHECKED_BYTES = 64 * 1024 * 1024
"""Files up to this size are read through when they are opened; larger ones by `check`."""


def open_store(
    path: str | Path, *, create: bool = False, codec: Codec | None = None, clock: Clock | None = None
) -> SqliteStore:
    """Open the store at `path`; with `create`, make it when nothing is there and nothing was."""
    where = Path(os.path.realpath(path))
    if sqlite3.sqlite_version_info < _OLDEST:
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old for the store: 3.35 or later is needed")
    try:
        if not where.exists():
            _make(where, create)
        _inspect(where)
        where.chmod(0o600)
    except OSError as error:
        raise StoreError(f"the store {where} cannot be used: {error.strerror or error}") from error
    with closing(Connection(str(where))) as connection:
        _prepare(connection, where)
    return SqliteStore(where, codec or Codec(encode, decode), clock or _SystemClock())


def _make(path: Path, create: bool) -> None:
    if not create:
        raise StoreError(f"there is no store at {path}: check the path, or begin a new one with a first run")
    if seal_path(path).exists() and not path.exists():
        raise StoreError(
            f"the store {path} is gone, but its seal is still there: restore the last backup, or remove "
            f"{seal_path(path)} to begin anew"
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        _fill(draft)
        _publish(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _fill(draft: Path) -> None:
    with translated(str(draft)), closing(sqlite3.connect(draft, isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        migrate(raw)
        raw.execute("INSERT INTO meta (name, value) VALUES ('store', ?)", (str(uuid.uuid4()),))
        raw.execute("COMMIT")
        if raw.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
            raise StoreError(f"the folder {draft.parent} cannot hold a store: choose one on a local disk")


def _publish(draft: Path, path: Path) -> None:
    """Give a finished file its name; when another process was faster, its file stands."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError:
        # Some file systems know no hard links; the name is free, as far as can be told.
        if not path.exists():
            os.rename(draft, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _inspect(path: Path) -> None:
    if not path.is_file():
        raise StoreError(f"the store {path} is not a file: check the path")
    if not (os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK)):
        raise StoreError(f"the store {path} is read-only: allow writing to the file and its folder")
    if path.stat().st_size == 0:
        raise StoreError(f"the store {path} is empty: restore the last backup, or remove the file to begin anew")
    with path.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise StoreError(f"{path} is not a store: check the path, or restore the last backup in its place")


def _prepare(connection: Connection, path: Path) -> None:
    if connection.row("SELECT 1 FROM sqlite_master WHERE name = 'meta'") is None:
        raise StoreError(f"{path} is a database, but not a store of ours: check the path")
    ours = {name for name, _ in STEPS}
    with translated(str(path)):
        done = taken(connection.raw)
        if newer := done - ours:
            raise StoreError(f"the store {path} was made by a newer version ({max(newer)}): use that one or a later")
        if ours - done:
            with connection.transaction():
                migrate(connection.raw)
    if connection.row("PRAGMA journal_mode = WAL") != ("wal",):
        raise StoreError(f"the store {path} cannot be locked: move it to a local disk")
    small = path.stat().st_size <= _CHECKED_BYTES
    if small and connection.rows("PRAGMA quick_check(1)") != [("ok",)]:
        raise damaged(str(path))


class _SystemClock:
    """The time as this machine has it."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
