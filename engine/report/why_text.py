"""One record explained: how it is linked, what each field says on both sides, and which rule decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.model.bundle import Bundle, FieldNote, Verdict
from engine.model.mapping import Mapped
from engine.model.operation import Operation
from engine.model.values import ABSENT, is_blank
from engine.report.alternatives import Alternative, alternatives
from engine.report.mask import Blind, masked
from engine.report.plan_text import headline
from engine.report.wording import value_text
from engine.spec.rules import PushPolicy
from engine.spec.ruleset import FlowSpec


@dataclass(slots=True)
class WhyView:
    """Everything that explains one record of one flow."""

    flow: FlowSpec
    bundle: Bundle
    verdict: Verdict
    left: Mapping[str, Any]
    mapped: Mapped | None
    history: list[Operation] = field(default_factory=list)
    """Operations on the record, oldest first."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field's line of an explanation."""

    name: str
    source: Any
    target: Any
    base: tuple[Any, Any] | None
    is_default: bool
    pattern: str
    verb: str
    words: str
    row: str
    policy: str
    tried: tuple[Alternative, ...] = ()
    last: Operation | None = None


def why_text(view: WhyView, blind: Blind, only: str = "", *, verbose: bool = False) -> str:
    """The explanation; with `only`, of one field."""
    lines = [f"{view.bundle.record.key} in {view.flow.name}", *_record_lines(view)]
    for one in field_views(view, only):
        lines += ["", *_field_lines(one, view.flow, blind, full=bool(only) or verbose)]
    return "\n".join(lines)


def _record_lines(view: WhyView) -> Iterator[str]:
    link, snapshot, verdict = view.bundle.link, view.bundle.snapshot, view.verdict
    if link is None:
        yield f"  link      none; {len(view.bundle.rejected)} rejected" if view.bundle.rejected else "  link      none"
    else:
        other = link.other(view.bundle.record.key)
        role = "" if link.role == "primary" else f", {link.role}"
        when = f", {link.made_at}" if link.made_at else ""
        yield f"  link      {other.object} {other.id}: {link.state} by {link.rule or 'an unnamed rule'}{role}{when}"
    place = f" ({verdict.place})" if verdict.place.file else ""
    text = f": {verdict.text or verdict.reason}" if verdict.text or verdict.reason else ""
    yield f"  outcome   {verdict.end}{text}{place}"
    for step in view.verdict.steps:
        if step.stage != "link" and step.text != (verdict.text or verdict.reason):
            yield f"  {step.stage:9} {step.text}{f' ({step.place})' if step.place.file else ''}"
    yield from (f"  would     {headline(one)}" for one in verdict.operations)
    for finding in verdict.findings:
        yield f"  finding   [{finding.code}] {finding.message}"
    if snapshot is not None and snapshot.end:
        yield f"  before    {snapshot.end}{f': {snapshot.reason}' if snapshot.reason else ''}"
    if view.history:
        last = view.history[-1]
        yield f"  last      {headline(last)}: {last.state} {last.ended_at or last.opened_at} (run {last.run})"


# -- fields --------------------------------------------------------------------------------------------


def field_views(view: WhyView, only: str = "") -> list[FieldView]:
    """One entry per mapped field, in the order of the mapping; with `only`, that field and its members."""
    notes = {note.field: note for note in view.verdict.notes}
    names = [row.target for row in view.flow.mapping.rows]
    chosen = [name for name in names if not only or name == only or name.startswith(f"{only}.")]
    return [_field_view(view, name, notes.get(name)) for name in chosen]


def _field_view(view: WhyView, name: str, note: FieldNote | None) -> FieldView:
    flow, mapped = view.flow, view.mapped
    policy = flow.rules.policy_of(name)
    plan = flow.fields.get(name)
    source = note.source if note else mapped.values.get(name, ABSENT) if mapped else ABSENT
    default = note.is_default if note else bool(mapped and name in mapped.defaults)
    return FieldView(
        name,
        source,
        note.target if note else _held(view, name),
        _base(view, name),
        default,
        note.pattern if note else "",
        note.verb if note else "keep",
        _WHY.get(note.why, note.why) if note else _unweighed(view, policy, source),
        str(plan.origin) if plan else str(flow.mapping.by_target[name].place),
        _policy_words(policy),
        tuple(alternatives(flow.mapping.by_target[name], _scope(view))),
        _last(view.history, name),
    )


def _scope(view: WhyView) -> dict[str, Any]:
    link = view.bundle.link
    known = {"id": link.other(view.bundle.record.key).id, "rule": link.rule, "role": link.role} if link else None
    mapped = view.mapped.values if view.mapped else {}
    held = view.bundle.target.fields if view.bundle.target else None
    named = {"source": view.left, "mapped": mapped, "held": held, "link": known}
    return {**named, "settings": view.flow.settings, "now": "", "item": None}


def _held(view: WhyView, name: str) -> Any:
    target = view.bundle.target
    if target is None:
        return ABSENT
    if name in target.fields:
        return target.fields[name]
    outer, _, member = name.partition(".")
    inner = target.fields.get(outer)
    return inner.get(member, ABSENT) if isinstance(inner, dict) else ABSENT


def _base(view: WhyView, name: str) -> tuple[Any, Any] | None:
    snapshot = view.bundle.snapshot
    found = snapshot.base.get(name) if snapshot else None
    return (found[0], found[-1]) if found else None


