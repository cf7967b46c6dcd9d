"""The journal: operations from intent to outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from engine.model.errors import StoreError
from engine.model.operation import Change, Operation, Result
from engine.model.record import RecordKey
from engine.model.values import is_blank
from engine.store.codec import Codec
from engine.store.connection import Connection, chunks, marks
from engine.store.mirrors import Mirrors

_COLUMNS = """id, run, flow, kind, source_mirror, source_id, target_mirror, target_id, step, revision, sequence, state,
    effect, needs, changes, settles, error, attempts, opened_at, ended_at"""
_DERIVED = "subject, fields, reshaped, blankings"
_REPLACED = (
    "run", "flow", "kind", "source_mirror", "source_id", "target_mirror", "target_id", "step", "revision", "sequence",
    "state", "effect", "needs", "changes", "settles", "error", "attempts", "opened_at", "ended_at", "subject", "fields",
    "reshaped", "blankings",
)
_PUT = f"""INSERT INTO operations ({_COLUMNS}, {_DERIVED}) VALUES ({marks(24)})
    ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _REPLACED)}
    WHERE operations.state IN ('planned', 'superseded')"""
_UNFINISHED = ("planned", "open", "unknown")
_IS_UNFINISHED = "state IN ('planned', 'open', 'unknown')"
_BETWEEN_FIELDS = "\x1f"


class Journal:
    """Writes and reads operations."""

    def __init__(self, connection: Connection, mirrors: Mirrors, codec: Codec) -> None:
        self._db = connection
        self._mirrors = mirrors
        self._codec = codec

    def put_operations(self, operations: Sequence[Operation], *, first: int | None = None) -> None:
        """Store planned operations; one that is under way or has an outcome stays as it is. With `first` they are
        numbered from there in the order given."""
        numbers = (one.sequence for one in operations) if first is None else count(first)
        with self._db.transaction():
            rows = [self._row(one, number) for one, number in zip(operations, numbers, strict=False)]
            self._db.many(_PUT, rows)

    def operation(self, id: str) -> Operation | None:
        """One operation, or nothing."""
        found = self._db.row(f"SELECT {_COLUMNS} FROM operations WHERE id = ?", (id,))
        return self._operation(found) if found else None

    def operations(
        self, *, run: str = "", states: Sequence[str] = (), record: RecordKey | None = None, batch: int = 500
    ) -> Iterator[Operation]:
        """Operations by sequence. They may be concluded while they stream."""
        where, values = self._conditions(run, states, record)
        sql = f"""SELECT {_COLUMNS} FROM operations WHERE {where} AND (sequence, id) > (?, ?)
            ORDER BY sequence, id LIMIT ?"""
        after: tuple[int, str] = (-1, "")
        while page := self._db.rows(sql, (*values, *after, batch)):
            yield from map(self._operation, page)
            after = (page[-1][10], page[-1][0])

    def revision(self, flow: str, subjects: Sequence[str]) -> dict[str, int]:
        """Subject -> how many outcomes it has had in this flow; 0 for one that had none."""
        found = dict.fromkeys(subjects, 0)
        for part in chunks(subjects):
            sql = f"SELECT subject, outcomes FROM revisions WHERE flow = ? AND subject IN ({marks(len(part))})"
            found.update(self._db.rows(sql, (flow, *part)))
        return found

    def open_intents(self, operations: Sequence[str], at: str) -> None:
        """Say that these are about to be done. Durable on return, so it must not be part of a larger transaction."""
        if self._db.writing:
            raise StoreError("intents must be durable before the call: open them outside of a transaction")
        with self._db.transaction():
            for part in chunks(operations):
                sql = f"""UPDATE operations SET state = 'open', opened_at = ?
                    WHERE {_IS_UNFINISHED} AND id IN ({marks(len(part))})"""
                if self._db.run(sql, (at, *part)) != len(part):
                    raise StoreError("an operation to be opened is not in the store or has an outcome: plan again")

    def conclude(self, results: Sequence[Result]) -> None:
        """Record outcomes. A known outcome raises the revision of its subject, once; an unknown one does not."""
        known = [one.operation for one in results if one.state not in _UNFINISHED]
        with self._db.transaction():
            self._raise_revisions(known)
            count = self._db.many(
                """UPDATE operations SET state = ?, target_id = CASE WHEN ? = '' THEN target_id ELSE ? END,
                    error = ?, ended_at = ?, attempts = attempts + 1 WHERE id = ?""",
                [(one.state, one.target_id, one.target_id, one.error, one.at, one.operation) for one in results],
            )
            if count != len(results):
                raise StoreError("an operation to be concluded is not in the store: was it restored from a backup?")

    def tally(self, run: str) -> dict[str, int]:
        """Counts over a run's operations, save those left for another plan.

        By kind, `state:...`, `reshaped`, `blankings`, and `changes:<field>` (values that are replaced).
        """
        counts: Counter[str] = Counter(reshaped=0, blankings=0)
        sql = """SELECT kind, state, COUNT(*), SUM(CASE WHEN reshaped > 0 THEN 1 ELSE 0 END), SUM(blankings)
            FROM operations WHERE run = ? AND state != 'superseded' GROUP BY kind, state"""
        for kind, state, number, reshaped, blankings in self._db.rows(sql, (run,)):
            counts.update({kind: number, f"state:{state}": number, "reshaped": reshaped, "blankings": blankings})
        # Many operations change the same set of fields, so that the groups are few.
        sql = """SELECT fields, COUNT(*) FROM operations
            WHERE run = ? AND fields != '' AND state != 'superseded' GROUP BY fields"""
        for fields, number in self._db.rows(sql, (run,)):
            counts.update({f"changes:{field}": number for field in fields.split(_BETWEEN_FIELDS)})
        return dict(counts)

    def prune(self, before: str) -> int:
        """Forget what operations that ended before a time wrote and replaced; that they happened stays known."""
        sql = f"""UPDATE operations SET changes = x'', settles = x'' WHERE id IN (SELECT id FROM operations
            WHERE NOT ({_IS_UNFINISHED}) AND ended_at != '' AND ended_at < ?
            AND (changes != x'' OR settles != x'') LIMIT 2000)"""
        total = 0
        # In steps, so that a long history does not keep others from writing.
        while count := self._pruned(sql, before):
            total += count
        return total

    def _pruned(self, sql: str, before: str) -> int:
        with self._db.transaction():
            return self._db.run(sql, (before,))

    def _raise_revisions(self, operations: list[str]) -> None:
        for part in chunks(operations):
            self._db.run(
                f"""INSERT INTO revisions (flow, subject, outcomes) SELECT flow, subject, COUNT(*) FROM operations
                    WHERE {_IS_UNFINISHED} AND id IN ({marks(len(part))}) GROUP BY flow, subject
                    ON CONFLICT (flow, subject) DO UPDATE SET outcomes = revisions.outcomes + excluded.outcomes""",
                part,
            )

    def _row(self, one: Operation, number: int) -> tuple[Any, ...]:
        replaced = [change for change in one.changes if change.before is not None and not is_blank(change.before)]
        return (
            one.id, one.run, one.flow, one.kind, *self._end(one.source), *self._end(one.target), one.step,
            one.revision, number, one.state, one.effect,
            self._codec.pack(list(one.needs)) if one.needs else b"",
            self._codec.pack(list(one.changes)) if one.changes else b"", self._codec.pack(one.settles),
            one.error, one.attempts, one.opened_at, one.ended_at, subject(one.source, one.step),
            # What a create or a first value brings takes nothing away; `changes` counts values that are replaced.
            _BETWEEN_FIELDS.join(change.field for change in replaced),
            int(any(change.pattern == "RULES_MOVED" for change in one.changes)),
            sum(is_blank(change.after) for change in replaced),
        )

    def _operation(self, row: tuple[Any, ...]) -> Operation:
        needs, changes, settles = row[13:16]
        names = self._mirrors.names
        return Operation(
            id=row[0], run=row[1], flow=row[2], kind=row[3], source=RecordKey(*names(row[4]), row[5]),
            target=RecordKey(*names(row[6]), row[7]), step=row[8], revision=row[9], sequence=row[10], state=row[11],
            effect=row[12],
            needs=tuple(self._codec.unpack(needs)),
            changes=tuple(Change(*facts) for facts in self._codec.unpack(changes)),
            settles=self._codec.unpack(settles), error=row[16], attempts=row[17], opened_at=row[18], ended_at=row[19],
        )

    def _end(self, key: RecordKey) -> tuple[int, str]:
        return self._mirrors.numbered(key.connection, key.object), key.id

    def _conditions(
        self, run: str, states: Sequence[str], record: RecordKey | None
    ) -> tuple[str, tuple[Any, ...]]:
        parts: list[str] = []
        values: list[Any] = []
        if run:
            parts.append("run = ?")
            values.append(run)
        if states:
            # The literal list lets the partial index serve the query.
            parts += [_IS_UNFINISHED] if set(states) <= set(_UNFINISHED) else []
            parts.append(f"state IN ({marks(len(states))})")
            values += states
        if record is not None:
            end = (self._mirrors.number(record.connection, record.object), record.id)
            parts.append("((source_mirror = ? AND source_id = ?) OR (target_mirror = ? AND target_id = ?))")
            values += (*end, *end)
        return " AND ".join(parts) or "1 = 1", tuple(values)


def subject(source: RecordKey, step: str) -> str:
    """What an operation is about, whichever run plans it: the text that `revision` counts by."""
    return f"{source.connection}|{source.object}|{source.id}|{step}"
