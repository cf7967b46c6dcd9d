"""Events and webhooks of the Stripe stand-in."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from stripe_api import Api

from sandbox.stripe.webhooks import sign

DAY = 24 * 3600


def types(stripe: Api, query: str = "") -> list[str]:
    return [str(event["type"]) for event in stripe.get(f"/v1/events?{query}")["data"]]


def test_update_leaves_what_was_before(stripe: Api) -> None:
    address = {"line1": "1 Rd", "city": "Rome"}
    stripe.seed(customers=[{"id": "cus_A", "email": "old@x.io", "address": address, "metadata": {"a": "1"}}])

    stripe.post(
        "/v1/customers/cus_A",
        "email=new@x.io&address[line1]=1+Rd&address[city]=Bari&metadata[b]=2&preferred_locales[]=it",
        key="k-1",
    )

    event = stripe.get("/v1/events?type=customer.updated")["data"][0]
    assert event["data"]["object"]["email"] == "new@x.io"
    assert event["data"]["previous_attributes"] == {
        "email": "old@x.io",
        "address": {"city": "Rome"},
        "metadata": {"b": None},
        "preferred_locales": [],
    }
    assert event["request"]["idempotency_key"] == "k-1"
    assert event["request"]["id"].startswith("req_")
    assert event["api_version"] == "2026-06-24.dahlia"


def test_snapshot_of_an_event_is_frozen(stripe: Api) -> None:
    customer = stripe.post("/v1/customers", "name=First")
    stripe.post(f"/v1/customers/{customer['id']}", "name=Second")

    assert stripe.get("/v1/events?type=customer.created")["data"][0]["data"] == {"object": customer}


def test_update_that_changes_nothing_leaves_no_event(stripe: Api) -> None:
    stripe.seed(customers=[{"id": "cus_A", "name": "Ada", "metadata": {"a": "1"}}])
    stripe.post("/v1/customers/cus_A", "name=Ada&metadata[a]=1&metadata[gone]=")

    assert types(stripe) == ["customer.created"]


def test_life_of_a_customer_newest_first(stripe: Api) -> None:
    identifier = stripe.post(
        "/v1/customers", "name=A&tax_id_data[0][type]=eu_vat&tax_id_data[0][value]=DE1234"
    )["id"]
    stripe.post(f"/v1/customers/{identifier}", "name=B")
    stripe.delete(f"/v1/customers/{identifier}")

    assert types(stripe) == [
        "customer.deleted",
        "customer.updated",
        "customer.tax_id.created",
        "customer.created",
    ]
    assert types(stripe, "types[]=customer.created&types[]=customer.deleted") == [
        "customer.deleted",
        "customer.created",
    ]
    assert types(stripe, "type=customer.tax_id.*") == ["customer.tax_id.created"]
    assert len(types(stripe, "type=customer.*")) == 4
    assert types(stripe, "type=customer.update") == []


def test_seeds_leave_events_of_customers_unless_told_otherwise(stripe: Api) -> None:
    now = int(stripe.order("advance", seconds=0)["now"])
    stripe.seed(customers=[{"id": "cus_1", "created": now - 60}], charges=[{"customer": "cus_1"}])
    stripe.seed(customers=[{"id": "cus_2"}], events=False)
    stripe.seed(charges=[{"customer": "cus_1"}], invoices=[{}], events=True)

    events = stripe.get("/v1/events")["data"]
    assert [event["type"] for event in events] == ["invoice.created", "charge.succeeded", "customer.created"]
    assert events[2]["created"] == now - 60
    assert events[2]["request"] == {"id": None, "idempotency_key": None}


def test_events_are_kept_for_thirty_days(stripe: Api) -> None:
    stripe.seed(customers=[{}])
    event = stripe.get("/v1/events")["data"][0]

    stripe.order("advance", seconds=30 * DAY - 5)
    assert stripe.get(f"/v1/events/{event['id']}") == event
    stripe.order("advance", seconds=10)
    assert types(stripe) == []
    assert stripe.send("GET", f"/v1/events/{event['id']}").status_code == 404


def test_events_page_and_span_like_any_list(stripe: Api) -> None:
    now = int(stripe.order("advance", seconds=0)["now"])
    stripe.seed(customers=[{"created": now - back} for back in (50, 40, 30)])

    newest = stripe.get(f"/v1/events?created[gte]={now - 40}&limit=1")
    rest = stripe.get(f"/v1/events?created[gte]={now - 40}&starting_after={newest['data'][0]['id']}")

    assert [event["created"] for event in newest["data"] + rest["data"]] == [now - 30, now - 40]
    assert (newest["has_more"], rest["has_more"]) == (True, False)


def test_signature_equals_the_official_vector() -> None:
    body = b'{"id":"evt_test_webhook","object":"event"}'

    assert sign(body, "whsec_test_secret", 1_700_000_000.9) == (
        "t=1700000000,v1=d95c6b7477fbd7e9f90b1b0ef5f9c7ac25abca5382460e0d988c2b2a5b71b990"
    )


@pytest.fixture
def hook() -> Iterator[tuple[str, queue.Queue[Any]]]:
    """A receiver on loopback that answers 200 and keeps what came."""
    came: queue.Queue[Any] = queue.Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.put((self.path, self.headers["Stripe-Signature"], body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hooks?a=1", came
    server.shutdown()
    server.server_close()


def test_event_is_delivered_signed_to_the_registered_address(
    stripe: Api, hook: tuple[str, queue.Queue[Any]]
) -> None:
    url, came = hook
    stripe.set(webhook_url=url, webhook_secret="whsec_other")
    stripe.post("/v1/customers", "name=Ada")

    path, signature, body = came.get(timeout=5)
    event = json.loads(body)

    assert path == "/hooks?a=1"
    assert (event["type"], event["pending_webhooks"]) == ("customer.created", 1)
    assert signature == sign(body, "whsec_other", int(signature[2 : signature.index(",")]))


def test_failed_delivery_can_be_asked_for(stripe: Api) -> None:
    stripe.set(webhook_url="http://127.0.0.1:1/nobody")
    stripe.seed(customers=[{}])
    stripe.set(webhook_url="")
    for _ in range(500):
        if stripe.order("dump")["deliveries"]:
            break

    assert stripe.order("dump")["deliveries"][0]["status"] == 0
    assert types(stripe, "delivery_success=false") == ["customer.created"]
    assert types(stripe, "delivery_success=true") == []
