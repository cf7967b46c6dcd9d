"""Staged records: what the systems held when they were last read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from engine.model.record import Record, RecordKey
from engine.model.stored import StageCount, Staged
from engine.store.codec import Codec
from engine.store.connection import CHUNK, Connection, chunks, marks
from engine.store.mirrors import Mirrors

_PUT = """INSERT INTO records
    (mirror, id, hash, version, data, detail, fresh, changed, seen, gone, line, indexed)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
    ON CONFLICT (mirror, id) DO UPDATE SET
    hash = excluded.hash, version = excluded.version, data = excluded.data,
    detail = COALESCE(excluded.detail, records.detail), fresh = excluded.fresh, changed = excluded.changed,
    seen = excluded.seen, gone = 0, line = excluded.line, indexed = excluded.indexed"""
_PUT_KEY = "INSERT INTO keys (mirror, path, key, id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_DROP_KEY = "DELETE FROM keys WHERE mirror = ? AND path = ? AND key = ? AND id = ?"
_BETWEEN_KEYS, _WITHIN_KEY = "\x1e", "\x1f"


_SEEN_LINES = """CREATE TEMP TABLE IF NOT EXISTS seen_lines (mirror INTEGER NOT NULL, line BLOB NOT NULL,
    PRIMARY KEY (mirror, line)) WITHOUT ROWID"""


class _Held(NamedTuple):
    """What is known of a record before it is staged again."""

    id: str
    gone: int
    hash: str
    version: str
    line: bytes
    indexed: str
    fresh: int
    changed: int
    seen: int
    detail: bytes | None


class Staging:
    """Writes and reads the tables of records and keys."""

    def __init__(self, connection: Connection, mirrors: Mirrors, codec: Codec) -> None:
        self._db = connection
        self._mirrors = mirrors
        self._codec = codec
        self._listings: dict[int, int] = {}
        """Mirror -> the listing whose known lines stand in temp.seen_lines."""

    def stage(
        self, connection: str, object: str, rows: Sequence[Staged], *, sequence: int, listing: int = 0
    ) -> StageCount:
        """Take in a batch; of the same id twice the last counts."""
        latest = {row.id: row for row in rows}
        with self._db.transaction():
            batch = _Batch(self._mirrors.numbered(connection, object), self._codec, sequence, listing)
            held = self._held(batch.mirror, list(latest), any(row.detail is not None for row in rows))
            for id, row in latest.items():
                batch.take(row, held.get(id))
            self._write(batch)
        return StageCount(tuple(batch.changed), len(latest) - len(batch.changed))

    def known_lines(self, connection: str, object: str, lines: Sequence[bytes], *, listing: int = 0) -> set[bytes]:
        """Which of these raw lines are stored as they are; their records count as seen by the listing, as long as
        this store is open."""
        known: set[bytes] = set()
        mirror = self._mirrors.number(connection, object)
        if listing:
            self._new_listing(mirror, listing)
        for start in range(0, len(lines), CHUNK):
            part = lines[start : start + CHUNK]
            # A record that is gone has no line, so that the index alone can answer.
            sql = f"SELECT line FROM records WHERE mirror = ? AND line != x'' AND line IN ({marks(len(part))})"
            found = self._db.rows(sql, (mirror, *part))
            known.update(line for (line,) in found)
            if listing:
                # Marking the records themselves would write every row of the table anew.
                self._db.many(
                    "INSERT OR IGNORE INTO temp.seen_lines (mirror, line) VALUES (?, ?)",
                    [(mirror, line) for (line,) in found],
                )
        return known

    def _new_listing(self, mirror: int, listing: int) -> None:
        """The lines seen so far belong to one listing; another one begins with none."""
        if self._listings.get(mirror) == listing:
            return
        self._db.run(_SEEN_LINES)
        self._db.run("DELETE FROM temp.seen_lines WHERE mirror = ?", (mirror,))
        self._listings[mirror] = listing

    def records(self, connection: str, object: str, ids: Iterable[str]) -> dict[str, Record]:
        """The records that are stored under these ids, gone ones too."""
        found: dict[str, Record] = {}
        mirror = self._mirrors.number(connection, object)
        for part in chunks(ids):
            sql = f"{_SELECT} WHERE mirror = ? AND id IN ({marks(len(part))})"
            for row in self._db.rows(sql, (mirror, *part)):
                found[row[0]] = self._record(connection, object, row)
        return found

    def all_records(self, connection: str, object: str) -> Iterator[Record]:
        """Every record that is not gone, by ascending id."""
        after, mirror = "", self._mirrors.number(connection, object)
        sql = f"{_SELECT} WHERE mirror = ? AND id > ? AND gone = 0 ORDER BY id LIMIT {CHUNK}"
        while page := self._db.rows(sql, (mirror, after)):
            for row in page:
                yield self._record(connection, object, row)
            after = page[-1][0]

    def count(self, connection: str, object: str) -> int:
        """How many records are not gone."""
        mirror = self._mirrors.number(connection, object)
        found = self._db.row("SELECT COUNT(*) FROM records WHERE mirror = ? AND gone = 0", (mirror,))
        return int(found[0]) if found else 0

    def lookup(self, connection: str, object: str, path: str, keys: Iterable[str]) -> dict[str, list[str]]:
        """Key -> ids of the records that carry it, ascending; a key that nobody carries is not in it."""
        found: dict[str, list[str]] = {}
        mirror = self._mirrors.number(connection, object)
        for part in chunks(keys):
            listed = marks(len(part))
            sql = f"SELECT key, id FROM keys WHERE mirror = ? AND path = ? AND key IN ({listed}) ORDER BY key, id"
            for key, id in self._db.rows(sql, (mirror, path, *part)):
                found.setdefault(key, []).append(id)
        return found

    def reindex(self, connection: str, object: str, rows: Iterable[tuple[str, tuple[tuple[str, str], ...]]]) -> None:
        """Replace the keys of stored records: what is indexed changed, the records did not."""
        wanted, mirror = dict(rows), self._mirrors.number(connection, object)
        with self._db.transaction():
            held = self._held(mirror, list(wanted), False)
            moved = [(id, keys, held[id]) for id, keys in wanted.items() if id in held and not held[id].gone]
            for id, keys, known in moved:
                self._replace_keys(mirror, id, known.indexed, _index_text(keys))
            self._db.many(
                "UPDATE records SET indexed = ? WHERE mirror = ? AND id = ?",
                [(_index_text(keys), mirror, id) for id, keys, _ in moved],
            )

    def touch(self, connection: str, object: str, ids: Iterable[str], *, sequence: int) -> None:
        """Make records due although their content did not move."""
        mirror = self._mirrors.number(connection, object)
        with self._db.transaction():
            for part in chunks(ids):
                sql = f"UPDATE records SET changed = ? WHERE mirror = ? AND id IN ({marks(len(part))})"
                self._db.run(sql, (sequence, mirror, *part))

    def mark_gone(self, connection: str, object: str, ids: Iterable[str], *, sequence: int) -> int:
        """Note that records are no longer in their system; how many of them were thought to be."""
        count, mirror = 0, self._mirrors.number(connection, object)
        with self._db.transaction():
            for part in chunks(ids):
                there = self._held(mirror, part, False)
                for id, known in there.items():
                    self._replace_keys(mirror, id, known.indexed, "")
                sql = f"""UPDATE records SET gone = 1, changed = ?, indexed = '', line = x''
                    WHERE mirror = ? AND gone = 0 AND id IN ({marks(len(part))})"""
                count += self._db.run(sql, (sequence, mirror, *part))
        return count

    def unseen(self, connection: str, object: str, listing: int) -> list[str]:
        """Ids that a complete listing did not bring, ascending."""
        mirror = self._mirrors.number(connection, object)
        sql = "SELECT id FROM records WHERE mirror = ? AND gone = 0 AND seen < ?"
        if self._listings.get(mirror) == listing:
            sql += """ AND NOT EXISTS (SELECT 1 FROM temp.seen_lines
                WHERE seen_lines.mirror = records.mirror AND seen_lines.line = records.line)"""
        return [id for (id,) in self._db.rows(f"{sql} ORDER BY id", (mirror, listing))]

    def _held(self, mirror: int, ids: list[str], with_detail: bool) -> dict[str, _Held]:
        # The detail itself is read only to compare it; else it matters just whether there is one.
        detail = "detail" if with_detail else "CASE WHEN detail IS NULL THEN NULL ELSE x'' END"
        found: dict[str, _Held] = {}
        for part in chunks(ids):
            sql = f"""SELECT id, gone, hash, version, line, indexed, fresh, changed, seen, {detail}
                FROM records WHERE mirror = ? AND id IN ({marks(len(part))})"""
            found.update((row[0], _Held._make(row)) for row in self._db.rows(sql, (mirror, *part)))
        return found

    def _write(self, batch: _Batch) -> None:
        self._db.many(_DROP_KEY, batch.keys_out)
        self._db.many(_PUT, batch.rows)
        self._db.many(_PUT_KEY, batch.keys_in)
        for part in chunks(batch.seen):
            sql = f"UPDATE records SET seen = ? WHERE mirror = ? AND id IN ({marks(len(part))})"
            self._db.run(sql, (batch.listing, batch.mirror, *part))

    def _replace_keys(self, mirror: int, id: str, before: str, after: str) -> None:
        if before != after:
            self._db.many(_DROP_KEY, _key_rows(mirror, before, id))
            self._db.many(_PUT_KEY, _key_rows(mirror, after, id))

    def _record(self, connection: str, object: str, row: tuple[Any, ...]) -> Record:
        id, hash, data, detail, fresh, changed, gone = row
        fields = self._codec.decode(data)
        if fresh and detail is not None:
            fields = {**fields, **self._codec.decode(detail)}
        return Record(RecordKey(connection, object, id), fields, hash, changed, bool(gone), bool(fresh))


_SELECT = "SELECT id, hash, data, detail, fresh, changed, gone FROM records"


class _Batch:
    """What a batch comes to, before it is written."""

    def __init__(self, mirror: int, codec: Codec, sequence: int, listing: int) -> None:
        self.mirror = mirror
        self.listing = listing
        self.changed: list[str] = []
        self.rows: list[tuple[Any, ...]] = []
        self.keys_in: list[tuple[Any, ...]] = []
        self.keys_out: list[tuple[Any, ...]] = []
        self.seen: list[str] = []
        self._codec = codec
        self._sequence = sequence

    def take(self, row: Staged, held: _Held | None) -> None:
        """Weigh one record against what is held of it."""
        indexed = _index_text(row.keys)
        detail = None if row.detail is None else self._codec.encode(row.detail)
        if held is None:
            self.changed.append(row.id)
            self._put(row, indexed, detail, detail is not None, self._sequence, row.version, row.line)
            self.keys_in += [(self.mirror, path, key, row.id) for path, key in row.keys]
        elif _as_before(row, held, indexed, detail):
            if self.listing > held.seen:
                self.seen.append(row.id)
        else:
            self._renew(row, held, indexed, detail)

    def _renew(self, row: Staged, held: _Held, indexed: str, detail: bytes | None) -> None:
        same = row.hash == held.hash and not held.gone
        version_moved = bool(row.version) and row.version != held.version
        fresh = detail is not None or (bool(held.fresh) and same and not version_moved)
        # Detail that nobody had read, or that was known to be stale, is no news when it comes: it was asked for.
        detail_moved = (
            bool(held.fresh) and detail != held.detail
            if detail is not None
            else held.detail is not None and version_moved
        )
        changed = held.changed
        if not same or detail_moved:
            changed = self._sequence
            self.changed.append(row.id)
        # Another content makes a line that was not given untrue; the same content leaves it true.
        line = row.line or (held.line if same else b"")
        self._put(row, indexed, detail, fresh, changed, row.version or held.version, line, held.seen)
        if indexed != held.indexed:
            self.keys_out += _key_rows(self.mirror, held.indexed, row.id)
            self.keys_in += _key_rows(self.mirror, indexed, row.id)

    def _put(
        self,
        row: Staged,
        indexed: str,
        detail: bytes | None,
        fresh: bool,
        changed: int,
        version: str,
        line: bytes,
        seen: int = 0,
    ) -> None:
        self.rows.append(
            (
                self.mirror,
                row.id,
                row.hash,
                version,
                self._codec.encode(row.fields),
                detail,
                int(fresh),
                changed,
                max(seen, self.listing),
                line,
                indexed,
            )
        )


def _as_before(row: Staged, held: _Held, indexed: str, detail: bytes | None) -> bool:
    if held[1:6] == (0, row.hash, row.version, row.line, indexed) and detail is None:
        return True
    return (
        row.hash == held.hash
        and not held.gone
        and row.version in ("", held.version)
        and row.line in (b"", held.line)
        and indexed == held.indexed
        and (detail is None or (bool(held.fresh) and detail == held.detail))
    )


def _index_text(keys: tuple[tuple[str, str], ...]) -> str:
    return _BETWEEN_KEYS.join(map(_WITHIN_KEY.join, keys))


def _key_rows(mirror: int, indexed: str, id: str) -> list[tuple[Any, ...]]:
    return [(mirror, *key.split(_WITHIN_KEY, 1), id) for key in indexed.split(_BETWEEN_KEYS)] if indexed else []
