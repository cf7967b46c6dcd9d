"""Customers: search, read, create, replace, delete."""

from __future__ import annotations

from typing import Any

from sandbox.magento import addresses, criteria, refusals
from sandbox.magento.call import Call, check_columns, listing
from sandbox.magento.criteria import Criteria
from sandbox.magento.customer_record import blank, looker, shown
from sandbox.magento.customer_writing import check, check_password, draft, put_addresses, settle, store
from sandbox.magento.refusals import Refusal
from sandbox.magento.shapes import CUSTOMER
from sandbox.magento.shop import Record, Shop, store_by_code

MANAGE = "Magento_Customer::manage"


def search(call: Call) -> Record:
    """Customers that fit, page by page."""
    asked, look = call.criteria(), looker(call.shop)
    check_columns(asked, look)
    rows, total = criteria.search(_candidates(call.shop, asked), asked, look)
    omitted = call.shop.options.search_omits
    items = [{k: v for k, v in shown(call.shop, row).items() if k not in omitted} for row in rows]
    return listing(items, asked, total)


def _candidates(shop: Shop, asked: Criteria) -> list[Record]:
    """Rows to look at: by the indexes of id and email where a filter demands one, else all, in the order of ids."""
    if (email := asked.only("email")) is not None:
        return [shop.customers[id_] for id_ in sorted(shop.by_email.get(email.casefold(), ()))]
    if (id_ := asked.only("entity_id")) is not None and id_.isdigit():
        return [shop.customers[int(id_)]] if int(id_) in shop.customers else []
    return list(shop.customers.values())


def read(call: Call) -> Record:
    return shown(call.shop, call.found(call.shop.customers, "customerId"))


def create(call: Call) -> Record:
    """A new account; the shop sends its welcome mail whatever comes."""
    shop, given = call.shop, call.given("customer", CUSTOMER)
    if given.get("group_id") is not None:
        call.access.permit(call.known, MANAGE)
    if given.get("id") in shop.customers:
        raise Refusal("This customer already exists in this store.")
    record = draft(shop, blank(shop), given, resets=True)
    _place(call, record, given)
    check(shop, record, given)
    password = call.tree.get("password")
    if password is not None:
        check_password(password, record["email"])
    return _made(shop, record, given, password)


def _made(shop: Shop, record: Record, given: Record, password: Any) -> Record:
    put_addresses(shop, record, given)  # an address that is refused leaves no customer behind
    record["id"] = shop.next_id("customer")
    if shop.options.confirm_emails:
        record["confirmation"] = f"confirm{record['id']:08x}"
    store(shop, record)
    if record["store_id"] == 0:  # the mail has no design, and the row is already there
        raise Refusal("Design config must have area and store.", status=500)
    if password is not None:
        shop.passwords[record["id"]] = 1
    welcome(shop, record, with_password=password is not None)
    return shown(shop, record)


def welcome(shop: Shop, record: Record, *, with_password: bool) -> None:
    """The mail of a new account: registered, to confirm, or with a link to set the password."""
    id_ = record["id"]
    if record["confirmation"]:
        link = f"/customer/account/confirm/?id={id_}&key={record['confirmation']}"
        shop.mail("customer_create_account_email_confirmation_template", record["email"], customer_id=id_, link=link)
    elif with_password:
        shop.mail("customer_create_account_email_template", record["email"], customer_id=id_)
    else:
        token = shop.reset_tokens[id_] = f"welcome{id_:08x}"
        link = f"/customer/account/createPassword/?id={id_}&token={token}"
        shop.mail("customer_create_account_email_no_password_template", record["email"], customer_id=id_, link=link)


def _place(call: Call, record: Record, given: Record) -> None:
    """A new customer without a website belongs to that of the store view in the path."""
    here: Record = {"id": 0, "website_id": 0} if call.store_code == "all" else store_by_code(call.store_code) or {}
    website_id, store_id = given.get("website_id"), given.get("store_id")
    if website_id is None:
        website_id = here["website_id"]
        store_id = here["id"] if store_id is None else store_id
    settle(call.shop, record, store_id, website_id)


def update(call: Call) -> Record:
    """Replace a customer; the id in the path is the one that counts."""
    shop, given = call.shop, call.given("customer", CUSTOMER)
    held = call.found(shop.customers, "customerId")
    record = draft(shop, held, given, resets=True)
    if given.get("website_id") is None:
        raise Refusal('"Associate to Website" is a required value.')
    settle(shop, record, _store_id(shop, held, given), given["website_id"])
    check(shop, record, given)
    check_company(shop, held, record)
    put_addresses(shop, record, given)
    return shown(shop, store(shop, record, held))


def _store_id(shop: Shop, held: Record, given: Record) -> int | None:
    """A store view that is not named falls back to the website's own."""
    if given.get("store_id") is not None:
        return int(given["store_id"])
    same = held["website_id"] == given["website_id"]
    return int(held["store_id"]) if shop.options.omitted == "keep" and same else None


def check_company(shop: Shop, held: Record, record: Record) -> None:
    """The administrator of a company stays in it."""
    before, after = held["company"]["company_id"], record["company"]["company_id"]
    if before != after and before in shop.companies and shop.companies[before]["super_user_id"] == held["id"]:
        raise Refusal("The company admin cannot be moved to another company.")


def delete(call: Call) -> bool:
    shop = call.shop
    record = call.found(shop.customers, "customerId")
    if any(company["super_user_id"] == record["id"] for company in shop.companies.values()):
        raise Refusal("Cannot delete the company admin. Delete operation has been stopped.")
    shop.remove_customer(record["id"])
    return True


def validate(call: Call) -> Record:
    """A rehearsal: whether a customer would be taken."""
    given = call.given("customer", CUSTOMER)
    messages = [f"{name} is a required value." for name in ("email", "firstname", "lastname") if not given.get(name)]
    return {"valid": not messages, "messages": messages}


# -- addresses -----------------------------------------------------------------------------------------


def read_address(call: Call) -> Record:
    customer, address = _address(call)
    return addresses.shown(customer, address)


def delete_address(call: Call) -> bool:
    customer, address = _address(call)
    record = {**customer, "addresses": [one for one in customer["addresses"] if one is not address]}
    record |= {flag: None for flag in addresses.FLAGS if customer[flag] == address["id"]}
    store(call.shop, record, customer)
    return True


def billing_address(call: Call) -> Record | None:
    return _default(call, "default_billing")


def shipping_address(call: Call) -> Record | None:
    return _default(call, "default_shipping")


def _default(call: Call, flag: str) -> Record | None:
    customer = call.found(call.shop.customers, "customerId")
    for one in customer["addresses"]:
        if one["id"] == customer[flag]:
            return addresses.shown(customer, one)
    return None


def _address(call: Call) -> tuple[Record, Record]:
    id_ = call.number("addressId")
    for customer in call.shop.customers.values():
        for one in customer["addresses"]:
            if one["id"] == id_:
                return customer, one
    raise refusals.missing_entity("addressId", id_)
