"""The account's own catalogue of an object: ids, labels and types as the system tells them, with sample values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.cli.opening import open_shop
from engine.cli.options import Given
from engine.functions.paths import take
from engine.model.errors import UsageError
from engine.model.values import is_blank
from engine.report.mask import masked_text
from engine.spec.ruleset import Ruleset
from engine.spec.system import DiscoverSpec, FieldSpec, ObjectSpec

SAMPLES = 3

Row = dict[str, Any]


def live_fields(given: Given, ruleset: Ruleset, obj: ObjectSpec) -> tuple[list[Row], str]:
    """Fields as the account has them now, and how many records there are: of several pages only the first is read."""
    if obj.discover is None:
        raise UsageError(f"{obj.name} declares no `discover`: its system tells no fields")
    name = next(name for name, one in ruleset.connections.items() if obj.name in one.system.objects)
    with open_shop(given, ruleset, create=True) as shop:
        connector = shop.connector(name)
        found = connector.discover(obj)
        page = next(iter(connector.pages(obj)), None) if obj.list is not None else None
        records = page.records if page is not None else []
        count = f"{len(records)}{' or more' if page is not None and page.cursor else ''}"
    return [_row(one, obj.discover, obj, records, given.reveal) for one in found], count


def _row(one: Mapping[str, Any], says: DiscoverSpec, obj: ObjectSpec, records: list[Row], reveal: bool) -> Row:
    id, label = str(one.get(says.field_id, "")), str(one.get(says.label) or "")
    values = dict.fromkeys(text for raw in records if (text := _value(raw, id, label, obj)))
    samples = [value if reveal else masked_text(value) for value in list(values)[:SAMPLES]]
    return {"field": id, "label": one.get(says.label), "type": one.get(says.type), "samples": samples}


def _value(raw: Row, id: str, label: str, obj: ObjectSpec) -> str:
    """What a record holds in the field: among its custom ones, under its own name, or where our catalogue has it."""
    at = str(obj.custom_fields.get("at", ""))
    custom = take(raw, at.split(".")) if at else None
    if isinstance(custom, dict) and id in custom:
        return str(custom[id])
    ours = next((spec for spec in obj.fields.values() if label and _bare(label) in _names(spec)), None)
    found = raw.get(id, raw.get(id.lower(), take(raw, ours.path) if ours else None))
    return "" if is_blank(found) or isinstance(found, dict | list) else str(found)


def _names(spec: FieldSpec) -> tuple[str, str]:
    return _bare(spec.name), _bare(spec.label)


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()
