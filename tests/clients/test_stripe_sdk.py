"""The official Stripe SDK against the stand-in: an independent reader of what it answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import stripe

from sandbox import serving
from sandbox.stripe.webhooks import sign

SHIPPING: Any = {"name": "Ada", "address": {"line1": "1 Rd", "city": "Rome", "country": "IT"}}


@pytest.fixture(scope="module")
def running() -> Iterator[serving.Running]:
    with serving.start(["stripe"], control=True) as running:
        yield running


@pytest.fixture
def control(running: serving.Running) -> Any:
    def order(do: str, **fields: Any) -> Any:
        answer = requests.post(running.urls["stripe"] + "/_control", json={"do": do, **fields}, timeout=5)
        assert answer.status_code == 200, answer.text
        return answer.json()

    order("reset")
    order("set", data={"rate_limits": False})
    return order


@pytest.fixture
def client(running: serving.Running, control: Any) -> stripe.StripeClient:
    return a_client(running, running.settings["stripe"]["api_key"])


def a_client(running: serving.Running, key: str, retries: int = 0) -> stripe.StripeClient:
    base = running.urls["stripe"]
    return stripe.StripeClient(key, base_addresses={"api": base}, max_network_retries=retries)


def test_create_and_read_back(client: stripe.StripeClient) -> None:
    created = client.v1.customers.create(
        {
            "email": "a+b@ex.com",
            "name": "Zoë Q",
            "address": {"line1": "1 Rd", "line2": "", "country": "GB"},
            "shipping": SHIPPING,
            "metadata": {"netsuite_id": "42"},
            "preferred_locales": ["fr", "en"],
            "tax_id_data": [{"type": "eu_vat", "value": "DE123456789"}],
        }
    )
    customer = client.v1.customers.retrieve(created.id, {"expand": ["tax_ids"]})

    assert customer.email == "a+b@ex.com"
    assert customer.name == "Zoë Q"
    assert customer.address is not None
    assert (customer.address.line1, customer.address.line2) == ("1 Rd", None)
    assert customer.shipping is not None
    assert customer.shipping.address is not None
    assert customer.shipping.address.city == "Rome"
    assert customer.preferred_locales == ["fr", "en"]
    assert customer.tax_ids is not None
    assert [tax_id.value for tax_id in customer.tax_ids.data] == ["DE123456789"]


def test_update_merges_metadata_and_clears_with_empty_text(client: stripe.StripeClient) -> None:
    created = client.v1.customers.create(
        {"name": "Ada", "metadata": {"a": "1", "b": "2"}, "shipping": SHIPPING}
    )

    updated = client.v1.customers.update(
        created.id, {"metadata": {"b": "", "c": "3"}, "shipping": "", "phone": "+33123456789"}
    )

    assert updated.metadata is not None
    assert updated.metadata.to_dict() == {"a": "1", "c": "3"}
    assert updated.shipping is None
    assert (updated.name, updated.phone) == ("Ada", "+33123456789")


def test_auto_paging_over_250_customers(client: stripe.StripeClient, control: Any) -> None:
    control("seed", data={"customers": [{"id": f"cus_{n:03}", "created": 1000 + n} for n in range(250)]})

    ids = [customer.id for customer in client.v1.customers.list({"limit": 100}).auto_paging_iter()]

    assert ids == [f"cus_{n:03}" for n in range(249, -1, -1)]
    assert [row["path"] for row in control("requests")] == ["/v1/customers"] * 3


def test_backwards_paging(client: stripe.StripeClient, control: Any) -> None:
    control("seed", data={"customers": [{"id": f"cus_{n}", "created": n} for n in range(1, 6)]})

    page = client.v1.customers.list({"limit": 2, "ending_before": "cus_1"})

    assert [customer.id for customer in page.auto_paging_iter()] == ["cus_2", "cus_3", "cus_4", "cus_5"]


def test_list_by_email_and_time(client: stripe.StripeClient, control: Any) -> None:
    people = [
        {"id": "cus_1", "email": "a@b.io", "created": 10},
        {"id": "cus_2", "email": "a@b.io", "created": 20},
    ]
    control("seed", data={"customers": people})

    found = client.v1.customers.list({"email": "a@b.io", "created": {"gte": 15, "lt": 30}})

    assert [customer.id for customer in found.data] == ["cus_2"]


def test_search_pages_by_itself(client: stripe.StripeClient, control: Any) -> None:
    control("seed", data={"customers": [{"metadata": {"tier": "gold"}} for _ in range(25)]})

    found = client.v1.customers.search({"query": 'metadata["tier"]:"gold"', "limit": 10})

    assert found.has_more
    assert len({customer.id for customer in found.auto_paging_iter()}) == 25


def test_delete_leaves_a_tombstone(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"name": "Ada"})

    assert client.v1.customers.delete(customer.id).deleted is True
    assert client.v1.customers.retrieve(customer.id).deleted is True


def test_events_tell_before_and_after(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"name": "Ada"})
    client.v1.customers.update(customer.id, {"name": "Eva"}, {"idempotency_key": "k-1"})

    events = client.v1.events.list({"types": ["customer.created", "customer.updated"]}).data

    assert [event.type for event in events] == ["customer.updated", "customer.created"]
    assert events[0].data.to_dict()["previous_attributes"] == {"name": "Ada"}
    assert events[0].request is not None
    assert events[0].request.idempotency_key == "k-1"


def test_webhook_signature_is_accepted(client: stripe.StripeClient, running: serving.Running) -> None:
    client.v1.customers.create({"name": "Ada"})
    payload = json.dumps(client.v1.events.list().data[0].to_dict()).encode()
    secret = running.settings["stripe"]["webhook_secret"]

    event = client.construct_event(payload, sign(payload, secret, running.clock.now()), secret)

    assert event.type == "customer.created"
    with pytest.raises(stripe.SignatureVerificationError):
        client.construct_event(payload, sign(payload, "whsec_other", running.clock.now()), secret)
    with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
        client.construct_event(payload, sign(payload, secret, 1_700_000_000), secret)


def test_portal_session(client: stripe.StripeClient, control: Any) -> None:
    customer = client.v1.customers.create({"name": "Ada"})
    params: Any = {"customer": customer.id, "return_url": "https://shop.example/account"}

    assert client.v1.billing_portal.sessions.create(params).url.startswith("https://billing.stripe.com/")
    control("set", data={"portal": False})
    with pytest.raises(stripe.InvalidRequestError, match="default configuration has not been created"):
        client.v1.billing_portal.sessions.create(params)


def test_payment_methods_and_money(client: stripe.StripeClient, control: Any) -> None:
    control(
        "seed",
        data={
            "customers": [{"id": "cus_A"}],
            "payment_methods": [{"id": "pm_1", "customer": "cus_A"}],
            "charges": [{"id": "ch_1", "customer": "cus_A", "amount": 1250}],
            "invoices": [{"id": "in_1", "customer": "cus_A", "status": "paid"}],
        },
    )

    method = client.v1.customers.payment_methods.list("cus_A", {"type": "card"}).data[0]
    assert method.card is not None
    assert (method.card.brand, method.card.last4) == ("visa", "4242")
    assert client.v1.charges.list({"customer": "cus_A"}).data[0].amount == 1250
    assert client.v1.invoices.list({"customer": "cus_A", "status": "paid"}).data[0].id == "in_1"


def test_missing_customer(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.customers.retrieve("cus_gone")

    assert (caught.value.http_status, caught.value.code, caught.value.param) == (
        404,
        "resource_missing",
        "id",
    )
    assert caught.value.request_id is not None


def test_wrong_key(running: serving.Running, control: Any) -> None:
    with pytest.raises(stripe.AuthenticationError):
        a_client(running, "sk_test_wrong").v1.customers.list()


def test_permission_that_is_lacking(running: serving.Running, control: Any) -> None:
    control("set", data={"restricted_keys": {"rk_test_reader": ["customer_read"]}})

    with pytest.raises(stripe.PermissionError, match="rak_customer_write"):
        a_client(running, "rk_test_reader").v1.customers.create({"name": "Ada"})


def test_rate_limit(client: stripe.StripeClient, control: Any) -> None:
    control("set", data={"rate_limits": True, "endpoint_per_second": 1})
    client.v1.customers.list()

    with pytest.raises(stripe.RateLimitError):
        client.v1.customers.list()


def test_idempotency_key_with_other_parameters(client: stripe.StripeClient) -> None:
    first = client.v1.customers.create({"name": "Ada"}, {"idempotency_key": "k"})

    assert client.v1.customers.create({"name": "Ada"}, {"idempotency_key": "k"}).id == first.id
    with pytest.raises(stripe.IdempotencyError):
        client.v1.customers.create({"name": "Eva"}, {"idempotency_key": "k"})


def test_lost_answer_is_made_good_by_the_sdks_own_retry(running: serving.Running, control: Any) -> None:
    control("fault", fault={"kind": "drop_after", "method": "POST", "path": "^/v1/customers$"})
    client = a_client(running, running.settings["stripe"]["api_key"], retries=2)

    customer = client.v1.customers.create({"name": "Ada"})

    assert [row.id for row in client.v1.customers.list().data] == [customer.id]
    assert [row["status"] for row in control("requests")] == [0, 200, 200]


def test_legacy_global_interface(
    running: serving.Running, control: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe, "api_base", running.urls["stripe"])
    monkeypatch.setattr(stripe, "api_key", running.settings["stripe"]["api_key"])

    customer = stripe.Customer.create(name="Ada")

    assert stripe.Customer.retrieve(customer.id).name == "Ada"
