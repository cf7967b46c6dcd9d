"""Systems: YAML -> SystemSpec with its objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.config.compile_bench import Bench
from engine.config.compile_fields import settings_of
from engine.config.compile_members import child, decimal, members, number, place_of, plain, seconds, text
from engine.config.compile_object import Objects
from engine.config.compile_request import REPLY_NAMES, Requests, pagings_of
from engine.config.document import Document, Node
from engine.spec.system import ErrorLine, Limits, SystemSpec

SETTINGS_ONLY = frozenset({"settings"})
AUTH_SETTINGS = (
    "token", "user", "password", "client_id", "client_secret", "key_id", "private_key", "username", "consumer_key",
    "consumer_secret", "token_secret", "realm",
)  # fmt: skip
"""Members of `auth` that name settings."""


def compile_system(document: Document, bench: Bench) -> SystemSpec:
    """One system."""
    node, name = document.root, document.name
    requests = Requests(bench, pagings_of(node, bench))
    error = {key: bench.path(one) for key, one in members(node, "error_body")}
    base_url = node.get("base_url")
    return SystemSpec(
        name,
        text(node, "title", name),
        text(node, "connector", "http"),  # type: ignore[arg-type]  # the schema lists the words
        base_url=bench.lazy("template", base_url, SETTINGS_ONLY) if base_url else None,
        settings=settings_of(node),
        auth=_auth(node, requests, bench),
        headers={key: requests.rendering(one) for key, one in members(node, "headers")},
        encode=text(node, "encode", "json"),  # type: ignore[arg-type]
        limits=_limits(child(node, "limits")),
        idempotency_header=text(child(node, "idempotency"), "header"),
        idempotency_lasts=seconds(child(node, "idempotency"), "lasts"),
        error_code=error.get("code"),
        error_message=error.get("message"),
        error_parameters=error.get("parameters"),
        errors=tuple(_error_line(one, bench) for one in child(node, "errors")),
        webhook=_webhook(node, bench),
        objects=Objects(name, node, requests, bench).all(),
        place=node.place,
    )


def _limits(node: Node) -> Limits:
    return Limits(
        decimal(node, "per_second"),
        number(node, "per_day"),
        number(node, "concurrent"),
        number(node, "logins_per_hour"),
    )


def _error_line(node: Node, bench: Bench) -> ErrorLine:
    return ErrorLine(
        text(node, "id"),
        text(node, "class", "refused"),  # type: ignore[arg-type]
        status=tuple(int(one.value) for one in child(node, "status")),
        code=text(node, "code"),
        text=text(node, "text"),
        when=bench.when(node, REPLY_NAMES),
        say=text(node, "say"),
        do=text(node, "do"),
    )


# -- auth --------------------------------------------------------------------------------------------


def _auth(node: Node, requests: Requests, bench: Bench) -> dict[str, Any]:
    auth = child(node, "auth")
    kind = text(auth, "kind", "none")
    compiled: dict[str, Any] = {}
    for key, one in members(node, "auth"):
        compiled[key] = _auth_member(kind, key, one, requests)
        if key in AUTH_SETTINGS and not (kind == "login_token" and key == "token"):
            bench.holds("setting", str(one.value), child(node, "settings").value, one.place)
    return compiled


def _auth_member(kind: str, key: str, node: Node, requests: Requests) -> Any:
    if key == "token_url":
        return requests.bench.lazy("template", node, requests.names)
    if key == "token" and kind == "login_token":
        return requests.bench.path(node)
    return seconds(Node({key: node}), key) if key == "lasts" else node.plain()


def _webhook(node: Node, bench: Bench) -> Mapping[str, Any]:
    signature = child(child(node, "webhook"), "signature")
    if not signature.value:
        return {}
    secret = text(signature, "secret")
    bench.holds("setting", secret, child(node, "settings").value, place_of(signature, "secret"))
    return {"signature": {**plain(child(node, "webhook"), "signature"), "tolerance": seconds(signature, "tolerance")}}
