"""Faults that a test orders in advance: which request they wait for, and what they do to it."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.standin import App, Receive, Scope, Send

TRANSPORT = "sandbox.transport"  # scope extension, put there by serving: the only way to hang up
WRONG_ID = "wrong_id_0"


@dataclass(slots=True)
class Fault:
    """One ordered fault; `skip` and `times` count down as matching requests pass."""

    kind: str
    method: str = ""  # empty: any
    path: str = ""  # a regular expression, searched in the path without its query
    skip: int = 0
    times: int = 1
    status: int = 500
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.2
    after: bool = False  # status, html and delay: the app runs first, so the write happens

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of fault '{self.kind}'; known: {', '.join(sorted(KINDS))}")
        if self.times < 1 or self.skip < 0:
            raise ValueError("times is at least 1, skip at least 0")
        re.compile(self.path)

    def fits(self, method: str, path: str) -> bool:
        """Whether this fault waits for such a request."""
        return self.method in ("", method) and re.search(self.path, path) is not None

    def plain(self) -> dict[str, Any]:
        """As JSON, for `faults`."""
        return {name: getattr(self, name) for name in Fault.__slots__}


class FaultQueue:
    """The faults still pending, in the order in which they were given."""

    def __init__(self) -> None:
        self.pending: list[Fault] = []

    def add(self, data: dict[str, Any]) -> None:
        """Order one fault; ValueError when it is not understood."""
        try:
            self.pending.append(Fault(**data))
        except (TypeError, re.error) as error:
            raise ValueError(str(error)) from error

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, counted down, or None."""
        for fault in self.pending:
            if not fault.fits(method, path):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.times -= 1
            if not fault.times:
                self.pending.remove(fault)
            return fault
        return None


@dataclass(slots=True)
class Answer:
    """An answer caught whole before it leaves."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def catch(self, message: Any) -> None:
        """An ASGI `send` that keeps what it is given."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def send(self, send: Send, *, promised: int | None = None) -> None:
        """Pass it on; with `promised` the stated length is a lie and the answer stays unfinished."""
        length = len(self.body) if promised is None else promised
        kept = [pair for pair in self.headers if pair[0].lower() != b"content-length"]
        headers = [*kept, (b"content-length", str(length).encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": promised is not None})


async def perform(fault: Fault, app: App, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request the way the fault says."""
    await KINDS[fault.kind](fault, app, scope, receive, send)


async def _run(app: App, scope: Scope, receive: Receive) -> Answer:
    answer = Answer()
    await app(scope, receive, answer.catch)
    return answer


async def _hang_up(scope: Scope, receive: Receive, *, flush: bool = False) -> None:
    transport = scope["extensions"][TRANSPORT]
    if flush:
        transport.close()
    else:
        transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _drop_before(fault: Fault, app: App, scope: Scope, receive: Receive, send: Send) -> None:
    await _hang_up(scope, receive)


async def _drop_after(fault: Fault, app: App, scope: Scope, receive: Receive, send: Send) -> None:
    await _run(app, scope, receive)
    await _hang_up(scope, receive)


async def _status(fault: Fault, app: App, scope: Scope, receive: Receive, send: Send) -> None:
    if fault.after:
        await _run(app, scope, receive)
    else:
        await _drain(receive)
    text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body or {})
    await _own(fault, text, "application/json").send(send)


async def _html(fault: Fault, app: App, scope: Scope, receive: Receive, send: Send) -> None:
    if fault.after:
        await _run(app, scope, receive)
    else:
        await _drain(receive)
    text = fault.body or "<!DOCTYPE html><html><body><h1>Service unavailable</h1></body></html>"
    await _own(fault, text, "text/html; charset=utf-8").send(send)


def _own(fault: Fault, text: str, content_type: str) -> Answer:
    given = {name.lower(): value for name, value in fault.headers.items()}
    headers = {"content-type": content_type, **given}
    return Answer(fault.status, [(n.encode(), v.encode()) for n, v in headers.items()], text.encode())


async def _drain(receive: Receive) -> None:
    """Read the request to its end, so that the connection can be used again."""
    while (await receive()).get("more_body"):
        pass


async def _bad_json(fault: Fault, app: App, scope: Scope, receive: Receive, send: Send) -> None:
    answer = await _run(app, scope, receive)
    answer.body = b'{"id": "half an answer", ' + answer.body[:20]
    await answer.send(send)


async def _truncated(fault: Fault, app: App, scope: Scope, receive: Receive, send: Send) -> None:
    answer = await _run(app, scope, receive)
    promised = max(2, len(answer.body))
    answer.body = answer.body[: promised // 2]
    await answer.send(send, promised=promised)
    await _hang_up(scope, receive, flush=True)


async def _delay(fault: Fault, app: App, scope: Scope, receive: Receive, send: Send) -> None:
    if fault.after:
        answer = await _run(app, scope, receive)
        await asyncio.sleep(fault.seconds)
        await answer.send(send)
        return
    await asyncio.sleep(fault.seconds)
    await app(scope, receive, send)


async def _wrong_id(fault: Fault, app: App, scope: Scope, receive: Receive, send: Send) -> None:
    answer = await _run(app, scope, receive)
    answer.headers = [(n, _relocated(v) if n.lower() == b"location" else v) for n, v in answer.headers]
    try:
        tree = json.loads(answer.body)
    except ValueError:
        tree = None
    if isinstance(tree, dict) and "id" in tree:
        answer.body = json.dumps({**tree, "id": WRONG_ID}).encode()
    await answer.send(send)


def _relocated(location: bytes) -> bytes:
    return location.rsplit(b"/", 1)[0] + b"/" + WRONG_ID.encode()


KINDS = {
    "status": _status,
    "drop_before": _drop_before,
    "drop_after": _drop_after,
    "html": _html,
    "bad_json": _bad_json,
    "truncated": _truncated,
    "delay": _delay,
    "wrong_id": _wrong_id,
}
