"""Names of columns for requests whose rows are tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.spec.system import FieldSpec, ObjectSpec, RequestSpec

NESTED = frozenset({"list", "object", "map"})


def columns_of(obj: ObjectSpec, fields: Sequence[str]) -> str:
    """The columns of the asked fields (none: of all), with the id and the field that shows changes."""
    asked = fields or tuple(obj.fields)
    names = dict.fromkeys((obj.id, *asked, obj.changes.field))
    specs = (obj.fields.get(name) for name in names)
    return ", ".join(dict.fromkeys(column(one) for one in specs if one is not None and has_column(one)))


def has_column(spec: FieldSpec) -> bool:
    """True for fields that a table's row can hold."""
    return bool(spec.column) or not (spec.detail or spec.part or spec.type in NESTED)


def column(spec: FieldSpec) -> str:
    """A field's column, as it is asked for."""
    return spec.column or spec.name.lower()


def row_name(spec: FieldSpec) -> str:
    """The name under which a field's column stands in a row: the last word, lower-case."""
    return column(spec).split()[-1].lower()


def column_of(spec: FieldSpec, request: RequestSpec) -> str:
    """The name to compare a field by: its column without alias; its own name where rows are no tables."""
    if request.rows != "columns":
        return spec.column or spec.name
    text = column(spec)
    at = text.upper().rfind(" AS ")
    return text[:at] if at > 0 else text


def lower_names(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row under lower-case names: their case may change between releases."""
    return {name.lower(): value for name, value in row.items()}
