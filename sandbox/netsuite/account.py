"""One NetSuite account: its records, the indexes that keep them unique, and what was deleted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Protocol

from .catalogue import CUSTOM_FIELDS, TYPES, Field, custom_field
from .furniture import FIRST_IDS
from .options import Options


class Clock(Protocol):
    """Seconds since the epoch, as the framework's clock tells them."""

    def now(self) -> float: ...


@dataclass(slots=True)
class Record:
    """A stored record: references and enums as ids, sublists as lists of lines."""

    type: str
    id: str
    values: dict[str, Any] = field(default_factory=dict)

    def copy(self) -> Record:
        return Record(self.type, self.id, dict(self.values))


@dataclass(frozen=True, slots=True)
class Deletion:
    """One row of the deletedrecord table."""

    type: str
    id: str
    name: str
    at: str
    context: str


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Account:
    """Storage with the two uniqueness rules of the vendor: external ids per group, names per type."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.options = Options()
        self.records: dict[str, dict[str, Record]] = {name: {} for name in TYPES}
        self.deletions: list[Deletion] = []
        self.changed: set[tuple[str, str]] = set()
        self.external: dict[tuple[str, str], tuple[str, str]] = {}
        self.names: dict[tuple[str, ...], str] = {}
        self.children: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        self._last: dict[str, int] = {}
        self.restart_ids()

    def now(self) -> str:
        return iso(self.clock.now())

    # fields ---------------------------------------------------------------------------------

    @cached_property
    def _fields(self) -> dict[str, dict[str, Field]]:
        return {name: self._with_custom(name) for name in TYPES}

    def _with_custom(self, type_: str) -> dict[str, Field]:
        declared = CUSTOM_FIELDS.get(type_, {}) | self.options.custom_fields.get(type_, {})
        custom = {name: custom_field(name, kind) for name, kind in declared.items()}
        return {**TYPES[type_].fields, **custom}

    def fields(self, type_: str) -> dict[str, Field]:
        return self._fields[type_]

    def forget_fields(self) -> None:
        """The declared custom fields have changed."""
        self.__dict__.pop("_fields", None)

    # ids --------------------------------------------------------------------------------------

    def next_id(self, group: str) -> str:
        self._last[group] = self._last.get(group, 0) + 1
        while self.id_taken(group, str(self._last[group])):
            self._last[group] += 1
        return str(self._last[group])

    def restart_ids(self) -> None:
        """The furniture's high ids are behind us; new records count from their own start."""
        self._last = {group: first - 1 for group, first in FIRST_IDS.items()}

    def reserve_id(self, group: str, id_: str) -> None:
        if id_.lstrip("-").isdigit():
            self._last[group] = max(self._last.get(group, 0), int(id_))

    # reading ------------------------------------------------------------------------------------

    def get(self, type_: str, id_: str) -> Record | None:
        return self.records[type_].get(id_)

    def by_external_id(self, group: str, external_id: str) -> Record | None:
        place = self.external.get((group, external_id))
        return self.get(*place) if place else None

    def id_taken(self, group: str, id_: str) -> bool:
        """Internal ids are unique in a group: no contact has the id of a customer."""
        return any(id_ in self.records[name] for name, kind in TYPES.items() if kind.group == group)

    def references_to(self, record: Record) -> Iterator[Record]:
        for place in sorted(self.children[record.type, record.id]):
            if found := self.get(*place):
                yield found

    def has_transactions(self, record: Record) -> bool:
        return any(child.type == "invoice" for child in self.references_to(record))

    # writing --------------------------------------------------------------------------------------

    def put(self, record: Record) -> None:
        """Store a checked record in place of the one with the same id."""
        if before := self.get(record.type, record.id):
            self._unindex(before)
        self.records[record.type][record.id] = record
        self._index(record)
        self.changed.add((record.type, record.id))

    def remove(self, record: Record, context: str) -> None:
        self._unindex(record)
        del self.records[record.type][record.id]
        self.changed.add((record.type, record.id))
        self.deletions.append(Deletion(TYPES[record.type].title, record.id, display_name(record), self.now(), context))

    def _index(self, record: Record) -> None:
        if external_id := record.values.get("externalId"):
            self.external[TYPES[record.type].group, external_id] = (record.type, record.id)
        if key := name_key(record):
            self.names[key] = record.id
        for target in self._targets(record):
            self.children[target].add((record.type, record.id))

    def _unindex(self, record: Record) -> None:
        if external_id := record.values.get("externalId"):
            self.external.pop((TYPES[record.type].group, external_id), None)
        if (key := name_key(record)) and self.names.get(key) == record.id:
            del self.names[key]
        for target in self._targets(record):
            self.children[target].discard((record.type, record.id))

    def _targets(self, record: Record) -> Iterator[tuple[str, str]]:
        for name in ("parent", "company", "entity"):
            if target := record.values.get(name):
                yield "customer", target


def name_key(record: Record) -> tuple[str, ...] | None:
    """Customer names are unique in the account, contact names in their company."""
    entity_id = record.values.get("entityId")
    if not entity_id or record.type not in ("customer", "contact"):
        return None
    return record.type, record.values.get("company") or "", entity_id.strip().lower()


def display_name(record: Record) -> str:
    values = record.values
    return str(values.get("entityId") or values.get("name") or values.get("tranId") or record.id)
