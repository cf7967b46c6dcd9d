"""Followers: records that go where their customer goes, and to a shared record where they have none."""

from __future__ import annotations

from dataclasses import replace

from engine.model.bundle import Bundle
from engine.model.record import Record, RecordKey
from engine.pipeline.decide_flow import Decided, Task, drive_one, put_numbered
from engine.pipeline.workshop import Workshop
from engine.spec.rules import FollowerSpec
from engine.spec.ruleset import FlowSpec
from engine.stages.desk import Desk
from engine.stages.shared_record import shared_record
from engine.stages.view import reference_id

SCOPE = "followers"


def follow_routes(shop: Workshop, task: Task, decided: Decided) -> int:
    """Assign followers without a customer to the shared record that their route names; how many."""
    if task.ids is not None:
        return 0
    return sum(_object(shop, task, spec, decided) for spec in task.flow.rules.followers.values())


def _object(shop: Workshop, task: Task, spec: FollowerSpec, decided: Decided) -> int:
    flow = task.flow
    connection = flow.source_connection.name
    name = f"{flow.name}#{spec.object}"
    after, digest = shop.store.watermark(name, SCOPE)
    sequence, count = shop.store.next_sequence(), 0
    ends = (connection, spec.object), (flow.target_connection.name, flow.target.name)
    everything = digest != flow.digest
    for ids in shop.store.due(name, *ends, after=after, digest=flow.digest, now=shop.now(), everything=everything):
        for record in shop.store.records(connection, spec.object, ids).values():
            count += _route(shop, task, spec, record, decided)
    shop.store.put_watermark(name, SCOPE, sequence, flow.digest)
    return count


def _route(shop: Workshop, task: Task, spec: FollowerSpec, record: Record, decided: Decided) -> int:
    if record.gone or reference_id(record.fields.get(spec.through)):
        return 0
    flow = task.flow
    desk = Desk(flow, Bundle(record), shop.run_id, shop.now(), task.run)
    scope = desk.scope({"id": record.key.id, **record.fields})
    route = next((one for one in spec.without if one.when is None or one.when(scope)), None)
    if route is None:
        return 0
    home = replace(desk, bundle=replace(desk.bundle, revisions=_revisions(shop, flow, route.global_)))
    id, operations = drive_one(shop, shared_record(home, route.global_))
    if not isinstance(id, str) or not id:
        return 0
    with shop.store.transaction():
        put_numbered(shop, operations, decided)
        shop.store.assign([(flow.name, record.key, id, f"follower-{route.id}")])
    return 1


def _revisions(shop: Workshop, flow: FlowSpec, name: str) -> dict[str, int]:
    key = RecordKey(flow.source_connection.name, flow.source.name, f"global:{name}")
    subject = "|".join((*key, "global"))
    return {"global": shop.store.revision(flow.name, [subject]).get(subject, 0)}
