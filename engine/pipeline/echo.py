"""Echoes: what one direction wrote is not news for the other; and what a target made of our values is no change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple

from engine.model.bundle import Bundle
from engine.model.link import Snapshot
from engine.model.mapping import Mapped
from engine.model.values import ABSENT
from engine.pipeline.decide_flow import bundles, drive_one
from engine.pipeline.extract import extract
from engine.pipeline.outcome import shown_base
from engine.pipeline.perform import Performed
from engine.pipeline.read_each import read_some
from engine.pipeline.workshop import Workshop, target_key
from engine.spec.ruleset import FieldPlan, FlowSpec
from engine.stages.decide_lines import keyed
from engine.stages.desk import Desk
from engine.stages.map_record import context_of, map_record
from engine.stages.own_members import own_members
from engine.stages.see_source import see_source
from engine.stages.view import Asking
from engine.stages.weigh import held_value

_BATCH = 500


class Write(NamedTuple):
    """One write that was done: what the reverse flow must not take for news."""

    source_id: str
    target_id: str
    created: bool
    values: Mapping[str, Any]


def refresh_reverse(shop: Workshop, flow: FlowSpec, performed: Sequence[Performed]) -> None:
    """Move the source side of the reverse flow's bases to what its mapping gives after our write.

    Only fields that read what we wrote: an edit that a person made beside it still counts as one. What we created
    is nothing new to the reverse flow from the start, so that our defaults and the target's spelling never come back.
    """
    writes = [
        Write(one.operation.source.id, one.target_id, one.operation.kind == "create", one.values)
        for one in performed
        if one.state == "done" and one.operation.kind in ("create", "update") and one.target_id
    ]
    _refresh(shop, flow, writes, shown=False)


def _refresh(shop: Workshop, flow: FlowSpec, writes: Sequence[Write], *, shown: bool) -> None:
    """`shown`: the records are as the system shows them now, no longer as we sent them."""
    reverse = shop.ruleset.flows.get(flow.reverse)
    if reverse is None or not writes:
        return
    by_id = {one.target_id: one for one in writes}
    snapshots = []
    with _trusted_mirrors(shop):
        for bundle in bundles(shop, reverse, sorted(by_id)):
            snapshot = _refreshed(shop, reverse, bundle, by_id[bundle.record.key.id], shown)
            if snapshot is not None and snapshot != bundle.snapshot:
                snapshots.append(snapshot)
    shop.store.put_snapshots(snapshots)


@contextmanager
def _trusted_mirrors(shop: Workshop) -> Iterator[None]:
    """What hangs on a record is taken as it was last read: the reverse flow's own objects are not refreshed here."""
    before = set(shop.fresh)
    shop.fresh.update(at for at in shop.ruleset.reads if shop.store.cursor(*at).complete_at)
    try:
        yield
    finally:
        shop.fresh.intersection_update(before)


def _refreshed(shop: Workshop, reverse: FlowSpec, bundle: Bundle, write: Write, shown: bool) -> Snapshot | None:
    snapshot = bundle.snapshot
    if snapshot is None and write.created:
        snapshot = Snapshot(reverse.name, bundle.record.key, target_id=write.source_id, digest=reverse.digest)
    outers = {name.partition(".")[0] for name in write.values}
    touched = {target for field in outers for target in reverse.reverse_touch.get(field, ())}
    if snapshot is None or bundle.link is None or not touched:
        return None
    mapped = drive_one(shop, _mapped(Desk(reverse, _as_written(bundle, write), shop.run_id, shop.now())))
    if mapped is None:
        return snapshot if write.created else None
    base = _moved(
        reverse, bundle, snapshot, {name: mapped.values[name] for name in touched & set(mapped.values)}, shown
    )
    # the old inputs belong to the old base: with them a later edit back to them would pass for a change of rules
    return replace(snapshot, base=base, inputs="")


