"""S16, S18, S19, S20, S25: which NetSuite customer a Stripe customer is."""

from __future__ import annotations

from typing import Any

import pytest
from stripe_to_netsuite import ADA, FLOW, company, link_by_hand, paying
from town import Town


def by_number(left: str = "metadata.number", right: str = "custentity_number") -> str:
    return f"""
    version: 1
    flow: stripe-to-netsuite
    match:
      rules:
        - $unset: [email]
        - {{id: number, left: {left}, right: {right}, compare: text}}
    """


def number_field(town: Town) -> None:
    town.set("netsuite", custom_fields={"customer": {"custentity_number": "text"}})
    town.layer("""
        version: 1
        system: netsuite
        objects: {customer: {fields: {custentity_number: {type: text}}}}
        """)


# -- S16 ---------------------------------------------------------------------------------------------


def test_s16_a_netsuite_id_in_the_metadata_links_exactly_that_customer(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="other@x.example"), company("8", email="ada@x.example")])
    paying(town, {**ADA, "metadata": {"netsuite_id": "7"}})

    assert town.ends(FLOW) == {"linked": 1}

    assert town.links(FLOW) == {"cus_ada": "7"}


def test_s16_an_id_that_is_not_there_fails_clearly_and_creates_nothing(town: Town) -> None:
    town.seed("netsuite", customer=[company("8", email="ada@x.example")])
    paying(town, {**ADA, "metadata": {"netsuite_id": "999"}}, {"id": "cus_b", "email": "b@x.example"})

    assert town.ends(FLOW) == {"created": 1, "failed": 1}

    assert town.links(FLOW).keys() == {"cus_b"}
    assert town.findings()["no-match"].startswith("pinned names Customer 999, which is not there")


def test_s16_a_failed_customer_is_kept_and_tried_again(town: Town) -> None:
    paying(town, {**ADA, "metadata": {"netsuite_id": "999"}})
    town.sync(FLOW)
    town.advance(3600)
    assert town.ends(FLOW) == {"failed": 1}
    town.seed("netsuite", customer=[company("999")])

    assert town.ends(FLOW) == {"linked": 1}


def test_s16_a_failed_customer_can_be_linked_by_hand(town: Town) -> None:
    town.seed("netsuite", customer=[company("7")])
    paying(town, {**ADA, "metadata": {"netsuite_id": "999"}})
    town.sync(FLOW)
    link_by_hand(town, "cus_ada", "7")

    assert "failed" not in town.ends(FLOW)

    assert town.links(FLOW) == {"cus_ada": "7"}
    assert town.one("netsuite", "customer")["comments"] == "Stripe: cus_ada"
    town.advance(60)
    assert town.plan(FLOW, full=True) == []


def test_s16_a_failed_customer_can_be_mended_in_stripe(town: Town) -> None:
    town.seed("netsuite", customer=[company("7")])
    paying(town, {**ADA, "metadata": {"netsuite_id": "999"}})
    town.sync(FLOW)
    town.stripe("/v1/customers/cus_ada", **{"metadata[netsuite_id]": "7"})

    assert town.ends(FLOW) == {"linked": 1}


def test_s16_a_link_by_hand_holds_until_the_metadata_change(town: Town) -> None:
    town.seed("netsuite", customer=[company("7"), company("8"), company("9")])
    paying(town, {**ADA, "metadata": {"netsuite_id": "7"}})
    town.sync(FLOW)
    link_by_hand(town, "cus_ada", "8")
    town.sync(FLOW)
    town.stripe("/v1/customers/cus_ada", phone="+49 30 7654321")
    town.sync(FLOW)
    assert town.links(FLOW) == {"cus_ada": "8"}
    town.stripe("/v1/customers/cus_ada", **{"metadata[netsuite_id]": "9"})

    town.sync(FLOW)

    assert town.links(FLOW) == {"cus_ada": "9"}


def test_s16_a_wrong_id_on_a_linked_customer_fails_and_keeps_the_link_for_later(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="ada@x.example")])
    paying(town, ADA)
    town.sync(FLOW)
    town.stripe("/v1/customers/cus_ada", **{"metadata[netsuite_id]": "999"})

    assert town.ends(FLOW) == {"failed": 1}

    town.stripe("/v1/customers/cus_ada", **{"metadata[netsuite_id]": ""})
    town.sync(FLOW)
    assert town.links(FLOW) == {"cus_ada": "7"}


