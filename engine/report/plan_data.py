"""Operations and plans as plain trees, for programs."""

from __future__ import annotations

from typing import Any

from engine.model.operation import Operation
from engine.report.findings_data import as_tree
from engine.report.mask import Blind
from engine.report.plan_text import PlanView
from engine.spec.ruleset import FlowSpec


def plan_tree(view: PlanView, blind: Blind) -> dict[str, Any]:
    """The whole plan."""
    return {
        "plan": view.run.id,
        "flow": view.flow.name,
        "digest": view.run.digest,
        "counts": dict(view.counts),
        "operations": [operation_tree(one, view.flow, blind) for one in view.operations],
        "drift": dict(view.drift),
        "not_written": [
            {"end": end, "reason": reason, "rule": place, "records": number}
            for (end, reason, place), number in sorted(view.reasons.items())
        ],
        "findings": [as_tree(one) for one in view.findings],
        "guards": [as_tree(one) for one in view.guards],
    }


def operation_tree(one: Operation, flow: FlowSpec | None, blind: Blind) -> dict[str, Any]:
    """One operation, personal values masked."""
    tree = {
        "id": one.id, "run": one.run, "flow": one.flow, "kind": one.kind, "step": one.step, "state": one.state,
        "source": str(one.source), "target": f"{one.target.object} {one.target.id}".rstrip(),
        "changes": [
            {
                "field": change.field,
                "before": _value(one, change.field, change.before, flow, blind),
                "after": _value(one, change.field, change.after, flow, blind),
                "pattern": change.pattern, "rule": change.origin, "policy": change.policy,
            }
            for change in one.changes
        ],
        "error": one.error, "at": one.ended_at or one.opened_at,
    }  # fmt: skip
    return {name: value for name, value in tree.items() if value != ""}


def _value(one: Operation, field: str, value: Any, flow: FlowSpec | None, blind: Blind) -> Any:
    if flow is not None and one.target.object == flow.target.name and one.kind in ("create", "update"):
        return blind.mapped(flow, field, value)
    return blind.show(one.target.object, field, value)
