"""A system in memory, under the same contract as the others; its quirks can be set."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engine.connectors.clock import SystemClock
from engine.connectors.since import iso_time
from engine.connectors.trees import equal_text, equality_of, steps_of
from engine.connectors.whole import whole_of
from engine.functions.paths import take
from engine.model.errors import ConnectorError, Missing, Unreachable
from engine.model.finding import Finding
from engine.model.protocols import NO_SCOPE, Clock, RawPage, Written
from engine.model.values import is_blank
from engine.spec.system import FieldSpec, ObjectSpec

Tree = dict[str, Any]
Scope = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the system in memory behaves."""

    page_size: int = 100
    lag: int = 0
    """Seconds until a new record is found by `find`."""
    store: Callable[[Tree], Tree] = copy.deepcopy
    """What the system keeps of what it is sent: it may cut, upper-case or reformat."""
    check: Callable[[str, str, Tree], ConnectorError | None] | None = None
    """(operation, object, payload) -> why it is refused, or None."""
    loses_answers: frozenset[str] = frozenset()
    """Operations that are carried out and then not answered."""
    keeps_keys: bool = True
    """Whether a repeated idempotency key gives the first answer again."""


@dataclass(slots=True)
class _Table:
    """The records of one object."""

    rows: dict[str, Tree]
    stamps: dict[str, str]
    deleted: list[tuple[str, str]]
    made: int = 0


