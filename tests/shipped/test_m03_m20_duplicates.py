"""M3, M15, M18, M20: doubles, the ways to run, what the journal tells, and whose value wins."""

from __future__ import annotations

from typing import Any

from magento_and_netsuite import (
    HOME,
    INWARD,
    OUTWARD,
    WORK,
    at_rest,
    both,
    by_email,
    client,
    edit_shop,
    in_shop,
    lines,
    running,
    shopper,
)
from town import Town

from engine.model.operation import Change, Operation
from engine.model.record import RecordKey
from engine.model.run import Case
from engine.pipeline.resolve_case import resolve_case

__all__ = ["running"]

BOOK = {"items": [{"label": "Home", "addressBookAddress": {"addr1": "3, rue Haute", "city": "Lyon", "zip": "69001",
        "country": {"id": "FR"}}}]}  # fmt: skip


def case(town: Town) -> Case:
    (found,) = town.store.cases(flow=INWARD)
    assert isinstance(found, Case)
    return found


# -- M3 ------------------------------------------------------------------------------------------------


def test_m3_the_email_decides_before_name_and_phone(town: Town) -> None:
    same_name = client("502", email="other@x.example", entityId="Kim Brick", phone="+33400000005")
    town.seed("netsuite", customer=[client("501", firstName="K."), same_name])
    town.seed("magento", customers=[shopper(custom={"phone": "+33400000005"})])

    assert town.ends(INWARD) == {"linked": 1}

    assert town.links(INWARD) == {"41": "501"}


def test_m3_an_email_with_another_tax_number_is_no_match(town: Town) -> None:
    town.seed("netsuite", customer=[client(vatRegNumber="FR2", entityId="Other Person", lastName="Person")])
    town.seed("magento", customers=[shopper(taxvat="FR1")])

    assert town.ends(INWARD) == {"created": 1}

    assert len(town.held("netsuite", "customer")) == 2


def test_m3_name_and_phone_that_are_alike_go_to_a_person(town: Town) -> None:
    town.seed("netsuite", customer=[client(email="old@x.example", entityId="Brick Kim", phone="04 00 00 00 05")])
    town.set("netsuite", edit={"customer": {"501": {"phone": "+33 400 000 005"}}})
    town.seed("magento", customers=[shopper(custom={"phone": "+33400000005"})])
    town.requests("netsuite")

    assert town.ends(INWARD) == {"held": 1}

    assert town.writes("netsuite") == []
    assert (case(town).kind, case(town).evidence["rule"]) == ("one-match", "phone_and_name")
    assert case(town).evidence["candidates"] == ["501"]


def test_m3_name_and_address_that_are_alike_go_to_a_person(town: Town) -> None:
    town.seed("netsuite", customer=[client(email="old@x.example", entityId="Kim Brick", addressBook=BOOK)])
    town.seed("magento", customers=[shopper(addresses=[WORK, HOME])])

    assert town.ends(INWARD) == {"held": 1}

    assert case(town).evidence["rule"] == "name_and_address"


def test_m3_several_of_one_email_go_to_a_person_who_says_which(town: Town) -> None:
    town.seed("netsuite", customer=[client("501"), client("502")])
    town.seed("magento", customers=[shopper()])
    assert town.ends(INWARD) == {"held": 1}

    with town.shop() as shop:
        resolve_case(shop, case(town), "accepted", choose="502", by="ana")
    town.sync(INWARD)

    assert town.links(INWARD) == {"41": "502"}
    assert town.record("netsuite", "customer", "502")["custentity_magento_id"] == "41"
    assert list(town.store.cases(flow=INWARD)) == []
    assert {one.decided_by for one in town.store.cases(state="accepted")} == {"ana"}


def test_m3_who_is_not_the_same_gets_a_record_of_her_own(town: Town) -> None:
    town.seed("netsuite", customer=[client(email="old@x.example", entityId="Kim Brick", phone="+33400000005")])
    town.seed("magento", customers=[shopper(custom={"phone": "+33400000005"})])
    town.sync(INWARD)

    with town.shop() as shop:
        resolve_case(shop, case(town), "rejected", by="ana")

    assert town.ends(INWARD) == {"created": 1}
    assert sorted(by_email(town)) == ["kim@brick.example", "old@x.example"]


def test_m3_suspected_doubles_are_counted_and_raise_an_alert(town: Town) -> None:
    town.seed("netsuite", customer=[client("501"), client("502")])
    town.seed("magento", customers=[shopper()])

    report = town.sync(INWARD)

    assert report.counts["measures"]["duplicates_suspected"] == 1
    assert any(one.code.startswith("measure") or "duplicates_suspected" in one.message for one in [
        *town.store.findings(report.run.id), *report.refused])  # fmt: skip


def test_m3_a_merge_in_netsuite_is_followed_to_the_one_that_stays(town: Town) -> None:
    town.seed("magento", customers=[shopper()])
    town.seed("netsuite", customer=[client("501")])
    both(town)
    town.seed("netsuite", customer=[client("777", firstName="Kim")])
    town.advance(60)
    town.order("netsuite", "merge", data={"from": "501", "into": "777"})

    both(town, 2)

    assert town.links(INWARD) == {"41": "777"}
    assert town.one("netsuite", "customer")["custentity_magento_id"] == "41"
    assert in_shop(town)["custom"]["netsuite_id"] == "777"


# -- M15 -----------------------------------------------------------------------------------------------


