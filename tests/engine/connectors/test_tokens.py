from __future__ import annotations

import threading
from typing import Any
from urllib.parse import parse_qsl

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from engine.connectors.connect import open_http
from engine.connectors.retry import RetryPolicy
from engine.connectors.tokens import MemoryTokens
from engine.model.errors import Throttled, Unauthorised, Unreachable
from engine.model.protocols import Reply, Token
from engine.model.secret import Secret
from engine.spec.system import Limits
from tests.contract.toy import THING, HandClock, connection, system, text
from tests.engine.connectors.wire import ScriptedTransport, Sent, opened, refusal, reply

ADA = {"id": "t1"}
CLIENT = {"client_id": "client_id", "client_secret": "client_secret"}
TOKEN_URL = {"token_url": text("{base_url}/token")}
SETTINGS: dict[str, Any] = {
    "client_id": "client-1",
    "client_secret": Secret("s-1"),
    "username": "ada",
    "password": Secret("p-1"),
    "refresh_token": Secret("r-0"),
}
PASSWORD = {"kind": "oauth2_password", "username": "username", "password": "password", "refresh": "single_use"}


def auth(**declared: Any) -> Any:
    return system(auth={**CLIENT, **TOKEN_URL, **declared})


def form(sent: Sent) -> dict[str, str]:
    return dict(parse_qsl((sent.body or b"").decode(), strict_parsing=True))


def token(access: str, refresh: str = "", lasts: Any = 3600) -> Reply:
    return reply({"access_token": access, "refresh_token": refresh, "expires_in": lasts, "token_type": "Bearer"})


def bearers(transport: ScriptedTransport) -> list[str]:
    return [one.headers["Authorization"] for one in transport.sent if "Authorization" in one.headers]


def test_logs_in_once_and_keeps_the_token() -> None:
    spec = auth(kind="oauth2_client_credentials", scopes=["read", "write"])
    connector, transport = opened(token("a-1"), reply(ADA), reply(ADA), spec=spec, settings=SETTINGS)
    connector.read(THING, "t1")
    connector.read(THING, "t1")
    assert transport.sent[0].url == "https://toy.example/api/token"
    assert form(transport.sent[0]) == {
        "client_id": "client-1",
        "client_secret": "s-1",
        "grant_type": "client_credentials",
        "scope": "read write",
    }
    assert bearers(transport) == ["Bearer a-1", "Bearer a-1"]


@pytest.mark.parametrize("lasts", [3600, "3600"], ids=["number", "text"])
def test_renews_a_token_before_it_ends(lasts: Any) -> None:
    clock = HandClock()
    spec = auth(kind="oauth2_client_credentials")
    answers = [token("a-1", lasts=lasts), reply(ADA), token("a-2"), reply(ADA)]
    connector, transport = opened(*answers, spec=spec, settings=SETTINGS, clock=clock)
    connector.read(THING, "t1")
    clock.advance(3545)
    connector.read(THING, "t1")
    assert bearers(transport) == ["Bearer a-1", "Bearer a-2"]


def test_renews_once_after_a_401_and_then_gives_up() -> None:
    spec = auth(kind="oauth2_client_credentials")
    answers = [token("a-1"), refusal(401), token("a-2"), refusal(401)]
    connector, transport = opened(*answers, spec=spec, settings=SETTINGS)
    with pytest.raises(Unauthorised):
        connector.read(THING, "t1")
    transport.close()


def test_a_write_refused_with_401_goes_out_again_with_the_new_token() -> None:
    spec = auth(kind="oauth2_client_credentials")
    answers = [token("a-1"), refusal(401), token("a-2"), reply(ADA, 201)]
    connector, transport = opened(*answers, spec=spec, settings=SETTINGS)
    assert connector.create(THING, {"name": "Ada"}).id == "t1"
    assert bearers(transport) == ["Bearer a-1", "Bearer a-2"]


def test_a_refused_login_is_not_tried_again() -> None:
    spec = auth(kind="oauth2_client_credentials")
    connector, transport = opened(reply({"error": "invalid_grant"}, 403), spec=spec, settings=SETTINGS)
    for _ in range(3):
        with pytest.raises(Unauthorised, match="login was refused"):
            connector.read(THING, "t1")
    assert len(transport.sent) == 1


