"""Idempotency keys of the Stripe stand-in: what is replayed, refused, forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from stripe_api import Api

from sandbox.clock import Clock
from sandbox.stripe.idempotency import IdempotencyKeys
from sandbox.stripe.refusals import Refusal

HOUR = 3600


def keyed(stripe: Api, key: str, body: str = "name=Ada", path: str = "/v1/customers") -> requests.Response:
    return stripe.send("POST", path, body, {"Idempotency-Key": key})


def test_key_replays_the_first_answer(stripe: Api) -> None:
    first, second = keyed(stripe, "k"), keyed(stripe, "k")

    assert second.json() == first.json()
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Original-Request"] == first.headers["Request-Id"]
    assert len(stripe.ids("/v1/customers")) == 1


def test_parameters_in_another_order_of_encoding_are_the_same(stripe: Api) -> None:
    keyed(stripe, "k", "metadata%5Ba%5D=1&name=Ada")

    assert keyed(stripe, "k", "metadata[a]=1&name=Ada").headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    ("path", "body"), [("/v1/customers", "name=Bob"), ("/v1/customers/cus_1", "name=Ada")]
)
def test_key_with_other_parameters_is_refused(stripe: Api, path: str, body: str) -> None:
    stripe.seed(customers=[{"id": "cus_1"}])
    keyed(stripe, "k")

    answer = keyed(stripe, "k", body, path)

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "idempotency_error"
    assert "code" not in answer.json()["error"]
    assert "a key other than 'k'" in answer.json()["error"]["message"]


def test_key_is_forgotten_after_a_day(stripe: Api) -> None:
    first = keyed(stripe, "k").json()["id"]
    stripe.order("advance", seconds=24 * HOUR - 60)
    assert keyed(stripe, "k").json()["id"] == first
    stripe.order("advance", seconds=120)

    assert keyed(stripe, "k").json()["id"] != first


def test_failed_validation_keeps_the_key_free(stripe: Api) -> None:
    assert keyed(stripe, "k", "nmae=Ada").status_code == 400

    assert keyed(stripe, "k", "name=Ada").status_code == 200


def test_failure_after_the_start_is_replayed(stripe: Api) -> None:
    stripe.set(fail_next=1)

    statuses = [keyed(stripe, "k").status_code for _ in range(2)]

    assert statuses == [500, 500]
    assert stripe.ids("/v1/customers") == []
    assert keyed(stripe, "another").status_code == 200


def test_missing_customer_is_replayed_too(stripe: Api) -> None:
    keyed(stripe, "k", path="/v1/customers/cus_late")
    stripe.seed(customers=[{"id": "cus_late"}])

    answer = keyed(stripe, "k", path="/v1/customers/cus_late")

    assert (answer.status_code, answer.headers["Idempotent-Replayed"]) == (404, "true")


def test_key_that_is_still_running_is_a_conflict(stripe: Api) -> None:
    stripe.set(work_ms=200)
    with ThreadPoolExecutor(2) as pool:
        answers = sorted(
            pool.map(lambda _: keyed(stripe, "k"), range(2)), key=lambda answer: answer.status_code
        )

    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["error"]["code"] == "idempotency_key_in_use"
    assert answers[1].headers["Stripe-Should-Retry"] == "true"
    assert len(stripe.ids("/v1/customers")) == 1


def test_write_whose_answer_is_lost_is_found_under_its_key(stripe: Api) -> None:
    stripe.order("fault", fault={"kind": "drop_after", "method": "POST", "path": "^/v1/customers$"})
    with pytest.raises(requests.ConnectionError):
        keyed(stripe, "k")

    again = keyed(stripe, "k")

    assert again.headers["Idempotent-Replayed"] == "true"
    assert stripe.ids("/v1/customers") == [again.json()["id"]]


def test_keys_are_for_writing_only(stripe: Api) -> None:
    for path in ("/v1/customers", "/v1/events"):
        assert stripe.send("GET", path, headers={"Idempotency-Key": "k"}).status_code == 200


def test_in_flight_key_is_no_replay() -> None:
    keys = IdempotencyKeys(Clock())
    keys.open("k", "asked", "req_1")

    with pytest.raises(Refusal, match="another in-progress request"):
        keys.open("k", "asked", "req_2")
