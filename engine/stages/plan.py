"""Planning one source record: from its bundle to a verdict with operations. Pure; puts questions as it goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from engine.functions.canonical import digest
from engine.model.bundle import End, Verdict
from engine.model.finding import NOWHERE
from engine.model.mapping import Mapped
from engine.model.operation import Operation
from engine.model.question import Question
from engine.model.record import Record, RecordKey
from engine.model.values import UNKNOWN, Pending
from engine.stages.claim import Claim, claim, hold_target
from engine.stages.decide import Ground, Moment
from engine.stages.desk import Desk
from engine.stages.find_target import Target, find_target, stopped
from engine.stages.follow import actions, write_back
from engine.stages.keeper import keeper
from engine.stages.map_record import context_of, map_record
from engine.stages.see_source import lacks_detail, see_source
from engine.stages.select import select
from engine.stages.shared_record import shared_record
from engine.stages.taken import natural_key_holder, without_taken
from engine.stages.verdict import Learnt, broken_link, end_with, ended_with, settles_of, snapshot_of
from engine.stages.view import Asking
from engine.stages.weigh import Weighed, check_quality, known_base, needs_detail, nothing_pushes, weigh


def plan(desk: Desk) -> Asking[Verdict]:
    """Decide one record: select, find its target, map, weigh, follow up."""
    if desk.bundle.record.gone:
        return (yield from _source_gone(desk))
    seen = yield from see_source(desk)
    if seen is None:
        return end_with(desk, "unknown", "source-unread", "the record, or one that it refers to, could not be read")
    desk, learnt = seen.desk, seen.learnt
    scope = desk.scope(learnt.left)
    gate = select(desk.flow.rules.select, scope, desk.passed("select"))
    if gate is not None:
        return ended_with(desk, stopped(desk, gate, "select"))
    if desk.run is not None and desk.run.select is not None and not desk.run.select(scope):
        return end_with(desk, "skipped", "run-select", f"not selected by run {desk.run.name}")
    target = yield from find_target(desk, learnt.left)
    return (yield from _WAYS[target.way](desk, learnt, target))


# -- ways a target is found -------------------------------------------------------------------------


def _way_end(desk: Desk, _learnt: Learnt, target: Target) -> Asking[Verdict]:
    yield from ()
    return ended_with(desk, target)


def _way_global(desk: Desk, _learnt: Learnt, target: Target) -> Asking[Verdict]:
    id, operations = yield from shared_record(desk, target.name)
    if id is UNKNOWN:
        return end_with(
            desk, "unknown", "absence-unproved", f"whether the shared record {target.name} exists could not be proved"
        )
    if not id:
        return end_with(
            desk,
            "failed",
            "global-missing",
            f"the shared record {target.name} does not exist and the rules do not create it",
        )
    return replace(
        end_with(desk, "assigned", "global", f"stands under the shared record {target.name}"),
        operations=operations,
        assignment=str(id),
    )


def _way_pending(desk: Desk, learnt: Learnt, target: Target) -> Asking[Verdict]:
    """A second link to a record that another operation of this plan creates."""
    yield from ()
    pending = target.pending or Pending("", "id")
    settles = settles_of(desk, learnt, {}, "linked", target, "link")
    link = desk.operation(
        "link",
        RecordKey(desk.flow.target_connection.name, desk.flow.target.name, ""),
        step="record",
        needs=(pending.operation,),
        settles={**settles, "target": pending.operation},
    )
    return replace(
        end_with(desk, "linked", "taken", "the same customer is created by another record of this plan"),
        operations=(link,),
    )


def _way_create(desk: Desk, learnt: Learnt, target: Target) -> Asking[Verdict]:
    if desk.run is not None and not desk.run.creates:
        return replace(
            end_with(desk, "skipped", "creates-wait", f"run {desk.run.name} creates nothing"),
            links=broken_link(desk, target),
        )
    gate = select(desk.flow.rules.create, desk.scope(learnt.left), desk.passed("create"))
    if gate is not None:
        return ended_with(desk, stopped(desk, gate, "create"))
    return (yield from _write(desk, learnt, target, None, "create"))


def _way_found(desk: Desk, learnt: Learnt, target: Target) -> Asking[Verdict]:
    return (yield from _write(desk, learnt, target, target.record, "link"))


def _way_linked(desk: Desk, learnt: Learnt, target: Target) -> Asking[Verdict]:
    return (yield from _write(desk, learnt, target, target.record, "update"))


_WAYS = {
    "end": _way_end,
    "global": _way_global,
    "pending": _way_pending,
    "create": _way_create,
    "found": _way_found,
    "linked": _way_linked,
}


# -- writing ------------------------------------------------------------------------------------------


def _write(desk: Desk, learnt: Learnt, target: Target, record: Record | None, moment: Moment) -> Asking[Verdict]:
    sight = _sight(desk, record, moment)
    quiet = moment != "create" and (target.role == "secondary" or nothing_pushes(desk, sight))
    weighed = Weighed((), known_base(desk, record), (), ())
    later = False
    if not quiet and lacks_detail(desk, mapping=True):
        seen = yield from see_source(desk, mapping=True)
        if seen is None:
            return end_with(desk, "unknown", "source-unread", "the record could not be read")
        desk, learnt = seen.desk, seen.learnt
    if not quiet:
        if record is not None and needs_detail(desk, record, sight):
            question = Question("record", record.key.connection, record.key.object, "detail", record.key.id)
            read = (yield [question])[question]
            if read is UNKNOWN or read is None:
                return end_with(
                    desk, "unknown", "target-unread", f"the linked record {record.key.id} could not be read"
                )
            record = read
        outcome = yield from _map_and_weigh(desk, learnt, record, sight)
        if isinstance(outcome, Verdict):
            return outcome
        weighed, later = outcome
        if record is not None:
            weighed = yield from without_taken(desk, weighed, record)
        else:
            field, holder = yield from natural_key_holder(desk, weighed)
            if holder:
                return _taken(desk, field, holder)
    return (yield from _assemble(desk, learnt, target, record, moment, weighed, later))


def _taken(desk: Desk, field: str, holder: str) -> Verdict:
    plan = desk.flow.fields[field]
    text = f"{field}: {holder} has this value already but is no match; nothing is written over it: "
    text += f"correct it there, or, if both are the same, run.py links add {desk.flow.name} {desk.source.id} {holder}"
    return end_with(desk, "failed", "natural-key-taken", text, plan.origin)


def _sight(desk: Desk, record: Record | None, moment: Moment) -> Moment:
    """A link that a person or another flow made is to this flow as new as one that it finds."""
    snapshot = desk.bundle.snapshot
    known = snapshot is not None and record is not None and snapshot.target_id == record.key.id
    return "link" if moment == "update" and not known else moment


def _map_and_weigh(
    desk: Desk, learnt: Learnt, record: Record | None, moment: Moment
) -> Asking[Verdict | tuple[Weighed, bool]]:
    mapped = yield from map_record(desk.flow.mapper, learnt.left, record.fields if record else None, context_of(desk))
    stop = _problems(desk, mapped)
    if stop is not None:
        return stop
    quality = check_quality(desk, mapped, desk.scope(learnt.left))
    if quality.stop is not None:
        rule, text = quality.stop
        return end_with(desk, "held" if rule.severity == "hold" else "failed", f"quality-{rule.name}", text, rule.place)
    snapshot = desk.bundle.snapshot
    same_inputs = snapshot is not None and snapshot.inputs == learnt.inputs
    ground = Ground(moment, same_inputs, _newer(desk, record))
    weighed = weigh(desk, quality.mapped, record, moment, ground)
    if record is not None and (yield from keeper(desk, record.key)) is not None:
        weighed = Weighed((), known_base(desk, record), (), ())
    return weighed, any(problem.kind == "later" for problem in mapped.problems)


def _problems(desk: Desk, mapped: Mapped) -> Verdict | None:
    """Findings of the mapping; the first that keeps the record back."""
    for problem in mapped.problems:
        row = desk.flow.mapping.by_target.get(problem.target.partition("[")[0])
        place = row.place if row else NOWHERE
        text = f"{problem.target}: {problem.text}"
        if problem.kind == "refuse":
            return end_with(desk, "failed", "missing-value", text, place)
        if problem.kind in ("hold", "too_long"):
            return end_with(desk, "held", "too-long" if problem.kind == "too_long" else "missing-value", text, place)
        if problem.kind == "unanswered":
            return end_with(desk, "unknown", "lookup-unanswered", text, place)
        if problem.kind == "failed":
            desk.find("value-unusable", text, place)
    return None


def _newer(desk: Desk, record: Record | None) -> Literal["source", "target", ""]:
    """Which side was changed last by its own clock; "" when that is not known."""
    ours = desk.bundle.record.fields.get(desk.flow.source.changes.field)
    theirs = record.fields.get(desk.flow.target.changes.field) if record else None
    if not isinstance(ours, str) or not isinstance(theirs, str) or ours == theirs:
        return ""
    return "source" if ours > theirs else "target"


def _assemble(
    desk: Desk, learnt: Learnt, target: Target, record: Record | None, moment: Moment, weighed: Weighed, later: bool
) -> Asking[Verdict]:
    end: End = {"create": "created", "link": "linked", "update": "updated"}[moment]  # type: ignore[assignment]  # three of End
    settles = settles_of(desk, learnt, weighed.base, end, target, moment, later=later or bool(weighed.held))
    main = _main(desk, record, moment, weighed, settles)
    creating = main if moment == "create" else None
    follow = list(write_back(desk, record, creating))
    did = {"create": "created", "link": "linked"}.get(moment) or ("updated" if main else "settled")
    follow += yield from actions(desk, learnt.left, record, creating, did)
    if follow:  # whatever stops this run before they are done, the next one looks again
        settles = {**settles, "unfinished": True}
        main = replace(main, settles=settles) if main else None
    operations = ((main,) if main else ()) + tuple(follow)
    verdict = _ended_by(desk, target, end if main else "settled", weighed)
    return replace(
        verdict,
        operations=operations,
        snapshot=None if main else snapshot_of(desk, learnt, weighed, target, record, settles),
        links=broken_link(desk, target),
        claims=_claims(desk, learnt, target, record, moment, main),
        notes=weighed.notes,
    )


def _ended_by(desk: Desk, target: Target, end: End, weighed: Weighed) -> Verdict:
    if weighed.held and end == "settled":
        text = f"both sides changed: {', '.join(weighed.held)}"
        case = {"fields": list(weighed.held), "values": _fingerprint(weighed)}
        return end_with(desk, "held", "conflict", text, case=("conflict", case))
    reason = {"created": "no match", "linked": target.rule}.get(end, "")
    return end_with(desk, end, reason, "")


def _fingerprint(weighed: Weighed) -> str:
    """Of what the two sides say, so that a conflict over other values is asked about anew."""
    sides = [(note.field, note.source, note.target) for note in weighed.notes if note.field in weighed.held]
    try:
        return digest(sides)[:12]
    except TypeError:  # a mark such as PENDING among the values
        return digest(repr(sides))[:12]


def _main(
    desk: Desk, record: Record | None, moment: Moment, weighed: Weighed, settles: dict[str, Any]
) -> Operation | None:
    """The write to the target, or the bare link, or nothing."""
    flow = desk.flow
    if moment == "create":
        key = RecordKey(flow.target_connection.name, flow.target.name, "")
        return desk.operation("create", key, weighed.changes, request=flow.target.create, settles=settles)
    key = record.key if record else RecordKey("", "", "")
    if weighed.changes:
        return desk.operation("update", key, weighed.changes, request=flow.target.update, settles=settles)
    return desk.operation("link", key, settles=settles) if moment == "link" else None


def _claims(
    desk: Desk, learnt: Learnt, target: Target, record: Record | None, moment: Moment, main: Operation | None
) -> tuple[Claim, ...]:
    if main is None:
        return ()
    if moment == "create":
        return claim(desk.flow, learnt.left, main.values)
    if moment == "link" and record is not None and target.role == "primary":
        return (hold_target(record.key.connection, record.key.object, record.key.id),)
    return ()


def _source_gone(desk: Desk) -> Asking[Verdict]:
    """The source record is proved gone."""
    link, policy = desk.bundle.link, desk.flow.rules.gone.source
    if link is None or policy == "keep":
        return end_with(desk, "skipped", "source-gone", "gone in the source; the target is left alone")
    key = link.other(desk.source)
    if policy == "delete" and (yield from keeper(desk, key)) is not None:
        return end_with(desk, "skipped", "yields", f"gone in the source; {key.id} is kept by another flow")
    if policy == "delete":
        operation = desk.operation(
            "delete", key, request=desk.flow.target.delete, settles={"end": "removed", "unlink": True}
        )
        return replace(end_with(desk, "removed", "source-gone", ""), operations=(operation,))
    return end_with(desk, "held", "source-gone", "gone in the source", case=("source-gone", {"target": key.id}))
