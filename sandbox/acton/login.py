"""OAuth 2: logins by password, refresh tokens that work once, few logins an hour."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping
from typing import Any

from sandbox.acton import refusals
from sandbox.acton.options import Options
from sandbox.clock import Clock

ACCESS_SECONDS = 3600
REFRESH_SECONDS = 30 * 86400
HOUR = 3600

CLIENT_ID, CLIENT_SECRET = "client-acton-1", "client-secret-of-the-stand-in"
USERNAME, PASSWORD = "integration@office.example", "password-of-the-stand-in"


class Logins:
    """Tokens that were given out. They outlive a reset of the account; the hour's count does not."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self._clock = clock
        self._random = random.Random(seed)
        self._access: dict[str, float] = {}
        self._refresh: dict[str, float] = {}
        self.calls: deque[float] = deque()

    def grant(self, form: Mapping[str, str], options: Options) -> dict[str, Any]:
        """A new pair of tokens, or a refusal."""
        kind = form.get("grant_type", "")
        if kind not in ("password", "refresh_token", "authorization_code"):
            raise refusals.login(400, "unsupported_grant_type", "The grant type is not supported")
        if kind != "refresh_token":
            self._count(options)
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            raise refusals.login(401, "access_denied", "Unauthorized")
        {"password": _check_password, "refresh_token": self._spend, "authorization_code": _no_code}[kind](form)
        if not options.api_enabled:
            raise refusals.off()
        return self._pair()

    def check(self, authorization: str) -> None:
        """Refuse a request without a token that is good now."""
        kind, _, token = authorization.partition(" ")
        if kind != "Bearer" or self._access.get(token, 0.0) <= self._clock.now():
            raise refusals.unauthorised()

    def forget_access(self) -> None:
        """Access tokens end early, as an administrator can make them."""
        self._access.clear()

    def forget_all(self) -> None:
        """Nobody is logged in any more."""
        self._access.clear()
        self._refresh.clear()

    def _count(self, options: Options) -> None:
        now = self._clock.now()
        while self.calls and self.calls[0] <= now - HOUR:
            self.calls.popleft()
        if options.logins_per_hour and len(self.calls) >= options.logins_per_hour:
            raise refusals.throttled("The limit of authentication calls is reached")
        self.calls.append(now)

    def _spend(self, form: Mapping[str, str]) -> None:
        """A refresh token works once, whatever comes of it."""
        ends = self._refresh.pop(form.get("refresh_token", ""), 0.0)
        if ends <= self._clock.now():
            raise refusals.login(403, "invalid_grant", "Unknown or invalid refresh token.")

    def _pair(self) -> dict[str, Any]:
        now = self._clock.now()
        access, refresh = (f"{kind}-{self._random.getrandbits(128):032x}" for kind in ("a", "r"))
        self._access[access] = now + ACCESS_SECONDS
        self._refresh[refresh] = now + REFRESH_SECONDS
        return {
            "access_token": access,
            "refresh_token": refresh,
            "scope": "default",
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
        }


def _check_password(form: Mapping[str, str]) -> None:
    if (form.get("username"), form.get("password")) != (USERNAME, PASSWORD):
        raise refusals.login(403, "invalid_grant", "Wrong email or password.")


def _no_code(form: Mapping[str, str]) -> None:
    raise refusals.login(403, "invalid_grant", "Unknown or invalid authorization code.")
