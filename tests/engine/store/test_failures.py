"""Errors of the library become ours; errors that only a bug can cause stay what they are."""

from __future__ import annotations

import sqlite3

import pytest

from engine.model.errors import StoreError
from engine.store.failures import translated


def failing(code: int, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    error = kind("details of the library")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (sqlite3.SQLITE_BUSY, "the store here is busy"),
        (sqlite3.SQLITE_BUSY | (2 << 8), "the store here is busy"),
        (sqlite3.SQLITE_READONLY, "the store here is read-only: allow writing"),
        (sqlite3.SQLITE_FULL, "the disk of here is full: free space"),
        (sqlite3.SQLITE_IOERR_FSYNC, "the disk of here failed: check it"),
        (sqlite3.SQLITE_CORRUPT, "the store here is damaged: put it aside and restore the last backup"),
        (sqlite3.SQLITE_NOTADB, "the store here is damaged"),
        (sqlite3.SQLITE_ERROR, "the store here failed: details of the library"),
    ],
    ids=["busy", "busy extended", "read-only", "full", "sync", "corrupt", "no database", "other"],
)
def test_every_failure_says_what_to_do(code: int, text: str) -> None:
    with pytest.raises(StoreError) as caught, translated("here"):
        raise failing(code)
    assert str(caught.value).startswith(text)


@pytest.mark.parametrize("kind", [sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError])
def test_bugs_are_not_disguised(kind: type[sqlite3.Error]) -> None:
    with pytest.raises(kind), translated("here"):
        raise failing(sqlite3.SQLITE_CONSTRAINT, kind)
