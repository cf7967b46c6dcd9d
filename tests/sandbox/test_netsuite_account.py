"""The account around the records: limits, scripts, merges, people who edit, what the control box sees."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from netsuite_api import COMPANY, Api, origin, refusal


def firm(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, **COMPANY, "companyName": f"Firm {id_}", **more}


def together(api: Api, count: int) -> list[int]:
    """Status codes of `count` requests that run at once."""
    headers = {"Authorization": f"Bearer {api.token}"}

    def read(_: int) -> int:
        return requests.get(f"{api.url}/record/v1/term/1", headers=headers, timeout=10).status_code

    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(read, range(count)))


def test_the_sixth_request_at_once_is_refused(netsuite: Api) -> None:
    netsuite.set(work_ms=300)

    assert together(netsuite, 7) == [200] * 5 + [429] * 2


def test_the_concurrency_limit_can_be_lowered(netsuite: Api) -> None:
    netsuite.set(work_ms=300, concurrency_limit=1)

    assert together(netsuite, 3) == [200, 429, 429]
    assert netsuite.send("GET", "/system/v1/governanceLimits").json()["accountConcurrencyLimit"] == 1


def test_the_body_of_a_refused_request(netsuite: Api) -> None:
    netsuite.set(concurrency_limit=0)

    answer = netsuite.send("GET", "/record/v1/term/1")

    assert answer.json()["title"] == "Bad Request"
    assert refusal(answer) == (
        429,
        "CONCURRENCY_LIMIT_EXCEEDED",
        "Concurrent request limit exceeded. Request blocked.",
    )


def test_scripts_change_values_after_every_save(netsuite: Api) -> None:
    scripts = {"companyName": "truncate:4", "phone": "reformat", "city": "upper"}
    netsuite.set(scripts={"customer": scripts})
    address = {"addressBookAddress": {"city": "Paris", "country": {"id": "FR"}}}
    body = {"companyName": "Acme Corporation", "subsidiary": {"id": "1"}, "phone": "555 123 4567"}

    id_ = netsuite.post("customer", {**body, "addressBook": {"items": [address]}})

    shown = netsuite.get(f"/customer/{id_}?expandSubResources=true")
    assert (shown["companyName"], shown["phone"]) == ("Acme", "(555) 123-4567")
    assert shown["addressBook"]["items"][0]["addressBookAddress"]["city"] == "PARIS"


def test_auto_numbering_overwrites_the_entity_id(netsuite: Api) -> None:
    netsuite.set(auto_numbering="CUST")

    id_ = netsuite.post("customer", {**COMPANY, "entityId": "Mine"})
    named = netsuite.post("customer", {**COMPANY, "entityId": "Mine", "autoName": False})

    assert netsuite.get(f"/customer/{id_}")["entityId"] == f"CUST{id_}"
    assert netsuite.get(f"/customer/{named}")["entityId"] == "Mine"


def test_a_merge_moves_what_belonged_to_the_loser(netsuite: Api) -> None:
    netsuite.seed(
        customer=[firm("7", phone="5551234567", externalId="stripe_7"), firm("9", email="nine@x.example"),
                  firm("11", parent={"id": "7"})],
        contact=[{"id": "21", "lastName": "Lovelace", "company": {"id": "7"}}],
        opportunity=[{"id": "31", "entity": {"id": "7"}, "title": "Deal"}],
    )  # fmt: skip

    netsuite.order("merge", data={"from": "7", "into": "9"})

    assert refusal(netsuite.send("GET", "/record/v1/customer/7"))[:2] == (404, "NONEXISTENT_ID")
    assert netsuite.send("GET", "/record/v1/customer/eid:stripe_7").status_code == 404
    assert netsuite.get("/customer/9")["phone"] == "5551234567"
    assert netsuite.get("/contact/21")["company"]["id"] == "9"
    assert netsuite.get("/opportunity/31")["entity"]["id"] == "9"
    assert netsuite.get("/customer/11")["parent"]["id"] == "9"
    assert netsuite.rows("SELECT recordid, name FROM deletedrecord") == [{"recordid": "7", "name": "Firm 7"}]


def test_a_person_may_edit_in_the_user_interface(netsuite: Api) -> None:
    netsuite.seed(customer=[firm("7", lastModifiedDate="2024-01-01T00:00:00Z")])

    netsuite.set(edit={"customer": {"7": {"phone": "1"}}})

    shown = netsuite.get("/customer/7")
    assert (shown["phone"], shown["lastModifiedDate"] > "2024-01-02") == ("1", True)


def test_seeds_keep_their_ids_and_dates(netsuite: Api) -> None:
    stamps = {"dateCreated": "2020-01-01T00:00:00Z", "lastModifiedDate": "2021-01-01T00:00:00Z"}

    netsuite.seed(customer=[firm("7", balance=12.5, **stamps)])

    shown = netsuite.get("/customer/7?fields=dateCreated,lastModifiedDate,balance")
    assert {name: shown[name] for name in stamps} == stamps
    assert shown["balance"] == 12.5
    assert int(netsuite.post("customer", COMPANY)) == 501


def test_a_dump_can_be_seeded_again(netsuite: Api) -> None:
    address = {"label": "HQ", "defaultBilling": True, "addressBookAddress": {"city": "Paris"}}
    netsuite.seed(customer=[firm("7", addressBook={"items": [address]}, terms={"id": "2"})])
    before = netsuite.order("dump")["customer"]

    netsuite.order("reset")
    netsuite.seed(customer=before)

    assert netsuite.order("dump")["customer"] == before


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ({"do": "seed", "data": {"customers": []}}, "unknown record type(s) in the seed: customers"),
        ({"do": "seed", "data": {"customer": [{"companyName": "A"}]}}, "Primary Subsidiary"),
        ({"do": "seed", "data": {"customer": [firm("900001")]}}, "the id 900001 is taken"),
        ({"do": "set", "data": {"portal": True}}, "unknown option(s): portal"),
        ({"do": "set", "data": {"scripts": {"customer": {"city": "rot13"}}}}, "unknown script rot13"),
        ({"do": "set", "data": {"edit": {"customer": {"5": {}}}}}, "Record does not exist."),
        ({"do": "merge", "data": {"from": "5", "into": "6"}}, "Record does not exist."),
        ({"do": "dance"}, "unknown order 'dance'"),
    ],
)
def test_orders_that_make_no_sense_are_refused(netsuite: Api, order: dict[str, Any], text: str) -> None:
    answer = netsuite.session.post(f"{origin(netsuite.url)}/_control", json=order, timeout=10)

    assert answer.status_code == 400
    assert text in answer.json()["error"]


def test_a_reset_brings_the_furniture_back_and_the_options(netsuite: Api) -> None:
    netsuite.set(auto_numbering="CUST", custom_fields={"customer": {"custentity_x": "text"}})
    netsuite.seed(customer=[firm("7")], term=[{"id": "1", "name": "Changed"}])

    netsuite.order("reset")

    assert netsuite.get("/customer")["items"] == []
    assert netsuite.get("/term/1")["name"] == "Net 15"
    assert netsuite.get(f"/customer/{netsuite.post('customer', COMPANY)}")["entityId"] == "Acme"


def test_revoked_tokens_open_nothing(netsuite: Api) -> None:
    netsuite.order("revoke_tokens")
    refused = netsuite.send("GET", "/record/v1/term/1")
    netsuite.log_in()

    assert refusal(refused)[:2] == (401, "INVALID_LOGIN")
    assert netsuite.send("GET", "/record/v1/term/1").status_code == 200


def test_a_write_whose_answer_is_lost_has_landed(netsuite: Api) -> None:
    netsuite.order("fault", fault={"method": "PUT", "path": "/customer/eid:stripe_1$", "kind": "drop_after"})

    with pytest.raises(requests.ConnectionError):
        netsuite.send("PUT", "/record/v1/customer/eid:stripe_1", COMPANY)

    assert netsuite.put("/customer/eid:stripe_1", COMPANY) == "501"
    assert netsuite.get("/customer")["totalResults"] == 1


def test_the_same_requests_give_the_same_ids(netsuite: Api) -> None:
    first = [netsuite.post("customer", {**COMPANY, "companyName": name}) for name in "AB"]
    netsuite.order("reset")

    assert [netsuite.post("customer", {**COMPANY, "companyName": name}) for name in "AB"] == first
