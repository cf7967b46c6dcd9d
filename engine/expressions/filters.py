"""The filters of the expression language. A blank goes through every filter but `default` as absent,
and a value that a filter cannot take gives absent: neither is ever an error."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Final

from engine.expressions import list_filters as lists
from engine.expressions import text_filters as texts
from engine.expressions.operators import sized
from engine.expressions.predicates import PREDICATES
from engine.model.values import ABSENT, Pending, is_number

_INTEGER: Final = re.compile(r"\s*[+-]?[0-9]{1,31}\s*")
_DECIMAL: Final = re.compile(r"\s*[+-]?([0-9]{1,31}(\.[0-9]{0,200})?|\.[0-9]{1,200})\s*")
_ROUNDING: Final = {"common": ROUND_HALF_UP, "ceil": ROUND_CEILING, "floor": ROUND_FLOOR}


# -- numbers -------------------------------------------------------------------------------------------


def _number(value: Any) -> int | Decimal | None:
    if is_number(value):
        return sized(value) if type(value) is int or value.is_finite() else None
    if type(value) is not str:
        return None
    if _INTEGER.fullmatch(value):
        return int(value)
    return Decimal(value.strip()) if _DECIMAL.fullmatch(value) else None


def _int(value: Any, default: Any) -> Any:
    number = _number(value)
    return default if number is None else int(number)


def _decimal(value: Any, default: Any) -> Any:
    number = _number(value)
    return default if number is None else Decimal(number)


def _abs(value: Any) -> Any:
    return abs(sized(value)) if is_number(value) else ABSENT


def _round(value: Any, precision: Any, method: Any) -> Any:
    if not is_number(value) or type(precision) is not int or not -30 <= precision <= 30 or method not in _ROUNDING:
        return ABSENT
    exact = Decimal(sized(value))
    if exact.as_tuple().exponent >= -precision:  # type: ignore[operator]
        return int(exact) if precision <= 0 else exact
    step = exact.scaleb(precision).to_integral_value(_ROUNDING[method])
    return int(step.scaleb(-precision)) if precision <= 0 else step.scaleb(-precision)


def _map_with(value: Any, name: str, *args: Any) -> Any:
    change = FILTERS[name].call
    return [None if one is ABSENT else one for one in (change(each, *args) for each in lists.elements(value))]


def _chosen(wanted: bool) -> Callable[..., Any]:
    def chosen(value: Any, attribute: str | None, name: str, *args: Any) -> Any:
        holds = PREDICATES[name].call
        return [one for one in lists.elements(value) if holds(lists.walk(one, attribute), *args) is wanted]

    return chosen


def _default(value: Any, default: Any, blank_too: Any) -> Any:
    if value is None or value is ABSENT:
        return default
    return default if blank_too and not value else value


# -- the table -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: its default, and whether only a literal may stand there."""

    name: str
    default: Any = ...
    literal: bool = False


@dataclass(frozen=True, slots=True)
class FilterSpec:
    """A filter: what it calls, and its parameters in order."""

    call: Callable[..., Any]
    params: tuple[Param, ...] = ()
    grows: bool = True
    """It may fail with `ExpressionFailed`."""


def _guarded(call: Callable[..., Any], *params: Param) -> FilterSpec:
    def guarded(value: Any, *args: Any) -> Any:
        if value is None or value is ABSENT or type(value) is Pending:
            return value if type(value) is Pending else ABSENT
        return call(value, *args)

    return FilterSpec(guarded, params)


_ATTRIBUTE: Final = Param("attribute", None, literal=True)
_CASE: Final = Param("case_sensitive", False)

FILTERS: Final[dict[str, FilterSpec]] = {
    "abs": _guarded(_abs),
    "capitalize": _guarded(texts.on_text(str.capitalize)),
    "count": _guarded(lists.length),
    "d": FilterSpec(_default, (Param("default_value", ""), Param("boolean", False))),
    "date": _guarded(texts.date, Param("format", "%Y-%m-%d")),
    "decimal": _guarded(_decimal, Param("default", ABSENT)),
    "default": FilterSpec(_default, (Param("default_value", ""), Param("boolean", False))),
    "first": _guarded(lists.first),
    "int": _guarded(_int, Param("default", ABSENT)),
    "join": _guarded(lists.join, Param("d", ""), _ATTRIBUTE),
    "last": _guarded(lists.last),
    "length": _guarded(lists.length),
    "list": _guarded(lists.as_list),
    "lower": _guarded(texts.on_text(str.lower)),
    "map": _guarded(lists.mapped, Param("attribute", literal=True), Param("default", ABSENT)),
    "max": _guarded(lists.extreme(1), _CASE, _ATTRIBUTE),
    "min": _guarded(lists.extreme(-1), _CASE, _ATTRIBUTE),
    "replace": _guarded(texts.replace, Param("old"), Param("new"), Param("count", None)),
    "round": _guarded(_round, Param("precision", 0), Param("method", "common")),
    "sort": _guarded(lists.ordered, Param("reverse", False), _CASE, _ATTRIBUTE),
    "split": _guarded(texts.split, Param("sep", None)),
    "string": _guarded(texts.on_text(str)),
    "sum": _guarded(lists.total, _ATTRIBUTE, Param("start", 0)),
    "title": _guarded(texts.on_text(texts.title)),
    "trim": _guarded(texts.trim, Param("chars", None)),
    "truncate": _guarded(texts.truncate, Param("length")),
    "unique": _guarded(lists.unique, _CASE, _ATTRIBUTE),
    "upper": _guarded(texts.on_text(str.upper)),
}

CHOOSERS: Final[dict[str, tuple[bool, bool]]] = {
    "select": (True, False),
    "reject": (False, False),
    "selectattr": (True, True),
    "rejectattr": (False, True),
}
"""Filters that take the name of a test: whether they keep what passes, and whether an attribute comes first."""

WITH_NAMES: Final[dict[str, Callable[..., Any]]] = {
    "map_with": _guarded(_map_with).call,
    "chosen": _guarded(_chosen(True)).call,
    "rejected": _guarded(_chosen(False)).call,
}
"""What `map('lower')` and the choosers become: the first arguments are checked names."""
