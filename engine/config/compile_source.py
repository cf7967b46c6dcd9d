"""Sources of values: long forms -> Source trees, their expressions checked, their settings resolved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.config.compile_bench import Bench
from engine.config.compile_members import child
from engine.config.desugar import SOURCES
from engine.config.document import Node
from engine.model.values import ABSENT
from engine.spec.mapping import (
    Case,
    Choose,
    Collect,
    FirstOf,
    Literally,
    Records,
    Row,
    Source,
    Text,
    Unmapped,
)  # fmt: skip

ROW_NAMES = frozenset({"source", "mapped", "held", "link", "settings", "now"})
LINE_NAMES = ROW_NAMES | {"item"}
ACTION_NAMES = frozenset({"source", "target", "link", "settings", "now"})
NOTHING = Literally(ABSENT)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the expressions of a row may name, and where its words lead."""

    bench: Bench
    names: frozenset[str]
    settings: Mapping[str, Any]
    known_settings: frozenset[str]
    objects: Mapping[str, Any]
    functions: Mapping[str, Any]
    tables: Mapping[str, Mapping[str, Any]]


def source_of(node: Node, scope: Scope) -> Source:
    """The source that a row, a fallback or an element of `first_of` names. Blocks are the rows' own affair."""
    kind = next((key for key in SOURCES if key in SOURCE_KINDS and node.get(key) is not None), "")
    if not kind:
        return NOTHING
    return SOURCE_KINDS[kind](child(node, kind), node, scope)


def text_of(node: Node, kind: Any, scope: Scope) -> Text:
    """A checked expression."""
    value = {True: "true", False: "false"}.get(node.value, node.value) if isinstance(node.value, bool) else node.value
    one = Text(kind, str(value), node.place)
    return one if scope.bench.fits(one, scope.names) else Text("expr", "none", node.place)


def when_of(node: Node, scope: Scope, key: str = "when") -> Text | None:
    """The condition in a member."""
    found = node.get(key)
    return None if found is None else text_of(found, "expr", scope)


def setting_of(node: Node, scope: Scope) -> Any:
    """The value of a setting of the flow, or of `system.name`; absent when nobody gave it."""
    name = str(node.value)
    if not scope.bench.holds("setting", name, scope.known_settings, node.place):
        return ABSENT
    found: Any = scope.settings
    for step in name.split("."):
        found = found.get(step, ABSENT) if isinstance(found, Mapping) else ABSENT
    return found


def _from(node: Node, _: Node, scope: Scope) -> Source:
    return text_of(node, "path", scope)


def _template(node: Node, _: Node, scope: Scope) -> Source:
    return text_of(node, "template", scope)


def _expr(node: Node, _: Node, scope: Scope) -> Source:
    return text_of(node, "expr", scope)


def _value(node: Node, _: Node, scope: Scope) -> Source:
    """A literal; in a case it may be a source of its own."""
    if node.is_map and any(node.get(key) for key in ("setting", "template", "expr", "from")):
        return source_of(node, scope)
    return Literally(node.plain())


def _setting(node: Node, _: Node, scope: Scope) -> Source:
    return Literally(setting_of(node, scope))


def _first_of(node: Node, _: Node, scope: Scope) -> Source:
    return FirstOf(tuple(source_of(one, scope) for one in node))


def _cases(node: Node, scope: Scope) -> tuple[Case, ...]:
    return tuple(
        Case(when_of(one, scope) or Text("expr", "true", one.place), source_of(child(one, "value"), scope))
        for one in node
    )


def _choose(node: Node, _: Node, scope: Scope) -> Source:
    return Choose(_cases(node, scope))


def _collect(node: Node, _: Node, scope: Scope) -> Source:
    return Collect(_cases(node, scope))


def _records(node: Node, owner: Node, scope: Scope) -> Source:
    name = str(node.value)
    scope.bench.holds("object", name, scope.objects, node.place)
    return Records(name, when_of(owner, replace(scope, names=scope.names | {"item"}), "where"))


def _unmapped(_: Node, __: Node, ___: Scope) -> Source:
    return Unmapped()


def texts_of(source: Source | None) -> list[Text]:
    """Every expression that a source holds, without those of rows below it."""
    if isinstance(source, Text):
        return [source]
    if isinstance(source, FirstOf):
        return [one for inner in source.sources for one in texts_of(inner)]
    if isinstance(source, (Choose, Collect)):
        return [one for case in source.cases for one in (case.when, *texts_of(case.value))]
    return [source.where] if isinstance(source, Records) and source.where else []


def row_texts(row: Row) -> list[Text]:
    """Every expression of a row itself, without those of rows below it."""
    own = [one for one in (row.when,) if one]
    if row.override:
        own += [one for one in (row.override.wins, row.override.fills_in) if one]
    return [*own, *texts_of(row.source), *texts_of(row.default)]


SOURCE_KINDS: Mapping[str, Callable[[Node, Node, Scope], Source]] = {
    "from": _from,
    "first_of": _first_of,
    "value": _value,
    "setting": _setting,
    "template": _template,
    "expr": _expr,
    "choose": _choose,
    "collect": _collect,
    "records": _records,
    "unmapped": _unmapped,
}
