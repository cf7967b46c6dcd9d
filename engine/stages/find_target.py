"""Which target record a source record stands for: pin, stored link, represent, match, outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from engine.model.bundle import End
from engine.model.finding import NOWHERE, Place
from engine.model.link import Link
from engine.model.question import Question
from engine.model.record import Record
from engine.model.values import UNKNOWN, Pending
from engine.spec.rules import Gate, MatchRule, Pin
from engine.stages.desk import Desk
from engine.stages.match import Found, match, rule_keys
from engine.stages.select import select
from engine.stages.view import Asking

BROKEN = "link-broken"
_GATE_ENDS: dict[str, End] = {
    "wait": "waiting",
    "hold": "held",
    "skip": "skipped",
    "review": "held",
    "refuse": "failed",
}


@dataclass(frozen=True, slots=True)
class Target:
    """The answer. `way` linked: the stored link; found: a new link; pending: a link to a create of this plan;
    create; global: the shared record `name`; end: the record goes no further, with `end` and why."""

    way: Literal["linked", "found", "pending", "create", "global", "end"]
    record: Record | None = None
    rule: str = ""
    role: Literal["primary", "secondary"] = "primary"
    name: str = ""
    pin: str = ""
    broken: bool = False
    """The stored link must be marked broken."""
    pending: Pending | None = None
    end: End = "held"
    reason: str = ""
    text: str = ""
    place: Place = NOWHERE
    case: tuple[str, dict[str, Any]] | None = None


def ended(end: End, reason: str, text: str, place: Place = NOWHERE, **more: Any) -> Target:
    """The record goes no further."""
    return Target("end", end=end, reason=reason, text=text, place=place, **more)


def stopped(desk: Desk, gate: Gate, section: str) -> Target:
    """What becomes of a record that a gate stops. A gate that says why it skips is worth a finding."""
    if gate.otherwise == "skip" and gate.say:
        desk.find(f"{section}-{gate.name}", gate.say, gate.place)
    case = ("review", {"gate": f"{section}.{gate.name}"}) if gate.otherwise == "review" else None
    return ended(
        _GATE_ENDS[gate.otherwise],
        f"{section}-{gate.name}",
        gate.say or f"{section}: {gate.name} does not hold",
        gate.place,
        case=case,
    )


def find_target(desk: Desk, left: dict[str, Any]) -> Asking[Target]:
    """Pins, then the stored link, then begin, represent and the match rules."""
    scope = desk.scope(left)
    pinned = yield from _pinned(desk, left, scope)
    if pinned is not None:
        return pinned
    link = desk.bundle.link
    if link is not None and not _pin_cleared(desk, left):
        return (yield from _stored(desk, left, scope))
    lost = _lost(desk) if link is None else ""
    if lost:
        return (yield from _target_gone(desk, left, scope, lost))
    gate = select(desk.flow.rules.begin, scope, desk.passed("begin"))
    if gate is not None:
        return stopped(desk, gate, "begin")
    for line in desk.flow.rules.represent:
        if line.when is None or line.when(scope):
            if line.as_ == "global_record":
                desk.say("represent", f"{line.id}: the shared record {line.global_}", line.place)
                return Target("global", name=line.global_, place=line.place)
            break
    found = yield from match(desk.flow, left, scope)
    return (yield from _outcome(desk, found, broken=link is not None))


# -- pins ----------------------------------------------------------------------------------------------


def _pinned(desk: Desk, left: dict[str, Any], scope: dict[str, Any]) -> Asking[Target | None]:
    """A filled pin decides alone; None when no pin is filled."""
    for rule in desk.flow.rules.match.rules:
        keys = rule_keys(rule, left) if rule.pin else None
        if rule.pin is None or keys is None:
            continue
        link = desk.bundle.link
        if link is None and _lost(desk) and _in_force(desk, keys[0]):
            return None
        if link is not None and _stands(desk, link, rule.pin, keys[0]):
            stored = yield from _stored(desk, left, scope)
            return _with_pin(stored, keys[0])
        if link is not None and rule.pin.changed != "relink":
            end: End = "failed" if rule.pin.changed == "refuse" else "held"
            text = (
                f"{rule.id} names another record than the one it is linked to; blank the field first, then sync again"
            )
            return ended(end, "pin-changed", text, rule.place)
        found = yield from match(desk.flow, left, scope, [rule])
        target = yield from _outcome(desk, found, broken=link is not None)
        if target.way == "end" and target.reason == "no-match":
            return replace(target, text=_unknown_pin(desk, rule, keys[0]))
        return _with_pin(target, keys[0])
    return None


def _unknown_pin(desk: Desk, rule: MatchRule, key: str) -> str:
    fix = f"correct or blank {rule.pairs[0].left_path} in the source"
    return f"{rule.id} names {desk.flow.target.title} {key}, which is not there or does not count as a match; {fix}"


def _stands(desk: Desk, link: Link, pin: Pin, key: str) -> bool:
    """True when the link is what the pin names, or was made in the knowledge of it: by a person, or because the
    record that it names is gone."""
    target, snapshot = link.other(desk.source).id, desk.bundle.snapshot
    if target == key:
        return True
    if pin.changed != "relink":
        return False
    dealt_with = snapshot is not None and snapshot.target_id == target
    return _in_force(desk, key) if dealt_with else link.by_hand


def _in_force(desk: Desk, key: str) -> bool:
    """True when the pin is as it was when it was last obeyed."""
    return desk.bundle.snapshot is not None and desk.bundle.snapshot.pin == key


def _with_pin(target: Target, pin: str) -> Target:
    if target.way == "end":
        return target
    return replace(target, pin=pin)


def _pin_cleared(desk: Desk, left: dict[str, Any]) -> bool:
    """True when a pin that was in force is blank now and its rule says to match again."""
    snapshot = desk.bundle.snapshot
    if snapshot is None or not snapshot.pin:
        return False
    pins = [rule for rule in desk.flow.rules.match.rules if rule.pin and rule_keys(rule, left) is None]
    return any(rule.pin is not None and rule.pin.cleared == "rematch" for rule in pins)


# -- the stored link -----------------------------------------------------------------------------------


def _stored(desk: Desk, left: dict[str, Any], scope: dict[str, Any]) -> Asking[Target]:
    link = desk.bundle.link
    if link is None:
        return ended("unknown", "no-link", "there is no link")
    key = link.other(desk.source)
    record = desk.bundle.target
    if record is None:
        question = Question("record", key.connection, key.object, "", key.id)
        record = (yield [question])[question]
        if record is UNKNOWN:
            return ended("unknown", "target-unread", f"the linked record {key.id} could not be read")
    if record is None or record.gone:
        return (yield from _target_gone(desk, left, scope, key.id))
    desk.say("link", f"linked to {key.id} by {link.rule}")
    return Target("linked", record=record, rule=link.rule, role=link.role)


def _target_gone(desk: Desk, left: dict[str, Any], scope: dict[str, Any], lost: str) -> Asking[Target]:
    """The linked record was merged away or deleted."""
    policy = desk.flow.rules.gone.target
    desk.say("gone", f"the linked record {lost} is gone; gone.target: {policy}")
    if policy == "recreate":
        return Target("create", broken=True)
    if policy == "unlink":
        return ended("held", "unlinked", f"the linked record {lost} is gone; the link was removed", broken=True)
    if policy == "hold":
        return ended("held", "target-gone", f"the linked record {lost} is gone")
    found = yield from match(desk.flow, left, scope, [rule for rule in desk.flow.rules.match.rules if not rule.pin])
    if found.verdict in ("one", "many"):
        return (yield from _outcome(desk, found, broken=True))
    text = f"the linked record {lost} is gone and no rule finds another; link it by hand: run.py links add"
    return ended("failed", BROKEN, text, broken=True)


def _lost(desk: Desk) -> str:
    """The record of a link that an earlier run broke: until a rule or a person finds another, it stays failed."""
    snapshot = desk.bundle.snapshot
    return snapshot.target_id if snapshot is not None and snapshot.reason == BROKEN else ""


# -- the outcome of matching -----------------------------------------------------------------------------


def _outcome(desk: Desk, found: Found, *, broken: bool) -> Asking[Target]:
    """One sentence of `match.outcome`, with the rule's own where it has one."""
    for name, text in found.tried:
        desk.say("match", f"{name}: {text}")
    candidates = tuple(one for one in found.candidates if one.key.id not in desk.bundle.rejected)
    outcome = desk.flow.rules.match.outcome
    rule = found.rule
    if found.verdict == "unknown":
        text = "whether a match exists could not be proved; nothing is created"
        return ended("failed" if outcome.unknown == "fail" else "unknown", "absence-unproved", text, outcome.place)
    if not candidates:
        return _none(desk, (rule.none if rule else "") or outcome.none, rule, broken)
    if len(candidates) > 1:
        verb = (rule.many if rule else "") or outcome.many
        if verb != "first":
            return _doubt("many-matches", verb, rule, [one.key.id for one in candidates])
    elif ((rule.one if rule else "") or outcome.one) == "review":
        return _doubt("one-match", "review", rule, [candidates[0].key.id])
    return (yield from _take(desk, candidates[0], rule, broken))


