"""Looking after the store: how it stands, and copies of it."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from engine.model.errors import StoreError
from engine.model.stored import StoreSummary
from engine.store.connection import Connection
from engine.store.failures import damaged, translated
from engine.store.schema import STEPS

_TABLES = (
    "mirrors", "records", "keys", "answers", "cursors", "watermarks", "links", "snapshots", "assignments",
    "claims", "operations", "revisions", "runs", "cases", "findings", "leases", "tokens",
)


class Upkeep:
    """Counts, backups and checks."""

    def __init__(self, connection: Connection, store_id: str, behind: bool) -> None:
        self._db = connection
        self._store_id = store_id
        self._behind = behind

    def summary(self) -> StoreSummary:
        """How the store stands, for a person."""
        rows = {table: int((self._db.row(f"SELECT COUNT(*) FROM {table}") or (0,))[0]) for table in _TABLES}
        path = Path(self._db.path)
        log = path.with_name(path.name + "-wal")
        return StoreSummary(str(path), self._store_id, len(STEPS), _size(path), _size(log), rows, self._behind)

    def check(self) -> None:
        """Read every page; raise when one is damaged."""
        if self._db.rows("PRAGMA quick_check(1)") != [("ok",)]:
            raise damaged(self._db.path)

    def backup(self, path: str | Path) -> None:
        """Copy the store while it is in use. The copy appears only when it is whole."""
        target = Path(path)
        if target.exists():
            raise StoreError(f"there is something at {target} already: name another place for the backup")
        draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
        try:
            os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            self._copy(draft)
            os.replace(draft, target)
        except OSError as error:
            raise StoreError(f"no backup could be written to {target}: {error.strerror}") from error
        finally:
            draft.unlink(missing_ok=True)

    def _copy(self, draft: Path) -> None:
        with translated(str(draft)), closing(sqlite3.connect(draft)) as copy:
            self._db.raw.backup(copy, pages=2000)
            if copy.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                raise damaged(self._db.path)
            copy.execute("PRAGMA journal_mode = DELETE")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
