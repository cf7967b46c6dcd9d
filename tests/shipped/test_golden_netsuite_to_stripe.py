"""The requests that the flow from NetSuite to Stripe sends, kept for people to read."""

from __future__ import annotations

from typing import Any

import golden
from netsuite_to_stripe import FLOW, company, paris, settled, stripe_id
from town import Town

FULL = company("7", email="acme@x.example", phone="+33 1 42 68 53 00", entityId="ACME-7", addressBook=paris())


def heard(town: Town, system: str, **order: Any) -> list[dict[str, Any]]:
    """What one run sends to a system, logins apart."""
    with town.listening(system) as requests:
        town.sync(FLOW, **order)
    return [one for one in requests if not one["path"].endswith("/token")]


def test_creating_a_customer_with_its_portal_link(town: Town) -> None:
    town.setting("stripe", portal_return_url="https://shop.example/account")
    town.seed("netsuite", customer=[FULL])

    golden.check("stripe-create", [one for one in heard(town, "stripe") if one["method"] == "POST"])


def test_writing_back_the_id_and_the_link(town: Town) -> None:
    town.seed("netsuite", customer=[FULL])

    golden.check("netsuite-write-back", [one for one in heard(town, "netsuite") if one["method"] != "POST"])


def test_updating_what_moved_alone(town: Town) -> None:
    settled(town, FULL)
    town.edit("customer", "7", email="new@x.example", addressBook=paris(addr1="2 rue Neuve", addr2="Hof"))

    golden.check("stripe-update", [one for one in heard(town, "stripe") if one["method"] == "POST"])


def test_a_single_sync(town: Town) -> None:
    settled(town, FULL)
    assert stripe_id(town, "7")
    town.edit("customer", "7", phone="+33 1 42 68 53 99")

    golden.check("stripe-single", heard(town, "stripe", run="single", ids=("7",)))


def test_a_new_customer_in_a_single_sync_is_looked_for_in_the_list(town: Town) -> None:
    town.seed("netsuite", customer=[FULL])

    golden.check("stripe-single-new", heard(town, "stripe", run="single", ids=("7",)))
