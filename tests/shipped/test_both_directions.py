"""Both flows over the same customers: they come to rest, nothing echoes, nobody's edit is lost."""

from __future__ import annotations

from typing import Any

import pytest
from netsuite_to_stripe import ID_FIELD, PORTAL_FIELD, company, in_stripe, paris, stripe_id
from stripe_to_netsuite import BERLIN, charged
from town import Town

from engine.pipeline.decide_flow import Task
from engine.pipeline.sync import Order, read, run_flow

THERE, BACK = "stripe-to-netsuite", "netsuite-to-stripe"
ROUNDS = 5


def both(town: Town) -> None:
    """One run of each flow; neither may be stopped or fail."""
    for flow in (THERE, BACK):
        report = town.sync(flow)
        assert (report.refused, report.failed) == ([], False)


def written(town: Town) -> dict[str, list[str]]:
    return {system: town.writes(system) for system in ("stripe", "netsuite")}


def at_rest(town: Town, rounds: int = 1) -> None:
    """Nothing to do, and more rounds write nothing."""
    assert [town.plan(flow) for flow in (THERE, BACK)] == [[], []]
    written(town)
    before = content(town)
    for _ in range(rounds):
        town.advance(600)
        both(town)
    assert written(town) == {"stripe": [], "netsuite": []}
    assert content(town) == before


def content(town: Town) -> tuple[list[Any], list[Any]]:
    return town.held("stripe", "customers"), town.held("netsuite", "customer")


@pytest.fixture
def busy(town: Town) -> Town:
    """Customers born on either side, and some that are on both."""
    stripe_born = [
        {"id": "cus_ada", "name": "Ada Ltd", "email": "ada@x.example", "phone": "+49 30 901820", "address": BERLIN},
        {"id": "cus_bob", "description": "a friend of the house"},
        {"id": "cus_eve", "name": "Eve Noone", "metadata": {"netsuite_isPerson": "true"}, "email": "eve@x.example"},
        {"id": "cus_wait", "name": "Not yet", "email": "wait@x.example"},
    ]
    on_both = [
        {"id": "cus_mail", "name": "mail gmbh", "email": "Office@Mail.example", "phone": "123456789"},
        {"id": "cus_pin", "name": "Pin", "metadata": {"netsuite_id": "802"}},
    ]
    town.seed("stripe", customers=stripe_born + on_both, charges=charged("cus_ada", "cus_bob", "cus_eve", "cus_mail"))
    town.seed(
        "netsuite",
        customer=[
            company("801", companyName="Mail GmbH", email="office@mail.example", comments="by phone only"),
            company("802", companyName="Pin AG", email="pin@x.example"),
            company("803", email="new@x.example", phone="+33 1 42 68 53 00", addressBook=paris()),
            company("804"),
        ],
    )
    return town


def test_customers_of_both_sides_come_to_rest(busy: Town) -> None:
    both(busy)

    at_rest(busy, ROUNDS)


def test_the_other_order_comes_to_rest_too(busy: Town) -> None:
    for flow in (BACK, THERE, BACK):
        busy.sync(flow)

    at_rest(busy, ROUNDS)


def test_nobody_is_doubled(busy: Town) -> None:
    both(busy)
    both(busy)

    linked = busy.links(THERE)
    assert sorted(linked) == sorted(one["id"] for one in busy.held("stripe", "customers") if one["id"] != "cus_wait")
    assert len(set(linked.values())) == len(linked)
    assert {linked["cus_mail"], linked["cus_pin"]} == {"801", "802"}
    assert len(busy.held("netsuite", "customer")) == 7


def test_ids_stand_on_both_sides(busy: Town) -> None:
    both(busy)

    for stripe, netsuite in busy.links(THERE).items():
        assert stripe_id(busy, netsuite) == stripe
        assert busy.record("stripe", "customers", stripe)["metadata"]["netsuite_id"] == netsuite


def test_a_stand_in_email_never_reaches_stripe(busy: Town) -> None:
    for _ in range(3):
        both(busy)

    made = busy.record("netsuite", "customer", busy.links(THERE)["cus_bob"])
    assert made["email"] == "cus_bob@no-email.invalid"
    assert [one["email"] for one in busy.held("stripe", "customers") if one["id"] == "cus_bob"] == [None]
    assert "no-email.invalid" not in str(busy.dump("stripe"))


