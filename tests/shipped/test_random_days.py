"""Random days over both flows: people on either side, lost answers, odd hours; then the world comes to rest."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import pytest
from netsuite_to_stripe import ID_FIELD, company
from stripe_to_netsuite import charged
from town import Town

from engine.model.errors import ConnectorError

THERE, BACK = "stripe-to-netsuite", "netsuite-to-stripe"
STEPS = 24
NAMES = ("Ann Lee", "Bob GmbH", "Çelik AŞ", "Dvořák", "Eve")
BOTH_WAYS = """
    version: 1
    flow: stripe-to-netsuite
    push_policy: {fields: {phone: {push: always}, email: {push: always}}}
    """
TROUBLE = (
    {"kind": "drop_before"},
    {"kind": "drop_after"},
    {"kind": "status", "status": 503},
    {"kind": "status", "status": 429},
    {"kind": "bad_json"},
)


class Day:
    """What people did, in order, drawn from one seed."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town = town
        self.random = random.Random(seed)
        self.last: dict[tuple[str, str], str] = {}
        """(NetSuite id, field) -> what a person wrote there last, while nobody wrote to its partner since."""

    def step(self, number: int) -> None:
        self.town.advance(self.random.choice([1, 30, 700]))
        self.random.choice([self.born_in_stripe, self.born_in_netsuite, self.in_stripe, self.in_netsuite, self.run])(
            number
        )

    def born_in_stripe(self, number: int) -> None:
        maybe = self.random.choice
        one = {"id": f"cus_{number}", "name": maybe([None, *NAMES]), "email": maybe([None, f"p{number % 7}@x.example"])}
        self.town.seed("stripe", customers=[one], charges=charged(one["id"]) if self.random.random() < 0.7 else [])

    def born_in_netsuite(self, number: int) -> None:
        email = self.random.choice([None, f"p{number % 5}@x.example"])
        one = company(str(90000 + number * 100), companyName=f"{self.random.choice(NAMES)} {number}", email=email)
        self.town.seed("netsuite", customer=[{name: value for name, value in one.items() if value}])

    def in_stripe(self, number: int) -> None:
        held = [one["id"] for one in self.town.held("stripe", "customers")]
        if held:
            id, (field, value) = self.random.choice(held), self.value(number)
            self.town.stripe(f"/v1/customers/{id}", **{field: value})
            self.last.pop((self.partner(id), field), None)

    def in_netsuite(self, number: int) -> None:
        held = [one["id"] for one in self.town.held("netsuite", "customer")]
        if held:
            id, (field, value) = self.random.choice(held), self.value(number)
            self.town.edit("customer", id, **{field: value})
            self.last[id, field] = value

    def value(self, number: int) -> tuple[str, str]:
        return self.random.choice([("phone", f"+33 1 {number:08d}"), ("email", f"e{number}@x.example")])

    def partner(self, stripe: str) -> str:
        return self.town.links(THERE).get(stripe, "")

    def run(self, _number: int) -> None:
        system = self.random.choice(["stripe", "netsuite"])
        verb = self.random.choice(["POST", "PATCH", "PUT", "GET"])
        self.town.fault(
            system, method=verb, path="customer", times=self.random.choice([1, 3]), **self.random.choice(TROUBLE)
        )
        with suppress(ConnectorError):
            self.town.sync(self.random.choice([THERE, BACK]))
        self.town.no_faults()


def round_of_both(town: Town) -> list[Any]:
    return [town.sync(flow) for flow in (THERE, BACK)]


@pytest.mark.parametrize("seed", range(4))
def test_a_random_day_comes_to_rest_and_loses_nobodys_edit(town: Town, seed: int) -> None:
    if seed % 2:
        town.layer(BOTH_WAYS)
    day = Day(town, seed)
    for number in range(1, STEPS):
        day.step(number)
    for _ in range(3):
        assert [report.refused for report in round_of_both(town)] == [[], []]

    assert [town.plan(flow) for flow in (THERE, BACK)] == [[], []]
    assert list(town.store.operations(states=("open", "unknown"))) == []
    stripe = {one["id"]: one for one in town.held("stripe", "customers")}
    netsuite = {one["id"]: one for one in town.held("netsuite", "customer")}
    links = town.links(THERE)
    assert "no-email.invalid" not in str(stripe)
    for id, one in netsuite.items():
        if one.get("externalId"):
            assert links[one["externalId"]] == id, "nobody was made twice"
    for (id, field), value in day.last.items():
        partner = netsuite[id].get(ID_FIELD)  # another Stripe customer may be linked to it too, and gets nothing
        if partner is not None:
            assert (field, netsuite[id][field], stripe[partner][field]) == (field, value, value)