def _moved(
    reverse: FlowSpec, bundle: Bundle, snapshot: Snapshot, values: Mapping[str, Any], shown: bool
) -> dict[str, Any]:
    """The base with the source side as it stands after our write."""
    base = dict(snapshot.base)
    for name, value in values.items():
        plan = reverse.fields[name]
        new, old, held = _kept(value, plan), base.get(name), own_members(held_value(bundle.target, name), plan)
        if old is None and held is not ABSENT:
            base[name] = [new, _kept(held, plan)]
        elif old is not None and (not shown or _same_but_spelling(old[0], new)):
            base[name] = [new, old[-1]]
    return base


def _kept(value: Any, plan: FieldPlan) -> Any:
    """A value as bases keep it: lists by the keys of their lines."""
    return keyed(value, plan) if plan.list_key else value


def _as_written(bundle: Bundle, write: Write) -> Bundle:
    """The record with what we sent for fields that only a read would bring: it costs no request."""
    record = bundle.record
    fields = {**record.fields, **{name: value for name, value in write.values.items() if name not in record.fields}}
    return replace(bundle, record=replace(record, fields=fields, detail=True))


def _mapped(desk: Desk) -> Asking[Mapped | None]:
    seen = yield from see_source(desk, mapping=True)
    if seen is None:
        return None
    held = desk.bundle.target.fields if desk.bundle.target else None
    return (yield from map_record(desk.flow.mapper, seen.learnt.left, held, context_of(desk)))


def _same_but_spelling(sent: Any, shown: Any) -> bool:
    """True when the system may have made this of what we sent: other letter case, other marks, or cut off. Anything
    else may be somebody's edit, which is news."""
    if isinstance(sent, dict) and isinstance(shown, dict):
        return sent.keys() == shown.keys() and all(_same_but_spelling(sent[name], shown[name]) for name in sent)
    if not isinstance(sent, str) or not isinstance(shown, str):
        return bool(sent == shown)
    ours, theirs = _bare(sent), _bare(shown)
    return ours.startswith(theirs) and (bool(theirs) or not ours)


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def read_back(shop: Workshop, flow: FlowSpec, run_id: str, *, single: bool = False) -> None:
    """For systems whose answers do not show the record: list what changed since, once, and remember how it looks.

    `single`: few records were asked for by id, and no more than what was written is read.
    """
    if not _is_blind(flow):
        return
    fresh = (flow.target_connection.name, flow.target.name)
    batches = _written(shop, fresh, run_id)
    first = next(batches, None)
    if first is None:
        return
    single = single and flow.target.read is not None
    if not single:
        shop.fresh.discard(fresh)
        extract(shop, fresh[0], flow.target)
    for batch in chain([first], batches):
        if single:
            read_some(shop, fresh[0], flow.target, [one.target_id for one in batch.values()])
        _remember(shop, flow, batch)
        _refresh(shop, flow, list(batch.values()), shown=True)


def _written(shop: Workshop, at: tuple[str, str], run_id: str) -> Iterator[dict[str, Write]]:
    """Source id -> what this run wrote for it, some hundred at a time."""
    batch: dict[str, Write] = {}
    for one in shop.store.operations(run=run_id, states=("done",)):
        if one.kind in ("create", "update") and one.target[:2] == at and "global" not in one.settles:
            batch[one.source.id] = Write(one.source.id, one.target.id, one.kind == "create", one.values)
        if len(batch) >= _BATCH:
            yield batch
            batch = {}
    if batch:
        yield batch


def _is_blind(flow: FlowSpec) -> bool:
    requests = [request for request in (flow.target.create, flow.target.update) if request is not None]
    return flow.target.list is not None and any(request.returns != "record" for request in requests)


def _remember(shop: Workshop, flow: FlowSpec, written: Mapping[str, Write]) -> None:
    source = flow.source_connection.name, flow.source.name
    snapshots = shop.store.snapshots(flow.name, *source, written)
    targets = shop.store.records(*target_key(flow, "")[:2], {one.target_id for one in snapshots.values()})
    changed = []
    for id, snapshot in snapshots.items():
        target = targets.get(snapshot.target_id)
        base = shown_base(flow, snapshot.base, target.fields if target else None, written[id].values)
        if base != snapshot.base:
            changed.append(replace(snapshot, base=base))
    shop.store.put_snapshots(changed)
