"""Who may come in: basic login of a web-service user, or a bearer token; badges and the licence's volume."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections import deque
from collections.abc import Callable
from urllib.parse import parse_qsl

from sandbox.clock import Clock
from sandbox.sagex3.options import Options
from sandbox.sagex3.refusals import LoginPage, Refusal, TokenRefusal


class Access:
    """Logins of one node; they outlive a reset, tokens do not."""

    def __init__(self, clock: Clock, seed: int, options: Callable[[], Options]) -> None:
        self._clock = clock
        self._options = options
        self._mark = seed
        self.user = "WSCONCORD"
        self.password = self._secret("password")
        self.client_id = f"client-{seed}"
        self.client_secret = self._secret("client")
        self.refresh_token = self._secret("refresh")
        self._tokens: dict[str, float] = {}
        self._refreshes = {self.refresh_token}
        self._made = 0
        self._badges: deque[float] = deque()
        self._volume: deque[tuple[float, int]] = deque()

    def forget(self) -> None:
        """Tokens, badges and the volume that was used; the first refresh token is good again."""
        self._tokens.clear()
        self._refreshes = {self.refresh_token}
        self._badges.clear()
        self._volume.clear()

    def admit(self, authorization: str) -> None:
        """Raise for a caller that is not known."""
        kind, _, rest = authorization.partition(" ")
        allowed = self._options().auth
        if kind.casefold() == "basic" and "basic" in allowed and self._is_user(rest):
            return
        if kind.casefold() == "bearer" and "oauth2" in allowed:
            if self._tokens.get(rest, 0) > self._clock.now():
                return
            raise Refusal(401, "the access token is not valid", {"WWW-Authenticate": 'Bearer error="invalid_token"'})
        raise LoginPage(self._options().login_redirects)

    def _is_user(self, text: str) -> bool:
        try:
            given = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return False
        return hmac.compare_digest(given, f"{self.user}:{self.password}".encode())

    # -- tokens

    def token(self, body: bytes, content_type: str) -> dict[str, object]:
        """The token endpoint: a refresh token, or the code that a person brought from the consent page."""
        if not content_type.startswith("application/x-www-form-urlencoded"):
            raise TokenRefusal("invalid_request")
        form = dict(parse_qsl(body.decode("ascii", "replace")))
        if form.get("client_id") != self.client_id or form.get("client_secret") != self.client_secret:
            raise TokenRefusal("invalid_client", 401)
        if form.get("grant_type") != "refresh_token":
            raise TokenRefusal("unsupported_grant_type")
        if form.get("refresh_token") not in self._refreshes:
            raise TokenRefusal("invalid_grant")
        self._made += 1
        access, refresh = self._secret(f"access{self._made}"), self._secret(f"refresh{self._made}")
        lasts = self._options().token_seconds
        self._tokens[access] = self._clock.now() + lasts
        self._refreshes = {refresh, str(form["refresh_token"])}  # the last one stays good: an answer may get lost
        return {"access_token": access, "token_type": "Bearer", "expires_in": lasts, "refresh_token": refresh}

    def revoke(self) -> None:
        """All access tokens end now."""
        self._tokens.clear()

    # -- licences

    def take_badge(self) -> None:
        """A call under /sdata opens a session of a person's kind."""
        options, now = self._options(), self._clock.now()
        while self._badges and self._badges[0] <= now:
            self._badges.popleft()
        if len(self._badges) >= options.badges:
            raise Refusal(403, "no more session badges: the maximum number of connections is reached")
        self._badges.append(now + options.badge_seconds)

    def check_volume(self) -> None:
        """The web-service licence counts data, not requests."""
        options, now = self._options(), self._clock.now()
        while self._volume and self._volume[0][0] <= now - options.volume_seconds:
            self._volume.popleft()
        if options.volume_limit and sum(size for _, size in self._volume) >= options.volume_limit:
            raise Refusal(403, "web service volume exceeded: WSSIZELIMIT of the licence is used up")

    def count_volume(self, size: int) -> None:
        if self._options().volume_limit:
            self._volume.append((self._clock.now(), size))

    def _secret(self, name: str) -> str:
        return hashlib.sha256(f"sagex3/{self._mark}/{name}".encode()).hexdigest()[:40]
