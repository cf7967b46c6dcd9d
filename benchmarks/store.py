"""How fast the store is: python benchmarks/store.py [records] [folder]."""

from __future__ import annotations

import gc
import hashlib
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from engine.model.link import Link, Snapshot
from engine.model.operation import Change, Operation, Result
from engine.model.record import RecordKey
from engine.model.stored import Staged
from engine.store import SqliteStore, open_store

CRM, SHOP = ("crm", "crm.contact"), ("shop", "shop.customer")
BATCH = 1000


def staged(number: int) -> Staged:
    """A small record with one key and the hash of a line."""
    mail = f"person{number}@example.com"
    fields = {"name": f"Person {number}", "email": mail, "city": "Lyon", "active": True, "level": number % 7}
    digest = hashlib.blake2b(mail.encode(), digest_size=16)
    return Staged(f"C{number:08d}", fields, digest.hexdigest(), "v1", (("email", mail),), line=digest.digest())


def ranges(start: int, end: int) -> Iterator[range]:
    """The numbers from start to end, BATCH at a time."""
    return (range(first, min(first + BATCH, end)) for first in range(start, end, BATCH))


def batches(count: int, make: Callable[[int], Any]) -> Iterator[list[Any]]:
    """Lists of BATCH made things."""
    return ([make(number) for number in numbers] for numbers in ranges(0, count))


def timed(name: str, count: int, work: Callable[[], object]) -> None:
    """Run it and say how long it took."""
    gc.freeze()
    started, busy = time.perf_counter(), time.process_time()
    work()
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{name:34} {seconds:7.3f} s {count / seconds:12,.0f} /s   cpu {busy:6.3f} s   peak {peak} MiB\n")


def each(work: Iterable[Any], call: Callable[[Any], object]) -> None:
    """Do it for each batch and keep nothing of it."""
    for batch in work:
        call(batch)


def link(number: int) -> Link:
    """A link of the record with this number."""
    one, two = RecordKey(*CRM, f"C{number:08d}"), RecordKey(*SHOP, f"S{number}")
    return Link(one, two, rule="email", made_at="2026-01-01T00:00:00Z")


def snapshot(number: int) -> Snapshot:
    """A snapshot of five fields."""
    base = {"name": [f"P {number}"], "email": [f"p{number}@example.com"], "city": ["Lyon", "LYON"], "level": [3]}
    source = RecordKey(*CRM, f"C{number:08d}")
    return Snapshot("crm-to-shop", source, f"S{number}", base, "aa" * 16, "bb" * 16, "settled")


def operation(number: int) -> Operation:
    """An update of two fields."""
    changes = (
        Change("email", None, f"p{number}@example.com", "SOURCE_MOVED", "m.yaml:4", "r.yaml:9"),
        Change("name", "P", f"Person {number}", "SOURCE_MOVED", "m.yaml:5", "r.yaml:9"),
    )
    return Operation(
        f"op{number}", "run1", "crm-to-shop", "update", RecordKey(*CRM, f"C{number:08d}"),
        RecordKey(*SHOP, f"S{number}"), changes, sequence=number,
    )


def streaming(store: SqliteStore, count: int) -> None:
    """The peak must not grow with the number of records."""
    for part in range(3):
        flow = ([staged(number) for number in numbers] for numbers in ranges(part * count, (part + 1) * count))
        work = partial(each, flow, lambda b: store.stage("other", "other.contact", b, sequence=1, listing=1))
        timed(f"stream, with lines, part {part + 1}", count, work)
    timed("all_records", 3 * count, lambda: sum(1 for _ in store.all_records("other", "other.contact")))