def test_a_login_that_failed_on_the_way_is_tried_again_also_for_a_write() -> None:
    spec = auth(kind="oauth2_client_credentials")
    answers = [Unreachable("x"), refusal(503), refusal(429), token("a-1"), reply(ADA, 201)]
    connector, transport = opened(*answers, spec=spec, settings=SETTINGS)
    assert connector.create(THING, {"name": "Ada"}).id == "t1"
    transport.close()


@pytest.mark.parametrize("answer", [reply({}), reply([1]), reply({"access_token": None}), Reply(200, {}, b"<html>")])
def test_an_answer_without_a_token_is_no_login(answer: Reply) -> None:
    spec = auth(kind="oauth2_client_credentials")
    connector, _ = opened(*[answer] * 5, spec=spec, settings=SETTINGS)
    with pytest.raises(Unreachable, match="login"):
        connector.read(THING, "t1")


def test_uses_the_token_that_another_process_saved() -> None:
    tokens = MemoryTokens()
    tokens.save("toy_main", Token("a-7", "r-7", HandClock().now().timestamp() + 3600))
    spec = auth(kind="oauth2_client_credentials")
    connector, transport = opened(reply(ADA), spec=spec, settings=SETTINGS, tokens=tokens)
    connector.read(THING, "t1")
    assert bearers(transport) == ["Bearer a-7"]


def test_takes_the_saved_token_instead_of_a_login_when_its_own_was_refused() -> None:
    tokens = MemoryTokens()
    later = HandClock().now().timestamp() + 3600
    tokens.save("toy_main", Token("a-1", "", later))

    def refuse(sent: Sent) -> Reply:
        tokens.save("toy_main", Token("a-2", "", later))
        return refusal(401)

    connector, transport = opened(
        refuse, reply(ADA), spec=auth(kind="oauth2_refresh"), settings=SETTINGS, tokens=tokens
    )
    connector.read(THING, "t1")
    assert bearers(transport) == ["Bearer a-1", "Bearer a-2"]


def test_refreshes_with_the_setting_first_and_then_with_what_came_back() -> None:
    tokens, clock = MemoryTokens(), HandClock()
    spec = auth(kind="oauth2_refresh", refresh_token="refresh_token")
    answers = [token("a-1", "r-1"), reply(ADA), token("a-2", ""), reply(ADA)]
    connector, transport = opened(*answers, spec=spec, settings=SETTINGS, tokens=tokens, clock=clock)
    connector.read(THING, "t1")
    clock.advance(3600)
    connector.read(THING, "t1")
    assert [form(one)["refresh_token"] for one in transport.sent if one.url.endswith("/token")] == ["r-0", "r-1"]
    assert tokens.load("toy_main") == Token("a-2", "r-1", clock.now().timestamp() + 3600)


def test_saves_a_new_refresh_token_before_it_uses_the_access_token() -> None:
    tokens = MemoryTokens()

    def look(sent: Sent) -> Reply:
        held = tokens.load("toy_main")
        assert held is not None
        assert held.refresh == "r-1"
        return reply(ADA)

    spec = auth(kind="oauth2_refresh", refresh_token="refresh_token")
    connector, _ = opened(token("a-1", "r-1"), look, spec=spec, settings=SETTINGS, tokens=tokens)
    assert connector.read(THING, "t1") == ADA


def test_logs_in_with_the_password_when_the_refresh_token_is_used_up() -> None:
    tokens = MemoryTokens()
    tokens.save("toy_main", Token("a-0", "r-lost", 1))
    answers = [reply({"error": "invalid_grant"}, 403), token("a-1", "r-1"), reply(ADA)]
    connector, transport = opened(*answers, spec=auth(**PASSWORD), settings=SETTINGS, tokens=tokens)
    connector.read(THING, "t1")
    assert [form(one)["grant_type"] for one in transport.sent[:2]] == ["refresh_token", "password"]
    assert form(transport.sent[1]) == {
        "client_id": "client-1",
        "client_secret": "s-1",
        "username": "ada",
        "password": "p-1",
        "grant_type": "password",
    }


def test_does_not_log_in_more_often_than_allowed() -> None:
    clock = HandClock()
    spec = system(auth={**CLIENT, **TOKEN_URL, **PASSWORD, "refresh": "none"}, limits=Limits(logins_per_hour=1))
    answers = [token("a-1", lasts=60), reply(ADA)]
    connector, transport = opened(*answers, spec=spec, settings=SETTINGS, clock=clock)
    with pytest.raises(Throttled, match="logins"):
        for _ in range(2):
            connector.read(THING, "t1")
    transport.answers.clear()


