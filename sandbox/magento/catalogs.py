"""Shared catalogs: each bound to a customer group; a company sits in exactly one."""

from __future__ import annotations

import json
from typing import Any

from sandbox.magento import criteria, groups, refusals
from sandbox.magento.call import Call, check_columns, column, listing, without_nulls
from sandbox.magento.refusals import Refusal
from sandbox.magento.shapes import CATALOG, WHOLE
from sandbox.magento.shop import Record, Shop

COLUMNS = {
    "entity_id", "id", "name", "description", "customer_group_id", "type", "created_at", "created_by", "store_id",
    "tax_class_id",
}  # fmt: skip
CUSTOM, PUBLIC = 0, 1


def search(call: Call) -> Record:
    asked, inner = call.criteria(), column(call, COLUMNS)

    def look(row: Record, name: str) -> Any:
        inner(row, name)
        return row.get("id" if name == "entity_id" else name)

    check_columns(asked, look)
    rows, total = criteria.search(call.shop.catalogs.values(), asked, look)
    return listing([without_nulls(row) for row in rows], asked, total)


def read(call: Call) -> Record:
    return without_nulls(call.found(call.shop.catalogs, "sharedCatalogId"))


def create(call: Call) -> int:
    """The new id; a customer group of its own is made with it."""
    return int(add(call.shop, call.given("sharedCatalog", CATALOG))["id"])


def add(shop: Shop, given: Record) -> Record:
    record = _checked(shop, given, 0)
    group = groups.add(shop, {"code": record["name"], "tax_class_id": record["tax_class_id"]})
    record |= {"id": max(shop.catalogs) + 1, "customer_group_id": group["id"], "created_at": shop.now()}
    shop.catalogs[record["id"]] = record
    return record


def update(call: Call) -> int:
    held = call.found(call.shop.catalogs, "id")
    record = _checked(call.shop, call.given("sharedCatalog", CATALOG), held["id"])
    call.shop.catalogs[held["id"]] = {**held, **record}
    return int(held["id"])


def delete(call: Call) -> bool:
    record = call.found(call.shop.catalogs, "sharedCatalogId")
    if record["type"] == PUBLIC:
        raise Refusal("The public shared catalog cannot be deleted.")
    del call.shop.catalogs[record["id"]]
    for company_id in _members(call.shop, record["id"]):
        move(call.shop, company_id, public(call.shop))
    return True


def _checked(shop: Shop, given: Record, id_: int) -> Record:
    if not given.get("name"):
        raise refusals.required("name")
    if any(one["name"].casefold() == given["name"].casefold() and one["id"] != id_ for one in shop.catalogs.values()):
        text = "A catalog named %catalogName already exists. Please enter a different name."
        raise Refusal(text, {"catalogName": given["name"]})
    if given.get("type") not in (None, CUSTOM, PUBLIC):
        raise refusals.invalid_value("type", given["type"])
    tax = given.get("tax_class_id")
    if shop.tax_classes.get(tax or 0, {}).get("class_type") != "CUSTOMER":
        raise refusals.invalid_value("tax_class_id", tax)
    names = ("name", "description", "type", "store_id", "tax_class_id")
    return {"created_by": 1, **{name: given.get(name) for name in names}, "type": given.get("type") or CUSTOM}


# -- companies in catalogs -----------------------------------------------------------------------------


def companies_of(call: Call) -> str:
    """A JSON text that itself holds JSON."""
    record = call.found(call.shop.catalogs, "sharedCatalogId")
    return json.dumps([str(company_id) for company_id in _members(call.shop, record["id"])])


def assign(call: Call) -> bool:
    """Companies move here out of the catalog that they were in."""
    record = call.found(call.shop.catalogs, "sharedCatalogId")
    for company_id in _named(call):
        move(call.shop, company_id, record)
    return True


def unassign(call: Call) -> bool:
    """Companies drop back to the public catalog, which nobody can leave."""
    record = call.found(call.shop.catalogs, "sharedCatalogId")
    if record["type"] == PUBLIC:
        raise Refusal("Companies cannot be unassigned from the public shared catalog.")
    for company_id in _named(call):
        if call.shop.catalog_of.get(company_id) == record["id"]:
            move(call.shop, company_id, public(call.shop))
    return True


def move(shop: Shop, company_id: int, catalog: Record) -> None:
    shop.catalog_of[company_id] = catalog["id"]
    if shop.options.catalog_moves_group:
        shop.companies[company_id]["customer_group_id"] = catalog["customer_group_id"]


def place(shop: Shop, company: Record) -> None:
    """A company is in the catalog of its customer group, or in the public one."""
    fits = (one for one in shop.catalogs.values() if one["customer_group_id"] == company["customer_group_id"])
    shop.catalog_of[company["id"]] = next(fits, public(shop))["id"]


def public(shop: Shop) -> Record:
    return next(one for one in shop.catalogs.values() if one["type"] == PUBLIC)


def _members(shop: Shop, catalog_id: int) -> list[int]:
    return sorted(company for company, catalog in shop.catalog_of.items() if catalog == catalog_id)


def _named(call: Call) -> list[int]:
    """Ids of the companies that a body names; all must be there before one is moved."""
    found = []
    for one in call.argument("companies"):
        id_ = WHOLE.read(one.get("id") if isinstance(one, dict) else one)
        if id_ not in call.shop.companies:
            raise refusals.missing_entity("id", id_)
        found.append(id_)
    return found
