"""Weighing every mapped field of a record against what the target holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from engine.model.bundle import FieldNote
from engine.model.finding import Severity
from engine.model.mapping import Mapped
from engine.model.operation import Change
from engine.model.record import Record
from engine.model.values import ABSENT, is_blank
from engine.spec.rules import PushPolicy, QualityRule
from engine.spec.ruleset import FieldPlan
from engine.stages.consent import obey
from engine.stages.decide import Cell, Decision, Ground, Moment, Pattern, decide, pushes_at
from engine.stages.decide_lines import decide_lines
from engine.stages.desk import Desk
from engine.stages.own_members import own_members, with_others


class Weighed(NamedTuple):
    """All changes, the base to remember, the notes, and the fields that are in conflict."""

    changes: tuple[Change, ...]
    base: dict[str, Any]
    notes: tuple[FieldNote, ...]
    held: tuple[str, ...]


def weigh(desk: Desk, mapped: Mapped, target: Record | None, moment: Moment, ground: Ground) -> Weighed:
    """Decide field by field; on create every pushed value is a change."""
    if moment == "create" and desk.brief:
        return _first_values(desk, mapped)
    old = known_base(desk, target)
    base = dict(old)
    changes: list[Change] = []
    notes: list[FieldNote] = []
    held: list[str] = []
    for plan, policy, value, is_default in _fields(desk, mapped):
        there = held_value(target, plan.name)
        cell = Cell(value, own_members(there, plan), _base(old, plan.name), is_default)
        decision = _decide(cell, plan, policy, ground)
        if plan.consent:
            decision = obey(decision, cell, policy, ground, held_value(target, desk.flow.target.changes.field))
        notes.append(_note(plan, policy, cell, decision))
        if decision.verb == "hold":
            held.append(plan.name)
        if decision.base is not None:
            base[plan.name] = [decision.base[0]] if decision.base[0] == decision.base[1] else list(decision.base)
        if decision.verb == "push":
            before = None if cell.target is ABSENT else cell.target
            after = with_others(decision.value, there, plan)
            changes.append(Change(plan.name, before, after, decision.pattern, *plan.said))
    return Weighed(tuple(changes), base, tuple(notes), tuple(held))


def _first_values(desk: Desk, mapped: Mapped) -> Weighed:
    """What deciding every field comes to where there is no target yet, without the telling: this is the hot path of
    a first load, and a law test holds both to the same result."""
    base: dict[str, Any] = {}
    changes: list[Change] = []
    fields, policy_of = desk.flow.fields, desk.flow.rules.policy_of
    for name, value in mapped.values.items():
        plan = fields.get(name)
        if plan is None or not desk.takes_part(name):
            continue
        if not is_blank(value) and pushes_at(policy_of(name), "create"):
            base[name] = [value]
            changes.append(Change(name, None, value, Pattern.FIRST_SIGHT, *plan.said))
        else:
            base[name] = [value] if value is None else [value, None]
    return Weighed(tuple(changes), base, (), ())


def known_base(desk: Desk, target: Record | None) -> dict[str, Any]:
    """What was last dealt with between these two records; another target is seen for the first time."""
    snapshot = desk.bundle.snapshot
    return snapshot.base if snapshot and target and snapshot.target_id == target.key.id else {}


def _decide(cell: Cell, plan: FieldPlan, policy: PushPolicy, ground: Ground) -> Decision:
    if (
        plan.list_key
        and isinstance(cell.source, list)
        and ground.moment != "create"
        and pushes_at(policy, ground.moment)
    ):
        return decide_lines(cell, plan, policy, ground)
    return decide(cell, policy, ground, plan.equal)


def _fields(desk: Desk, mapped: Mapped) -> Iterator[tuple[FieldPlan, PushPolicy, Any, bool]]:
    """The mapped fields that take part in this run."""
    defaults = set(mapped.defaults)
    for name, value in mapped.values.items():
        plan = desk.flow.fields.get(name)
        if plan is None or not desk.takes_part(name):
            continue
        yield plan, desk.flow.rules.policy_of(name), value, name in defaults


def held_value(target: Record | None, name: str) -> Any:
    """What the target holds; a member of a map that is not there is null."""
    if target is None:
        return None
    if name in target.fields:
        return target.fields[name]
    outer, dot, member = name.partition(".")
    if not dot or outer not in target.fields:
        return ABSENT
    inner = target.fields[outer]
    return inner.get(member) if isinstance(inner, dict) else None


def _base(old: dict[str, Any], name: str) -> tuple[Any, Any] | None:
    found = old.get(name)
    return None if found is None else (found[0], found[-1])


def _note(plan: FieldPlan, policy: PushPolicy, cell: Cell, decision: Decision) -> FieldNote:
    target = None if cell.target is ABSENT else cell.target
    verb, pattern = decision.verb, str(decision.pattern)
    return FieldNote(
        plan.name, cell.source, target, cell.is_default, pattern, verb, decision.why, plan.origin, policy.place
    )


def needs_detail(desk: Desk, target: Record, moment: Moment) -> bool:
    """True when a field that only a read brings may be written now and was not read."""
    if target.detail:
        return False
    return any(
        plan.detail and pushes_at(desk.flow.rules.policy_of(name), moment) and desk.takes_part(name)
        for name, plan in desk.flow.fields.items()
    )


def nothing_pushes(desk: Desk, moment: Moment) -> bool:
    """True when no field of this run is ever written at this moment."""
    return not any(
        pushes_at(desk.flow.rules.policy_of(name), moment) and desk.takes_part(name) for name in desk.flow.fields
    )


class Stop(NamedTuple):
    """The quality rule that keeps a record back, with its words."""

    rule: QualityRule
    text: str


class Quality(NamedTuple):
    """Mapped values after the quality rules, and the first that keeps the record back."""

    mapped: Mapped
    stop: Stop | None = None


def check_quality(desk: Desk, mapped: Mapped, scope: dict[str, Any]) -> Quality:
    """Run the flow's quality rules over the mapped values."""
    values = dict(mapped.values)
    stop: Stop | None = None
    for rule in desk.flow.rules.quality:
        if rule.when is not None and not rule.check and not rule.when({**scope, "mapped": values}):
            found = _found(desk, rule, f"{rule.name} does not hold")
            stop = stop or found
        if rule.check is None:
            continue
        names = list(values) if rule.fields == ("*",) else [name for name in rule.fields if name in desk.flow.fields]
        for name in names:
            reason = rule.check(values.get(name))
            if reason and rule.fix is not None:
                values[name] = rule.fix(values[name])
            if reason and rule.fix is not None and rule.severity == "fix":
                desk.find(f"quality-{rule.name}", f"{name}: {reason}; corrected", rule.place, Severity.NOTE)
            elif reason:
                found = _found(desk, rule, f"{name}: {reason}")
                stop = stop or found
    return Quality(mapped._replace(values=values), stop)


def _found(desk: Desk, rule: QualityRule, reason: str) -> Stop | None:
    """Tell what a rule objects to; the stop, where it keeps the record back."""
    severity = Severity.ERROR if rule.severity == "refuse" else Severity.WARNING
    desk.find(f"quality-{rule.name}", rule.say or reason, rule.place, severity)
    return Stop(rule, rule.say or reason) if rule.severity in ("hold", "refuse") else None
