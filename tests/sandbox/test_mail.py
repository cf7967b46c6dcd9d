"""The mail service: what it takes, what it refuses, and its outbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from sandbox.serving import Running

HELLO = {"from": "shop@acme.example", "to": "kim@brick.example", "subject": "Hello", "text": "Dear Kim"}
Post = Callable[..., requests.Response]


@pytest.fixture
def url(mail_running: Running) -> str:
    mail_running.standins["mail"].reset()
    return mail_running.urls["mail"]


@pytest.fixture
def post(mail_running: Running, url: str) -> Post:
    token = mail_running.settings["mail"]["token"]

    def send(body: Any, **headers: str) -> requests.Response:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {"Authorization": f"Bearer {token}", **more}
        return requests.post(f"{url}/messages", json=body, headers=given, timeout=5)

    return send


def outbox(url: str) -> Any:
    return requests.get(url.removesuffix("/api") + "/outbox", timeout=5).json()


def test_a_message_lands_in_the_outbox(post: Post, url: str) -> None:
    answer = post(HELLO)

    assert (answer.status_code, answer.json()["id"]) == (201, "msg_000001")
    (mail,) = outbox(url)
    assert {name: mail[name] for name in HELLO} == HELLO


def test_one_key_sends_one_mail(post: Post, url: str) -> None:
    first, second = post(HELLO, Idempotency_Key="k1"), post(HELLO, Idempotency_Key="k1")

    assert first.json() == second.json()
    assert len(outbox(url)) == 1
    assert post({**HELLO, "text": "Other"}, Idempotency_Key="k1").status_code == 409
    assert post(HELLO, Idempotency_Key="k2").json()["id"] == "msg_000002"


def test_a_key_is_forgotten_after_a_day(post: Post, url: str, mail_running: Running) -> None:
    post(HELLO, Idempotency_Key="k1")
    mail_running.clock.advance(24 * 3600)
    post(HELLO, Idempotency_Key="k1")

    assert len(outbox(url)) == 2


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"to": "nobody"}, 422, "to"),
        ({"to": "a@x.example, b@x.example"}, 422, "to"),
        ({"to": None}, 422, "to"),
        ({"subject": " "}, 422, "subject"),
        ({"subject": "a\nBcc: b@x.example"}, 422, "subject"),
        ({"subject": "x" * 999}, 422, "subject"),
        ({"text": ""}, 422, "text"),
        ({"from": "shop"}, 422, "from"),
        ({"html": "<b>"}, 422, "html"),
        ({"to": "gone@x.example"}, 422, "to"),
        ({"from": "other@x.example"}, 403, "from"),
    ],
)
def test_it_refuses(post: Post, url: str, mail_running: Running, change: Any, status: int, field: str) -> None:
    options = {"suppressed": ["Gone@x.example"], "senders": ["shop@acme.example", "shop"]}
    mail_running.standins["mail"].configure(options)

    answer = post({**HELLO, **change})

    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)
    assert outbox(url) == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Authorization": ""}, 401), ({"Authorization": "Bearer no"}, 401), ({"Content-Type": "text/plain"}, 415),
     ({"Idempotency-Key": "k" * 256}, 400)],
)  # fmt: skip
def test_headers_that_are_refused(post: Post, headers: dict[str, str], status: int) -> None:
    assert post(HELLO, **headers).status_code == status


def test_a_body_that_is_no_message(post: Post) -> None:
    assert post(["Hello"]).status_code == 400


def test_a_limit_and_a_message_that_is_read_back(post: Post, url: str, mail_running: Running) -> None:
    mail_running.standins["mail"].configure({"per_second": 1})
    id_ = post(HELLO).json()["id"]

    assert post(HELLO).status_code == 429
    token = mail_running.settings["mail"]["token"]
    read = requests.get(f"{url}/messages/{id_}", headers={"Authorization": f"Bearer {token}"}, timeout=5)
    assert read.json()["subject"] == "Hello"
    missing = requests.get(f"{url}/messages/no", headers={"Authorization": f"Bearer {token}"}, timeout=5)
    assert missing.status_code == 404


def test_people_see_a_page_in_which_nothing_of_a_mail_runs(post: Post, url: str) -> None:
    post({**HELLO, "text": "<script>"})
    page = requests.get(url.removesuffix("/api") + "/outbox", headers={"Accept": "text/html"}, timeout=5)

    assert page.headers["Content-Type"].startswith("text/html")
    assert "&lt;script&gt;" in page.text


def test_seeds_are_there_and_others_refused(url: str, mail_running: Running) -> None:
    mail_running.standins["mail"].seed({"messages": [HELLO]})

    assert len(outbox(url)) == 1
    for wrong in (lambda: mail_running.standins["mail"].seed({"mails": []}),
                  lambda: mail_running.standins["mail"].configure({"colour": 1})):  # fmt: skip
        with pytest.raises(ValueError, match="unknown"):
            wrong()
