"""S15, S17, S21, S22, S27: what happens to a NetSuite customer once it is there."""

from __future__ import annotations

import pytest
from stripe_to_netsuite import ADA, BERLIN, FLOW, company, lines, paying
from town import Town


def test_s15_later_changes_in_stripe_leave_the_customer_alone(town: Town) -> None:
    paying(town, ADA)
    town.sync(FLOW)
    town.writes("netsuite")
    town.stripe("/v1/customers/cus_ada", name="Ada New", email="new@x.example", phone="+49 30 7654321")

    assert town.ends(FLOW) == {"settled": 1}

    assert town.writes("netsuite") == []
    made = town.one("netsuite", "customer")
    assert (made["companyName"], made["email"]) == ("Ada Ltd", "ada@x.example")


def test_s15_edits_by_hand_survive(town: Town) -> None:
    paying(town, ADA)
    town.sync(FLOW)
    made = town.one("netsuite", "customer")
    town.edit("customer", made["id"], email="hand@x.example", comments="mine", externalId="mine")
    town.stripe("/v1/customers/cus_ada", email="new@x.example")

    town.sync(FLOW)

    made = town.one("netsuite", "customer")
    assert (made["email"], made["comments"], made["externalId"]) == ("hand@x.example", "mine", "mine")


def test_s15_a_field_may_be_pushed_always(town: Town) -> None:
    town.layer("""
        version: 1
        flow: stripe-to-netsuite
        push_policy: {fields: {phone: {push: always}}}
        """)
    paying(town, {**ADA, "phone": "+49 30 1111111"})
    town.sync(FLOW)
    town.stripe("/v1/customers/cus_ada", name="Ada New", phone="+49 30 2222222")

    assert town.ends(FLOW) == {"updated": 1}

    made = town.one("netsuite", "customer")
    assert (made["phone"], made["companyName"]) == ("+49 30 2222222", "Ada Ltd")


def test_s15_an_address_that_is_pushed_always_replaces_its_own_line_alone(town: Town) -> None:
    town.layer("""
        version: 1
        flow: stripe-to-netsuite
        push_policy: {fields: {addressBook: {push: always}}}
        """)
    paying(town, {**ADA, "address": BERLIN})
    town.sync(FLOW)
    made = town.one("netsuite", "customer")
    town.edit(
        "customer", made["id"], addressBook={"items": [{"label": "Hand", "addressBookAddress": {"city": "Rome"}}]}
    )
    town.stripe(
        "/v1/customers/cus_ada", **{"address[city]": "Bonn", "address[line1]": "Weg 2", "address[country]": "DE"}
    )

    town.sync(FLOW)

    cities = {
        label: one["addressBookAddress"]["city"] for label, one in lines(town.one("netsuite", "customer")).items()
    }
    assert cities == {"Billing": "Bonn", "Hand": "Rome"}
    assert lines(town.one("netsuite", "customer"))["Billing"]["defaultBilling"] is True


def test_s15_a_second_run_does_nothing(town: Town) -> None:
    paying(town, {**ADA, "address": BERLIN, "phone": "+49 30 1111111"})
    town.sync(FLOW)

    assert town.plan(FLOW) == []
    assert town.plan(FLOW, full=True) == []


def test_s17_all_active_currencies_are_added(town: Town) -> None:
    paying(town, ADA)

    town.sync(FLOW)

    added = [one["currency"]["id"] for one in town.one("netsuite", "customer")["currencyList"]["items"]]
    assert sorted(added) == ["1", "2", "3"]


def test_s17_a_linked_customer_gets_no_currencies(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="ada@x.example")])
    before = town.one("netsuite", "customer")["currencyList"]
    paying(town, ADA)

    town.sync(FLOW)

    assert town.one("netsuite", "customer")["currencyList"] == before


def test_s21_an_external_id_that_is_there_stays(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="ada@x.example", externalId="crm-7")])
    paying(town, ADA)

    town.sync(FLOW)

    assert town.one("netsuite", "customer")["externalId"] == "crm-7"


def test_s21_an_empty_external_id_is_filled(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="ada@x.example")])
    paying(town, ADA)

    town.sync(FLOW)

    assert town.one("netsuite", "customer")["externalId"] == "cus_ada"


def test_s22_the_stripe_id_is_added_to_the_comments(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="ada@x.example", comments="VIP\nask for Ada")])
    paying(town, ADA)

    town.sync(FLOW)

    assert town.one("netsuite", "customer")["comments"] == "VIP\nask for Ada\nStripe: cus_ada"


def test_s22_the_stripe_id_is_added_once(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="ada@x.example", comments="VIP\nStripe: cus_ada\nask")])
    paying(town, ADA)
    town.sync(FLOW)
    town.stripe("/v1/customers/cus_ada", phone="+49 30 1111111")

    town.sync(FLOW)

    assert town.one("netsuite", "customer")["comments"] == "VIP\nStripe: cus_ada\nask"


NO_COMMENTS = """
    version: 1
    flow: stripe-to-netsuite
    push_policy: {fields: {comments: {push: never}}}
    """


def test_s22_comments_can_be_left_out(town: Town) -> None:
    town.layer(NO_COMMENTS)
    town.seed("netsuite", customer=[company("7", email="ada@x.example", comments="VIP")])
    paying(town, ADA)

    town.sync(FLOW)

    assert town.one("netsuite", "customer")["comments"] == "VIP"
    assert town.one("netsuite", "customer")["externalId"] == "cus_ada"


def test_s22_with_an_external_id_and_no_comments_nothing_is_written(town: Town) -> None:
    town.layer(NO_COMMENTS)
    town.seed("netsuite", customer=[company("7", email="ada@x.example", externalId="crm-7")])
    paying(town, ADA)
    before = town.one("netsuite", "customer")

    assert town.ends(FLOW) == {"linked": 1}

    assert town.writes("netsuite") == []
    assert town.one("netsuite", "customer") == before
    assert town.links(FLOW) == {"cus_ada": "7"}


@pytest.mark.parametrize("way", ["metadata", "matching"])
def test_s27_a_linked_customer_is_otherwise_left_alone(town: Town, way: str) -> None:
    held = company("7", email="ada@x.example", phone="030 1111111", isPerson=False)
    town.seed("netsuite", customer=[held])
    before = town.one("netsuite", "customer")
    pin = {"metadata": {"netsuite_id": "7"}, "email": "other@x.example"} if way == "metadata" else {}
    paying(town, {**ADA, "phone": "+49 30 2222222", "address": BERLIN, **pin})

    assert town.ends(FLOW) == {"linked": 1}

    after = town.one("netsuite", "customer")
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"externalId", "comments", "lastModifiedDate"}


def test_s27_what_the_other_integration_changes_stays(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="ada@x.example")])
    paying(town, ADA)
    town.sync(FLOW)
    town.edit("customer", "7", companyName="By Salesforce", phone="030 9999999")
    town.writes("netsuite")

    assert town.ends(FLOW) == {"settled": 1}

    assert town.writes("netsuite") == []
    assert town.one("netsuite", "customer")["companyName"] == "By Salesforce"
