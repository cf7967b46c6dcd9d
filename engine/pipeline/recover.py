"""Settling what an earlier run left open: intents whose outcome nobody recorded."""

from __future__ import annotations

from typing import Any

from engine.model.errors import ConnectorError
from engine.model.operation import Operation
from engine.model.run import Case
from engine.pipeline.gather import access_path, proves_absence
from engine.pipeline.outcome import record
from engine.pipeline.perform import Performed, perform, request_of, resolve
from engine.pipeline.workshop import Workshop
from engine.spec.ruleset import FlowSpec
from engine.stages.moments import after

KEY_LIFE = 24 * 3600
"""Seconds that an idempotency key is good for where the system does not say."""


def recover(shop: Workshop, flow: FlowSpec) -> int:
    """Settle the flow's open and unknown operations; the number of those settled.

    repeatable or keyed: sent again with the same key; findable: looked for, sent again only on proved absence;
    once: a case, because nobody can know.
    """
    left = [one for one in shop.store.operations(states=("open", "unknown")) if one.flow == flow.name]
    for operation in left:
        performed = _settled(shop, operation)
        if performed is not None:
            record(shop, flow, [performed], shop.store.next_sequence())
    return len(left)


def _settled(shop: Workshop, operation: Operation) -> Performed | None:
    obj = shop.object(operation.target.object)
    request = request_of(obj, operation)
    values = _values(shop, operation)
    if values is None:
        return Performed(operation, "deferred", {}, error="waits for an operation whose outcome is not known")
    if operation.kind in ("link", "unlink") or request is None or request.effect == "repeatable":
        return perform(shop, operation, values)
    if request.effect == "keyed" and _key_lives(shop, operation):
        return perform(shop, operation, values)
    if request.effect == "findable" and request.key:
        return _looked_for(shop, operation, values, request.key)
    shop.store.put_cases([_case(shop, operation)])
    return None


def _values(shop: Workshop, operation: Operation) -> dict[str, Any] | None:
    """The values as they were sent: every parent had its outcome before this was opened."""
    outcomes: dict[tuple[str, str], Any] = {}
    for need in operation.needs:
        parent = shop.store.operation(need)
        if parent is None or parent.state != "done":
            return None
        outcomes[need, "id"] = parent.target.id
    try:
        return {name: resolve(value, outcomes) for name, value in operation.values.items()}
    except KeyError:
        return None


def _key_lives(shop: Workshop, operation: Operation) -> bool:
    system = shop.connection(operation.target.connection).system
    life = system.idempotency_lasts or KEY_LIFE
    return bool(operation.opened_at) and after(operation.opened_at, life) > shop.now()


def _looked_for(shop: Workshop, operation: Operation, values: dict[str, Any], field: str) -> Performed | None:
    """Look for what the operation would have made; send it again only when its absence is proved."""
    obj, connection = shop.object(operation.target.object), operation.target.connection
    request = access_path(obj, field)
    if request is None or field not in values:
        return None
    try:
        found = shop.connector(connection).find(obj, field, str(values[field]))
    except ConnectorError as error:
        return Performed(operation, "unknown", values, error=str(error))
    if found:
        return Performed(operation, "done", values, str(found[0].get(obj.fields[obj.id].path[0], "")), found[0])
    return perform(shop, operation, values) if proves_absence(request, "exact") else None


def _case(shop: Workshop, operation: Operation) -> Case:
    evidence = {"operation": operation.id, "kind": operation.kind, "object": operation.target.object}
    return Case(
        f"op-{operation.id[:10]}", operation.flow, "outcome-unknown", operation.source, evidence, opened_at=shop.now()
    )
