"""Requests and pagings: YAML -> RequestSpec, PagingSpec."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.config.compile_bench import Bench
from engine.config.compile_members import child, key_place, members, number, place_of, seconds, text
from engine.config.document import Node
from engine.model.values import ABSENT
from engine.spec.system import Extract, PagingSpec, Render, RequestSpec, Scope

CONNECTOR_NAMES = frozenset(
    {"after", "base_url", "collection", "column", "columns", "delta", "field", "id", "member", "new", "object"}
    | {"operation_id", "part", "record", "settings", "since", "table", "types", "value"}
)
"""Names that the connector knows in every request."""

REPLY_NAMES = frozenset({"status", "headers", "body"})
CONSTANT = frozenset({"base_url", "settings"})
_ONE_OUTPUT = re.compile(r"\{\{((?:(?!\{\{|\}\}|\{%).)*)\}\}\Z", re.DOTALL)
_SPACES = re.compile(r"\s+")


class Constant:
    """A rendering that is always the same."""

    __slots__ = ("value",)
    reads: frozenset[tuple[str, ...]] = frozenset()

    def __init__(self, value: Any) -> None:
        self.value = value

    def __call__(self, _: Scope) -> Any:
        return self.value


class Tree:
    """A body: a tree of renderings that keeps its shape. Members without a value are left out; list places stay."""

    __slots__ = ("shape",)

    def __init__(self, shape: Any) -> None:
        self.shape = shape

    def __call__(self, scope: Scope) -> Any:
        return _rendered(self.shape, scope)

    @property
    def reads(self) -> frozenset[tuple[str, ...]]:
        """All that its leaves read."""
        return frozenset(path for leaf in _leaves(self.shape) for path in leaf.reads)


def _rendered(shape: Any, scope: Scope) -> Any:
    if isinstance(shape, dict):
        values = {key: _rendered(one, scope) for key, one in shape.items()}
        return {key: value for key, value in values.items() if value is not ABSENT}
    if isinstance(shape, list):
        return [None if (value := _rendered(one, scope)) is ABSENT else value for one in shape]
    return shape(scope)


def _leaves(shape: Any) -> list[Any]:
    if isinstance(shape, (dict, list)):
        return [leaf for one in (shape.values() if isinstance(shape, dict) else shape) for leaf in _leaves(one)]
    return [shape]


class Requests:
    """Compiles the requests of one system."""

    def __init__(self, bench: Bench, pagings: Mapping[str, PagingSpec], names: frozenset[str] = frozenset()) -> None:
        self.bench, self.pagings, self.names = bench, pagings, CONNECTOR_NAMES | names

    def optional(self, node: Node, key: str) -> RequestSpec | None:
        """The request in a member, or None."""
        found = node.get(key)
        return None if found is None else self.request(found)

    def request(self, node: Node) -> RequestSpec:
        """One request; `GET /path` may stand alone."""
        if not node.is_map:
            node = Node({"request": node}, node.place)
        written = text(node, "request", "GET /")
        method, _, path = written.partition(" ")
        line = self.bench.lazy("template", Node(path.strip(), place_of(node, "request")), self.names)
        query = {name: self.rendering(one) for name, one in members(node, "query")}
        body = Tree(self._shape(child(node, "body"))) if node.get("body") else None
        return RequestSpec(
            method,
            line,
            query=query,
            headers={name: self.rendering(one) for name, one in members(node, "headers")},
            body=body,
            encode=text(node, "encode"),  # type: ignore[arg-type]  # the schema lists the words
            text=self.template(node, "text"),
            wrap=text(node, "wrap"),
            items=self._path(node, "items"),
            paging=self._paging(node),
            new_id=self.bench.when(node, REPLY_NAMES, "new_id"),
            missing_when=self.bench.when(node, REPLY_NAMES, "missing_when"),
            params=_params([line, *query.values(), *([body] if body else [])]),
            written=written,
            place=key_place(node, "request"),
            **_words(node),
        )

    def rendering(self, node: Node) -> Any:
        """A leaf: a single `{{ }}` keeps its type, other text is a template, the rest is constant."""
        if not isinstance(node.value, str) or "{" not in node.value:
            return Constant(node.value)
        one = _ONE_OUTPUT.match(node.value.strip())
        if one:
            return self.bench.expr(Node(one[1].strip(), node.place), self.names)
        return self.bench.lazy("template", node, self.names)

    def template(self, node: Node, key: str) -> Render | None:
        """The template in a member, or None."""
        found = node.get(key)
        return None if found is None else self.bench.lazy("template", found, self.names)

    def _shape(self, node: Node) -> Any:
        if node.is_map:
            return {key: self._shape(one) for key, one in node.items()}
        return [self._shape(one) for one in node] if node.is_list else self.rendering(node)

    def _path(self, node: Node, key: str) -> Extract | None:
        found = node.get(key)
        return None if found is None else self.bench.path(found)

    def _paging(self, node: Node) -> PagingSpec | None:
        name = text(node, "paging")
        if not name:
            return None
        self.bench.holds("paging", name, self.pagings, place_of(node, "paging"))
        return self.pagings.get(name)


def _words(node: Node) -> dict[str, Any]:
    return {
        "send": text(node, "send", "changed"),
        "rows": text(node, "rows", "full"),
        "natural_key": text(node, "natural_key"),
        "equality": text(node, "equality", "exact"),
        "lag": seconds(node, "lag"),
        "effect": text(node, "effect", "once"),
        "returns": text(node, "returns", "record"),
        "key": text(node, "key"),
    }


def _params(renderings: list[Any]) -> frozenset[str]:
    return frozenset(path[0] for one in renderings for path in one.reads if path) - CONSTANT


def pagings_of(node: Node, bench: Bench) -> dict[str, PagingSpec]:
    """The pagings that a system names."""
    return {name: _paging_of(one, bench) for name, one in members(node, "paging")}


def _paging_of(node: Node, bench: Bench) -> PagingSpec:
    paths = {key: bench.path(found) for key in ("more", "token", "total", "next") if (found := node.get(key))}
    return PagingSpec(
        kind=text(node, "kind", "none"),  # type: ignore[arg-type]  # the schema lists the words
        param=text(node, "param"),
        size_param=text(node, "size_param"),
        size=number(node, "size"),
        first=number(node, "first", 1),
        field=text(node, "field", "id"),
        start=text(node, "start", "0"),
        until=text(node, "until"),  # type: ignore[arg-type]
        place=text(node, "place", "query"),  # type: ignore[arg-type]
        **paths,
    )
