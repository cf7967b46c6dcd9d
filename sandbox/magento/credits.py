"""Company credit: a limit that is set, and a balance that moves and never moves twice the same."""

from __future__ import annotations

from sandbox.magento import criteria, refusals
from sandbox.magento.call import Call, check_columns, column, listing, without_nulls
from sandbox.magento.refusals import Refusal
from sandbox.magento.shapes import CREDIT, NUMBER, WHOLE
from sandbox.magento.shop import Record, Shop

COLUMNS = {"entity_id", "id", "company_id", "credit_limit", "balance", "currency_code", "exceed_limit"}
ALLOCATED, UPDATED, PURCHASED, REIMBURSED, REFUNDED, REVERTED = range(1, 7)
INCREASES = (ALLOCATED, UPDATED, REIMBURSED, REFUNDED, REVERTED)
DECREASES = (UPDATED, PURCHASED, REIMBURSED)
CURRENCIES = ("EUR", "USD", "GBP", "CHF")


def open_for(shop: Shop, company_id: int) -> None:
    """Every company has a credit; its id is not the company's."""
    id_ = shop.next_id("credit")
    shop.credits[id_] = {
        "id": id_,
        "company_id": company_id,
        "credit_limit": None,
        "balance": 0,
        "currency_code": "EUR",
        "exceed_limit": False,
        "credit_comment": None,
    }


def close_for(shop: Shop, company_id: int) -> None:
    shop.credits = {id_: one for id_, one in shop.credits.items() if one["company_id"] != company_id}


def search(call: Call) -> Record:
    asked, look = call.criteria(), column(call, COLUMNS)
    check_columns(asked, look)
    rows, total = criteria.search(call.shop.credits.values(), asked, look)
    return listing([shown(row) for row in rows], asked, total)


def history(call: Call) -> Record:
    asked, look = call.criteria(), column(call, {"entity_id", "company_credit_id", "type", "amount", "currency_credit"})
    check_columns(asked, look)
    rows, total = criteria.search(call.shop.credit_history, asked, look)
    return listing(list(rows), asked, total)


def of_company(call: Call) -> Record:
    company_id = call.number("companyId")
    for one in call.shop.credits.values():
        if one["company_id"] == company_id:
            return shown(one)
    raise refusals.missing_entity("companyId", company_id)


def read(call: Call) -> Record:
    return shown(call.found(call.shop.credits, "creditId"))


def update(call: Call) -> Record:
    """Set the limit; the balance and what is left of the limit are computed, never taken."""
    held = call.found(call.shop.credits, "id")
    given = call.given("creditLimit", CREDIT)
    if given.get("company_id") not in (None, held["company_id"]):
        raise refusals.invalid_value("company_id", given["company_id"])
    if (given.get("credit_limit") or 0) < 0:
        raise refusals.invalid_value("credit_limit", given["credit_limit"])
    _check_currency(given.get("currency_code") or held["currency_code"])
    keep = call.shop.options.omitted == "keep"
    for name, blank in (("credit_limit", None), ("exceed_limit", False), ("credit_comment", None)):
        held[name] = given[name] if name in given else held[name] if keep else blank
    held["exceed_limit"] = bool(held["exceed_limit"])
    held["currency_code"] = given.get("currency_code") or held["currency_code"]
    _note(call.shop, held, UPDATED, 0, given.get("credit_comment") or "")
    return shown(held)


def increase(call: Call) -> bool:
    return _move(call, 1, INCREASES)


def decrease(call: Call) -> bool:
    return _move(call, -1, DECREASES)


def _move(call: Call, sign: int, allowed: tuple[int, ...]) -> bool:
    held = call.found(call.shop.credits, "creditId")
    value, kind = NUMBER.read(call.argument("value")), WHOLE.read(call.argument("operationType"))
    _check_currency(call.argument("currency"))
    if value <= 0:
        raise refusals.invalid_value("value", value)
    if kind not in allowed:
        raise refusals.invalid_value("operationType", kind)
    held["balance"] += sign * value
    _note(call.shop, held, kind, sign * value, call.tree.get("comment") or "")
    return True


def _check_currency(code: object) -> None:
    if code not in CURRENCIES:
        raise refusals.invalid_value("currency", code)


def _note(shop: Shop, held: Record, kind: int, amount: float, comment: str) -> None:
    row = {"entity_id": shop.next_id("history"), "company_credit_id": held["id"], "type": kind, "amount": amount}
    row |= {"balance": held["balance"], "currency_credit": held["currency_code"], "comment": comment}
    shop.credit_history.append({**row, "datetime": shop.now()})


def shown(record: Record) -> Record:
    """`available_limit` = limit + balance: what is owed makes the balance smaller."""
    return without_nulls({**record, "available_limit": (record["credit_limit"] or 0) + record["balance"]})


def edit(shop: Shop, company_id: int, values: Record) -> None:
    """What a person in the admin panel, or an order, does to a credit."""
    for one in shop.credits.values():
        if one["company_id"] == company_id:
            if unknown := sorted(set(values) - set(one)):
                raise ValueError(f"unknown member(s) of a credit: {', '.join(unknown)}")
            one |= values
            return
    raise Refusal(f"company {company_id} has no credit", status=404)
