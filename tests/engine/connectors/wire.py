"""Doubles of the wire: a transport that answers by script, a socket that sends raw bytes."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from engine.connectors.connect import open_http
from engine.connectors.http import HttpConnector
from engine.connectors.retry import RetryPolicy
from engine.model.errors import ConnectorError
from engine.model.protocols import Limiter, Reply, TokenStore
from engine.spec.system import SystemSpec
from tests.contract.toy import HandClock, connection


class Sent(NamedTuple):
    """One request as it went out."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None


TLS = b"\x16\x03"

Scripted = Reply | ConnectorError | Callable[[Sent], Reply]


class ScriptedTransport:
    """Answers by script, in order; a request too many is an error of the test."""

    def __init__(self, *answers: Scripted) -> None:
        self.answers = list(answers)
        self.sent: list[Sent] = []

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        request = Sent(method, url, dict(headers), body)
        self.sent.append(request)
        if not self.answers:
            raise AssertionError(f"an unexpected request: {method} {url}")
        answer = self.answers.pop(0)
        if isinstance(answer, ConnectorError):
            raise answer
        return answer if isinstance(answer, Reply) else answer(request)

    def close(self) -> None:
        assert not self.answers, f"{len(self.answers)} answers were not asked for"


def reply(tree: Any, status: int = 200, **headers: str) -> Reply:
    """A JSON reply; None is an empty one."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    content = b"" if tree is None else json.dumps(tree).encode()
    return Reply(status, {"content-type": "application/json", **names}, content)


def raw(content: bytes, status: int = 200, content_type: str = "application/json") -> Reply:
    """A reply of these bytes."""
    return Reply(status, {"content-type": content_type}, content)


def refusal(status: int, code: str = "", message: str = "", **headers: str) -> Reply:
    """A refusal in the toy system's shape."""
    return reply({"error": {"code": code, "message": message}}, status, **headers)


def opened(
    *answers: Scripted,
    spec: SystemSpec | None = None,
    clock: HandClock | None = None,
    tokens: TokenStore | None = None,
    limiter: Limiter | None = None,
    **changes: Any,
) -> tuple[HttpConnector, ScriptedTransport]:
    """An HTTP connector of the toy system over a scripted transport."""
    transport = ScriptedTransport(*answers)
    where = connection(changes.pop("base_url", "https://toy.example/api"), spec, **changes)
    return open_http(where, tokens, clock or HandClock(), limiter, RetryPolicy(), transport), transport


@contextmanager
def raw_server(*conversations: Sequence[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """A socket that reads a request's head and sends pieces, one conversation per connection."""
    heads: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_converse, args=(listener, conversations, heads), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heads
    finally:
        listener.close()
        thread.join(timeout=5)


def _converse(listener: socket.socket, conversations: Sequence[Sequence[bytes]], heads: list[bytes]) -> None:
    pause = threading.Event()
    for pieces in conversations:
        try:
            with listener.accept()[0] as peer:
                head = b""
                while b"\r\n\r\n" not in head and not head.startswith(TLS):
                    head += peer.recv(65536)
                heads.append(head)
                for piece in pieces:
                    peer.sendall(piece)
                    pause.wait(0.002)
        except OSError:
            continue