def test_s16_another_id_moves_the_link(town: Town) -> None:
    town.seed("netsuite", customer=[company("7"), company("8")])
    paying(town, {**ADA, "metadata": {"netsuite_id": "7"}})
    town.sync(FLOW)
    town.stripe("/v1/customers/cus_ada", **{"metadata[netsuite_id]": "8"})

    town.sync(FLOW)

    assert town.links(FLOW) == {"cus_ada": "8"}
    assert town.record("netsuite", "customer", "8")["comments"] == "Stripe: cus_ada"


@pytest.mark.parametrize(("status", "stage"), [("7", "Lead"), ("10", "Prospect")])
def test_s16_the_id_of_a_lead_is_no_customer(town: Town, status: str, stage: str) -> None:
    town.seed("netsuite", customer=[company("7", entityStatus={"id": status})])
    assert town.one("netsuite", "customer")["searchStage"] == stage
    paying(town, {**ADA, "metadata": {"netsuite_id": "7"}})

    assert town.ends(FLOW) == {"failed": 1}


def test_s16_the_external_id_stays_with_the_first_record(town: Town) -> None:
    town.seed("netsuite", customer=[company("7"), company("8")])
    paying(town, {**ADA, "metadata": {"netsuite_id": "7"}})
    town.sync(FLOW)
    town.stripe("/v1/customers/cus_ada", **{"metadata[netsuite_id]": "8"})

    assert town.ends(FLOW) == {"linked": 1}

    assert {one["id"]: one.get("externalId") for one in town.held("netsuite", "customer")} == {
        "7": "cus_ada",
        "8": None,
    }
    assert "7 has this value already" in town.findings()["value-taken"]


# -- S18 ---------------------------------------------------------------------------------------------


def test_s18_a_pair_of_fields_of_the_integrators_choice_matches(town: Town) -> None:
    number_field(town)
    town.layer(by_number())
    town.seed("netsuite", customer=[company("7", custentity_number="12345"), company("8", email="ada@x.example")])
    paying(town, {**ADA, "metadata": {"number": "12345"}})

    assert town.ends(FLOW) == {"linked": 1}

    assert town.links(FLOW) == {"cus_ada": "7"}


@pytest.mark.parametrize(
    ("left", "customer"), [("name", {"name": "Acme"}), ("description", {"description": "Acme"})], ids=str
)
def test_s18_standard_fields_match(town: Town, left: str, customer: dict[str, Any]) -> None:
    town.layer(by_number(left, "companyName"))
    town.seed("netsuite", customer=[company("7", companyName="Acme")])
    paying(town, {"id": "cus_ada", **customer})

    town.sync(FLOW)

    assert town.links(FLOW) == {"cus_ada": "7"}


@pytest.mark.parametrize("given", ["company ID 12345", "123456", "2345", "12345, 12346"])
def test_s18_a_part_of_a_value_is_no_match(town: Town, given: str) -> None:
    number_field(town)
    town.layer(by_number("description"))
    town.seed("netsuite", customer=[company("7", custentity_number="12345")])
    paying(town, {**ADA, "description": given})

    assert town.ends(FLOW) == {"created": 1}


@pytest.mark.parametrize("given", [" AB 12345 ", "ab12345", "aB 123 45"])
def test_s18_blanks_and_letter_case_do_not_matter(town: Town, given: str) -> None:
    number_field(town)
    town.layer(by_number("description"))
    town.seed("netsuite", customer=[company("7", custentity_number="Ab 12345")])
    paying(town, {**ADA, "description": given})

    assert town.ends(FLOW) == {"linked": 1}


@pytest.mark.parametrize("status", ["7", "10"], ids=["lead", "prospect"])
def test_s18_leads_and_prospects_do_not_match(town: Town, status: str) -> None:
    town.seed("netsuite", customer=[company("7", email="ada@x.example", entityStatus={"id": status})])
    paying(town, ADA)

    assert town.ends(FLOW) == {"created": 1}


def test_s18_contacts_do_not_match(town: Town) -> None:
    town.seed("netsuite", customer=[company("7")])
    town.seed("netsuite", contact=[{"id": "70", "entityId": "Ada", "email": "ada@x.example", "company": {"id": "7"}}])
    paying(town, ADA)

    assert town.ends(FLOW) == {"created": 1}


def test_s18_two_blanks_are_no_match(town: Town) -> None:
    town.seed("netsuite", customer=[company("7")])
    paying(town, {"id": "cus_ada", "name": "Ada"})

    assert town.ends(FLOW) == {"created": 1}


