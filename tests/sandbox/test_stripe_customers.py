"""Customers of the Stripe stand-in: what is kept, cleared, merged and deleted."""

from __future__ import annotations

import pytest
from stripe_api import Api

ADDRESS = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}


def test_created_customer_has_the_vendors_shape(stripe: Api) -> None:
    customer = stripe.post("/v1/customers", "name=Ada+L&email=ada%40x.io&metadata[netsuite_id]=107")

    fixed = {name: customer.pop(name) for name in ("id", "created", "invoice_prefix")}
    assert fixed["id"].startswith("cus_")
    assert len(fixed["invoice_prefix"]) == 8
    assert isinstance(fixed["created"], int)
    assert customer == {
        "object": "customer",
        "address": None,
        "balance": 0,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": "ada@x.io",
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {"netsuite_id": "107"},
        "name": "Ada L",
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def test_golden_form_of_the_official_encoder_is_read(stripe: Api) -> None:
    customer = stripe.post(
        "/v1/customers",
        "email=a%2Bb%40ex.com&name=Zo%C3%AB+Q&address[line1]=1+Rd&address[line2]=&address[country]=GB"
        "&metadata[netsuite_id]=42&metadata[old]=&preferred_locales[0]=fr&preferred_locales[1]=en"
        "&tax_id_data[0][type]=eu_vat&tax_id_data[0][value]=DE123456789&validate=true",
    )

    assert customer["email"] == "a+b@ex.com"
    assert customer["name"] == "Zoë Q"
    assert customer["address"] == {**ADDRESS, "line1": "1 Rd", "country": "GB"}
    assert customer["metadata"] == {"netsuite_id": "42"}
    assert customer["preferred_locales"] == ["fr", "en"]
    assert [row["value"] for row in stripe.get(f"/v1/customers/{customer['id']}/tax_ids")["data"]] == [
        "DE123456789"
    ]


@pytest.mark.parametrize(
    "body",
    [
        "preferred_locales[]=fr&preferred_locales[]=en",
        "preferred_locales%5B%5D=fr&preferred_locales%5B%5D=en",
        "preferred_locales[1]=en&preferred_locales[0]=fr",
    ],
)
def test_lists_are_read_in_every_spelling(stripe: Api, body: str) -> None:
    assert stripe.post("/v1/customers", body)["preferred_locales"] == ["fr", "en"]


def test_list_of_hashes_with_empty_brackets(stripe: Api) -> None:
    customer = stripe.post(
        "/v1/customers",
        "invoice_settings[custom_fields][][name]=a&invoice_settings[custom_fields][][value]=1"
        "&invoice_settings[custom_fields][][name]=b&invoice_settings[custom_fields][][value]=2",
    )

    assert customer["invoice_settings"]["custom_fields"] == [
        {"name": "a", "value": "1"},
        {"name": "b", "value": "2"},
    ]


def test_update_changes_only_what_is_sent(stripe: Api) -> None:
    stripe.seed(customers=[{"id": "cus_A", "name": "Ada", "metadata": {"netsuite_id": "107", "old_id": "9"}}])

    customer = stripe.post(
        "/v1/customers/cus_A", "phone=%2B33123456789&metadata[tier]=gold&metadata[old_id]="
    )

    assert customer["name"] == "Ada"
    assert customer["phone"] == "+33123456789"
    assert customer["metadata"] == {"netsuite_id": "107", "tier": "gold"}


def test_metadata_is_removed_whole_by_an_empty_text(stripe: Api) -> None:
    stripe.seed(customers=[{"id": "cus_A", "metadata": {"a": "1"}}])

    assert stripe.post("/v1/customers/cus_A", "metadata=")["metadata"] == {}


@pytest.mark.parametrize("field", ["email", "name", "phone", "description", "address", "shipping"])
def test_empty_text_clears(stripe: Api, field: str) -> None:
    whole = {"name": "A", "address": {"city": "Rome"}}
    full = {
        "email": "a@b.io",
        "name": "A",
        "phone": "1",
        "description": "d",
        "address": {},
        "shipping": whole,
    }
    stripe.seed(customers=[{"id": "cus_A", **full}])

    assert stripe.post("/v1/customers/cus_A", f"{field}=")[field] is None


def test_tax_exempt_cleared_is_none(stripe: Api) -> None:
    stripe.seed(customers=[{"id": "cus_A", "tax_exempt": "reverse"}])

    assert stripe.post("/v1/customers/cus_A", "tax_exempt=")["tax_exempt"] == "none"


def test_address_is_replaced_whole(stripe: Api) -> None:
    stripe.seed(customers=[{"id": "cus_A", "address": {"line1": "1 Rd", "city": "Rome", "country": "IT"}}])

    assert stripe.post("/v1/customers/cus_A", "address[city]=Bari")["address"] == {**ADDRESS, "city": "Bari"}


def test_shipping_keeps_name_address_and_phone(stripe: Api) -> None:
    customer = stripe.post("/v1/customers", "shipping[name]=Ada&shipping[address][city]=Rome")

    assert customer["shipping"] == {"name": "Ada", "address": {**ADDRESS, "city": "Rome"}, "phone": None}


def test_limits_are_counted_in_characters(stripe: Api) -> None:
    customer = stripe.post("/v1/customers", f"name={'%C3%AB' * 256}&metadata[k]={'%C3%AB' * 500}")

    assert customer["name"] == "ë" * 256
    assert customer["metadata"] == {"k": "ë" * 500}


def test_two_customers_may_share_an_email(stripe: Api) -> None:
    first, second = (stripe.post("/v1/customers", "email=a@b.io")["id"] for _ in range(2))

    assert stripe.ids("/v1/customers?email=a@b.io") == [second, first]


def test_deleted_customer_reads_as_three_keys_and_is_listed_no_more(stripe: Api) -> None:
    stripe.seed(customers=[{"id": "cus_A"}], payment_methods=[{"id": "pm_1", "customer": "cus_A"}])

    tombstone = {"id": "cus_A", "object": "customer", "deleted": True}
    assert stripe.delete("/v1/customers/cus_A") == tombstone
    assert stripe.get("/v1/customers/cus_A") == tombstone
    assert stripe.ids("/v1/customers") == []
    assert stripe.get("/v1/payment_methods/pm_1")["customer"] is None


def test_default_payment_method_must_be_attached_and_can_be_expanded(stripe: Api) -> None:
    stripe.seed(customers=[{"id": "cus_A"}], payment_methods=[{"id": "pm_1", "customer": "cus_A"}])
    stripe.post("/v1/customers/cus_A", "invoice_settings[default_payment_method]=pm_1")

    plain = stripe.get("/v1/customers/cus_A")
    path = "invoice_settings.default_payment_method"
    whole = stripe.get(f"/v1/customers/cus_A?expand[]={path}")
    listed = stripe.get(f"/v1/customers?expand[]=data.{path}")["data"][0]

    assert plain["invoice_settings"]["default_payment_method"] == "pm_1"
    assert whole["invoice_settings"]["default_payment_method"]["card"]["last4"] == "4242"
    assert listed == whole


def test_tax_ids_are_shown_only_when_expanded(stripe: Api) -> None:
    stripe.seed(customers=[{"id": "cus_A"}])
    tax_id = stripe.post("/v1/customers/cus_A/tax_ids", "type=gb_vat&value=GB123456789")

    assert tax_id["country"] == "GB"
    assert tax_id["verification"] == {"status": "pending", "verified_address": None, "verified_name": None}
    assert "tax_ids" not in stripe.get("/v1/customers/cus_A")
    assert stripe.get("/v1/customers/cus_A?expand[]=tax_ids")["tax_ids"]["data"] == [tax_id]
    assert stripe.delete(f"/v1/customers/cus_A/tax_ids/{tax_id['id']}")["deleted"] is True
    assert stripe.ids("/v1/customers/cus_A/tax_ids") == []


def test_customer_with_a_bad_tax_id_is_not_created_at_all(stripe: Api) -> None:
    answer = stripe.send(
        "POST", "/v1/customers", "name=A&tax_id_data[0][type]=eu_vat&tax_id_data[0][value]=1"
    )

    assert answer.json()["error"]["code"] == "tax_id_invalid"
    assert stripe.ids("/v1/customers") == []


def test_portal_session_names_the_customer_and_where_to_return(stripe: Api) -> None:
    stripe.seed(customers=[{"id": "cus_A"}])

    body = "customer=cus_A&return_url=https%3A%2F%2Fshop.example%2Fme"
    session = stripe.post("/v1/billing_portal/sessions", body)

    assert session["object"] == "billing_portal.session"
    assert session["customer"] == "cus_A"
    assert session["return_url"] == "https://shop.example/me"
    assert session["url"].startswith("https://billing.stripe.com/p/session/test_")


def test_parameter_that_is_not_modelled_says_so(stripe: Api) -> None:
    error = stripe.send("POST", "/v1/customers", "source=tok_visa").json()["error"]

    assert error["code"] == "sandbox_not_modelled"
    assert error["param"] == "source"
