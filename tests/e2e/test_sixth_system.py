"""A system that nobody has heard of, with flows to and from Stripe, by YAML files alone; the engine is untouched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.commands import ROOT, Desk, Done
from tests.e2e.frontdesk import PASSWORD, USER, Fault, FrontDesk, open_desk

LAYER = Path(__file__).with_name("sixth")
TO_STRIPE, FROM_STRIPE = "frontdesk-to-stripe", "stripe-to-frontdesk"


@dataclass
class Hotel:
    """The front desk beside the Stripe stand-in, and run.py with a layer that knows both."""

    desk: Desk
    guests: FrontDesk

    def sync(self, flow: str, *more: str) -> Done:
        return self.desk.run("sync", flow, "--layer", str(LAYER), "--format", "json", "--quiet", *more)

    def done(self, flow: str) -> dict[str, Any]:
        """Counts of a run that went well, those that are not 0."""
        done = self.sync(flow)
        assert done.code == 0, done.out + done.err
        ends = ("created", "updated", "linked", "settled", "skipped", "held", "failed", "unknown")
        return {name: done.tree[name] for name in ends if done.tree[name]}

    def customers(self) -> dict[str, dict[str, Any]]:
        """Stripe customers by email."""
        return {one["email"]: one for one in self.desk.held("stripe", "customers")}


@pytest.fixture
def hotel(desk: Desk) -> Iterator[Hotel]:
    with open_desk() as (guests, url):
        settings = desk.folder / "town.json"
        line = json.loads(settings.read_text())
        line["frontdesk"] = {"base_url": url, "settings": {"user": USER, "password": PASSWORD}}
        settings.write_text(json.dumps(line))
        yield Hotel(desk, guests)


def three(hotel: Hotel) -> None:
    for name in ("Ada", "Bob", "Cyd"):
        hotel.guests.put(full_name=name, mail=f"{name.lower()}@x.example", tel="+49 30 1", newsletter="Y")


def test_its_yaml_is_right_and_the_engine_has_never_heard_of_it(hotel: Hotel) -> None:
    assert hotel.desk.run("validate", "--layer", str(LAYER)).code == 0
    files = [*(ROOT / "engine").rglob("*.py"), *(ROOT / "schemas").rglob("*.json")]
    assert [str(path) for path in files if "frontdesk" in path.read_text().lower()] == []


def test_its_guests_become_stripe_customers_over_pages(hotel: Hotel) -> None:
    three(hotel)
    done = hotel.desk.process("sync", TO_STRIPE, "--layer", str(LAYER), "--format", "json")
    assert (done.code, done.tree["created"]) == (0, 3), done.err
    ada = hotel.customers()["ada@x.example"]
    assert (ada["name"], ada["phone"]) == ("Ada", "+49 30 1")
    assert ada["metadata"] == {"guest": "1", "newsletter": "yes"}
    assert hotel.guests.writes() == []
    assert hotel.done(TO_STRIPE) == {"settled": 3}
    assert hotel.guests.writes() == []


def test_stripe_customers_become_guests_under_their_natural_key(hotel: Hotel) -> None:
    address = {"line1": "1", "city": "Lyon", "country": "FR"}
    hotel.desk.seed("stripe", customers=[{"id": "cus_1", "name": "Dan", "email": "dan@x.example", "address": address}])
    assert hotel.done(FROM_STRIPE) == {"created": 1}
    assert hotel.guests.writes() == ["PUT /api/guests/ref/cus_1"]
    (guest,) = hotel.guests.guests.values()
    assert {name: guest[name] for name in ("ref", "full_name", "mail", "address")} == {
        "ref": "cus_1", "full_name": "Dan", "mail": "dan@x.example", "address": {"city": "LYON"},
    }  # fmt: skip
    assert hotel.done(FROM_STRIPE) == {"settled": 1}


def test_both_ways_share_links_and_nothing_echoes(hotel: Hotel) -> None:
    three(hotel)
    assert hotel.done(TO_STRIPE) == {"created": 3}
    assert hotel.done(FROM_STRIPE) == {"settled": 3}
    assert hotel.guests.writes() == []
    hotel.guests.edit(1, tel="+49 30 2")
    assert hotel.done(TO_STRIPE) == {"updated": 1, "settled": 2}
    assert hotel.customers()["ada@x.example"]["phone"] == "+49 30 2"
    assert "updated" not in hotel.done(FROM_STRIPE)
    assert hotel.guests.writes() == []


def test_what_the_desk_refuses_fails_alone(hotel: Hotel) -> None:
    hotel.desk.seed(
        "stripe",
        customers=[
            {"id": "cus_1", "name": "Bad", "email": "a@b"},
            {"id": "cus_2", "name": "Good", "email": "g@x.example"},
        ],
    )
    done = hotel.sync(FROM_STRIPE)
    assert (done.code, done.tree["created"], done.tree["failed"]) == (1, 1, 1)
    assert [one["full_name"] for one in hotel.guests.guests.values()] == ["Good"]


def test_its_error_table_says_what_happens_next(hotel: Hotel) -> None:
    three(hotel)
    hotel.guests.faults = [Fault(503, "DOWN", "back soon"), Fault(400, "SLOW_DOWN", "one at a time")]
    assert hotel.done(TO_STRIPE) == {"created": 3}


def test_a_wrong_password_stops_with_the_words_of_the_table(hotel: Hotel) -> None:
    settings = hotel.desk.folder / "town.json"
    settings.write_text(settings.read_text().replace(PASSWORD, "guessed-wrong"))
    done = hotel.sync(TO_STRIPE)
    assert done.code == 3
    assert "The front desk does not know this user." in done.err
    assert "guessed-wrong" not in done.out + done.err


def test_a_guest_that_checked_out_loses_the_link_alone(hotel: Hotel) -> None:
    three(hotel)
    assert hotel.done(TO_STRIPE) == {"created": 3}
    hotel.guests.remove(2)
    hotel.done(TO_STRIPE)
    assert sorted(hotel.customers()) == ["ada@x.example", "bob@x.example", "cyd@x.example"]
