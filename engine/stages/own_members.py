"""Objects that the mapping fills in part: its own members are weighed, the others go along as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.spec.ruleset import FieldPlan


def own_members(value: Any, plan: FieldPlan) -> Any:
    """The value without members that the mapping knows nothing of."""
    return _own(value, plan.members) if plan.members else value


def with_others(value: Any, held: Any, plan: FieldPlan) -> Any:
    """What to send: an object goes as a whole, so what others filled in goes with ours."""
    return _joined(value, held, plan.members) if plan.members else value


def _own(value: Any, members: Mapping[str, Any]) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: _own(one, members[name]) if members[name] else one for name, one in value.items() if name in members}


def _joined(value: Any, held: Any, members: Mapping[str, Any]) -> Any:
    if not isinstance(value, dict) or not isinstance(held, dict):
        return value
    others = {name: one for name, one in held.items() if name not in members and one is not None}
    ours = {name: _joined(one, held.get(name), members.get(name) or {}) for name, one in value.items()}
    return {**others, **ours} if members else value
