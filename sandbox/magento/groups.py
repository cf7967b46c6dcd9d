"""Customer groups and the tax classes that they carry."""

from __future__ import annotations

from typing import Any

from sandbox.magento import criteria, furniture, refusals
from sandbox.magento.call import Call, check_columns, column, listing
from sandbox.magento.refusals import Refusal
from sandbox.magento.shapes import GROUP
from sandbox.magento.shop import Record, Shop

COLUMNS = {"customer_group_id", "customer_group_code", "id", "code", "tax_class_id"}
NAMES = {"customer_group_id": "id", "customer_group_code": "code"}
LONGEST = 32


def search(call: Call) -> Record:
    asked, inner = call.criteria(), column(call, COLUMNS)

    def look(row: Record, name: str) -> Any:
        inner(row, name)
        return row.get(NAMES.get(name, name))

    check_columns(asked, look)
    rows, total = criteria.search(call.shop.groups.values(), asked, look)
    return listing([shown(call.shop, row) for row in rows], asked, total)


def read(call: Call) -> Record:
    return shown(call.shop, call.found(call.shop.groups, "id"))


def default(call: Call) -> Record:
    return shown(call.shop, call.shop.groups[1])


def permissions(call: Call) -> bool:
    """True: the group may not be deleted."""
    return int(call.found(call.shop.groups, "id")["id"]) in furniture.LOCKED_GROUPS


def create(call: Call) -> Record:
    given = call.given("group", GROUP)
    return shown(call.shop, add(call.shop, given))


def add(shop: Shop, given: Record) -> Record:
    """A new group; codes are unique."""
    record: Record = {"id": 0, "code": given.get("code"), "tax_class_id": given.get("tax_class_id") or 3}
    _check(shop, record)
    record["id"] = max(shop.groups) + 1
    shop.groups[record["id"]] = record
    return record


def update(call: Call) -> Record:
    held = call.found(call.shop.groups, "id")
    given = call.given("group", GROUP)
    record = {"id": held["id"], "code": given.get("code"), "tax_class_id": given.get("tax_class_id") or 3}
    _check(call.shop, record)
    call.shop.groups[held["id"]] = record
    return shown(call.shop, record)


def delete(call: Call) -> bool:
    record = call.found(call.shop.groups, "id")
    if record["id"] in furniture.LOCKED_GROUPS:
        raise Refusal("Cannot delete group.")
    del call.shop.groups[record["id"]]
    for customer in call.shop.customers.values():
        if customer["group_id"] == record["id"]:
            customer["group_id"] = 1
    return True


def _check(shop: Shop, record: Record) -> None:
    code = record["code"]
    if not code:
        raise refusals.required("code")
    if len(code) > LONGEST:
        raise refusals.invalid_value("code", code)
    if any(one["code"].casefold() == code.casefold() and one["id"] != record["id"] for one in shop.groups.values()):
        raise Refusal("Customer Group already exists.")
    kind = shop.tax_classes.get(record["tax_class_id"], {}).get("class_type")
    if kind != "CUSTOMER":
        raise refusals.invalid_value("taxClassId", record["tax_class_id"])


def shown(shop: Shop, record: Record) -> Record:
    name = shop.tax_classes.get(record["tax_class_id"], {}).get("class_name", "")
    return {**record, "tax_class_name": name}


# -- tax classes ------------------------------------------------------------------------------------


def search_tax_classes(call: Call) -> Record:
    asked, look = call.criteria(), column(call, {"class_id", "class_name", "class_type"})
    check_columns(asked, look)
    rows, total = criteria.search(call.shop.tax_classes.values(), asked, look)
    return listing(list(rows), asked, total)


def read_tax_class(call: Call) -> Record:
    return call.found(call.shop.tax_classes, "taxClassId")