def _doubt(reason: str, verb: str, rule: MatchRule | None, ids: list[str]) -> Target:
    name = rule.id if rule else ""
    text = f"{len(ids)} record(s) match by {name}: {', '.join(ids[:5])}"
    place = rule.place if rule else NOWHERE
    if verb == "fail":
        return ended("failed", reason, text, place)
    return ended("held", reason, text, place, case=(reason, {"rule": name, "candidates": ids}))


def _none(desk: Desk, verb: str, rule: MatchRule | None, broken: bool) -> Target:
    outcome = desk.flow.rules.match.outcome
    place = rule.place if rule and rule.none else outcome.place
    if verb == "create":
        claimed = desk.bundle.claimed
        return _claimed(desk, claimed, outcome.taken, place) if claimed else Target("create", broken=broken)
    if verb == "global":
        return Target("global", name=outcome.global_ or next(iter(desk.flow.rules.globals), ""), place=place)
    name = rule.id if rule else "match"
    if verb == "fail":
        text = f"{name}: no such record in the target; correct the value, or link it by hand: run.py links add"
        return ended("failed", "no-match", text, place)
    if verb == "skip":
        return ended("skipped", "no-match", "no match, and the rules create none", place)
    case = ("no-match", {"rule": name}) if verb == "review" else None
    return ended("held", "no-match", "no match, and the rules create none", place, case=case)


