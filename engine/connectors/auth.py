"""How a request shows who sends it, by kind."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, cast

from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, Client

from engine.connectors import grants
from engine.connectors.credentials import Credentials
from engine.connectors.tokens import LoginNeeds, TokenAuth


class Signed(NamedTuple):
    """Headers that authorise one request, and the mark of the token they carry ("": none)."""

    headers: dict[str, str]
    token: str = ""


class Auth(Protocol):
    """One kind of auth, ready for a connection."""

    def sign(self, method: str, url: str, body: bytes | None, content_type: str) -> Signed:
        """Headers for this very request; never the same signature twice."""
        ...

    def renew(self, token: str) -> bool:
        """After a 401 with this token: True when there is another one to try."""
        ...


class Fixed:
    """The same header on every request."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._headers = headers

    def __repr__(self) -> str:
        return "Fixed(***)"

    def sign(self, method: str, url: str, body: bytes | None, content_type: str) -> Signed:
        return Signed(self._headers)

    def renew(self, token: str) -> bool:
        return False


class OAuth1:
    """OAuth 1.0a with HMAC-SHA256; a JSON body is not signed, a form is."""

    def __init__(self, credentials: Credentials, nonce: str | None = None, timestamp: str | None = None) -> None:
        self._client = Client(
            client_key=credentials.needed("consumer_key"),
            client_secret=credentials.needed("consumer_secret"),
            resource_owner_key=credentials.needed("token"),
            resource_owner_secret=credentials.needed("token_secret"),
            signature_method=SIGNATURE_HMAC_SHA256,
            realm=credentials.text("realm") or None,
            nonce=nonce,
            timestamp=timestamp,
        )

    def __repr__(self) -> str:
        return "OAuth1(***)"

    def sign(self, method: str, url: str, body: bytes | None, content_type: str) -> Signed:
        form = body.decode("ascii") if body and content_type.startswith("application/x-www-form-urlencoded") else None
        headers = {"Content-Type": content_type} if form is not None else {}
        verb = cast(Any, method)  # the stubs want a literal
        _, signed, _ = self._client.sign(_plain(url), http_method=verb, body=form, headers=headers, realm=None)
        return Signed({"Authorization": signed["Authorization"]})

    def renew(self, token: str) -> bool:
        return False


class Bearer:
    """A token that a grant fetches and that is renewed once after a 401."""

    def __init__(self, tokens: TokenAuth) -> None:
        self._tokens = tokens

    def __repr__(self) -> str:
        return "Bearer(***)"

    def sign(self, method: str, url: str, body: bytes | None, content_type: str) -> Signed:
        access = self._tokens.access()
        return Signed({"Authorization": f"Bearer {access}"}, access)

    def renew(self, token: str) -> bool:
        self._tokens.replace(token)
        return True


def _plain(url: str) -> str:
    """The URL with the brackets of nested names encoded: what is signed is decoded either way."""
    path, mark, query = url.partition("?")
    return path + mark + query.replace("[", "%5B").replace("]", "%5D")


def _none(credentials: Credentials, needs: LoginNeeds) -> Auth:
    return Fixed({})


def _bearer(credentials: Credentials, needs: LoginNeeds) -> Auth:
    return Fixed({"Authorization": f"Bearer {credentials.needed('token')}"})


def _basic(credentials: Credentials, needs: LoginNeeds) -> Auth:
    pair = f"{credentials.needed('user')}:{credentials.text('password')}"
    return Fixed({"Authorization": f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"})


def _oauth1(credentials: Credentials, needs: LoginNeeds) -> Auth:
    return OAuth1(credentials)


def _fetched(grant: grants.Grant) -> Callable[[Credentials, LoginNeeds], Auth]:
    def build(credentials: Credentials, needs: LoginNeeds) -> Auth:
        return Bearer(TokenAuth(credentials, needs, grant))

    return build


class DeclaredAuth:
    """The auth that a connection declares, made when it is first needed: credentials may not be there yet."""

    def __init__(self, credentials: Credentials, needs: LoginNeeds) -> None:
        self._credentials = credentials
        self._needs = needs
        self._lock = threading.Lock()
        self._auth: Auth | None = None

    def sign(self, method: str, url: str, body: bytes | None, content_type: str) -> Signed:
        return self._made().sign(method, url, body, content_type)

    def renew(self, token: str) -> bool:
        return self._made().renew(token)

    def _made(self) -> Auth:
        with self._lock:
            if self._auth is None:
                kind = self._credentials.connection.system.auth.get("kind", "none")
                self._auth = AUTH[kind](self._credentials, self._needs)
            return self._auth


AUTH: dict[str, Callable[[Credentials, LoginNeeds], Auth]] = {
    "none": _none,
    "bearer": _bearer,
    "basic": _basic,
    "oauth1": _oauth1,
    "login_token": _fetched(grants.login_token),
    "oauth2_client_credentials": _fetched(grants.client_credentials),
    "oauth2_client_assertion": _fetched(grants.client_assertion),
    "oauth2_refresh": _fetched(grants.refresh),
    "oauth2_password": _fetched(grants.password),
}