class MemoryConnector:
    """Holds records by object and id. Trees given out are copies."""

    def __init__(
        self,
        connection: str,
        records: Mapping[str, Sequence[Tree]] | None = None,
        *,
        clock: Clock | None = None,
        behaviour: Behaviour | None = None,
        id_field: str = "id",
    ) -> None:
        self.connection = connection
        self.behaviour = behaviour or Behaviour()
        self.requests = 0
        self._clock = clock or SystemClock()
        self._lock = threading.RLock()
        self._tables: dict[str, _Table] = {}
        self._keys: dict[str, Written] = {}
        for object_name, rows in (records or {}).items():
            self.seed(object_name, rows, id_field)

    def seed(self, object_name: str, rows: Sequence[Tree], id_field: str = "id") -> None:
        """Put records in, as if somebody else had made them now."""
        table = self._table(object_name)
        for row in rows:
            table.rows[str(row[id_field])] = copy.deepcopy(dict(row))
            table.stamps[str(row[id_field])] = self._now()

    def held(self, object_name: str) -> dict[str, Tree]:
        """Everything that is there, by id."""
        return copy.deepcopy(self._table(object_name).rows)

    def pages(
        self,
        obj: ObjectSpec,
        *,
        since: str = "",
        fields: Sequence[str] = (),
        cursor: str = "",
        scope: Scope | None = None,
    ) -> Iterator[RawPage]:
        ids = self._listed(obj, since)
        at = int(cursor or 0)
        while True:
            self._count("list", obj, {})
            table = self._table(obj.name)
            until = at + self.behaviour.page_size
            rows = [copy.deepcopy(table.rows[one]) for one in ids[at:until] if one in table.rows]
            yield RawPage(rows, str(until) if until < len(ids) else "", self._now())
            at = until
            if at >= len(ids):
                return

    def read(self, obj: ObjectSpec, id: str) -> Tree | None:
        self._count("read", obj, {"id": id})
        return copy.deepcopy(self._table(obj.name).rows.get(id))

    def find(
        self,
        obj: ObjectSpec,
        field: str,
        value: str,
        fields: Sequence[str] = (),
        *,
        scope: Scope = NO_SCOPE,
    ) -> list[Tree]:
        self._count("find", obj, {"field": field})
        steps, equality = steps_of(obj, field), equality_of(obj, field)
        table = self._table(obj.name)
        return [
            copy.deepcopy(row)
            for id, row in table.rows.items()
            if equal_text(take(row, steps), value, equality) and self._visible(table.stamps[id])
        ]

    def related(self, obj: ObjectSpec, params: Scope) -> list[Tree]:
        self._count("list", obj, dict(params))
        wanted = {steps_of(obj, name): str(value) for name, value in params.items()}
        return [
            copy.deepcopy(row)
            for row in self._table(obj.name).rows.values()
            if all(equal_text(take(row, steps), value, "exact") for steps, value in wanted.items())
        ]

    def deleted(self, obj: ObjectSpec, since: str) -> Iterator[list[str]]:
        self._count("deletions", obj, {})
        yield [id for id, at in self._table(obj.name).deleted if at >= since]

    def part(self, obj: ObjectSpec, name: str, id: str, scope: Scope = NO_SCOPE) -> Any:
        row = self.read(obj, id)
        return None if row is None else row.get(name)

    def discover(self, obj: ObjectSpec) -> list[Tree]:
        return [{"id": one.name, "label": one.label, "type": one.type} for one in obj.fields.values()]

    def create(self, obj: ObjectSpec, payload: Tree, *, key: str = "", scope: Scope = NO_SCOPE) -> Written:
        with self._lock:
            self._count("create", obj, payload)
            if key and self.behaviour.keeps_keys and key in self._keys:
                return self._keys[key]
            id = self._put(obj, self._new_id(obj, payload), payload)
            written = self._keys[key] = Written(id, self._table(obj.name).rows[id], 200)
        return self._answered("create", written)

    def update(
        self,
        obj: ObjectSpec,
        id: str,
        payload: Tree,
        *,
        key: str = "",
        replace: Sequence[FieldSpec] = (),
        scope: Scope = NO_SCOPE,
    ) -> Written:
        with self._lock:
            self._count("update", obj, payload)
            if id not in self._table(obj.name).rows:
                raise Missing(f"{obj.name}: no such record", status=404)
            self._put(obj, id, payload)
        return self._answered("update", Written(id, self._table(obj.name).rows[id], 200))

    def update_part(
        self, obj: ObjectSpec, name: str, id: str, payload: Tree, *, key: str = "", scope: Scope = NO_SCOPE
    ) -> Written:
        return self.update(obj, id, {name: payload}, key=key)

    def delete(self, obj: ObjectSpec, id: str, *, key: str = "") -> None:
        with self._lock:
            self._count("delete", obj, {"id": id})
            table = self._table(obj.name)
            if table.rows.pop(id, None) is not None:
                table.deleted.append((id, self._now()))
        self._answered("delete", Written(id))

    def probe(self) -> list[Finding]:
        return []

    def close(self) -> None:
        """Nothing is held."""

    def _put(self, obj: ObjectSpec, id: str, payload: Tree) -> str:
        table = self._table(obj.name)
        kept = self.behaviour.store(dict(payload))
        table.rows[id] = {**whole_of(obj).over(table.rows.get(id, {}), kept), obj.id: id}
        table.stamps[id] = self._now()
        return id

    def _new_id(self, obj: ObjectSpec, payload: Tree) -> str:
        natural = obj.create.natural_key if obj.create else ""
        value = payload.get(natural or obj.id)
        if natural and not is_blank(value):
            steps = steps_of(obj, natural)
            rows = self._table(obj.name).rows.items()
            return next((id for id, row in rows if take(row, steps) == value), self._counted(obj))
        return self._counted(obj) if is_blank(value) else str(value)

    def _counted(self, obj: ObjectSpec) -> str:
        table = self._table(obj.name)
        table.made += 1
        return f"{obj.short}_{table.made}"

    def _listed(self, obj: ObjectSpec, since: str) -> list[str]:
        table = self._table(obj.name)
        return sorted(id for id in table.rows if table.stamps[id] >= since)

    def _visible(self, stamp: str) -> bool:
        if not self.behaviour.lag:
            return True
        return stamp <= iso_time(self._clock.now() - timedelta(seconds=self.behaviour.lag))

    def _count(self, operation: str, obj: ObjectSpec, payload: Tree) -> None:
        self.requests += 1
        error = self.behaviour.check(operation, obj.name, payload) if self.behaviour.check else None
        if error is not None:
            raise error

    def _answered(self, operation: str, written: Written) -> Written:
        if operation in self.behaviour.loses_answers:
            raise Unreachable("the answer was lost", sent=True)
        return copy.deepcopy(written)

    def _table(self, object_name: str) -> _Table:
        with self._lock:
            return self._tables.setdefault(object_name, _Table({}, {}, []))

    def _now(self) -> str:
        return iso_time(self._clock.now())
