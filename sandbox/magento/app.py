"""The HTTP side: path, login, permission, body, and the shapes of answers."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote

import msgspec

from sandbox import outbox
from sandbox.magento import refusals
from sandbox.magento.access import Access
from sandbox.magento.call import Call
from sandbox.magento.refusals import Refusal, WebPage
from sandbox.magento.routes import ANONYMOUS, Route, match
from sandbox.magento.shop import Shop, store_by_code
from sandbox.magento.trimming import parse, trim
from sandbox.standin import Receive, Scope, Send

logger = logging.getLogger(__name__)

_PATH = re.compile(r"/rest(?:/([A-Za-z][A-Za-z0-9_]*))?(/V1/.*)\Z")
_encode = msgspec.json.Encoder().encode
Answer = tuple[int, bytes, bytes]
"""Status, content type, body."""
JSON = b"application/json; charset=utf-8"


class MagentoApp:
    """An ASGI app over whatever shop is current."""

    def __init__(self, shop: Callable[[], Shop], access: Access) -> None:
        self._shop = shop
        self._access = access
        self._arrivals: deque[float] = deque()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        shop = self._shop()
        body = await _read(receive)
        headers = dict(scope["headers"])
        if scope["path"] == outbox.PATH and scope["method"] == "GET":
            await outbox.show(shop.outbox.mails, headers.get(b"accept", b"").decode("latin-1"), send)
            return
        if shop.options.work_ms:
            await asyncio.sleep(shop.options.work_ms / 1000)
        status, content_type, content = self._safely(shop, scope, headers, body)
        sent = [(b"content-type", content_type), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": content})

    def _safely(self, shop: Shop, scope: Scope, headers: dict[bytes, bytes], body: bytes) -> Answer:
        try:
            return 200, JSON, _encode(self._answer(shop, scope, headers, body))
        except Refusal as refusal:
            return refusal.status, JSON, _encode(refusal.body())
        except WebPage as page:
            html = f"<!DOCTYPE html><html><body><h1>{page.title}</h1></body></html>"
            return page.status, b"text/html; charset=utf-8", html.encode()
        except Exception:  # the stand-in's own fault must look like the vendor's, and be seen in the log
            logger.exception("stand-in failed")
            shop.reports += 1
            return 500, JSON, _encode(refusals.broken(shop.reports).body())

    def _answer(self, shop: Shop, scope: Scope, headers: dict[bytes, bytes], body: bytes) -> Any:
        self._let_through(shop)
        raw = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
        found = _PATH.match(raw)
        store_code = (found[1] or "default") if found else ""
        route, at = _routed(shop, scope["method"], found[2] if found else "", store_code)
        query = _query(scope["query_string"])
        url = f"{scope['scheme']}://{headers.get(b'host', b'').decode('latin-1').lower()}{raw}"
        authorization = headers.get(b"authorization", b"").decode("latin-1")
        known = self._access.admit(authorization, scope["method"], url, query)
        if route.resource != ANONYMOUS:
            self._access.permit(known, route.resource)
        _check_headers(headers, body)
        values = {name: unquote(text) for name, text in at.items()}
        call = Call(shop, self._access, values, query, body, known, store_code)
        answer = route.handler(call)
        wanted = dict(query).get("fields")
        return trim(answer, parse(wanted)) if wanted else answer

    def _let_through(self, shop: Shop) -> None:
        """The proxy in front of the shop counts what arrives."""
        most = shop.options.per_second
        if not most:
            return
        now = shop.clock.now()
        while self._arrivals and self._arrivals[0] <= now - 1:
            self._arrivals.popleft()
        if len(self._arrivals) >= most:
            raise WebPage(429, "Too Many Requests")
        self._arrivals.append(now)


def _routed(shop: Shop, method: str, path: str, store_code: str) -> tuple[Route, dict[str, str]]:
    found = match(method, path)
    if found is None or (store_code != "all" and store_by_code(store_code) is None):
        raise refusals.no_route()
    if found[0].b2b and not shop.options.b2b:
        raise refusals.no_route()
    return found


def _query(text: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise Refusal("The query is not in UTF-8.") from None


def _check_headers(headers: dict[bytes, bytes], body: bytes) -> None:
    kind = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
    if body and kind != "application/json":
        raise Refusal("Server cannot understand Content-Type HTTP header media type %1", [kind])
    accepted = headers.get(b"accept", b"*/*").decode("latin-1").lower()
    if not any(one in accepted for one in ("application/json", "*/*", "application/*")):
        text = "Server cannot match any of the given Accept HTTP header media type(s) from the request: "
        raise Refusal(text + '"%1" with media types from the config of response renderer.', [accepted], status=406)


async def _read(receive: Receive) -> bytes:
    message = await receive()
    body = bytes(message.get("body", b""))
    while message.get("more_body"):
        message = await receive()
        body += bytes(message.get("body", b""))
    return body
