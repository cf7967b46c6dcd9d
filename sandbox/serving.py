"""Puts stand-ins on loopback ports: one process, one event loop in one thread, one port each."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import ipaddress
import json
import socket
import threading
from collections.abc import Sequence
from email.utils import formatdate
from types import TracebackType
from typing import Any, Self

import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.clock import Clock
from sandbox.control import Control
from sandbox.faults import TRANSPORT
from sandbox.standin import App, Message, Receive, Scope, Send, StandIn

LOOPBACK = "127.0.0.1"
START_SECONDS = 15


class _Protocol(HttpToolsProtocol):
    """Hands the transport to the app, so that a fault can hang up without an answer."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT: self.transport}  # type: ignore[dict-item]  # not an ASGI extension


class Dated:
    """Every answer carries the date of the stand-in's clock, which may have been advanced."""

    def __init__(self, app: App, clock: Clock) -> None:
        self.app = app
        self.clock = clock
        self._second = 0
        self._date = b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"date", self._now())]}
            await send(message)

        await self.app(scope, receive, dated)

    def _now(self) -> bytes:
        second = int(self.clock.now())
        if second != self._second:
            self._second, self._date = second, formatdate(second, usegmt=True).encode()
        return self._date


class _Half(Exception):
    """The caller went away in the middle of its request."""


class Whole:
    """Nothing is done for a request of which only a part arrived: its sender died while sending it."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        arrived = False

        async def whole() -> Message:
            nonlocal arrived
            message = await receive()
            if message["type"] == "http.request":
                arrived = not message.get("more_body")
            elif not arrived:
                raise _Half
            return message

        try:
            await self.app(scope, whole, send)
        except _Half:
            return


class Running:
    """Stand-ins that listen; leaving the context stops them."""

    def __init__(
        self,
        standins: dict[str, StandIn],
        apps: dict[str, App],
        sockets: dict[str, socket.socket],
        clock: Clock,
    ) -> None:
        self.standins = standins
        self.clock = clock
        self.urls = {name: _url(sockets[name], one) for name, one in standins.items()}
        self.settings = {name: dict(standin.settings) for name, standin in standins.items()}
        self._servers = {name: uvicorn.Server(_config(app)) for name, app in apps.items()}
        self._sockets = sockets
        self._thread = threading.Thread(target=self._serve, name="sandbox", daemon=True)
        self._thread.start()
        self._await_start()

    def line(self) -> str:
        """The one JSON line that tells a caller where everything is."""
        rows = {name: {"base_url": self.urls[name], "settings": self.settings[name]} for name in self.urls}
        return json.dumps(rows)

    def stop(self) -> None:
        """Close every port and wait for the thread."""
        for server in self._servers.values():
            server.should_exit = True
        self._thread.join(timeout=START_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._serve_all())

    async def _serve_all(self) -> None:
        await asyncio.gather(*(server.serve([self._sockets[name]]) for name, server in self._servers.items()))

    def _await_start(self) -> None:
        """Sockets listen before the servers do, so connections only queue; but failures must show here."""
        pause = threading.Event()
        for _ in range(START_SECONDS * 200):
            if all(server.started for server in self._servers.values()):
                return
            if not self._thread.is_alive():
                break
            pause.wait(0.005)
        raise RuntimeError("the sandbox did not start")


def start(
    systems: Sequence[str] | None = None,
    *,
    control: bool = False,
    seed: int = 1,
    port_base: int | None = None,
    host: str = LOOPBACK,
    data: dict[str, dict[str, Any]] | None = None,
) -> Running:
    """Create, seed and serve the named systems (default: all that are there), in the order of the table."""
    _refuse_beyond_loopback(host)
    clock = Clock()
    standins = {name: _create(name, clock, seed) for name in _chosen(systems)}
    for name, records in (data or {}).items():
        if name in standins:
            standins[name].seed(records)
    sockets = {name: _listen(host, port_base + at if port_base else 0) for at, name in enumerate(standins)}
    apps: dict[str, App] = {
        name: Whole(Dated(Control(one, clock) if control else one.app, clock)) for name, one in standins.items()
    }
    return Running(standins, apps, sockets, clock)


def present() -> list[str]:
    """The systems whose package is here, in the order of the table."""
    return [name for name, module in SYSTEMS.items() if importlib.util.find_spec(module)]


def _chosen(systems: Sequence[str] | None) -> list[str]:
    if systems is None:
        return present()
    unknown = [name for name in systems if name not in present()]
    if unknown:
        raise ValueError(f"no stand-in for {', '.join(unknown)}; there are: {', '.join(present())}")
    return [name for name in SYSTEMS if name in systems]


def _create(name: str, clock: Clock, seed: int) -> StandIn:
    standin: StandIn = importlib.import_module(SYSTEMS[name]).create(clock, seed)
    return standin


def _refuse_beyond_loopback(host: str) -> None:
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        raise ValueError(f"the sandbox listens on loopback only, not on '{host}'")


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.create_server((host, port), backlog=512)
    listener.setblocking(False)
    return listener


def _url(listener: socket.socket, standin: StandIn) -> str:
    """The base URL that the system's YAML expects, which may have a path of its own."""
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}{getattr(standin, 'base_path', '')}"


def _config(app: App) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,  # the date is the stand-in's own
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )


SYSTEMS = {
    "stripe": "sandbox.stripe",
    "netsuite": "sandbox.netsuite",
    "acton": "sandbox.acton",
    "magento": "sandbox.magento",
    "sagex3": "sandbox.sagex3",
    "mail": "sandbox.mail",
}
