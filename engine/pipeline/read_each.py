"""Reading records one by one, several at a time; one that a system refuses to show keeps no other back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from engine.model.errors import Missing, Rejected
from engine.model.finding import Finding, Severity
from engine.model.values import UNKNOWN
from engine.pipeline.stage import stager
from engine.pipeline.workshop import Workshop
from engine.spec.system import ObjectSpec


def read_each(shop: Workshop, connection: str, obj: ObjectSpec, ids: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """(id, native record), several requests at a time. None: missing; UNKNOWN: refused, with a finding."""
    connector, wanted = shop.connector(connection), list(ids)

    def read(id: str) -> Any:
        try:
            return connector.read(obj, id)
        except Missing:
            return None
        except Rejected as error:
            return error

    with ThreadPoolExecutor(min(shop.threads(connection), max(len(wanted), 1))) as pool:
        for id, raw in zip(wanted, pool.map(read, wanted), strict=True):
            if isinstance(raw, Rejected):
                text = f"{obj.title} {id} could not be read: {raw}"
                found = Finding("record-unread", text, severity=Severity.WARNING, record=f"{connection}:{id}")
                shop.store.put_findings(shop.run_id, [found])
            yield id, UNKNOWN if isinstance(raw, Rejected) else raw


def read_some(shop: Workshop, connection: str, obj: ObjectSpec, ids: Sequence[str]) -> tuple[list[str], int]:
    """Stage what is there; the ids of what is not, and how many records cannot be used."""
    if not ids or obj.read is None:
        return [], 0
    stage = stager(shop, connection, obj, rows=obj.read.rows, detail=bool(shop.reads(connection, obj.name).detail))
    findings: list[Finding] = []
    sequence = shop.store.next_sequence()
    shop.read_at.setdefault((connection, obj.name), shop.moment())
    found = {id: raw for id, raw in read_each(shop, connection, obj, ids) if raw is not UNKNOWN}
    missing = [id for id, raw in found.items() if raw is None]
    shop.store.stage(
        connection, obj.name, stage.staged((raw for raw in found.values() if raw), findings), sequence=sequence
    )
    shop.store.mark_gone(connection, obj.name, missing, sequence=sequence)
    for id in found:
        shop.asked[connection, obj.name, "read", id] = True
    shop.store.put_findings(shop.run_id, findings)
    return missing, sum(one.code == "record-unusable" for one in findings)
