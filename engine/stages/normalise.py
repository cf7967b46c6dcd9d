"""Native records to normalised ones, by the field catalogue. Compiled once per object and read set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from engine.functions.canonical import digest
from engine.functions.cards import without_cards
from engine.functions.failed import FunctionFailed
from engine.functions.paths import getter
from engine.functions.readers import reader
from engine.model.values import ABSENT
from engine.spec.system import FieldSpec, ObjectSpec

Take = Callable[[dict[str, Any]], Any]


class Normal(NamedTuple):
    """A normalised record. `refused` says why it cannot be used; `doubts` are (field, reason)."""

    id: str
    fields: dict[str, Any]
    detail: dict[str, Any] | None
    hash: str
    version: str
    refused: str = ""
    doubts: tuple[tuple[str, str], ...] = ()


class Column(NamedTuple):
    """One field to read: its name, how to take it out of the native tree, how to read it."""

    name: str
    take: Take
    read: Callable[[Any], Any]
    required: bool


def column_name(spec: FieldSpec) -> str:
    """Key of a field in tabular replies: the alias where the column is an expression, always lower-case."""
    return (spec.column or spec.name).rsplit(None, 1)[-1].rsplit(".", 1)[-1].lower()


def normaliser(
    obj: ObjectSpec, fields: Iterable[str], *, rows: str = "full", with_detail: bool = False
) -> Callable[[dict[str, Any]], Normal]:
    """A function from a native tree (or a row keyed by column names) to a normalised record.

    Every declared field that was fetched but is missing is null; what was not fetched is absent.
    """
    wanted = [obj.fields[name] for name in sorted(fields) if name in obj.fields]
    plain = [_column(spec, rows) for spec in wanted if not spec.detail]
    detail = [_column(spec, "full") for spec in wanted if spec.detail] if with_detail else []
    take_id = _column(obj.fields.get(obj.id) or FieldSpec(obj.id), rows).take
    mark = obj.changes.field if obj.changes.kind == "field" else ""
    marker = _column(obj.fields[mark], rows) if mark in obj.fields else None
    return lambda raw: _normal(raw, take_id, plain, detail if with_detail else None, marker)


def _column(spec: FieldSpec, rows: str) -> Column:
    steps = (column_name(spec),) if rows == "columns" else spec.path
    read = reader(spec)
    return Column(spec.name, getter(steps), _cardless(read) if spec.type in _WRITTEN_BY_PEOPLE else read, spec.required)


_WRITTEN_BY_PEOPLE = frozenset({"text", "email", "phone", "url", "map", "object", "list"})
"""Types in which a card number may turn up: none is ever kept."""


def _cardless(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda raw: without_cards(read(raw))


def _normal(
    raw: dict[str, Any], take_id: Take, plain: list[Column], detail: list[Column] | None, marker: Column | None
) -> Normal:
    id = _id(take_id(raw))
    if not id:
        return Normal("", {}, None, "", "", "the record has no id")
    doubts: list[tuple[str, str]] = []
    fields = _read_all(raw, plain, doubts)
    more = _read_all(raw, detail, doubts) if detail is not None else None
    version = _version(raw, marker)
    hashed = {name: value for name, value in fields.items() if marker is None or name != marker.name}
    try:
        fingerprint = digest(hashed)
    except (TypeError, ValueError, OverflowError):
        return Normal(id, {}, None, "", "", "a value cannot be stored: too large or not a number")
    refused = next((f"{name}: {reason}" for name, reason in doubts if _is_required(name, plain)), "")
    return Normal(id, fields, more, fingerprint, version, refused, tuple(doubts))


def _read_all(raw: Mapping[str, Any], columns: list[Column], doubts: list[tuple[str, str]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, take, read, _required in columns:
        value = take(raw)  # type: ignore[arg-type]  # rows are dicts
        if value is ABSENT or value is None:
            fields[name] = None
            continue
        try:
            value = read(value)
        except FunctionFailed as failure:
            doubts.append((name, str(failure)))
            continue
        fields[name] = None if value is ABSENT else value
    return fields


def _is_required(name: str, columns: list[Column]) -> bool:
    return any(column.required for column in columns if column.name == name)


def _id(value: Any) -> str:
    """Ids are text; 0 and true are no ids, a blank one is none."""
    if isinstance(value, bool) or value is ABSENT or value is None:
        return ""
    return str(value).strip() if isinstance(value, (str, int)) else ""


def _version(raw: dict[str, Any], marker: Column | None) -> str:
    """The mark of change as the catalogue reads it: a listing and a read spell the same moment differently."""
    value = marker.take(raw) if marker else None
    if marker is None or value is None or value is ABSENT:
        return ""
    try:
        return str(marker.read(value))
    except FunctionFailed:
        return str(value)
