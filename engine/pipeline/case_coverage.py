"""Which rules cases exercised, and which none did: mapping rows, gates, match rules, policies, actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from engine.model.bundle import Verdict
from engine.model.finding import Place
from engine.model.operation import Operation
from engine.model.values import is_blank
from engine.spec.case import Exercised
from engine.spec.mapping import Each, Row, With
from engine.spec.ruleset import FlowSpec
from engine.stages.desk import Desk


def rules_of(flow: FlowSpec) -> Iterator[Exercised]:
    """Everything of a flow that a case can exercise."""
    rules = flow.rules
    for name, place in _rows(flow.mapping.rows, ""):
        yield Exercised(flow.name, "row", name, place)
    for section in ("select", "begin", "create"):
        for gate in getattr(rules, section):
            yield Exercised(flow.name, "gate", f"{section}.{gate.name}", gate.place)
    for rule in rules.match.rules:
        yield Exercised(flow.name, "match rule", rule.id, rule.place)
    for name, policy in rules.policies.items():
        yield Exercised(flow.name, "policy", name, policy.place)
    for check in rules.quality:
        yield Exercised(flow.name, "quality", check.name, check.place)
    for action in rules.actions.values():
        yield Exercised(flow.name, "action", action.name, action.place)
    for line in flow.write_backs:
        yield Exercised(flow.name, "write_back", line.field, line.place)


def heard_of(
    flow: FlowSpec, verdicts: Iterable[tuple[Desk, Verdict]], operations: Sequence[Operation]
) -> frozenset[Exercised]:
    """The rules that these verdicts and operations came from."""
    seen = {pair for _, verdict in verdicts for pair in _of_verdict(flow, verdict)}
    seen |= {pair for one in operations for pair in _of_operation(one)}
    return frozenset(one for one in rules_of(flow) if (one.kind, one.name) in seen)


def _rows(rows: Iterable[Row], within: str) -> Iterator[tuple[str, Place]]:
    for row in rows:
        name = f"{within}{row.target}"
        yield name, row.place
        if isinstance(row.source, (Each, With)):
            yield from _rows(row.source.rows, f"{name}.")


def _of_verdict(flow: FlowSpec, verdict: Verdict) -> Iterator[tuple[str, str]]:
    section, _, name = verdict.reason.partition("-")
    if section in ("select", "begin", "create"):
        yield "gate", f"{section}.{name}"
    if section == "quality":
        yield "quality", name
    for finding in verdict.findings:
        yield "quality", finding.code.removeprefix("quality-")
    for step in verdict.steps:
        rule, _, said = step.text.partition(": ")
        if step.stage == "match" and said != "does not apply":
            yield "match rule", rule
    for note in verdict.notes:
        yield from (("row", path) for path in _paths(note.field, note.source))
        if note.field in flow.rules.policies:
            yield "policy", note.field


def _paths(name: str, value: Any) -> Iterator[str]:
    """The rows that gave a part of a value; a blank says nothing of its row."""
    if is_blank(value):
        return
    yield name
    for one in value if isinstance(value, list) else (value,):
        for member, inner in one.items() if isinstance(one, dict) else ():
            yield from _paths(f"{name}.{member}", inner)


def _of_operation(operation: Operation) -> Iterator[tuple[str, str]]:
    if operation.kind == "action":
        yield "action", operation.step.partition(":")[2]
    if operation.kind == "write_back" and operation.step == "write_back":
        yield from (("write_back", change.field) for change in operation.changes)
