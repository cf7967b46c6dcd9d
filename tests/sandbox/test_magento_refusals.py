"""Requests that must fail, written before the stand-in was finished; the number is the sheet's section."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from magento_api import ADDRESS, COMPANY, KIM, Api, company, customer, query

CUSTOMERS = "/V1/customers"
FILTER = "searchCriteria[filter_groups][0][filters][0]"
UNKNOWN_ENTITY = "No such entity with %fieldName = %fieldValue"
REQUIRED = "%fieldName is a required field."
INVALID = 'Invalid value of "%value" provided for the %fieldName field.'
WRONG_TYPE = 'The "%value" value\'s type is invalid. The "%type" type was expected. Verify and try again.'
SEED = {
    "customers": [
        {**KIM, "addresses": [{**ADDRESS, "id": 77}]},
        {**KIM, "id": 42, "email": "ana@x.example", "addresses": [{**ADDRESS, "id": 78}]},
    ],
    "companies": [{**COMPANY, "id": 9}],
}


@dataclass(frozen=True)
class Case:
    """One request and what of its refusal is known."""

    name: str
    method: str
    path: str
    body: Any = None
    status: int = 400
    text: str = ""
    parameters: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    data: str | None = None


def nobody(resource: str) -> dict[str, Any]:
    text = "The consumer isn't authorized to access %resources."
    return {"status": 401, "text": text, "parameters": {"resources": resource}}


def absent(name: str, value: Any) -> dict[str, Any]:
    return {"status": 404, "text": UNKNOWN_ENTITY, "parameters": {"fieldName": name, "fieldValue": value}}


def lacks(name: str) -> dict[str, Any]:
    return {"text": REQUIRED, "parameters": {"fieldName": name}}


def wrong(name: str, value: Any) -> dict[str, Any]:
    return {"text": INVALID, "parameters": {"value": value, "fieldName": name}}


def moved(**more: Any) -> dict[str, Any]:
    return {"value": 5, "currency": "EUR", "operationType": 2, **more}


NO_ROUTE = {"status": 404, "text": "Request does not match any route."}
MANAGE = nobody("Magento_Customer::manage")
SEARCH = nobody("Magento_Customer::customer")
CREDIT = "/V1/companyCredits/101"

CASES = [
    # 2 logins
    Case("no login", "GET", f"{CUSTOMERS}/41", headers={"Authorization": ""}, **SEARCH),
    Case("unknown token", "GET", f"{CUSTOMERS}/41", headers={"Authorization": "Bearer no"}, **SEARCH),
    Case("basic login", "GET", f"{CUSTOMERS}/41", headers={"Authorization": "Basic eDp5"}, **SEARCH),
    Case("forbidden resource", "PUT", f"{CUSTOMERS}/41", customer(),
         options={"forbidden": ["Magento_Customer::manage"]}, **MANAGE),
    Case("wrong password", "POST", "/V1/integration/admin/token", {"username": "integration", "password": "no"},
         status=401, text="The account sign-in was incorrect"),
    Case("no password", "POST", "/V1/integration/admin/token", {"username": "integration"}, text="is required"),
    Case("two factors", "POST", "/V1/integration/admin/token", {"username": "integration", "password": "no"},
         status=401, text="2FA app is required", options={"two_factor": True}),
    Case("group without permission", "POST", CUSTOMERS, customer(group_id=4), headers={"Authorization": ""}, **MANAGE),
    # 1 addresses
    Case("unknown route", "GET", "/V1/customer/41", **NO_ROUTE),
    Case("path in the wrong case", "GET", "/V1/Customers/41", **NO_ROUTE),
    Case("verb without a route", "PATCH", f"{CUSTOMERS}/41", customer(), **NO_ROUTE),
    Case("no version", "GET", "/rest/default/customers/41", **NO_ROUTE),
    Case("unknown store view", "GET", "/rest/nowhere/V1/customers/41", **NO_ROUTE),
    Case("company without the extension", "GET", f"/V1/company/?{query()}", options={"b2b": False}, **NO_ROUTE),
    Case("form body", "POST", CUSTOMERS, data="email=a", text="Server cannot understand Content-Type",
         headers={"Content-Type": "application/x-www-form-urlencoded"}),
    Case("XML wanted", "GET", f"{CUSTOMERS}/41", headers={"Accept": "application/soap"}, status=406),
    Case("broken JSON", "POST", CUSTOMERS, data="{", text="Decoding error"),
    Case("list for a body", "POST", CUSTOMERS, data="[]", text="Decoding error"),
    # 3 + 7 nobody there
    Case("unknown customer", "GET", f"{CUSTOMERS}/999", **absent("customerId", 999)),
    Case("id that is no number", "GET", f"{CUSTOMERS}/x", text=WRONG_TYPE),
    Case("delete of nobody", "DELETE", f"{CUSTOMERS}/999", **absent("customerId", 999)),
    Case("update of nobody", "PUT", f"{CUSTOMERS}/999", customer(), **absent("customerId", 999)),
    Case("unknown address", "GET", f"{CUSTOMERS}/addresses/999", **absent("addressId", 999)),
    Case("unknown group", "GET", "/V1/customerGroups/99", **absent("id", 99)),
    Case("unknown order", "GET", "/V1/orders/1", **absent("id", 1)),
    Case("unknown attribute", "GET", "/V1/attributeMetadata/customer/attribute/nope", status=404),
    # 4 searches
    Case("no criteria", "GET", f"{CUSTOMERS}/search", text='"%fieldName" is required',
         parameters={"fieldName": "searchCriteria"}),
    Case("unknown attribute in a filter", "GET", f"{CUSTOMERS}/search?{query([('nope', 'eq', '1')])}",
         text='The "%1" attribute name is invalid.', parameters=["nope"]),
    Case("id instead of entity_id", "GET", f"{CUSTOMERS}/search?{query([('id', 'eq', '1')])}", parameters=["id"]),
    Case("filter on a nested field", "GET", f"{CUSTOMERS}/search?{query([('company_id', 'eq', '1')])}"),
    Case("sort by an unknown attribute", "GET", f"{CUSTOMERS}/search?{query(sort=[('nope', 'ASC')])}",
         parameters=["nope"]),
    Case("unknown condition", "GET", f"{CUSTOMERS}/search?{query([('email', 'equals', '1')])}", parameters=["equals"]),
    Case("unknown direction", "GET", f"{CUSTOMERS}/search?{query(sort=[('email', 'UP')])}", text="The sort order"),
    Case("page that is no number", "GET", f"{CUSTOMERS}/search?searchCriteria[currentPage]=x", text=WRONG_TYPE),
    Case("member that no filter has", "GET", f"{CUSTOMERS}/search?{FILTER}[operator]=eq", text="accessor method"),
    Case("unknown column of orders", "GET", f"/V1/orders?{query([('nope', 'eq', '1')])}", status=500,
         text="Internal Error. Details are available in Magento log file. Report ID: webapi-"),
    Case("too large a page", "GET", f"{CUSTOMERS}/search?{query(size=301)}", parameters=[300],
         options={"limit_page_size": 300}),
    # 5 + 6 customers
    Case("no wrapper", "POST", CUSTOMERS, customer()["customer"], parameters={"fieldName": "customer"}),
    Case("unknown property", "POST", CUSTOMERS, customer(nickname="N"),
         text='Property "Nickname" does not have accessor'),
    Case("undeclared custom attribute", "POST", CUSTOMERS,
         customer(custom_attributes=[{"attribute_code": "nope", "value": "1"}]), parameters=["nope"]),
    Case("text for a number", "POST", CUSTOMERS, customer(group_id="four"), text=WRONG_TYPE,
         parameters={"value": "four", "type": "int"}),
    Case("text for a truth", "POST", CUSTOMERS, customer(extension_attributes={"is_subscribed": "maybe"}),
         text=WRONG_TYPE),
    Case("object for a list", "POST", CUSTOMERS, customer(addresses={}), text=WRONG_TYPE),
    Case("no email", "POST", CUSTOMERS, customer(email=None), **lacks("email")),
    Case("no names", "POST", CUSTOMERS, customer(firstname="", lastname=None),
         text="One or more input exceptions have occurred."),
    Case("email that is none", "POST", CUSTOMERS, customer(email="cus_123"), **wrong("email", "cus_123")),
    Case("email without a dotted domain", "POST", CUSTOMERS, customer(email="a@b"), **wrong("email", "a@b")),
    Case("taken email in another case", "POST", CUSTOMERS, customer(email="KIM@Brick.example"),
         text="A customer with the same email address already exists in an associated website."),
    Case("email of somebody else", "PUT", f"{CUSTOMERS}/42", customer(email="kim@brick.example"),
         text="same email address"),
    Case("PUT without a website", "PUT", f"{CUSTOMERS}/41", customer(website_id=None),
         text='"Associate to Website" is a required value.'),
    Case("PUT of one field", "PUT", f"{CUSTOMERS}/41", {"customer": {"taxvat": "FR1", "website_id": 1}},
         text="One or more input exceptions have occurred."),
    Case("unknown website", "POST", CUSTOMERS, customer(website_id=9), status=404, parameters=[9]),
    Case("store of another website", "POST", CUSTOMERS, customer(store_id=3),
         text="The store view is not in the associated website."),
    Case("admin store view", "POST", CUSTOMERS, customer(store_id=0), status=500,
         text="Design config must have area and store."),
    Case("unknown group of a customer", "POST", CUSTOMERS, customer(group_id=99),
         text="The specified customer group id does not exist."),
    Case("unknown gender", "POST", CUSTOMERS, customer(gender=7), **wrong("gender", 7)),
    Case("birthday out of the calendar", "POST", CUSTOMERS, customer(dob="31.01.1970"), **wrong("dob", "31.01.1970")),
    Case("unknown company of a user", "PUT", f"{CUSTOMERS}/42", customer(
         email="ana@x.example", extension_attributes={"company_attributes": {"company_id": 5}}),
         **absent("companyId", 5)),
    Case("default address of somebody else", "PUT", f"{CUSTOMERS}/41", customer(
         email="kim@brick.example", default_billing="78"), text="The %fieldName value is invalid.",
         parameters={"fieldName": "default_billing"}),
    Case("address of somebody else", "PUT", f"{CUSTOMERS}/41", customer(
         email="kim@brick.example", addresses=[{**ADDRESS, "id": 78}]), **absent("addressId", 78)),
    Case("address without a telephone", "POST", CUSTOMERS, customer(addresses=[{**ADDRESS, "telephone": ""}]),
         **lacks("telephone")),
    Case("address without a street", "POST", CUSTOMERS, customer(addresses=[{**ADDRESS, "street": [""]}]),
         **lacks("street")),
    Case("address without a country", "POST", CUSTOMERS, customer(addresses=[{**ADDRESS, "country_id": None}]),
         **lacks("countryId")),
    Case("unknown country", "POST", CUSTOMERS, customer(addresses=[{**ADDRESS, "country_id": "zz"}]),
         **wrong("countryId", "zz")),
    Case("state that is needed", "POST", CUSTOMERS, customer(addresses=[{**ADDRESS, "country_id": "US"}]),
         **lacks("regionId")),
    Case("weak password", "POST", CUSTOMERS, {**customer(), "password": "secret"},
         text="The password needs at least %1 characters.", parameters=[8]),
    Case("password of one kind", "POST", CUSTOMERS, {**customer(), "password": "secretsecret"}, parameters=[3]),
    Case("delete of a company's administrator", "DELETE", f"{CUSTOMERS}/41", text="Cannot delete the company admin"),
    # 3 passwords
    Case("mail to nobody", "PUT", f"{CUSTOMERS}/password", {
         "email": "no@x.io", "template": "email_reset", "websiteId": 1},
         status=404, text=f"{UNKNOWN_ENTITY}, %field2Name = %field2Value",
         parameters={"fieldName": "email", "fieldValue": "no@x.io", "field2Name": "websiteId", "field2Value": 1}),
    Case("unknown mail", "PUT", f"{CUSTOMERS}/password", {"email": "kim@brick.example", "template": "hello"},
         **wrong("template", "hello")),
    Case("wrong reset token", "POST", f"{CUSTOMERS}/resetPassword", {
         "email": "kim@brick.example", "resetToken": "x", "newPassword": "Abcdefg1"}, text="token is mismatched"),
    # 3 groups
    Case("group of the same name", "POST", "/V1/customerGroups", {"group": {"code": "general", "tax_class_id": 3}},
         text="Customer Group already exists."),
    Case("group with a product's tax class", "POST", "/V1/customerGroups", {"group": {"code": "N", "tax_class_id": 2}},
         **wrong("taxClassId", 2)),
    Case("delete of a group that must stay", "DELETE", "/V1/customerGroups/1", text="Cannot delete group."),
    # 10 companies
    Case("company without anything", "POST", "/V1/company/", {"company": {}},
         text="One or more input exceptions have occurred."),
    Case("PUT of one field of a company", "PUT", "/V1/company/9", {"company": {"comment": "x"}},
         text="One or more input exceptions have occurred."),
    Case("unknown administrator", "POST", "/V1/company/", company(super_user_id=99), **absent("customerId", 99)),
    Case("administrator of another company", "POST", "/V1/company/", company(), text="already assigned"),
    Case("unknown group of a company", "PUT", "/V1/company/9", company(customer_group_id=99), **absent("id", 99)),
    Case("unknown status", "PUT", "/V1/company/9", company(status=4), **wrong("status", 4)),
    Case("street of three lines", "PUT", "/V1/company/9", company(street=["a", "b", "c"]), **wrong("street", 3)),
    Case("unknown company", "GET", "/V1/company/5", **absent("companyId", 5)),
    # 10.3 credit
    Case("credit by the company's id", "GET", "/V1/companyCredits/9", **absent("creditId", 9)),
    Case("credit of no company", "GET", "/V1/companyCredits/company/5", **absent("companyId", 5)),
    Case("negative limit", "PUT", CREDIT, {"creditLimit": {"company_id": 9, "credit_limit": -1}},
         **wrong("credit_limit", -1)),
    Case("limit of another company", "PUT", CREDIT, {"creditLimit": {"company_id": 8}}, **wrong("company_id", 8)),
    Case("increase by a purchase", "POST", f"{CREDIT}/increaseBalance", moved(operationType=3),
         **wrong("operationType", 3)),
    Case("decrease by a refund", "POST", f"{CREDIT}/decreaseBalance", moved(operationType=5),
         **wrong("operationType", 5)),
    Case("move by nothing", "POST", f"{CREDIT}/increaseBalance", moved(value=0), **wrong("value", 0)),
    Case("move in an unknown currency", "POST", f"{CREDIT}/increaseBalance", moved(currency="XXX"),
         **wrong("currency", "XXX")),
    # 10.4 catalogs
    Case("catalog of the same name", "POST", "/V1/sharedCatalog", {
         "sharedCatalog": {"name": "france", "tax_class_id": 3}},
         parameters={"catalogName": "france"}),
    Case("unknown company in a catalog", "POST", "/V1/sharedCatalog/2/assignCompanies", {"companies": [{"id": 5}]},
         **absent("id", 5)),
    Case("out of the public catalog", "POST", "/V1/sharedCatalog/1/unassignCompanies", {"companies": [{"id": 9}]},
         text="public shared catalog"),
    Case("unknown catalog", "POST", "/V1/sharedCatalog/7/assignCompanies", {"companies": [{"id": 9}]},
         **absent("sharedCatalogId", 7)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_it_refuses(magento: Api, case: Case) -> None:
    magento.seed(**SEED)
    magento.set(**case.options)

    answer = magento.send(case.method, case.path, case.body, case.headers, case.data)

    body = answer.json()
    assert (answer.status_code, case.text in body["message"]) == (case.status, True), answer.text
    if case.parameters is not None:
        assert body["parameters"] == case.parameters
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


def test_several_errors_stand_in_a_list_with_their_own_parameters(magento: Api) -> None:
    body = magento.send("POST", CUSTOMERS, customer(firstname="", email="x")).json()

    assert body == {
        "message": "One or more input exceptions have occurred.",
        "errors": [
            {"message": REQUIRED, "parameters": {"fieldName": "firstname"}},
            {"message": INVALID, "parameters": {"value": "x", "fieldName": "email"}},
        ],
    }


WRITES = [one for one in CASES if one.method != "GET" and one.name != "admin store view"]


@pytest.mark.parametrize("case", WRITES, ids=[case.name for case in WRITES])
def test_a_refusal_changes_nothing(magento: Api, case: Case) -> None:
    magento.seed(**SEED)
    magento.set(**case.options)
    before = magento.dump()

    magento.send(case.method, case.path, case.body, case.headers, case.data)

    assert magento.dump() == before


def test_the_account_of_the_admin_store_view_is_there_in_spite_of_the_error(magento: Api) -> None:
    magento.send("POST", CUSTOMERS, customer(store_id=0))

    assert [row["email"] for row in magento.dump()["customers"]] == ["new@x.example"]
    assert magento.dump()["mails"] == []
