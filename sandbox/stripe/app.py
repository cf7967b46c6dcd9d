"""The HTTP side: who asks, what for, in which version, under which idempotency key."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from sandbox.standin import Receive, Scope, Send
from sandbox.stripe import form, refusals
from sandbox.stripe.access import admit, on_behalf_of, permit
from sandbox.stripe.account import Account
from sandbox.stripe.call import Call
from sandbox.stripe.form import Tree
from sandbox.stripe.refusals import Refusal
from sandbox.stripe.rendering import check_expand, render, take_expand
from sandbox.stripe.routes import Route, match

logger = logging.getLogger(__name__)

FORM = "application/x-www-form-urlencoded"
_VERSION = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}(\.[a-z_]+)?\Z")
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Request:
    """What came in."""

    method: str
    path: str
    query: bytes
    headers: dict[bytes, bytes]
    body: bytes
    request_id: str

    def header(self, name: bytes) -> str:
        """One header's text, or nothing."""
        return self.headers.get(name, b"").decode("latin-1")


class StripeApp:
    """An ASGI app over whatever account is current."""

    def __init__(self, account: Callable[[], Account], secret_key: str) -> None:
        self._account = account
        self._secret_key = secret_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        account = self._account()
        request = Request(
            scope["method"],
            scope["path"],
            scope["query_string"],
            dict(scope["headers"]),
            await _read(receive),
            account.ids.make("req"),
        )
        account.rates.running += 1
        try:
            answer = await self._answer(account, request)
        except Refusal as refusal:
            answer = _refused(refusal, request.request_id)
        except Exception:  # the stand-in's own fault must look like the vendor's, and be seen in the log
            logger.exception("stand-in failed")
            answer = _refused(_broken(), request.request_id)
        finally:
            account.rates.running -= 1
        await _send(send, answer, request)

    async def _answer(self, account: Account, request: Request) -> Answer:
        key = admit(account, self._secret_key, request.header(b"authorization"))
        on_behalf_of(account, key, request.header(b"stripe-account"))
        found = match(request.method, request.path)
        if found is None:
            raise refusals.unknown_url(request.method, request.path)
        route, at = found
        account.rates.check(route.endpoint)
        permit(account, key, route.permission)
        version = _version(request.header(b"stripe-version") or account.options.account_version)
        call = Call(account, at, _params(request), version, request.request_id)
        if request.method != "POST":
            return _perform(route, call)
        call.key = request.header(b"idempotency-key") or None
        return await _perform_once(route, call, request.path)


async def _perform_once(route: Route, call: Call, path: str) -> Answer:
    """A POST: under a key it runs once, and what it began is remembered whatever came of it."""
    keys = call.account.keys
    if call.key is None:
        await _work(call.account)
        return _perform(route, call)
    entry = keys.open(call.key, (path, _encode(call.params)), call.request_id)
    if entry.status:
        headers = {"idempotent-replayed": "true", "original-request": entry.request_id}
        return Answer(entry.status, entry.body, headers)
    await _work(call.account)
    try:
        answer = _perform(route, call)
    except Refusal as refusal:
        answer = _refused(refusal, call.request_id)
    except Exception:
        keys.drop(call.key)
        raise
    if call.begun:
        entry.status, entry.body = answer.status, answer.body
    else:
        keys.drop(call.key)
    return answer


async def _work(account: Account) -> None:
    if account.options.work_ms:
        await asyncio.sleep(account.options.work_ms / 1000)


def _perform(route: Route, call: Call) -> Answer:
    paths = take_expand(call.params)
    check_expand(route.answers, paths)
    options = call.account.options
    if options.fail_next and route.endpoint.startswith("POST"):
        options.fail_next -= 1
        call.begun = True
        raise _broken()
    body = render(call.account, route.handler(call), call.version, paths)
    return Answer(200, _encode(body))


def _params(request: Request) -> Tree:
    if request.method != "POST":
        return form.parse(request.query)
    in_query = form.parse(request.query)
    if in_query:
        raise refusals.unknown_parameters(list(in_query))
    kind = request.header(b"content-type").partition(";")[0].strip().lower()
    if request.body and kind != FORM:
        raise refusals.bad_content_type()
    return form.parse(request.body)


def _version(text: str) -> str:
    if not _VERSION.match(text):
        raise Refusal(f"Invalid Stripe API version: {text}")
    return text


def _broken() -> Refusal:
    text = "An unknown error occurred on Stripe's end; we have been notified."
    return Refusal(text, status=500, kind="api_error")


def _refused(refusal: Refusal, request_id: str) -> Answer:
    return Answer(refusal.status, _encode(refusal.body(request_id)), refusal.headers())


async def _read(receive: Receive) -> bytes:
    message = await receive()
    body = bytes(message.get("body", b""))
    while message.get("more_body"):
        message = await receive()
        body += bytes(message.get("body", b""))
    return body


async def _send(send: Send, answer: Answer, request: Request) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(answer.body)).encode()),
        (b"request-id", request.request_id.encode()),
    ]
    headers += [(name.encode(), value.encode()) for name, value in answer.headers.items()]
    for echoed in (b"idempotency-key", b"stripe-version"):
        if echoed in request.headers:
            headers.append((echoed, request.headers[echoed]))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
