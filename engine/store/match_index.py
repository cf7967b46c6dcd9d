"""An index of known records for matching: one new record costs the same among ten thousand and a million."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from engine.model.errors import Refused

_TABLES = """
CREATE TABLE IF NOT EXISTS keys (hash INTEGER NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (hash, row)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS common (hash INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS rows
    (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, fields BLOB NOT NULL, keys BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS made_by (one INTEGER PRIMARY KEY CHECK (one = 1), rules TEXT NOT NULL);
"""
_ADD = "INSERT OR IGNORE INTO keys SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM common WHERE hash = ?)"
MOST_ROWS = 10
"""A key that more rows than this share tells nothing."""

MOST_CANDIDATES = 4
"""Rows compared with a new one: those that share the most keys."""

Known = tuple[str, dict[str, str]]
"""A record: its id and its normalised values."""


class MatchIndex:
    """Keys and values of known records in one SQLite file."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA mmap_size = 1073741824;")
        self._db.executescript(_TABLES)
        self._encode, self._decode = msgspec.json.Encoder().encode, msgspec.json.Decoder(dict[str, str]).decode
        self._queries: dict[int, str] = {}

    def claim(self, rules: str) -> None:
        """Remember by which rules the keys are made; refuse others."""
        self._db.execute("INSERT OR IGNORE INTO made_by VALUES (1, ?)", (rules,))
        if self._db.execute("SELECT rules FROM made_by").fetchone() != (rules,):
            raise Refused("this index was made by rules with other fields or blocks: make it anew with --keep")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def add(self, records: Iterable[tuple[Known, Sequence[int]]]) -> None:
        """Known records with their keys, in one transaction; one that is there already is replaced. Many at once are
        quicker: their keys go in sorted."""
        db = self._db
        db.execute("BEGIN IMMEDIATE")
        try:
            made: list[tuple[int, int, int]] = []
            for (id, fields), keys in records:
                self._forget(id)
                cells = (id, self._encode(fields), self._encode(list(keys)))
                row = db.execute("INSERT INTO rows (id, fields, keys) VALUES (?, ?, ?)", cells).lastrowid or 0
                made += [(key, row, key) for key in keys]
            db.executemany(_ADD, sorted(made))
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise

    def settle(self) -> None:
        """Take out keys that too many rows share; after a bulk load."""
        db = self._db
        db.execute("INSERT OR IGNORE INTO common SELECT hash FROM keys GROUP BY hash HAVING count(*) > ?", (MOST_ROWS,))
        db.execute("DELETE FROM keys WHERE hash IN (SELECT hash FROM common)")
        db.execute("ANALYZE")

    def candidates(self, keys: Sequence[int]) -> Iterator[Known]:
        """Known records that share keys with a new one, those that share the most."""
        if not keys:
            return
        query = self._queries.setdefault(len(keys), _query(len(keys)))
        for id, fields in self._db.execute(query, keys):
            yield id, self._decode(fields)

    def _forget(self, id: str) -> None:
        found = self._db.execute("SELECT row, keys FROM rows WHERE id = ?", (id,)).fetchone()
        if found:
            keys = msgspec.json.decode(found[1], type=list[int])
            self._db.executemany("DELETE FROM keys WHERE hash = ? AND row = ?", [(key, found[0]) for key in keys])
            self._db.execute("DELETE FROM rows WHERE row = ?", found[:1])


def _query(count: int) -> str:
    marks = ",".join("?" * count)
    return f"""SELECT id, fields FROM
        (SELECT row FROM keys WHERE hash IN ({marks}) GROUP BY row ORDER BY count(*) DESC, row LIMIT {MOST_CANDIDATES})
        JOIN rows USING (row)"""
