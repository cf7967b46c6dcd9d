"""Verdicts: how a record ends, and what the outcome makes true in the store."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from engine.model.bundle import End, Verdict
from engine.model.finding import NOWHERE, Place, Severity
from engine.model.link import Link, Snapshot
from engine.model.record import Record
from engine.model.run import Case
from engine.stages.desk import Desk, operation_id
from engine.stages.find_target import Target
from engine.stages.moments import after
from engine.stages.weigh import Weighed


@dataclass(frozen=True, slots=True)
class Learnt:
    """The source record as seen, and the digest of all it was made from."""

    left: dict[str, Any]
    inputs: str


# -- what to remember --------------------------------------------------------------------------------


def settles_of(
    desk: Desk, learnt: Learnt, base: dict[str, Any], end: str, target: Target, moment: str, *, later: bool = False
) -> dict[str, Any]:
    """What the outcome of the operation makes true: link and snapshot."""
    old = desk.bundle.snapshot
    pin = target.pin or (old.pin if old and not _pin_gone(desk, target) else "")
    owed = {name: "" for name, action in desk.flow.rules.actions.items() if _moment_of(moment) in action.after}
    return {
        "end": end,
        "base": base,
        "inputs": _inputs(desk, learnt),
        "digest": desk.flow.digest,
        "pin": pin,
        "unfinished": later,
        "rule": target.rule or ("created" if moment == "create" else ""),
        "role": target.role,
        "moment": moment,
        "actions": {**owed, **_past(desk, moment), **(old.actions if old else {})},
    }


def _past(desk: Desk, moment: str) -> dict[str, str]:
    """What is done for records that are found is not done later for one that this flow makes."""
    if moment != "create":
        return {}
    found = {name for name, action in desk.flow.rules.actions.items() if "linked" in action.after}
    return {name: desk.now for name in found if "created" not in desk.flow.rules.actions[name].after}


def _inputs(desk: Desk, learnt: Learnt) -> str:
    """What the base was made from. A run of some fields leaves the others to be dealt with: for them these inputs are
    news still, and no change of rules."""
    run, old = desk.run, desk.bundle.snapshot
    if old is None or run is None or (run.columns is None and not run.skip):
        return learnt.inputs
    return old.inputs


def _moment_of(moment: str) -> str:
    return {"create": "created", "link": "linked"}.get(moment, "updated")


def _pin_gone(desk: Desk, target: Target) -> bool:
    return target.way in ("found", "create") and not target.pin


def snapshot_of(
    desk: Desk, learnt: Learnt, weighed: Weighed, target: Target, record: Record | None, settles: dict[str, Any]
) -> Snapshot | None:
    """The refreshed base of a record that needs no write; None when nothing would be new."""
    new = Snapshot(
        flow=desk.flow.name,
        source=desk.source,
        target_id=record.key.id if record else "",
        base=weighed.base,
        inputs=_inputs(desk, learnt),
        digest=desk.flow.digest,
        end="held" if weighed.held else "settled",
        unfinished=settles["unfinished"],
        pin=settles["pin"],
        actions=desk.bundle.snapshot.actions if desk.bundle.snapshot else {},
        due_at=_due_at(desk),
    )
    return None if new == desk.bundle.snapshot else new


def _due_at(desk: Desk) -> str:
    """When the first action has to be renewed."""
    done = desk.bundle.snapshot.actions if desk.bundle.snapshot else {}
    times = [
        after(done[name], action.renew)
        for name, action in desk.flow.rules.actions.items()
        if action.renew and done.get(name)
    ]
    return min(times, default="")


def broken_link(desk: Desk, target: Target) -> tuple[Link, ...]:
    if not target.broken or desk.bundle.link is None:
        return ()
    return (replace(desk.bundle.link, state="broken"),)


def inputs_digest(hashes: tuple[str, ...]) -> str:
    if len(hashes) == 1:
        return hashes[0]
    return blake2b("\x1f".join(hashes).encode(), digest_size=16).hexdigest()


# -- ends --------------------------------------------------------------------------------------------


_UNFINISHED = frozenset({"failed", "unknown"})


def ended_with(desk: Desk, target: Target) -> Verdict:
    verdict = end_with(desk, target.end, target.reason, target.text, target.place, case=target.case)
    return replace(verdict, links=broken_link(desk, target))


def end_with(
    desk: Desk,
    end: End,
    reason: str,
    text: str,
    place: Place = NOWHERE,
    *,
    case: tuple[str, dict[str, Any]] | None = None,
) -> Verdict:
    """A verdict without operations; what is not finished is looked at again next time."""
    old = desk.bundle.snapshot
    held = end in ("held", "waiting", "skipped", *_UNFINISHED)
    snapshot = None
    if held:
        snapshot = replace(
            old or Snapshot(desk.flow.name, desk.source),
            end=end,
            reason=reason,
            digest=desk.flow.digest,
            unfinished=end in _UNFINISHED or reason in ("taken", "conflict", "target-gone"),
        )
        told = any(one.code == reason for one in desk.findings)
        if text and not told and end in ("held", "failed", "unknown"):
            severity = Severity.ERROR if end == "failed" else Severity.WARNING
            desk.find(reason, text, place, severity)
    desk.say(end, text or reason, place)
    return Verdict(
        end,
        reason,
        text,
        place,
        snapshot=snapshot if snapshot != old else None,
        cases=_case(desk, case),
        findings=tuple(desk.findings),
        steps=tuple(desk.steps),
    )


def _case(desk: Desk, case: tuple[str, dict[str, Any]] | None) -> tuple[Case, ...]:
    if case is None:
        return ()
    kind, evidence = case
    step = f"{kind}:{evidence.get('gate', '')}" if kind == "review" else kind  # each gate is a question of its own
    id = operation_id(desk.flow.name, desk.source, step, 0)[:12]
    return (Case(id, desk.flow.name, kind, desk.source, evidence, opened_at=desk.now),)
