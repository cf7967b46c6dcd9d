"""Payment methods: read, attached and detached; the number of a card is never held."""

from __future__ import annotations

from typing import Any

from sandbox.stripe import refusals
from sandbox.stripe.account import Account, Cause
from sandbox.stripe.call import Call, listing
from sandbox.stripe.collection import Record
from sandbox.stripe.kinds import LIST, Group, Kind, Text

TYPES = ("card", "sepa_debit", "us_bank_account", "bacs_debit", "link", "paypal", "customer_balance")
_PAGE: dict[str, Kind] = {name: kind for name, kind in LIST.items() if name != "created"}
OF_CUSTOMER = Group({**_PAGE, "type": Text(choices=TYPES)})
LISTED = Group({**_PAGE, "type": Text(choices=TYPES), "customer": Text()})
ATTACHED = Group({"customer": Text()}, required=("customer",))
NOTHING = Group({})
CARD: Record = {
    "brand": "visa",
    "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
    "country": "US",
    "display_brand": "visa",
    "exp_month": 12,
    "exp_year": 2030,
    "fingerprint": None,
    "funding": "credit",
    "generated_from": None,
    "last4": "4242",
    "networks": {"available": ["visa"], "preferred": None},
    "three_d_secure_usage": {"supported": True},
    "wallet": None,
}


def attached(account: Account, customer: str) -> list[Record]:
    """A customer's payment methods, oldest first."""
    return account.payment_methods.where("customer", customer)


def attach(account: Account, method: Record, customer: str, cause: Cause) -> Record:
    """Give a payment method to a customer; one that has a customer already is refused."""
    if method["customer"] not in (None, customer):
        raise refusals.Refusal(
            "The payment method you provided has already been attached to a customer.", param="payment_method"
        )
    record = account.payment_methods.put({**method, "customer": customer})
    account.emit("payment_method.attached", record, cause)
    return record


def browse(call: Call) -> Record:
    values = call.read(LISTED)
    if "customer" in values:
        call.given(call.account.customers, values["customer"], "customer")
    return _page(call, "/v1/payment_methods", values)


def browse_of_customer(call: Call) -> Record:
    values = call.read(OF_CUSTOMER)
    customer = call.found(call.account.customers, "customer")["id"]
    return _page(call, f"/v1/customers/{customer}/payment_methods", {**values, "customer": customer})


def read(call: Call) -> Record:
    call.read(NOTHING)
    return call.found(call.account.payment_methods, "payment_method")


def read_of_customer(call: Call) -> Record:
    call.read(NOTHING)
    customer = call.found(call.account.customers, "customer")
    record = call.account.payment_methods.get(call.at["method"])
    if record is None or record["customer"] != customer["id"]:
        raise refusals.missing("PaymentMethod", call.at["method"], "payment_method")
    return record


def give(call: Call) -> Record:
    """POST /v1/payment_methods/{id}/attach."""
    values = call.read(ATTACHED)
    method = call.found(call.account.payment_methods, "payment_method")
    customer = call.given(call.account.customers, values["customer"], "customer")
    return attach(call.account, method, customer["id"], call.cause)


def take(call: Call) -> Record:
    """POST /v1/payment_methods/{id}/detach."""
    call.read(NOTHING)
    account = call.account
    method = call.found(account.payment_methods, "payment_method")
    if method["customer"] is None:
        raise refusals.Refusal("The payment method you provided is not attached to a customer.")
    record = account.payment_methods.put({**method, "customer": None})
    previous = {"customer": method["customer"]}
    account.emit("payment_method.detached", record, call.cause, previous=previous)
    _forget_default(account, method)
    return record


def _forget_default(account: Account, method: Record) -> None:
    holder = account.customers.get(method["customer"])
    if holder and holder["invoice_settings"]["default_payment_method"] == method["id"]:
        settings = {**holder["invoice_settings"], "default_payment_method": None}
        account.keep_customer({**holder, "invoice_settings": settings})


def _page(call: Call, url: str, values: dict[str, Any]) -> Record:
    kind = values.get("type")
    rows, has_more = call.account.payment_methods.page(values, lambda one: kind in (None, one["type"]))
    return listing(url, rows, has_more=has_more)
