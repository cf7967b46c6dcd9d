"""The source record as a decision sees it: detail read where it matters, joins made, the other side's stand-ins out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from engine.functions.canonical import digest
from engine.model.question import Question
from engine.model.record import Record
from engine.stages.desk import Desk
from engine.stages.verdict import Learnt, inputs_digest
from engine.stages.view import Asking, view


@dataclass(frozen=True, slots=True)
class Seen:
    """The desk with the record as read in the end, and what was learnt from it."""

    desk: Desk
    learnt: Learnt


def see_source(desk: Desk, *, mapping: bool = False) -> Asking[Seen | None]:
    """What expressions read of the source; None when something could not be learnt. Detail costs a request: it is
    read for conditions only where they use it, and for the `mapping` where this run may write what it feeds."""
    record = desk.bundle.record
    if lacks_detail(desk, mapping=mapping):
        question = Question("record", record.key.connection, record.key.object, "detail", record.key.id)
        answer = (yield [question])[question]
        if not isinstance(answer, Record):
            return None
        record = answer
        desk = replace(desk, bundle=replace(desk.bundle, record=record))
    seen = yield from view(record, desk.flow.source_reads.joins)
    if seen.unknown:
        return None
    left = without_stand_ins(desk, {"id": record.key.id, **seen.tree})
    return Seen(desk, Learnt(left, inputs_digest((_own_hash(desk, record), *seen.hashes[1:]))))


def lacks_detail(desk: Desk, *, mapping: bool) -> bool:
    """True when a field is used that only a read brings, and the record was listed, not read."""
    if desk.bundle.record.detail:
        return False
    return any(_used(desk, name, mapping) for name in desk.flow.source_reads.detail)


def _used(desk: Desk, name: str, mapping: bool) -> bool:
    """True for what only conditions read, and for what a row reads that may ever be written by this run."""
    rows = desk.flow.reverse_touch.get(name)
    if rows is None or not mapping:
        return rows is None
    return any(desk.takes_part(row) and desk.flow.rules.policy_of(row).push != "never" for row in rows)


def _own_hash(desk: Desk, record: Record) -> str:
    """Covers what the mapping reads: what is written back beside it is no new input."""
    names = desk.flow.inputs
    return digest([record.fields.get(name) for name in names]) if names else record.hash


def without_stand_ins(desk: Desk, left: dict[str, Any]) -> dict[str, Any]:
    """The view without what the other direction put there for want of a better value: that reads as absent."""
    if not desk.flow.placeholders:
        return left
    partner = {"id": desk.bundle.target.key.id, **desk.bundle.target.fields} if desk.bundle.target else None
    stand_ins = {name for name, stands_in in desk.flow.placeholders.items() if stands_in(left.get(name), partner)}
    return {name: value for name, value in left.items() if name not in stand_ins}
