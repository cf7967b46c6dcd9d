"""Performing one operation: what is pending filled in, the native tree built, the call made. Runs in threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.functions.failed import FunctionFailed
from engine.model.errors import (
    Conflict,
    ConnectorError,
    Missing,
    Throttled,
    Unauthorised,
    Unreachable,
)
from engine.model.operation import Operation, State
from engine.model.values import PENDING
from engine.pipeline.workshop import Workshop
from engine.spec.system import ObjectSpec, RequestSpec
from engine.stages.shape import shape, whole_fields


@dataclass(frozen=True, slots=True)
class Performed:
    """What a call came to. `body` is the written record as the system shows it, where it does."""

    operation: Operation
    state: State
    values: Mapping[str, Any]
    target_id: str = ""
    body: Any = None
    error: str = ""
    stops: bool = False
    """Nothing more should be sent to this connection in this run."""
    halts: bool = False
    """No action of this kind can succeed before a person has done something in the system."""
    missing: bool = False


def perform(
    shop: Workshop, operation: Operation, values: Mapping[str, Any], check: Callable[[Operation], str] | None = None
) -> Performed:
    """Make the call, unless the last `check` says why not. Every failure becomes a state; only bugs raise."""
    try:
        moved = check(operation) if check is not None else ""
        if moved:
            return Performed(operation, "stale", values, error=moved)
        return _call(shop, operation, values)
    except FunctionFailed as error:
        return Performed(operation, "failed", values, error=f"a value cannot be sent: {error}")
    except ConnectorError as error:
        return _failed(operation, values, error)


def _call(shop: Workshop, operation: Operation, values: Mapping[str, Any]) -> Performed:
    target = operation.target
    obj, connector = shop.object(target.object), shop.connector(target.connection)
    if operation.kind in ("link", "unlink"):
        return Performed(operation, "done", values, target.id)
    if operation.kind == "delete":
        connector.delete(obj, target.id, key=operation.id)
        return Performed(operation, "done", values, target.id)
    creating = operation.kind in ("create", "action")
    payload = shape(obj, values, creating=creating)
    if creating:
        written = connector.create(obj, payload, key=operation.id, scope={"record": dict(values)})
        if not written.id and operation.kind == "create":
            return Performed(operation, "unknown", values, error="the system did not say which record it made")
        return Performed(operation, "done", values, written.id, _shown(obj.create, written.body))
    replaced = whole_fields(obj, values)
    written = connector.update(
        obj, target.id, payload, key=operation.id, replace=replaced, scope={"record": dict(values)}
    )
    return Performed(operation, "done", values, target.id, _shown(obj.update, written.body))


def _shown(request: RequestSpec | None, body: Any) -> Any:
    return body if request is not None and request.returns == "record" and isinstance(body, dict) else None


def _failed(operation: Operation, values: Mapping[str, Any], error: ConnectorError) -> Performed:
    text = f"{error}; {error.do}" if error.do else str(error)
    state: State = "failed"
    stops = False
    if isinstance(error, Unreachable):
        state, stops = ("unknown" if error.sent else "deferred"), True
    elif isinstance(error, (Unauthorised, Throttled)):
        state, stops = "deferred", True
    elif isinstance(error, Conflict):
        state = "stale"
    halts = bool(error.do) and operation.kind == "action"
    return Performed(operation, state, values, error=text, stops=stops, halts=halts, missing=isinstance(error, Missing))


def resolve(value: Any, outcomes: Mapping[tuple[str, str], Any]) -> Any:
    """The value with every pending part filled in. KeyError: an outcome that is not there."""
    if isinstance(value, dict):
        if PENDING in value:
            operation, field = value[PENDING]
            return outcomes[operation, field]
        return {name: resolve(one, outcomes) for name, one in value.items()}
    return [resolve(one, outcomes) for one in value] if isinstance(value, list) else value


def pending_parts(value: Any) -> list[tuple[str, str]]:
    """(operation, field) of everything pending in a value."""
    if isinstance(value, dict):
        if PENDING in value:
            operation, field = value[PENDING]
            return [(operation, field)]
        return [part for one in value.values() for part in pending_parts(one)]
    return [part for one in value for part in pending_parts(one)] if isinstance(value, list) else []


def request_of(obj: ObjectSpec, operation: Operation) -> RequestSpec | None:
    """The declared request behind an operation."""
    if operation.kind in ("create", "action"):
        return obj.create
    if operation.kind in ("update", "write_back"):
        return obj.update
    return obj.delete if operation.kind == "delete" else None