def _claimed(desk: Desk, claimed: tuple[str, str], verb: str, place: Place) -> Target:
    """Another new record of the same customer comes first in this plan."""
    operation, source = claimed
    desk.say("claim", f"{source} creates the same record in this plan; taken: {verb}", place)
    if verb == "link_also":
        return Target("pending", rule="claimed", role="secondary", pending=Pending(operation, "id"))
    if verb == "create":
        return Target("create")
    case = ("taken", {"with": source}) if verb == "review" else None
    return ended("held", "taken", f"{source} is the same customer and comes first", place, case=case)


def _take(desk: Desk, record: Record, rule: MatchRule | None, broken: bool) -> Asking[Target]:
    """Use the candidate, unless another source record has it already."""
    question = Question("holders", record.key.connection, record.key.object, desk.source.object, record.key.id)
    holders = [link for link in (yield [question])[question] if desk.source not in (link.a, link.b)]
    holders = [link for link in holders if link.other(record.key)[:2] == desk.source[:2]]
    claimed = desk.bundle.claimed
    name = rule.id if rule else ""
    if not holders and claimed is None:
        return Target("found", record=record, rule=name, broken=broken)
    verb = desk.flow.rules.match.outcome.taken
    other = str(holders[0].other(record.key)) if holders else claimed[1] if claimed else ""
    place = desk.flow.rules.match.outcome.place
    desk.say("taken", f"{record.key.id} belongs to {other} already; taken: {verb}", place)
    if verb == "link_also":
        return Target("found", record=record, rule=name, role="secondary", broken=broken)
    if verb == "create":
        return Target("create", broken=broken)
    case = ("taken", {"rule": name, "candidates": [record.key.id], "with": other}) if verb == "review" else None
    return ended("held", "taken", f"{record.key.id} belongs to {other} already", place, case=case)
