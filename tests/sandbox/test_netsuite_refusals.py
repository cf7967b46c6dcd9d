"""Requests that must fail, written before the stand-in was finished; the number is the sheet's section."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from netsuite_api import COMPANY, Api, refusal

CUSTOMER = "/record/v1/customer"
SUITEQL = "/query/v1/suiteql"
ACME = {"id": "7", **COMPANY, "externalId": "stripe_1", "entityId": "Acme"}
SEED = {
    "customer": [ACME, {"id": "9", **COMPANY, "companyName": "Bolt"}],
    "contact": [{"id": "21", "firstName": "Ada", "lastName": "Lovelace", "company": {"id": "7"},
                 "externalId": "acton_C_1"}],
    "invoice": [{"id": "31", "entity": {"id": "9"}, "total": 10}],
}  # fmt: skip


def person(**more: Any) -> dict[str, Any]:
    return {"isPerson": True, "lastName": "Lovelace", "subsidiary": {"id": "1"}, **more}


def company(**more: Any) -> dict[str, Any]:
    return {"companyName": "New", "subsidiary": {"id": "1"}, **more}


def address(**more: Any) -> dict[str, Any]:
    return {"items": [{"label": "HQ", "addressBookAddress": more}]}


def sql(text: str, *params: Any) -> dict[str, Any]:
    return {"q": text, "params": list(params)}


@dataclass(frozen=True)
class Case:
    """One request and what of its refusal is known."""

    name: str
    method: str
    path: str
    body: Any = None
    status: int = 400
    code: str = "INVALID_CONTENT"
    text: str = ""
    place: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    data: str | None = None


INVALID_LOGIN = {"status": 401, "code": "INVALID_LOGIN", "text": "Invalid login attempt."}
QUERY = {"code": "INVALID_PARAMETER", "text": "Invalid search query", "place": "q"}
USER: dict[str, Any] = {"code": "USER_ERROR", "text": "Error while accessing a resource."}
VALUE: dict[str, Any] = {"text": "You have entered an Invalid Field Value"}

CASES = [
    # 2 logins: nothing but INVALID_LOGIN in the body
    Case("no login", "GET", f"{CUSTOMER}/7", headers={"Authorization": ""}, **INVALID_LOGIN),
    Case("unknown token", "GET", f"{CUSTOMER}/7", headers={"Authorization": "Bearer no"}, **INVALID_LOGIN),
    Case("basic login", "GET", f"{CUSTOMER}/7", headers={"Authorization": "Basic eDp5"}, **INVALID_LOGIN),
    # 1 + 3 addresses and verbs
    Case("unknown record type", "GET", "/record/v1/customers/7", status=404, code="INVALID_REQUEST"),
    Case("record type in lower case", "GET", "/record/v1/pricelevel/1", status=404, code="INVALID_REQUEST"),
    Case("GET on the query service", "GET", SUITEQL, status=405, code="INVALID_REQUEST"),
    Case("unknown id", "GET", f"{CUSTOMER}/999", status=404, code="NONEXISTENT_ID",
         text="Record does not exist."),
    Case("id of another type", "GET", f"{CUSTOMER}/21", status=404, code="NONEXISTENT_ID"),
    Case("unknown external id", "GET", f"{CUSTOMER}/eid:none", status=404, code="NONEXISTENT_ID"),  # 3b
    Case("external id of another type", "GET", f"{CUSTOMER}/eid:acton_C_1", status=404,
         code="NONEXISTENT_ID"),
    Case("external id with a blank", "PUT", f"{CUSTOMER}/eid:a%20b", company(), code="INVALID_REQUEST"),
    Case("external id with a colon", "PUT", f"{CUSTOMER}/eid:a:b", company(), code="INVALID_REQUEST"),
    Case("PUT by internal id", "PUT", f"{CUSTOMER}/7", company(), code="INVALID_REQUEST"),
    Case("PATCH of nothing", "PATCH", f"{CUSTOMER}/999", {"phone": None}, status=404, code="NONEXISTENT_ID"),
    Case("DELETE of nothing", "DELETE", f"{CUSTOMER}/999", status=404, code="NONEXISTENT_ID"),
    Case("unknown query parameter", "PATCH", f"{CUSTOMER}/7?force=true", {}, code="INVALID_PARAMETER",
         place="force"),
    Case("fields names none", "GET", f"{CUSTOMER}/7?fields=nickname", code="INVALID_PARAMETER", place="fields"),
    Case("fields names a sublist", "GET", f"{CUSTOMER}/7?fields=addressBook", code="INVALID_PARAMETER",
         place="fields"),
    # 2b form bodies are not accepted; 11 malformed syntax
    Case("form body", "POST", CUSTOMER, data="companyName=A", status=415, code="INVALID_REQUEST",
         headers={"Content-Type": "application/x-www-form-urlencoded"}),
    Case("broken JSON", "POST", CUSTOMER, data="{", code="INVALID_REQUEST", text="malformed syntax"),
    Case("bottomless body", "POST", CUSTOMER, data="[" * 100_000, code="INVALID_REQUEST"),
    Case("list for a body", "POST", CUSTOMER, []),
    # 3 property names, with validation = Error
    Case("unknown property", "POST", CUSTOMER, company(nickname="A"), place="nickname"),
    Case("property in the wrong case", "POST", CUSTOMER, company(companyname="A"), place="companyname"),
    Case("undeclared custom field", "POST", CUSTOMER, company(custentity_none="A"), place="custentity_none"),
    Case("unknown address property", "POST", CUSTOMER, company(addressBook=address(street="A")),
         place="addressBook.items[0].addressBookAddress.street"),
    Case("address without its subrecord", "POST", CUSTOMER,
         company(addressBook={"items": [{"addr1": "1 Rd"}]}), place="addressBook.items[0].addr1"),
    Case("sublist as a list", "POST", CUSTOMER, company(addressBook=[]), place="addressBook"),
    Case("unknown validation mode", "PATCH", f"{CUSTOMER}/7", {}, code="INVALID_HEADER",
         headers={"X-NetSuite-PropertyNameValidation": "Strict"}),
    # 3a value formats
    Case("text for a boolean", "POST", CUSTOMER, company(isInactive="T"), place="isInactive"),
    Case("number for a text", "POST", CUSTOMER, company(phone=5551234567), place="phone"),
    Case("text for a number", "POST", CUSTOMER, company(creditLimit="100"), place="creditLimit"),
    Case("bare id for a reference", "POST", CUSTOMER, company(terms="1"), place="terms"),
    Case("reference by name", "POST", CUSTOMER, company(terms={"refName": "Net 30"}), place="terms"),
    Case("date with a time", "POST", CUSTOMER, company(startDate="2024-01-01T00:00:00Z"), place="startDate"),
    Case("moment without a zone", "PATCH", f"{CUSTOMER}/7", {"custentity_last_order": "2024-01-01T00:00:00"},
         place="custentity_last_order"),
    Case("part of an integer", "PATCH", f"{CUSTOMER}/7", {"custentity_order_count": 1.5}, **VALUE),
    Case("unknown enum value", "POST", CUSTOMER, company(language="klingon"), place="language", **VALUE),
    Case("country by its name", "POST", CUSTOMER, company(addressBook=address(country={"id": "France"})),
         place="addressBook.items[0].addressBookAddress.country", **VALUE),
    Case("country in lower case", "POST", CUSTOMER, company(addressBook=address(country="fr")), **VALUE),
    Case("email that is none", "POST", CUSTOMER, company(email="cus_123"), place="email", **VALUE),
    Case("address that is no URL", "PATCH", f"{CUSTOMER}/7", {"custentity_stripe_portal_url": "portal"}, **VALUE),
    Case("too long a name", "POST", CUSTOMER, company(companyName="x" * 84), code="USER_ERROR",
         text="The field companyName contained more than the maximum number ( 83 ) of characters allowed.",
         place="companyName"),
    Case("too long a first name", "POST", CUSTOMER, person(firstName="x" * 33), code="USER_ERROR",
         place="firstName"),
    Case("too long a phone", "POST", CUSTOMER, company(phone="0" * 22), code="USER_ERROR", place="phone"),
    Case("too long a comment", "PATCH", f"{CUSTOMER}/7", {"comments": "x" * 4001}, code="USER_ERROR"),
    Case("too short a phone", "POST", CUSTOMER, company(phone="12345"), place="phone", **USER),  # 6
    # 6 references have to exist
    Case("unknown terms", "POST", CUSTOMER, company(terms={"id": "9999"}), place="terms",
         text="You have entered an Invalid Field Value 9999 for the following field: terms"),
    Case("inactive category", "POST", CUSTOMER, company(category={"id": "3"}), place="category", **VALUE),
    Case("unknown sales rep", "POST", CUSTOMER, company(salesRep={"id": "7"}), place="salesRep", **VALUE),
    Case("unknown status", "POST", CUSTOMER, company(entityStatus={"id": "99"}), place="entityStatus", **VALUE),
    Case("inactive currency in the list", "POST", CUSTOMER,
         company(currencyList={"items": [{"currency": {"id": "4"}}]}),
         place="currencyList.items[0].currency", **VALUE),
    Case("currency twice in the list", "POST", CUSTOMER,
         company(currencyList={"items": [{"currency": {"id": "2"}}, {"currency": {"id": "2"}}]}), **USER),
    Case("own parent", "PATCH", f"{CUSTOMER}/7", {"parent": {"id": "7"}}, place="parent", **VALUE),
    # 6 required fields
    Case("no subsidiary", "POST", CUSTOMER, {"companyName": "New"}, code="USER_ERROR",
         text="Please enter value(s) for: Primary Subsidiary"),
    Case("company without a name", "POST", CUSTOMER, {"subsidiary": {"id": "1"}}, code="USER_ERROR",
         text="You must enter a value for Company Name.", place="companyName"),
    Case("company with a blank name", "POST", CUSTOMER, company(companyName=" "), **USER),
    Case("person without a last name", "POST", CUSTOMER, person(lastName=None, firstName="Ada"),
         code="USER_ERROR", text="You must enter a value for Last Name.", place="lastName"),
    Case("name cleared", "PATCH", f"{CUSTOMER}/7", {"companyName": None}, code="USER_ERROR",
         text="You must enter a value for Company Name."),
    Case("subsidiary cleared", "PATCH", f"{CUSTOMER}/7", {"subsidiary": None}, code="USER_ERROR",
         text="Please enter value(s) for: Primary Subsidiary"),
    Case("field that the form makes mandatory", "POST", CUSTOMER, company(), code="USER_ERROR",
         text="Please enter value(s) for: Category", options={"required": {"customer": ["category"]}}),
    # 6 what is fixed or computed
    Case("another subsidiary after a transaction", "PATCH", f"{CUSTOMER}/9", {"subsidiary": {"id": "2"}},
         place="subsidiary", **VALUE),
    Case("another currency after a transaction", "PATCH", f"{CUSTOMER}/9", {"currency": {"id": "2"}},
         place="currency", **VALUE),
    Case("company turned person", "PATCH", f"{CUSTOMER}/7", {"isPerson": True, "lastName": "A"}, **VALUE),
    Case("written balance", "PATCH", f"{CUSTOMER}/7", {"balance": 5}, place="balance"),
    Case("written stage", "POST", CUSTOMER, company(searchStage="Lead"), place="searchStage"),
    Case("written date", "PATCH", f"{CUSTOMER}/7", {"lastModifiedDate": "2024-01-01T00:00:00Z"}),
    Case("written id", "POST", CUSTOMER, company(id="5"), place="id"),
    Case("confirmed opt-in by the integration", "PATCH", f"{CUSTOMER}/7",
         {"globalSubscriptionStatus": {"id": "3"}}, **VALUE),
    # 3b + 11 uniqueness
    Case("entity id taken", "POST", CUSTOMER, company(entityId="acme "), code="USER_ERROR",
         text="A customer record with this ID already exists. You must enter a unique customer ID"),
    Case("entity id taken by way of the name", "POST", CUSTOMER, company(companyName="Acme"), **USER),
    Case("external id taken", "POST", CUSTOMER, company(externalId="stripe_1"), code="USER_ERROR",
         text="Error while accessing a resource. This entity already exists."),
    Case("external id taken by a contact", "PUT", f"{CUSTOMER}/eid:acton_C_1", company(), code="USER_ERROR",
         text="This entity already exists."),
    Case("external id of the URL and of the body", "PUT", f"{CUSTOMER}/eid:a", company(externalId="b"),
         place="externalId", **VALUE),
    Case("contact name taken in its company", "POST", "/record/v1/contact",
         {"firstName": "Ada", "lastName": "Lovelace", "company": {"id": "7"}}, code="USER_ERROR",
         text="A contact record with this ID already exists."),
    # 3c address lines
    Case("two default billing addresses", "PATCH", f"{CUSTOMER}/7",
         {"addressBook": {"items": [{"defaultBilling": True}, {"defaultBilling": True}]}}, **USER),
    Case("unknown address line", "PATCH", f"{CUSTOMER}/7?replace=addressBook",
         {"addressBook": {"items": [{"id": "99999"}]}}, place="addressBook.items[0].id", **VALUE),
    Case("residential address of a contact", "PATCH", "/record/v1/contact/21",
         {"addressBook": {"items": [{"isResidential": True}]}}),
    Case("primary currency taken away", "PATCH", f"{CUSTOMER}/7?replace=currencyList",
         {"currencyList": {"items": [{"currency": {"id": "2"}}]}}, **USER),
    # 11 permissions and locks look like user errors
    Case("role may not create", "POST", CUSTOMER, company(), code="USER_ERROR",
         options={"forbidden": {"customer": ["create"]}},
         text="Your current role does not have permission to perform this action."),
    Case("role may not view", "GET", f"{CUSTOMER}/7", code="USER_ERROR",
         options={"forbidden": {"customer": ["view"]}}),
    Case("locked record", "PATCH", f"{CUSTOMER}/7", {}, code="USER_ERROR", options={"locked": {"customer": ["7"]}},
         text="This record has been locked by a user defined workflow."),
    Case("customer with dependants deleted", "DELETE", f"{CUSTOMER}/9", **USER),
    # 3d the q language
    Case("q with single quotes", "GET", f"{CUSTOMER}?q=email%20IS%20'a@x.io'", **QUERY),
    Case("q on an unknown field", "GET", f"{CUSTOMER}?q=nickname%20IS%20a", **QUERY),
    Case("q with an operator of another kind", "GET", f"{CUSTOMER}?q=email%20GREATER%201", **QUERY),
    Case("q with an ISO date", "GET", f"{CUSTOMER}?q=dateCreated%20AFTER%20%222024-01-01%22", **QUERY),
    Case("q cut short", "GET", f"{CUSTOMER}?q=email%20IS", **QUERY),
    Case("limit of a collection", "GET", f"{CUSTOMER}?limit=1001", code="INVALID_PARAMETER", place="limit"),
    Case("offset of a collection", "GET", f"{CUSTOMER}?limit=10&offset=5", code="INVALID_PARAMETER",
         place="offset"),
    # 4 SuiteQL
    Case("no Prefer header", "POST", SUITEQL, sql("SELECT id FROM customer"), code="INVALID_HEADER",
         place="Prefer", headers={"Prefer": ""}),
    Case("other Prefer header", "POST", SUITEQL, sql("SELECT id FROM customer"), code="INVALID_HEADER",
         headers={"Prefer": "respond-async"}),
    Case("limit over 1000", "POST", f"{SUITEQL}?limit=1001", sql("SELECT id FROM customer"),
         code="INVALID_PARAMETER", place="limit"),
    Case("offset that does not divide", "POST", f"{SUITEQL}?limit=1000&offset=500",
         sql("SELECT id FROM customer"), code="INVALID_PARAMETER", place="offset"),
    Case("no query", "POST", SUITEQL, {"params": []}, **QUERY),
    Case("too few parameters", "POST", SUITEQL, sql("SELECT id FROM customer WHERE id = ?"), **QUERY),
    Case("too many parameters", "POST", SUITEQL, sql("SELECT id FROM customer", "1"), **QUERY),
    Case("boolean parameter", "POST", SUITEQL, sql("SELECT id FROM customer WHERE isperson = ?", True),
         place="params"),
    Case("unknown column", "POST", SUITEQL, sql("SELECT nickname FROM customer"),
         code="INVALID_PARAMETER", text="Field 'nickname' not found."),
    Case("subsidiary is no column", "POST", SUITEQL, sql("SELECT subsidiary FROM customer"), **QUERY),
    Case("balance is balancesearch", "POST", SUITEQL, sql("SELECT balance FROM customer"), **QUERY),
    Case("internalid is no column", "POST", SUITEQL, sql("SELECT internalid FROM customer"), **QUERY),
    Case("unknown table", "POST", SUITEQL, sql("SELECT id FROM price_level"), **QUERY),
    Case("LIMIT", "POST", SUITEQL, sql("SELECT id FROM customer LIMIT 5"), **QUERY),
    Case("square brackets", "POST", SUITEQL, sql("SELECT [id] FROM customer"), **QUERY),
    Case("CURRENT_DATE", "POST", SUITEQL, sql("SELECT id FROM customer WHERE lastmodifieddate > CURRENT_DATE"),
         **QUERY),
    Case("LISTAGG, which is not modelled", "POST", SUITEQL, sql("SELECT LISTAGG(email) FROM customer"), **QUERY),
    Case("no FROM", "POST", SUITEQL, sql("SELECT SYSDATE"), **QUERY),
    Case("outer join mark", "POST", SUITEQL,
         sql("SELECT c.id FROM customer c, contact k WHERE c.id = k.company(+)"), **QUERY),
    Case("parameter beyond all numbers", "POST", SUITEQL, sql("SELECT id FROM customer WHERE id = ?", 10**30),
         place="params"),
    Case("two statements", "POST", SUITEQL, sql("SELECT id FROM customer; SELECT id FROM contact"), **QUERY),
    Case("a write", "POST", SUITEQL, sql("DELETE FROM customer"), **QUERY),
    Case("broken SQL", "POST", SUITEQL, sql("SELECT FROM WHERE"), **QUERY),
    Case("SQLite's own tables", "POST", SUITEQL, sql("SELECT name FROM sqlite_master"), **QUERY),
    Case("SQLite's own column", "POST", SUITEQL, sql("SELECT rowid FROM customer"), **QUERY),
    Case("ISO date without TO_DATE", "POST", SUITEQL,
         sql("SELECT id FROM customer WHERE lastmodifieddate >= '2020-01-01'"), **QUERY),
    Case("ISO moment in TO_DATE", "POST", SUITEQL,
         sql("SELECT id FROM customer WHERE lastmodifieddate >= TO_DATE(?, 'YYYY-MM-DD HH24:MI:SS')",
             "2020-01-01T00:00:00Z"), **QUERY),
    Case("unknown date format", "POST", SUITEQL, sql("SELECT TO_CHAR(lastmodifieddate, 'QQQ') FROM customer"),
         **QUERY),
    Case("text beside a number", "POST", SUITEQL, sql("SELECT id FROM customer WHERE id > ?", "none"), **QUERY),
    Case("column not grouped", "POST", SUITEQL, sql("SELECT email, COUNT(*) FROM customer"), **QUERY),
    Case("alias in WHERE", "POST", SUITEQL, sql("SELECT email AS e FROM customer WHERE e = 'x'"), **QUERY),
    Case("ambiguous column", "POST", SUITEQL,
         sql("SELECT id FROM customer c JOIN contact k ON k.company = c.id"), **QUERY),
    Case("ROWNUM in the select list", "POST", SUITEQL, sql("SELECT ROWNUM FROM customer"), **QUERY),
    Case("no workbook permission", "POST", SUITEQL, sql("SELECT id FROM customer"),
         options={"forbidden": {"suiteql": ["view"]}}, **QUERY),
    Case("table hidden from the role", "POST", SUITEQL, sql("SELECT id FROM contact"),
         options={"forbidden": {"contact": ["view"]}}, **QUERY),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_refused(case: Case, netsuite: Api) -> None:
    netsuite.seed(**SEED)
    netsuite.set(**case.options)
    before = netsuite.order("dump")

    answer = netsuite.send(case.method, case.path, case.body, case.headers, case.data)

    assert answer.status_code == case.status, answer.text
    status, code, text = refusal(answer)
    assert (status, code) == (case.status, case.code)
    assert case.text in text
    if case.place is not None:
        details = answer.json()["o:errorDetails"][0]
        assert case.place in [details.get(f"o:error{kind}") for kind in ("Path", "QueryParam", "Header")]
    assert answer.json()["status"] == case.status
    if case.status != 401:
        assert netsuite.order("dump") == before
