"""What the tests of the flow from Stripe to NetSuite share."""

from __future__ import annotations

from typing import Any

from town import Town

from engine.pipeline.by_hand import Pair, Stroke, begin_run
from engine.pipeline.by_hand import link_by_hand as by_hand

FLOW = "stripe-to-netsuite"
ADA: dict[str, Any] = {"id": "cus_ada", "name": "Ada Ltd", "email": "ada@x.example"}
BERLIN = {"line1": "Weg 1", "line2": "Hof", "city": "Berlin", "state": "BE", "postal_code": "10115", "country": "DE"}


def charged(*ids: str | None) -> list[dict[str, Any]]:
    """One payment of each customer."""
    return [{"customer": id, "amount": 500, "status": "succeeded"} for id in ids]


def paying(town: Town, *customers: dict[str, Any]) -> None:
    """Stripe customers, each with a payment."""
    town.seed("stripe", customers=list(customers), charges=charged(*(one["id"] for one in customers)))


def company(id: str, **values: Any) -> dict[str, Any]:
    """A NetSuite customer of the first subsidiary."""
    return {"id": id, "companyName": f"Company {id}", "subsidiary": {"id": "1"}, **values}


def made_of(town: Town, **customer: Any) -> dict[str, Any]:
    """The NetSuite customer that comes of a paying Stripe customer."""
    paying(town, {"id": "cus_ada", **customer})
    town.sync(FLOW)
    found = [one for one in town.held("netsuite", "customer") if one.get("externalId") == "cus_ada"]
    assert found, town.findings()
    return found[0]


def link_by_hand(town: Town, source: str, target: str) -> None:
    """What `run.py links add` does."""
    with town.shop() as shop:
        flow = town.flow(FLOW)
        begin_run(shop, flow, "links")
        linked = by_hand(shop, flow, [Pair(source, target)], Stroke(move=True))
    assert not linked.refused


def lines(record: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Address lines by label, without what NetSuite adds."""
    return {one["label"]: one for one in record["addressBook"]["items"]}
