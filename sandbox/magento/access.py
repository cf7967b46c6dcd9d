"""Who may ask: admin tokens that end, the integration's OAuth 1.0a signature, and what the role allows."""

from __future__ import annotations

import hmac
import random
import string
import time
from collections.abc import Callable

from sandbox.clock import Clock
from sandbox.magento import refusals
from sandbox.magento.options import Options
from sandbox.magento.refusals import Refusal
from sandbox.signing import base_string, parameters_of, signature

WINDOW = 600
LETTERS = string.ascii_lowercase + string.digits
KNOWN = ("consumer_key", "token", "signature_method", "signature", "nonce", "timestamp")


class Access:
    """The one admin user and the one integration of the shop."""

    def __init__(self, clock: Clock, seed: int, options: Callable[[], Options]) -> None:
        self._clock = clock
        self._options = options
        self._random = random.Random(f"{seed}:access")
        self.username = "integration"
        self.password = f"Sandbox-{self._letters(12)}"
        self.consumer_key = self._letters(32)
        self.consumer_secret = self._letters(32)
        self.access_token = self._letters(32)
        self.access_token_secret = self._letters(32)
        self._tokens: dict[str, float] = {}
        self._nonces: set[tuple[str, str]] = set()

    def _letters(self, count: int) -> str:
        return "".join(self._random.choices(LETTERS, k=count))

    # -- tokens ----------------------------------------------------------------------------------

    def token(self, username: str, password: str) -> str:
        """A new admin token."""
        if not (hmac.compare_digest(username, self.username) and hmac.compare_digest(password, self.password)):
            text = "The account sign-in was incorrect or your account is disabled temporarily. "
            raise Refusal(text + "Please wait and try again later.", status=401)
        token = self._letters(32)
        self._tokens[token] = self._clock.now() + self._options().token_hours * 3600
        return token

    def revoke(self) -> None:
        """No token is good any more: somebody revoked them in the admin panel."""
        self._tokens.clear()

    # -- requests --------------------------------------------------------------------------------

    def admit(self, header: str, method: str, url: str, query: list[tuple[str, str]]) -> bool:
        """True for a known caller, False for nobody; a signature that is wrong is refused at once."""
        scheme, _, rest = header.partition(" ")
        if scheme.lower() == "bearer":
            return self._knows(rest.strip())
        if scheme == "OAuth":
            self._check_signature(header, method, url, query)
            return True
        return False

    def permit(self, known: bool, resource: str) -> None:
        """Raise unless the caller may use the resource."""
        if not known or resource in self._options().forbidden:
            raise refusals.unauthorised(resource)

    def _knows(self, token: str) -> bool:
        if self._options().integration_as_bearer and hmac.compare_digest(token.encode(), self.access_token.encode()):
            return True
        ends = self._tokens.get(token)
        return ends is not None and ends > self._clock.now()

    def _check_signature(self, header: str, method: str, url: str, query: list[tuple[str, str]]) -> None:
        try:
            oauth = parameters_of(header)
        except ValueError:
            raise refusals.oauth(400, "parameter_rejected") from None
        for name in KNOWN:
            if not oauth.get(f"oauth_{name}"):
                raise refusals.oauth(400, f"parameter_absent&oauth_parameters_absent=oauth_{name}")
        self._check_words(oauth)
        expected = signature(base_string(method, url, query, oauth), self.consumer_secret, self.access_token_secret)
        if not hmac.compare_digest(expected.encode(), oauth["oauth_signature"].encode()):
            raise refusals.oauth(401, "signature_invalid")
        if (oauth["oauth_nonce"], oauth["oauth_timestamp"]) in self._nonces:
            raise refusals.oauth(401, "nonce_used")
        self._nonces.add((oauth["oauth_nonce"], oauth["oauth_timestamp"]))

    def _check_words(self, oauth: dict[str, str]) -> None:
        if oauth.get("oauth_version", "1.0") != "1.0":
            raise refusals.oauth(400, "version_rejected")
        if oauth["oauth_signature_method"] != "HMAC-SHA256":
            raise refusals.oauth(400, "signature_method_rejected")
        stamp = oauth["oauth_timestamp"]
        if not stamp.isdigit() or all(abs(int(stamp) - moment) > WINDOW for moment in self._clocks()):
            raise refusals.oauth(400, "timestamp_refused")
        if oauth["oauth_consumer_key"] != self.consumer_key:
            raise refusals.oauth(401, "consumer_key_rejected")
        if oauth["oauth_token"] != self.access_token:
            raise refusals.oauth(401, "token_rejected")

    def _clocks(self) -> list[float]:
        """The stand-in's clock; the wall clock too, since a client in another process cannot be advanced."""
        now = self._clock.now()
        return [now] if self._options().strict_clock else [now, time.time()]
