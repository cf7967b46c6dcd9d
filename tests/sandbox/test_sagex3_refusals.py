"""What the Sage X3 stand-in must refuse, with the section of the fact sheet that says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from sagex3_api import BRICK, Api, listing, record


@dataclass(frozen=True)
class Case:
    """`section` of the fact sheet; `html`: a page for people comes instead of diagnoses."""

    name: str
    section: str
    method: str
    path: str
    status: int
    text: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    html: bool = False


CUSTOMER = record("BPCUSTOMER", "C1007")
BODY = {"json": {"BPCNAM": "X"}}
CASES = [
    # 2 logins
    Case("no login", "1.5", "GET", CUSTOMER, 401, more={"auth": None}, html=True),
    Case("wrong password", "2", "GET", CUSTOMER, 401, more={"auth": ("WSCONCORD", "x")}, html=True),
    Case("no login, redirected", "1.5", "GET", CUSTOMER, 302, "", {"login_redirects": True}, {"auth": None}, html=True),
    Case("basic where only OAuth2 is listed", "2", "GET", CUSTOMER, 401, "", {"auth": ["oauth2"]}, html=True),
    Case("unknown bearer token", "2", "GET", CUSTOMER, 401, "token",
         more={"auth": None, "headers": {"Authorization": "Bearer x"}}),
    Case("bearer where only basic is listed", "2", "GET", CUSTOMER, 401, "", {"auth": ["basic"]},
         {"auth": None, "headers": {"Authorization": "Bearer x"}}, html=True),
    # 1 addresses
    Case("unknown endpoint", "1", "GET", "/api1/x3/erp/OTHER/BPCUSTOMER?representation=BPCUSTOMER.$query", 404),
    Case("without api1", "0", "GET", "/api/x3/erp/SEED/BPCUSTOMER?representation=BPCUSTOMER.$query", 404),
    Case("unknown class", "1", "GET", listing("BPNONE"), 404, "unknown class"),
    Case("class that is not exposed", "1", "GET", listing("CONTACT"), 404, "unknown class", {"closed": ["CONTACT"]}),
    Case("no representation", "1", "GET", "BPCUSTOMER", 400, "representation"),
    Case("another representation", "1", "GET", "BPCUSTOMER?representation=OTHER.$query", 404, "representation"),
    Case("unknown facet", "1", "GET", "BPCUSTOMER?representation=BPCUSTOMER.$all", 400, "facet"),
    Case("details without a key", "1.2", "GET", "BPCUSTOMER?representation=BPCUSTOMER.$details", 400),
    Case("query with a key", "1.1", "GET", "BPCUSTOMER('C1007')?representation=BPCUSTOMER.$query", 400),
    # 1.1 queries
    Case("unknown property in where", "1.1", "GET", listing("BPCUSTOMER", where="NOPE eq 1"), 500, "unknown property"),
    Case("property beside the facet in where", "1.1", "GET", listing("BPCUSTOMER", where="EECNUM eq 'FR1'"), 500,
         "unknown property"),
    Case("time stamp that is not exposed", "6", "GET", listing("BPCUSTOMER", where="UPDDATTIM gt @2026-01-01@"), 500,
         "unknown property"),
    Case("order by a property beside the facet", "1.1", "GET", listing("BPCUSTOMER", orderBy="OSTAUZ"), 500,
         "unknown property"),
    Case("order in a third direction", "1.1", "GET", listing("BPCUSTOMER", orderBy="BPCNUM up"), 400),
    Case("double quotes", "1.1", "GET", listing("BPCUSTOMER", where='BPCNUM eq "C1"'), 400),
    Case("unknown comparison", "1.1", "GET", listing("BPCUSTOMER", where="BPCNUM = 'C1'"), 400),
    Case("open bracket", "1.1", "GET", listing("BPCUSTOMER", where="(BPCNUM eq 'C1'"), 400),
    Case("date without marks", "1.1", "GET", listing("BPCUSTOMER", where="UPDDAT ge 2026-01-31"), 400),
    Case("menu as a text", "7", "GET", listing("BPCUSTOMER", where="BPCSTA eq 'true'"), 500, "type mismatch"),
    Case("count that is no number", "1.1", "GET", listing("BPCUSTOMER", count="all"), 400),
    Case("offset", "1.1", "GET", listing("BPCUSTOMER", startIndex="20"), 400, "unknown parameter"),
    Case("key without a verb", "1.1", "GET", listing("BPCUSTOMER", key="C1007"), 400),
    # 1.2 details
    Case("missing record", "1.2", "GET", record("BPCUSTOMER", "C9"), 404, "not found"),
    Case("code in lower case", "7", "GET", record("BPCUSTOMER", "c1007"), 404, "not found"),
    Case("contact by its code alone", "1.2", "GET", record("CONTACT", "K1"), 400, "3 value(s)"),
    Case("address without its type", "1.2", "GET", record("BPADDRESS", "C1007~A01"), 400, "3 value(s)"),
    # 0, 1.3 writing
    Case("create a customer", "0", "POST", "BPCUSTOMER?representation=BPCUSTOMER.$create", 405, more=BODY),
    Case("edit a customer", "0", "PUT", "BPCUSTOMER('C1007')?representation=BPCUSTOMER.$edit", 405, more=BODY),
    Case("delete a customer", "1.3", "DELETE", CUSTOMER, 405),
    Case("edit by PATCH", "0", "PATCH", "BPCUSTOMER('C1007')?representation=BPCUSTOMER.$edit", 400, more=BODY),
    Case("template of a classic object", "1.3", "GET", "BPCUSTOMER/$template?representation=BPCUSTOMER.$create", 405),
    Case("prototype of a facet that is not there", "1.4", "GET", "BPCUSTOMER/$prototypes('BPCUSTOMER.$create')", 405),
    # 2 licences
    Case("no session badge left", "0", "GET", "/sdata/x3/erp/SEED/BPCUSTOMER?representation=BPCUSTOMER.$query", 403,
         "badge", {"badges": 0}),
    Case("XML", "1", "GET", CUSTOMER, 406, more={"headers": {"Accept": "application/xml"}}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_it_refuses(sagex3: Api, case: Case) -> None:
    sagex3.seed(customers=[BRICK])
    sagex3.set(**case.options)

    answer = sagex3.send(case.method, case.path, **case.more)

    assert answer.status_code == case.status, answer.text
    if case.html:
        assert answer.headers["Content-Type"].startswith("text/html")
        return
    (diagnosis,) = answer.json()["$diagnoses"]
    assert diagnosis["$severity"] == "error"
    assert case.text in diagnosis["$message"]


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "x"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, 400, "unsupported_grant_type"),
        ({"refresh_token": "x"}, 400, "invalid_grant"),
    ],
)
def test_the_token_endpoint_refuses(sagex3: Api, form: dict[str, str], status: int, error: str) -> None:
    names = ("client_id", "client_secret", "refresh_token")
    whole = {name: sagex3.settings[name] for name in names} | {"grant_type": "refresh_token"} | form

    answer = sagex3.send("POST", "/v1/token", auth=None, data=whole)

    assert (answer.status_code, answer.json()) == (status, {"error": error})


@pytest.mark.parametrize(
    "data",
    [
        {"customers": [{"BPCNUM": "C1", "BPCNAM": "x" * 36}]},
        {"customers": [{"BPCNUM": "c1", "BPCNAM": "Low"}]},
        {"customers": [{"BPCNUM": "C1", "BPCNAM": "A", "BPCSTA": True}]},
        {"customers": [{"BPCNUM": "C1", "BPCNAM": "A", "OSTLEVTOT": 5}]},
        {"customers": [{"BPCNUM": "C1"}]},
        {"customers": [{"BPCNUM": "C1", "BPCNAM": "A"}] * 2},
        {"movements": [{"BPCNUM": "C404", "amount": 5}]},
        {"people": []},
    ],
)
def test_a_seed_that_x3_could_not_hold_is_refused(sagex3: Api, data: Any) -> None:
    url = sagex3.url.partition("/api1")[0] + "/_control"

    answer = sagex3.session.post(url, json={"do": "seed", "data": data}, timeout=10)

    assert answer.status_code == 400
