"""Records that are there before a test begins, and edits as people make them: no mails, and hardly a check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.magento import catalogs, companies, credits, groups, orders
from sandbox.magento.customer_record import blank
from sandbox.magento.customer_writing import check, draft, put_addresses, settle, store
from sandbox.magento.customers import welcome
from sandbox.magento.shapes import ADDRESS, COMPANY, CUSTOMER
from sandbox.magento.shop import Record, Shop

Rows = list[Any]


def seed(shop: Shop, data: dict[str, Any]) -> None:
    """{"customers": [...], "companies": [...], ...}, each told in the vendor's own shape; ids may be named."""
    if unknown := sorted(set(data) - set(KINDS)):
        raise ValueError(f"unknown kind(s): {', '.join(unknown)}; known: {', '.join(KINDS)}")
    for kind, plant in KINDS.items():
        if kind in data:
            plant(shop, data[kind])


def _customers(shop: Shop, rows: Rows) -> None:
    for row in rows:
        _customer(shop, row)


def _customer(shop: Shop, row: Record) -> Record:
    given = CUSTOMER.read(_with_lists(row))
    record = draft(shop, blank(shop), given, resets=True)
    settle(shop, record, given.get("store_id"), given.get("website_id") or 1)
    record["confirmation"] = given.get("confirmation")
    check(shop, record, {"firstname": "-", "lastname": "-", **given})
    _plant_addresses(shop, record, given)
    asked = given.get("id")
    record["id"] = shop.reserve("customer", asked) if asked else shop.next_id("customer")
    store(shop, record)
    record["created_at"] = given.get("created_at") or record["created_at"]
    record["updated_at"] = given.get("updated_at") or given.get("created_at") or record["updated_at"]
    return record


def _plant_addresses(shop: Shop, record: Record, given: Record) -> None:
    """Addresses may name their own ids."""
    lines = given.get("addresses") or []
    named = [line.get("id") for line in lines]
    record["addresses"] = [{"id": shop.reserve("address", id_)} for id_ in named if id_]
    put_addresses(shop, record, {**given, "addresses": lines})


def _companies(shop: Shop, rows: Rows) -> None:
    for row in rows:
        given = COMPANY.read(row)
        if given.get("id"):
            shop.reserve("company", given["id"] - 1)
        companies.add(shop, given)


def _credits(shop: Shop, rows: Rows) -> None:
    for row in rows:
        values = dict(row)
        credits.edit(shop, int(values.pop("company_id")), values)


def _groups(shop: Shop, rows: Rows) -> None:
    for row in rows:
        groups.add(shop, row)


def _catalogs(shop: Shop, rows: Rows) -> None:
    for row in rows:
        catalogs.add(shop, {"tax_class_id": 3, **row})


def _orders(shop: Shop, rows: Rows) -> None:
    for row in rows:
        orders.add(shop, row)


def _attributes(shop: Shop, declared: Any) -> None:
    """{"customer": {"code": "text"}, "address": {...}}: attributes that somebody made in the admin panel."""
    for kind, codes in declared.items():
        shop.attributes[kind] |= codes


def register(shop: Shop, row: Record) -> Record:
    """Somebody opens an account in the web shop, with a password of their own."""
    record = _customer(shop, {"firstname": "-", "lastname": "-", **row})
    shop.passwords[record["id"]] = 1
    welcome(shop, record, with_password=True)
    return {"id": record["id"]}


def edit(shop: Shop, changes: dict[str, Any]) -> None:
    """{"customer": {"41": {...}}}: what a person changes in the admin panel or in the web shop."""
    for kind, by_id in changes.items():
        if kind not in EDITS:
            raise ValueError(f"cannot edit '{kind}'; known: {', '.join(EDITS)}")
        for id_, values in by_id.items():
            EDITS[kind](shop, int(id_), values)


def _edit_customer(shop: Shop, id_: int, values: Record) -> None:
    held = shop.customers[id_]
    given = CUSTOMER.read(_with_lists(values))
    record = draft(shop, held, given, resets=False)
    if {"website_id", "store_id"} & given.keys():
        settle(shop, record, given.get("store_id") or held["store_id"], given.get("website_id") or held["website_id"])
    check(shop, record, {**held, **given})
    put_addresses(shop, record, given)
    store(shop, record, held)


def _edit_address(shop: Shop, id_: int, values: Record) -> None:
    """One address alone, which leaves no stamp on its customer."""
    for held in shop.customers.values():
        for at, address in enumerate(held["addresses"]):
            if address["id"] == id_:
                new = dict(address)
                given = ADDRESS.read(values)
                new |= {name: value for name, value in given.items() if name in address and name != "region"}
                new |= given.get("region") or {}
                record = {**held, "addresses": [*held["addresses"][:at], new, *held["addresses"][at + 1 :]]}
                store(shop, record, held)
                return
    raise ValueError(f"there is no address {id_}")


def _edit_company(shop: Shop, id_: int, values: Record) -> None:
    held = shop.companies[id_]
    given = COMPANY.read(values)
    extension = {**held["extension_attributes"], **given.pop("extension_attributes", {})}
    record = {**held, **given, "extension_attributes": extension}
    companies.check(shop, record)
    companies.store(shop, held, record)


def _edit_order(shop: Shop, id_: int, values: Record) -> None:
    shop.orders[id_] |= {"updated_at": shop.now(), **values}


def _edit_group(shop: Shop, id_: int, values: Record) -> None:
    shop.groups[id_] |= values


def _with_lists(row: Record) -> Record:
    """Custom attributes may be told as a map."""
    custom = row.get("custom_attributes")
    if not isinstance(custom, dict):
        return row
    return {**row, "custom_attributes": [{"attribute_code": c, "value": v} for c, v in custom.items()]}


KINDS: dict[str, Callable[[Shop, Any], None]] = {
    "attributes": _attributes,
    "groups": _groups,
    "catalogs": _catalogs,
    "customers": _customers,
    "companies": _companies,
    "credits": _credits,
    "orders": _orders,
}
EDITS: dict[str, Callable[[Shop, int, Record], None]] = {
    "customer": _edit_customer,
    "address": _edit_address,
    "company": _edit_company,
    "credit": credits.edit,
    "order": _edit_order,
    "customer_group": _edit_group,
}

