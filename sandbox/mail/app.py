"""The HTTP side of the mail service: POST /api/messages, GET /api/messages/ID, GET /outbox."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable
from typing import Any

import msgspec

from sandbox import outbox
from sandbox.mail.service import Refusal, Service
from sandbox.standin import Receive, Scope, Send

logger = logging.getLogger(__name__)

MESSAGES = "/api/messages"
LONGEST_KEY = 255
_encode = msgspec.json.Encoder().encode


class MailApp:
    """An ASGI app over whatever account is current."""

    def __init__(self, service: Callable[[], Service], token: str) -> None:
        self._service = service
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        service = self._service()
        body = await _read(receive)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["path"] in (outbox.PATH, f"/api{outbox.PATH}") and scope["method"] == "GET":
            await outbox.show(service.outbox.mails, headers.get("accept", ""), send)
            return
        if service.options.work_ms:
            await asyncio.sleep(service.options.work_ms / 1000)
        status, answer = self._safely(service, scope, headers, body)
        content = _encode(answer)
        sent = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": content})

    def _safely(self, service: Service, scope: Scope, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        try:
            return self._answer(service, scope, headers, body)
        except Refusal as refusal:
            return refusal.status, {"error": refusal.error}
        except Exception:  # the stand-in's own fault is a server's error, and is seen in the log
            logger.exception("stand-in failed")
            return 500, {"error": {"message": "Internal error."}}

    def _answer(self, service: Service, scope: Scope, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        if not hmac.compare_digest(headers.get("authorization", "").encode(), f"Bearer {self._token}".encode()):
            raise Refusal(401, "The token is missing or wrong.")
        path = scope["path"].rstrip("/")
        if path == MESSAGES and scope["method"] == "POST":
            return 201, service.take(_tree(headers, body), _key(headers))
        if path == MESSAGES and scope["method"] == "GET":
            return 200, {"messages": service.outbox.mails}
        if path.startswith(f"{MESSAGES}/") and scope["method"] == "GET":
            return 200, _one(service, path.rpartition("/")[2])
        raise Refusal(404, "There is nothing here.")


def _tree(headers: dict[str, str], body: bytes) -> Any:
    if not headers.get("content-type", "").startswith("application/json"):
        raise Refusal(415, "A message is JSON.")
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        raise Refusal(400, "The body is no JSON.") from None


def _key(headers: dict[str, str]) -> str:
    key = headers.get("idempotency-key", "")
    if len(key) > LONGEST_KEY:
        raise Refusal(400, "The idempotency key is too long.")
    return key


def _one(service: Service, id_: str) -> dict[str, Any]:
    for mail in service.outbox.mails:
        if mail["id"] == id_:
            return mail
    raise Refusal(404, "No such message.")


async def _read(receive: Receive) -> bytes:
    message = await receive()
    body = bytes(message.get("body", b""))
    while message.get("more_body"):
        message = await receive()
        body += bytes(message.get("body", b""))
    return body
