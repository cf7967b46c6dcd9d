"""Asynchronous requests and their idempotency key: section 8 of the sheet."""

from __future__ import annotations

from typing import Any

import requests
from netsuite_api import COMPANY, Api, origin, refusal

LATER = {"Prefer": "respond-async"}


def submit(api: Api, body: dict[str, Any], key: str = "") -> requests.Response:
    return api.send("POST", "/record/v1/customer", body, {**LATER, "X-NetSuite-Idempotency-Key": key})


def path(api: Api, answer: requests.Response) -> str:
    return answer.headers["Location"].removeprefix(f"{origin(api.url)}/services/rest")


def test_a_job_is_polled_until_its_result_is_there(netsuite: Api) -> None:
    netsuite.set(job_seconds=10)

    answer = submit(netsuite, COMPANY)

    job = path(netsuite, answer)
    assert (answer.status_code, answer.headers["Preference-Applied"], job) == (202, "respond-async", "/async/v1/job/1")
    task = netsuite.send("GET", f"{job}/task/1").json()
    assert (task["id"], task["completed"], task["progress"]) == ("1", False, "processing")
    assert netsuite.send("GET", f"{job}/task/1/result").status_code == 404

    netsuite.order("advance", seconds=10)

    assert netsuite.send("GET", f"{job}/task/").json()["items"][0]["progress"] == "succeeded"
    result = netsuite.send("GET", f"{job}/task/1/result")
    assert (result.status_code, result.headers["Location"][-13:]) == (204, "/customer/501")


def test_a_key_serves_once(netsuite: Api) -> None:
    first = submit(netsuite, COMPANY, "key-1")

    second = submit(netsuite, COMPANY, "key-1")

    assert refusal(second)[:2] == (400, "IDEMPOTENCY_ERROR")
    assert second.json()["title"] == "Conflict"
    assert second.headers["Location"] == first.headers["Location"]
    assert netsuite.get("/customer")["totalResults"] == 1


def test_a_key_means_nothing_to_a_synchronous_request(netsuite: Api) -> None:
    key = {"X-NetSuite-Idempotency-Key": "key-1"}

    answers = [netsuite.send("POST", "/record/v1/contact", {"lastName": name, "subsidiary": {"id": "1"}}, key)
               for name in ("Lovelace", "Hopper")]  # fmt: skip

    assert [answer.status_code for answer in answers] == [204, 204]


def test_a_refusal_is_the_result_of_its_job(netsuite: Api) -> None:
    job = path(netsuite, submit(netsuite, {"companyName": "Acme"}))

    assert netsuite.send("GET", job).json()["progress"] == "failed"
    assert refusal(netsuite.send("GET", f"{job}/task/1/result"))[:2] == (400, "USER_ERROR")
    assert netsuite.send("GET", "/async/v1/job/99").status_code == 404