def test_eight_threads_log_in_once() -> None:
    spec = auth(kind="oauth2_client_credentials")
    answers: list[Any] = [token("a-1")] + [reply(ADA)] * 8
    connector, transport = opened(*answers, spec=spec, settings=SETTINGS)
    together = threading.Barrier(8, timeout=5)

    def work() -> None:
        together.wait()
        connector.read(THING, "t1")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=5)
    assert len([one for one in transport.sent if one.url.endswith("/token")]) == 1
    transport.close()


def test_eight_threads_with_the_same_stale_token_renew_it_once() -> None:
    logins = []
    together = threading.Barrier(8, timeout=5)
    lock = threading.Lock()

    class Server:
        """Refuses a-1 once all eight have sent it, knows a-2."""

        def send(self, method: str, url: str, headers: Any, body: bytes | None) -> Reply:
            if url.endswith("/token"):
                with lock:
                    logins.append(1)
                    return token(f"a-{len(logins) + 1}")
            if headers["Authorization"] == "Bearer a-1":
                together.wait()
                return refusal(401)
            return reply(ADA)

        def close(self) -> None: ...

    tokens = MemoryTokens()
    tokens.save("toy_main", Token("a-1"))
    where = connection("https://toy.example", auth(kind="oauth2_client_credentials"), settings=SETTINGS)
    connector = open_http(where, tokens, HandClock(), None, RetryPolicy(), Server())
    threads = [threading.Thread(target=connector.read, args=(THING, "t1")) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=5)
    assert len(logins) == 1


def pem(key: Any) -> str:
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


def signing_key(algorithm: str) -> Any:
    return rsa.generate_private_key(65537, 2048) if algorithm == "PS256" else ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize("algorithm", ["PS256", "ES256"])
def test_states_who_it_is_in_a_signed_assertion(algorithm: str) -> None:
    key = signing_key(algorithm)
    spec = auth(
        kind="oauth2_client_assertion",
        key_id="certificate_id",
        private_key="private_key",
        algorithm=algorithm,
        scopes=["restlets", "rest_webservices"],
    )
    settings = {**SETTINGS, "certificate_id": "cert-9", "private_key": Secret(pem(key))}
    connector, transport = opened(token("a-1"), reply(ADA), spec=spec, settings=settings)
    connector.read(THING, "t1")
    sent = form(transport.sent[0])
    assert (sent["grant_type"], sent["client_assertion_type"]) == (
        "client_credentials",
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    )
    assert sorted(sent) == ["client_assertion", "client_assertion_type", "grant_type"]
    assert jwt.get_unverified_header(sent["client_assertion"]) == {"typ": "JWT", "alg": algorithm, "kid": "cert-9"}
    claims = jwt.decode(
        sent["client_assertion"],
        key.public_key(),
        [algorithm],
        audience="https://toy.example/api/token",
        options={"verify_exp": False, "verify_iat": False},
    )
    now = int(HandClock().now().timestamp())
    assert claims.pop("jti")
    assert claims == {
        "iss": "client-1",
        "aud": "https://toy.example/api/token",
        "scope": ["restlets", "rest_webservices"],
        "iat": now,
        "exp": now + 3590,
    }


def test_says_so_when_the_private_key_cannot_sign() -> None:
    spec = auth(kind="oauth2_client_assertion", private_key="private_key", algorithm="PS256")
    connector, _ = opened(spec=spec, settings={**SETTINGS, "private_key": Secret("no key at all")})
    with pytest.raises(Unauthorised, match="private key") as caught:
        connector.read(THING, "t1")
    assert "no key at all" not in str(caught.value)


def test_logs_in_with_name_and_password_for_a_bare_token() -> None:
    declared = {
        "kind": "login_token",
        "request": "POST /V1/token",
        "user": "username",
        "password": "password",
        "token": lambda tree: tree,
        "lasts": 14400,
    }
    clock = HandClock()
    answers = [reply("t-1"), reply(ADA), reply("t-2"), reply(ADA)]
    connector, transport = opened(*answers, spec=system(auth=declared), settings=SETTINGS, clock=clock)
    connector.read(THING, "t1")
    clock.advance(14350)
    connector.read(THING, "t1")
    assert (transport.sent[0].method, transport.sent[0].url) == ("POST", "https://toy.example/api/V1/token")
    assert transport.sent[0].body == b'{"username":"ada","password":"p-1"}'
    assert bearers(transport) == ["Bearer t-1", "Bearer t-2"]