def test_a_stand_in_email_of_another_customer_does_not_either(town: Town) -> None:
    """Somebody copied a customer, stand-in and all, or moved it to another Stripe customer."""
    town.seed("stripe", customers=[{"id": "cus_new"}])
    copy = company("7", email="cus_old@no-email.invalid", **{ID_FIELD: "cus_new"})
    alone = company("8", email="cus_old@no-email.invalid")
    town.seed("netsuite", customer=[copy, alone])

    both(town)

    assert town.one("stripe", "customers")["email"] is None
    assert town.links(BACK) == {"7": "cus_new"}


def test_a_real_email_replaces_the_stand_in_on_both_sides(town: Town) -> None:
    town.seed("stripe", customers=[{"id": "cus_bob", "name": "Bob"}], charges=charged("cus_bob"))
    both(town)
    id = town.links(THERE)["cus_bob"]

    town.edit("customer", id, email="bob@x.example")
    both(town)

    assert town.one("stripe", "customers")["email"] == "bob@x.example"
    assert town.one("netsuite", "customer")["email"] == "bob@x.example"
    at_rest(town)


def test_what_one_flow_makes_up_does_not_come_back(town: Town) -> None:
    """A name, an entity id and a country that only NetSuite needed stay there."""
    bare = {"id": "cus_bob", "description": "a friend of the house", "address": {"line1": "1 St", "city": "Rome"}}
    town.seed("stripe", customers=[bare], charges=charged("cus_bob"))
    both(town)
    both(town)

    assert town.one("netsuite", "customer")["companyName"] == "a friend of the house"
    held = town.one("stripe", "customers")
    assert (held["name"], held["description"]) == (None, "a friend of the house")
    assert held["address"]["country"] is None


@pytest.mark.parametrize("script", ["upper", "title", "truncate:4"])
def test_what_a_script_makes_of_our_values_does_not_come_back(town: Town, script: str) -> None:
    town.set("netsuite", scripts={"customer": {"companyName": script, "city": script}})
    ada = {"id": "cus_ada", "name": "ada van der berg", "email": "ada@x.example", "address": BERLIN}
    town.seed("stripe", customers=[ada], charges=charged("cus_ada"))

    both(town)
    both(town)

    assert town.one("stripe", "customers")["name"] == "ada van der berg"
    at_rest(town)


def test_a_persons_edit_in_netsuite_reaches_stripe(busy: Town) -> None:
    both(busy)
    id = busy.links(THERE)["cus_ada"]

    busy.edit("customer", id, email="ada@new.example", phone="+49 30 111111")
    both(busy)

    held = busy.record("stripe", "customers", "cus_ada")
    assert (held["email"], held["phone"]) == ("ada@new.example", "+49 30 111111")
    at_rest(busy)


def test_an_edit_of_an_address_in_netsuite_reaches_stripe(busy: Town) -> None:
    both(busy)

    busy.edit("customer", "803", addressBook=paris(addr1="2 rue Neuve"))
    both(busy)

    assert in_stripe(busy, "803")["address"]["line1"] == "2 rue Neuve"
    at_rest(busy)


def test_a_persons_edit_in_stripe_stays_where_it_is(busy: Town) -> None:
    """S15: after creation NetSuite is not updated; the edit is kept by rule, not lost."""
    both(busy)
    id = busy.links(THERE)["cus_ada"]
    before = busy.record("netsuite", "customer", id)

    busy.stripe("/v1/customers/cus_ada", phone="+49 30 222222")
    both(busy)

    assert busy.record("stripe", "customers", "cus_ada")["phone"] == "+49 30 222222"
    assert busy.record("netsuite", "customer", id) == before
    at_rest(busy)


def test_a_persons_edit_in_stripe_reaches_netsuite_where_the_rules_say_so(busy: Town) -> None:
    busy.layer("""
        version: 1
        flow: stripe-to-netsuite
        push_policy: {fields: {phone: {push: always}}}
        """)
    both(busy)
    id = busy.links(THERE)["cus_ada"]

    busy.stripe("/v1/customers/cus_ada", phone="+49 30 222222")
    both(busy)

    assert busy.record("netsuite", "customer", id)["phone"] == "+49 30 222222"
    at_rest(busy)


def test_edits_of_different_fields_on_both_sides_meet(busy: Town) -> None:
    busy.layer("""
        version: 1
        flow: stripe-to-netsuite
        push_policy: {fields: {phone: {push: always}}}
        """)
    both(busy)
    id = busy.links(THERE)["cus_ada"]

    busy.stripe("/v1/customers/cus_ada", phone="+49 30 222222")
    busy.edit("customer", id, email="ada@new.example")
    both(busy)

    stripe, netsuite = busy.record("stripe", "customers", "cus_ada"), busy.record("netsuite", "customer", id)
    assert (stripe["phone"], netsuite["phone"]) == ("+49 30 222222", "+49 30 222222")
    assert (stripe["email"], netsuite["email"]) == ("ada@new.example", "ada@new.example")
    at_rest(busy)


