"""How the Stripe stand-in treats requests: keys, versions, limits, faults and seeds."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from stripe_api import Api

from sandbox.clock import Clock
from sandbox.stripe import create
from sandbox.stripe.options import Options
from sandbox.stripe.rates import Rates
from sandbox.stripe.refusals import Refusal

LOCK_TIMEOUT = {
    "error": {
        "type": "invalid_request_error",
        "code": "lock_timeout",
        "message": "This object cannot be accessed right now because another API request or Stripe process "
        "is currently accessing it.",
    }
}


def test_basic_authentication_takes_the_key_as_user_name(stripe: Api) -> None:
    basic = base64.b64encode(f"{stripe.key}:".encode()).decode()

    assert stripe.send("GET", "/v1/customers", headers={"Authorization": f"Basic {basic}"}).status_code == 200


@pytest.mark.parametrize(
    ("permissions", "path", "status"),
    [
        (["customer_read"], "/v1/customers", 200),
        (["customer_write"], "/v1/customers", 200),
        (["customer_write"], "/v1/events", 403),
        (["event_read"], "/v1/events", 200),
        ([], "/v1/customers/cus_gone", 403),
    ],
)
def test_restricted_key_opens_what_it_lists(
    stripe: Api, permissions: list[str], path: str, status: int
) -> None:
    stripe.set(restricted_keys={"rk_test_few": permissions})
    stripe.key = "rk_test_few"

    assert stripe.send("GET", path).status_code == status


def test_every_answer_has_its_own_request_id(stripe: Api) -> None:
    ids = {
        stripe.send("GET", path).headers["Request-Id"] for path in ("/v1/customers", "/v1/no", "/v1/events")
    }

    assert len(ids) == 3


def test_error_links_to_its_documentation_and_log(stripe: Api) -> None:
    answer = stripe.send("GET", "/v1/customers/cus_gone")

    assert answer.json()["error"] == {
        "type": "invalid_request_error",
        "code": "resource_missing",
        "message": "No such customer: 'cus_gone'",
        "param": "id",
        "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
        "request_log_url": "https://dashboard.stripe.com/test/logs/" + answer.headers["Request-Id"],
    }


def test_version_is_echoed_and_may_be_left_out(stripe: Api) -> None:
    assert stripe.send("GET", "/v1/customers").headers["Stripe-Version"] == "2026-06-24.dahlia"
    assert stripe.send("GET", "/v1/customers", headers={"Stripe-Version": ""}).status_code == 200


def refusal_reasons(rates: Rates, endpoints: list[str]) -> list[str | None]:
    reasons: list[str | None] = []
    for endpoint in endpoints:
        try:
            rates.check(endpoint)
        except Refusal as refusal:
            reasons.append(refusal.reason)
    return reasons


def test_each_endpoint_and_the_account_have_their_limit_per_second() -> None:
    now = [100.0]
    rates = Rates(Options(), lambda: now[0])

    assert refusal_reasons(rates, ["GET /a"] * 27) == ["endpoint-rate"] * 2
    assert refusal_reasons(rates, ["GET /x/search"] * 21) == ["endpoint-rate"]
    assert refusal_reasons(rates, [f"GET /{n}" for n in range(56)]) == ["global-rate"]
    now[0] = 100.99
    assert refusal_reasons(rates, ["GET /a"]) == ["global-rate"]
    now[0] = 101.0
    assert refusal_reasons(rates, ["GET /a"]) == []


def test_throttled_answer_names_the_limit(stripe: Api) -> None:
    stripe.set(rate_limits=True, endpoint_per_second=2)

    answers = [stripe.send("GET", "/v1/customers") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Stripe-Rate-Limited-Reason"] == "endpoint-rate"
    assert answers[2].json()["error"]["code"] == "rate_limit"
    assert "Retry-After" not in answers[2].headers
    assert stripe.send("GET", "/v1/events").status_code == 200


def test_too_many_at_once(stripe: Api) -> None:
    stripe.set(concurrency=1, work_ms=200)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda name: stripe.send("POST", "/v1/customers", f"name={name}"), "ab"))

    assert sorted(answer.status_code for answer in answers) == [200, 429]
    refused = max(answers, key=lambda answer: answer.status_code)
    assert refused.headers["Stripe-Rate-Limited-Reason"] == "global-concurrency"


def test_lock_timeout_is_ordered_as_a_fault(stripe: Api) -> None:
    fault = {"kind": "status", "status": 429, "body": LOCK_TIMEOUT, "method": "POST"}
    stripe.order("fault", fault=fault)

    answer = stripe.send("POST", "/v1/customers", "name=A")

    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "lock_timeout")
    assert "Stripe-Rate-Limited-Reason" not in answer.headers


def test_ids_are_the_same_for_the_same_seed_number() -> None:
    def ids(number: int) -> list[Any]:
        standin = create(Clock(), number)
        standin.seed({"customers": [{}, {}], "payment_methods": [{}]})
        dump = standin.dump()
        return [row["id"] for kind in ("customers", "payment_methods", "events") for row in dump[kind]]

    assert ids(1) == ids(1)
    assert ids(1) != ids(2)


def test_reset_begins_the_ids_again(stripe: Api) -> None:
    first = stripe.post("/v1/customers")["id"]
    stripe.order("reset")

    assert stripe.post("/v1/customers")["id"] == first


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"clients": []}, "the seed has no clients"),
        ({"customers": [{"id": "cus_1", "Email": "a@b.io"}]}, "cus_1 has no Email"),
        ({"customers": [{"id": "cus_1", "address": {"zip": "1"}}]}, "an address of cus_1 has no zip"),
        ({"customers": [{"id": "cus_1"}, {"id": "cus_1"}]}, "'cus_1' is there already"),
        ({"customers": [{"id": "cus_1", "phone": "1" * 21}]}, "phone of 'cus_1' is longer than 20"),
        (
            {"customers": [{"id": "cus_1", "metadata": {"k" * 41: "v"}}]},
            "metadata of cus_1 is beyond the limits",
        ),
        (
            {"charges": [{"id": "ch_1", "customer": "cus_0"}]},
            "'ch_1' belongs to a customer that is not there",
        ),
        ({"charges": [{"id": "ch_1", "amount": 12.5}]}, "amount of 'ch_1' is a whole number of minor units"),
        (
            {"payment_methods": [{"id": "pm_1", "card": {"number": "4242424242424242"}}]},
            "the card of pm_1 has no number",
        ),
        (
            {"customers": [{"id": "cus_1", "invoice_settings": {"default_payment_method": "pm_0"}}]},
            "'pm_0' is not attached to 'cus_1'",
        ),
    ],
)
def test_seed_that_the_vendor_could_not_hold_is_refused(data: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        create(Clock(), 1).seed(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"lag": 1}, "unknown option 'lag'"),
        ({"portal": "off"}, "option 'portal' is a bool"),
        ({"webhook_url": "https://example.org/hook"}, "webhook_url is a loopback address"),
    ],
)
def test_option_that_makes_no_sense_is_refused(data: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        create(Clock(), 1).configure(data)


def test_reset_puts_the_options_back(stripe: Api) -> None:
    stripe.set(portal=False)
    stripe.order("reset")
    stripe.seed(customers=[{"id": "cus_1"}])

    assert stripe.send("POST", "/v1/billing_portal/sessions", "customer=cus_1").status_code == 200
