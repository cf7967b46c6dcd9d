"""The very requests of the flow from Stripe to NetSuite, in files that people read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import golden
import pytest
from stripe_to_netsuite import ADA, BERLIN, FLOW, company, paying
from town import Town

from sandbox import serving


@pytest.fixture(scope="module")
def running() -> Iterator[serving.Running]:
    """These two systems alone: what other flows would read of them is not in the way."""
    with serving.start(["stripe", "netsuite"], control=True) as running:
        yield running


FULL: dict[str, Any] = {
    **ADA,
    "phone": "+49 30 1234567",
    "address": BERLIN,
    "shipping": {"name": "Dock 4", "address": {"line1": "Rue 2", "city": "Paris", "country": "France"}},
    "metadata": {"netsuite_terms": "2"},
}


def heard(town: Town, office: str, **order: Any) -> list[dict[str, Any]]:
    with town.listening(office) as requests:
        town.sync(FLOW, **order)
    return [one for one in requests if not one["path"].endswith("/token")]


def test_a_company_is_created_with_one_request(town: Town) -> None:
    paying(town, FULL)
    requests = heard(town, "netsuite")

    golden.check("netsuite-create-company", [one for one in requests if one["method"] == "PUT"])


def test_a_person_is_created_with_one_request(town: Town) -> None:
    paying(town, {"id": "cus_ada", "name": "Ada Byron", "metadata": {"netsuite_isPerson": "true"}})
    requests = heard(town, "netsuite")

    golden.check("netsuite-create-person", [one for one in requests if one["method"] == "PUT"])


def test_a_linked_customer_gets_what_is_missing(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="ada@x.example", comments="VIP")])
    paying(town, FULL)
    requests = heard(town, "netsuite")

    golden.check("netsuite-link", [one for one in requests if one["method"] == "PATCH"])


def test_an_address_is_written_whole(town: Town) -> None:
    town.layer("""
        version: 1
        flow: stripe-to-netsuite
        push_policy: {fields: {addressBook: {push: always}}}
        """)
    paying(town, FULL)
    town.sync(FLOW)
    town.stripe(
        "/v1/customers/cus_ada", **{"address[city]": "Bonn", "address[line1]": "Weg 2", "address[country]": "DE"}
    )
    requests = heard(town, "netsuite")

    golden.check("netsuite-update-address", [one for one in requests if "/record/" in one["path"]])


def test_the_first_reading_lists_everything(town: Town) -> None:
    paying(town, ADA)
    golden.check("stripe-first-reading", heard(town, "stripe"))


def test_a_later_reading_asks_for_changes(town: Town) -> None:
    paying(town, ADA)
    town.sync(FLOW)
    town.advance(600)
    town.stripe("/v1/customers/cus_ada", phone="+49 30 1234567")

    golden.check("stripe-later-reading", heard(town, "stripe"))


def test_netsuite_is_read_with_one_query_per_object(town: Town) -> None:
    golden.check("netsuite-first-reading", heard(town, "netsuite"))


def test_a_later_reading_of_netsuite_asks_for_changes_and_deletions(town: Town) -> None:
    town.sync(FLOW)
    town.advance(600)

    golden.check("netsuite-later-reading", heard(town, "netsuite"))


def test_a_single_customer_is_looked_for(town: Town) -> None:
    paying(town, ADA)

    golden.check("netsuite-single", heard(town, "netsuite", ids=("cus_ada",)))
