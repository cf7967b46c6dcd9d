"""A customer as the shop keeps it, as the wire shows it, and as a search sees it."""

from __future__ import annotations

from typing import Any

from sandbox.magento import addresses, attributes, furniture, refusals
from sandbox.magento.criteria import Look
from sandbox.magento.shop import Record, Shop

PLAIN = (
    "confirmation", "created_at", "updated_at", "created_in", "dob", "email", "firstname", "lastname", "middlename",
    "prefix", "suffix", "gender", "store_id", "taxvat", "website_id",
)  # fmt: skip
OPTIONAL = ("dob", "middlename", "prefix", "suffix", "gender", "taxvat")
"""What a PUT resets when it does not name it."""
NO_COMPANY: Record = {"company_id": 0, "job_title": None, "status": 1, "telephone": None}


def blank(shop: Shop) -> Record:
    """A customer of whom nothing is known yet."""
    now = shop.now()
    return {
        **dict.fromkeys(PLAIN),
        "id": 0,
        "email": "",
        "group_id": 1,
        "default_billing": None,
        "default_shipping": None,
        "created_at": now,
        "updated_at": now,
        "store_id": 1,
        "website_id": 1,
        "disable_auto_group_change": 0,
        "addresses": [],
        "is_subscribed": False,
        "assistance_allowed": 1,
        "company": dict(NO_COMPANY),
        "custom": {},
    }


def shown(shop: Shop, customer: Record) -> Record:
    """As the wire has it: nulls are left out, the defaults are ids as text."""
    record: Record = {"id": customer["id"], "group_id": customer["group_id"]}
    for flag in addresses.FLAGS:
        if customer[flag] is not None:
            record[flag] = str(customer[flag])
    record |= {name: customer[name] for name in PLAIN if customer[name] is not None}
    record["addresses"] = [addresses.shown(customer, one) for one in customer["addresses"]]
    record["disable_auto_group_change"] = customer["disable_auto_group_change"]
    record["extension_attributes"] = _extension(shop, customer)
    if customer["custom"]:
        record["custom_attributes"] = attributes.shown(customer["custom"])
    return record


def _extension(shop: Shop, customer: Record) -> Record:
    found: Record = {"is_subscribed": customer["is_subscribed"]}
    if not shop.options.b2b:
        return found
    company = {name: value for name, value in customer["company"].items() if value is not None}
    if not company["company_id"] and "job_title" not in company and "telephone" not in company:
        company = {"company_id": 0}
    found["assistance_allowed"] = customer["assistance_allowed"]
    found["company_attributes"] = {"customer_id": customer["id"], **company}
    return found


def looker(shop: Shop) -> Look:
    """Looks at a customer the way a search does: by attribute code, the id as entity_id."""
    own = {code for code, _, _ in furniture.OWN_ATTRIBUTES}
    custom = shop.attributes["customer"]

    def look(customer: Record, name: str) -> Any:
        if name == "entity_id":
            return customer.get("id")
        if name in own:
            return customer.get(name)
        if name in custom:
            return customer.get("custom", {}).get(name)
        if name in BILLING:
            return _billing(customer, name.removeprefix("billing_"))
        raise refusals.unknown_attribute(name)

    return look


BILLING = frozenset(f"billing_{name}" for name in ("postcode", "city", "telephone", "region", "country_id", "company"))


def _billing(customer: Record, name: str) -> Any:
    for address in customer.get("addresses", ()):
        if address["id"] == customer["default_billing"]:
            return address[name]
    return None
