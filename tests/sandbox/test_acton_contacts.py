"""All Contacts as the vendor has them: pages, keys, policies, columns, segments, scores."""

from __future__ import annotations

import pytest
from acton_api import KIM, UCL, Api

ANA = {**KIM, "id": "l-unified-contacts:2", "email": "ana@x.example", "firstName": "Ana", "externalId": "C-2"}
EXTERNAL = f"{UCL}/contact/externalId/Contact"


def test_pages_count_from_zero_and_filters_are_in_seconds(acton: Api) -> None:
    acton.seed(contacts=[KIM])
    first = acton.get(f"{UCL}/contact/?page=0&pageSize=1")["contacts"][0]
    acton.order("advance", seconds=10)
    acton.seed(contacts=[ANA])

    assert [one["firstName"] for one in acton.get(f"{UCL}/contact/?page=1&pageSize=1")["contacts"]] == ["Ana"]
    after = first["updatedDate"] + 1
    assert [one["firstName"] for one in acton.get(f"{UCL}/contact/?updatedAfter={after}")["contacts"]] == ["Ana"]
    assert acton.get(f"{UCL}/contact/?updatedAfter={after * 1000}")["contacts"] == []


def test_a_put_to_a_new_external_id_takes_over_who_has_the_address(acton: Api) -> None:
    acton.seed(contacts=[KIM])
    answer = acton.put(f"{EXTERNAL}/C-9", {"email": "kim@brick.example", "firstName": "Karl"})

    assert (answer["id"], answer["externalId"], answer["firstName"]) == (KIM["id"], "C-9", "Karl")


def test_several_contacts_may_share_an_address_and_the_policy_chooses(acton: Api) -> None:
    acton.seed(contacts=[KIM, {**ANA, "email": "kim@brick.example"}])
    for policy, name in (("OLDEST_CONTACT", "old"), ("NEWEST_CONTACT", "new"), ("SKIP_EXISTING_CONTACT", "none")):
        acton.put(f"{UCL}/contact/email/kim@brick.example?upsertContactPolicy={policy}", {"lastName": name})

    assert [one["lastName"] for one in acton.order("dump")["contact"]] == ["old", "new"]


def test_ids_hold_a_colon_which_may_be_encoded(acton: Api) -> None:
    acton.seed(contacts=[KIM])

    assert acton.get(f"{UCL}/contact/id/l-unified-contacts%3A1")["firstName"] == "Kim"
    assert acton.get(f"{UCL}/contact/id/l-unified-contacts:1")["firstName"] == "Kim"


def test_a_put_keeps_what_it_does_not_name_unless_set_otherwise(acton: Api) -> None:
    acton.seed(contacts=[KIM])
    acton.put(f"{UCL}/contact/id/{KIM['id']}", {"lastName": "Brick"})
    kept = acton.get(f"{UCL}/contact/id/{KIM['id']}")
    acton.set(put_replaces=True)
    acton.put(f"{UCL}/contact/id/{KIM['id']}", {"lastName": "Stone"})
    replaced = acton.get(f"{UCL}/contact/id/{KIM['id']}")

    assert (kept["firstName"], "firstName" in replaced, replaced["email"]) == ("Kim", False, "kim@brick.example")


def test_hidden_and_read_only_columns_show_only_when_asked_for(acton: Api) -> None:
    few = {one["name"] for one in acton.get(f"{UCL}/schema/")["columns"]}
    all_ = {one["name"] for one in acton.get(f"{UCL}/schema/?skipHidden=false&skipReadOnly=false")["columns"]}

    assert all_ - few == {"Act-On Score", "Do Not Contact"}


def test_a_new_column_has_a_number_by_which_values_go(acton: Api) -> None:
    acton.seed(contacts=[KIM])
    made = acton.post(f"{UCL}/schema/field/", {"name": "ERP number", "type": "TEXT"})
    acton.put(f"{UCL}/contact/id/{KIM['id']}", {"customFields": {str(made["columnIndex"]): "C-1007"}})

    assert made["columnIndex"] == 50
    assert acton.get(f"{UCL}/contact/id/{KIM['id']}")["customFields"] == {"50": "C-1007"}
    acton.delete(f"{UCL}/schema/field/{made['fieldId']}")
    assert acton.get(f"{UCL}/contact/id/{KIM['id']}")["customFields"] == {}


def test_a_score_moves_without_the_contacts_time_of_change(acton: Api) -> None:
    acton.seed(contacts=[KIM])
    before = acton.get(f"{UCL}/contact/id/{KIM['id']}")["updatedDate"]
    acton.order("advance", seconds=60)
    acton.set(edit={"contact": {KIM["id"]: {"actonPrimaryScore": 35}}})

    kim = acton.get(f"{UCL}/contact/id/{KIM['id']}")
    assert (kim["actonPrimaryScore"], kim["updatedDate"]) == (35, before)
    scores = acton.get(f"{UCL}/contactReport/id/{KIM['id']}/scores")
    assert scores == {"scores": [{"name": "Act-On Score", "score": 35}]}


def test_segments_take_and_give_contacts(acton: Api) -> None:
    acton.seed(contacts=[KIM, ANA], segments=[{"id": 101, "name": "All"}])
    acton.put(f"{UCL}/segment/101/contacts", [KIM["id"], ANA["id"], KIM["id"]])
    acton.delete(f"{UCL}/segment/101/contacts", [ANA["id"]])

    assert [one["id"] for one in acton.get(f"{UCL}/segment/101/contacts")["contacts"]] == [KIM["id"]]
    assert acton.get(f"{UCL}/contactReport/id/{KIM['id']}/segments") == {"segments": [{"id": 101, "name": "All"}]}


@pytest.mark.parametrize(("seconds", "word"), [(0, "PENDING"), (31, "RUNNING"), (61, "COMPLETED")])
def test_an_import_is_done_later_and_counts(acton: Api, seconds: int, word: str) -> None:
    acton.seed(contacts=[KIM])
    acton.set(job_seconds=30)
    id = acton.post(f"{UCL}/import/definition", {"columnMapping": {"Mail": "email", "Name": "firstName"}})["id"]
    rows = [{"Mail": "kim@brick.example", "Name": "Karl"}, {"Mail": "ana@x.example"}, {"Mail": "no address"}]
    started = acton.post(f"{UCL}/import/contacts/{id}", rows)["importId"]
    acton.order("advance", seconds=seconds)

    told = acton.get(f"{UCL}/import/status/{started}")["data"]
    assert told["importStatus"] == word
    assert [told[name] for name in ("submittedCount", "createdCount", "updatedCount", "rejectedCount")] == [3, 1, 1, 1]


def test_fields_can_be_read_by_a_post(acton: Api) -> None:
    acton.seed(contacts=[KIM])

    found = acton.post(f"{UCL}/contact/byFields", ["E-mail Address", "first name"])["contacts"]
    assert found == [{"id": KIM["id"], "email": "kim@brick.example", "firstName": "Kim"}]
