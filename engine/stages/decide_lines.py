"""Deciding a list: line by line, found again by their key, and member by member within a line."""

from __future__ import annotations

from typing import Any

from engine.functions.canonical import encode
from engine.model.values import ABSENT, is_blank
from engine.spec.rules import PushPolicy
from engine.spec.ruleset import FieldPlan
from engine.stages.decide import Cell, Decision, Ground, Pattern, decide

Lines = dict[str, dict[str, Any]]


def decide_lines(cell: Cell, plan: FieldPlan, policy: PushPolicy, ground: Ground) -> Decision:
    """Decide a list field. The base holds {line key: line} for each side. Where drift is put back, a line that a
    person took out comes back, and one that a person made leaves where `others` are removed; else neither."""
    if cell.source is ABSENT or cell.target is ABSENT:
        return Decision(Pattern.SETTLED, "keep", None, None, "absent")
    source, target = keyed(cell.source, plan), keyed(cell.target, plan)
    base = cell.base or ({}, {})
    known_source, known_target = _as_lines(base[0], plan), _as_lines(base[1], plan)
    merged, first, held = dict(target), "", False
    for key, line in source.items():
        if key not in target and key in known_target and policy.drift != "put_back" and line == known_source.get(key):
            continue
        new, pattern, hold = _line(
            line, target.get(key), known_source.get(key), known_target.get(key), plan, policy, ground
        )
        held = held or hold
        if new is not None:
            merged[key], first = new, first or pattern
    for key in _leaving(source, target, plan):
        ours = key in known_source and key in known_target
        # what stood there before the first sync is nobody's drift and stays
        added_since = policy.drift == "put_back" and cell.base is not None and key not in known_target
        if ours or added_since:
            del merged[key]
            first = first or (Pattern.SOURCE_MOVED if ours else Pattern.TARGET_MOVED)
    if held:
        return Decision(Pattern.BOTH_MOVED, "hold", None, None, "a line is in conflict")
    if not first:
        return Decision(Pattern.CONVERGED, "keep", None, (source, target), "lines agree")
    value = _one_flag_each(merged, source, plan)
    return Decision(Pattern(first), "push", list(value.values()), (source, value), "lines moved")


def _line(
    line: dict[str, Any],
    held: dict[str, Any] | None,
    known_source: dict[str, Any] | None,
    known_target: dict[str, Any] | None,
    plan: FieldPlan,
    policy: PushPolicy,
    ground: Ground,
) -> tuple[dict[str, Any] | None, str, bool]:
    """(the new line or None, its pattern, whether a member is held).

    A member that went blank goes along with others that moved: half of an old address under a new one is worse than
    either. On its own it follows `empty`.
    """
    if held is None:
        return line, Pattern.FIRST_SIGHT, False
    changes: dict[str, Any] = {}
    pattern = ""
    emptied: list[str] = []
    for name, value in line.items():
        base = None
        if known_source is not None and known_target is not None:
            base = (known_source.get(name), known_target.get(name))
        equal = plan.list_equal.get(name, lambda one, two: bool(one == two))
        decision = decide(Cell(value, held.get(name), base), policy, ground, equal)
        if decision.verb == "hold":
            return None, "", True
        if decision.verb == "push":
            changes[name], pattern = decision.value, pattern or decision.pattern
        elif decision.pattern == Pattern.SOURCE_MOVED and is_blank(value):
            emptied.append(name)
    changes |= dict.fromkeys(emptied) if changes else {}
    return ({**held, **changes}, pattern, False) if changes else (None, "", False)


def _leaving(source: Lines, target: Lines, plan: FieldPlan) -> list[str]:
    """Keys of lines that the source does not have, where the rules let such lines go."""
    return [key for key in target if key not in source] if plan.others == "remove" else []


def keyed(value: Any, plan: FieldPlan) -> Lines:
    """Lines by their key; a key that stands twice gets a number."""
    found: Lines = {}
    for line in value if isinstance(value, list) else []:
        members = line if isinstance(line, dict) else {"": line}
        key = encode([members.get(name) for name in plan.list_key]).decode()
        while key in found:
            key += "+"
        found[key] = members
    return found


def _as_lines(value: Any, plan: FieldPlan) -> Lines:
    """A base as it is kept: by key, or as the list that a create sent."""
    return value if isinstance(value, dict) else keyed(value, plan)


def _one_flag_each(merged: Lines, source: Lines, plan: FieldPlan) -> Lines:
    """At most one line carries each single flag; a line of the source wins."""
    result = dict(merged)
    for flag in plan.single:
        bearers = [key for key, line in result.items() if line.get(flag) is True]
        if len(bearers) > 1:
            keeper = next((key for key in bearers if source.get(key, {}).get(flag) is True), bearers[-1])
            result.update({key: {**result[key], flag: False} for key in bearers if key != keeper})
    return result
