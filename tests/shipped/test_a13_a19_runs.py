"""A13 to A19: when what is synced, who is created and removed, and segments."""

from __future__ import annotations

from acton_office import BRICK, TO_ACTON, TO_NETSUITE, contact, furnish, in_acton, in_netsuite, paired, person
from acton_office import segments_of as held_by
from town import Town

HOUR = 3600
FORTNIGHT = 14 * 86400


def test_a13_there_is_a_schedule_and_a_run_on_demand(town: Town) -> None:
    for name in (TO_ACTON, TO_NETSUITE):
        runs = town.flow(name).rules.runs
        assert (runs["schedule"].start, runs["schedule"].every, runs["now"].start) == ("schedule", HOUR, "demand")
    furnish(town)
    town.seed("netsuite", contact=[contact()])

    assert town.ends(TO_ACTON, run="now") == {"created": 1}


def test_a14_scores_and_opt_outs_wait_for_the_schedule_and_the_rest_goes_at_once(town: Town) -> None:
    furnish(town)
    id = paired(town)
    town.advance(2 * HOUR)
    town.set("acton", edit={
        "contact": {id: {"actonPrimaryScore": 80, "title": "Buyer"}}, "optout": {"kim@brick.example": True},
    })  # fmt: skip

    town.sync(TO_NETSUITE, run="changes")
    at_once = in_netsuite(town, "kim@brick.example")
    town.sync(TO_NETSUITE, run="schedule")
    later = in_netsuite(town, "kim@brick.example")

    assert (at_once["title"], at_once.get("custentity_acton_score")) == ("Buyer", None)
    assert at_once["globalSubscriptionStatus"]["id"] != "4"
    assert (later["custentity_acton_score"], later["globalSubscriptionStatus"]["id"]) == (80, "4")


def test_a14_a_scheduled_run_creates_nobody(town: Town) -> None:
    furnish(town)
    town.seed("acton", contacts=[person(customFields={"Push to CRM": True})])

    assert town.ends(TO_NETSUITE, run="schedule") == {"skipped": 1}
    assert town.ends(TO_NETSUITE, run="changes") == {"created": 1}


def test_a14_an_opt_out_is_stronger_than_an_old_grant(town: Town) -> None:
    furnish(town)
    paired(town)
    town.set("acton", edit={"optout": {"kim@brick.example": True}})
    town.advance(2 * HOUR)
    town.sync(TO_ACTON)
    town.sync(TO_NETSUITE, run="schedule")
    town.sync(TO_ACTON)

    assert in_netsuite(town, "kim@brick.example")["globalSubscriptionStatus"]["id"] == "4"
    assert [one["email"] for one in town.held("acton", "optout")] == ["kim@brick.example"]


def test_a14_an_opt_out_in_netsuite_reaches_the_store_of_opt_outs(town: Town) -> None:
    furnish(town)
    paired(town)
    town.edit("contact", "71", globalSubscriptionStatus={"id": "4"})
    town.sync(TO_ACTON)

    assert [(one["email"], one["origin"]) for one in town.held("acton", "optout")] == [("kim@brick.example", "API")]


def test_a15_nothing_is_ever_deleted_in_netsuite(town: Town) -> None:
    furnish(town)
    id = paired(town)
    town.order("acton", "delete", data={"type": "contact", "id": id})
    town.advance(2 * HOUR)
    town.requests("netsuite")
    town.sync(TO_NETSUITE, full=True)

    assert town.writes("netsuite") == []
    assert in_netsuite(town, "kim@brick.example")["id"] == "71"


def test_a16_only_who_is_designated_is_created_in_netsuite(town: Town) -> None:
    furnish(town)
    town.seed("acton", contacts=[
        person(1), person(2, customFields={"Push to CRM": True}), person(3, customFields={"Push to CRM": False}),
    ])  # fmt: skip

    assert town.ends(TO_NETSUITE) == {"created": 1, "skipped": 2}
    here = in_netsuite(town, "p2@x.example")
    assert (here["externalId"], here["subsidiary"]["id"]) == ("acton_l-unified-contacts_2", "1")


def test_a16_who_is_designated_later_is_created_then(town: Town) -> None:
    furnish(town)
    town.seed("acton", contacts=[person(1)])
    town.sync(TO_NETSUITE)
    town.advance(5)
    town.set("acton", edit={"contact": {"l-unified-contacts:1": {"Push to CRM": True}}})

    assert town.ends(TO_NETSUITE, run="changes") == {"created": 1}


