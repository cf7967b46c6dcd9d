"""Taking both sides of every link as agreed, as they stand: bases are set, no system is written to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from engine.model.bundle import Bundle
from engine.model.link import Snapshot
from engine.model.run import Run
from engine.model.values import ABSENT
from engine.pipeline.decide_flow import Task, bundles, drive_one
from engine.pipeline.sync import Order, new_run_id, read
from engine.pipeline.workshop import Workshop, source_key
from engine.spec.ruleset import FlowSpec
from engine.stages.decide_lines import keyed
from engine.stages.desk import Desk
from engine.stages.map_record import context_of, map_record
from engine.stages.see_source import see_source
from engine.stages.view import Asking
from engine.stages.weigh import held_value

BATCH = 500


def rebaseline(shop: Workshop, flow: FlowSpec, *, offline: bool = False) -> dict[str, int]:
    """Read both sides, and remember for every linked record what they say now; how many records."""
    shop.run_id = new_run_id(shop, flow.name)
    run = Run(shop.run_id, flow.name, "rebaseline", shop.now(), flow.digest, shop.store.id)
    shop.store.put_run(run)
    if not offline:
        read(shop, Order(Task(flow), full=True))
    counts = {"rebaselined": 0, "left": 0}
    for ids in _linked_ids(shop, flow):
        snapshots = [_agreed(shop, flow, bundle) for bundle in bundles(shop, flow, ids)]
        agreed = [one for one in snapshots if one is not None]
        shop.store.put_snapshots(agreed)
        counts["rebaselined"] += len(agreed)
        counts["left"] += len(snapshots) - len(agreed)
        shop.progress.tell("rebaseline", flow.name, counts["rebaselined"])
    shop.store.put_run(replace(run, state="done", ended_at=shop.now(), counts=dict(counts)))
    return counts


def _linked_ids(shop: Workshop, flow: FlowSpec) -> Iterator[list[str]]:
    """Ids of source records with a link that holds, in batches."""
    source = source_key(flow, "")
    batch: list[str] = []
    for link in shop.store.links(object=source.object, state="confirmed"):
        ends = [end for end in (link.a, link.b) if end[:2] == source[:2]]
        others = [end for end in (link.a, link.b) if end[:2] == (flow.target_connection.name, flow.target.name)]
        if ends and others:
            batch.append(ends[0].id)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _agreed(shop: Workshop, flow: FlowSpec, bundle: Bundle) -> Snapshot | None:
    """The snapshot in which both sides stand as they are; None when one of them cannot be seen."""
    if bundle.link is None or bundle.target is None or bundle.target.gone or bundle.record.gone:
        return None
    seen = drive_one(shop, _seen(Desk(flow, bundle, shop.run_id, shop.now())))
    if seen is None:
        return None
    values, inputs = seen
    old = bundle.snapshot or Snapshot(flow.name, bundle.record.key)
    base = {**old.base, **{name: pair for name, value in values.items() if (pair := _pair(flow, bundle, name, value))}}
    return replace(
        old, target_id=bundle.target.key.id, base=base, inputs=inputs, digest=flow.digest, end="settled", reason="",
        unfinished=False,
    )  # fmt: skip


def _seen(desk: Desk) -> Asking[tuple[dict[str, Any], str] | None]:
    seen = yield from see_source(desk)
    if seen is None:
        return None
    held = desk.bundle.target.fields if desk.bundle.target else None
    mapped = yield from map_record(desk.flow.mapper, seen.learnt.left, held, context_of(desk))
    return mapped.values, seen.learnt.inputs


def _pair(flow: FlowSpec, bundle: Bundle, name: str, value: Any) -> list[Any] | None:
    """What the base keeps of a field; None when the target's side was never read."""
    plan, held = flow.fields.get(name), held_value(bundle.target, name)
    if plan is None or held is ABSENT or value is ABSENT:
        return None
    if plan.list_key:
        return [keyed(value, plan), keyed(held, plan)]
    return [value, held]
