"""A small engine around the store, for the crash tests: it plans, writes to an outside file, and records outcomes.

The file stands for a target system: it keeps what it was told and can be asked, so a marker is findable.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from engine.model.errors import StoreError
from engine.model.link import Snapshot, link_between
from engine.model.operation import Change, Operation, Result
from engine.model.record import RecordKey
from engine.model.stored import Staged
from engine.store import SqliteStore, open_store

CRM, SHOP = ("crm", "crm.contact"), ("shop", "shop.customer")
RECORDS = 6
AT = "2026-03-01T12:00:00Z"


def effects(path: Path) -> list[str]:
    """What the target system holds."""
    file = path.with_name("target.txt")
    return file.read_text().split() if file.exists() else []


def call(path: Path, operation: str) -> None:
    """Make the target system do it; the answer may be lost, the effect is not."""
    file = os.open(path.with_name("target.txt"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(file, f"{operation}\n".encode())
    os.close(file)


def work(store: SqliteStore, path: Path) -> None:
    """Settle what is open, then create whatever has no link yet."""
    for operation in list(store.operations(states=("open", "unknown"))):
        perform(store, path, operation)
    for number in range(RECORDS):
        source = RecordKey(*CRM, f"{number}")
        sequence = store.next_sequence()
        store.stage(*CRM, [Staged(source.id, {"n": number}, "h", keys=(("k", source.id),))], sequence=sequence)
        if store.links_of(*CRM, [source.id]):
            continue
        operation = planned(store, source, number)
        with store.transaction():
            store.claim([(*SHOP, "k", source.id, operation.id, str(source))])
            store.put_operations([operation])
        store.open_intents([operation.id], AT)
        perform(store, path, operation)
        sys.stdout.write(f"ok {number}\n")
        sys.stdout.flush()


def planned(store: SqliteStore, source: RecordKey, number: int) -> Operation:
    """The create of one record, under a name that only an outcome changes."""
    revision = store.revision("f", ["|".join((*source, "record"))]).popitem()[1]
    change = Change("n", None, number, "FIRST_SIGHT")
    return Operation(f"{source.id}-{revision}", "r1", "f", "create", source, RecordKey(*SHOP, ""), (change,))


def perform(store: SqliteStore, path: Path, operation: Operation) -> None:
    """Call unless it was done already, then record everything that follows in one transaction."""
    if operation.id not in effects(path):
        call(path, operation.id)
    target = f"T{operation.source.id}"
    with store.transaction():
        store.conclude([Result(operation.id, "done", target, at=AT)])
        store.stage(*SHOP, [Staged(target, {"n": 1}, "h")], sequence=store.next_sequence())
        store.put_links([link_between(operation.source, RecordKey(*SHOP, target), made_at=AT)])
        store.put_snapshots([Snapshot("f", operation.source, target)])
        store.release([operation.id])


def main(path: Path) -> int:
    """One run."""
    try:
        store = open_store(path, create=True)
        work(store, path)
        store.close()
    except StoreError as error:
        sys.stdout.write(f"refused: {error}\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
