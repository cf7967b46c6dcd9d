"""S1 to S5: whom a Stripe customer becomes in NetSuite, and when."""

from __future__ import annotations

from town import Town

FLOW = "stripe-to-netsuite"
ADA = {"id": "cus_ada", "name": "Ada Ltd", "email": "ada@x.example"}


def charged(*ids: str | None) -> list[dict[str, object]]:
    return [{"customer": id, "amount": 500, "status": "succeeded"} for id in ids]


def test_s1_a_customer_becomes_a_new_netsuite_customer(town: Town) -> None:
    town.seed("stripe", customers=[ADA], charges=charged("cus_ada"))

    assert town.ends(FLOW) == {"created": 1}

    made = town.one("netsuite", "customer")
    assert (made["companyName"], made["email"], made["externalId"]) == ("Ada Ltd", "ada@x.example", "cus_ada")
