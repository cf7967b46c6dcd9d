"""Reading what a system holds into the store: changes since the cursor, or everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from engine.functions.canonical import digest
from engine.model.finding import Finding, Severity
from engine.model.protocols import Bad
from engine.model.run import Cursor
from engine.model.stored import Staged
from engine.model.values import is_blank
from engine.pipeline.stage import Stager, fields_of, stager
from engine.pipeline.workshop import Workshop
from engine.spec.system import ObjectSpec, RequestSpec
from engine.stages.moments import after


@dataclass(slots=True)
class Extracted:
    """What a reading brought."""

    listed: int = 0
    changed: int = 0
    gone: int = 0
    complete: bool = False
    aside: int = 0
    """Records that cannot be used, each with a finding."""
    torn: bool = False
    """Some of them do not even tell their id, so that what was not seen may be there all the same."""
    unusable: set[str] = field(default_factory=set)
    """Ids of those that do: they are there, and stay as they were known."""
    findings: list[Finding] = field(default_factory=list)


def extract(shop: Workshop, connection: str, obj: ObjectSpec, *, full: bool = False) -> Extracted:
    """Refresh the mirror of one object; afterwards absence there is proof for this run."""
    if obj.list is None or (connection, obj.name) in shop.fresh:
        return Extracted()
    shop.read_at[connection, obj.name] = shop.moment()
    cursor = shop.store.cursor(connection, obj.name)
    read_set = digest(sorted(fields_of(shop, connection, obj)) + sorted(shop.index(connection, obj.name)))
    if full or _must_be_complete(shop, obj, cursor, read_set):
        bulk = getattr(shop.connector(connection), "lines", None) is not None
        result = (_by_lines if bulk else _complete)(shop, connection, obj, cursor, read_set)
    elif obj.changes.kind == "events":
        result = _by_events(shop, connection, obj, cursor)
    else:
        result = _since(shop, connection, obj, cursor)
    shop.fresh.add((connection, obj.name))
    if result.aside:
        shop.doubtful[connection, obj.name] = result.unusable
    shop.store.put_findings(shop.run_id, result.findings)
    return result


def _must_be_complete(shop: Workshop, obj: ObjectSpec, cursor: Cursor, read_set: str) -> bool:
    """Never read, read with other fields, no way to see changes, or the feed no longer reaches back."""
    if not cursor.complete_at or cursor.read_set != read_set or obj.changes.kind == "sweep":
        return True
    if obj.changes.sweep and after(cursor.complete_at, obj.changes.sweep) <= shop.now():
        return True
    return bool(obj.changes.retention) and after(cursor.since, obj.changes.retention) <= shop.now()


def _complete(shop: Workshop, connection: str, obj: ObjectSpec, cursor: Cursor, read_set: str) -> Extracted:
    """List everything; what is not there any more is gone."""
    resumed = cursor.page if cursor.read_set == read_set else ""
    listing = cursor.listing if resumed else cursor.listing + 1
    started = cursor.since if resumed else ""
    result = Extracted(complete=True)
    stage = _stager(shop, connection, obj, obj.list)
    pages = shop.connector(connection).pages(obj, since="", fields=_fetched(shop, connection, obj), cursor=resumed)
    progress = replace(cursor, read_set=read_set, listing=listing)
    sequence = shop.store.next_sequence()
    for page in pages:
        started = started or page.server_time or shop.now()
        with shop.store.transaction():
            _put(shop, stage, page.records, result, sequence=sequence, listing=listing)
            shop.store.put_cursor(replace(progress, since=started, page=page.cursor, complete_at=""))
        result.listed += len(page.bad)
        _note_bad(page.bad, connection, result)
        shop.progress.tell("read", f"{connection} {obj.short}", result.listed)
    with shop.store.transaction():
        unseen = _unseen(shop, connection, obj, listing, result)
        result.gone += shop.store.mark_gone(connection, obj.name, unseen, sequence=sequence)
        since = started or shop.now()
        shop.store.put_cursor(replace(progress, since=since, page="", complete_at=shop.now()))
    return result


def _by_lines(shop: Workshop, connection: str, obj: ObjectSpec, cursor: Cursor, read_set: str) -> Extracted:
    """List a file whole: a line that is known byte for byte is never decoded."""
    connector: Any = shop.connector(connection)
    result, listing = Extracted(complete=True), cursor.listing + 1
    stage = _stager(shop, connection, obj, obj.list)
    sequence, started = shop.store.next_sequence(), shop.now()
    comparable = cursor.read_set == read_set and bool(cursor.complete_at)
    for lines in connector.lines(obj):
        marks = [blake2b(line, digest_size=16).digest() for line in lines]
        with shop.store.transaction():
            known = shop.store.known_lines(connection, obj.name, marks, listing=listing) if comparable else set()
            new = [n for n, mark in enumerate(marks) if mark not in known]
            trees = connector.decode_lines(obj, [lines[n] for n in new])
            rows = _rows_of(stage, trees, new, marks, result)
            count = shop.store.stage(connection, obj.name, rows, sequence=sequence, listing=listing)
        result.listed += len(lines)
        result.changed += len(count.changed)
        _touch_owners(shop, stage, count.changed, sequence)
        shop.progress.tell("read", f"{connection} {obj.short}", result.listed)
    with shop.store.transaction():
        unseen = _unseen(shop, connection, obj, listing, result)
        result.gone = shop.store.mark_gone(connection, obj.name, unseen, sequence=sequence)
        shop.store.put_cursor(
            replace(cursor, read_set=read_set, listing=listing, since=started, page="", complete_at=started)
        )
    return result


def _rows_of(stage: Stager, trees: list[Any], new: list[int], marks: list[bytes], result: Extracted) -> list[Staged]:
    """Rows with the marks of their lines. A record without an id is called by its number in the file."""
    rows = []
    for number, tree in zip(new, trees, strict=True):
        if isinstance(tree, Bad):
            _note_bad([Bad(result.listed + number + 1, tree.reason)], stage.connection, result)
            continue
        if is_blank(tree.get(stage.obj.id)):
            tree = {**tree, stage.obj.id: str(result.listed + number + 1)}
        before = len(result.findings)
        row = stage.staged_one(tree, result.findings)
        _note_unusable(stage, result, before)
        if row is not None and not stage.is_gone(row):
            rows.append(row._replace(line=marks[number]))
    return rows


def _since(shop: Workshop, connection: str, obj: ObjectSpec, cursor: Cursor) -> Extracted:
    """List what changed since the cursor, with the declared overlap; equal content is no change."""
    result = Extracted()
    since = _earlier(cursor.since, obj.changes.overlap)
    stage = _stager(shop, connection, obj, obj.list)
    started = ""
    sequence = shop.store.next_sequence()
    for page in shop.connector(connection).pages(obj, since=since, fields=_fetched(shop, connection, obj)):
        started = started or page.server_time or shop.now()
        _put(shop, stage, page.records, result, sequence=sequence)
        result.listed += len(page.bad)
        _note_bad(page.bad, connection, result)
        shop.progress.tell("read", f"{connection} {obj.short}", result.listed)
    if obj.deletions and obj.deletions.kind == "request":
        for ids in shop.connector(connection).deleted(obj, since):
            result.gone += shop.store.mark_gone(connection, obj.name, ids, sequence=sequence)
    shop.store.put_cursor(replace(cursor, since=_later(cursor.since, started)))
    return result


def _by_events(shop: Workshop, connection: str, obj: ObjectSpec, cursor: Cursor) -> Extracted:
    """Walk the change feed and read each record that it names; a snapshot in an event may be old."""
    result = Extracted()
    changes, events = obj.changes, shop.object(obj.changes.object)
    since = _earlier(cursor.since, changes.overlap)
    names: dict[str, None] = {}
    started = ""
    scope = {"types": list(changes.types)}
    for page in shop.connector(connection).pages(events, since=since, scope=scope):
        started = started or page.server_time or shop.now()
        for event in page.records:
            id = changes.record(event) if changes.record else None
            if isinstance(id, str) and id:
                names[id] = None
    sequence = shop.store.next_sequence()
    stage = _stager(shop, connection, obj, obj.read)
    gone = []
    for id, raw in read_each(shop, connection, obj, names):
        if raw is None:
            gone.append(id)
        else:
            _put(shop, stage, [raw], result, sequence=sequence)
        shop.progress.tell("read", f"{connection} {obj.short}", result.listed + len(gone), len(names))
    result.gone = shop.store.mark_gone(connection, obj.name, gone, sequence=sequence)
    shop.store.put_cursor(replace(cursor, since=_later(cursor.since, started)))
    return result


def read_each(
    shop: Workshop, connection: str, obj: ObjectSpec, ids: Iterable[str]
) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """(id, native record or None when it is missing), several requests at a time."""
    connector = shop.connector(connection)
    with ThreadPoolExecutor(shop.threads(connection)) as pool:
        wanted = list(ids)
        yield from zip(wanted, pool.map(lambda id: connector.read(obj, id), wanted), strict=True)


def read_some(shop: Workshop, connection: str, obj: ObjectSpec, ids: Sequence[str]) -> tuple[list[str], int]:
    """Stage what is there; the ids of what is not, and how many records cannot be used."""
    if not ids or obj.read is None:
        return [], 0
    stage = stager(shop, connection, obj, rows=obj.read.rows, detail=bool(shop.reads(connection, obj.name).detail))
    findings: list[Finding] = []
    sequence = shop.store.next_sequence()
    shop.read_at.setdefault((connection, obj.name), shop.moment())
    found = dict(read_each(shop, connection, obj, ids))
    missing = [id for id, raw in found.items() if raw is None]
    shop.store.stage(
        connection, obj.name, stage.staged((raw for raw in found.values() if raw), findings), sequence=sequence
    )
    shop.store.mark_gone(connection, obj.name, missing, sequence=sequence)
    for id in found:
        shop.asked[connection, obj.name, "read", id] = True
    shop.store.put_findings(shop.run_id, findings)
    return missing, sum(one.code == "record-unusable" for one in findings)


def _stager(shop: Workshop, connection: str, obj: ObjectSpec, request: RequestSpec | None) -> Stager:
    rows = request.rows if request else "full"
    return stager(
        shop, connection, obj, rows=rows, detail=request is obj.read and bool(shop.reads(connection, obj.name).detail)
    )


def _fetched(shop: Workshop, connection: str, obj: ObjectSpec) -> list[str]:
    return sorted(name for name in fields_of(shop, connection, obj) if not obj.fields[name].detail)


def _put(
    shop: Workshop, stage: Stager, raws: list[dict[str, Any]], result: Extracted, *, sequence: int, listing: int = 0
) -> None:
    before = len(result.findings)
    rows = stage.staged(raws, result.findings)
    _note_unusable(stage, result, before)
    here = [row for row in rows if not stage.is_gone(row)]
    count = shop.store.stage(stage.connection, stage.obj.name, here, sequence=sequence, listing=listing)
    flagged = [row.id for row in rows if stage.is_gone(row)]
    if flagged:
        result.gone += shop.store.mark_gone(stage.connection, stage.obj.name, flagged, sequence=sequence)
    result.listed += len(raws)
    result.changed += len(count.changed)
    _touch_owners(shop, stage, count.changed, sequence)


def _touch_owners(shop: Workshop, stage: Stager, changed: tuple[str, ...], sequence: int) -> None:
    """Records that this object hangs on must be decided again."""
    owners = shop.owners(stage.connection, stage.obj.name)
    if not changed or not owners:
        return
    records = shop.store.records(stage.connection, stage.obj.name, changed)
    for owner, theirs in owners:
        ids = {str(value) for record in records.values() if (value := record.fields.get(theirs))}
        shop.store.touch(stage.connection, owner, ids, sequence=sequence)


def _unseen(shop: Workshop, connection: str, obj: ObjectSpec, listing: int, result: Extracted) -> list[str]:
    """Ids that a complete listing proves gone: not those that it holds in a form that cannot be used."""
    if result.torn:
        return []
    return [id for id in shop.store.unseen(connection, obj.name, listing) if id not in result.unusable]


def _note_unusable(stage: Stager, result: Extracted, before: int) -> None:
    """Count the records that staging refused, by the findings that it added."""
    for one in result.findings[before:]:
        if one.code == "record-unusable":
            id = one.record[len(stage.connection) + 1 :]
            result.aside += 1
            result.torn = result.torn or not id
            result.unusable.add(id)


def _note_bad(bad: Iterable[Any], connection: str, result: Extracted) -> None:
    for line in bad:
        result.aside, result.torn = result.aside + 1, True
        record = f"{connection} line {line.line}"
        result.findings.append(Finding("line-unreadable", line.reason, severity=Severity.WARNING, record=record))


def _earlier(moment: str, seconds: int) -> str:
    return after(moment, -seconds) if moment else ""


def _later(one: str, two: str) -> str:
    """The later of two times: a clock that went back never moves a cursor back."""
    if not one or not two:
        return one or two
    return max(one, two, key=datetime.fromisoformat)
