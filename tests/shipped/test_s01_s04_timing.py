"""S1 to S4 and S24: what a Stripe customer becomes in NetSuite, and when."""

from __future__ import annotations

import pytest
from stripe_to_netsuite import ADA, FLOW, charged
from town import Town

GLOBAL = """
    version: 1
    flow: stripe-to-netsuite
    represent: [{id: own, as: global_record, global: unallocated}]
    """
AT_ONCE = """
    version: 1
    flow: stripe-to-netsuite
    begin: {$unset: [first_transaction]}
    """
DELAYED = """
    version: 1
    flow: stripe-to-netsuite
    begin:
      $unset: [first_transaction]
      released: {when: source.metadata.netsuite_ready == 'yes', otherwise: wait}
    """


def test_s1_a_customer_becomes_a_new_netsuite_customer(town: Town) -> None:
    town.seed("stripe", customers=[ADA], charges=charged("cus_ada"))

    assert town.ends(FLOW) == {"created": 1}

    made = town.one("netsuite", "customer")
    assert (made["companyName"], made["email"], made["externalId"]) == ("Ada Ltd", "ada@x.example", "cus_ada")
    assert town.links(FLOW) == {"cus_ada": made["id"]}


def test_s1_a_customer_is_linked_to_the_netsuite_customer_that_is_there(town: Town) -> None:
    town.seed(
        "netsuite", customer=[{"id": "7", "companyName": "Ada", "email": "ada@x.example", "subsidiary": {"id": "1"}}]
    )
    town.seed("stripe", customers=[ADA], charges=charged("cus_ada"))

    assert town.ends(FLOW) == {"linked": 1}

    assert town.links(FLOW) == {"cus_ada": "7"}
    assert town.one("netsuite", "customer")["companyName"] == "Ada"


def test_s1_linking_alone_creates_nobody(town: Town) -> None:
    town.layer("""
        version: 1
        flow: stripe-to-netsuite
        match: {outcome: {none: hold}}
        """)
    town.seed(
        "netsuite", customer=[{"id": "7", "companyName": "Ada", "email": "ada@x.example", "subsidiary": {"id": "1"}}]
    )
    town.seed(
        "stripe", customers=[ADA, {"id": "cus_new", "email": "n@x.example"}], charges=charged("cus_ada", "cus_new")
    )

    assert town.ends(FLOW) == {"linked": 1, "held": 1}

    assert len(town.held("netsuite", "customer")) == 1


def test_s1_one_global_customer_stands_for_everybody(town: Town) -> None:
    town.layer(GLOBAL)
    town.seed("stripe", customers=[ADA, {"id": "cus_b", "email": "b@x.example"}], charges=charged("cus_ada", "cus_b"))

    assert town.ends(FLOW) == {"assigned": 2}

    shared = town.one("netsuite", "customer")
    assert shared["companyName"] == "Stripe Unallocated Charges"
    assert {key.id: target for key, target, _ in town.store.assignments(FLOW)} == {
        "cus_ada": shared["id"],
        "cus_b": shared["id"],
    }
    assert town.links(FLOW) == {}


def test_s1_the_global_customer_is_made_once(town: Town) -> None:
    town.layer(GLOBAL)
    town.seed("stripe", customers=[ADA], charges=charged("cus_ada"))
    town.sync(FLOW)
    town.seed("stripe", customers=[{"id": "cus_b"}], charges=charged("cus_b"))

    town.sync(FLOW)

    assert [one["companyName"] for one in town.held("netsuite", "customer")] == ["Stripe Unallocated Charges"]


def test_s1_a_global_customer_that_is_there_is_used(town: Town) -> None:
    town.layer(GLOBAL)
    town.seed(
        "netsuite", customer=[{"id": "9", "companyName": "Stripe Unallocated Charges", "subsidiary": {"id": "1"}}]
    )
    town.seed("stripe", customers=[ADA], charges=charged("cus_ada"))

    town.sync(FLOW)

    assert [(key.id, target) for key, target, _ in town.store.assignments(FLOW)] == [("cus_ada", "9")]
    assert town.writes("netsuite") == []


def test_s2_a_customer_without_a_transaction_waits(town: Town) -> None:
    town.seed("stripe", customers=[ADA])

    assert town.ends(FLOW) == {"held": 1, "waiting": 1}

    assert town.held("netsuite", "customer") == []


@pytest.mark.parametrize("kind", ["charges", "invoices"])
def test_s2_the_first_transaction_brings_the_customer(town: Town, kind: str) -> None:
    town.seed("stripe", customers=[ADA])
    town.sync(FLOW)
    town.advance(3600)
    town.seed("stripe", **{kind: [{"customer": "cus_ada"}]})

    assert town.ends(FLOW) == {"created": 1}

    assert town.one("netsuite", "customer")["externalId"] == "cus_ada"


def test_s2_somebody_elses_transaction_brings_nobody(town: Town) -> None:
    town.seed("stripe", customers=[ADA, {"id": "cus_b"}], charges=charged("cus_b"))

    town.sync(FLOW)

    assert [one["externalId"] for one in town.held("netsuite", "customer")] == ["cus_b"]


def test_s3_immediately_means_before_any_transaction(town: Town) -> None:
    town.layer(AT_ONCE)
    town.seed("stripe", customers=[ADA])

    assert town.ends(FLOW) == {"created": 1}


def test_s3_a_new_customer_comes_by_its_event(town: Town) -> None:
    town.layer(AT_ONCE)
    town.sync(FLOW, run="events")
    made = town.stripe("/v1/customers", name="Bea Ltd")
    town.requests("stripe")

    assert town.ends(FLOW, run="events") == {"created": 1}

    assert town.one("netsuite", "customer")["externalId"] == made["id"]
    asked = [one["path"] for one in town.requests("stripe")]
    assert "/v1/events" in asked
    assert "/v1/customers" not in asked


def test_s4_a_customer_waits_for_its_metadata(town: Town) -> None:
    town.layer(DELAYED)
    town.seed("stripe", customers=[ADA], charges=charged("cus_ada"))
    assert town.ends(FLOW) == {"held": 1, "waiting": 1}
    town.stripe("/v1/customers/cus_ada", **{"metadata[netsuite_ready]": "yes"})

    assert town.ends(FLOW) == {"created": 1}


def test_s24_a_payment_without_a_customer_lands_on_the_global_customer(town: Town) -> None:
    town.seed("stripe", charges=[{"id": "ch_1", "customer": None, "amount": 500}])

    town.sync(FLOW)

    shared = town.one("netsuite", "customer")
    assert (shared["companyName"], shared["externalId"]) == ("Stripe Unallocated Charges", "stripe_unallocated")
    assert [(key.id, target) for key, target, _ in town.store.assignments(FLOW)] == [("ch_1", shared["id"])]


def test_s24_later_payments_land_on_the_same_global_customer(town: Town) -> None:
    town.seed("stripe", charges=[{"id": "ch_1", "customer": None}])
    town.sync(FLOW)
    town.advance(3600)
    town.seed("stripe", charges=[{"id": "ch_2", "customer": None}])

    town.sync(FLOW)

    shared = town.one("netsuite", "customer")
    assert {key.id: target for key, target, _ in town.store.assignments(FLOW)} == {
        "ch_1": shared["id"],
        "ch_2": shared["id"],
    }


def test_s24_a_payment_with_a_customer_makes_no_global_customer(town: Town) -> None:
    town.seed("stripe", customers=[ADA], charges=charged("cus_ada"))

    town.sync(FLOW)

    assert [one["externalId"] for one in town.held("netsuite", "customer")] == ["cus_ada"]
