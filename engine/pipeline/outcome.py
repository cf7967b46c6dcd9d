"""Recording outcomes: the journal, the link, the snapshot and the mirror, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from engine.model.link import Link, Snapshot, link_between
from engine.model.operation import Operation, Result
from engine.model.record import Record, RecordKey
from engine.model.stored import Staged
from engine.pipeline.perform import Performed
from engine.pipeline.stage import Stager, only_ours, own_write, stager
from engine.pipeline.workshop import Workshop
from engine.spec.ruleset import FlowSpec
from engine.stages.moments import after
from engine.stages.own_members import own_members


def record(shop: Workshop, flow: FlowSpec, performed: Sequence[Performed], sequence: int) -> None:
    """Store what became of a group of operations."""
    now = shop.now()
    with shop.store.transaction():
        shop.store.conclude([_result(one, now) for one in performed])
        mirrored = _mirror(shop, performed, sequence)
        snapshots = shop.store.snapshots(
            flow.name, flow.source_connection.name, flow.source.name, {one.operation.source.id for one in performed}
        )
        links: list[Link] = []
        for one in performed:
            _settle(flow, one, snapshots, links, now, mirrored)
        shop.store.put_links(links)
        shop.store.put_snapshots(
            snapshots[one.operation.source.id] for one in performed if _has_snapshot(one, snapshots)
        )
        shop.store.release(one.operation.id for one in performed if one.operation.kind in ("create", "update", "link"))
        for one in performed:
            if one.state == "done" and "global" in one.operation.settles:
                shop.store.settle_assignments(one.operation.id, one.target_id)


def _result(one: Performed, now: str) -> Result:
    return Result(one.operation.id, one.state, one.target_id, one.error, now)


def _has_snapshot(one: Performed, snapshots: dict[str, Snapshot]) -> bool:
    return one.operation.source.id in snapshots


# -- the mirror ----------------------------------------------------------------------------------------


def _mirror(shop: Workshop, performed: Sequence[Performed], sequence: int) -> dict[str, dict[str, Any]]:
    """Stage what we wrote, as the system shows it or as we sent it. Operation -> fields as they stand now."""
    shown: dict[str, dict[str, Any]] = {}
    for (connection, object), group in _grouped(performed).items():
        obj = shop.object(object)
        stage = stager(shop, connection, obj, rows="full")
        before = shop.store.records(connection, object, {one.target_id for one in group})
        ours: list[Staged] = []
        others: list[Staged] = []
        for one in group:
            for row in _rows(stage, one, before.get(one.target_id)):
                shown[one.operation.id] = row.fields
                # our own echo is nothing new for this flow; anything else in the answer is
                echo = only_ours(before.get(one.target_id), row.fields, list(one.values), obj.changes.field)
                (ours if echo else others).append(row)
        if ours:
            shop.store.stage(connection, object, ours, sequence=sequence)
        if others:
            shop.store.stage(connection, object, others, sequence=shop.store.next_sequence())
    for one in performed:
        target = one.operation.target
        if (one.state == "done" and one.operation.kind == "delete") or one.missing:
            shop.store.mark_gone(target.connection, target.object, [target.id], sequence=shop.store.next_sequence())
    return shown


def _rows(stage: Stager, one: Performed, before: Record | None) -> list[Staged]:
    if one.body is not None:
        return stage.staged([one.body], [])
    return [own_write(stage, one.target_id, before, one.values)]


def _grouped(performed: Sequence[Performed]) -> dict[tuple[str, str], list[Performed]]:
    groups: dict[tuple[str, str], list[Performed]] = {}
    for one in performed:
        if one.state == "done" and one.operation.kind in ("create", "update", "write_back") and one.target_id:
            groups.setdefault(one.operation.target[:2], []).append(one)
    return groups


# -- links and snapshots ---------------------------------------------------------------------------------


def _settle(
    flow: FlowSpec, one: Performed, snapshots: dict[str, Snapshot], links: list[Link], now: str,
    mirrored: dict[str, dict[str, Any]],
) -> None:  # fmt: skip
    operation = one.operation
    if "global" in operation.settles:
        return
    old = snapshots.get(operation.source.id) or Snapshot(flow.name, operation.source)
    if operation.kind in ("create", "update", "link"):
        snapshots[operation.source.id] = _main_snapshot(flow, one, old, mirrored)
        if one.state == "done" and operation.settles.get("moment") != "update":
            links.append(_link(one, now))
    elif operation.kind == "delete" and one.state == "done":
        key = operation.target
        links.append(replace(link_between(operation.source, key), state="broken", rule="source gone", made_at=now))
        snapshots[operation.source.id] = replace(old, end="removed", unfinished=False)
    elif operation.kind == "write_back":
        snapshots[operation.source.id] = _back_snapshot(flow, one, old, now)
    elif operation.kind == "action":
        snapshots[operation.source.id] = _action_snapshot(flow, one, old, now)


def _main_snapshot(flow: FlowSpec, one: Performed, old: Snapshot, mirrored: dict[str, dict[str, Any]]) -> Snapshot:
    facts = one.operation.settles
    if one.state != "done":
        return replace(old, end=str(one.state), reason=one.error[:200], unfinished=True)
    base = _with_values(flow, facts["base"], one.values)
    base = shown_base(flow, base, mirrored.get(one.operation.id), one.values)
    return replace(
        old, target_id=one.target_id, base=base, inputs=facts["inputs"], digest=facts["digest"], end=facts["end"],
        reason="", unfinished=facts["unfinished"], pin=facts["pin"], actions={**facts["actions"], **old.actions},
    )  # fmt: skip


def _with_values(flow: FlowSpec, base: dict[str, Any], values: Any) -> dict[str, Any]:
    """The base with the values that were really sent in place of pending ones."""
    return {name: _sent(entry, _own(flow, name, values)) if name in values else entry for name, entry in base.items()}


def _own(flow: FlowSpec, name: str, values: Any) -> Any:
    plan = flow.fields.get(name)
    return own_members(values[name], plan) if plan else values[name]


def _sent(entry: list[Any], value: Any) -> list[Any]:
    if isinstance(entry[-1], dict) and not isinstance(value, dict):
        return entry
    return [value] if len(entry) == 1 and not isinstance(value, list) else entry


def shown_base(flow: FlowSpec, base: dict[str, Any], fields: dict[str, Any] | None, written: Any) -> dict[str, Any]:
    """The base with what the target shows now for the fields that we wrote: its own spelling is no change."""
    if fields is None:
        return base
    result = dict(base)
    for name in written:
        plan = flow.fields.get(name)
        if plan is None or plan.list_key or name not in fields or name not in base:
            continue
        source, shown = base[name][0], own_members(fields[name], plan)
        if base[name][-1] != shown:
            result[name] = [source, shown]
    return result


def _link(one: Performed, now: str) -> Link:
    facts, operation = one.operation.settles, one.operation
    target = RecordKey(operation.target.connection, operation.target.object, one.target_id)
    return link_between(
        operation.source, target, role=facts["role"], rule=facts["rule"], made_at=now, run=operation.run
    )


def _back_snapshot(flow: FlowSpec, one: Performed, old: Snapshot, now: str) -> Snapshot:
    if one.state != "done":
        return replace(old, unfinished=True)
    pins = {rule.pairs[0].left_path for rule in flow.rules.match.rules if rule.pin}
    pin = next((str(value) for name, value in one.values.items() if name in pins), old.pin)
    name = _action_name(one.operation)
    return _done_action(flow, replace(old, pin=pin), name, now) if name else replace(old, pin=pin)


def _action_snapshot(flow: FlowSpec, one: Performed, old: Snapshot, now: str) -> Snapshot:
    """An action that also writes back is done when that is done: its answer is not kept anywhere else."""
    name = _action_name(one.operation)
    action = flow.rules.actions[name]
    if one.state == "done" and not action.write_back:
        return _done_action(flow, old, name, now)
    if one.state == "done":
        return old
    again = after(now, action.renew or 3600)
    return replace(old, actions={**old.actions, name: old.actions.get(name, "")}, due_at=again, unfinished=True)


def _action_name(operation: Operation) -> str:
    parts = operation.step.split(":")
    return parts[1] if parts[0] == "action" else ""


def _done_action(flow: FlowSpec, old: Snapshot, name: str, now: str) -> Snapshot:
    actions = {**old.actions, name: now}
    renewals = [
        after(done, flow.rules.actions[n].renew) for n, done in actions.items() if done and flow.rules.actions[n].renew
    ]
    return replace(old, actions=actions, due_at=min(renewals, default=""))
