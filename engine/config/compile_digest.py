"""Digests: what a flow's results depend on, without secrets. Equal digests mean equal rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from engine import __version__
from engine.config.compile_environment import public
from engine.config.document import Document
from engine.functions.canonical import digest
from engine.model.secret import Secret
from engine.spec.environment import ConnectionSpec
from engine.spec.ruleset import FlowSpec

DATA_LIBRARIES = ("phonenumbers", "pycountry")
"""Libraries whose data change results: a new numbering plan, a new country."""


@cache
def versions() -> dict[str, str]:
    """The engine's version and those of its data."""
    return {"engine": __version__, **{name: _version(name) for name in DATA_LIBRARIES}}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def flow_digest(flow: FlowSpec, documents: Iterable[Document]) -> str:
    """Fingerprint of one flow: its files, the systems it joins, settings, hosts and versions."""
    return digest(
        {
            "files": {f"{one.kind}/{one.name}": open_tree(one.root.plain()) for one in documents},
            "settings": open_tree(dict(flow.settings)),
            "source": connection_tree(flow.source_connection),
            "target": connection_tree(flow.target_connection),
            "versions": versions(),
        }
    )


def connection_tree(connection: ConnectionSpec) -> dict[str, Any]:
    """A connection without its secrets."""
    return {
        "name": connection.name,
        "system": connection.system.name,
        "base_url": connection.base_url,
        "settings": open_tree(public(connection.settings)),
    }


def open_tree(tree: Any) -> Any:
    """The tree without secrets and notes."""
    if isinstance(tree, Mapping):
        return {key: open_tree(one) for key, one in tree.items() if not str(key).startswith("x-")}
    if isinstance(tree, (list, tuple)):
        return [open_tree(one) for one in tree]
    return None if isinstance(tree, Secret) else tree


def ruleset_digest(flows: Mapping[str, FlowSpec], connections: Mapping[str, ConnectionSpec]) -> str:
    """Fingerprint of everything."""
    return digest(
        {
            "flows": {name: flow.digest for name, flow in flows.items()},
            "connections": {name: connection_tree(one) for name, one in connections.items()},
        }
    )
