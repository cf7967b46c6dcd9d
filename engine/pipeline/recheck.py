"""Looking again before something is overwritten that was read a while ago: somebody may have edited it since."""

from __future__ import annotations

from typing import Any

from engine.model.operation import Change, Operation
from engine.model.record import Record
from engine.model.values import ABSENT, is_blank
from engine.pipeline.stage import stager
from engine.pipeline.workshop import Workshop
from engine.spec.ruleset import FieldPlan, FlowSpec
from engine.stages.own_members import own_members
from engine.stages.weigh import held_value

OLD = 60
"""Seconds after which what was read may have been edited."""


def recheck(shop: Workshop, flow: FlowSpec, operation: Operation) -> str:
    """Why the operation rests on what is no longer so, or "". Asks the system only where a value would be lost."""
    obj = flow.target
    overwritten = [change for change in operation.changes if not is_blank(change.before)]
    if operation.kind != "update" or operation.target[1] != obj.name or not overwritten or obj.read is None:
        return ""
    if not shop.is_old(operation.target.connection, obj.name, OLD):
        return ""
    raw = shop.connector(operation.target.connection).read(obj, operation.target.id)
    if raw is None:
        return ""  # the write itself will say so
    stage = stager(shop, operation.target.connection, obj, rows=obj.read.rows, detail=True)
    normal = stage.normal(raw)
    now = Record(operation.target, {**normal.fields, **(normal.detail or {})})
    moved = [change.field for change in overwritten if _moved(change, now, flow.fields.get(change.field))]
    return f"changed since it was read: {', '.join(moved)}" if moved else ""


def _moved(change: Change, now: Record, plan: FieldPlan | None) -> bool:
    held: Any = held_value(now, change.field)
    if held is ABSENT or plan is None:
        return False
    held = own_members(held, plan)
    return is_blank(held) or not plan.equal(change.before, held)
