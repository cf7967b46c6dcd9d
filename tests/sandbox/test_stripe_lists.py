"""Lists of the Stripe stand-in: order, cursors, filters; and the money objects that link to customers."""

from __future__ import annotations

import pytest
from stripe_api import Api

FIVE = [{"id": f"cus_{name}", "created": 1_700_000_000 + at} for at, name in enumerate("ABCDE")]


def test_newest_first_whatever_order_they_came_in(stripe: Api) -> None:
    stripe.seed(customers=[FIVE[2], FIVE[0], FIVE[4], FIVE[1], FIVE[3]])

    page = stripe.get("/v1/customers")

    assert [row["id"] for row in page["data"]] == ["cus_E", "cus_D", "cus_C", "cus_B", "cus_A"]
    assert (page["object"], page["url"], page["has_more"]) == ("list", "/v1/customers", False)


def test_later_of_the_same_second_comes_first(stripe: Api) -> None:
    stripe.seed(customers=[{"id": "cus_1", "created": 5}, {"id": "cus_2", "created": 5}])

    assert stripe.ids("/v1/customers") == ["cus_2", "cus_1"]


@pytest.mark.parametrize(
    ("query", "ids", "has_more"),
    [
        ("limit=2", ["cus_E", "cus_D"], True),
        ("limit=2&starting_after=cus_D", ["cus_C", "cus_B"], True),
        ("limit=2&starting_after=cus_B", ["cus_A"], False),
        ("limit=5", ["cus_E", "cus_D", "cus_C", "cus_B", "cus_A"], False),
        ("limit=2&ending_before=cus_B", ["cus_D", "cus_C"], True),
        ("limit=3&ending_before=cus_B", ["cus_E", "cus_D", "cus_C"], False),
        ("starting_after=cus_A", [], False),
        ("created=1700000001", ["cus_B"], False),
        ("created[gte]=1700000003", ["cus_E", "cus_D"], False),
        ("created[gt]=1700000003", ["cus_E"], False),
        ("created[lt]=1700000001", ["cus_A"], False),
        ("created[lte]=1700000001&limit=1", ["cus_B"], True),
        ("created[gte]=1700000001&created[lt]=1700000004&starting_after=cus_D", ["cus_C", "cus_B"], False),
    ],
)
def test_pages_and_spans(stripe: Api, query: str, ids: list[str], has_more: bool) -> None:
    stripe.seed(customers=FIVE)

    page = stripe.get(f"/v1/customers?{query}")

    assert [row["id"] for row in page["data"]] == ids
    assert page["has_more"] is has_more


def test_ten_by_default(stripe: Api) -> None:
    stripe.seed(customers=[{} for _ in range(11)])

    assert len(stripe.ids("/v1/customers")) == 10


def test_paging_is_stable_while_customers_come_and_go(stripe: Api) -> None:
    stripe.seed(customers=FIVE)
    first = stripe.ids("/v1/customers?limit=2")
    stripe.post("/v1/customers", "name=New")
    stripe.delete("/v1/customers/cus_D")

    assert first + stripe.ids("/v1/customers?limit=5&starting_after=cus_D") == [
        one["id"] for one in FIVE[::-1]
    ]


def test_email_filter_is_exact_and_case_sensitive(stripe: Api) -> None:
    stripe.seed(customers=[{"id": "cus_1", "email": "Ada@x.io"}, {"id": "cus_2", "email": "ada@x.io"}])

    assert stripe.ids("/v1/customers?email=ada@x.io") == ["cus_2"]
    assert stripe.ids("/v1/customers?email=ADA@x.io") == []
    assert stripe.ids("/v1/customers?email=da@x.io") == []


def test_email_filter_sees_a_change_at_once(stripe: Api) -> None:
    stripe.seed(customers=[{"id": "cus_1", "email": "old@x.io"}])
    stripe.post("/v1/customers/cus_1", "email=new@x.io")

    assert stripe.ids("/v1/customers?email=new@x.io") == ["cus_1"]
    assert stripe.ids("/v1/customers?email=old@x.io") == []