def test_a16_a_contact_that_is_there_is_linked_without_being_designated(town: Town) -> None:
    furnish(town)
    town.seed("netsuite", contact=[contact(email="P1@x.example")])
    town.seed("acton", contacts=[person(1)])

    assert town.ends(TO_NETSUITE) == {"linked": 1}


def test_a17_a_contact_deleted_in_netsuite_is_removed_in_act_on(town: Town) -> None:
    furnish(town)
    paired(town)
    others = [contact(f"8{n}", email=f"c{n}@x.example") for n in range(6)]
    town.seed("netsuite", contact=others)
    town.sync(TO_ACTON)
    town.advance(5)
    town.order("netsuite", "delete", data={"type": "contact", "id": "71"})
    town.sync(TO_ACTON)

    assert sorted(one["email"] for one in town.held("acton", "contact")) == [f"c{n}@x.example" for n in range(6)]


def test_a17_a_source_that_empties_at_once_stops_the_run(town: Town) -> None:
    furnish(town)
    paired(town)
    town.advance(5)
    town.order("netsuite", "delete", data={"type": "contact", "id": "71"})
    town.sync(TO_ACTON)

    assert in_acton(town)["externalId"] == "71"
    assert "guard-source-drop" in town.findings()


def test_a17_a_contact_deleted_by_hand_in_act_on_comes_not_back_by_itself(town: Town) -> None:
    furnish(town)
    id = paired(town)
    town.order("acton", "delete", data={"type": "contact", "id": id})
    town.advance(2 * HOUR)
    town.sync(TO_ACTON)

    assert town.links(TO_ACTON) == {}


def test_a18_a_full_sync_comes_every_two_weeks_and_when_the_mapping_changes(town: Town) -> None:
    for name in (TO_ACTON, TO_NETSUITE):
        full = town.flow(name).rules.runs["full"]
        assert (full.full, full.every, full.on_mapping_change) == (True, FORTNIGHT, True)


def test_a18_runs_in_between_ask_for_changes_only(town: Town) -> None:
    furnish(town)
    paired(town)
    town.advance(60)
    with town.listening("acton") as heard:
        town.sync(TO_ACTON)

    listings = [one["query"] for one in heard if one["path"].endswith("/contact/")]
    assert [("updatedAfter" in one) for one in listings] == [True]


def test_a18_a_field_added_to_the_mapping_fills_all_contacts(town: Town) -> None:
    furnish(town)
    paired(town, mobilePhone="+33600000000")
    town.layer("version: 1\nflow: netsuite-to-acton\nfields: {businessState: entityId}\n")
    town.layer("version: 1\nflow: netsuite-to-acton\nguards: {reshaped: 10}\n")
    town.sync(TO_ACTON)

    assert in_acton(town)["businessState"] == "Contact 71"


def test_a19_contacts_are_in_the_segment_of_their_companys_stage(town: Town) -> None:
    furnish(town)
    stages = {"41": "7", "42": "10", "43": "13"}
    town.seed(
        "netsuite",
        customer=[{**BRICK, "id": id, "companyName": f"Firm {id}", "entityStatus": {"id": stage}}
                  for id, stage in stages.items()],
        contact=[contact(f"7{id}", email=f"c{id}@x.example", company={"id": id}) for id in stages] + [contact()],
    )  # fmt: skip
    town.sync(TO_ACTON)

    everybody = "NetSuite: all contacts"
    assert [held_by(town, in_acton(town, f"c{id}@x.example")["id"]) for id in stages] == [
        [everybody, "NetSuite: affiliated with leads"],
        [everybody, "NetSuite: affiliated with prospects"],
        [everybody, "NetSuite: affiliated with customers"],
    ]
    assert held_by(town, in_acton(town)["id"]) == [everybody]


def test_a19_who_becomes_a_customer_changes_segments_and_stays_in_those_of_others(town: Town) -> None:
    furnish(town)
    town.seed("netsuite", customer=[{**BRICK, "entityStatus": {"id": "7"}}])
    id = paired(town, company={"id": "41"})
    segment = next(one for one in town.held("acton", "segment") if one["name"] == "Newsletter")
    join(town, segment["id"], id)
    town.edit("customer", "41", entityStatus={"id": "13"})
    town.sync(TO_ACTON)

    assert held_by(town, id) == ["NetSuite: all contacts", "NetSuite: affiliated with customers", "Newsletter"]


def join(town: Town, segment: int, id: str) -> None:
    """A marketer puts somebody into a segment."""
    town.set("acton", edit={"segment": {str(segment): {"contacts": [id]}}})
