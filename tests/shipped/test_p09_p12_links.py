"""P9 to P12: customers without an email, links in bulk, the id that is written back, payment methods."""

from __future__ import annotations

import pytest
from netsuite_to_stripe import FLOW, ID_FIELD, company, in_stripe, settled, stripe_id
from town import Town

from engine.model.errors import UsageError
from engine.pipeline.by_hand import Linked, Pair, Stroke
from engine.pipeline.import_links import import_links
from engine.pipeline.related import related
from engine.pipeline.workshop import target_key
from engine.report.link_file import read_links

BEE = {"id": "cus_bee", "name": "Bee", "email": "bee@x.example"}


def test_p9_a_customer_without_an_email_syncs_by_its_id(town: Town) -> None:
    town.seed("stripe", customers=[BEE])
    town.seed("netsuite", customer=[company("7", phone="+33 1 42 68 53 00", **{ID_FIELD: "cus_bee"})])

    assert town.ends(FLOW) == {"linked": 1}

    held = town.one("stripe", "customers")
    assert (held["phone"], held["email"]) == ("+33 1 42 68 53 00", "bee@x.example")


def test_p9_with_neither_it_is_skipped_and_told(town: Town) -> None:
    town.seed("netsuite", customer=[company("7")])

    assert town.ends(FLOW) == {"skipped": 1}

    assert "neither a Stripe customer id nor an email" in town.findings()["select-reachable"]
    assert (town.writes("stripe"), town.writes("netsuite")) == ([], [])


def test_p9_it_syncs_as_soon_as_it_has_an_email(town: Town) -> None:
    town.seed("netsuite", customer=[company("7")])
    town.sync(FLOW)

    town.edit("customer", "7", email="acme@x.example")

    assert town.ends(FLOW) == {"created": 1}


# -- P10


def imported(town: Town, text: str) -> Linked:
    flow = town.flow(FLOW)
    pairs = [Pair(*row) for row in read_links(text, flow.rules.links)]
    with town.shop() as shop:
        return import_links(shop, flow, pairs, Stroke("imported"))


def test_p10_links_are_imported_and_used(town: Town) -> None:
    town.seed("stripe", customers=[BEE, {"id": "cus_cat"}])
    town.seed("netsuite", customer=[company("7"), company("8", email="new@x.example")])

    found = imported(town, "Internal ID,Stripe Customer ID\n7,cus_bee\n8,cus_cat\n")

    assert (found.made, found.refused) == ((Pair("7", "cus_bee", 2), Pair("8", "cus_cat", 3)), ())
    assert town.links(FLOW) == {"7": "cus_bee", "8": "cus_cat"}
    town.sync(FLOW)
    assert (stripe_id(town, "7"), stripe_id(town, "8")) == ("cus_bee", "cus_cat")
    assert in_stripe(town, "8")["email"] == "new@x.example"
    assert len(town.held("stripe", "customers")) == 2
    assert town.plan(FLOW) == []


def test_p10_rows_that_cannot_be_right_are_reported(town: Town) -> None:
    town.seed("stripe", customers=[BEE, {"id": "cus_cat"}, {"id": "cus_dog"}])
    pinned = company("10", **{ID_FIELD: "cus_dog"})
    town.seed("netsuite", customer=[company("7"), company("8"), company("9"), pinned])

    found = imported(
        town,
        "Internal ID,Name,Stripe Customer ID\n"
        "7,seven,cus_bee\n"
        "7,again,cus_cat\n"
        "8,taken,cus_bee\n"
        "9,blank,\n"
        "99,nobody,cus_cat\n"
        "9,gone,cus_gone\n"
        "10,pinned,cus_cat\n",
    )

    assert found.made == (Pair("7", "cus_bee", 2),)
    assert [(one.pair.line, one.code) for one in found.refused] == [
        (3, "duplicate-row"),
        (4, "target-taken"),
        (5, "blank"),
        (6, "unknown-id"),
        (7, "unknown-id"),
        (8, "pinned-elsewhere"),
    ]
    assert found.refused[-1].reason == "custentity_stripe_customer_id of netsuite:10 names cus_dog: blank it first"
    assert town.links(FLOW) == {"7": "cus_bee"}


def test_p10_importing_twice_does_no_harm(town: Town) -> None:
    town.seed("stripe", customers=[BEE])
    town.seed("netsuite", customer=[company("7")])
    text = "Internal ID,Stripe Customer ID\n7,cus_bee\n"
    imported(town, text)
    town.sync(FLOW)

    assert imported(town, text) == Linked(known=(Pair("7", "cus_bee", 2),))
    assert town.plan(FLOW) == []


def test_p10_a_customer_that_is_linked_already_is_refused(town: Town) -> None:
    town.seed("stripe", customers=[BEE])
    settled(town, company("7", email="acme@x.example"))

    found = imported(town, "Internal ID,Stripe Customer ID\n7,cus_bee\n")

    assert found.made == ()
    assert [one.code for one in found.refused] == ["pinned-elsewhere"]