def seed_money(stripe: Api) -> None:
    stripe.seed(
        customers=[{"id": "cus_A"}, {"id": "cus_B"}],
        charges=[
            {"id": "ch_1", "customer": "cus_A", "amount": 1250, "created": 10},
            {"id": "ch_2", "customer": None, "billing_details": {"email": "guest@x.io"}, "created": 20},
            {"id": "ch_3", "customer": "cus_B", "created": 30, "currency": "jpy", "amount": 500},
        ],
        invoices=[
            {"id": "in_1", "customer": "cus_A", "status": "paid", "number": "A-1", "due_date": 50},
            {"id": "in_2", "customer": "cus_A", "status": "open"},
        ],
        payment_methods=[
            {"id": "pm_1", "customer": "cus_A", "card": {"last4": "1881", "exp_month": 2, "exp_year": 2027}},
            {"id": "pm_2", "customer": "cus_A", "type": "sepa_debit", "sepa_debit": {"last4": "3000"}},
        ],
        payment_intents=[{"id": "pi_1", "customer": "cus_A", "latest_charge": "ch_1"}],
    )


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("/v1/charges", ["ch_3", "ch_2", "ch_1"]),
        ("/v1/charges?customer=cus_A", ["ch_1"]),
        ("/v1/charges?created[gte]=20", ["ch_3", "ch_2"]),
        ("/v1/charges?customer=cus_A&created[gte]=20", []),
        ("/v1/invoices?customer=cus_A", ["in_2", "in_1"]),
        ("/v1/invoices?customer=cus_A&status=paid", ["in_1"]),
        ("/v1/invoices?due_date[lte]=50", ["in_1"]),
        ("/v1/payment_intents?customer=cus_A", ["pi_1"]),
        ("/v1/payment_methods?customer=cus_A", ["pm_2", "pm_1"]),
        ("/v1/payment_methods?customer=cus_A&type=card", ["pm_1"]),
        ("/v1/customers/cus_A/payment_methods", ["pm_2", "pm_1"]),
        ("/v1/customers/cus_B/payment_methods", []),
    ],
)
def test_filters_of_what_belongs_to_customers(stripe: Api, path: str, ids: list[str]) -> None:
    seed_money(stripe)

    assert stripe.ids(path) == ids


def test_guest_charge_is_known_by_its_billing_details_alone(stripe: Api) -> None:
    seed_money(stripe)

    charge = stripe.get("/v1/charges/ch_2")

    assert charge["customer"] is None
    assert charge["billing_details"]["email"] == "guest@x.io"


def test_expansion_goes_through_two_objects(stripe: Api) -> None:
    seed_money(stripe)

    intent = stripe.get("/v1/payment_intents/pi_1?expand[]=latest_charge.customer&expand[]=customer")

    assert intent["latest_charge"]["customer"]["id"] == "cus_A"
    assert intent["customer"]["object"] == "customer"


def test_charge_outlives_its_customer(stripe: Api) -> None:
    seed_money(stripe)
    stripe.delete("/v1/customers/cus_A")

    assert stripe.ids("/v1/charges?customer=cus_A") == ["ch_1"]
    assert stripe.get("/v1/charges/ch_1?expand[]=customer")["customer"]["deleted"] is True


def test_card_shows_its_end_and_never_its_number(stripe: Api) -> None:
    seed_money(stripe)

    card = stripe.get("/v1/payment_methods/pm_1")["card"]

    assert (card["brand"], card["last4"], card["exp_month"], card["exp_year"]) == ("visa", "1881", 2, 2027)
    assert "number" not in card


def test_attach_and_detach(stripe: Api) -> None:
    seed_money(stripe)
    stripe.post("/v1/customers/cus_A", "invoice_settings[default_payment_method]=pm_1")

    assert stripe.post("/v1/payment_methods/pm_1/detach")["customer"] is None
    assert stripe.get("/v1/customers/cus_A")["invoice_settings"]["default_payment_method"] is None
    assert stripe.post("/v1/payment_methods/pm_1/attach", "customer=cus_B")["customer"] == "cus_B"
    assert stripe.send("POST", "/v1/payment_methods/pm_1/attach", "customer=cus_A").status_code == 400


def test_links_that_basil_removed_show_in_older_versions_only(stripe: Api) -> None:
    stripe.seed(
        charges=[{"id": "ch_1", "invoice": "in_1"}],
        invoices=[{"id": "in_1", "status": "paid", "charge": "ch_1"}],
    )

    assert "invoice" not in stripe.get("/v1/charges/ch_1")
    assert "paid" not in stripe.get("/v1/invoices")["data"][0]
    stripe.version = "2024-12-18.acacia"
    assert stripe.get("/v1/charges/ch_1")["invoice"] == "in_1"
    assert {
        name: stripe.get("/v1/invoices")["data"][0][name] for name in ("paid", "charge", "subscription")
    } == {
        "paid": True,
        "charge": "ch_1",
        "subscription": None,
    }
