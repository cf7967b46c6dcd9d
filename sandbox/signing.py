"""OAuth 1.0a with HMAC-SHA256, done by hand: reading the header, and what a signature must be."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

PARAMETER = re.compile(r'\s*([A-Za-z0-9_]+)="([^"]*)"\s*')


def encode(text: str) -> str:
    return quote(text, safe="-._~")


def parameters_of(header: str) -> dict[str, str]:
    """The parameters of `OAuth realm="...", oauth_token="..."`, decoded; ValueError says what is wrong."""
    scheme, _, rest = header.partition(" ")
    if scheme != "OAuth":
        raise ValueError("scheme")
    found: dict[str, str] = {}
    for part in rest.split(","):
        match = PARAMETER.fullmatch(part)
        if match is None or match[1] in found:
            raise ValueError("header")
        found[match[1]] = unquote(match[2])
    return found


def base_string(method: str, url: str, query: Iterable[tuple[str, str]], oauth: dict[str, str]) -> str:
    """`url` has no query; `query` is decoded; realm and signature are not signed."""
    signed = [(name, value) for name, value in oauth.items() if name not in ("realm", "oauth_signature")]
    pairs = sorted((encode(name), encode(value)) for name, value in [*signed, *query])
    parameters = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join([method.upper(), encode(url), encode(parameters)])


def signature(base: str, consumer_secret: str, token_secret: str) -> str:
    key = f"{encode(consumer_secret)}&{encode(token_secret)}".encode()
    return base64.b64encode(hmac.digest(key, base.encode(), hashlib.sha256)).decode()
