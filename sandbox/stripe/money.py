"""Charges, invoices and payment intents: read only here, made by seeding; amounts in minor units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.stripe.call import Call, listing
from sandbox.stripe.collection import Collection, Record
from sandbox.stripe.kinds import LIST, Group, Kind, Span, Text

NOTHING = Group({})
_DETAILS: Record = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of money object: how it looks, how it may be filtered, what only old versions show."""

    path: str
    collection: str  # the account's attribute
    prefix: str
    blank: Record
    filters: dict[str, Kind]
    legacy: tuple[str, ...]  # gone since 2025-03-31.basil
    event: str  # left behind by a seed, when events are asked for
    param: str = "id"


CHARGE = Resource(
    path="/v1/charges",
    collection="charges",
    prefix="ch",
    blank={
        "object": "charge",
        "amount": 0,
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": _DETAILS,
        "captured": True,
        "currency": "usd",
        "customer": None,
        "description": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "paid": True,
        "payment_intent": None,
        "payment_method": None,
        "payment_method_details": None,
        "receipt_email": None,
        "refunded": False,
        "shipping": None,
        "status": "succeeded",
    },
    filters={"customer": Text(), "payment_intent": Text(), "transfer_group": Text()},
    legacy=("invoice",),
    event="charge.succeeded",
)
INVOICE = Resource(
    path="/v1/invoices",
    collection="invoices",
    prefix="in",
    blank={
        "object": "invoice",
        "amount_due": 0,
        "amount_paid": 0,
        "amount_remaining": 0,
        "collection_method": "charge_automatically",
        "currency": "usd",
        "customer": None,
        "customer_address": None,
        "customer_email": None,
        "customer_name": None,
        "customer_phone": None,
        "customer_shipping": None,
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "description": None,
        "due_date": None,
        "livemode": False,
        "metadata": {},
        "number": None,
        "parent": None,
        "status": "draft",
        "total": 0,
    },
    filters={
        "customer": Text(),
        "status": Text(choices=("draft", "open", "paid", "uncollectible", "void")),
        "collection_method": Text(choices=("charge_automatically", "send_invoice")),
        "due_date": Span(),
    },
    legacy=("charge", "paid", "payment_intent", "subscription"),
    event="invoice.created",
)
PAYMENT_INTENT = Resource(
    path="/v1/payment_intents",
    collection="payment_intents",
    prefix="pi",
    blank={
        "object": "payment_intent",
        "amount": 0,
        "amount_received": 0,
        "currency": "usd",
        "customer": None,
        "customer_account": None,
        "description": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": {},
        "payment_method": None,
        "receipt_email": None,
        "status": "succeeded",
    },
    filters={"customer": Text()},
    legacy=("invoice",),
    event="payment_intent.created",
    param="intent",
)
RESOURCES = {one.collection: one for one in (CHARGE, INVOICE, PAYMENT_INTENT)}


def browse(resource: Resource, call: Call) -> Record:
    """A page of the resource, by equality on every filter that was sent."""
    values = call.read(Group({**LIST, **resource.filters}))
    if "customer" in values and values["customer"] not in call.account.deleted_customers:
        call.given(call.account.customers, values["customer"], "customer")
    rows, has_more = _collection(resource, call).page(values, lambda record: _fits(resource, values, record))
    return listing(resource.path, rows, has_more=has_more)


def read(resource: Resource, call: Call) -> Record:
    """One object by its id."""
    call.read(NOTHING)
    return call.found(_collection(resource, call), resource.param)


def _collection(resource: Resource, call: Call) -> Collection:
    collection: Collection = getattr(call.account, resource.collection)
    return collection


def _fits(resource: Resource, values: dict[str, Any], record: Record) -> bool:
    wanted = {name: values[name] for name in resource.filters if name in values}
    span = wanted.pop("due_date", None)
    return all(record.get(name) == value for name, value in wanted.items()) and _within(
        span, record.get("due_date")
    )


def _within(span: dict[str, int] | None, time: int | None) -> bool:
    if span is None:
        return True
    bounds = {"gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__, "eq": int.__eq__}
    return time is not None and all(bounds[name](time, value) for name, value in span.items())
