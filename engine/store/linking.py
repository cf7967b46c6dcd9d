"""What was dealt with: links, snapshots, assignments, cursors and watermarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from engine.model.link import Link, Snapshot
from engine.model.record import RecordKey
from engine.model.run import Cursor
from engine.store.codec import Codec
from engine.store.connection import CHUNK, Connection, chunks, marks
from engine.store.mirrors import Mirrors

_ENDS = "a_mirror, a_id, b_mirror, b_id"
_LINK = f"SELECT {_ENDS}, state, role, rule, made_at, run FROM links"
_PUT_LINK = f"""INSERT INTO links ({_ENDS}, state, role, rule, made_at, run) VALUES ({marks(9)})
    ON CONFLICT ({_ENDS}) DO UPDATE SET state = excluded.state, role = excluded.role, rule = excluded.rule,
    made_at = excluded.made_at, run = excluded.run"""
_PUT_SNAPSHOT = f"""INSERT INTO snapshots (flow, mirror, id, target_id, base, inputs, digest, end_state,
    reason, unfinished, due_at, pin, actions) VALUES ({marks(13)})
    ON CONFLICT (flow, mirror, id) DO UPDATE SET target_id = excluded.target_id, base = excluded.base,
    inputs = excluded.inputs, digest = excluded.digest, end_state = excluded.end_state, reason = excluded.reason,
    unfinished = excluded.unfinished, due_at = excluded.due_at, pin = excluded.pin, actions = excluded.actions"""
_SNAPSHOT = """SELECT id, target_id, base, inputs, digest, end_state, reason, unfinished, due_at, pin, actions
    FROM snapshots WHERE flow = ? AND mirror = ?"""
_PUT_ASSIGNMENT = """INSERT INTO assignments (flow, connection, object, id, target_id, reason) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (flow, connection, object, id) DO UPDATE SET target_id = excluded.target_id, reason = excluded.reason
    WHERE assignments.target_id != excluded.target_id OR assignments.reason != excluded.reason"""
_PUT_CURSOR = f"""INSERT INTO cursors (connection, object, since, complete_at, read_set, page, listing)
    VALUES ({marks(7)}) ON CONFLICT (connection, object) DO UPDATE SET
    since = excluded.since, complete_at = excluded.complete_at,
    read_set = excluded.read_set, page = excluded.page, listing = excluded.listing"""
_PUT_WATERMARK = """INSERT INTO watermarks (flow, scope, sequence, digest) VALUES (?, ?, ?, ?)
    ON CONFLICT (flow, scope) DO UPDATE SET sequence = excluded.sequence, digest = excluded.digest"""


class Linking:
    """Writes and reads what ties records together and how far work has come."""

    def __init__(self, connection: Connection, mirrors: Mirrors, codec: Codec) -> None:
        self._db = connection
        self._mirrors = mirrors
        self._codec = codec

    # -- links

    def put_links(self, links: Iterable[Link]) -> None:
        """Store links, each under its two ends."""
        with self._db.transaction():
            self._db.many(_PUT_LINK, [
                (*self._end(link.a), *self._end(link.b), link.state, link.role, link.rule, link.made_at, link.run)
                for link in links
            ])

    def links_of(
        self, connection: str, object: str, ids: Iterable[str], other: tuple[str, str] | None = None,
        *, rejected: bool = False,
    ) -> dict[str, list[Link]]:
        """Id -> its links that are not broken (nor rejected, unless wanted), primary ones first; none, no entry."""
        found: dict[str, list[Link]] = {}
        mirror, far = self._mirrors.number(connection, object), self._mirrors.number(*other) if other else None
        states = "state != 'broken'" if rejected else "state NOT IN ('broken', 'rejected')"
        for part in chunks(ids):
            for here, there in (("a", "b"), ("b", "a")):
                for link in self._links_at(here, there, mirror, part, far, states):
                    found.setdefault(link.a.id if here == "a" else link.b.id, []).append(link)
        for links in found.values():
            links.sort(key=lambda link: (link.role != "primary", link.a, link.b))
        return found

    def _links_at(
        self, here: str, there: str, mirror: int, ids: list[str], other: int | None, states: str
    ) -> Iterator[Link]:
        sql = f"{_LINK} WHERE {here}_mirror = ? AND {here}_id IN ({marks(len(ids))}) AND {states}"
        if other is None:
            return map(self._link, self._db.rows(sql, (mirror, *ids)))
        return map(self._link, self._db.rows(f"{sql} AND {there}_mirror = ?", (mirror, *ids, other)))

    def links(self, *, object: str = "", state: str = "") -> Iterator[Link]:
        """All links, or those of an object or in a state, by their ends."""
        mirrors = self._mirrors.of_object(object) if object else []
        listed = marks(len(mirrors))
        of = f"(a_mirror IN ({listed}) OR b_mirror IN ({listed}))" if object else "1 = 1"
        sql = f"""{_LINK} WHERE ({_ENDS}) > (?, ?, ?, ?) AND {of} AND (? = '' OR state = ?)
            ORDER BY {_ENDS} LIMIT {CHUNK}"""
        after: tuple[Any, ...] = (0, "", 0, "")
        while page := self._db.rows(sql, (*after, *mirrors, *mirrors, state, state)):
            yield from map(self._link, page)
            after = page[-1][:4]

    def _end(self, key: RecordKey) -> tuple[int, str]:
        return self._mirrors.numbered(key.connection, key.object), key.id

    def _link(self, row: tuple[Any, ...]) -> Link:
        one, two = self._mirrors.names(row[0]), self._mirrors.names(row[2])
        return Link(RecordKey(*one, row[1]), RecordKey(*two, row[3]), *row[4:])

    # -- snapshots

    def put_snapshots(self, snapshots: Iterable[Snapshot]) -> None:
        """Remember what was last dealt with."""
        with self._db.transaction():
            self._db.many(_PUT_SNAPSHOT, [self._snapshot_row(one) for one in snapshots])

    def snapshots(self, flow: str, connection: str, object: str, ids: Iterable[str]) -> dict[str, Snapshot]:
        """Source id -> the flow's snapshot of it, where there is one."""
        found: dict[str, Snapshot] = {}
        mirror = self._mirrors.number(connection, object)
        for part in chunks(ids):
            sql = f"{_SNAPSHOT} AND id IN ({marks(len(part))})"
            for row in self._db.rows(sql, (flow, mirror, *part)):
                found[row[0]] = self._snapshot(flow, RecordKey(connection, object, row[0]), row)
        return found

    def stopped(self, flow: str, connection: str, object: str) -> dict[str, int]:
        """How many records of the flow stand still until something moves: held, waiting or skipped."""
        sql = """SELECT s.end_state, COUNT(*) FROM snapshots s
            JOIN records r ON r.mirror = s.mirror AND r.id = s.id AND r.gone = 0
            WHERE s.flow = ? AND s.mirror = ? AND s.unfinished = 0 AND s.end_state IN ('held', 'waiting', 'skipped')
            GROUP BY s.end_state"""
        return dict(self._db.rows(sql, (flow, self._mirrors.number(connection, object))))

    def _snapshot_row(self, one: Snapshot) -> tuple[Any, ...]:
        return (
            one.flow, *self._end(one.source), one.target_id, self._codec.pack(one.base), one.inputs, one.digest,
            one.end, one.reason, int(one.unfinished), one.due_at, one.pin, self._codec.pack(one.actions),
        )

    def _snapshot(self, flow: str, source: RecordKey, row: tuple[Any, ...]) -> Snapshot:
        _, target_id, base, inputs, digest, end, reason, unfinished, due_at, pin, actions = row
        return Snapshot(
            flow, source, target_id, self._codec.unpack(base), inputs, digest, end, reason, bool(unfinished), due_at,
            pin, self._codec.unpack(actions),
        )

    # -- assignments

    def assign(self, rows: Iterable[tuple[str, RecordKey, str, str]]) -> int:
        """Let records land on shared targets: (flow, record, target id, reason). How many are new or moved."""
        with self._db.transaction():
            return self._db.many(_PUT_ASSIGNMENT, [(flow, *key, target, why) for flow, key, target, why in rows])

    def unassign(self, flow: str, keys: Iterable[RecordKey]) -> int:
        """Let records go from their shared targets, because they have got one of their own."""
        sql = "DELETE FROM assignments WHERE flow = ? AND connection = ? AND object = ? AND id = ?"
        with self._db.transaction():
            return self._db.many(sql, [(flow, *key) for key in keys])

    def settle_assignments(self, operation: str, target_id: str) -> None:
        """Records that were to land on what an operation creates now land on what it created."""
        with self._db.transaction():
            self._db.run("UPDATE assignments SET target_id = ? WHERE target_id = ?", (target_id, operation))

    def assignments(self, flow: str) -> Iterator[tuple[RecordKey, str, str]]:
        """(record, target id, reason) of a flow, by record."""
        after = ("", "", "")
        sql = f"""SELECT connection, object, id, target_id, reason FROM assignments
            WHERE flow = ? AND (connection, object, id) > (?, ?, ?) ORDER BY connection, object, id LIMIT {CHUNK}"""
        while page := self._db.rows(sql, (flow, *after)):
            for connection, object, id, target, reason in page:
                yield RecordKey(connection, object, id), target, reason
            after = page[-1][:3]

    # -- how far work has come

    def cursor(self, connection: str, object: str) -> Cursor:
        """How far an object has been read; a fresh one when it never was."""
        sql = "SELECT since, complete_at, read_set, page, listing FROM cursors WHERE connection = ? AND object = ?"
        return Cursor(connection, object, *(self._db.row(sql, (connection, object)) or ()))

    def put_cursor(self, cursor: Cursor) -> None:
        """Note how far an object has been read."""
        with self._db.transaction():
            self._db.run(_PUT_CURSOR, (
                cursor.connection, cursor.object, cursor.since, cursor.complete_at, cursor.read_set, cursor.page,
                cursor.listing,
            ))

    def watermark(self, flow: str, scope: str) -> tuple[int, str]:
        """Sequence and rules digest up to which a flow has decided; (0, "") when it never did."""
        found = self._db.row("SELECT sequence, digest FROM watermarks WHERE flow = ? AND scope = ?", (flow, scope))
        return (found[0], found[1]) if found else (0, "")

    def forget_progress(self) -> None:
        """Have everything read and decided again; links, snapshots and the journal stay."""
        with self._db.transaction():
            self._db.run("UPDATE cursors SET complete_at = '', page = ''")
            self._db.run("UPDATE watermarks SET digest = ''")

    def put_watermark(self, flow: str, scope: str, sequence: int, digest: str) -> None:
        """Note how far a flow has decided."""
        with self._db.transaction():
            self._db.run(_PUT_WATERMARK, (flow, scope, sequence, digest))
