"""A plan like a diff: what would be written, grouped by what it does to a record, and what would not, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from engine.model.finding import Finding
from engine.model.operation import Change, Operation
from engine.model.run import Run
from engine.report.mask import Blind
from engine.report.wording import count_text, value_text
from engine.spec.ruleset import FlowSpec

NOT_WRITTEN = {
    "waiting": "wait", "held": "held back", "skipped": "skipped", "failed": "failed", "unknown": "not decidable now",
    "assigned": "stand under a shared record", "stale": "stale",
}  # fmt: skip


@dataclass(slots=True)
class PlanView:
    """Everything about a plan that its report shows."""

    run: Run
    flow: FlowSpec
    counts: Mapping[str, Any]
    operations: Iterable[Operation]
    findings: Sequence[Finding] = ()
    guards: Sequence[Finding] = ()
    drift: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    """(end, reason, the rule's place) -> records."""


def plan_text(view: PlanView, blind: Blind, *, limit: int = 20, verbose: bool = False) -> str:
    """The whole report. At most `limit` records are shown one by one."""
    groups, totals = _grouped(view.operations, limit)
    parts = [_head(view, totals)]
    left = limit
    for label in _in_order(groups):
        shown = groups[label][:left]
        left -= len(shown)
        parts += ["", f"{label.capitalize()}:"]
        parts += [line for group in shown for line in _record(group, view.flow, blind, verbose=verbose)]
        parts += _more(totals[label] - len(shown), left)
    parts += _drift(view.drift, view.counts)
    parts += _not_written(view.reasons)
    parts += _findings("Findings", view.findings, limit)
    parts += _findings("Guards that stop this plan", view.guards, len(view.guards))
    return "\n".join(parts)


def _head(view: PlanView, totals: Counter[str]) -> str:
    parts = [count_text(totals[label], f"record to {label}", f"records to {label}") for label in _in_order(totals)]
    settled = view.counts.get("settled", 0)
    done = ", ".join(parts) or "nothing to do"
    return f"Plan {view.run.id}\n{view.flow.name}: {done}; {settled:,} of {view.counts.get('read', 0):,} settled"


def _in_order(labels: Iterable[str]) -> list[str]:
    return sorted(labels, key=lambda label: (_ORDER.get(label, 9), label))


def _more(hidden: int, left: int) -> list[str]:
    if not hidden:
        return []
    return [f"  ... and {hidden:,} more{' (--limit N shows more)' if left <= 0 else ''}"]


# -- records -------------------------------------------------------------------------------------------


def _grouped(operations: Iterable[Operation], limit: int) -> tuple[dict[str, list[list[Operation]]], Counter[str]]:
    """What is done -> the first records it is done to, each with its operations; and how many in all."""
    groups: dict[str, list[list[Operation]]] = {}
    totals: Counter[str] = Counter()
    for _, found in groupby(operations, key=lambda one: one.source):
        group = list(found)
        label = label_of(group[0])
        totals[label] += 1
        kept = groups.setdefault(label, [])
        if len(kept) < limit:
            kept.append(group)
    return groups, totals


def label_of(operation: Operation) -> str:
    """What an operation does to its record, in a word or two."""
    if operation.kind == "update" and operation.settles.get("moment") == "link":
        return "link and update"
    return {"write_back": "write back", "action": "act on"}.get(operation.kind, operation.kind)


def headline(operation: Operation) -> str:
    """`+ create system.object for connection:id`."""
    sign = _SIGNS.get(operation.kind, "*")
    words = _words(operation)
    rule = operation.settles.get("rule", "")
    by = f" (rule {rule})" if operation.settles.get("moment") == "link" and rule else ""
    return f"{sign} {words}{by}"


def _words(operation: Operation) -> str:
    target, source = operation.target, operation.source
    named = f"{target.object} {target.id}".rstrip()
    if operation.kind == "write_back":
        return f"write back into {named}"
    if operation.kind == "action":
        return f"{operation.step.removeprefix('action:')}: create {target.object} for {source}"
    if operation.kind == "link":
        return f"link {named or 'a record of this plan'} to {source}"
    if operation.settles.get("global"):
        return f"create {named} that several records share"
    return f"{label_of(operation)} {named} for {source}"


def _record(group: Sequence[Operation], flow: FlowSpec, blind: Blind, *, verbose: bool) -> Iterator[str]:
    for number, operation in enumerate(group):
        yield f"  {'    ' if number else ''}{headline(operation)}"
        indent = " " * (10 if number else 6)
        for change in operation.changes:
            yield f"{indent}{change_text(operation, change, flow, blind)}"
            if verbose:
                yield f"{indent}    {_because(change)}"


def change_text(operation: Operation, change: Change, flow: FlowSpec | None, blind: Blind) -> str:
    """`email: before -> after`; on a create only the value."""
    before, after = (_shown(operation, change.field, value, flow, blind) for value in (change.before, change.after))
    if operation.kind in ("create", "action"):
        return f"{change.field}: {after}"
    return f"{change.field}: {before} -> {after}"


def _shown(operation: Operation, name: str, value: Any, flow: FlowSpec | None, blind: Blind) -> str:
    if flow is not None and operation.target.object == flow.target.name and operation.kind in ("create", "update"):
        return value_text(blind.mapped(flow, name, value))
    return value_text(blind.show(operation.target.object, name, value))


def _because(change: Change) -> str:
    places = ", ".join(place for place in (change.origin, change.policy) if place)
    return f"{change.pattern.lower().replace('_', ' ')}: {places}" if places else change.pattern.lower()


# -- what is not written -----------------------------------------------------------------------------------


def _drift(drift: Mapping[str, int], counts: Mapping[str, Any]) -> list[str]:
    if not drift:
        return []
    said = ", ".join(f"{field} in {number:,}" for field, number in sorted(drift.items()))
    return ["", f"Changed in the target alone, and left as it is: {said}"]


def _not_written(reasons: Mapping[tuple[str, str, str], int]) -> list[str]:
    if not reasons:
        return []
    lines = ["", "Not written:"]
    for (end, reason, place), number in sorted(reasons.items(), key=lambda one: (-one[1], one[0])):
        where = f" ({place})" if place else ""
        lines.append(f"  {number:,} {NOT_WRITTEN.get(end, end)}: {reason}{where}")
    return lines


def _findings(title: str, findings: Sequence[Finding], limit: int) -> list[str]:
    return ["", f"{title}:", *finding_lines(findings, limit)] if findings else []


def finding_lines(findings: Iterable[Finding], limit: int) -> list[str]:
    """Findings about records; those that say the same about several records share a line."""
    same: dict[Finding, list[str]] = {}
    for one in findings:
        same.setdefault(replace(one, record=""), []).append(one.record)
    lines = [f"  {_finding(one, [name for name in records if name])}" for one, records in list(same.items())[:limit]]
    return [*lines, f"  ... and {len(same) - limit:,} more"] if len(same) > limit else lines


def _finding(one: Finding, records: Sequence[str]) -> str:
    place = f" ({one.place})" if one.place.file else ""
    hint = f"\n      {one.hint}" if one.hint else ""
    said = f"[{one.code}] {one.message}{place}"
    if len(records) < 2:
        return f"{one.severity} {''.join(f'{name}: ' for name in records)}{said}{hint}"
    named = ", ".join(records[:_NAMED]) + (", ..." if len(records) > _NAMED else "")
    return f"{one.severity} {said}{hint}\n      {len(records):,} records: {named}"


_NAMED = 5
"""Records that are named where many share a finding."""

_SIGNS = {"create": "+", "update": "~", "delete": "-", "link": "=", "unlink": "x", "write_back": "<", "action": "!"}
_ORDER = {name: n for n, name in enumerate(("delete", "create", "link and update", "link", "update", "write back"))}
