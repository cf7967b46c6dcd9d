"""Opens the connector of a connection, by the kind that its system declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.connectors.auth import DeclaredAuth
from engine.connectors.clock import SystemClock
from engine.connectors.credentials import Credentials, hider
from engine.connectors.errors import ErrorTable
from engine.connectors.exchange import Exchange
from engine.connectors.files import FilesConnector
from engine.connectors.hosts import check_url
from engine.connectors.http import HttpConnector
from engine.connectors.limits import RateLimiter
from engine.connectors.memory import MemoryConnector
from engine.connectors.retry import RetryPolicy
from engine.connectors.tokens import LoginNeeds, MemoryTokens
from engine.connectors.transport import HttpTransport
from engine.model.errors import ConfigError
from engine.model.finding import Finding
from engine.model.protocols import Clock, Connector, Limiter, TokenStore, Transport
from engine.model.secret import Secret
from engine.spec.environment import ConnectionSpec


def open_connection(
    spec: ConnectionSpec,
    *,
    tokens: TokenStore | None = None,
    clock: Clock | None = None,
    limiter: Limiter | None = None,
    policy: RetryPolicy | None = None,
) -> Connector:
    """A connector. Threads share it; give several connectors of one account the same limiter."""
    return CONNECTORS[spec.system.connector](spec, tokens, clock or SystemClock(), limiter, policy or RetryPolicy())


def open_http(
    spec: ConnectionSpec,
    tokens: TokenStore | None,
    clock: Clock,
    limiter: Limiter | None,
    policy: RetryPolicy,
    transport: Transport | None = None,
) -> HttpConnector:
    """An HTTP connector."""
    base = base_scope(spec)
    check_url(base["base_url"], spec.name, spec.allow_private)
    limits = spec.system.limits
    limiter = limiter or RateLimiter(limits, clock)
    transport = transport or HttpTransport(
        spec.name,
        base["base_url"],
        clock,
        allow_private=spec.allow_private,
        concurrent=limits.concurrent,
        total_seconds=policy.deadline,
    )
    needs = LoginNeeds(transport, limiter, tokens or MemoryTokens(), clock)
    auth = DeclaredAuth(Credentials(spec, base), needs)
    exchange = Exchange(transport, auth, limiter, ErrorTable(spec.system, hider(spec)), clock, policy, spec.name)
    return HttpConnector(spec, base, exchange, transport, clock)


def base_scope(spec: ConnectionSpec) -> dict[str, Any]:
    """Names of every template: settings without secrets, and the address."""
    settings = {name: value for name, value in spec.settings.items() if not isinstance(value, Secret)}
    url: Any = spec.base_url
    if not url and spec.system.base_url is not None:
        url = spec.system.base_url({"settings": settings})
    if not isinstance(url, str) or not url:
        message = f"connection '{spec.name}' has no base_url"
        raise ConfigError([Finding("setting-missing", message, spec.place)])
    return {"settings": settings, "base_url": url.rstrip("/")}


def open_files(
    spec: ConnectionSpec,
    tokens: TokenStore | None,
    clock: Clock,
    limiter: Limiter | None,
    policy: RetryPolicy,
) -> FilesConnector:
    """A connector of data files."""
    return FilesConnector(spec, clock)


def open_memory(
    spec: ConnectionSpec,
    tokens: TokenStore | None,
    clock: Clock,
    limiter: Limiter | None,
    policy: RetryPolicy,
) -> MemoryConnector:
    """An empty system in memory."""
    return MemoryConnector(spec.name, clock=clock)


Opener = Callable[[ConnectionSpec, TokenStore | None, Clock, Limiter | None, RetryPolicy], Connector]

CONNECTORS: dict[str, Opener] = {
    "http": open_http,
    "files": open_files,
    "memory": open_memory,
}
