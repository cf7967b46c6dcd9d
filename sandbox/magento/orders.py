"""Orders: read only, as far as this API goes here."""

from __future__ import annotations

from sandbox.magento import criteria
from sandbox.magento.call import Call, check_columns, column, listing, without_nulls
from sandbox.magento.shop import Record, Shop

COLUMNS = {
    "entity_id", "increment_id", "state", "status", "created_at", "updated_at", "customer_id", "customer_email",
    "customer_group_id", "customer_is_guest", "store_id", "base_currency_code", "order_currency_code",
    "base_grand_total", "grand_total", "base_total_paid", "total_paid", "total_refunded", "base_total_refunded",
    "total_due", "customer_firstname", "customer_lastname",
}  # fmt: skip
MONEY = ("base_grand_total", "grand_total")


def search(call: Call) -> Record:
    asked, look = call.criteria(), column(call, COLUMNS)
    check_columns(asked, look)
    rows, total = criteria.search(call.shop.orders.values(), asked, look)
    return listing([without_nulls(row) for row in rows], asked, total)


def read(call: Call) -> Record:
    return without_nulls(call.found(call.shop.orders, "id"))


def add(shop: Shop, given: Record) -> Record:
    """An order that somebody placed: a guest has no customer id."""
    if unknown := sorted(set(given) - COLUMNS - {"billing_address", "id"}):
        raise ValueError(f"unknown member(s) of an order: {', '.join(unknown)}")
    asked = int(given.get("entity_id") or given.get("id") or 0)
    id_ = shop.reserve("order", asked) if asked else shop.next_id("order")
    customer = shop.customers.get(int(given.get("customer_id") or 0))
    record: Record = {
        "entity_id": id_,
        "increment_id": f"{id_:09d}",
        "state": "complete",
        "status": "complete",
        "created_at": shop.now(),
        "updated_at": given.get("created_at", shop.now()),
        "customer_is_guest": 0 if customer else 1,
        "customer_email": customer["email"] if customer else None,
        "customer_group_id": customer["group_id"] if customer else 0,
        "store_id": 1,
        "base_currency_code": "EUR",
        "order_currency_code": "EUR",
        "base_grand_total": 0,
    }
    record |= {name: value for name, value in given.items() if name != "id"}
    record.setdefault("grand_total", record["base_grand_total"])
    shop.orders[id_] = record
    return record
