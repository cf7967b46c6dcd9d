from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from requests.auth import _basic_auth_str  # type: ignore[attr-defined]  # the reference for one header

from engine.connectors.auth import OAuth1
from engine.connectors.connect import base_scope
from engine.connectors.credentials import Credentials
from engine.model.errors import Unauthorised
from engine.model.secret import Secret
from tests.contract.toy import THING, connection, system
from tests.engine.connectors.wire import opened, reply

ADA = {"id": "t1"}

# Oracle's published values for token-based authentication
VECTOR = {
    "consumer_key": "ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4",
    "consumer_secret": Secret("d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5"),
    "token": "2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc",
    "token_secret": Secret("c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295"),
    "account": "123456",
}
DECLARED = {
    "kind": "oauth1",
    "consumer_key": "consumer_key",
    "consumer_secret": "consumer_secret",
    "token": "token",
    "token_secret": "token_secret",
    "realm": "account",
}


def oauth1(nonce: str | None = None, timestamp: str | None = None) -> OAuth1:
    where = connection("https://toy.example", system(auth=DECLARED), settings=VECTOR)
    return OAuth1(Credentials(where, base_scope(where)), nonce, timestamp)


def members(header: str) -> dict[str, str]:
    pairs = (one.strip().split("=", 1) for one in header.removeprefix("OAuth ").split(","))
    return {name: unquote(value.strip('"')) for name, value in pairs}


def test_signs_as_the_published_example_does() -> None:
    url = "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40"
    signed = members(oauth1("fjaLirsIcCGVZWzBX0pg", "1508242306").sign("GET", url, None, "").headers["Authorization"])
    assert signed == {
        "realm": "123456",
        "oauth_nonce": "fjaLirsIcCGVZWzBX0pg",
        "oauth_timestamp": "1508242306",
        "oauth_version": "1.0",
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_consumer_key": "ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4",
        "oauth_token": "2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc",
        "oauth_signature": "B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY=",
    }


def test_signs_the_query_and_no_json_body() -> None:
    url = (
        "https://123456.restlets.api.netsuite.com/app/site/hosting/restlet.nl"
        "?script=6&deploy=1&customParam=someValue&testParam=someOtherValue"
    )
    signer = oauth1("fjaLirsIcCGVZWzBX0pg", "1508242306")
    signed = members(signer.sign("POST", url, b'{"a": 1}', "application/json").headers["Authorization"])
    assert signed["oauth_signature"] == "+KK4SKNgz4ZiILGLwOMtfYlgcXSy1eis8ldE9X90azQ="


def test_never_signs_with_the_same_nonce() -> None:
    signer = oauth1()
    headers = [members(signer.sign("GET", "https://a.example/", None, "").headers["Authorization"]) for _ in range(3)]
    assert len({one["oauth_nonce"] for one in headers}) == 3


def test_signs_again_on_every_retry() -> None:
    from engine.model.errors import Unreachable

    spec = system(auth=DECLARED)
    connector, transport = opened(Unreachable("x"), reply(ADA), spec=spec, settings=VECTOR)
    connector.read(THING, "t1")
    first, second = (members(one.headers["Authorization"])["oauth_nonce"] for one in transport.sent)
    assert first != second


@pytest.mark.parametrize(
    ("auth", "settings", "header"),
    [
        ({"kind": "none"}, {}, None),
        ({"kind": "bearer", "token": "api_key"}, {"api_key": Secret("k-1")}, "Bearer k-1"),
        (
            {"kind": "basic", "user": "user", "password": "password"},
            {"user": "ada", "password": Secret("pä:ss")},
            _basic_auth_str(b"ada", "pä:ss".encode()),
        ),
    ],
    ids=["none", "bearer", "basic"],
)
def test_sends_fixed_credentials(auth: dict[str, str], settings: dict[str, Any], header: str | None) -> None:
    connector, transport = opened(reply(ADA), spec=system(auth=auth), settings=settings)
    connector.read(THING, "t1")
    assert transport.sent[0].headers.get("Authorization") == header


def test_names_a_setting_that_is_not_there() -> None:
    spec = system(auth={"kind": "bearer", "token": "api_key"})
    connector, transport = opened(spec=spec, settings={"api_key": Secret("")})
    with pytest.raises(Unauthorised, match="has no 'token'"):
        connector.read(THING, "t1")
    assert transport.sent == []


def test_brackets_of_nested_names_are_signed_like_their_codes() -> None:
    def signature(query: str) -> str:
        url = f"https://toy.example/things?{query}"
        return members(oauth1("n1", "1508242306").sign("GET", url, None, "").headers["Authorization"])[
            "oauth_signature"
        ]

    assert signature("filter[0][name]=a%5Bb%5D&size=1") == signature("filter%5B0%5D%5Bname%5D=a%5Bb%5D&size=1")
    assert signature("filter[0]=a") != signature("filter[1]=a")
