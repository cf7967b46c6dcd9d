"""Records put straight into an account: strict about names, free about content."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.stripe import customers, money
from sandbox.stripe.account import Account, Cause
from sandbox.stripe.collection import Record
from sandbox.stripe.kinds import METADATA_KEY_LENGTH, METADATA_KEYS, METADATA_VALUE_LENGTH
from sandbox.stripe.payment_methods import CARD

KINDS = ("customers", "payment_methods", "charges", "invoices", "payment_intents")
BILLING_DETAILS: Record = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}


def seed(account: Account, data: dict[str, Any]) -> None:
    """Add what `data` holds; "events": true leaves events of all, false of none, absent of customers."""
    _check_names("the seed", data, (*KINDS, "events"))
    wanted = data.get("events")
    for given in data.get("customers", []):
        _customer(account, given, with_event=wanted is not False)
    for given in data.get("payment_methods", []):
        _payment_method(account, given, with_event=wanted is True)
    for kind, resource in money.RESOURCES.items():
        for given in data.get(kind, []):
            _money(account, resource, given, with_event=wanted is True)
    _check_defaults(account, data.get("customers", []))


def _customer(account: Account, given: Record, *, with_event: bool) -> None:
    identifier = _fresh_id(account.customers.get, given, account, "cus")
    if identifier in account.deleted_customers:
        raise ValueError(f"'{identifier}' is there already")
    blank = customers.blank(account, identifier, given.get("created", account.now))
    _check_names(identifier, given, (*blank, "business_name", "individual_name", "deleted"))
    record = {**blank, **{name: value for name, value in given.items() if name != "deleted"}}
    record["id"] = identifier
    record["address"] = _address(identifier, record["address"])
    record["shipping"] = _shipping(identifier, record["shipping"])
    record["metadata"] = _metadata(identifier, record["metadata"])
    record["invoice_settings"] = {**blank["invoice_settings"], **record["invoice_settings"]}
    _check_lengths(record)
    if given.get("deleted"):
        account.deleted_customers.add(identifier)
        return
    account.keep_customer(record, searchable_now=True)
    if with_event:
        account.emit("customer.created", record, Cause(), created=record["created"])


def _payment_method(account: Account, given: Record, *, with_event: bool) -> None:
    identifier = _fresh_id(account.payment_methods.get, given, account, "pm")
    kind = given.get("type", "card")
    blank: Record = {
        "id": identifier,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": BILLING_DETAILS,
        "created": account.now,
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": kind,
    }
    _check_names(identifier, given, (*blank, kind))
    details = _details(identifier, given.get("billing_details"))
    record = {**blank, **given, "id": identifier, "billing_details": details}
    if kind == "card":
        _check_names(f"the card of {identifier}", given.get("card", {}), CARD)
        record["card"] = {**CARD, **given.get("card", {})}
    _check_customer(account, record)
    account.payment_methods.put(record)
    if with_event and record["customer"]:
        account.emit("payment_method.attached", record, Cause(), created=record["created"])


def _money(account: Account, resource: money.Resource, given: Record, *, with_event: bool) -> None:
    collection = getattr(account, resource.collection)
    identifier = _fresh_id(collection.get, given, account, resource.prefix)
    _check_names(identifier, given, ("id", "created", *resource.blank, *resource.legacy))
    account.legacy[identifier] = {name: given[name] for name in resource.legacy if name in given}
    fields = {name: value for name, value in given.items() if name not in resource.legacy}
    record = {"id": identifier, "created": account.now, **resource.blank, **fields}
    if "billing_details" in record:
        record["billing_details"] = _details(identifier, given.get("billing_details"))
    for amount in [name for name in record if name.startswith("amount") or name == "total"]:
        if type(record[amount]) is not int:
            raise ValueError(f"{amount} of '{identifier}' is a whole number of minor units")
    _check_customer(account, record)
    collection.put(record)
    if with_event:
        account.emit(resource.event, record, Cause(), created=record["created"])


def _fresh_id(held: Any, given: Record, account: Account, prefix: str) -> str:
    identifier = given.get("id") or account.ids.make(prefix)
    if not isinstance(identifier, str) or held(identifier) is not None:
        raise ValueError(f"'{identifier}' is there already, or is no text")
    return identifier


def _check_names(what: str, given: Record, known: Iterable[str]) -> None:
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"{what} has no {', '.join(unknown)}")


def _check_customer(account: Account, record: Record) -> None:
    customer = record["customer"]
    if (
        customer is not None
        and account.customers.get(customer) is None
        and customer not in account.deleted_customers
    ):
        raise ValueError(f"'{record['id']}' belongs to a customer that is not there: '{customer}'")


def _check_defaults(account: Account, given: list[Record]) -> None:
    for one in given:
        default = (one.get("invoice_settings") or {}).get("default_payment_method")
        method = account.payment_methods.get(default) if default else None
        if default and (method is None or method["customer"] != one.get("id")):
            raise ValueError(f"default_payment_method '{default}' is not attached to '{one.get('id')}'")


def _check_lengths(record: Record) -> None:
    for name, most in (("email", 512), ("name", 256), ("phone", 20), ("description", 5000)):
        if len(record[name] or "") > most:
            raise ValueError(f"{name} of '{record['id']}' is longer than {most}")


def _address(owner: str, parts: Record | None) -> Record | None:
    _check_names(f"an address of {owner}", parts or {}, customers.ADDRESS_PARTS)
    return customers.whole_address(parts)


def _shipping(owner: str, given: Record | None) -> Record | None:
    if given is None:
        return None
    _check_names(
        f"the shipping of {owner}", given, ("name", "address", "phone", "carrier", "tracking_number")
    )
    return {"phone": None, **given, "address": _address(owner, given["address"])}


def _details(owner: str, given: Record | None) -> Record:
    _check_names(f"the billing details of {owner}", given or {}, BILLING_DETAILS)
    details = {**BILLING_DETAILS, **(given or {})}
    return {**details, "address": _address(owner, details["address"])}


def _metadata(owner: str, given: Record) -> dict[str, str]:
    texts = {str(key): str(value) for key, value in given.items()}
    too_long = any(len(k) > METADATA_KEY_LENGTH or len(v) > METADATA_VALUE_LENGTH for k, v in texts.items())
    if too_long or len(texts) > METADATA_KEYS:
        raise ValueError(f"the metadata of {owner} is beyond the limits")
    return texts
