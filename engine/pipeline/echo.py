"""Echoes: what one direction wrote is not news for the other; and what a target made of our values is no change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.model.bundle import Bundle
from engine.model.link import Snapshot
from engine.model.mapping import Mapped
from engine.pipeline.decide_flow import bundles, drive_one
from engine.pipeline.extract import extract
from engine.pipeline.outcome import shown_base
from engine.pipeline.perform import Performed
from engine.pipeline.workshop import Workshop, target_key
from engine.spec.ruleset import FlowSpec
from engine.stages.desk import Desk
from engine.stages.map_record import context_of, map_record
from engine.stages.view import Asking, view


def refresh_reverse(shop: Workshop, flow: FlowSpec, performed: Sequence[Performed]) -> None:
    """Move the source side of the reverse flow's bases to what its mapping gives after our write.

    Only fields that read what we wrote: an edit that a person made beside it still counts as one.
    """
    reverse = shop.ruleset.flows.get(flow.reverse)
    written = {
        one.target_id: list(one.values)
        for one in performed
        if one.state == "done" and one.operation.kind in ("create", "update") and one.target_id
    }
    if reverse is None or not written:
        return
    found = [bundle for bundle in bundles(shop, reverse, sorted(written)) if bundle.snapshot is not None]
    snapshots = [new for bundle in found if (new := _refreshed(shop, reverse, bundle, written[bundle.record.key.id]))]
    shop.store.put_snapshots(snapshots)


def _refreshed(shop: Workshop, reverse: FlowSpec, bundle: Bundle, written: list[str]) -> Snapshot | None:
    outers = {name.partition(".")[0] for name in written}
    touched = {target for field in outers for target in reverse.reverse_touch.get(field, ())}
    snapshot = bundle.snapshot
    if snapshot is None or not touched & set(snapshot.base):
        return None
    mapped: Mapped = drive_one(shop, _mapped(Desk(reverse, bundle, shop.run_id, shop.now())))
    values = mapped.values
    base = dict(snapshot.base)
    for name in touched & set(base):
        if name in values:
            base[name] = [values[name], base[name][-1]]
    return replace(snapshot, base=base)


def _mapped(desk: Desk) -> Asking[Mapped]:
    seen = yield from view(desk.bundle.record, desk.flow.source_reads.joins)
    held = desk.bundle.target.fields if desk.bundle.target else None
    left = {"id": desk.source.id, **seen.tree}
    return (yield from map_record(desk.flow.mapper, left, held, context_of(desk)))


def read_back(shop: Workshop, flow: FlowSpec, run_id: str) -> None:
    """For systems whose answers do not show the record: list what changed since, once, and remember how it looks."""
    if not _is_blind(flow):
        return
    connection, obj = flow.target_connection.name, flow.target
    shop.fresh.discard((connection, obj.name))
    extract(shop, connection, obj)
    batch: dict[str, list[str]] = {}
    for operation in shop.store.operations(run=run_id, states=("done",)):
        if operation.kind in ("create", "update") and operation.target[:2] == (connection, obj.name):
            batch[operation.source.id] = list(operation.values)
            if len(batch) >= 500:
                _remember(shop, flow, batch)
                batch = {}
    _remember(shop, flow, batch)


def _is_blind(flow: FlowSpec) -> bool:
    requests = [request for request in (flow.target.create, flow.target.update) if request is not None]
    return flow.target.list is not None and any(request.returns != "record" for request in requests)


def _remember(shop: Workshop, flow: FlowSpec, written: dict[str, list[str]]) -> None:
    source = flow.source_connection.name, flow.source.name
    snapshots = shop.store.snapshots(flow.name, *source, written)
    targets = shop.store.records(*target_key(flow, "")[:2], {one.target_id for one in snapshots.values()})
    changed = []
    for id, snapshot in snapshots.items():
        target = targets.get(snapshot.target_id)
        base = shown_base(flow, snapshot.base, target.fields if target else None, written[id])
        if base != snapshot.base:
            changed.append(replace(snapshot, base=base))
    shop.store.put_snapshots(changed)
