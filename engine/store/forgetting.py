"""Forgetting a record: what it said leaves the file for good; that something was done to it stays known."""

from __future__ import annotations

from engine.model.errors import StoreError
from engine.model.record import RecordKey
from engine.store.connection import Connection
from engine.store.mirrors import Mirrors

_AT_SOURCE = "source_mirror = ? AND source_id = ?"
_AT_AN_END = "(a_mirror = ? AND a_id = ?) OR (b_mirror = ? AND b_id = ?)"
_AT_TARGET = "target_mirror = ? AND target_id = ?"


class Forgetting:
    """Takes a record out of every table that can hold what it said."""

    def __init__(self, connection: Connection, mirrors: Mirrors) -> None:
        self._db = connection
        self._mirrors = mirrors

    def forget(self, key: RecordKey) -> dict[str, int]:
        """Forget a record; table -> rows that were taken out or emptied. Refused while an outcome is not known."""
        mirror = self._mirrors.number(key.connection, key.object)
        at = (mirror, key.id)
        self._refuse_unsettled(key, at)
        self._db.run("PRAGMA secure_delete = ON")
        with self._db.transaction():
            counts = {
                "records": self._delete("records", "mirror = ? AND id = ?", at),
                "keys": self._delete("keys", "mirror = ? AND id = ?", at),
                "links": self._delete("links", _AT_AN_END, (*at, *at)),
                "snapshots": self._delete("snapshots", "mirror = ? AND id = ?", at),
                "assignments": self._delete("assignments", "connection = ? AND object = ? AND id = ?", key),
                "cases": self._delete("cases", "connection = ? AND object = ? AND record_id = ?", key),
                "findings": self._delete("findings", "record = ?", (str(key),)),
                "claims": self._delete("claims", "source = ?", (str(key),)),
                "answers": self._delete("answers", "connection = ? AND object = ?", key[:2]),
                "operations": self._empty(at),
            }
        # What was written over must not survive in the log either.
        self._db.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.run("PRAGMA secure_delete = OFF")
        return {table: number for table, number in counts.items() if number}

    def _refuse_unsettled(self, key: RecordKey, at: tuple[int, str]) -> None:
        sql = f"""SELECT 1 FROM operations WHERE state IN ('open', 'unknown')
            AND (({_AT_SOURCE}) OR ({_AT_TARGET})) LIMIT 1"""
        if self._db.rows(sql, (*at, *at)):
            raise StoreError(f"{key} has an operation whose outcome is not known: run a sync first, it settles that")

    def _delete(self, table: str, where: str, values: tuple[object, ...]) -> int:
        return self._db.run(f"DELETE FROM {table} WHERE {where}", values)

    def _empty(self, at: tuple[int, str]) -> int:
        """Planned operations go; of those that were done the values go."""
        values = (*at, *at)
        planned = self._delete(
            "operations", f"state IN ('planned', 'superseded') AND (({_AT_SOURCE}) OR ({_AT_TARGET}))", values
        )
        sql = f"""UPDATE operations SET changes = x'', settles = x'', error = ''
            WHERE ({_AT_SOURCE}) OR ({_AT_TARGET})"""
        return planned + self._db.run(sql, values)