def test_p10_other_headings_by_layer(town: Town) -> None:
    town.layer("""
        version: 1
        flow: netsuite-to-stripe
        links: {columns: {source: NetSuite, target: Stripe}}
        """)
    town.seed("stripe", customers=[BEE])
    town.seed("netsuite", customer=[company("7")])

    assert imported(town, "NetSuite,Stripe\n7,cus_bee\n").made == (Pair("7", "cus_bee", 2),)
    with pytest.raises(UsageError, match="must name 'NetSuite' and 'Stripe'"):
        imported(town, "Internal ID,Stripe Customer ID\n7,cus_bee\n")


def test_p10_many_rows_read_lists_instead_of_records(town: Town) -> None:
    town.seed("stripe", customers=[{"id": f"cus_{n}"} for n in range(120)])
    town.seed("netsuite", customer=[company(str(1000 + n)) for n in range(120)])
    rows = "".join(f"{1000 + n},cus_{n}\n" for n in range(120))

    assert len(imported(town, f"Internal ID,Stripe Customer ID\n{rows}").made) == 120

    assert len(town.requests("stripe")) + len(town.requests("netsuite")) < 10


# -- P11


def test_p11_the_new_id_is_written_back(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="acme@x.example")])

    town.sync(FLOW)

    assert stripe_id(town, "7") == town.one("stripe", "customers")["id"]


def test_p11_a_write_back_that_failed_is_made_up_for(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="acme@x.example")])
    town.fault("netsuite", method="PATCH", path="/customer/7$", kind="status", status=400, times=1)
    town.sync(FLOW)
    assert stripe_id(town, "7") is None

    town.sync(FLOW)

    assert stripe_id(town, "7") == town.one("stripe", "customers")["id"]


def test_p11_an_id_that_somebody_took_out_by_mistake_comes_back(town: Town) -> None:
    settled(town, company("7", email="acme@x.example"))
    before = stripe_id(town, "7")
    town.edit("customer", "7", **{ID_FIELD: None})

    assert town.ends(FLOW) == {"linked": 1}

    assert stripe_id(town, "7") == before


def test_p11_where_the_id_goes_is_the_integrators_choice(town: Town) -> None:
    town.layer("""
        version: 1
        flow: netsuite-to-stripe
        write_back: {altEmail: email}
        """)
    town.seed("netsuite", customer=[company("7", email="acme@x.example")])

    town.sync(FLOW)

    assert town.record("netsuite", "customer", "7")["altEmail"] == "acme@x.example"


# -- P12


def test_p12_payment_methods_are_readable(town: Town) -> None:
    cards = [
        {
            "id": "pm_1",
            "customer": "cus_bee",
            "card": {"brand": "visa", "last4": "4242", "exp_month": 7, "exp_year": 2031},
        },
        {
            "id": "pm_2",
            "customer": "cus_bee",
            "card": {"brand": "amex", "last4": "0005", "exp_month": 1, "exp_year": 2029},
        },
    ]
    town.seed(
        "stripe",
        customers=[{**BEE, "invoice_settings": {"default_payment_method": "pm_2"}}, {"id": "cus_cat"}],
        payment_methods=cards,
    )

    with town.shop() as shop:
        found = related(shop, target_key(town.flow(FLOW), "cus_bee"), "payment_methods")

    names = ("brand", "last4", "exp_month", "exp_year", "default")
    assert {one.key.id: tuple(one.fields[name] for name in names) for one in found} == {
        "pm_1": ("visa", "4242", 7, 2031, False),
        "pm_2": ("amex", "0005", 1, 2029, True),
    }


def test_p12_nobody_pays_with_nothing(town: Town) -> None:
    town.seed("stripe", customers=[BEE])

    with town.shop() as shop:
        assert related(shop, target_key(town.flow(FLOW), "cus_bee"), "payment_methods") == []
        with pytest.raises(UsageError, match="there are: charges, invoices, payment_methods"):
            related(shop, target_key(town.flow(FLOW), "cus_bee"), "cards")
        with pytest.raises(UsageError, match="there is no Customer cus_nobody"):
            related(shop, target_key(town.flow(FLOW), "cus_nobody"), "payment_methods")


def test_p12_a_card_number_is_never_shown(town: Town) -> None:
    details = {"name": "4242 4242 4242 4242", "email": None, "phone": None, "address": None}
    method = {"id": "pm_1", "customer": "cus_bee", "billing_details": details}
    town.seed("stripe", customers=[BEE], payment_methods=[method])

    with town.shop() as shop:
        (found,) = related(shop, target_key(town.flow(FLOW), "cus_bee"), "payment_methods")

    assert found.fields["billing_details"]["name"] == "************4242"
