"""Consents: whatever a push policy says, no withdrawal is lost to a grant that is not provably newer.

Where only one status fits, a withdrawal also settles a conflict: a firm `denied` is written over a grant that is not
provably newer. A soft denial states nothing by itself, so it follows the policy.
"""

from __future__ import annotations

from typing import Any

from engine.functions.consents import consent, may_replace, status_of
from engine.functions.failed import FunctionFailed
from engine.functions.times import moment_of
from engine.spec.rules import PushPolicy
from engine.stages.decide import Cell, Decision, Ground, Pattern, pushes_at

_CONFLICTS = (Pattern.FIRST_SIGHT, Pattern.BOTH_MOVED)
STANDS = "consent: the withdrawal stands"
WINS = "consent: the withdrawal wins"


def obey(decision: Decision, cell: Cell, policy: PushPolicy, ground: Ground, seen: Any) -> Decision:
    """The decision, or the one that the law of consents asks for. `seen`: when the target was last changed, the
    latest moment at which a withdrawal without a date can have been made."""
    if decision.verb == "push":
        return decision if _may_push(decision, cell, seen) else _stands(decision, cell)
    if decision.pattern in _CONFLICTS and _withdraws(cell) and _writes(cell, policy, ground):
        return Decision(decision.pattern, "push", cell.source, (cell.source, cell.source), WINS)
    return decision


def _may_push(decision: Decision, cell: Cell, seen: Any) -> bool:
    if not is_denial(cell.target) or is_denial(decision.value):
        return True
    if not status_of(decision.value):
        return False
    held = _dated(cell.target, seen)
    if (consent(decision.value) or {}).get("at") and (consent(cell.target) or {}).get("at"):
        return may_replace(held, decision.value)
    return may_replace(held, decision.value) or _given_since(decision, cell)


def _given_since(decision: Decision, cell: Cell) -> bool:
    """True where both sides had the denial when they were last dealt with, and the source alone moved on."""
    return decision.pattern == Pattern.SOURCE_MOVED and cell.base is not None and is_denial(cell.base[0])


def _stands(decision: Decision, cell: Cell) -> Decision:
    return Decision(decision.pattern, "keep", None, (cell.source, cell.target), STANDS)


def _withdraws(cell: Cell) -> bool:
    """True where the source says a firm no, and the target's yes is not provably newer."""
    granted = bool(status_of(cell.target)) and not is_denial(cell.target)
    return granted and status_of(cell.source) == "denied" and not may_replace(cell.source, cell.target)


def _writes(cell: Cell, policy: PushPolicy, ground: Ground) -> bool:
    return pushes_at(policy, ground.moment) and policy.write == "overwrite" and not cell.is_default


def is_denial(value: Any) -> bool:
    """True for a withdrawal, and for what was never granted."""
    return "denied" in status_of(value)


def _dated(value: Any, seen: Any) -> Any:
    found = consent(value)
    return found if found.get("at") or not _is_moment(seen) else {**found, "at": seen}


def _is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(moment_of(value))
    except FunctionFailed:
        return False