def test_m15_runs_on_change_on_schedule_and_on_demand_are_named(town: Town) -> None:
    runs = {name: (one.start, one.every) for name, one in town.flow(INWARD).rules.runs.items()}

    assert runs == {
        "changes": ("change", 0),
        "poll": ("schedule", 900),
        "full": ("schedule", 14 * 86400),
        "now": ("demand", 0),
    }
    assert town.flow(INWARD).rules.runs["full"].full


def test_m15_a_run_on_change_reads_what_changed_alone(town: Town) -> None:
    town.seed("magento", customers=[shopper(), shopper(42, email="ann@x.example", firstname="Ann", lastname="Ode")])
    both(town)
    edit_shop(town, 42, firstname="Anna")
    town.requests("netsuite")

    assert town.ends(INWARD, run="changes")["updated"] == 1

    assert town.writes("netsuite") == [
        f"PATCH /services/rest/record/v1/customer/{by_email(town)['ann@x.example']['id']}"
    ]
    assert by_email(town)["ann@x.example"]["firstName"] == "Anna"


def test_m15_one_customer_on_demand(town: Town) -> None:
    town.seed("magento", customers=[shopper(), shopper(42, email="ann@x.example", firstname="Ann", lastname="Ode")])

    assert town.ends(INWARD, run="now", ids=["42"]) == {"created": 1}

    assert list(by_email(town)) == ["ann@x.example"]


def test_m15_the_times_are_a_layers_choice(town: Town) -> None:
    town.layer("""
        version: 1
        flow: netsuite-to-magento
        runs: {poll: {every: 1h}}
        """)

    assert town.flow(OUTWARD).rules.runs["poll"].every == 3600


# -- M18 -----------------------------------------------------------------------------------------------


def history(town: Town, id: str = "501") -> list[Operation]:
    key = RecordKey("netsuite", "netsuite.customer", id)
    return [one for one in town.store.operations(record=key) if one.state == "done"]


def test_m18_every_change_tells_when_from_what_to_what_and_by_which_rule(town: Town) -> None:
    town.seed("netsuite", customer=[client(firstName="Kim")])
    town.seed("magento", customers=[shopper()])
    both(town)
    edit_shop(town, firstname="Kimberly")

    report = town.sync(INWARD)

    last = history(town)[-1]
    (change,) = [one for one in last.changes if one.field == "firstName"]
    assert (change.before, change.after, change.pattern) == ("Kim", "Kimberly", "SOURCE_MOVED")
    assert change.origin.startswith("mappings/magento-to-netsuite.yaml:")
    assert change.policy.startswith("rules/magento-to-netsuite.yaml:")
    assert (last.run, last.flow) == (report.run.id, INWARD)
    assert last.source == RecordKey("magento", "magento.customer", "41")
    assert last.ended_at > "2026"


def test_m18_what_went_back_to_the_source_is_told_too(town: Town) -> None:
    town.seed("magento", customers=[shopper()])

    town.sync(INWARD)

    key = RecordKey("magento", "magento.customer", "41")
    (back,) = [one for one in town.store.operations(record=key) if one.kind == "write_back"]
    assert [change.field for change in back.changes] == ["netsuite_id"]
    assert all(isinstance(one, Change) for one in back.changes)


# -- M20 -----------------------------------------------------------------------------------------------


def differ(town: Town) -> None:
    """Linked, agreed, and then edited on both sides before anybody looks."""
    town.seed("magento", customers=[shopper()])
    town.seed("netsuite", customer=[client(phone="+33400000001")])
    both(town, 2)
    town.edit("customer", "501", lastName="Netsuite")
    edit_shop(town, lastname="Magento")


def names(town: Town) -> tuple[Any, Any]:
    return town.one("netsuite", "customer")["lastName"], in_shop(town)["lastname"]


def test_m20_in_a_conflict_netsuite_wins(town: Town) -> None:
    differ(town)

    both(town)

    assert names(town) == ("Netsuite", "Netsuite")
    both(town)
    assert at_rest(town)


def test_m20_in_a_conflict_netsuite_wins_whichever_flow_comes_first(town: Town) -> None:
    differ(town)

    town.sync(OUTWARD)
    town.sync(INWARD)

    assert names(town) == ("Netsuite", "Netsuite")


def test_m20_a_field_can_say_otherwise(town: Town) -> None:
    for flow, winner in ((INWARD, "source"), (OUTWARD, "target")):
        field = "lastName" if flow == INWARD else "lastname"
        town.layer(f"""
            version: 1
            flow: {flow}
            push_policy: {{fields: {{{field}: {{conflict: {winner}}}}}}}
            """)
    differ(town)

    both(town)

    assert names(town) == ("Magento", "Magento")


def test_m20_a_change_of_one_side_alone_goes_to_the_other(town: Town) -> None:
    town.seed("magento", customers=[shopper()])
    town.seed("netsuite", customer=[client()])
    both(town, 2)
    edit_shop(town, lastname="Magento")

    both(town)

    assert names(town) == ("Magento", "Magento")
    town.edit("customer", "501", lastName="Netsuite")
    both(town)
    assert names(town) == ("Netsuite", "Netsuite")
    both(town)
    assert at_rest(town)


def test_m20_at_first_sight_netsuites_value_stays_and_goes_to_the_shop(town: Town) -> None:
    town.seed("magento", customers=[shopper(firstname="Kimmy")])
    town.seed("netsuite", customer=[client(firstName="Kimberly", addressBook=BOOK)])

    both(town, 2)

    assert town.one("netsuite", "customer")["firstName"] == "Kimberly"
    assert in_shop(town)["firstname"] == "Kimberly"
    assert sorted(lines(town.one("netsuite", "customer"))) == ["Home", "Magento 7", "Magento 8"]
    assert at_rest(town)
