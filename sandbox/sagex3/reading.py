"""The facets that a classic object has: $query, $details, $prototypes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import islice, takewhile
from typing import Any
from urllib.parse import quote, urlencode

from sandbox.sagex3 import refusals
from sandbox.sagex3.classes import ADDRESS, Class, Column
from sandbox.sagex3.conditions import Test, compile_where
from sandbox.sagex3.folder import Folder, Row
from sandbox.sagex3.refusals import Refusal, diagnosis

PAGE = 20
_KEY = re.compile(r"(gt|ge|lt|le)\.(.*)\Z", re.DOTALL)
_TYPES = {
    "text": "application/x-string", "code": "application/x-string", "menu": "application/x-choice",
    "decimal": "application/x-decimal", "date": "application/x-date", "stamp": "application/x-datetime",
}  # fmt: skip
_KNOWN = {"representation", "count", "where", "orderBy", "key"}
STAMPS = ("CREDATTIM", "UPDDATTIM")


def query(folder: Folder, class_: Class, url: str, asked: list[tuple[str, str]]) -> dict[str, Any]:
    """A page of what the $query facet shows, with a link to the next."""
    given = dict(asked)
    if unknown := sorted(set(given) - _KNOWN):
        raise Refusal(400, f"unknown parameter: {', '.join(unknown)}")
    size = _size(folder, given.get("count"))
    shown = listed(folder, class_)
    test = _test(class_, given.get("where"), shown)
    page, more = _page(folder, class_, test, given, size, shown)
    found: dict[str, Any] = {
        "$url": f"{url}?{_text(given)}",
        "$descriptor": class_.title,
        "$itemsPerPage": size,
        "$resources": [_listed(folder, class_, url, key, row, shown) for key, row in page],
    }
    if more:
        found["$links"] = {"$next": _link(url, {**given, "key": f"gt.{page[-1][0]}"})}
    return found


def details(folder: Folder, class_: Class, key: str) -> dict[str, Any]:
    """One record whole; its key stands only in its own columns."""
    row = folder.tables[class_.name].get(key)
    if row is None:
        raise refusals.missing(class_.name, key)
    if key in folder.options.breaks:
        return {"$diagnoses": [diagnosis("error", f"{class_.name} {key}: the record is locked by another user")]}
    found = _marks(row) | _columns(folder, class_, row, tuple(class_.columns))
    if class_.name == "BPCUSTOMER":
        found |= _customer_only(folder, row)
    if key in folder.options.warns:
        found["$diagnoses"] = [diagnosis("warning", f"{key}: the credit limit is exceeded")]
    return found


def prototype(folder: Folder, class_: Class, facet: str) -> dict[str, Any]:
    """Titles, types and lengths of a facet's properties."""
    listing = listed(folder, class_)
    names = listing if facet == "$query" else tuple(class_.columns)
    return {"$properties": {name: _property(class_, name, listing) for name in names if _is_shown(folder, name)}}


def listed(folder: Folder, class_: Class) -> tuple[str, ...]:
    """Properties of the $query facet."""
    return class_.listed + (STAMPS if folder.options.exposes_timestamps else ())


# -- pages -------------------------------------------------------------------------------------------------


def _size(folder: Folder, text: str | None) -> int:
    if text is not None and (not text.isdigit() or text == "0"):
        raise Refusal(400, "count is a number above 0")
    size = int(text[:9]) if text else PAGE
    return min(size, folder.options.max_count or size)


def _page(
    folder: Folder, class_: Class, test: Test, given: dict[str, str], size: int, shown: tuple[str, ...]
) -> tuple[list[tuple[str, Row]], bool]:
    """Rows of a page, and whether more follow. In the order of keys only what is shown is looked at."""
    table, key = folder.tables[class_.name], given.get("key", "")
    if not given.get("orderBy") and (not key or key.startswith(("gt.", "ge."))):
        keys = folder.keys(class_.name)
        start = (bisect_right if key.startswith("gt.") else bisect_left)(keys, key[3:])
        fitting = (one for one in islice(keys, start, None) if test(table[one]))
        rows = [(one, table[one]) for one in islice(fitting, size + 1)]
        return rows[:size], len(rows) > size
    rows = [(one, table[one]) for one in folder.keys(class_.name) if test(table[one])]
    rows, backwards = _after(_ordered(rows, class_, given.get("orderBy"), shown), key or None)
    return (rows[-size:], False) if backwards else (rows[:size], len(rows) > size)


def _test(class_: Class, where: str | None, shown: tuple[str, ...]) -> Test:
    if where is None:
        return lambda row: True
    return compile_where(where, lambda name: _reader(class_, name, shown))


