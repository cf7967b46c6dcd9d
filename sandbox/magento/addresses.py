"""Addresses live inside their customer: a write names all that shall remain."""

from __future__ import annotations

from typing import Any

from sandbox.magento import attributes, furniture, refusals
from sandbox.magento.countries import COUNTRIES
from sandbox.magento.refusals import Refusal
from sandbox.magento.shop import Record, Shop

PLAIN = (
    "company", "telephone", "fax", "postcode", "city", "firstname", "lastname", "middlename", "prefix", "suffix",
    "vat_id", "country_id",
)  # fmt: skip
FLAGS = ("default_billing", "default_shipping")


def written(shop: Shop, customer: Record, lines: list[Any]) -> tuple[list[Record], list[Refusal]]:
    """The customer's addresses after a write of `lines`, and what is wrong with them."""
    held = {one["id"]: one for one in customer["addresses"]}
    found: list[Record] = []
    errors: list[Refusal] = []
    for line in lines:
        given = line or {}
        id_ = given.get("id")
        if id_ and id_ not in held:
            raise refusals.missing_entity("addressId", id_)
        address = _address(shop, given, held.get(id_ or 0))
        errors += problems(address)
        found.append(address)
    return found, errors


def _address(shop: Shop, given: Record, held: Record | None) -> Record:
    """One address; what a line does not name is reset, or kept where the shop keeps it."""
    before = held if held is not None and shop.options.omitted == "keep" else {}
    address: Record = {"id": held["id"] if held else 0}
    for name in PLAIN:
        address[name] = blank_is_null(given[name]) if name in given else before.get(name)
    street = given["street"] if "street" in given else before.get("street")
    address["street"] = [line or "" for line in street or []]
    address |= _region(given, address["country_id"], before)
    custom = attributes.read(shop, "address", given.get("custom_attributes") or [])
    address["custom"] = attributes.laid_over(before.get("custom", {}), custom, keep=bool(before))
    return address


def _region(given: Record, country: Any, before: Record) -> Record:
    """A region object outweighs a bare region_id; a known name or code brings the other two along."""
    region = given.get("region")
    if region is None and "region_id" not in given:
        return {name: before.get(name) for name in ("region_code", "region")} | {
            "region_id": before.get("region_id", 0)
        }
    told = dict(region) if region is not None else {"region_id": given.get("region_id")}
    for code, (id_, name) in furniture.REGIONS.get(str(country), {}).items():
        names = {str(told.get("region_code") or "").casefold(), str(told.get("region") or "").casefold()}
        if told.get("region_id") == id_ or names & {code.casefold(), name.casefold()}:
            return {"region_code": code, "region": name, "region_id": id_}
    return {
        "region_code": blank_is_null(told.get("region_code")),
        "region": blank_is_null(told.get("region")),
        "region_id": told.get("region_id") or 0,
    }


def problems(address: Record) -> list[Refusal]:
    """What the vendor's validator says of an address."""
    found = [refusals.required(name) for name in ("firstname", "lastname") if not address[name]]
    if not any(line.strip() for line in address["street"]):
        found.append(refusals.required("street"))
    found += [refusals.required(name) for name in ("city", "telephone") if not address[name]]
    country = address["country_id"]
    if not country:
        found.append(refusals.required("countryId"))
    elif country not in COUNTRIES:
        found.append(refusals.invalid_value("countryId", country))
    if country not in furniture.NO_POSTCODE and not address["postcode"]:
        found.append(refusals.required("postcode"))
    if country in furniture.REGION_NEEDED and not (address["region"] or address["region_id"]):
        found.append(refusals.required("regionId"))
    return found


def number(shop: Shop, addresses: list[Record]) -> None:
    """New addresses get their ids when the customer is stored."""
    for one in addresses:
        if not one["id"]:
            one["id"] = shop.next_id("address")


def defaults(customer: Record, addresses: list[Record], lines: list[Any], given: Record) -> Record:
    """Which addresses are the defaults after a write that names addresses."""
    found: Record = {}
    known = {one["id"] for one in addresses}
    for flag in FLAGS:
        flags = [(line or {}).get(flag) for line in lines]
        bearers = [one["id"] for one, said in zip(addresses, flags, strict=True) if said is True]
        unset = {one["id"] for one, said in zip(addresses, flags, strict=True) if said is False}
        named = own(customer, given, flag)
        found[flag] = bearers[-1] if bearers else named if named in known - unset else None
    return found


def own(customer: Record, given: Record, flag: str) -> int | None:
    """The default that a body names by its id: it must be one of the customer's own."""
    text = given.get(flag)
    if text in (None, ""):
        return None
    if not str(text).isdigit() or int(text) not in {one["id"] for one in customer["addresses"]}:
        raise refusals.not_owned(flag)
    return int(text)


def shown(customer: Record, address: Record) -> Record:
    """An address as the wire has it."""
    region = {name: address[name] for name in ("region_code", "region", "region_id")}
    record: Record = {"id": address["id"], "customer_id": customer["id"], "region": region}
    record |= {"region_id": address["region_id"], "country_id": address["country_id"], "street": address["street"]}
    record |= {name: address[name] for name in PLAIN if name != "country_id" and address[name] is not None}
    for flag in FLAGS:
        if customer[flag] == address["id"]:
            record[flag] = True
    if address["custom"]:
        record["custom_attributes"] = attributes.shown(address["custom"])
    return record


def blank_is_null(text: Any) -> Any:
    return None if text == "" else text
