"""Customers and contacts over the record service: sections 3 and 6 of the sheet."""

from __future__ import annotations

from typing import Any

import pytest
from netsuite_api import COMPANY, Api

ADA = {
    "isPerson": True,
    "firstName": "Ada",
    "lastName": "Lovelace",
    "email": "ada@x.example",
    "externalId": "STRIPE_cus_A",
    "subsidiary": {"id": "1"},
    "entityStatus": {"id": "13"},
    "currency": {"id": "1"},
}


def line(label: str, city: str, **more: Any) -> dict[str, Any]:
    return {"label": label, "addressBookAddress": {"city": city, "country": {"id": "FR"}}, **more}


def lines(api: Api, id_: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = api.get(f"/customer/{id_}?expandSubResources=true")["addressBook"]["items"]
    return items


def cities(api: Api, id_: str) -> list[str]:
    return [item["addressBookAddress"]["city"] for item in lines(api, id_)]


def test_a_create_answers_with_the_location_alone(netsuite: Api) -> None:
    answer = netsuite.send("POST", "/record/v1/customer", ADA)

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Location"] == f"{netsuite.url}/record/v1/customer/501"


def test_a_read_shows_references_with_their_names_and_no_nulls(netsuite: Api) -> None:
    id_ = netsuite.post("customer", ADA)

    shown = netsuite.get(f"/customer/{id_}")

    assert shown["id"] == id_
    assert (shown["entityId"], shown["isPerson"], shown["searchStage"]) == ("Ada Lovelace", True, "Customer")
    assert (shown["subsidiary"]["id"], shown["subsidiary"]["refName"]) == ("1", "Parent Company")
    assert shown["currency"]["links"][0]["href"] == f"{netsuite.url}/record/v1/currency/1"
    assert shown["addressBook"] == {
        "links": [{"rel": "self", "href": f"{netsuite.url}/record/v1/customer/{id_}/addressBook"}]
    }
    assert None not in shown.values()
    assert not {"phone", "companyName", "parent"} & shown.keys()


def test_fields_select_body_fields(netsuite: Api) -> None:
    id_ = netsuite.post("customer", ADA)

    shown = netsuite.get(f"/customer/{id_}?fields=email,entityId")

    assert shown == {
        "links": [{"rel": "self", "href": f"{netsuite.url}/record/v1/customer/{id_}?fields=email,entityId"}],
        "email": "ada@x.example",
        "entityId": "Ada Lovelace",
    }


def test_enums_come_with_a_name_or_bare(netsuite: Api) -> None:
    id_ = netsuite.post("customer", {**ADA, "language": "fr_FR"})

    assert netsuite.get(f"/customer/{id_}")["language"] == {"id": "fr_FR", "refName": "French (France)"}
    assert netsuite.get(f"/customer/{id_}?simpleEnumFormat=true")["language"] == "fr_FR"


def test_enums_are_written_by_name_as_well(netsuite: Api) -> None:
    id_ = netsuite.post("customer", {**ADA, "globalSubscriptionStatus": {"refName": "Soft Opt-In"}})

    assert netsuite.get(f"/customer/{id_}")["globalSubscriptionStatus"]["id"] == "1"


def test_a_patch_leaves_what_it_does_not_name_and_clears_what_is_null(netsuite: Api) -> None:
    id_ = netsuite.post("customer", {**ADA, "phone": "+33 1 23 45", "comments": "old"})

    netsuite.patch(f"/customer/{id_}", {"comments": None, "email": "new@x.example"})

    shown = netsuite.get(f"/customer/{id_}")
    assert (shown["phone"], shown["email"], shown.get("comments")) == ("+33 1 23 45", "new@x.example", None)


def test_with_selected_fields_only_the_named_nulls_count(netsuite: Api) -> None:
    id_ = netsuite.post("customer", {**ADA, "phone": "+33 1 23 45", "comments": "old"})

    netsuite.patch(f"/customer/{id_}?replaceSelectedFields=true&replace=phone", {"comments": None, "phone": None})

    shown = netsuite.get(f"/customer/{id_}")
    assert ("phone" in shown, shown["comments"]) == (False, "old")


def test_a_put_by_external_id_creates_once_and_then_updates(netsuite: Api) -> None:
    body = {**COMPANY, "email": "a@x.example"}

    first = netsuite.put("/customer/eid:STRIPE_cus_B", body)
    second = netsuite.put("/customer/eid:STRIPE_cus_B", {"email": "b@x.example"})

    assert first == second
    shown = netsuite.get("/customer/eid:STRIPE_cus_B")
    assert (shown["companyName"], shown["email"]) == ("Acme", "b@x.example")


def test_an_external_id_addresses_reads_patches_and_deletes(netsuite: Api) -> None:
    netsuite.post("customer", ADA)

    netsuite.patch("/customer/eid:STRIPE_cus_A", {"phone": "5551234567"})
    assert netsuite.get("/customer/eid:STRIPE_cus_A")["phone"] == "5551234567"
    netsuite.delete("/customer/eid:STRIPE_cus_A")

    assert netsuite.send("GET", "/record/v1/customer/eid:STRIPE_cus_A").status_code == 404


def test_a_cleared_external_id_is_free_again(netsuite: Api) -> None:
    id_ = netsuite.post("customer", ADA)

    netsuite.patch(f"/customer/{id_}", {"externalId": None})

    assert netsuite.put("/customer/eid:STRIPE_cus_A", {**COMPANY}) != id_


@pytest.mark.parametrize(("mode", "warned"), [("", True), ("Warning", True), ("Ignore", False)])
def test_without_strict_names_a_misspelt_field_is_dropped(netsuite: Api, mode: str, warned: bool) -> None:
    answer = netsuite.send(
        "POST",
        "/record/v1/customer",
        {**COMPANY, "phnoe": "5551234567"},
        headers={"X-NetSuite-PropertyNameValidation": mode},
    )

    assert answer.status_code == 204
    assert ("phnoe" in answer.headers.get("X-NetSuite-Warnings", "")) is warned
    assert "phone" not in netsuite.get("/customer/501")


def test_the_status_drives_the_stage(netsuite: Api) -> None:
    lead = netsuite.post("customer", {**COMPANY, "entityStatus": {"id": "6"}})
    assert netsuite.get(f"/customer/{lead}")["searchStage"] == "Lead"

    netsuite.patch(f"/customer/{lead}", {"entityStatus": {"id": "8"}})

    assert netsuite.get(f"/customer/{lead}")["searchStage"] == "Prospect"


def test_an_integer_serves_as_the_id_of_a_reference(netsuite: Api) -> None:
    id_ = netsuite.post("customer", {**COMPANY, "terms": {"id": 2}})

    assert netsuite.get(f"/customer/{id_}")["terms"]["refName"] == "Net 30"


def test_moments_are_kept_in_utc(netsuite: Api) -> None:
    id_ = netsuite.post("customer", {**COMPANY, "custentity_last_order": "2024-03-01T10:00:00+02:00"})

    assert netsuite.get(f"/customer/{id_}")["custentity_last_order"] == "2024-03-01T08:00:00Z"


def test_a_patch_appends_address_lines_even_equal_ones(netsuite: Api) -> None:
    id_ = netsuite.post("customer", {**COMPANY, "addressBook": {"items": [line("HQ", "Paris")]}})

    netsuite.patch(f"/customer/{id_}", {"addressBook": {"items": [line("HQ", "Paris")]}})

    assert cities(netsuite, id_) == ["Paris", "Paris"]


def test_a_line_with_its_id_is_updated_in_place(netsuite: Api) -> None:
    id_ = netsuite.post("customer", {**COMPANY, "addressBook": {"items": [line("HQ", "Paris"), line("B", "Lyon")]}})
    first = lines(netsuite, id_)[0]["id"]

    netsuite.patch(
        f"/customer/{id_}", {"addressBook": {"items": [{"id": first, "addressBookAddress": {"city": "Nice"}}]}}
    )

    assert cities(netsuite, id_) == ["Nice", "Lyon"]
    assert lines(netsuite, id_)[0]["addressBookAddress"]["country"] == {"id": "FR", "refName": "France"}


def test_replace_removes_lines_that_are_not_named(netsuite: Api) -> None:
    id_ = netsuite.post("customer", {**COMPANY, "addressBook": {"items": [line("A", "Paris"), line("B", "Lyon")]}})
    second = lines(netsuite, id_)[1]["id"]

    body = {"addressBook": {"items": [{"id": second}, line("C", "Nice")]}}
    netsuite.patch(f"/customer/{id_}?replace=addressBook", body)

    assert cities(netsuite, id_) == ["Lyon", "Nice"]
    assert lines(netsuite, id_)[0]["id"] == second


@pytest.mark.parametrize("empty", [None, {"items": None}])
def test_a_null_sublist_empties_it(netsuite: Api, empty: Any) -> None:
    id_ = netsuite.post("customer", {**COMPANY, "addressBook": {"items": [line("A", "Paris")]}})

    netsuite.patch(f"/customer/{id_}", {"addressBook": empty})

    assert lines(netsuite, id_) == []


def test_a_new_default_takes_the_flag_from_the_old_line(netsuite: Api) -> None:
    first = line("A", "Paris", defaultBilling=True, defaultShipping=True)
    id_ = netsuite.post("customer", {**COMPANY, "addressBook": {"items": [first]}})

    netsuite.patch(f"/customer/{id_}", {"addressBook": {"items": [line("B", "Lyon", defaultBilling=True)]}})

    flags = [(item["defaultBilling"], item["defaultShipping"]) for item in lines(netsuite, id_)]
    assert flags == [(False, True), (True, False)]
    assert netsuite.get(f"/customer/{id_}")["defaultAddress"] == "Lyon\nFR"


def test_address_names_in_lower_case_are_accepted(netsuite: Api) -> None:
    item = {"addressbookaddress": {"city": "Paris", "country": "FR"}}

    id_ = netsuite.post("customer", {**COMPANY, "addressbook": {"items": [item]}})

    assert cities(netsuite, id_) == ["Paris"]


def test_address_lines_are_resources_of_their_own(netsuite: Api) -> None:
    id_ = netsuite.post("customer", {**COMPANY, "addressBook": {"items": [line("A", "Paris")]}})
    key = lines(netsuite, id_)[0]["id"]

    assert netsuite.get(f"/customer/{id_}/addressBook")["totalResults"] == 1
    assert netsuite.get(f"/customer/{id_}/addressBook/{key}")["label"] == "A"
    assert netsuite.get(f"/customer/{id_}/addressBook/{key}/addressBookAddress")["city"] == "Paris"
    assert netsuite.send("GET", f"/record/v1/customer/{id_}/addressBook/1").status_code == 404


def test_the_currency_list_is_keyed_and_holds_the_primary_currency(netsuite: Api) -> None:
    wanted = {"items": [{"currency": {"id": "2"}}, {"currency": {"id": "1"}}]}
    id_ = netsuite.post("customer", {**COMPANY, "currencyList": wanted})

    netsuite.patch(f"/customer/{id_}", {"currencyList": {"items": [{"currency": {"id": "3"}}]}})
    netsuite.patch(f"/customer/{id_}", {"currencyList": wanted})

    shown = netsuite.get(f"/customer/{id_}?expand=currencyList")
    assert [item["currency"]["id"] for item in shown["currencyList"]["items"]] == ["1", "2", "3"]
    assert "items" not in shown["addressBook"]


def test_the_primary_currency_is_that_of_the_subsidiary(netsuite: Api) -> None:
    id_ = netsuite.post("customer", {"companyName": "Firma", "subsidiary": {"id": "2"}})

    assert netsuite.get(f"/customer/{id_}")["currency"]["refName"] == "Euro"


def test_a_contact_takes_name_and_subsidiary_from_what_it_has(netsuite: Api) -> None:
    firm = netsuite.post("customer", {**COMPANY, "subsidiary": {"id": "3"}})

    id_ = netsuite.post("contact", {"firstName": "Ada", "lastName": "Lovelace", "company": {"id": firm}})

    shown = netsuite.get(f"/contact/{id_}")
    assert (shown["entityId"], shown["company"]["refName"], shown["subsidiary"]["id"]) == ("Ada Lovelace", "Acme", "3")


def test_contacts_of_two_companies_may_share_a_name(netsuite: Api) -> None:
    firms = [netsuite.post("customer", {**COMPANY, "companyName": name}) for name in ("A", "B")]

    for firm in firms:
        netsuite.post("contact", {"lastName": "Lovelace", "company": {"id": firm}})


def test_a_collection_gives_ids_and_links_only(netsuite: Api) -> None:
    ids = [netsuite.post("customer", {**COMPANY, "companyName": f"Firm {number}"}) for number in range(3)]

    shown = netsuite.get("/customer?limit=2")

    assert [item["id"] for item in shown["items"]] == ids[:2]
    assert shown["items"][0].keys() == {"links", "id"}
    assert (shown["count"], shown["offset"], shown["hasMore"], shown["totalResults"]) == (2, 0, True, 3)
    assert [link["rel"] for link in shown["links"]] == ["self", "next", "last"]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ('email IS "ada@x.example"', ["501"]),
        ("companyName START_WITH acm", ["502"]),
        ("email EMPTY", ["502"]),
        ("isPerson IS true OR isPerson IS false AND email EMPTY_NOT", ["501"]),
        ("(isPerson IS true OR isPerson IS false) AND email EMPTY", ["502"]),
        ("id ANY_OF [501, 502]", ["501", "502"]),
        ("terms EQUAL 2", ["502"]),
        ('dateCreated AFTER "1/1/2019"', ["501", "502"]),
        ('companyName CONTAIN_NOT "cm"', ["501"]),
    ],
)
def test_q_selects(netsuite: Api, q: str, found: list[str]) -> None:
    netsuite.post("customer", ADA)
    netsuite.post("customer", {**COMPANY, "terms": {"id": "2"}})

    answer = netsuite.session.get(
        f"{netsuite.url}/record/v1/customer",
        params={"q": q},
        headers={"Authorization": f"Bearer {netsuite.token}"},
        timeout=10,
    )

    assert [item["id"] for item in answer.json()["items"]] == found


def test_the_catalogue_of_a_type_names_custom_fields(netsuite: Api) -> None:
    netsuite.set(custom_fields={"customer": {"custentity_region": "text"}})
    netsuite.set(custom_fields={"customer": {"custentity_rank": "integer"}})

    answer = netsuite.send("GET", "/record/v1/metadata-catalog/customer", headers={"Accept": "application/schema+json"})

    properties = answer.json()["properties"]
    assert answer.headers["Content-Type"] == "application/schema+json"
    assert properties["custentity_region"]["title"] == "Region"
    assert properties["custentity_rank"]["type"] == "integer"
    assert (properties["isPerson"]["type"], properties["entityId"]["title"]) == ("boolean", "Customer ID")
    assert properties["lastModifiedDate"]["format"] == "date-time"
    assert properties["balance"]["readOnly"] is True
    assert properties["subsidiary"]["properties"].keys() == {"id", "refName"}


def test_the_catalogue_of_several_types_is_an_api_description(netsuite: Api) -> None:
    answer = netsuite.send(
        "GET",
        "/record/v1/metadata-catalog?select=customer,contact",
        headers={"Accept": "application/swagger+json"},
    )

    assert answer.json()["components"]["schemas"].keys() == {"customer", "contact"}
