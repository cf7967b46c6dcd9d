"""Putting what a system gave into the store: normalised, hashed, indexed; what is unusable is set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.functions.canonical import digest
from engine.model.finding import Finding, Severity
from engine.model.record import Record
from engine.model.stored import Staged
from engine.pipeline.workshop import Workshop
from engine.spec.ruleset import IndexKeys
from engine.spec.system import ObjectSpec
from engine.stages.normalise import Normal, normaliser


@dataclass(frozen=True, slots=True)
class Stager:
    """Compiled staging of one object of one connection."""

    shop: Workshop
    connection: str
    obj: ObjectSpec
    normal: Callable[[dict[str, Any]], Normal]
    index: Mapping[str, IndexKeys]
    flag: str

    def staged(self, raws: Iterable[Mapping[str, Any]], findings: list[Finding]) -> list[Staged]:
        """Rows for the store; a record that cannot be used becomes a finding."""
        return [row for raw in raws if (row := self.staged_one(raw, findings)) is not None]

    def staged_one(self, raw: Mapping[str, Any], findings: list[Finding]) -> Staged | None:
        """One row for the store, or None with a finding."""
        normal = self.normal(raw)  # type: ignore[arg-type]  # any mapping will do
        if normal.refused or normal.doubts:
            findings.extend(self._doubts(normal))
        return None if normal.refused else self.row(normal)

    def _doubts(self, normal: Normal) -> list[Finding]:
        record = f"{self.connection}:{normal.id}"
        if normal.refused:
            return [Finding("record-unusable", normal.refused, severity=Severity.WARNING, record=record)]
        return [
            Finding("value-unreadable", f"{field}: {reason}", severity=Severity.WARNING, record=record)
            for field, reason in normal.doubts
        ]

    def row(self, normal: Normal) -> Staged:
        return Staged(
            normal.id, normal.fields, normal.hash, normal.version, self.keys(normal.id, normal.fields), normal.detail
        )

    def keys(self, id: str, fields: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """Index keys of a record."""
        if not self.index:
            return ()
        seen = fields if "id" in fields else {"id": id, **fields}
        return tuple((path, key) for path, make in self.index.items() for key in _each(make(seen)))

    def is_gone(self, row: Staged) -> bool:
        """True for a record that its own flag declares gone."""
        return bool(self.flag) and bool(row.fields.get(self.flag))


def _each(keys: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """No key, one, or several rough ones."""
    return () if keys is None else (keys,) if isinstance(keys, str) else keys


def stager(shop: Workshop, connection: str, obj: ObjectSpec, *, rows: str = "full", detail: bool = False) -> Stager:
    """A stager for one way of reading the object."""
    fields = fields_of(shop, connection, obj)
    deletions = obj.deletions
    flag = deletions.field if deletions and deletions.kind == "flag" else ""
    normal = normaliser(obj, fields, rows=rows, with_detail=detail)
    return Stager(shop, connection, obj, normal, shop.index(connection, obj.name), flag)


def fields_of(shop: Workshop, connection: str, obj: ObjectSpec) -> frozenset[str]:
    """The read set with the marks that reading itself needs."""
    reads = shop.reads(connection, obj.name)
    extra = {obj.id, obj.changes.field} | ({obj.deletions.field} if obj.deletions and obj.deletions.field else set())
    return frozenset(name for name in (*reads.fields, *reads.detail, *extra) if name in obj.fields)


def own_write(stage: Stager, id: str, before: Record | None, values: Mapping[str, Any]) -> Staged:
    """The record as it should stand after our write, for systems that do not show it."""
    names = fields_of(stage.shop, stage.connection, stage.obj)
    plain = {name: None for name in names if not stage.obj.fields[name].detail}
    fields = {**plain, **{name: value for name, value in (before.fields if before else {}).items() if name in plain}}
    for name, value in values.items():
        outer, dot, member = name.partition(".")
        if name in plain:
            fields[name] = value
        elif dot and outer in plain:
            fields[outer] = {**(fields.get(outer) or {}), member: value}
    if stage.obj.id in plain:
        fields[stage.obj.id] = id
    mark = stage.obj.changes.field
    return Staged(id, fields, digest({n: v for n, v in fields.items() if n != mark}), "", stage.keys(id, fields))


def only_ours(before: Record | None, after: Mapping[str, Any], written: Sequence[str], mark: str) -> bool:
    """True when nothing but the fields that we wrote differs from what we knew."""
    if before is None:
        return True
    outers = {name.partition(".")[0] for name in written} | {mark}
    return all(before.fields.get(name) == value for name, value in after.items() if name not in outers)
