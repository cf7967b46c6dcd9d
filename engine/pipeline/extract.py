"""Reading what a system holds into the store: changes since the cursor, or everything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from engine.functions.canonical import digest
from engine.model.finding import Finding, Severity
from engine.model.protocols import Bad, RawPage
from engine.model.run import Cursor
from engine.model.stored import Staged
from engine.model.values import UNKNOWN, is_blank
from engine.pipeline.read_each import read_each
from engine.pipeline.stage import Stager, fields_of, stager
from engine.pipeline.workshop import Workshop
from engine.spec.rules import Join
from engine.spec.system import ObjectSpec, RequestSpec
from engine.stages.moments import after
from engine.stages.view import reference_id


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
    stage = _stager(shop, connection, obj, _source(obj))
    pages = shop.connector(connection).pages(obj, since="", fields=_fetched(shop, connection, obj), cursor=resumed)
    progress = replace(cursor, read_set=read_set, listing=listing)
    sequence = shop.store.next_sequence()
    for page in pages:
        started = started or page.server_time or shop.now()
        raws = _records(shop, connection, obj, page, result)
        with shop.store.transaction():
            _put(shop, stage, raws, result, sequence=sequence, listing=listing)
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
    """List a file whole: one that is as it was is not looked into, and a known line is never decoded."""
    connector: Any = shop.connector(connection)
    result, listing = Extracted(complete=True), cursor.listing + 1
    stage = _stager(shop, connection, obj, obj.list)
    sequence, started = shop.store.next_sequence(), shop.now()
    comparable = cursor.read_set == read_set and bool(cursor.complete_at)
    whole = connector.fingerprint(obj)
    if comparable and cursor.page == whole:
        shop.store.put_cursor(replace(cursor, complete_at=started, since=started))
        result.listed = shop.store.count(connection, obj.name)
        return result
    shop.store.put_cursor(replace(cursor, listing=listing))
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
        # a file in which something could not be read is read again, so that its findings are told again
        page = "" if result.findings else whole
        shop.store.put_cursor(
            replace(cursor, read_set=read_set, listing=listing, since=started, page=page, complete_at=started)
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
    stage = _stager(shop, connection, obj, _source(obj))
    started = ""
    sequence = shop.store.next_sequence()
    for page in shop.connector(connection).pages(obj, since=since, fields=_fetched(shop, connection, obj)):
        started = started or page.server_time or shop.now()
        _put(shop, stage, _records(shop, connection, obj, page, result), result, sequence=sequence)
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
    whole = True
    for id, raw in read_each(shop, connection, obj, names):
        if raw is None:
            gone.append(id)
        elif raw is UNKNOWN:
            whole = False
        else:
            _put(shop, stage, [raw], result, sequence=sequence)
        shop.progress.tell("read", f"{connection} {obj.short}", result.listed + len(gone), len(names))
    result.gone = shop.store.mark_gone(connection, obj.name, gone, sequence=sequence)
    if whole:  # else the feed is walked again from here
        shop.store.put_cursor(replace(cursor, since=_later(cursor.since, started)))
    return result


def _source(obj: ObjectSpec) -> RequestSpec | None:
    """The request that brings a listing's records: rows that are ids alone are read one by one."""
    return obj.read if obj.list is not None and obj.list.rows == "ids" and obj.read is not None else obj.list


def _records(
    shop: Workshop, connection: str, obj: ObjectSpec, page: RawPage, result: Extracted
) -> list[dict[str, Any]]:
    """The page's records; one that went away since it was listed is left out, one that is refused stays as known."""
    if _source(obj) is obj.list:
        return page.records
    found = dict(read_each(shop, connection, obj, [str(row[obj.id]) for row in page.records]))
    refused = {id for id, raw in found.items() if raw is UNKNOWN}
    result.unusable |= refused
    result.aside += len(refused)
    return [raw for raw in found.values() if raw is not None and raw is not UNKNOWN]


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
    """Records that read this object, however far above it, must be decided again."""
    for way in shop.ways_up(stage.connection, stage.obj.name) if changed else ():
        ids = set(changed)
        for above, join in way:
            ids = _one_up(shop, stage.connection, above, join, ids) if ids else ids
        if ids:
            shop.store.touch(stage.connection, way[-1][0], ids, sequence=sequence)


def _one_up(shop: Workshop, connection: str, above: str, join: Join, ids: set[str]) -> set[str]:
    """Ids of the records above that a join leads down from."""
    if join.kind == "reference":
        found = shop.store.lookup(connection, above, f"ref:{join.name}", ids)
        return {id for owners in found.values() for id in owners}
    (theirs, ours), *_ = join.where.items()
    if ours != "id":
        return set()
    records = shop.store.records(connection, join.object, ids)
    return {str(value) for record in records.values() if (value := reference_id(record.fields.get(theirs)))}


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
