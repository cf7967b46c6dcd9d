"""Companies: a write always wants the whole object, on update as well."""

from __future__ import annotations

from sandbox.magento import catalogs, credits, criteria, furniture, refusals
from sandbox.magento.addresses import blank_is_null
from sandbox.magento.call import Call, check_columns, column, listing, without_nulls
from sandbox.magento.countries import COUNTRIES
from sandbox.magento.customer_record import NO_COMPANY
from sandbox.magento.refusals import Refusal, all_of
from sandbox.magento.shapes import COMPANY
from sandbox.magento.shop import Record, Shop

REQUIRED = ("company_name", "company_email", "city", "country_id", "postcode", "telephone")
PLAIN = (
    "status", "company_name", "legal_name", "company_email", "vat_tax_id", "reseller_id", "comment", "street", "city",
    "country_id", "region", "region_id", "postcode", "telephone", "customer_group_id", "sales_representative_id",
    "reject_reason", "rejected_at", "super_user_id",
)  # fmt: skip
EXTENSION: Record = {
    "applicable_payment_method": 0,
    "available_payment_methods": None,
    "use_config_settings": 1,
    "is_purchase_order_enabled": False,
    "applicable_shipping_method": 0,
    "available_shipping_methods": None,
    "use_config_settings_shipping": 1,
}
STREET_LINES = 2
PENDING, ACTIVE, REJECTED, BLOCKED = range(4)


def search(call: Call) -> Record:
    asked, look = call.criteria(), column(call, {"entity_id", "id", *PLAIN})
    check_columns(asked, look)
    rows, total = criteria.search(call.shop.companies.values(), asked, look)
    return listing([shown(row) for row in rows], asked, total)


def read(call: Call) -> Record:
    return shown(call.found(call.shop.companies, "companyId"))


def create(call: Call) -> Record:
    return shown(add(call.shop, call.given("company", COMPANY)))


def add(shop: Shop, given: Record) -> Record:
    """A new company with its credit, in a catalog, its administrator moved in."""
    record = _drafted({}, given)
    check(shop, record)
    record["id"] = record["entity_id"] = shop.next_id("company")
    shop.companies[record["id"]] = record
    credits.open_for(shop, record["id"])
    catalogs.place(shop, record)
    _move_in(shop, record)
    return record


def update(call: Call) -> Record:
    shop = call.shop
    held = call.found(shop.companies, "companyId")
    given = call.given("company", COMPANY)
    record = _drafted(held if shop.options.omitted == "keep" else {}, given)
    record["id"] = record["entity_id"] = held["id"]
    check(shop, record)
    store(shop, held, record)
    return shown(record)


def store(shop: Shop, held: Record, record: Record) -> None:
    """Keep a changed company and what follows from the change."""
    shop.companies[record["id"]] = record
    if held["customer_group_id"] != record["customer_group_id"]:
        catalogs.place(shop, record)
        if shop.options.group_moves_users:
            for user in users(shop, record["id"]):
                user |= {"group_id": record["customer_group_id"], "updated_at": shop.now()}
    _move_in(shop, record)


def delete(call: Call) -> bool:
    """The members stay, locked and without a company."""
    record = call.found(call.shop.companies, "companyId")
    for user in users(call.shop, record["id"]):
        user["company"] = {**NO_COMPANY, "status": 0}
    del call.shop.companies[record["id"]]
    credits.close_for(call.shop, record["id"])
    call.shop.catalog_of.pop(record["id"], None)
    return True


def users(shop: Shop, company_id: int) -> list[Record]:
    return [one for one in shop.customers.values() if one["company"]["company_id"] == company_id]


def _drafted(held: Record, given: Record) -> Record:
    """The company after a write: what it does not name is empty, or stays where there is something held."""
    record = {name: blank_is_null(given[name]) if name in given else held.get(name) for name in PLAIN}
    record["status"] = ACTIVE if record["status"] is None else record["status"]
    record["sales_representative_id"] = record["sales_representative_id"] or 1
    said = given.get("extension_attributes") or {}
    before = held.get("extension_attributes", EXTENSION)
    extension = {name: before[name] if said.get(name) is None else said[name] for name in EXTENSION}
    quote = (said.get("quote_config") or {}).get("is_quote_enabled")
    was = bool(held.get("is_quote_enabled"))
    return {**record, "extension_attributes": extension, "is_quote_enabled": was if quote is None else quote}


def check(shop: Shop, record: Record) -> None:
    """What the vendor demands of a company."""
    errors = [refusals.required(name) for name in REQUIRED if not record[name]]
    if not any((line or "").strip() for line in record["street"] or []):
        errors.append(refusals.required("street"))
    elif len(record["street"]) > STREET_LINES:
        errors.append(refusals.invalid_value("street", len(record["street"])))
    errors += [refusals.required(name) for name in ("customer_group_id", "super_user_id") if record[name] is None]
    if record["country_id"] and record["country_id"] not in COUNTRIES:
        errors.append(refusals.invalid_value("country_id", record["country_id"]))
    if record["country_id"] in furniture.REGION_NEEDED and not (record["region"] or record["region_id"]):
        errors.append(refusals.required("region"))
    if record["company_email"] and "@" not in record["company_email"]:
        errors.append(refusals.invalid_value("company_email", record["company_email"]))
    if record["status"] not in (PENDING, ACTIVE, REJECTED, BLOCKED):
        errors.append(refusals.invalid_value("status", record["status"]))
    all_of(errors)
    if record["customer_group_id"] not in shop.groups:
        raise refusals.missing_entity("id", record["customer_group_id"])
    _check_admin(shop, record)


def _check_admin(shop: Shop, record: Record) -> None:
    """The administrator is an existing customer of no other company."""
    admin = shop.customers.get(record["super_user_id"])
    if admin is None:
        raise refusals.missing_entity("customerId", record["super_user_id"])
    other = admin["company"]["company_id"]
    if other and other != record.get("id"):
        raise Refusal("The selected user is already assigned to another company.")


def _move_in(shop: Shop, record: Record) -> None:
    admin = shop.customers[record["super_user_id"]]
    if admin["company"]["company_id"] != record["id"]:
        admin |= {"company": {**admin["company"], "company_id": record["id"], "status": 1}, "updated_at": shop.now()}


def shown(record: Record) -> Record:
    """As the wire has it; the id inside the quote settings is text."""
    extension = without_nulls(record["extension_attributes"])
    quote = {"company_id": str(record["id"]), "is_quote_enabled": record["is_quote_enabled"]}
    plain = {name: record[name] for name in PLAIN}
    return {"id": record["id"], **without_nulls(plain), "extension_attributes": {"quote_config": quote, **extension}}