def test_edits_of_one_field_on_both_sides_end_as_the_rules_say(busy: Town) -> None:
    busy.layer("""
        version: 1
        flow: stripe-to-netsuite
        push_policy: {fields: {phone: {push: always}}}
        """)
    both(busy)
    id = busy.links(THERE)["cus_ada"]

    busy.stripe("/v1/customers/cus_ada", phone="+49 30 222222")
    busy.edit("customer", id, phone="+49 30 333333")
    both(busy)

    stripe, netsuite = busy.record("stripe", "customers", "cus_ada"), busy.record("netsuite", "customer", id)
    assert (stripe["phone"], netsuite["phone"]) == ("+49 30 333333", "+49 30 333333")
    at_rest(busy)


def test_an_edit_while_nobody_looks_counts_although_the_flow_wrote_beside_it(town: Town) -> None:
    """Stripe's answer to our write shows somebody's edit: it is news, not part of our echo."""
    town.layer("""
        version: 1
        flow: stripe-to-netsuite
        push_policy: {fields: {phone: {push: always}}}
        """)
    town.seed(
        "stripe", customers=[{"id": "cus_ada", "name": "Ada", "email": "a@x.example"}], charges=charged("cus_ada")
    )
    both(town)
    id = town.links(THERE)["cus_ada"]

    town.edit("customer", id, email="new@x.example")
    town.stripe("/v1/customers/cus_ada", phone="+49 30 222222")
    town.sync(BACK, ids=(id,))
    both(town)

    assert town.one("netsuite", "customer")["phone"] == "+49 30 222222"
    assert town.one("stripe", "customers")["email"] == "new@x.example"
    at_rest(town)


def test_portal_links_are_no_change_for_the_other_flow(busy: Town) -> None:
    both(busy)
    written(busy)

    busy.advance(25 * 3600)
    both(busy)

    assert set(written(busy)["stripe"]) == {"POST /v1/billing_portal/sessions"}
    assert busy.record("netsuite", "customer", "803")[PORTAL_FIELD]


def test_a_merged_netsuite_customer_gives_its_stripe_customer_to_nobody_twice(busy: Town) -> None:
    both(busy)
    lost = busy.links(THERE)["cus_ada"]
    busy.advance(60)
    busy.order("netsuite", "merge", data={"from": lost, "into": "801"})

    for _ in range(3):
        for flow in (THERE, BACK):
            busy.sync(flow)

    holders = list(busy.links(THERE).values())
    assert len(busy.held("stripe", "customers")) == 7
    assert lost not in holders


def test_an_edit_between_reading_and_writing_is_not_overwritten(town: Town) -> None:
    """A long run: what it read first may have been edited by the time it writes."""
    town.layer("""
        version: 1
        flow: netsuite-to-stripe
        push_policy: {default: {conflict: target}}
        """)
    town.seed("netsuite", customer=[company("7", email="acme@x.example", phone="+33 1 42 68 53 00")])
    both(town)
    cus = stripe_id(town, "7")
    town.edit("customer", "7", phone="+33 1 42 68 53 99")
    town.advance(1)

    with town.shop() as shop:
        order = Order(Task(town.flow(BACK)))
        read(shop, order)
        town.advance(300)
        town.stripe(f"/v1/customers/{cus}", phone="+33 6 00 00 00 00")
        report = run_flow(shop, order)
    assert (report.counts["stale"], report.counts["updated"]) == (1, 0)
    assert report.applied and [error for _, error in report.applied.errors] == ["changed since it was read: phone"]
    assert in_stripe(town, "7")["phone"] == "+33 6 00 00 00 00"

    both(town)

    assert in_stripe(town, "7")["phone"] == "+33 6 00 00 00 00"
    at_rest(town)


def test_an_edit_of_another_field_does_not_hold_a_write_up(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="acme@x.example", phone="+33 1 42 68 53 00")])
    both(town)
    cus = stripe_id(town, "7")
    town.edit("customer", "7", phone="+33 1 42 68 53 99")
    town.advance(1)

    with town.shop() as shop:
        order = Order(Task(town.flow(BACK)))
        read(shop, order)
        town.advance(300)
        town.stripe(f"/v1/customers/{cus}", description="vip")
        run_flow(shop, order)
    both(town)

    held = in_stripe(town, "7")
    assert (held["phone"], held["description"]) == ("+33 1 42 68 53 99", "vip")
    at_rest(town)
