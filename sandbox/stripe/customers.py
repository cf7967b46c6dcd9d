"""Customers: what may be sent, what becomes of it, and the events it leaves."""

from __future__ import annotations

import string
from typing import Any

from sandbox.stripe import search, tax_ids
from sandbox.stripe.account import Account, previous_attributes
from sandbox.stripe.call import Call, listing
from sandbox.stripe.collection import Record
from sandbox.stripe.kinds import (
    LIST,
    Boolean,
    Group,
    Integer,
    Kind,
    Listing,
    Metadata,
    NotModelled,
    Text,
    merge_metadata,
)
from sandbox.stripe.payment_methods import attach, attached
from sandbox.stripe.refusals import Refusal, missing

ADDRESS_PARTS = ("city", "country", "line1", "line2", "postal_code", "state")
EXEMPTIONS = ("none", "exempt", "reverse")
FIRST_SEARCH_VERSION = "2020-08-27"

_PLAIN = Text(clears=True)
ADDRESS = Group(dict.fromkeys(ADDRESS_PARTS, _PLAIN), clears=True)
SHIPPING = Group(
    {"name": Text(), "address": Group(ADDRESS.fields), "phone": _PLAIN},
    required=("name", "address"),
    clears=True,
)
_CUSTOM_FIELD = Group({"name": Text(40), "value": Text(140)}, required=("name", "value"))
INVOICE_SETTINGS = Group(
    {
        "custom_fields": Listing(_CUSTOM_FIELD, most=4, clears=True),
        "default_payment_method": _PLAIN,
        "footer": _PLAIN,
        "rendering_options": Group({"amount_tax_display": _PLAIN, "template": _PLAIN}, clears=True),
    }
)
_BOTH: dict[str, Kind] = {
    "address": ADDRESS,
    "balance": Integer(),
    "business_name": Text(150, clears=True),
    "cash_balance": NotModelled(),
    "description": _PLAIN,
    "email": Text(512, clears=True, email=True),
    "individual_name": Text(150, clears=True),
    "invoice_prefix": Text(12, pattern="[A-Z0-9]{3,12}"),
    "invoice_settings": INVOICE_SETTINGS,
    "metadata": Metadata(),
    "name": Text(256, clears=True),
    "next_invoice_sequence": Integer(1),
    "phone": Text(20, clears=True),
    "preferred_locales": Listing(Text(20)),
    "shipping": SHIPPING,
    "source": NotModelled(),
    "tax": NotModelled(),
    "tax_exempt": Text(clears=True, choices=EXEMPTIONS),
    "validate": Boolean(),
}
CREATE = Group(
    _BOTH
    | {"payment_method": Text(), "tax_id_data": Listing(tax_ids.CREATE, most=5), "test_clock": NotModelled()}
)
UPDATE = Group(_BOTH | {"default_source": Text()})
LISTED = Group({**LIST, "email": Text(512), "test_clock": NotModelled()})
SEARCHED = Group({"query": Text(5000), "limit": Integer(1, 100), "page": Text()}, required=("query",))
NOTHING = Group({})


def blank(account: Account, identifier: str, created: int) -> Record:
    """A customer of whom nothing is known."""
    return {
        "id": identifier,
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": created,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "invoice_prefix": account.ids.letters("invoice_prefix", 8, string.ascii_uppercase + string.digits),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def changed(held: Record, values: dict[str, Any]) -> Record:
    """The customer after an update: what is not sent stays, an address is replaced whole."""
    after = dict(held)
    for name, value in values.items():
        if name == "metadata":
            after[name] = merge_metadata(held["metadata"], value)
        elif name == "invoice_settings":
            after[name] = {**held[name], **value}
        elif name == "address":
            after[name] = whole_address(value)
        elif name == "shipping":
            after[name] = value and {"phone": None, **value, "address": whole_address(value["address"])}
        elif name == "tax_exempt":
            after[name] = value or "none"
        elif name != "validate":
            after[name] = value
    return after


def whole_address(parts: Record | None) -> Record | None:
    """All six parts, null where nothing is known."""
    return None if parts is None else {part: parts.get(part) for part in ADDRESS_PARTS}


def create(call: Call) -> Record:
    values = call.read(CREATE)
    account = call.account
    tax_id_data, payment_method = values.pop("tax_id_data", []), values.pop("payment_method", None)
    for data in tax_id_data:
        tax_ids.check(data)
    method = payment_method and call.given(account.payment_methods, payment_method, "payment_method")
    record = changed(blank(account, account.ids.make("cus"), account.now), values)
    _check_default(account, record, coming=payment_method)
    account.keep_customer(record)
    account.emit("customer.created", record, call.cause)
    if method:
        attach(account, method, record["id"], call.cause)
    for data in tax_id_data:
        tax_ids.add(account, record["id"], data, call.cause)
    return record


def update(call: Call) -> Record:
    values = call.read(UPDATE)
    account = call.account
    held = call.found(account.customers)
    source = values.get("default_source")
    if source is not None and account.payment_methods.get(source) is None:
        raise missing("source", source, "default_source", in_path=False)
    record = changed(held, values)
    _check_default(account, record)
    if record == held:
        return held
    account.keep_customer(record)
    account.emit("customer.updated", record, call.cause, previous=previous_attributes(held, record))
    return record


def read(call: Call) -> Record:
    call.read(NOTHING)
    if call.at["id"] in call.account.deleted_customers:
        return tombstone(call.at["id"])
    return call.found(call.account.customers)


def delete(call: Call) -> Record:
    call.read(NOTHING)
    account = call.account
    record = call.found(account.customers)
    for method in attached(account, record["id"]):
        account.payment_methods.put({**method, "customer": None})
    for tax_id in account.tax_ids.where("customer", record["id"]):
        account.tax_ids.remove(tax_id["id"])
    account.customers.remove(record["id"])
    account.index.forget(record["id"])
    account.deleted_customers.add(record["id"])
    account.emit("customer.deleted", record, call.cause)
    return tombstone(record["id"])


def tombstone(identifier: str) -> Record:
    """What is left to read of a deleted customer."""
    return {"id": identifier, "object": "customer", "deleted": True}


def browse(call: Call) -> Record:
    values = call.read(LISTED)
    rows, has_more = call.account.customers.page(values)
    return listing("/v1/customers", rows, has_more=has_more)


def find(call: Call) -> Record:
    """Search: what the index knew is matched, what the store holds is answered."""
    values = call.read(SEARCHED)
    if call.version[:10] < FIRST_SEARCH_VERSION:
        raise Refusal(f"Search needs API version {FIRST_SEARCH_VERSION} or later.")
    account, query = call.account, values["query"]
    start = search.page_start(query, values.get("page"))
    hits = search.parse(query).hits(account.index, account.clock.now())
    hits.sort(key=account.customers.key, reverse=True)
    end = start + values.get("limit", 10)
    more = end < len(hits)
    return {
        "object": "search_result",
        "data": [account.customers.get(identifier) for identifier in hits[start:end]],
        "has_more": more,
        "next_page": search.page_token(query, end) if more else None,
        "url": "/v1/customers/search",
    }


def _check_default(account: Account, record: Record, coming: str | None = None) -> None:
    """The default payment method must already be attached to this very customer."""
    default = record["invoice_settings"]["default_payment_method"]
    if default is None or default == coming:
        return
    method = account.payment_methods.get(default)
    if method is None or method["customer"] != record["id"]:
        param = "invoice_settings[default_payment_method]"
        text = f"The customer does not have a payment method with the ID {default}. "
        raise Refusal(
            text + "The payment method must be attached to the customer.",
            code="resource_missing",
            param=param,
        )
