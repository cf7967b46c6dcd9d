"""Which records a flow must look at: source, target, link or time moved, or work is unfinished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from engine.store.connection import Connection

Of = tuple[str, str]
"""A connection and an object."""

_MOVED = """INSERT INTO {due} (id) SELECT id FROM records
    WHERE connection = ? AND object = ? AND changed > ? ON CONFLICT DO NOTHING"""
_ALL = """INSERT INTO {due} (id) SELECT id FROM records
    WHERE connection = ? AND object = ? AND gone = 0 ON CONFLICT DO NOTHING"""
_LINKED_GONE = """INSERT INTO {due} (id) SELECT r.id FROM records r
    WHERE r.connection = ? AND r.object = ? AND r.gone = 1 AND {known} ON CONFLICT DO NOTHING"""
_FORGET_UNKNOWN = """DELETE FROM {due} WHERE id IN (SELECT r.id FROM records r
    WHERE r.connection = ? AND r.object = ? AND r.gone = 1 AND r.changed > ? AND NOT {known})"""
_KNOWN = """(EXISTS (SELECT 1 FROM links l
        WHERE l.a_connection = r.connection AND l.a_object = r.object AND l.a_id = r.id)
    OR EXISTS (SELECT 1 FROM links l
        WHERE l.b_connection = r.connection AND l.b_object = r.object AND l.b_id = r.id)
    OR EXISTS (SELECT 1 FROM snapshots s
        WHERE s.flow = ? AND s.connection = r.connection AND s.object = r.object AND s.id = r.id))"""
_OTHER_END = """INSERT INTO {due} (id) SELECT l.{here}_id FROM records r CROSS JOIN links l
    ON l.{there}_connection = r.connection AND l.{there}_object = r.object AND l.{there}_id = r.id
    WHERE r.connection = ? AND r.object = ? AND r.changed > ?
    AND l.{here}_connection = ? AND l.{here}_object = ? AND l.state NOT IN ('broken', 'rejected')
    ON CONFLICT DO NOTHING"""
_UNFINISHED = """INSERT INTO {due} (id) SELECT id FROM snapshots
    WHERE flow = ? AND connection = ? AND object = ? AND unfinished = 1 ON CONFLICT DO NOTHING"""
_TIME_CAME = """INSERT INTO {due} (id) SELECT id FROM snapshots
    WHERE flow = ? AND connection = ? AND object = ? AND due_at != '' AND due_at <= ? ON CONFLICT DO NOTHING"""


class Due:
    """Collects due ids once, in a table of this connection alone, and hands them out in pages.

    What becomes due while the pages are worked on has a higher sequence and is found by the next run.
    """

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._numbers = count(1)

    def due(
        self,
        flow: str,
        source: Of,
        target: Of,
        *,
        after: int,
        digest: str,
        now: str,
        ids: Sequence[str] | None = None,
        everything: bool = False,
        batch: int = 500,
    ) -> Iterator[list[str]]:
        """Ids of source records, ascending. A moved `digest` is said by the caller: `everything`."""
        if ids is not None:
            wanted = sorted(set(ids))
            yield from (wanted[start : start + batch] for start in range(0, len(wanted), batch))
            return
        table = f"due_{next(self._numbers)}"
        self._db.run(f"CREATE TEMP TABLE {table} (id TEXT PRIMARY KEY) WITHOUT ROWID")
        try:
            self._collect(table, flow, source, target, after, now, everything)
            yield from self._pages(table, batch)
        finally:
            self._db.run(f"DROP TABLE IF EXISTS {table}")

    def _collect(
        self, due: str, flow: str, source: Of, target: Of, after: int, now: str, everything: bool
    ) -> None:
        if everything:
            self._db.run(_ALL.format(due=due), source)
            self._db.run(_LINKED_GONE.format(due=due, known=_KNOWN), (*source, flow))
        else:
            self._db.run(_MOVED.format(due=due), (*source, after))
            self._db.run(_FORGET_UNKNOWN.format(due=due, known=_KNOWN), (*source, after, flow))
        for here, there in _ends(source, target):
            self._db.run(_OTHER_END.format(due=due, here=here, there=there), (*target, after, *source))
        self._db.run(_UNFINISHED.format(due=due), (flow, *source))
        self._db.run(_TIME_CAME.format(due=due), (flow, *source, now))

    def _pages(self, due: str, batch: int) -> Iterator[list[str]]:
        after = ""
        sql = f"SELECT id FROM {due} WHERE id > ? ORDER BY id LIMIT ?"
        while page := [id for (id,) in self._db.rows(sql, (after, batch))]:
            yield page
            after = page[-1]


def _ends(source: Of, target: Of) -> tuple[tuple[str, str], ...]:
    """Which end of a link the source is; ends are kept in order. Within one object it may be either."""
    if source == target:
        return (("a", "b"), ("b", "a"))
    return (("a", "b"),) if source < target else (("b", "a"),)
