"""From a declared request and its names to a call that is ready to go out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from engine.connectors.encoding import ENCODINGS, query_text, scalar_text, segment
from engine.model.errors import Rejected
from engine.model.values import ABSENT
from engine.spec.system import FieldSpec, RequestSpec, SystemSpec


@dataclass(frozen=True, slots=True)
class Call:
    """One assembled request."""

    label: str
    """For logs: holds no values."""
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    content_type: str = ""
    repeatable: bool = False
    """True when doing it twice does no harm."""
    expects: str = "record"
    """record: a tree must come; id, nothing: one may."""


def path_of(request: RequestSpec, scope: Mapping[str, Any], label: str) -> str:
    """The path with every value encoded as one segment."""
    names = {name: value if name in TRUSTED else segment(value) for name, value in scope.items()}
    path = request.path(names)
    if not isinstance(path, str) or not path:
        raise Rejected(f"{label}: a value that the path needs is blank or cannot stand in a path", line="path")
    return path


def query_of(request: RequestSpec, scope: Mapping[str, Any]) -> dict[str, Any]:
    """The query's members; an absent one takes its group along (`a[0][value]` takes `a[0][field]`)."""
    rendered = {name: render(scope) for name, render in request.query.items()}
    gone = {_group(name) for name, value in rendered.items() if value is ABSENT or value is None} - {""}
    return {
        name: value
        for name, value in rendered.items()
        if value is not ABSENT and value is not None and _group(name) not in gone
    }


def body_of(
    request: RequestSpec, system: SystemSpec, scope: Mapping[str, Any], payload: Any
) -> tuple[bytes | None, str]:
    """The body and its content type; no body where nothing is sent."""
    kind = request.encode or system.encode
    if request.text is not None:
        return ENCODINGS["text"](_kept(request.text(scope)) or "")
    tree = _tree(request, scope, payload)
    return (None, "") if tree is None else ENCODINGS[kind](tree)


def headers_of(request: RequestSpec, system: SystemSpec, scope: Mapping[str, Any]) -> dict[str, str]:
    """The system's headers and the request's; an absent one is left out."""
    rendered = {name: render(scope) for name, render in {**system.headers, **request.headers}.items()}
    found = {name: scalar_text(value) for name, value in rendered.items() if value is not ABSENT and value is not None}
    return {"Accept": "application/json"} | found


def with_query(path: str, query: Mapping[str, Any]) -> str:
    """A path and what its query holds besides."""
    text = query_text(query)
    if not text:
        return path
    return f"{path}{'&' if '?' in path else '?'}{text}"


def replaced(fields: Sequence[FieldSpec]) -> dict[str, str]:
    """The query that the fields written whole need; equal names are joined by a comma."""
    query: dict[str, str] = {}
    for one in fields:
        if one.replace.startswith("?"):
            for name, value in parse_qsl(one.replace[1:], keep_blank_values=True):
                query[name] = f"{query[name]},{value}" if name in query else value
    return query


def _tree(request: RequestSpec, scope: Mapping[str, Any], payload: Any) -> Any:
    sent = payload
    if request.wrap and payload is not None:
        sent = {request.wrap: payload}
    if request.body is None:
        return sent
    added = _kept(request.body(scope))
    if isinstance(sent, dict) and isinstance(added, dict):
        return {**sent, **added}
    return sent if added is None else added


def _kept(tree: Any) -> Any:
    """Without absent members; an absent element of a list stays as null, since its place counts."""
    if tree is ABSENT:
        return None
    if isinstance(tree, dict):
        return {name: _kept(value) for name, value in tree.items() if value is not ABSENT}
    if isinstance(tree, list):
        return [_kept(value) for value in tree]
    return tree


def _group(name: str) -> str:
    """What stands before the last bracket of a nested name; "" for a plain one."""
    return name[: name.rindex("[")] if name.endswith("]") else ""


TRUSTED = frozenset({"base_url", "collection", "table", "object"})
"""Names whose values come from the system's YAML, so that their slashes count."""
