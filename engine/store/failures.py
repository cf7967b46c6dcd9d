"""What went wrong with the database, said so that a person knows what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from engine.model.errors import StoreError

_DAMAGED = (
    "the store {path} is damaged: put it aside and restore the last backup in its place; "
    "links and snapshots made since then are found again by the next full run"
)
_TEXTS: dict[int, str] = {
    sqlite3.SQLITE_BUSY: "the store {path} is busy: another process writes for too long; try again when it has ended",
    sqlite3.SQLITE_LOCKED: "the store {path} is busy: another connection holds it; try again when it has ended",
    sqlite3.SQLITE_READONLY: "the store {path} is read-only: allow writing to the file and its folder",
    sqlite3.SQLITE_PERM: "the store {path} may not be used: allow reading and writing for this user",
    sqlite3.SQLITE_AUTH: "the store {path} may not be used: allow reading and writing for this user",
    sqlite3.SQLITE_CANTOPEN: "the store {path} cannot be opened: check that its folder exists and may be written",
    sqlite3.SQLITE_FULL: "the disk of {path} is full: free space and run again; nothing recorded is lost",
    sqlite3.SQLITE_IOERR: "the disk of {path} failed: check it and run again; what is in flight is looked up",
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOLFS: "the file system of the store {path} cannot hold large files: move the store",
    sqlite3.SQLITE_PROTOCOL: "the store {path} cannot be locked: move it off the network drive",
}


def store_error(error: sqlite3.Error, path: str) -> StoreError:
    """The library's error as one of ours."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return StoreError(_TEXTS.get(code, "the store {path} failed: {error}").format(path=path, error=error))


@contextmanager
def translated(path: str, ended_by: str = "") -> Iterator[None]:
    """Let no error of the library through, save those that only a bug of ours can cause. `ended_by`: the failure that
    closed the store, which is told again to whoever comes later."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.InterfaceError):
        raise
    except sqlite3.ProgrammingError as error:
        if "closed database" not in str(error):
            raise
        raise StoreError(ended_by or f"the store {path} is closed: open it again") from error
    except sqlite3.Error as error:
        raise store_error(error, path) from error


def damaged(path: str) -> StoreError:
    """The error for a file whose content cannot be trusted."""
    return StoreError(_DAMAGED.format(path=path))
