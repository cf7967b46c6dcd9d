"""Token-based authentication: OAuth 1.0a with HMAC-SHA256, verified by hand."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.signing import base_string, parameters_of, signature

REQUIRED = (
    "oauth_consumer_key",
    "oauth_token",
    "oauth_nonce",
    "oauth_timestamp",
    "oauth_signature_method",
    "oauth_signature",
)
WINDOW = 300
NONCE_LENGTH = 6
FAILURES_UNTIL_LOCKED = 5
LOCK_SECONDS = 1800


class LoginFailed(Exception):
    """Why a login was refused, in the words of the Login Audit Trail."""


def parse_header(header: str) -> dict[str, str]:
    """The parameters of the header; a refusal when it is none of ours."""
    try:
        return parameters_of(header)
    except ValueError as error:
        raise LoginFailed(str(error)) from None


@dataclass(slots=True)
class TokenLogin:
    """The one integration record and access token of the account."""

    realm: str
    consumer_key: str = field(default_factory=lambda: secrets.token_hex(32))
    consumer_secret: str = field(default_factory=lambda: secrets.token_hex(32))
    token_id: str = field(default_factory=lambda: secrets.token_hex(32))
    token_secret: str = field(default_factory=lambda: secrets.token_hex(32))
    used: dict[tuple[str, str], float] = field(default_factory=dict)
    failures: int = 0
    locked_until: float = 0

    def check(
        self,
        header: str,
        method: str,
        url: str,
        query: list[tuple[str, str]],
        clocks: Callable[[], list[float]],
    ) -> None:
        """Raise LoginFailed unless the header is signed, fresh and new."""
        now = clocks()
        if self.locked_until > now[0]:
            raise LoginFailed("temporary_locked")
        try:
            self._check(parse_header(header), method, url, query, now)
        except LoginFailed:
            self.failures += 1
            if self.failures >= FAILURES_UNTIL_LOCKED:
                self.failures, self.locked_until = 0, now[0] + LOCK_SECONDS
            raise
        self.failures = 0

    def _check(
        self, oauth: dict[str, str], method: str, url: str, query: list[tuple[str, str]], now: list[float]
    ) -> None:
        self._known(oauth)
        stamp = oauth["oauth_timestamp"]
        if not stamp.isdigit() or all(abs(int(stamp) - moment) > WINDOW for moment in now):
            raise LoginFailed("InvalidTimestamp")
        if len(oauth["oauth_nonce"]) < NONCE_LENGTH:
            raise LoginFailed("InvalidNonce")
        expected = signature(base_string(method, url, query, oauth), self.consumer_secret, self.token_secret)
        if not hmac.compare_digest(expected.encode(), oauth["oauth_signature"].encode()):
            raise LoginFailed("InvalidSignature")
        self._use(oauth["oauth_nonce"], stamp)

    def _known(self, oauth: dict[str, str]) -> None:
        if any(not oauth.get(name) for name in REQUIRED):
            raise LoginFailed("parameter_absent")
        if oauth.get("realm") != self.realm:
            raise LoginFailed("realm")
        if oauth["oauth_consumer_key"] != self.consumer_key:
            raise LoginFailed("consumer_key_unknown")
        if oauth["oauth_token"] != self.token_id:
            raise LoginFailed("token_rejected")
        if oauth["oauth_signature_method"] != "HMAC-SHA256":
            raise LoginFailed("UnknownAlgorithm")
        if oauth.get("oauth_version", "1.0") != "1.0":
            raise LoginFailed("version_rejected")

    def _use(self, nonce: str, stamp: str) -> None:
        if (nonce, stamp) in self.used:
            raise LoginFailed("nonce_used")
        self.used[nonce, stamp] = int(stamp)
        if len(self.used) > 50_000:
            newest = max(self.used.values())
            self.used = {key: at for key, at in self.used.items() if at > newest - 2 * WINDOW}
