"""Which records a flow must look at: source, target, link or time moved, or work is unfinished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import count

from engine.model.errors import StoreError
from engine.store.connection import Connection
from engine.store.mirrors import Mirrors, Of

_HERE = """INSERT INTO {due} (id) SELECT id FROM records
    WHERE mirror = ? AND changed > ? AND gone = 0 ON CONFLICT DO NOTHING"""
_GONE = """INSERT INTO {due} (id) SELECT r.id FROM records r
    WHERE r.mirror = ? AND r.changed > ? AND r.gone = 1 AND (
        EXISTS (SELECT 1 FROM links l WHERE l.a_mirror = r.mirror AND l.a_id = r.id)
        OR EXISTS (SELECT 1 FROM links l WHERE l.b_mirror = r.mirror AND l.b_id = r.id)
        OR EXISTS (SELECT 1 FROM snapshots s WHERE s.flow = ? AND s.mirror = r.mirror AND s.id = r.id))
    ON CONFLICT DO NOTHING"""
_OTHER_END = """INSERT INTO {due} (id) SELECT l.{near}_id FROM records r CROSS JOIN links l
    ON l.{far}_mirror = r.mirror AND l.{far}_id = r.id
    WHERE r.mirror = ? AND r.changed > ? AND l.{near}_mirror = ? AND l.state NOT IN ('broken', 'rejected')
    ON CONFLICT DO NOTHING"""
_UNFINISHED = """INSERT INTO {due} (id) SELECT id FROM snapshots
    WHERE flow = ? AND mirror = ? AND unfinished = 1 ON CONFLICT DO NOTHING"""
_TIME_CAME = """INSERT INTO {due} (id) SELECT id FROM snapshots
    WHERE flow = ? AND mirror = ? AND due_at != '' AND due_at <= ? ON CONFLICT DO NOTHING"""


class Due:
    """Collects due ids once, in a table of this connection alone, and hands them out in pages.

    What becomes due while the pages are worked on has a higher sequence and is found by the next run.
    """

    def __init__(self, connection: Connection, mirrors: Mirrors) -> None:
        self._db = connection
        self._mirrors = mirrors
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
        here, there = self._mirrors.number(*source), self._mirrors.number(*target)
        try:
            self._moved(table, flow, here, -1 if everything else after)
            for near, far in _ends(source, target):
                self._db.run(_OTHER_END.format(due=table, near=near, far=far), (there, after, here))
            self._db.run(_UNFINISHED.format(due=table), (flow, here))
            self._db.run(_TIME_CAME.format(due=table), (flow, here, now))
            yield from self._pages(table, batch)
        finally:
            # Pages that nobody wanted any more may outlive the store; the table goes with its connection.
            with suppress(StoreError):
                self._db.run(f"DROP TABLE IF EXISTS {table}")

    def _moved(self, due: str, flow: str, mirror: int, after: int) -> None:
        self._db.run(_HERE.format(due=due), (mirror, after))
        self._db.run(_GONE.format(due=due), (mirror, after, flow))

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