def test_s18_a_single_customer_is_matched_without_a_full_reading(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="ADA@X.example")])
    paying(town, ADA, {"id": "cus_b", "email": "b@x.example"})

    assert town.ends(FLOW, ids=("cus_ada",)) == {"linked": 1}
    assert town.ends(FLOW, ids=("cus_b",)) == {"created": 1}


# -- S19 ---------------------------------------------------------------------------------------------


TWINS = [
    company("9", email="ada@x.example", dateCreated="2024-01-01T00:00:00Z"),
    company("10", email="ada@x.example", dateCreated="2023-01-01T00:00:00Z"),
    company("11", email="ada@x.example", dateCreated="2023-01-01T00:00:00Z"),
]


def test_s19_the_first_of_several_matches_is_the_oldest(town: Town) -> None:
    town.seed("netsuite", customer=TWINS)
    paying(town, ADA)

    assert town.ends(FLOW) == {"linked": 1}

    assert town.links(FLOW) == {"cus_ada": "10"}


def test_s19_another_order_is_another_first(town: Town) -> None:
    town.layer("""
        version: 1
        flow: stripe-to-netsuite
        match: {order: [id]}
        """)
    town.seed("netsuite", customer=TWINS)
    paying(town, ADA)

    town.sync(FLOW)

    assert town.links(FLOW) == {"cus_ada": "9"}


def several(verb: str) -> str:
    return f"""
    version: 1
    flow: stripe-to-netsuite
    match: {{outcome: {{many: {verb}}}}}
    """


def test_s19_several_matches_can_be_reviewed(town: Town) -> None:
    town.layer(several("review"))
    town.seed("netsuite", customer=TWINS)
    paying(town, ADA)

    assert town.ends(FLOW) == {"held": 1}

    (case,) = town.store.cases(flow=FLOW)
    assert (case.kind, case.record.id, case.evidence["candidates"]) == ("many-matches", "cus_ada", ["10", "11", "9"])
    assert town.writes("netsuite") == []


def test_s19_several_matches_can_fail(town: Town) -> None:
    town.layer(several("fail"))
    town.seed("netsuite", customer=TWINS)
    paying(town, ADA)

    assert town.ends(FLOW) == {"failed": 1}

    assert town.findings()["many-matches"] == "3 record(s) match by email: 10, 11, 9"


# -- S20 ---------------------------------------------------------------------------------------------


def test_s20_no_match_is_a_new_customer(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="other@x.example")])
    paying(town, ADA)

    assert town.ends(FLOW) == {"created": 1}


def test_s20_no_match_is_the_global_customer_where_that_is_on(town: Town) -> None:
    town.layer("""
        version: 1
        flow: stripe-to-netsuite
        match: {outcome: {none: global, global: unallocated}}
        """)
    town.seed("netsuite", customer=[company("7", email="ada@x.example")])
    paying(town, ADA, {"id": "cus_b", "email": "b@x.example"})

    assert town.ends(FLOW) == {"linked": 1, "assigned": 1}

    names = {one["companyName"] for one in town.held("netsuite", "customer")}
    assert names == {"Company 7", "Stripe Unallocated Charges"}


def test_s20_two_new_customers_of_one_email_become_one(town: Town) -> None:
    paying(town, ADA, {"id": "cus_b", "name": "Ada again", "email": "ADA@x.example"})

    assert town.ends(FLOW) == {"created": 1, "linked": 1}

    made = town.one("netsuite", "customer")
    assert town.links(FLOW) == {"cus_ada": made["id"], "cus_b": made["id"]}


# -- S25 ---------------------------------------------------------------------------------------------


def test_s25_the_subsidiary_is_that_of_the_stripe_account(town: Town) -> None:
    town.setting(FLOW, subsidiary="2")
    paying(town, ADA)

    town.sync(FLOW)

    assert town.one("netsuite", "customer")["subsidiary"]["id"] == "2"


@pytest.mark.parametrize("pin", [{}, {"metadata": {"netsuite_id": "7"}}], ids=["by email", "by id"])
def test_s25_a_match_in_another_subsidiary_is_no_match(town: Town, pin: dict[str, Any]) -> None:
    town.setting(FLOW, subsidiary="2")
    town.seed("netsuite", customer=[company("7", email="ada@x.example")])
    paying(town, {**ADA, **pin})

    assert town.ends(FLOW) == ({"failed": 1} if pin else {"created": 1})

    assert "7" not in town.links(FLOW).values()
