"""One connection: immediate transactions, nested ones as savepoints, errors of ours, every commit counted."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from engine.model.errors import StoreError
from engine.store.failures import translated
from engine.store.seal import Seal

BUSY_SECONDS = 5.0
CHUNK = 500
"""Values bound to one statement; far below every database's limit."""

_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -16000",
    "PRAGMA wal_autocheckpoint = 10000",
    "PRAGMA journal_size_limit = 67108864",
)


class Connection:
    """One database connection; with `any_thread` threads take turns, a whole transaction each."""

    def __init__(self, path: str, *, any_thread: bool = False) -> None:
        self.path = path
        self._checks: list[Callable[[], None]] = []
        self._undoings: list[Callable[[], None]] = []
        self._seal: Seal | None = None
        self._commit_number = 0
        self._ended_by = ""
        self._turn = threading.RLock()
        with translated(path):
            self.raw = sqlite3.connect(
                f"file:{_quoted(path)}?mode=rw",
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=not any_thread,
                cached_statements=256,
            )
            for pragma in _PRAGMAS:
                self.raw.execute(pragma)

    def sealed_by(self, seal: Seal) -> None:
        """From now on every commit is numbered, and its number kept beside the file."""
        self._seal = seal

    def before_writing(self, check: Callable[[], None]) -> None:
        """Have `check` called when a transaction begins; it raises to forbid it."""
        self._checks.append(check)

    def after_undoing(self, forget: Callable[[], None]) -> None:
        """Have `forget` called when a transaction, or a part of one, is rolled back."""
        self._undoings.append(forget)

    @property
    def writing(self) -> bool:
        """True inside a transaction."""
        with translated(self.path, self._ended_by):
            return self.raw.in_transaction

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query. Callers page, so that no reader stays open and memory stays bounded."""
        with self._turn, translated(self.path, self._ended_by):
            return self.raw.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or nothing."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Perform one statement; how many rows it changed."""
        with self._turn, translated(self.path, self._ended_by):
            return self.raw.execute(sql, values).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Perform one statement for each row; how many rows were changed."""
        with self._turn, translated(self.path, self._ended_by):
            return max(self.raw.executemany(sql, rows).rowcount, 0)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. The write lock is taken at once: upgrading later fails under contention."""
        with self._turn, self._part() if self.writing else self._whole():
            yield

    def close(self) -> None:
        """Close it; what was not committed is gone."""
        self.raw.close()

    @contextmanager
    def _part(self) -> Iterator[None]:
        self.run("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self._undone()
            # An error may have ended the whole transaction already.
            if self.writing:
                self.run("ROLLBACK TO part")
                self.run("RELEASE part")
            raise
        self.run("RELEASE part")

    @contextmanager
    def _whole(self) -> Iterator[None]:
        try:
            self._begin()
            yield
        except BaseException as error:
            self._ended_by = str(error) if isinstance(error, StoreError) else ""
            self._roll_back()
            raise
        self._commit()

    def _begin(self) -> None:
        self.run("BEGIN IMMEDIATE")
        for check in self._checks:
            check()
        if self._seal is not None:
            self._commit_number = self._next_commit()

    def _next_commit(self) -> int:
        found = self.row("UPDATE counters SET value = value + 1 WHERE name = 'commits' RETURNING value")
        return int(found[0]) if found else 0

    def _commit(self) -> None:
        try:
            self.raw.execute("COMMIT")
        except sqlite3.Error as error:
            # A failed commit may have reached the disk all the same: only reading again can tell.
            self.close()
            self._ended_by = (
                f"the store {self.path} could not confirm a commit ({error}): check the disk and run again; "
                "what was in flight is looked up first"
            )
            raise StoreError(self._ended_by) from error
        if self._seal is not None:
            self._seal.keep(self._commit_number)

    def _undone(self) -> None:
        for forget in self._undoings:
            forget()

    def _roll_back(self) -> None:
        self._undone()
        try:
            if self.raw.in_transaction:
                self.raw.execute("ROLLBACK")
        except sqlite3.Error:
            # The error that led here is the one to show; a connection that cannot roll back is of no use.
            self.close()


def chunks(values: Iterable[str], size: int = CHUNK) -> Iterator[list[str]]:
    """The values, each once, in lists short enough to be bound."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), size):
        yield distinct[start : start + size]


def marks(count: int) -> str:
    """`?,?,?` for `count` values."""
    return ",".join("?" * count)


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
