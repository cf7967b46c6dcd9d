"""The order box of a stand-in: POST /_control, the request log, latency and faults."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from sandbox.clock import Clock
from sandbox.faults import FaultQueue, perform
from sandbox.standin import Message, Receive, Scope, Send, StandIn

PATH = "/_control"


class Control:
    """Wraps one stand-in's app; status 0 in the request log means that no answer went out.

    With the option `record_bodies` the log shows queries and bodies too.
    """

    def __init__(self, standin: StandIn, clock: Clock) -> None:
        self.standin = standin
        self.clock = clock
        self.faults = FaultQueue()
        self.requests: list[dict[str, Any]] = []
        self.latency_ms = 0.0
        self.record_bodies = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].endswith(PATH):  # some base URLs have a path
            await self._take_order(scope, receive, send)
            return
        entry: dict[str, Any] = {"method": scope["method"], "path": scope["path"], "status": 0}
        self.requests.append(entry)
        if self.record_bodies:
            entry |= {"query": scope["query_string"].decode("latin-1"), "body": ""}
            receive = _heard(receive, entry)

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry["status"] = message["status"]
            await send(message)

        if self.latency_ms:
            await asyncio.sleep(self.latency_ms / 1000)
        fault = self.faults.take(scope["method"], scope["path"])
        if fault is None:
            await self.standin.app(scope, receive, noted)
        else:
            await perform(fault, self.standin.app, scope, receive, noted)

    def order(self, order: dict[str, Any]) -> Any:
        """Do one control order and return its answer; ValueError when it is not understood."""
        what = str(order.get("do"))
        if what not in ORDERS:
            own = getattr(self.standin, "control", None)  # a system may have orders of its own
            if own is not None and (answer := own(order)) is not None:
                return answer
            raise ValueError(f"unknown order '{what}'; known: {', '.join(sorted(ORDERS))}")
        return ORDERS[what](self, order)

    async def _take_order(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read(receive)
        try:
            if scope["method"] != "POST":
                raise ValueError("orders come by POST")
            status, answer = 200, self.order(dict(json.loads(body)))
        except (ValueError, KeyError, TypeError) as error:
            status, answer = 400, {"error": f"{type(error).__name__}: {error}"}
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


def _heard(receive: Receive, entry: dict[str, Any]) -> Receive:
    async def hear() -> Message:
        message = await receive()
        entry["body"] += bytes(message.get("body", b"")).decode("utf-8", "replace")
        return message

    return hear


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body


def _advance(control: Control, order: dict[str, Any]) -> Any:
    control.clock.advance(float(order["seconds"]))
    return {"now": control.clock.now()}


def _seed(control: Control, order: dict[str, Any]) -> Any:
    control.standin.seed(order["data"])
    return {"ok": True}


def _reset(control: Control, order: dict[str, Any]) -> Any:
    control.standin.reset()
    control.faults.pending.clear()
    control.requests.clear()
    control.latency_ms = 0.0
    control.record_bodies = False
    return {"ok": True}


def _dump(control: Control, order: dict[str, Any]) -> Any:
    return control.standin.dump()


def _requests(control: Control, order: dict[str, Any]) -> Any:
    return control.requests


def _forget(control: Control, order: dict[str, Any]) -> Any:
    control.requests.clear()
    return {"ok": True}


def _set(control: Control, order: dict[str, Any]) -> Any:
    options = dict(order["data"])
    control.latency_ms = float(options.pop("latency_ms", control.latency_ms))
    control.record_bodies = bool(options.pop("record_bodies", control.record_bodies))
    if options:
        control.standin.configure(options)
    return {"ok": True}


def _fault(control: Control, order: dict[str, Any]) -> Any:
    control.faults.add(order["fault"])
    return {"ok": True}


def _mend(control: Control, order: dict[str, Any]) -> Any:
    control.faults.pending.clear()
    return {"ok": True}


def _faults(control: Control, order: dict[str, Any]) -> Any:
    return [fault.plain() for fault in control.faults.pending]


ORDERS: dict[str, Callable[[Control, dict[str, Any]], Any]] = {
    "advance": _advance,
    "seed": _seed,
    "reset": _reset,
    "dump": _dump,
    "requests": _requests,
    "forget": _forget,
    "set": _set,
    "fault": _fault,
    "faults": _faults,
    "mend": _mend,
}
