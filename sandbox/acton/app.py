"""The HTTP side: who asks, how often, what for, and in which envelope a refusal goes back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import parse_qsl

import msgspec

from sandbox.acton import refusals
from sandbox.acton.account import ACCOUNT_ID, Account
from sandbox.acton.call import Call
from sandbox.acton.login import Logins
from sandbox.acton.refusals import JSON, PLAIN, Refusal
from sandbox.acton.routes import allowed, match
from sandbox.standin import Receive, Scope, Send

logger = logging.getLogger(__name__)
FORM = "application/x-www-form-urlencoded"
LOGIN = "/token"
_encode = msgspec.json.Encoder().encode


class ActOnApp:
    """An ASGI app over whatever account is current."""

    def __init__(self, account: Callable[[], Account], logins: Logins) -> None:
        self._account = account
        self._logins = logins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read(receive)
        account = self._account()
        try:
            status, content, kind = 200, *_content(self._answer(account, scope, body))
        except Refusal as refusal:
            status, (content, kind) = refusal.status, _refused(refusal, account)
        except Exception:  # the stand-in's own fault must look like the vendor's, and be seen in the log
            logger.exception("stand-in failed")
            status, content, kind = 500, b"", PLAIN
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _answer(self, account: Account, scope: Scope, body: bytes) -> object:
        method, path = scope["method"], scope.get("raw_path", scope["path"].encode()).decode("latin-1")
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        kind = headers.get(b"content-type", "")
        if path == LOGIN:
            return self._token(account, method, kind, body)
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        self._logins.check(headers.get(b"authorization", ""))
        account.rates.check()
        if not account.options.api_enabled:
            raise refusals.off()
        found = match(method, path)
        if found is None:
            raise _unknown(method, path)
        handler, at = found
        if at.get("account", ACCOUNT_ID) != ACCOUNT_ID:
            raise refusals.bare(403)
        if (
            "account" in at
            and "application/json" not in (accept := headers.get(b"accept", "*/*"))
            and "*" not in accept
        ):
            raise refusals.bare(406)
        return handler(Call(account, at, query, kind, body))

    def _token(self, account: Account, method: str, kind: str, body: bytes) -> object:
        if method != "POST":
            raise refusals.gateway(405, "Method Not Allowed", "The token endpoint takes POST")
        if kind.partition(";")[0].strip().lower() != FORM:
            raise refusals.login(400, "invalid_request", "The body is no form")
        return self._logins.grant(dict(parse_qsl(body.decode("utf-8", "replace"))), account.options)


def _unknown(method: str, path: str) -> Refusal:
    if path.startswith("/ucl/v2/"):
        return refusals.bare(405 if allowed(path) else 404)
    if path.startswith("/custom-objects/"):
        return refusals.custom_object(path, 404, "Custom objects are not modelled")
    if path.startswith("/ete/"):
        return refusals.mailing(404, "NOT_FOUND", "Transactional e-mail is not modelled")
    if allowed(path):
        return refusals.gateway(405, "Method Not Allowed", f"The method {method} is not allowed on this resource")
    return refusals.gateway(404, "Not Found", "No resources match requested URI")


def _content(answer: object) -> tuple[bytes, str]:
    return (answer.encode(), "text/csv") if isinstance(answer, str) else (_encode(answer), JSON)


def _refused(refusal: Refusal, account: Account) -> tuple[bytes, str]:
    if refusal.body is None:
        return b"", PLAIN
    body = refusal.body
    if account.options.text_codes and "errorCode" in body:
        body = {**body, "errorCode": str(body["errorCode"])}
    return _encode(body), JSON


async def _read(receive: Receive) -> bytes:
    message = await receive()
    body = bytes(message.get("body", b""))
    while message.get("more_body"):
        message = await receive()
        body += bytes(message.get("body", b""))
    return body
