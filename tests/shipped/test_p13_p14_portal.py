"""P13 and P14: the customer portal's short-lived link, and what to do where the portal is off."""

from __future__ import annotations

from netsuite_to_stripe import FLOW, PORTAL_FIELD, company, settled, stripe_id
from town import Town

ACME = company("7", email="acme@x.example")
ACTION = frozenset({"portal_link"})


def portal_link(town: Town, id: str = "7") -> str | None:
    found: str | None = town.record("netsuite", "customer", id).get(PORTAL_FIELD)
    return found


def test_p13_a_new_customer_gets_a_portal_link(town: Town) -> None:
    town.setting("stripe", portal_return_url="https://shop.example/account")
    town.seed("netsuite", customer=[ACME])

    town.sync(FLOW)

    session = town.one("stripe", "portal_sessions")
    assert (session["customer"], session["return_url"]) == (stripe_id(town, "7"), "https://shop.example/account")
    assert portal_link(town) == session["url"]


def test_p13_a_linked_customer_gets_one_too(town: Town) -> None:
    town.seed("stripe", customers=[{"id": "cus_bee", "email": "acme@x.example"}])
    town.seed("netsuite", customer=[ACME])

    town.sync(FLOW)

    assert town.one("stripe", "portal_sessions")["customer"] == "cus_bee"
    assert portal_link(town) == town.one("stripe", "portal_sessions")["url"]


def test_p13_the_link_is_not_made_anew_by_every_sync(town: Town) -> None:
    settled(town, ACME)

    town.edit("customer", "7", phone="+33 1 42 68 53 00")
    town.sync(FLOW)

    assert len(town.held("stripe", "portal_sessions")) == 1


def test_p13_the_link_is_renewed_when_its_time_is_over(town: Town) -> None:
    settled(town, ACME)
    first = portal_link(town)
    town.advance(23 * 3600)
    town.sync(FLOW)
    assert portal_link(town) == first

    town.advance(2 * 3600)
    town.sync(FLOW)

    assert len(town.held("stripe", "portal_sessions")) == 2
    assert portal_link(town) == town.held("stripe", "portal_sessions")[-1]["url"] != first


def test_p13_how_long_a_link_serves_is_the_integrators_choice(town: Town) -> None:
    town.layer("""
        version: 1
        flow: netsuite-to-stripe
        actions: {portal_link: {renew: 1h}}
        """)
    settled(town, ACME)

    town.advance(2 * 3600)
    town.sync(FLOW)

    assert len(town.held("stripe", "portal_sessions")) == 2


def test_p13_links_are_renewed_by_hand_for_everybody(town: Town) -> None:
    settled(town, ACME, company("8", email="b@x.example"))

    town.sync(FLOW, actions=ACTION)

    assert len(town.held("stripe", "portal_sessions")) == 4
    urls = {one["url"] for one in town.held("stripe", "portal_sessions")[2:]}
    assert {portal_link(town, "7"), portal_link(town, "8")} == urls


def test_p13_a_link_is_renewed_by_hand_for_one(town: Town) -> None:
    settled(town, ACME, company("8", email="b@x.example"))
    other = portal_link(town, "8")

    town.sync(FLOW, ids=("7",), actions=ACTION)

    sessions = town.held("stripe", "portal_sessions")
    assert len(sessions) == 3
    assert (portal_link(town, "7"), portal_link(town, "8")) == (sessions[-1]["url"], other)


def test_p13_a_renewed_link_is_no_change_of_the_customer(town: Town) -> None:
    settled(town, ACME)
    town.sync(FLOW, actions=ACTION)
    town.requests("stripe")

    assert town.plan(FLOW) == []
    town.sync(FLOW)

    assert town.writes("stripe") == []


def test_p13_without_the_action_no_link_is_made(town: Town) -> None:
    town.layer("""
        version: 1
        flow: netsuite-to-stripe
        actions: {$unset: [portal_link]}
        """)
    settled(town, ACME)

    assert town.held("stripe", "portal_sessions") == []
    assert portal_link(town) is None


def test_p14_a_portal_that_is_off_says_what_to_click(town: Town) -> None:
    town.set("stripe", portal=False)
    town.seed("netsuite", customer=[ACME])

    town.sync(FLOW)

    assert town.last and town.last.applied
    ((_, said),) = town.last.applied.errors
    assert said == (
        "The customer portal is not activated in Stripe. (status 400, portal_off); "
        "In Stripe open Settings > Customer portal, click Activate link, then repeat the sync."
    )


def test_p14_the_customer_is_synced_all_the_same(town: Town) -> None:
    town.set("stripe", portal=False)
    town.seed("netsuite", customer=[ACME])

    assert town.ends(FLOW) == {"created": 1}

    assert stripe_id(town, "7") == town.one("stripe", "customers")["id"]
    assert portal_link(town) is None


def test_p14_nobody_asks_a_portal_that_is_off_twice_in_a_run(town: Town) -> None:
    town.set("stripe", portal=False)
    town.seed("netsuite", customer=[company(str(id), email=f"a{id}@x.example") for id in range(700, 730)])

    town.sync(FLOW)

    asked = [one for one in town.requests("stripe") if one["path"] == "/v1/billing_portal/sessions"]
    assert 1 <= len(asked) <= 10  # those under way at once
    assert town.last and town.last.applied and len(town.last.applied.errors) <= 10


def test_p14_repeating_the_sync_makes_the_links_once_it_is_on(town: Town) -> None:
    town.set("stripe", portal=False)
    town.seed("netsuite", customer=[ACME, company("8", email="b@x.example")])
    town.sync(FLOW)
    town.set("stripe", portal=True)

    town.sync(FLOW)

    assert {portal_link(town, "7"), portal_link(town, "8")} == {
        one["url"] for one in town.held("stripe", "portal_sessions")
    }
    assert len(town.held("stripe", "portal_sessions")) == 2
