"""A small world in memory for one case: systems that hold what is given, and the links that are stored already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.config.suggest import did_you_mean
from engine.connectors.memory import MemoryConnector
from engine.functions.failed import FunctionFailed
from engine.functions.paths import take
from engine.functions.readers import reader
from engine.model.finding import Finding
from engine.model.link import Snapshot, link_between
from engine.model.protocols import NO_SCOPE, Clock, Written
from engine.model.stored import Staged, Store
from engine.pipeline.workshop import source_key, target_key
from engine.spec.case import CaseSpec, GivenLink, GivenRecord
from engine.spec.ruleset import FlowSpec, Ruleset
from engine.spec.system import ObjectSpec, RequestSpec
from engine.stages.shape import shape

Tree = dict[str, Any]


class RehearsedConnector(MemoryConnector):
    """A system in memory that answers a one-off request with made-up values: nobody could have given them."""

    def create(self, obj: ObjectSpec, payload: Tree, *, key: str = "", scope: Mapping[str, Any] = NO_SCOPE) -> Written:
        written = super().create(obj, payload, key=key, scope=scope)
        if obj.list is not None or obj.read is not None:
            return written
        made = {
            one.path[0]: f"{written.id}.{one.name}"
            for one in obj.fields.values()
            if not one.writable and one.name != obj.id and len(one.path) == 1
        }
        return written._replace(body={**made, **written.body})


def in_memory(ruleset: Ruleset) -> Ruleset:
    """The ruleset over systems that show whole records and whose changes are seen by looking at all of them."""
    objects = {name: _object(obj) for name, obj in ruleset.objects.items()}
    flows = {
        name: replace(flow, source=objects[flow.source.name], target=objects[flow.target.name])
        for name, flow in ruleset.flows.items()
    }
    reads, index = ruleset.of_all
    return replace(ruleset, objects=objects, flows=flows, reads=reads or ruleset.reads, index=index or ruleset.index)


def _object(obj: ObjectSpec) -> ObjectSpec:
    changes = obj.changes if obj.changes.kind == "field" else replace(obj.changes, kind="sweep")
    find = {name: replace(request, rows="full") for name, request in obj.find.items()}
    return replace(obj, list=_whole(obj.list), read=_whole(obj.read), find=find, changes=changes)


def _whole(request: RequestSpec | None) -> RequestSpec | None:
    return replace(request, rows="full") if request is not None else None


# -- records -------------------------------------------------------------------------------------------


def systems(ruleset: Ruleset, case: CaseSpec, clock: Clock) -> tuple[dict[str, MemoryConnector], list[Finding]]:
    """Every connection with the records that the case gives to its system."""
    held = {name: RehearsedConnector(name, clock=clock) for name in ruleset.connections}
    findings: list[Finding] = []
    for one in case.given:
        obj = ruleset.objects.get(one.object)
        if obj is None:
            message = f"there is no object {one.object}"
            findings.append(
                Finding("object-unknown", message, one.place, hint=did_you_mean(one.object, ruleset.objects))
            )
            continue
        raw = _native(obj, one, findings)
        for name in _connections(ruleset, ruleset.flows[case.flow], one.object):
            held[name].seed(obj.name, [raw] if raw else [], obj.fields[obj.id].path[0])
    return dict(held), findings


def _connections(ruleset: Ruleset, flow: FlowSpec, object: str) -> Iterable[str]:
    """The connection of the flow's own side, else all of that system."""
    system = object.partition(".")[0]
    own = [one.name for one in (flow.source_connection, flow.target_connection) if one.system.name == system]
    return own[:1] or [name for name, one in ruleset.connections.items() if one.system.name == system]


def _native(obj: ObjectSpec, given: GivenRecord, findings: list[Finding]) -> Tree | None:
    """The record as its system shows it, or None with findings that say why not."""
    before = len(findings)
    for name in given.fields:
        if name not in obj.fields:
            place = given.places.get(name, given.place)
            hint = did_you_mean(name, obj.fields)
            findings.append(Finding("field-unknown", f"{obj.name} has no field {name}", place, hint=hint))
    if not given.fields.get(obj.id):
        findings.append(Finding("id-missing", f"a record of {obj.name} needs its {obj.id}", given.place))
    if len(findings) > before:
        return None
    tree: Tree = {}
    for name, value in given.fields.items():
        try:
            native = shape(obj, {name: value}, creating=False)
            if value is not None:
                reader(obj.fields[name])(take(native, obj.fields[name].path))
            tree = _merged(tree, native)
        except (FunctionFailed, KeyError, TypeError, AttributeError) as error:
            message = f"{name} cannot hold this value: {error}"
            findings.append(Finding("value-unusable", message, given.places.get(name, given.place)))
    return tree if len(findings) == before else None


def _merged(one: Tree, two: Tree) -> Tree:
    """Two native trees whose leaves differ: several fields may live in one object."""
    result = dict(one)
    for name, value in two.items():
        held = result.get(name)
        result[name] = _merged(held, value) if isinstance(held, dict) and isinstance(value, dict) else value
    return result


# -- links ---------------------------------------------------------------------------------------------


def put_links(store: Store, ruleset: Ruleset, case: CaseSpec, now: str) -> list[Finding]:
    """Store the links that stand already; a source record that is not given was there once and is gone."""
    findings: list[Finding] = []
    for one in case.links:
        flow = ruleset.flows.get(one.flow)
        if flow is None:
            message = f"there is no flow {one.flow}"
            findings.append(Finding("flow-unknown", message, one.place, hint=did_you_mean(one.flow, ruleset.flows)))
            continue
        _put_link(store, flow, one, now)
        if flow.name == case.flow and not _is_given(case, flow, one.source):
            _known_once(store, flow, one.source)
    return findings


def _put_link(store: Store, flow: FlowSpec, one: GivenLink, now: str) -> None:
    source = source_key(flow, one.source)
    role = "primary" if one.primary else "secondary"
    link = link_between(source, target_key(flow, one.target), state=one.state, role=role, rule=one.rule, made_at=now)
    store.put_links([link])
    if one.base is not None or one.pin:
        before, after = one.base or ({}, {})
        base = {name: [value, after[name]] for name, value in before.items()}
        actions = dict.fromkeys(flow.rules.actions, now)
        known = Snapshot(flow.name, source, one.target, base, digest=flow.digest, pin=one.pin, actions=actions)
        store.put_snapshots([known])


def _is_given(case: CaseSpec, flow: FlowSpec, id: str) -> bool:
    return any(one.object == flow.source.name and str(one.fields.get(flow.source.id)) == id for one in case.given)


def _known_once(store: Store, flow: FlowSpec, id: str) -> None:
    key = source_key(flow, id)
    store.stage(key.connection, key.object, [Staged(id, {}, "once")], sequence=store.next_sequence())
