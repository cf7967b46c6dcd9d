from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from engine.model.errors import (
    ConnectorError,
    Rejected,
    Stopped,
    Throttled,
    Unauthorised,
    Unreachable,
)
from engine.model.protocols import Reply
from engine.spec.system import Limits
from tests.contract.toy import THING, HandClock, system
from tests.engine.connectors.wire import opened, raw, refusal, reply

ADA = {"id": "t1", "name": "Ada", "email": "ada@example.com"}
LOST = Unreachable("the connection broke")
UNSENT = Unreachable("the host could not be reached", sent=False)


@pytest.mark.parametrize(
    "trouble",
    [refusal(503), refusal(500), refusal(429), LOST, UNSENT, raw(b"", 200), raw(b"<html>", 200, "text/html")],
    ids=["503", "500", "429", "lost", "unsent", "empty 200", "html 200"],
)
def test_a_read_is_repeated_until_it_is_answered(trouble: Reply | ConnectorError) -> None:
    connector, transport = opened(trouble, trouble, reply(ADA))
    assert connector.read(THING, "t1") == ADA
    assert connector.requests == 3
    transport.close()


@pytest.mark.parametrize(
    ("content", "content_type", "why"),
    [
        (b"", "application/json", "not JSON"),
        (b"<html>We are down</html>", "text/html; charset=utf-8", "a web page"),
        (b'{"items": [', "application/json", "not JSON"),
        (b'{"items": [], "items": []}', "application/json", "same key twice"),
        ('{"items": ["Zoë"]}'.encode("latin-1"), "application/json", "not UTF-8"),
        (b'{"items": [NaN]}', "application/json", "NaN"),
        (b"{}", "application/json", "no list of records"),
        (b'{"items": null}', "application/json", "no list of records"),
    ],
    ids=["empty", "html", "cut", "duplicate", "latin-1", "nan", "no items", "null items"],
)
def test_a_broken_listing_is_never_no_records(content: bytes, content_type: str, why: str) -> None:
    connector, _ = opened(*[raw(content, 200, content_type)] * 5)
    with pytest.raises(Unreachable, match=why):
        list(connector.pages(THING))


@pytest.mark.parametrize("trouble", [refusal(503), LOST], ids=["503", "lost"])
def test_a_write_that_may_have_happened_is_not_repeated(trouble: Reply | ConnectorError) -> None:
    once = replace(THING, create=replace(THING.create, effect="once"))  # type: ignore[type-var]
    connector, transport = opened(trouble)
    with pytest.raises(Unreachable) as caught:
        connector.create(once, {"name": "Ada"})
    assert caught.value.sent
    assert len(transport.sent) == 1


@pytest.mark.parametrize("trouble", [refusal(429), UNSENT], ids=["throttled", "unsent"])
def test_a_write_that_cannot_have_happened_is_repeated(trouble: Reply | ConnectorError) -> None:
    once = replace(THING, create=replace(THING.create, effect="once"))  # type: ignore[type-var]
    connector, transport = opened(trouble, reply(ADA, 201))
    assert connector.create(once, {"name": "Ada"}).id == "t1"
    transport.close()


def test_a_keyed_write_is_repeated_under_the_same_key() -> None:
    connector, transport = opened(LOST, refusal(500), reply(ADA, 201))
    assert connector.create(THING, {"name": "Ada"}, key="k-1").id == "t1"
    assert [one.headers["Idempotency-Key"] for one in transport.sent] == ["k-1", "k-1", "k-1"]
    assert len({one.body for one in transport.sent}) == 1


def test_a_keyed_write_without_a_key_is_not_repeated() -> None:
    connector, _ = opened(LOST)
    with pytest.raises(Unreachable):
        connector.create(THING, {"name": "Ada"})


def test_a_repeatable_write_is_repeated() -> None:
    connector, transport = opened(LOST, reply(ADA))
    assert connector.update(THING, "t1", {"name": "Ada"}).id == "t1"
    transport.close()


def test_a_write_that_is_only_accepted_has_an_unknown_outcome() -> None:
    connector, _ = opened(reply({}, 202, location="/job/7"))
    with pytest.raises(Unreachable, match="not done yet") as caught:
        connector.create(THING, {"name": "Ada"})
    assert caught.value.sent


def test_gives_up_after_five_attempts() -> None:
    clock = HandClock()
    connector, transport = opened(*[refusal(429)] * 5, clock=clock)
    with pytest.raises(Throttled):
        connector.read(THING, "t1")
    assert len(transport.sent) == 5


def test_a_throttled_request_holds_back_the_others_too() -> None:
    clock = HandClock()
    connector, _ = opened(refusal(429, retry_after="20"), reply(ADA), clock=clock)
    connector.read(THING, "t1")
    assert sum(clock.slept) >= 20


def test_a_redirect_is_an_error() -> None:
    connector, transport = opened(Reply(302, {"location": "https://evil.example/"}, b""))
    with pytest.raises(Unreachable, match="redirect") as caught:
        connector.read(THING, "t1")
    assert len(transport.sent) == 1
    assert "evil" not in str(caught.value)


def test_fixed_credentials_are_not_tried_again() -> None:
    connector, transport = opened(refusal(401, "key", "no such key"))
    with pytest.raises(Unauthorised, match="The key was refused"):
        connector.read(THING, "t1")
    assert len(transport.sent) == 1


def test_a_stop_is_final_for_the_system() -> None:
    connector, _ = opened(refusal(402))
    with pytest.raises(Stopped):
        connector.read(THING, "t1")


def test_an_error_page_is_not_quoted() -> None:
    page = raw(b"<html>ada@example.com called 0123456789</html>", 400, "text/html")
    connector, _ = opened(page)
    with pytest.raises(Rejected) as caught:
        connector.create(THING, {"name": "Ada"})
    assert str(caught.value) == "the system refused the request (status 400, refused)"


def test_the_days_budget_stops_a_call() -> None:
    connector, transport = opened(reply(ADA), spec=system(limits=Limits(per_day=1)))
    connector.read(THING, "t1")
    with pytest.raises(Throttled, match="used up"):
        connector.read(THING, "t1")
    transport.close()


def test_logs_the_request_as_written_and_no_value(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        connector, _ = opened(reply({"items": [ADA], "has_more": False}), reply(ADA), reply(ADA, 201))
        connector.find(THING, "email", "ada@example.com")
        connector.read(THING, "t1")
        connector.create(THING, {"name": "Lovelace"}, key="k-1")
    assert "GET /things/{id} answered 200 in 0 ms" in caplog.text.replace("\n", " ")
    assert not [word for word in ("ada@", "toy-key", "Lovelace", "k-1", "/things/t1") if word in caplog.text]


def test_secrets_stay_out_of_representations() -> None:
    connector, _ = opened()
    seen = repr(vars(connector)) + repr(vars(connector._exchange)) + repr(connector._exchange._auth)
    assert "toy-key" not in seen
