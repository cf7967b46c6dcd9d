"""The JSON of a record as GET gives it: links, references, sublists, and no nulls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .account import Account, Record
from .refusal import Refusal, bad_parameter
from .sublists import ADDRESS_FIELDS, LINE_FIELDS, Line, address_text
from .values import rendered

Href = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class View:
    """What the caller asked to see."""

    href: Href
    expand_all: bool = False
    expand: frozenset[str] = frozenset()
    fields: tuple[str, ...] | None = None
    simple_enums: bool = False


def record_json(account: Account, record: Record, view: View, self_query: str = "") -> dict[str, Any]:
    place = f"{record.type}/{record.id}"
    shown: dict[str, Any] = {"links": [{"rel": "self", "href": view.href(place) + self_query}]}
    wanted = None if view.fields is None else _wanted(account, record, view.fields)
    for name, field in account.fields(record.type).items():
        if wanted is not None and name not in wanted:
            continue
        if field.kind in SUBLISTS:
            shown[name] = _sublist(account, record, name, view)
        elif (value := _value(record, name)) is not None:
            shown[name] = rendered(account, field, value, view.href, view.simple_enums)
    return shown


def _wanted(account: Account, record: Record, names: tuple[str, ...]) -> set[str]:
    known = account.fields(record.type)
    for name in names:
        if name not in known or known[name].kind in SUBLISTS:
            raise bad_parameter(f"Invalid value of the query parameter fields: {name}.", "fields")
    return set(names)


def _value(record: Record, name: str) -> Any:
    if name == "id":
        return record.id
    if name in DEFAULT_TEXTS:
        flag = DEFAULT_TEXTS[name]
        chosen = [line for line in record.values.get("addressBook", ()) if line.get(flag)]
        return address_text(chosen[0]["address"]) if chosen else None
    value = record.values.get(name)
    return None if value == "" else value


def _sublist(account: Account, record: Record, name: str, view: View) -> dict[str, Any]:
    place = f"{record.type}/{record.id}/{name}"
    shown: dict[str, Any] = {"links": [{"rel": "self", "href": view.href(place)}]}
    if view.expand_all or name in view.expand:
        lines = record.values.get(name, [])
        shown["items"] = [
            SUBLISTS[account.fields(record.type)[name].kind](account, place, line, view) for line in lines
        ]
        shown["totalResults"] = len(lines)
    return shown


def address_line(account: Account, place: str, line: Line, view: View) -> dict[str, Any]:
    here = f"{place}/{line['id']}"
    plain = {name: line[name] for name in LINE_FIELDS if line.get(name) is not None}
    for flag in ("defaultBilling", "defaultShipping", "isResidential"):
        plain.setdefault(flag, False)
    return {
        "links": [{"rel": "self", "href": view.href(here)}],
        "id": line["id"],
        "internalId": line["id"],
        "addressId": line["key"],
        **plain,
        "addressBookAddress": address_json(account, here, line, view),
        "addressBookAddress_text": address_text(line["address"]),
    }


def address_json(account: Account, place: str, line: Line, view: View) -> dict[str, Any]:
    address = {
        name: rendered(account, ADDRESS_FIELDS[name], value, view.href, view.simple_enums)
        for name, value in line["address"].items()
        if value not in (None, "")
    }
    links = [{"rel": "self", "href": view.href(f"{place}/addressBookAddress")}]
    return {"links": links, **address, "addrText": address_text(line["address"])}


def _currency_line(account: Account, place: str, line: str, view: View) -> dict[str, Any]:
    currency = account.get("currency", line)
    name = currency.values["name"] if currency else ""
    return {
        "links": [{"rel": "self", "href": view.href(f"{place}/{line}")}],
        "currency": {
            "links": [{"rel": "self", "href": view.href(f"currency/{line}")}],
            "id": line,
            "refName": name,
        },
        "balance": 0.0,
        "displaySymbol": currency.values.get("symbol", "") if currency else "",
    }


def sub_resource(account: Account, record: Record, parts: list[str], view: View) -> dict[str, Any]:
    """GET /customer/107/addressBook[/39[/addressBookAddress]]."""
    missing = Refusal(404, "NONEXISTENT_ID", "Record does not exist.")
    field = account.fields(record.type).get(parts[0])
    if field is None or field.kind not in SUBLISTS or len(parts) > 3:
        raise missing
    place = f"{record.type}/{record.id}/{parts[0]}"
    if len(parts) == 1:
        whole = View(view.href, expand_all=True, simple_enums=view.simple_enums)
        return _sublist(account, record, parts[0], whole)
    for line in record.values.get(parts[0], []):
        if (line if isinstance(line, str) else line["id"]) != parts[1]:
            continue
        if len(parts) == 2:
            return SUBLISTS[field.kind](account, place, line, view)
        if parts[2].lower() == "addressbookaddress" and field.kind == "address_book":
            return address_json(account, f"{place}/{parts[1]}", line, view)
    raise missing


DEFAULT_TEXTS = {"defaultAddress": "defaultBilling", "defaultShippingAddress": "defaultShipping"}
SUBLISTS: dict[str, Callable[[Account, str, Any, View], dict[str, Any]]] = {
    "address_book": address_line,
    "currency_list": _currency_line,
}
