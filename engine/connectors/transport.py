"""One request over the wire: one session per connection, no redirects, bounded in time and size."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from typing import Any

import requests
import requests.adapters
import urllib3
import urllib3.connection
from requests.cookies import RequestsCookieJar
from requests.utils import get_environ_proxies
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from engine.connectors.hosts import check_peer, check_url, origin
from engine.model.errors import Rejected, Unreachable
from engine.model.protocols import Clock, Reply

CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0
TOTAL_SECONDS = 300.0
BYTES = 50_000_000
PIECE = 65_536
POOL = 32
ALWAYS = {"Accept-Encoding": "gzip, deflate", "User-Agent": "concord"}
FORBIDDEN = frozenset("\r\n\x00")

Check = Callable[[str, str], None]
"""Refuses an address reached by a scheme."""


class HttpTransport:
    """Sends by `requests`. The environment's proxies and certificates are read once, here."""

    def __init__(
        self,
        connection: str,
        base_url: str,
        clock: Clock,
        *,
        allow_private: bool = False,
        concurrent: int = 0,
        total_seconds: float = TOTAL_SECONDS,
        byte_cap: int = BYTES,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._allow_private = allow_private
        self._total = total_seconds
        self._bytes = byte_cap
        self._origins: set[str] = set()
        self._proxies = get_environ_proxies(base_url)
        self._verify: str | bool = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE") or True
        self._session = self._open(concurrent or POOL)
        # its debug lines hold whole addresses, and so field values
        logging.getLogger("urllib3").setLevel(logging.WARNING)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """Send once; anything but a whole reply is Unreachable."""
        self._check(url, headers)
        request = requests.Request(method, url, headers={**ALWAYS, **headers}, data=body).prepare()
        until = self._clock.monotonic() + self._total
        try:
            response = self._session.send(
                request,
                stream=True,
                allow_redirects=False,
                timeout=(CONNECT_SECONDS, min(READ_SECONDS, self._total)),
                verify=self._verify,
                proxies=self._proxies,
            )
            with response:
                content = self._content(response, until)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise unreachable(error) from None
        names = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, names, content)

    def close(self) -> None:
        self._session.close()

    def _open(self, size: int) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.cookies = _NoCookies()
        guarded = requests.adapters.HTTPAdapter(pool_connections=4, pool_maxsize=size)
        guarded.poolmanager.pool_classes_by_scheme = _pools(self._check_peer)
        for scheme in ("https://", "http://"):
            session.mount(scheme, guarded)
        return session

    def _check(self, url: str, headers: Mapping[str, str]) -> None:
        for name, value in headers.items():
            if not FORBIDDEN.isdisjoint(value) or not FORBIDDEN.isdisjoint(name):
                raise Rejected(f"the header '{name[:40]!a}' would hold a line break", line="header-not-allowed")
        start = origin(url)
        if start not in self._origins:
            check_url(url, self._connection, self._allow_private)
            self._origins.add(start)

    def _check_peer(self, peer: str, scheme: str) -> None:
        check_peer(peer, scheme, self._connection, self._allow_private)

    def _content(self, response: requests.Response, until: float) -> bytes:
        """The body, read piece by piece, so that a dripping one meets the deadline."""
        pieces = []
        size = 0
        while piece := response.raw.read1(PIECE, decode_content=True):
            size += len(piece)
            if size > self._bytes:
                raise Unreachable(f"the reply is longer than {self._bytes} bytes", status=response.status_code)
            if self._clock.monotonic() > until:
                raise Unreachable(f"the reply took longer than {self._total:g} s", status=response.status_code)
            pieces.append(piece)
        return b"".join(pieces)


def unreachable(error: Exception) -> Unreachable:
    """What a failed request means. The library's text holds addresses and values, so they stay here."""
    if isinstance(error, requests.exceptions.SSLError):
        return Unreachable("the host's certificate was not accepted", sent=False, line="tls")
    if isinstance(error, requests.exceptions.ProxyError):
        return Unreachable("the proxy could not be reached", sent=False)
    if _never_sent(error):
        return Unreachable("the host could not be reached", sent=False)
    if isinstance(error, requests.exceptions.Timeout | urllib3.exceptions.ReadTimeoutError):
        return Unreachable("no answer in time")
    return Unreachable(f"the connection broke ({type(error).__name__})")


def _never_sent(error: Exception) -> bool:
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), NewConnectionError)


class _NoCookies(RequestsCookieJar):
    """Keeps nothing: sessions of the system's web pages are none of ours, and threads share it."""

    def set_cookie(self, *_args: Any, **_more: Any) -> None:
        return

    def extract_cookies(self, *_args: Any, **_more: Any) -> None:
        return


def _pools(check: Check) -> dict[str, type[HTTPConnectionPool]]:
    """Connections that look at the address which they really reached: a name may lead anywhere."""

    class Plain(urllib3.connection.HTTPConnection):
        def _new_conn(self) -> Any:
            return _checked(super()._new_conn(), check, "http")

    class Secure(urllib3.connection.HTTPSConnection):
        def _new_conn(self) -> Any:
            return _checked(super()._new_conn(), check, "https")

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _checked(sock: Any, check: Check, scheme: str) -> Any:
    try:
        check(sock.getpeername()[0], scheme)
    except Exception:
        sock.close()
        raise
    return sock
