"""The ways to get a token: OAuth 2 grants and logins by name and password."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import jwt

from engine.connectors.credentials import Credentials
from engine.connectors.decode import Undecodable, decode_json
from engine.connectors.encoding import form_text, json_body
from engine.connectors.tokens import LoginNeeds
from engine.model.errors import Unauthorised, Unreachable
from engine.model.protocols import Reply, Token

Grant = Callable[[Credentials, LoginNeeds, Token | None], Token]

FORM = "application/x-www-form-urlencoded"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 3590
"""An assertion must end less than an hour after it was made."""


def client_credentials(credentials: Credentials, needs: LoginNeeds, held: Token | None) -> Token:
    """OAuth 2: client id and secret."""
    form = _client(credentials) | {"grant_type": "client_credentials", "scope": _scopes(credentials, " ")}
    return _asked(credentials, needs, form, "")


def client_assertion(credentials: Credentials, needs: LoginNeeds, held: Token | None) -> Token:
    """OAuth 2: a signed statement instead of a secret."""
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": assertion(credentials, int(needs.clock.now().timestamp())),
    }
    return _asked(credentials, needs, form, "")


def refresh(credentials: Credentials, needs: LoginNeeds, held: Token | None) -> Token:
    """OAuth 2: a refresh token, the last one kept or the one that the settings hold."""
    token = held.refresh if held and held.refresh else credentials.needed("refresh_token")
    form = _client(credentials) | {"grant_type": "refresh_token", "refresh_token": token}
    return _asked(credentials, needs, form, token)


def password(credentials: Credentials, needs: LoginNeeds, held: Token | None) -> Token:
    """OAuth 2: the refresh token while it is good, else user name and password."""
    if held and held.refresh and credentials.text("refresh", "none") != "none":
        try:
            return refresh(credentials, needs, held)
        except Unauthorised:
            needs.limiter.login()
    user = {"username": credentials.needed("username"), "password": credentials.needed("password")}
    return _asked(credentials, needs, _client(credentials) | user | {"grant_type": "password"}, "")


def login_token(credentials: Credentials, needs: LoginNeeds, held: Token | None) -> Token:
    """A login by JSON that answers with a token somewhere in its reply."""
    method, _, path = credentials.needed("request").partition(" ")
    body, kind = json_body({"username": credentials.needed("user"), "password": credentials.needed("password")})
    url = str(credentials.scope["base_url"]).rstrip("/") + path
    tree = _tree(needs.transport.send(method, url, _headers(kind), body))
    extract = credentials.raw("token")
    access = extract(tree) if callable(extract) else tree
    if not isinstance(access, str) or not access:
        raise Unreachable("the login answered without a token", sent=False, line="login")
    lasts = credentials.raw("lasts") or 0
    return Token(access, expires=needs.clock.now().timestamp() + lasts if lasts else 0)


def assertion(credentials: Credentials, now: int) -> str:
    """The signed statement; its scope is a list, as the systems that ask for one read it."""
    claims = {
        "iss": credentials.needed("client_id"),
        "aud": credentials.needed("token_url"),
        "scope": credentials.raw("scopes") or [],
        "iat": now,
        "exp": now + ASSERTION_SECONDS,
        "jti": uuid.uuid4().hex,
    }
    header = {"typ": "JWT", "kid": credentials.text("key_id")}
    try:
        return jwt.encode(claims, credentials.needed("private_key"), credentials.needed("algorithm"), header)
    except (ValueError, TypeError, NotImplementedError, jwt.PyJWTError):
        raise Unauthorised("the private key cannot sign with this algorithm", line="login") from None


def _client(credentials: Credentials) -> dict[str, str]:
    return {"client_id": credentials.needed("client_id"), "client_secret": credentials.text("client_secret")}


def _scopes(credentials: Credentials, between: str) -> str:
    return between.join(credentials.raw("scopes") or [])


def _asked(credentials: Credentials, needs: LoginNeeds, form: Mapping[str, str], refresh_token: str) -> Token:
    body = form_text({name: text for name, text in form.items() if text}).encode("ascii")
    tree = _tree(needs.transport.send("POST", credentials.needed("token_url"), _headers(FORM), body))
    access = tree.get("access_token") if isinstance(tree, dict) else None
    if not isinstance(access, str) or not access:
        raise Unreachable("the login answered without a token", sent=False, line="login")
    lasts = _seconds(tree.get("expires_in"))
    expires = needs.clock.now().timestamp() + lasts if lasts else 0
    return Token(access, str(tree.get("refresh_token") or refresh_token), expires)


def _headers(content_type: str) -> dict[str, str]:
    return {"Content-Type": content_type, "Accept": "application/json"}


def _tree(reply: Reply) -> Any:
    """The reply's tree; a refusal stops the system, anything else may pass. Nothing of the reply is shown."""
    if 400 <= reply.status < 500 and reply.status != 429:
        raise Unauthorised(f"the login was refused (status {reply.status})", status=reply.status, line="login")
    if not 200 <= reply.status < 300:
        raise Unreachable("the login failed", sent=False, status=reply.status, line="login")
    try:
        return decode_json(reply.content)
    except Undecodable as error:
        raise Unreachable(f"the login's answer: {error}", sent=False, line="login") from None


def _seconds(value: Any) -> float:
    """Some systems send the number as text."""
    try:
        return float(value or 0)
    except (TypeError, ValueError):
        return 0.0
