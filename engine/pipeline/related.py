"""Reading what hangs on one record, now: the records of a declared relation, with the one that is used by default."""

from __future__ import annotations

from typing import Any

from engine.functions.cards import mask_tree
from engine.model.errors import UsageError
from engine.model.record import Record, RecordKey
from engine.model.values import is_blank
from engine.pipeline.gather import access_path
from engine.pipeline.workshop import Workshop
from engine.spec.system import ObjectSpec, RelationSpec
from engine.stages.normalise import normaliser
from engine.stages.view import reference_id

DEFAULT = "default"


def related(shop: Workshop, key: RecordKey, relation: str) -> list[Record]:
    """The related records as the system holds them now, all their declared fields, by id. Nothing is stored, and card
    numbers are masked. Where the relation declares a default, a field `default` tells which record that is."""
    obj = shop.object(key.object)
    spec = obj.relations.get(relation)
    if spec is None:
        known = ", ".join(sorted(obj.relations)) or "none"
        raise UsageError(f"{key.object} has no relation {relation!r}; there are: {known}")
    owner = _owner(shop, key, obj)
    if owner is None:
        raise UsageError(f"there is no {obj.title} {key.id}")
    child = shop.object(spec.object)
    read = normaliser(child, child.fields, rows=_rows(child, spec), with_detail=True)
    chosen = _chosen(owner, spec)
    records = []
    for raw in _raw(shop, key.connection, child, spec, owner):
        normal = read(raw)
        fields = mask_tree({**normal.fields, **(normal.detail or {})})
        fields |= {DEFAULT: normal.id == chosen} if spec.default else {}
        records.append(Record(RecordKey(key.connection, child.name, normal.id), fields))
    return sorted(records, key=lambda one: one.key)


def _owner(shop: Workshop, key: RecordKey, obj: ObjectSpec) -> dict[str, Any] | None:
    """The fields of the record that the relation starts from."""
    raw = shop.connector(key.connection).read(obj, key.id)
    if raw is None:
        return None
    normal = normaliser(obj, obj.fields, rows=obj.read.rows if obj.read else "full")(raw)
    return {**normal.fields, "id": normal.id}


def _chosen(owner: dict[str, Any], spec: RelationSpec) -> str:
    filled = (reference_id(owner.get(name)) for name in spec.default)
    return next((str(value) for value in filled if not is_blank(value)), "")


def _raw(
    shop: Workshop, connection: str, child: ObjectSpec, spec: RelationSpec, owner: dict[str, Any]
) -> list[dict[str, Any]]:
    """Native records, by the sharpest way that the system offers."""
    connector = shop.connector(connection)
    (theirs, ours), *_ = spec.where.items()
    value = reference_id(owner.get(ours))
    if is_blank(value):
        return []
    if child.list is not None and theirs in child.list.params:
        return connector.related(child, {theirs: str(value)})
    if access_path(child, theirs) is not None:
        return connector.find(child, theirs, str(value), sorted(child.fields))
    return _filtered(shop, connection, child, theirs, str(value))


def _filtered(shop: Workshop, connection: str, child: ObjectSpec, theirs: str, value: str) -> list[dict[str, Any]]:
    """Everything, and of that what fits: for short lists that cannot be asked for less."""
    read = normaliser(child, (theirs,), rows=child.list.rows if child.list else "full")
    plain = sorted(name for name, one in child.fields.items() if not one.detail)
    pages = shop.connector(connection).pages(child, fields=plain)
    return [raw for page in pages for raw in page.records if str(reference_id(read(raw).fields.get(theirs))) == value]


def _rows(child: ObjectSpec, spec: RelationSpec) -> Any:
    theirs = next(iter(spec.where))
    if child.list is not None and theirs in child.list.params:
        return child.list.rows
    found = access_path(child, theirs)
    return found.rows if found is not None else child.list.rows if child.list else "full"
