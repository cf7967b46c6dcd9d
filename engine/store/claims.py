"""Claims: a create reserves its keys, so that a second one for the same customer finds the first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.store.connection import Connection, chunks, marks

ClaimRow = tuple[str, str, str, str, str, str]
"""Target connection, target object, rule, key, operation, source text."""
_Slot = tuple[str, str, str, str]


class Claims:
    """Writes the table of claims."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def claim(self, rows: Sequence[ClaimRow]) -> dict[str, tuple[str, str]]:
        """Reserve keys, all of an operation's or none. Where one was taken: operation -> (other one, its source)."""
        met: dict[str, tuple[str, str]] = {}
        with self._db.transaction():
            taken = self._taken([row[:4] for row in rows])
            added: list[ClaimRow] = []
            for operation, wanted in _by_operation(rows).items():
                others = [taken[row[:4]] for row in wanted if taken.get(row[:4], (operation,))[0] != operation]
                if others:
                    met[operation] = others[0]
                    continue
                added += [row for row in wanted if row[:4] not in taken]
                taken.update({row[:4]: row[4:] for row in wanted})
            self._db.many("INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", added)
        return met

    def release(self, operations: Iterable[str]) -> None:
        """Give up what these operations reserved."""
        with self._db.transaction():
            for part in chunks(operations):
                self._db.run(f"DELETE FROM claims WHERE operation IN ({marks(len(part))})", part)

    def supersede(self, flow: str) -> None:
        """What a flow planned and nobody began gives way to a new plan, with all that it reserved."""
        planned = "SELECT id FROM operations WHERE flow = ? AND state = 'planned'"
        with self._db.transaction():
            self._db.run(f"DELETE FROM claims WHERE operation IN ({planned})", (flow,))
            self._db.run("UPDATE operations SET state = 'superseded' WHERE flow = ? AND state = 'planned'", (flow,))

    def _taken(self, slots: Iterable[_Slot]) -> dict[_Slot, tuple[str, str]]:
        keys: dict[tuple[str, str, str], list[str]] = {}
        for connection, object, rule, key in slots:
            keys.setdefault((connection, object, rule), []).append(key)
        found: dict[_Slot, tuple[str, str]] = {}
        for of, wanted in keys.items():
            for part in chunks(wanted):
                sql = f"""SELECT key, operation, source FROM claims WHERE target_connection = ? AND target_object = ?
                    AND rule = ? AND key IN ({marks(len(part))})"""
                found.update({(*of, key): (other, source) for key, other, source in self._db.rows(sql, (*of, *part))})
        return found


def _by_operation(rows: Sequence[ClaimRow]) -> dict[str, list[ClaimRow]]:
    grouped: dict[str, list[ClaimRow]] = {}
    for row in rows:
        grouped.setdefault(row[4], []).append(row)
    return grouped
