"""Writing customers: what is required, what must be true, what an omission does."""

from __future__ import annotations

import re
from typing import Any

from sandbox.magento import addresses, attributes, refusals
from sandbox.magento.customer_record import NO_COMPANY, OPTIONAL
from sandbox.magento.refusals import Refusal, all_of
from sandbox.magento.shop import Record, Shop, store_of, website_of

REQUIRED = ("email", "firstname", "lastname")
LONGEST = 255
_EMAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}\Z")
_NAME = re.compile(r"[\w,\-_.'’`&\s]{1,255}\Z")
_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z")
_UNTOUCHED = ("addresses", "default_billing", "default_shipping", "updated_at")
"""Changes of these do not move updated_at."""


def draft(shop: Shop, held: Record, given: Record, *, resets: bool) -> Record:
    """The customer after a write, unchecked; without `resets` what is not given stays."""
    keep = not resets or shop.options.omitted == "keep"
    record = dict(held)
    for name in OPTIONAL:
        if name in given or not keep:
            record[name] = addresses.blank_is_null(given.get(name))
    if not keep:
        record |= {"group_id": 1, "disable_auto_group_change": 0}
    for name in ("email", "firstname", "lastname", "group_id", "disable_auto_group_change"):
        if given.get(name) is not None:
            record[name] = given[name].strip() if isinstance(given[name], str) else given[name]
    custom = attributes.read(shop, "customer", given.get("custom_attributes") or [])
    record["custom"] = attributes.laid_over(held["custom"], custom, keep=keep)
    _extend(shop, record, given.get("extension_attributes") or {})
    return record


def _extend(shop: Shop, record: Record, given: Record) -> None:
    """Extension attributes that are not named stay as they are."""
    for name in ("is_subscribed", "assistance_allowed"):
        if given.get(name) is not None:
            record[name] = given[name]
    company = given.get("company_attributes")
    if company is None or not shop.options.b2b:
        return
    if shop.options.company_attributes_required:
        names = ("company_id", "job_title", "telephone")
        all_of([refusals.required(name) for name in names if company.get(name) in (None, "")])
    known = {name: company[name] for name in NO_COMPANY if company.get(name) is not None}
    record["company"] = {**record["company"], **known}
    record["company"] |= {name: None for name in ("job_title", "telephone") if company.get(name, "-") in ("", None)}


def settle(shop: Shop, record: Record, store_id: int | None, website_id: int) -> None:
    """Website and store view of the customer."""
    if website_of(website_id) is None:
        text = "The website with id %1 that was requested wasn't found. Verify the website and try again."
        raise Refusal(text, [website_id], status=404)
    record["website_id"] = website_id
    record["store_id"] = shop.default_store(website_id) if store_id is None else store_id
    store = store_of(record["store_id"])
    if store is None:
        raise refusals.missing_entity("storeId", store_id)
    if store["website_id"] != website_id and record["store_id"] != 0:
        raise Refusal("The store view is not in the associated website.")
    record["created_in"] = record["created_in"] or store["name"]


def check(shop: Shop, record: Record, given: Record) -> None:
    """Everything that the vendor checks of the customer itself; addresses are checked on their own."""
    errors = [refusals.required(name) for name in REQUIRED if not given.get(name)]
    if record["email"] and not _EMAIL.match(record["email"]):
        errors.append(refusals.invalid_value("email", record["email"]))
    errors += [_too_long(name) for name in (*REQUIRED, "taxvat") if len(record[name] or "") > LONGEST]
    errors += _wrong_values(shop, record)
    all_of(errors)
    if record["group_id"] not in shop.groups:
        raise Refusal("The specified customer group id does not exist.")
    company_id = record["company"]["company_id"]
    if company_id and company_id not in shop.companies:
        raise refusals.missing_entity("companyId", company_id)
    if shop.holder(record["email"], record["website_id"], record["id"]) is not None:
        raise refusals.email_taken()


def _wrong_values(shop: Shop, record: Record) -> list[Refusal]:
    errors = []
    if record["dob"] and not _DAY.match(record["dob"]):
        errors.append(refusals.invalid_value("dob", record["dob"]))
    if record["gender"] is not None and record["gender"] not in (1, 2, 3):
        errors.append(refusals.invalid_value("gender", record["gender"]))
    if record["company"]["status"] not in (0, 1):
        errors.append(refusals.invalid_value("status", record["company"]["status"]))
    if shop.options.strict_names:
        names = {"firstname": "First Name", "lastname": "Last Name"}
        errors += [Refusal(f"{title} is not valid!") for name, title in names.items() if not _is_name(record[name])]
    return errors


def _is_name(text: Any) -> bool:
    return bool(_NAME.match(text or "-"))


def _too_long(name: str) -> Refusal:
    return Refusal("%fieldName must be at most %max characters long.", {"fieldName": name, "max": LONGEST})


def put_addresses(shop: Shop, record: Record, given: Record) -> None:
    """Addresses that are named replace those held; none named keeps all."""
    lines = given.get("addresses")
    if lines is None:
        for flag in addresses.FLAGS:
            if (named := addresses.own(record, given, flag)) is not None:
                record[flag] = named
        return
    found, errors = addresses.written(shop, record, lines)
    all_of(errors)
    addresses.number(shop, found)
    record |= addresses.defaults(record, found, lines, given)
    record["addresses"] = found


def store(shop: Shop, record: Record, held: Record | None = None) -> Record:
    """Keep the customer; an edit of addresses alone leaves no stamp."""
    if held is None or _own(held) != _own(record):
        record["updated_at"] = shop.now()
    shop.put_customer(record)
    return record


def _own(record: Record) -> Record:
    return {name: value for name, value in record.items() if name not in _UNTOUCHED}


def check_password(password: Any, email: str) -> None:
    """The password rules of a default shop."""
    text = str(password)
    if len(text) < 8:
        raise Refusal("The password needs at least %1 characters. Create a new password and try again.", [8])
    kinds = sum(re.search(pattern, text) is not None for pattern in ("[0-9]", "[A-Z]", "[a-z]", "[^A-Za-z0-9]"))
    if kinds < 3:
        start = "Minimum of different classes of characters in password is %1. "
        raise Refusal(start + "Classes of characters: Lower Case, Upper Case, Digits, Special Characters.", [3])
    if text.casefold() == email.casefold():
        raise Refusal("The password can't be the same as the email address. Create a new password and try again.")
