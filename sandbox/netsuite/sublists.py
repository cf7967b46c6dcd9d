"""The two sublists that can be written: addressBook (no key but the line id) and currencyList (keyed)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .account import Account
from .catalogue import Field
from .refusal import Refusal, bad_reference, bad_value, user_error
from .values import COUNTRY, parse

LINE_FIELDS = {
    "label": Field("label", length=150),
    "defaultBilling": Field("defaultBilling", "boolean"),
    "defaultShipping": Field("defaultShipping", "boolean"),
    "isResidential": Field("isResidential", "boolean"),
}
ADDRESS_FIELDS = {
    field.name: field
    for field in (
        Field("addressee", length=83),
        Field("attention", length=83),
        Field("addr1", length=150),
        Field("addr2", length=150),
        Field("addr3", length=150),
        Field("city", length=50),
        Field("state", length=50),
        Field("zip", length=36),
        COUNTRY,
        Field("addrPhone", "phone", 21),
        Field("override", "boolean"),
        Field("externalId", length=255),
    )
}
LINE_READ_ONLY = {"id", "internalId", "addressId", "links", "refName", "addressBookAddress_text"}
ADDRESS_READ_ONLY = {"addrText", "links"}
FLAGS = ("defaultBilling", "defaultShipping")
DEFAULT_COUNTRY = "US"

Line = dict[str, Any]


def body_lines(value: Any, path: str) -> list[Mapping[str, Any]] | None:
    """The lines of {"items": [...]}; None when the body empties the sublist."""
    if value is None:
        return None
    if not isinstance(value, Mapping) or "items" not in value or set(value) - {"items", "links", "totalResults"}:
        raise bad_value(path)
    items = value["items"]
    if items is None:
        return None
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise bad_value(f"{path}.items")
    return items


def unknown_property(path: str) -> Refusal:
    text = f"Invalid content in the request body. Unknown property '{path}'. Provide a valid property name."
    return Refusal(400, "INVALID_CONTENT", text, path=path)


def write_addresses(
    account: Account, before: list[Line], value: Any, replace: bool, residential: bool = True
) -> list[Line]:
    """Lines with an id are updated; the others are always appended. With replace, unnamed lines go."""
    items = body_lines(value, "addressBook")
    if items is None:
        return []
    known = {line["id"]: line for line in before}
    written: dict[str, Line] = {}
    for number, item in enumerate(items):
        path = f"addressBook.items[{number}]"
        line = _address_line(account, known, item, path, residential)
        if line["id"] in written:
            raise bad_reference(line["id"], f"{path}.id")
        written[line["id"]] = line
    for flag in FLAGS:
        _one_default(flag, [line for line in written.values() if line.get(flag)])
    kept = {} if replace else known
    return _move_defaults(list((kept | written).values()), written)


def _one_default(flag: str, lines: list[Line]) -> None:
    if len(lines) > 1:
        raise user_error(f"Only one address may be the {flag} address.", "addressBook")


def _move_defaults(lines: list[Line], written: dict[str, Line]) -> list[Line]:
    """A new default takes the flag away from the line that had it."""
    for flag in FLAGS:
        if any(line.get(flag) for line in written.values()):
            lines = [line if line["id"] in written or not line.get(flag) else {**line, flag: False} for line in lines]
    return lines


def _address_line(
    account: Account, known: dict[str, Line], item: Mapping[str, Any], path: str, residential: bool
) -> Line:
    id_ = item.get("id", item.get("internalId"))
    if id_ is None:
        line: Line = {"id": account.next_id("address"), "key": account.next_id("address_key"), "address": {}}
        line["address"]["country"] = DEFAULT_COUNTRY
    elif str(id_) in known:
        line = dict(known[str(id_)])
    else:
        raise bad_reference(id_, f"{path}.id")
    for name, value in item.items():
        here = f"{path}.{name}"
        if name.lower() == "addressbookaddress":
            line["address"] = _address(account, line["address"], value, here)
        elif name in LINE_FIELDS and (residential or name != "isResidential"):
            line[name] = None if value is None else parse(account, LINE_FIELDS[name], value, here)
        elif name not in LINE_READ_ONLY:
            raise unknown_property(here)
    line["changed"] = account.now()
    return line


def _address(account: Account, before: Line, value: Any, path: str) -> Line:
    if not isinstance(value, Mapping):
        raise bad_value(path)
    address = dict(before)
    for name, item in value.items():
        here = f"{path}.{name}"
        if name in ADDRESS_FIELDS:
            address[name] = None if item is None else parse(account, ADDRESS_FIELDS[name], item, here)
        elif name not in ADDRESS_READ_ONLY:
            raise unknown_property(here)
    return address


def write_currencies(account: Account, before: list[str], value: Any, replace: bool, primary: str) -> list[str]:
    """The list is keyed by currency; the customer's primary currency cannot leave it."""
    items = body_lines(value, "currencyList") or []
    field = Field("currency", "ref", to="currency")
    named: list[str] = []
    for number, item in enumerate(items):
        path = f"currencyList.items[{number}].currency"
        if "currency" not in item:
            raise bad_value(path)
        currency = parse(account, field, item["currency"], path)
        if currency in named:
            raise user_error("This currency is already in the list.", path)
        named.append(currency)
    cleared = value is None or (isinstance(value, Mapping) and value.get("items") is None)
    kept = [] if replace or cleared else before
    if (replace or cleared) and before and primary not in named:
        raise user_error("You cannot remove the primary currency.", "currencyList")
    return list(dict.fromkeys([primary, *kept, *named]))


def address_text(address: Line) -> str:
    town = " ".join(str(address[name]) for name in ("city", "state", "zip") if address.get(name))
    lines = [address.get(name) for name in ("attention", "addressee", "addr1", "addr2", "addr3")]
    return "\n".join(str(line) for line in [*lines, town, address.get("country")] if line)
