"""Requests that must fail; the number is the sheet's section."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from acton_api import CUSTOMERS, KIM, UCL, Api

EMPTY: dict[str, Any] = {}
LIST = "/api/1/list/l-0001"
RECORD = f"{LIST}/record"
SEED = {
    "fields": [{"name": "ERP number", "type": "TEXT"}, {"name": "Deals", "type": "NUMBER"}],
    "contacts": [KIM],
    "segments": [{"id": 101, "name": "All"}, {"id": 102, "name": "Big", "direct": False}],
    "lists": [CUSTOMERS],
    "categories": ["News"],
}


@dataclass(frozen=True)
class Case:
    """One request and its refusal: a body, or None for an empty text."""

    name: str
    method: str
    path: str
    body: Any = None
    status: int = 400
    says: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)


def listed(code: int, message: str) -> dict[str, Any]:
    return {"says": {"errorCode": code, "message": message}}


def gateway(status: int, message: str, more: str) -> dict[str, Any]:
    says = {"httpCode": str(status), "httpMessage": message, "moreInformation": more}
    return {"status": status, "says": says}


NO_LOGIN = gateway(401, "Unauthorized", "The access token is missing, unknown or expired")
BAD = {"says": EMPTY}
NO_LIST = listed(10004, "Invalid or missing list")
NO_CONTACT = listed(10008, "Invalid contact")
NO_COLUMN = listed(10010, "Invalid Column Specified")
CSV = {"file": ("a.csv", "email\na@x.example\n", "text/csv")}
TWO_COLUMNS = {"file": ("a.csv", "email,name\na@x.example,A\n", "text/csv")}

CASES = [
    # 2 logins
    Case("no token", "GET", f"{UCL}/contact", headers={"Authorization": ""}, **NO_LOGIN),
    Case("unknown token", "GET", f"{UCL}/contact", headers={"Authorization": "Bearer no"}, **NO_LOGIN),
    Case("token in the query", "GET", "/api/1/list?access_token=x", headers={"Authorization": ""}, **NO_LOGIN),
    Case("feature off", "GET", "/api/1/list", status=403, options={"api_enabled": False},
         says={"error": "PUBLIC_API_FEATURE_NOT_ENABLED",
               "error_description": "The public API is not enabled for this account"}),
    # 3 limits
    Case("too many in a second", "GET", "/api/1/list", options={"per_second": 0},
         **gateway(429, "Too Many Requests", "Rate limit exceeded")),
    Case("too many in a day", "GET", "/api/1/list", options={"per_day": 0},
         **gateway(429, "Too Many Requests", "Daily quota exceeded")),
    # 4 and 5 lists
    Case("unknown list", "GET", "/api/1/list/l-0009", **NO_LIST),
    Case("unknown heading in fields", "GET", f"{LIST}?fields=Shoe%20size", **NO_COLUMN),
    Case("fields with dates", "GET", f"{LIST}?fields=First%20Name&datequalifiers=true",
         **listed(10010, "fields and datequalifiers cannot be combined")),
    Case("insert of an unknown heading", "POST", RECORD, {"Shoe size": "42"}, **NO_COLUMN),
    Case("insert of a number", "POST", RECORD, {"First Name": 42}, **NO_COLUMN),
    Case("insert into no list", "POST", "/api/1/list/l-0009/record", {"First Name": "A"}, **NO_LIST),
    Case("upsert without an address", "PUT", RECORD, {"First Name": "A"}, **NO_CONTACT),
    Case("update of nobody", "PUT", f"{RECORD}/l-0001:9", {"First Name": "A"}, **NO_CONTACT),
    Case("read of nobody", "GET", f"{RECORD}/l-0001:9", **NO_CONTACT),
    Case("deletion of nobody", "DELETE", f"{RECORD}/l-0001:9", **NO_CONTACT),
    Case("deletion of 101 at once", "DELETE", RECORD + "?contactids=" + ",".join(["l-0001:1"] * 101),
         **listed(10054, "Invalid contact ids")),
    Case("look-up of nobody", "GET", "/api/1/list/lookup/l-0001?email=no@x.example", **NO_CONTACT),
    Case("merge without a file", "PUT", LIST, **listed(10003, "Input file missing")),
    Case("merge by a column that is not there", "PUT", LIST, more={"files": CSV},
         **listed(10088, "Merge column missing")),
    Case("merge into another list", "PUT", LIST, **listed(10025, "Invalid merge destination"),
         more={"files": CSV, "data": {"mergespecs": '[{"dstListId": "l-0002"}]'}}),
    Case("unknown job", "GET", "/api/1/list/j9/status", **listed(10017, "Job id is invalid or expired")),
    Case("method of a list", "PATCH", LIST, {},
         **gateway(405, "Method Not Allowed", "The method PATCH is not allowed on this resource")),
    Case("unknown address", "GET", "/api/1/hybrid", **gateway(404, "Not Found", "No resources match requested URI")),
    # 6 consent
    Case("opt-out without a file", "PUT", "/api/1/list/optout", **listed(10003, "Input file missing")),
    Case("opt-out of two columns", "PUT", "/api/1/list/optout", more={"files": TWO_COLUMNS}, **NO_COLUMN),
    Case("opt-in that is not enabled", "PUT", "/api/1/list/optin", more={"files": CSV},
         **gateway(403, "Forbidden", "The feature is not enabled for this account")),
    Case("unknown category", "GET", "/api/1/subscription/optout?category=Spam",
         **listed(10054, "Invalid subscription category")),
    # 7 contacts
    Case("another account", "GET", "/ucl/v2/99/contact", status=403),
    Case("no JSON wanted", "GET", f"{UCL}/contact", status=406, headers={"Accept": "text/html"}),
    Case("no JSON sent", "POST", f"{UCL}/contact", status=415, more={"data": {"email": "a@x.example"}}),
    Case("no address", "POST", f"{UCL}/contact", {"firstName": "A"}, **BAD),
    Case("wrong address", "POST", f"{UCL}/contact", {"email": "a at x"}, **BAD),
    Case("unknown field", "POST", f"{UCL}/contact", {"email": "a@x.example", "shoeSize": "42"}, **BAD),
    Case("read-only field", "PUT", f"{UCL}/contact/id/l-unified-contacts:1", {"actonPrimaryScore": 9}, **BAD),
    Case("custom field by its name", "POST", f"{UCL}/contact",
         {"email": "a@x.example", "customFields": {"ERP number": "1"}}, **BAD),
    Case("text in a number", "POST", f"{UCL}/contact", {"email": "a@x.example", "customFields": {"51": "x"}}, **BAD),
    Case("address that is there", "POST", f"{UCL}/contact", {"email": "KIM@brick.example"}, status=409),
    Case("external id that is there", "POST", f"{UCL}/contact?createContactMethod=EXTERNAL_ID",
         {"email": "a@x.example", "externalId": "C-1", "objectType": "Contact"}, status=409),
    Case("unknown method", "POST", f"{UCL}/contact?createContactMethod=NAME", {"email": "a@x.example"}, **BAD),
    Case("unknown policy", "PUT", f"{UCL}/contact/email/a@x.example?upsertContactPolicy=ANY", {}, **BAD),
    Case("nobody by id", "GET", f"{UCL}/contact/id/l-unified-contacts:9", status=404),
    Case("nobody by address", "GET", f"{UCL}/contact/email/no@x.example", status=404),
    Case("deletion by id", "DELETE", f"{UCL}/contact/id/l-unified-contacts:1", status=405),
    Case("scores of nobody", "GET", f"{UCL}/contactReport/id/l-unified-contacts:9/scores", status=404),
    Case("column of no type", "POST", f"{UCL}/schema/field", {"name": "Colour", "type": "COLOUR"}, **BAD),
    Case("column that is there", "POST", f"{UCL}/schema/field", {"name": "erp number", "type": "TEXT"}, status=409),
    Case("deletion of a standard column", "DELETE", f"{UCL}/schema/field/1110", **BAD),
    Case("contacts for a query", "PUT", f"{UCL}/segment/102/contacts", ["l-unified-contacts:1"], **BAD),
    Case("unknown segment", "PUT", f"{UCL}/segment/9/contacts", ["l-unified-contacts:1"], status=404),
    # 8 other envelopes
    Case("custom object", "GET", "/custom-objects/v1/12345/deal", status=404,
         says={"errorId": "e-1", "requestUri": "/custom-objects/v1/12345/deal",
               "errorMessage": "Custom objects are not modelled", "errorList": [], "status": 404}),
    Case("mailing", "GET", "/ete/v1/message", status=404,
         says={"errorName": "NOT_FOUND", "message": "Transactional e-mail is not modelled"}),
    # 9 events
    Case("unknown event", "POST", "/api/1/customevents/fact", more={"data": {"customeventaction": "CUSTOM_X"}},
         **listed(10054, "Invalid custom event action")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_it_refuses(acton: Api, case: Case) -> None:
    acton.seed(**SEED)
    acton.set(rate_limits=True, **case.options)

    answer = acton.send(case.method, case.path, case.body, case.headers, **case.more)

    assert answer.status_code == case.status, answer.text
    if case.says is None:
        assert (answer.text, answer.headers["content-type"]) == ("", "text/plain")
    else:
        assert answer.json() == case.says


def test_error_codes_may_come_as_text(acton: Api) -> None:
    acton.set(text_codes=True)

    assert acton.send("GET", "/api/1/list/l-0009").json()["errorCode"] == "10004"
