"""Which hosts may be talked to: https, or private addresses where a connection allows them."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urljoin, urlsplit

from engine.model.errors import ConfigError, Unreachable
from engine.model.finding import Finding

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
PORTS = {"https": 443, "http": 80}


def refused(connection: str, why: str) -> ConfigError:
    """The error for a host that may not be talked to."""
    hint = "use https and a public host, or set allow_private: true on the connection"
    return ConfigError([Finding("host-not-allowed", f"connection '{connection}': {why}", hint=hint)])


def check_url(url: str, connection: str, allow_private: bool) -> SplitResult:
    """The parts of a URL that may be talked to, as far as its text tells; raises ConfigError."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # a wrong port shows only when it is read
    except ValueError:
        raise refused(connection, "the address is not a URL") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise refused(connection, f"'{parts.scheme}:' addresses are not talked to")
    if parts.username is not None or parts.password is not None:
        raise refused(connection, "an address must not hold a user or a password")
    _check_text(parts, connection, allow_private)
    return parts


def check_peer(peer: str, scheme: str, connection: str, allow_private: bool) -> None:
    """Refuse the address that a connection really reached; names may resolve to anything."""
    address = as_address(peer)
    if address is None:
        return
    if is_private(address) and not allow_private:
        raise refused(connection, "the host is on a private address")
    if scheme == "http" and not is_private(address):
        raise refused(connection, "plain http to a public address")


def as_address(host: str) -> Address | None:
    """The IP address that a text is, or None."""
    try:
        return ipaddress.ip_address(host.split("%", 1)[0])
    except ValueError:
        return None


def is_private(address: Address) -> bool:
    """Anything that is not a public unicast address: loopback, private, link-local, unspecified, reserved."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return is_private(mapped)
    return not address.is_global or address.is_multicast


def _check_text(parts: SplitResult, connection: str, allow_private: bool) -> None:
    host = parts.hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        host = "127.0.0.1"
    if as_address(host) is not None:
        check_peer(host, parts.scheme, connection, allow_private)
    elif parts.scheme == "http" and not allow_private:
        raise refused(connection, "plain http")


def follow(base: str, link: str) -> str:
    """The path and query of a link to a next page; it must keep scheme, host and port."""
    target = urlsplit(urljoin(base, link))
    if _origin(target) != _origin(urlsplit(base)):
        raise Unreachable("the link to the next page leads to another host", sent=True, line="paging")
    return target.path + (f"?{target.query}" if target.query else "")


def origin(url: str) -> str:
    """Scheme, host and port of a URL, as text."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)