def staging(store: SqliteStore, count: int) -> None:
    """Staging: new, unchanged, lines, lookups, reading, due."""
    new = [[row._replace(line=b"") for row in batch] for batch in batches(count, staged)]
    again = list(batches(count, staged))
    timed("stage, new, one key", count, lambda: each(new, lambda b: store.stage(*CRM, b, sequence=1, listing=1)))
    timed("stage, unchanged, listed", count, lambda: each(new, lambda b: store.stage(*CRM, b, sequence=2, listing=2)))
    timed("stage, unchanged, no listing", count, lambda: each(new, lambda b: store.stage(*CRM, b, sequence=3)))
    timed("stage, only lines moved", count, lambda: each(again, lambda b: store.stage(*CRM, b, sequence=3)))
    lines = [[row.line for row in batch] for batch in again]
    timed("known_lines, no listing", count, lambda: each(lines, lambda b: store.known_lines(*CRM, b)))
    timed("known_lines, listed", count, lambda: each(lines, lambda b: store.known_lines(*CRM, b, listing=3)))
    keys = [[row.keys[0][1] for row in batch] for batch in again]
    timed("lookup by key", count, lambda: each(keys, lambda b: store.lookup(*CRM, "email", b)))
    ids = [[row.id for row in batch] for batch in again]
    timed("records by id", count, lambda: each(ids, lambda b: store.records(*CRM, b)))
    moved = [[row._replace(hash="x" + row.hash) for row in batch] for batch in again]
    timed("stage, all changed", count, lambda: each(moved, lambda b: store.stage(*CRM, b, sequence=4)))
    due = {"after": 3, "digest": "", "now": "2026-01-01T00:00:00Z"}
    timed("due, all changed", count, lambda: sum(len(b) for b in store.due("crm-to-shop", CRM, SHOP, **due)))
    due = {"after": 4, "digest": "", "now": "2026-01-01T00:00:00Z"}
    timed("due, nothing", count, lambda: sum(len(b) for b in store.due("crm-to-shop", CRM, SHOP, **due)))
    timed("unseen", count, lambda: store.unseen(*CRM, 3))


def both(store: SqliteStore, links: list[list[Link]], snapshots: list[list[Snapshot]]) -> None:
    """Links and snapshots, a transaction for each batch."""
    for some, more in zip(links, snapshots, strict=True):
        with store.transaction():
            store.put_links(some)
            store.put_snapshots(more)


def linking(store: SqliteStore, count: int) -> None:
    """Links and snapshots."""
    links, snapshots = list(batches(count, link)), list(batches(count, snapshot))
    timed("put links and snapshots, new", 2 * count, lambda: both(store, links, snapshots))
    timed("put links and snapshots, again", 2 * count, lambda: both(store, links, snapshots))
    ids = [[one.a.id for one in batch] for batch in links]
    timed("links_of", count, lambda: each(ids, lambda b: store.links_of(*CRM, b, SHOP)))
    timed("snapshots", count, lambda: each(ids, lambda b: store.snapshots("crm-to-shop", *CRM, b)))


def journal(store: SqliteStore, count: int) -> None:
    """Operations from plan to outcome."""
    planned = list(batches(count, operation))
    timed("put_operations", count, lambda: each(planned, lambda b: store.put_operations(b)))
    ids = [[one.id for one in batch] for batch in planned]
    timed("open_intents", count, lambda: each(ids, lambda b: store.open_intents(b, "2026-01-01T00:00:00Z")))
    timed("operations, streamed", count, lambda: sum(1 for _ in store.operations(run="run1")))
    results = [[Result(id, "done", "S1", at="2026-01-01T00:00:00Z") for id in batch] for batch in ids]
    timed("conclude", count, lambda: each(results, lambda b: store.conclude(b)))
    timed("tally", count, lambda: store.tally("run1"))
    single = ids[0]
    timed("one intent and outcome each", len(single), lambda: [both_one(store, count + n) for n in range(len(single))])
    rows = [[(*SHOP, "email", f"k{n}", f"op{n}", "x") for n in range(s, s + BATCH)] for s in range(0, count, BATCH)]
    timed("claim", count, lambda: each(rows, lambda b: store.claim(b)))


def both_one(store: SqliteStore, number: int) -> None:
    """One operation by itself, as a slow system forces it."""
    store.put_operations([operation(number)])
    store.open_intents([f"op{number}"], "2026-01-01T00:00:00Z")
    store.conclude([Result(f"op{number}", "done", "S1", at="2026-01-01T00:00:00Z")])


def main() -> None:
    """Measure everything on a fresh store."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as folder:
        timed("open, new", 1, lambda: open_store(Path(folder) / "s.db", create=True).close())
        store = open_store(Path(folder) / "s.db")
        streaming(store, count)
        staging(store, count)
        linking(store, count)
        journal(store, count)
        summary = store.summary()
        sys.stdout.write(f"file {summary.size / 1e6:.0f} MB, log {summary.log_size / 1e6:.0f} MB\n")
        timed("quick check", 1, store.check)
        store.close()
        timed("open, there", 1, lambda: open_store(Path(folder) / "s.db").close())


if __name__ == "__main__":
    main()
