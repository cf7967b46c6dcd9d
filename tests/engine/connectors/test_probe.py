from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from engine.model.errors import Unreachable
from tests.contract.toy import THING, name, request, system
from tests.engine.connectors.wire import Scripted, opened, refusal, reply

LISTED = {"items": [], "has_more": False}
NOON = "Sun, 01 Mar 2026 12:00:00 GMT"


@pytest.fixture(autouse=True)
def _names_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args: [()])


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        ([reply(LISTED, date=NOON)], []),
        ([reply(LISTED)], []),
        ([reply(LISTED, date="Sun, 01 Mar 2026 12:10:00 GMT")], ["clock-skew"]),
        ([refusal(401, "key")], ["credentials-refused"]),
        ([refusal(403, "permission")], ["credentials-refused"]),
        ([Unreachable("x")] * 5, ["unreachable"]),
        ([refusal(400, "version")], ["probe-refused"]),
    ],
    ids=["well", "no date", "skew", "401", "403", "unreachable", "refused"],
)
def test_says_what_is_wrong(answers: list[Scripted], codes: list[str]) -> None:
    connector, transport = opened(*answers)
    assert [one.code for one in connector.probe()] == codes
    assert {one.method for one in transport.sent} == {"GET"}


def test_says_how_far_the_clocks_are_apart() -> None:
    connector, _ = opened(reply(LISTED, date="Sun, 01 Mar 2026 12:10:00 GMT"))
    assert "-600 s" in connector.probe()[0].message


def test_names_settings_that_nobody_gave() -> None:
    connector, transport = opened(missing=("api_key", "account"))
    assert [one.message for one in connector.probe()] == [
        "connection 'toy_main' has no 'api_key'",
        "connection 'toy_main' has no 'account'",
    ]
    assert transport.sent == []


def test_says_when_the_host_name_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise socket.gaierror("no such host")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    connector, transport = opened()
    assert [one.code for one in connector.probe()] == ["host-unknown"]
    assert transport.sent == []


def test_asks_an_object_whose_listing_needs_no_names() -> None:
    owned = replace(
        THING,
        name="toy.owned",
        list=request("GET /owners/{owner}/things", items=name("items"), params=frozenset({"owner"})),
    )
    connector, transport = opened(
        reply(LISTED, date=NOON), spec=system(objects={"toy.owned": owned, "toy.thing": THING})
    )
    assert connector.probe() == []
    assert transport.sent[0].url == "https://toy.example/api/things?limit=3"