def _reader(class_: Class, name: str, shown: tuple[str, ...]) -> Callable[[Row], Any]:
    """Only what the facet shows can be compared; anything else breaks the query."""
    if name not in shown:
        raise refusals.unknown_property(name)
    return lambda row: row[name]


def _ordered(
    rows: list[tuple[str, Row]], class_: Class, order: str | None, shown: tuple[str, ...]
) -> list[tuple[str, Row]]:
    """By the key, or by a property of the facet."""
    for part in reversed([one.split() for one in (order or "").split(",") if one.strip()]):
        if part[0] not in shown:
            raise refusals.unknown_property(part[0])
        if len(part) > 2 or (len(part) == 2 and part[1] not in ("asc", "desc")):
            raise Refusal(400, "orderBy is PROPERTY asc or PROPERTY desc")
        rows = sorted(rows, key=lambda one: one[1][part[0]], reverse=part[-1] == "desc")  # used at once
    return rows


def _after(rows: list[tuple[str, Row]], key: str | None) -> tuple[list[tuple[str, Row]], bool]:
    """What comes after (or before) a key in the order of the list."""
    if key is None:
        return rows, False
    match = _KEY.match(key)
    if match is None:
        raise Refusal(400, "key is gt.KEY, ge.KEY, lt.KEY or le.KEY")
    verb, wanted = match[1], match[2]
    at = next((n for n, (own, _) in enumerate(rows) if own == wanted), None)
    if at is None:  # the record went while the list was read; keys are in order unless orderBy says otherwise
        at = next((n for n, (own, _) in enumerate(rows) if own > wanted), len(rows)) - (verb in ("gt", "le"))
    if verb in ("gt", "ge"):
        return rows[at + (verb == "gt") :], False
    return rows[: at + (verb == "le")], True


def _link(url: str, asked: dict[str, str]) -> dict[str, str]:
    return {"$url": f"{url}?{_text(asked)}", "$type": "application/json;vnd.sage=syracuse", "$method": "GET"}


def _text(asked: dict[str, str]) -> str:
    return urlencode(asked, safe="$@(),'", quote_via=quote)


def _listed(folder: Folder, class_: Class, url: str, key: str, row: Row, shown: tuple[str, ...]) -> dict[str, Any]:
    own = f"{url}('{quote(key, safe='~')}')?representation={class_.name}.$details"
    return {**_marks(row), "$key": key, "$url": own, **_columns(folder, class_, row, shown)}


# -- values ------------------------------------------------------------------------------------------------


def _marks(row: Row) -> dict[str, Any]:
    return {"$uuid": row["$uuid"], "$etag": row["UPDDATTIM"]}


def _columns(folder: Folder, class_: Class, row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    found = {}
    for name in names:
        value = _shown(folder, class_.columns[name], row[name])
        if value is not None and _is_shown(folder, name):
            found[name] = value
    return found


def _is_shown(folder: Folder, name: str) -> bool:
    return name not in STAMPS or folder.options.exposes_timestamps


def _shown(folder: Folder, column: Column, value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(folder, column, one) for one in value]
    if value != "":
        return value
    return folder.options.empty_date if column.kind in ("date", "stamp") else folder.options.blank


def _customer_only(folder: Folder, row: Row) -> dict[str, Any]:
    """The customer's addresses as a collection, and what X3 computes."""
    wanted = tuple(name for name in ADDRESS.columns if name not in ("BPATYP", "BPANUM", "CREDAT", "UPDDAT", *STAMPS))
    keys, prefix = folder.keys("BPADDRESS"), f"1~{row['BPCNUM']}~"
    at = bisect_left(keys, prefix)
    own = [folder.tables["BPADDRESS"][key] for key in takewhile(lambda one: one.startswith(prefix), keys[at : at + 99])]
    found: dict[str, Any] = {"BPCADDRESS": [_columns(folder, ADDRESS, one, wanted) for one in own]}
    if folder.options.exposes_credit_level:
        found["OSTLEVTOT"] = folder.exposure(row)
    return found


def _property(class_: Class, name: str, listing: tuple[str, ...]) -> dict[str, Any]:
    column = class_.columns[name]
    found: dict[str, Any] = {"$title": column.title or name, "$type": _TYPES[column.kind]}
    if column.repeat > 1:
        found["$type"] = "application/x-array"
    if column.length:
        found["$maxLength"] = column.length
    if name in class_.required:
        found["$isMandatory"] = True
    return {**found, "$capabilities": "sort,filter" if name in listing else ""}
