"""The record that stands for many: found by what the rules say, else created once."""

from __future__ import annotations

from typing import Any

from engine.model.operation import Change, Operation
from engine.model.question import Question
from engine.model.record import RecordKey
from engine.model.values import UNKNOWN
from engine.stages.desk import Desk
from engine.stages.map_record import context_of, map_record
from engine.stages.view import Asking


def shared_record(desk: Desk, name: str) -> Asking[tuple[Any, tuple[Operation, ...]]]:
    """(id of a global record, or the operation id that creates it; that operation). UNKNOWN when unproved."""
    flow = desk.flow
    finds, creates = flow.global_mappers[name]
    wanted = finds({}, None, context_of(desk)).values
    (field, value), *_ = wanted.items()
    question = Question("by", flow.target_connection.name, flow.target.name, field, str(value))
    ids = (yield [question])[question]
    if isinstance(ids, list) and ids:
        return ids[0], ()
    if not isinstance(ids, list):
        return UNKNOWN, ()
    if creates is None:
        return "", ()
    mapped = yield from map_record(creates, {}, None, context_of(desk))
    values = {**wanted, **mapped.values}
    subject = RecordKey(flow.source_connection.name, flow.source.name, f"global:{name}")
    place = str(flow.rules.globals[name].place)
    changes = tuple(Change(field, None, value, "FIRST_SIGHT", place) for field, value in values.items())
    operation = desk.operation(
        "create",
        RecordKey(flow.target_connection.name, flow.target.name, ""),
        changes,
        step="global",
        request=flow.target.create,
        source=subject,
        settles={"global": name},
    )
    return operation.id, (operation,)
