"""OAuth 1.0a by hand and OAuth 2.0 machine to machine, as sections 2b and 2c of the sheet tell them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from netsuite_api import Api, assertion, refusal

from sandbox.serving import Running
from sandbox.signing import base_string, encode, signature

CONSUMER_SECRET = "d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5"
TOKEN_SECRET = "c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295"
PUBLISHED = {
    "realm": "123456",
    "oauth_consumer_key": "ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4",
    "oauth_token": "2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc",
    "oauth_nonce": "fjaLirsIcCGVZWzBX0pg",
    "oauth_timestamp": "1508242306",
    "oauth_signature_method": "HMAC-SHA256",
    "oauth_version": "1.0",
}


@pytest.fixture
def api(netsuite: Api, netsuite_running: Running) -> Iterator[Api]:
    """A client of its own, and tokens that nobody has locked."""
    tokens = netsuite_running.standins["netsuite"].tokens  # type: ignore[attr-defined]
    tokens.failures, tokens.locked_until = 0, 0
    yield Api(netsuite.url, netsuite.settings)
    tokens.failures, tokens.locked_until = 0, 0


def oauth1(api: Api, path: str = "/record/v1/term/1", method: str = "GET", **changes: str) -> str:
    """A valid header for the request; `changes` replace parameters before signing, `signature` after."""
    secret = changes.pop("token_secret", api.settings["token_secret"])
    oauth = {
        "realm": api.settings["account_id"],
        "oauth_consumer_key": api.settings["consumer_key"],
        "oauth_token": api.settings["token_id"],
        "oauth_nonce": str(time.perf_counter_ns()),
        "oauth_timestamp": str(int(time.time())),
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_version": "1.0",
    } | changes
    url = urlsplit(api.url + path)
    query = parse_qsl(url.query, keep_blank_values=True)
    base = base_string(method, f"{url.scheme}://{url.netloc}{url.path}", query, oauth)
    oauth["oauth_signature"] = signature(base, api.settings["consumer_secret"], secret)
    return "OAuth " + ", ".join(f'{name}="{encode(value)}"' for name, value in oauth.items())


def status(api: Api, header: str, path: str = "/record/v1/term/1") -> int:
    return api.send("GET", path, headers={"Authorization": header}).status_code


def audited(api: Api) -> str:
    return str(api.order("dump")["login_audit"][-1]["reason"])


def test_the_vendors_published_vector() -> None:
    base = base_string(
        "GET", "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40", [], PUBLISHED
    )

    assert signature(base, CONSUMER_SECRET, TOKEN_SECRET) == "B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY="


def test_the_vendors_vector_with_query_parameters() -> None:
    query = [("script", "6"), ("deploy", "1"), ("customParam", "someValue"), ("testParam", "someOtherValue")]
    url = "https://123456.restlets.api.netsuite.com/app/site/hosting/restlet.nl"

    base = base_string("post", url, query, PUBLISHED)

    assert signature(base, CONSUMER_SECRET, TOKEN_SECRET) == "+KK4SKNgz4ZiILGLwOMtfYlgcXSy1eis8ldE9X90azQ="


def test_a_signed_request_is_let_in(api: Api) -> None:
    assert status(api, oauth1(api)) == 200


def test_query_parameters_are_signed_decoded(api: Api) -> None:
    path = "/record/v1/term?q=name%20IS%20%22Net%2030%22&limit=5"

    assert status(api, oauth1(api, path), path) == 200
    assert status(api, oauth1(api, "/record/v1/term?limit=5"), path) == 401


def test_a_nonce_serves_once(api: Api) -> None:
    header = oauth1(api)

    assert [status(api, header), status(api, header)] == [200, 401]
    assert audited(api) == "nonce_used"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"oauth_timestamp": "1508242306"}, "InvalidTimestamp"),
        ({"oauth_nonce": "12345"}, "InvalidNonce"),
        ({"oauth_signature_method": "HMAC-SHA1"}, "UnknownAlgorithm"),
        ({"realm": "123456-sb1"}, "realm"),
        ({"oauth_consumer_key": "other"}, "consumer_key_unknown"),
        ({"oauth_token": "other"}, "token_rejected"),
        ({"token_secret": "other"}, "InvalidSignature"),
    ],
)
def test_a_wrong_parameter_is_refused(api: Api, changes: dict[str, str], reason: str) -> None:
    answer = api.send("GET", "/record/v1/term/1", headers={"Authorization": oauth1(api, **changes)})

    assert refusal(answer)[:2] == (401, "INVALID_LOGIN")
    assert audited(api) == reason


def test_five_minutes_of_skew_are_the_limit(api: Api, netsuite_running: Running) -> None:
    api.set(strict_clock=True)
    now = int(netsuite_running.clock.now())

    assert status(api, oauth1(api, oauth_timestamp=str(now - 290))) == 200
    assert status(api, oauth1(api, oauth_timestamp=str(now - 310))) == 401
    assert status(api, oauth1(api, oauth_timestamp=str(now + 310))) == 401


def test_five_failures_lock_the_token_for_half_an_hour(api: Api) -> None:
    for _ in range(5):
        assert status(api, oauth1(api, token_secret="wrong")) == 401

    assert status(api, oauth1(api)) == 401
    assert audited(api) == "temporary_locked"
    api.order("advance", seconds=1801)
    assert status(api, oauth1(api)) == 200


def test_a_token_of_the_machine_login_opens_the_records(api: Api) -> None:
    answer = api.ask_token(assertion(api.url, api.settings))

    assert answer.json().keys() == {"access_token", "expires_in", "token_type"}
    assert (answer.json()["expires_in"], answer.json()["token_type"]) == (3600, "Bearer")
    assert status(api, f"Bearer {answer.json()['access_token']}") == 200


def test_a_token_lives_sixty_minutes(api: Api) -> None:
    api.log_in()
    api.order("advance", seconds=3590)
    assert api.send("GET", "/record/v1/term/1").status_code == 200

    api.order("advance", seconds=11)
    answer = api.send("GET", "/record/v1/term/1")

    assert refusal(answer)[:2] == (401, "INVALID_LOGIN")
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer realm="123456_SB1", error="invalid_token", error_description="Invalid login attempt."'
    )


@pytest.fixture(autouse=True)
def _log_in_again(netsuite: Api) -> Iterator[None]:
    """The tests of the session share one login, which an advanced clock ends."""
    yield
    netsuite.order("reset")
    netsuite.log_in()


OTHER = ec.generate_private_key(ec.SECP256R1())
OTHER_PEM = OTHER.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"kid": "unknown"},
        {"algorithm": "RS256"},
        {"algorithm": "HS256", "key": "k" * 40},
        {"key": OTHER_PEM, "algorithm": "ES256"},
        {"iss": "someone"},
        {"aud": "https://123456.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token"},
        {"now": -4000},
        {"now": +400},
        {"exp": +3700},
        {"exp": None},
        {"scope": []},
        {"scope": ["everything"]},
    ],
    ids=" ".join,
)
def test_a_wrong_assertion_is_refused(api: Api, netsuite_running: Running, changes: dict[str, Any]) -> None:
    api.set(strict_clock=True)
    now = int(netsuite_running.clock.now())
    moments = {name: now + seconds for name, seconds in changes.items() if isinstance(seconds, int)}

    answer = api.ask_token(assertion(api.url, api.settings, **{"now": now, **changes, **moments}))

    assert answer.status_code == 400, answer.text
    assert answer.json()["error"] in ("invalid_client", "invalid_grant", "invalid_scope")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "jwt"}, "invalid_request"),
        ({"client_assertion": "no.jwt.here"}, "invalid_client"),
    ],
)
def test_a_wrong_token_form_is_refused(api: Api, change: dict[str, str], error: str) -> None:
    answer = api.ask_token(assertion(api.url, api.settings), **change)

    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_an_elliptic_key_serves_as_well(api: Api) -> None:
    public = OTHER.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    api.set(certificates={"certificate-2": public.decode()})

    api.log_in(kid="certificate-2", key=OTHER_PEM, algorithm="ES256")

    assert api.send("GET", "/record/v1/term/1").status_code == 200


def test_a_token_for_restlets_alone_opens_no_records(api: Api) -> None:
    api.log_in(scope=["restlets"])

    assert api.send("GET", "/record/v1/term/1").status_code == 401


def test_scopes_may_come_with_commas(api: Api) -> None:
    api.log_in(scope="restlets,rest_webservices")

    assert api.send("GET", "/record/v1/term/1").status_code == 200


def test_expires_in_may_be_text(api: Api) -> None:
    api.set(expires_in_as_text=True)

    assert api.ask_token(assertion(api.url, api.settings)).json()["expires_in"] == "3600"


def test_with_a_strict_clock_only_the_stand_ins_time_counts(api: Api) -> None:
    api.order("advance", seconds=7200)
    assert api.ask_token(assertion(api.url, api.settings)).status_code == 200

    api.set(strict_clock=True)

    assert api.ask_token(assertion(api.url, api.settings)).json() == {"error": "invalid_grant"}
    assert status(api, oauth1(api)) == 401
