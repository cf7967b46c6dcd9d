from __future__ import annotations

import gzip
import socket

import pytest

from engine.connectors.transport import HttpTransport
from engine.model.errors import ConfigError, Rejected, Unreachable
from tests.contract.toy import HandClock
from tests.engine.connectors.wire import raw_server

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Kind: toy\r\n\r\n{}"


class Racing(HandClock):
    """A clock on which a minute goes by at every look."""

    def monotonic(self) -> float:
        self.ticks += 60
        return self.ticks


def transport(url: str, clock: HandClock | None = None, **more: int) -> HttpTransport:
    return HttpTransport("toy", url, clock or HandClock(), allow_private=True, **more)


def get(url: str, **more: int) -> bytes:
    wire = transport(url, **more)
    try:
        return wire.send("GET", f"{url}/x", {}, None).content
    finally:
        wire.close()


def test_brings_status_headers_and_bytes() -> None:
    with raw_server([OK]) as (url, heads):
        wire = transport(url)
        found = wire.send("POST", f"{url}/a%2Fb?c=d", {"X-One": "1", "Content-Type": "text/plain"}, b"body")
        wire.close()
    assert (found.status, found.content, found.headers["x-kind"]) == (200, b"{}", "toy")
    assert heads[0].startswith(b"POST /a%2Fb?c=d HTTP/1.1\r\n")
    for line in (b"X-One: 1", b"User-Agent: concord", b"Accept-Encoding: gzip, deflate"):
        assert line + b"\r\n" in heads[0]


def test_does_not_follow_redirects() -> None:
    with raw_server([b"HTTP/1.1 301 Moved\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n"]) as (url, _):
        wire = transport(url)
        assert wire.send("GET", f"{url}/x", {"X-Api-Key": "k"}, None).status == 301
        wire.close()


@pytest.mark.parametrize(
    "pieces",
    [
        [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnogz"],
        [b"HTTP/1.1 2"],
        [b""],
        [b"garbage\r\n\r\n"],
    ],
    ids=["short", "chunks cut", "chunk garbage", "gzip broken", "status cut", "hung up", "no http"],
)
def test_a_broken_reply_is_an_unknown_outcome(pieces: list[bytes]) -> None:
    with raw_server(pieces) as (url, _), pytest.raises(Unreachable) as caught:
        get(url)
    assert caught.value.sent


def test_reads_a_packed_reply() -> None:
    packed = gzip.compress(b'{"a": 1}')
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    with raw_server([head, packed[:5], packed[5:]]) as (url, _):
        assert get(url) == b'{"a": 1}'


def test_reads_a_reply_in_chunks() -> None:
    pieces = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"2\r\n{}\r\n", b"1\r\n \r\n", b"0\r\n\r\n"]
    with raw_server(pieces) as (url, _):
        assert get(url) == b"{} "


def test_a_dripping_reply_meets_the_deadline() -> None:
    drops = [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"] + [b"x"] * 40
    with raw_server(drops) as (url, _):
        wire = transport(url, Racing(), total_seconds=300)
        with pytest.raises(Unreachable, match="longer than 300 s"):
            wire.send("GET", f"{url}/x", {}, None)
        wire.close()


def test_a_reply_without_end_meets_the_cap() -> None:
    endless = [b"HTTP/1.1 200 OK\r\n\r\n"] + [b"x" * 600] * 4
    with raw_server(endless) as (url, _), pytest.raises(Unreachable, match="longer than 1000 bytes"):
        get(url, byte_cap=1000)


def test_a_small_packed_reply_that_unpacks_to_much_meets_the_cap() -> None:
    packed = gzip.compress(b"0" * 5_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    with raw_server([head + packed]) as (url, _), pytest.raises(Unreachable, match="longer than"):
        get(url, byte_cap=1_000_000)


def test_nothing_listens_means_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(Unreachable, match="could not be reached") as caught:
        get(url)
    assert not caught.value.sent


def test_an_unknown_host_means_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise socket.gaierror("no such host")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(Unreachable) as caught:
        get("http://nowhere.example")
    assert not caught.value.sent


def test_a_host_without_a_certificate_is_not_talked_to() -> None:
    with raw_server([b"plain talk"] * 1) as (url, _), pytest.raises(Unreachable) as caught:
        get(url.replace("http:", "https:"))
    assert not caught.value.sent
    assert caught.value.line == "tls"


@pytest.mark.parametrize("header", ["a\r\nHost: evil", "a\nb", "a\x00b"], ids=["crlf", "lf", "nul"])
def test_refuses_a_header_with_a_line_break(header: str) -> None:
    wire = transport("http://127.0.0.1:1")
    with pytest.raises(Rejected, match="line break") as caught:
        wire.send("GET", "http://127.0.0.1:1/", {"X-One": header}, None)
    assert "evil" not in str(caught.value)
    wire.close()


def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS may answer with anything, so the address that was reached counts."""
    with raw_server([OK]) as (url, _):
        port = int(url.rsplit(":", 1)[1])
        there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: there)
        wire = HttpTransport("toy", "https://shop.example", HandClock())
        with pytest.raises(ConfigError) as caught:
            wire.send("GET", f"https://shop.example:{port}/", {}, None)
        wire.close()
    assert [one.code for one in caught.value.findings] == ["host-not-allowed"]


def test_a_private_address_is_refused_before_anything_is_sent() -> None:
    wire = HttpTransport("toy", "https://shop.example", HandClock())
    with pytest.raises(ConfigError):
        wire.send("GET", "http://169.254.169.254/latest", {}, None)
    wire.close()


def test_tells_nothing_of_the_address() -> None:
    with raw_server([b""]) as (url, _), pytest.raises(Unreachable) as caught:
        wire = transport(url)
        wire.send("GET", f"{url}/customers?email=ada%40example.com", {}, None)
    assert "ada" not in str(caught.value)
    assert caught.value.__cause__ is None
    wire.close()


def test_keeps_no_cookies() -> None:
    first = b"HTTP/1.1 200 OK\r\nSet-Cookie: session=1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
    with raw_server([first], [OK]) as (url, heads):
        wire = transport(url)
        wire.send("GET", f"{url}/x", {}, None)
        wire.send("GET", f"{url}/x", {}, None)
        wire.close()
    assert b"ookie" not in heads[1]


def test_reads_the_environments_proxies_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server([OK]) as (proxy, heads):
        monkeypatch.setenv("http_proxy", proxy)
        wire = transport("http://erp.lan")
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        wire.send("GET", "http://erp.lan/x", {}, None)
        wire.close()
    assert heads[0].startswith(b"GET http://erp.lan/x HTTP/1.1")