def _unweighed(view: WhyView, policy: PushPolicy, source: Any) -> str:
    """Why a field was not even weighed."""
    if source is ABSENT:
        return "the mapping gives no value here: its source is absent, or its `when` does not hold"
    if view.verdict.end in ("held", "waiting", "skipped", "failed", "unknown", "assigned"):
        return f"the record goes no further: {view.verdict.end}"
    return f"{_WHY.get(policy.push, 'not written at this moment')}"


def _last(history: list[Operation], name: str) -> Operation | None:
    return next((one for one in reversed(history) if any(change.field == name for change in one.changes)), None)


def _policy_words(policy: PushPolicy) -> str:
    words = f"push: {policy.push}, write: {policy.write}, empty: {policy.empty}, conflict: {policy.conflict}"
    return f"{words}, drift: {policy.drift} ({policy.place})"


def _field_lines(one: FieldView, flow: FlowSpec, blind: Blind, *, full: bool) -> Iterator[str]:
    def shown(value: Any) -> str:
        return value_text(blind.mapped(flow, one.name, value))

    pattern = f"{one.pattern.lower().replace('_', ' ')}: " if one.pattern else ""
    yield f"  {one.name}: {_VERBS.get(one.verb, one.verb)}; {pattern}{one.words}"
    default = " (a default)" if one.is_default else ""
    yield f"      source    {shown(one.source)}{default}   {one.row}"
    yield f"      target    {shown(one.target)}"
    if not full:
        return
    if one.base is not None:
        yield f"      base      source {shown(one.base[0])}, target {shown(one.base[1])}"
    for tried in one.tried:
        yield f"      {'taken' if tried.taken else 'not taken':9} {_hidden(tried, one, flow, blind)}   {tried.words}"
    yield f"      policy    {one.policy}"
    if one.last is not None:
        yield f"      last      {headline(one.last)}: {one.last.state} {one.last.ended_at} (run {one.last.run})"


def _hidden(tried: Alternative, one: FieldView, flow: FlowSpec, blind: Blind) -> str:
    """A losing value may come from another, personal, field of the source: hide every text that is not ours."""
    if blind.reveal or is_blank(tried.value):
        return value_text(tried.value)
    own = blind.mapped(flow, one.name, one.source)
    return value_text(own if tried.value == one.source else masked(tried.value))


_VERBS = {"keep": "left alone", "push": "written", "hold": "held for a person"}

_WHY = {
    "absent": "not fetched or not there, so that nothing happens",
    "same": "both sides say the same",
    "on_create": "written when the record is created, and never after (push: on_create)",
    "on_first": "written when the record is created or linked, and never after (push: on_first)",
    "on_update": "written to records that exist already, not on create (push: on_update)",
    "never": "never written (push: never)",
    "always": "nothing in this run weighs it",
    "default": "the source has nothing, and a default never replaces a value",
    "if_empty": "the target has a value, and this row only fills what is empty (write: if_empty)",
    "append_once": "the line stands in the target already (write: append_once)",
    "union": "the target holds all of it already (write: union)",
    "neither moved": "neither side changed since it was last dealt with",
    "empty: keep": "the source is empty, and emptiness does not travel (empty: keep)",
    "source moved": "the source changed",
    "source empty": "the source is empty",
    "target empty": "the target is empty",
    "adds": "adds to what stands there",
    "drift: put_back": "only the target changed, and the source's value is put back (drift: put_back)",
    "drift: keep": "only the target changed, and that is left as it is (drift: keep)",
    "drift: hold": "only the target changed, and a person decides (drift: hold)",
    "conflict: source": "both sides differ, and the source wins (conflict: source)",
    "conflict: target": "both sides differ, and the target wins (conflict: target)",
    "conflict: newest": "both sides differ, and the newer one wins (conflict: newest)",
    "conflict: hold": "both sides differ, and a person decides (conflict: hold)",
    "lines agree": "all lines agree",
    "lines moved": "lines differ",
    "a line is in conflict": "a line differs on both sides, and a person decides",
}
"""The reasons that deciding gives, in whole sentences."""


def why_tree(view: WhyView, blind: Blind, only: str = "") -> dict[str, Any]:
    """The explanation as plain values."""
    link, verdict = view.bundle.link, view.verdict
    return {
        "record": str(view.bundle.record.key),
        "flow": view.flow.name,
        "link": {"to": str(link.other(view.bundle.record.key)), "state": link.state, "rule": link.rule,
                 "role": link.role, "made_at": link.made_at} if link else None,
        "end": verdict.end, "reason": verdict.reason, "text": verdict.text, "rule": str(verdict.place),
        "steps": [{"stage": one.stage, "text": one.text, "rule": str(one.place)} for one in verdict.steps],
        "operations": [headline(one) for one in verdict.operations],
        "fields": [_field_tree(one, view.flow, blind) for one in field_views(view, only)],
    }  # fmt: skip


def _field_tree(one: FieldView, flow: FlowSpec, blind: Blind) -> dict[str, Any]:
    def shown(value: Any) -> Any:
        return None if value is ABSENT else blind.mapped(flow, one.name, value)

    return {
        "field": one.name, "verb": one.verb, "pattern": one.pattern, "why": one.words,
        "source": shown(one.source), "target": shown(one.target), "default": one.is_default,
        "base": [shown(value) for value in one.base] if one.base else None,
        "rule": one.row, "policy": one.policy,
        "tried": [{"from": tried.words, "taken": tried.taken} for tried in one.tried],
        "last": {"operation": one.last.id, "at": one.last.ended_at, "run": one.last.run} if one.last else None,
    }  # fmt: skip
