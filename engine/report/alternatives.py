"""Which sources of a mapping row gave what: the one that won, those that lost, the default, the override."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from engine.expressions import ExpressionFailed, interpret_expr, interpret_path, interpret_template
from engine.model.finding import NOWHERE, Place
from engine.model.values import ABSENT, is_blank
from engine.spec.mapping import Case, Choose, Collect, FirstOf, Literally, Row, Source, Text

NAMES = frozenset({"source", "mapped", "held", "settings", "link", "now", "item"})


class Alternative(NamedTuple):
    """One source of a row: how it reads, what it gives, where it stands, and whether its value was taken."""

    words: str
    value: Any
    place: Place
    taken: bool = False


def alternatives(row: Row, scope: Mapping[str, Any]) -> list[Alternative]:
    """The row's sources in the order in which they are tried. Lists and objects are left to their own rows."""
    found = list(_tried(row, scope))
    winner = next((number for number, one in enumerate(found) if not is_blank(one.value)), -1)
    return [one._replace(taken=number == winner) for number, one in enumerate(found)]


def _tried(row: Row, scope: Mapping[str, Any]) -> Iterator[Alternative]:
    if row.override is not None and row.override.wins is not None:
        yield _text(row.override.wins, scope, "override ")
    yield from _source(row.source, scope, row.place)
    if row.default is not None:
        for one in _source(row.default, scope, row.place):
            yield one._replace(words=f"else {one.words}")
    if row.override is not None and row.override.fills_in is not None:
        yield _text(row.override.fills_in, scope, "fills in ")


def _source(source: Source, scope: Mapping[str, Any], place: Place) -> Iterator[Alternative]:
    if isinstance(source, Text):
        yield _text(source, scope)
    elif isinstance(source, Literally):
        yield Alternative("value", source.value, place)
    elif isinstance(source, FirstOf):
        for one in source.sources:
            yield from _source(one, scope, place)
    elif isinstance(source, (Choose, Collect)):
        for case in source.cases:
            yield from _case(case, scope, place)


def _case(case: Case, scope: Mapping[str, Any], place: Place) -> Iterator[Alternative]:
    holds = evaluated(case.when, scope) is not ABSENT and bool(evaluated(case.when, scope))
    for one in _source(case.value, scope, place):
        words = f"when {case.when.text}: {one.words}"
        yield Alternative(words, one.value if holds else ABSENT, case.when.place or place)


def _text(text: Text, scope: Mapping[str, Any], before: str = "") -> Alternative:
    return Alternative(f"{before}{text.text}", evaluated(text, scope), text.place if text.place != NOWHERE else NOWHERE)


def evaluated(text: Text, scope: Mapping[str, Any]) -> Any:
    """The value of a path or an expression, by the reference interpreter; absent where it fails."""
    try:
        if text.kind == "path":
            return interpret_path(text.text)(scope["source"])
        return _INTERPRETERS[text.kind](text.text, NAMES)(scope)
    except ExpressionFailed:
        return ABSENT


_INTERPRETERS = {"expr": interpret_expr, "template": interpret_template}
