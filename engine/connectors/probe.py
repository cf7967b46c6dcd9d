"""What `doctor` asks of a connection: settings, host, credentials, clock. Nothing is written."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from engine.model.errors import ConfigError, ConnectorError, Unauthorised, Unreachable
from engine.model.finding import Finding, Severity
from engine.model.protocols import Clock, Connector
from engine.spec.environment import ConnectionSpec
from engine.spec.system import ObjectSpec

SKEW_SECONDS = 60


def probe(connector: Connector, spec: ConnectionSpec, url: str, clock: Clock) -> list[Finding]:
    """Findings, none when all is well; the first that stops a request ends the look."""
    for look in (_settings(spec), _host(spec, url), _login(connector, spec, clock)):
        if found := list(look):
            return found
    return []


def _settings(spec: ConnectionSpec) -> Iterator[Finding]:
    for name in spec.missing:
        yield Finding("setting-missing", f"connection '{spec.name}' has no '{name}'", spec.place)


def _host(spec: ConnectionSpec, url: str) -> Iterator[Finding]:
    parts = urlsplit(url)
    try:
        socket.getaddrinfo(parts.hostname, parts.port or 443)
    except OSError:
        yield Finding("host-unknown", f"connection '{spec.name}': the host name does not resolve", spec.place)


def _login(connector: Connector, spec: ConnectionSpec, clock: Clock) -> Iterator[Finding]:
    """One page of the first object that can be listed without further names."""
    for obj in listable(spec):
        try:
            page = next(iter(connector.pages(obj)), None)
        except Unauthorised as error:
            yield Finding("credentials-refused", f"connection '{spec.name}': {error}", spec.place, hint=error.do)
        except Unreachable as error:
            yield Finding("unreachable", f"connection '{spec.name}': {error}", spec.place, hint=error.do)
        except ConnectorError as error:
            yield Finding("probe-refused", f"connection '{spec.name}': {error}", spec.place, Severity.WARNING, error.do)
        except ConfigError as error:
            yield from error.findings
        else:
            yield from _skew(spec, page.server_time if page else "", clock.now())
        return


def listable(spec: ConnectionSpec) -> Iterator[ObjectSpec]:
    """Objects whose listing needs no names but those that every listing has."""
    for obj in spec.system.objects.values():
        if obj.list is not None and obj.list.params <= _ALWAYS:
            yield obj


def _skew(spec: ConnectionSpec, server_time: str, now: datetime) -> Iterator[Finding]:
    if not server_time:
        return
    apart = (now - datetime.fromisoformat(server_time)).total_seconds()
    if abs(apart) > SKEW_SECONDS:
        message = f"connection '{spec.name}': our clock is {apart:+.0f} s from the system's"
        yield Finding("clock-skew", message, spec.place, Severity.WARNING, "set the machine's clock by NTP")


_ALWAYS = frozenset({"since", "after", "columns", "table", "collection", "object", "types", "settings", "base_url"})
