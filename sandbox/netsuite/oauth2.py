"""OAuth 2.0 machine to machine: a signed JWT buys a bearer token for one hour."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from .oauth1 import LoginFailed

ALGORITHMS = ["PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPES = {"restlets", "rest_webservices", "suite_analytics", "mcp"}
TOKEN_SECONDS = 3600
LEEWAY = 30


class TokenRefused(Exception):
    """The error word of the token endpoint, and the reason for the audit trail."""

    def __init__(self, error: str, reason: str) -> None:
        super().__init__(reason)
        self.error = error


@cache
def key_pair() -> tuple[str, str]:
    """A test key (private, public) as PEM: one per process, since making it takes a while."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


@dataclass(slots=True)
class ClientLogin:
    """The integration record with the client credentials grant, and the tokens it was given."""

    client_id: str
    certificates: Callable[[], Mapping[str, str]]
    clocks: Callable[[], list[float]]
    tokens: dict[str, tuple[float, frozenset[str]]] = field(default_factory=dict)

    def grant(self, form: Mapping[str, str], token_url: str) -> str:
        """A new access token for a valid client assertion."""
        if form.get("grant_type") != "client_credentials":
            raise TokenRefused("unsupported_grant_type", "grant_type")
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise TokenRefused("invalid_request", "client_assertion_type")
        claims = self._claims(form.get("client_assertion", ""), token_url)
        token = secrets.token_urlsafe(96)
        self.tokens[token] = (self.clocks()[0] + TOKEN_SECONDS, _scopes(claims))
        return token

    def _claims(self, assertion: str, token_url: str) -> dict[str, Any]:
        try:
            kid = jwt.get_unverified_header(assertion).get("kid", "")
            key = self.certificates().get(kid)
            if key is None:
                raise TokenRefused("invalid_client", "certificate")
            options: Any = {"verify_exp": False, "verify_iat": False, "require": ["iss", "aud", "iat", "exp"]}
            claims: dict[str, Any] = jwt.decode(
                assertion, key, ALGORITHMS, options=options, audience=token_url, issuer=self.client_id
            )
        except (jwt.PyJWTError, ValueError, TypeError) as problem:
            raise TokenRefused("invalid_client", type(problem).__name__) from None
        self._timely(claims)
        return claims

    def _timely(self, claims: Mapping[str, Any]) -> None:
        issued, expires = claims["iat"], claims["exp"]
        if not isinstance(issued, int | float) or not isinstance(expires, int | float):
            raise TokenRefused("invalid_client", "time")
        if not 0 < expires - issued <= TOKEN_SECONDS:
            raise TokenRefused("invalid_client", "exp is more than an hour after iat")
        if not any(issued - LEEWAY <= now < expires for now in self.clocks()):
            raise TokenRefused("invalid_grant", "expired")

    def check(self, token: str) -> None:
        expires, scopes = self.tokens.get(token, (0.0, frozenset()))
        if expires <= self.clocks()[0]:
            self.tokens.pop(token, None)
            raise LoginFailed("invalid_token")
        if "rest_webservices" not in scopes:
            raise LoginFailed("scope")

    def revoke(self) -> None:
        self.tokens.clear()


def _scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    """A JSON array, or text with commas as the page says."""
    scope = claims.get("scope")
    names = scope if isinstance(scope, list) else str(scope or "").split(",")
    if not names or not {str(name).strip() for name in names} <= SCOPES:
        raise TokenRefused("invalid_scope", "scope")
    return frozenset(str(name).strip() for name in names)
