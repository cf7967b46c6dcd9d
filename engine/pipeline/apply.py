"""Doing what was decided: intents first, calls in parallel, outcomes in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from engine.model.operation import Operation
from engine.model.record import RecordKey
from engine.pipeline.echo import refresh_reverse
from engine.pipeline.outcome import record
from engine.pipeline.perform import Performed, pending_parts, perform, resolve
from engine.pipeline.recheck import recheck
from engine.pipeline.workshop import Workshop
from engine.spec.ruleset import FlowSpec

CHUNK = 200
"""Operations whose intents are stored, done and recorded together."""

LOCAL_CHUNK = 5000
"""The same for systems that are files on this machine: they are written whole, once a chunk."""

_CHILD = "waits for another operation that was not done"

_PLANNED_END = {"create": "created", "update": "updated", "link": "linked", "delete": "removed"}


@dataclass(slots=True)
class Applied:
    """What became of operations. `moved`: (planned end, real end) of records whose main operation failed."""

    states: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    moved: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: list[tuple[Operation, str]] = field(default_factory=list)
    stopped: dict[str, str] = field(default_factory=dict)
    """Connection -> why nothing more is sent to it."""
    halted: dict[tuple[str, str], str] = field(default_factory=dict)
    """(connection, object) of actions -> what a person must do in the system before any of them can succeed."""
    told: set[str] = field(default_factory=set)

    def bar(self, operation: Operation) -> str:
        """Why an operation must not be sent any more, or ""."""
        if operation.kind in ("link", "unlink"):
            return ""
        halted = self.halted.get(operation.target[:2], "") if operation.kind == "action" else ""
        return self.stopped.get(operation.target.connection, "") or halted

    def heed(self, one: Performed) -> None:
        """Let an outcome keep back what would meet the same fate."""
        if one.stops:
            self.stopped.setdefault(one.operation.target.connection, one.error)
        if one.halts:
            self.halted.setdefault(one.operation.target[:2], one.error)

    def tell(self, operation: Operation, error: str) -> None:
        """Keep an error for the report: one that keeps everything back is said once, and a child's is its parent's."""
        if error != _CHILD and error not in self.told:
            self.errors.append((operation, error))
        if error == self.bar(operation):
            self.told.add(error)


def apply(shop: Workshop, flow: FlowSpec, run_id: str, *, total: int, sequence: int) -> Applied:
    """Perform the planned operations of a run in order. A child of a failed parent is deferred."""
    result = Applied()
    size = CHUNK if flow.target_connection.system.connector == "http" else LOCAL_CHUNK
    for chunk in _chunks(shop, run_id, size):
        rest = chunk
        while rest:
            ready, rest = _split(shop, rest, result)
            if not ready:
                _defer(shop, flow, rest, result, sequence)
                break
            _do(shop, flow, ready, result, sequence)
        shop.progress.tell("apply", flow.name, sum(result.states.values()), total)
    return result


def _chunks(shop: Workshop, run_id: str, size: int) -> Iterator[list[Operation]]:
    chunk: list[Operation] = []
    for operation in shop.store.operations(run=run_id, states=("planned",), batch=size):
        chunk.append(operation)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _split(shop: Workshop, chunk: Sequence[Operation], result: Applied) -> tuple[list[Operation], list[Operation]]:
    """Operations that can be done now, and those that wait: for a parent, or for another write to their record."""
    ready: list[Operation] = []
    rest: list[Operation] = []
    busy: set[RecordKey] = set()
    undone = {operation.id for operation in chunk}
    for operation in chunk:
        blocked = any(need in undone for need in operation.needs) or (operation.target.id and operation.target in busy)
        (rest if blocked else ready).append(operation)
        busy.add(operation.target)
    return ready, rest


def _do(shop: Workshop, flow: FlowSpec, ready: list[Operation], result: Applied, sequence: int) -> None:
    prepared: list[tuple[Operation, dict[str, Any]]] = []
    finished: list[Performed] = []
    for operation in ready:
        values, why = _values(shop, operation, result)
        if why:
            finished.append(Performed(operation, "deferred", {}, error=why))
        else:
            prepared.append((_targeted(shop, operation), values))
    shop.store.open_intents([operation.id for operation, _ in prepared], shop.now())
    finished += _perform_all(shop, prepared, result, lambda operation: recheck(shop, flow, operation))
    shop.flush()
    record(shop, flow, finished, sequence)
    _note(shop, finished, result)
    refresh_reverse(shop, flow, finished)


def _perform_all(
    shop: Workshop,
    prepared: list[tuple[Operation, dict[str, Any]]],
    result: Applied,
    check: Callable[[Operation], str],
) -> list[Performed]:
    def attempt(pair: tuple[Operation, dict[str, Any]]) -> Performed:
        operation, values = pair
        bar = result.bar(operation)
        one = Performed(operation, "deferred", {}, error=bar) if bar else perform(shop, operation, values, check)
        result.heed(one)
        return one

    local = [(operation, values) for operation, values in prepared if operation.kind in ("link", "unlink")]
    remote = [(operation, values) for operation, values in prepared if operation.kind not in ("link", "unlink")]
    finished = list(map(attempt, local))
    if not remote:
        return finished
    threads = max(shop.threads(operation.target.connection) for operation, _ in remote[:1])
    if threads == 1 or len(remote) == 1:
        return finished + list(map(attempt, remote))
    with ThreadPoolExecutor(threads) as pool:
        finished += pool.map(attempt, remote)
    return finished


def _values(shop: Workshop, operation: Operation, result: Applied) -> tuple[dict[str, Any], str]:
    """The values to send, or why they cannot be sent now."""
    bar = result.bar(operation)
    if bar:
        return {}, bar
    outcomes: dict[tuple[str, str], Any] = {}
    for need in operation.needs:
        parent = shop.store.operation(need)
        if parent is None or parent.state != "done":
            return {}, _CHILD
        outcomes[need, "id"] = parent.target.id
    for change in operation.changes:
        for id, path in pending_parts(change.after):
            if (id, path) not in outcomes:
                found = _produced(shop, id, path)
                if found is None:
                    return {}, "waits for a value that another operation did not give"
                outcomes[id, path] = found
    return {name: resolve(value, outcomes) for name, value in operation.values.items()}, ""


def _produced(shop: Workshop, operation: str, path: str) -> Any:
    """A field of what another operation wrote: from its answer, else from the mirror."""
    body = shop.asked.get((operation, "", "body", ""))
    parent = shop.store.operation(operation)
    if parent is None:
        return None
    if path == "id":
        return parent.target.id
    if isinstance(body, dict) and path in body:
        return body[path]
    target = parent.target
    staged = shop.store.records(target.connection, target.object, [target.id]).get(target.id)
    return staged.fields.get(path) if staged else None


def _targeted(shop: Workshop, operation: Operation) -> Operation:
    """A link to a record that another operation of this plan made gets that record's id."""
    maker = operation.settles.get("target")
    parent = shop.store.operation(maker) if maker else None
    if parent is None:
        return operation
    return replace(operation, target=parent.target)


def _note(shop: Workshop, finished: Sequence[Performed], result: Applied) -> None:
    for one in finished:
        operation = one.operation
        result.states[one.state] += 1
        result.kinds[operation.kind] += one.state == "done"
        if one.body is not None and operation.kind == "action":
            shop.asked[operation.id, "", "body", ""] = one.body
        if one.state != "done":
            if operation.step == "record":
                real = {"stale": "stale", "unknown": "unknown"}.get(one.state, "failed")
                result.moved[planned_end(operation), real] += 1
            result.tell(operation, one.error)


def planned_end(operation: Operation) -> str:
    """What its main operation would make of a record."""
    return "linked" if operation.settles.get("moment") == "link" else _PLANNED_END.get(operation.kind, "")


def _defer(shop: Workshop, flow: FlowSpec, rest: list[Operation], result: Applied, sequence: int) -> None:
    finished = [Performed(one, "deferred", {}, error=_CHILD) for one in rest]
    record(shop, flow, finished, sequence)
    _note(shop, finished, result)
