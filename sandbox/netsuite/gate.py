"""The way in: who logs in, how, and how many requests may run at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from .account import Clock
from .answers import refusal_response
from .oauth1 import LoginFailed, TokenLogin
from .oauth2 import ClientLogin
from .options import Options
from .refusal import Refusal, bad_request, busy, invalid_login

LOGIN_PATHS = "/services/rest/auth/"


class Gate:
    """Wraps the application: login first, then the account's concurrency limit, then the work."""

    def __init__(
        self,
        app: ASGIApp,
        clock: Clock,
        options: Callable[[], Options],
        tokens: TokenLogin,
        clients: ClientLogin,
    ) -> None:
        self.app = app
        self.clock = clock
        self.options = options
        self.tokens = tokens
        self.clients = clients
        self.running = 0
        self.audit: list[dict[str, str]] = []

    def clocks(self) -> list[float]:
        """The stand-in's clock first; the wall clock too, since a client cannot be advanced."""
        now = self.clock.now()
        return [now] if self.options().strict_clock else [now, time.time()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(LOGIN_PATHS):
            await self.app(scope, receive, send)
            return
        try:
            self.log_in(Request(scope))
        except Refusal as refusal:
            await refusal_response(refusal)(scope, receive, send)
            return
        await self._limited(lambda: self.app(scope, receive, send), scope, receive, send)

    async def _limited(self, work: Callable[[], Awaitable[None]], scope: Scope, receive: Receive, send: Send) -> None:
        if self.running >= self.options().concurrency_limit:
            await refusal_response(busy())(scope, receive, send)
            return
        self.running += 1
        try:
            # Every request gives way once, so that those which arrived together are counted together.
            await asyncio.sleep(self.options().work_ms / 1000)
            await work()
        finally:
            self.running -= 1

    def log_in(self, request: Request) -> None:
        header = request.headers.get("authorization", "")
        scheme = header.partition(" ")[0]
        try:
            if scheme == "Bearer":
                self.clients.check(header[len("Bearer ") :])
            elif scheme == "OAuth":
                self.tokens.check(header, request.method, plain_url(request), decoded_query(request), self.clocks)
            else:
                raise LoginFailed("no credentials")
        except LoginFailed as failed:
            self.audit.append({"reason": str(failed), "scheme": scheme or "none"})
            raise invalid_login(self.tokens.realm if scheme == "Bearer" else None) from None


def plain_url(request: Request) -> str:
    """Scheme and host in lower case, the path as it was sent, no query."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    path = raw.decode("latin-1").partition("?")[0]
    return f"{request.scope['scheme']}://{request.headers.get('host', '').lower()}{path}"


def decoded_query(request: Request) -> list[tuple[str, str]]:
    text = request.scope["query_string"].decode("latin-1")
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise bad_request("malformed query") from None
