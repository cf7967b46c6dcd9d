"""The filters of the expression language. A blank goes through every filter but `default` as absent,
and a value that a filter cannot take gives absent: neither is ever an error."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Final

from engine.expressions.errors import OUTPUT_LIMIT, ExpressionFailed
from engine.expressions.operators import add, bounded, member, sized, text
from engine.expressions.predicates import PREDICATES
from engine.model.values import ABSENT, Pending, is_blank, is_number

_INTEGER: Final = re.compile(r"\s*[+-]?[0-9]{1,31}\s*")
_DECIMAL: Final = re.compile(r"\s*[+-]?([0-9]{1,31}(\.[0-9]{0,200})?|\.[0-9]{1,200})\s*")
_ROUNDING: Final = {"common": ROUND_HALF_UP, "ceil": ROUND_CEILING, "floor": ROUND_FLOOR}
_DATE_WORDS: Final = re.compile(r"%(?![YmdHMSyj%])")


# -- reading a value as something ----------------------------------------------------------------------


def _plain(value: Any) -> str | None:
    return None if isinstance(value, (list, dict)) else text(value)


def _elements(value: Any) -> list[Any]:
    if type(value) is list:
        return value
    return list(value) if isinstance(value, (str, dict)) else []


def _walk(value: Any, attribute: str | None) -> Any:
    for key in attribute.split(".") if attribute else ():
        value = member(value, int(key) if key.isdigit() and type(value) is list else key)
    return value


def _folded(value: Any, case_sensitive: bool) -> Any:
    return value if case_sensitive or type(value) is not str else value.lower()


def _ranked(values: list[Any], attribute: str | None, case_sensitive: bool) -> list[tuple[Any, int]] | None:
    """(sort key, position) of each element, None when they cannot be ordered together."""
    keys = [_folded(_walk(one, attribute), case_sensitive) for one in values]
    texts = sum(type(key) is str for key in keys)
    if texts == len(keys) or (texts == 0 and all(is_number(key) for key in keys)):
        return [(key, position) for position, key in enumerate(keys)]
    return None


# -- texts ---------------------------------------------------------------------------------------------


def _on_text(change: Callable[[str], str]) -> Callable[[Any], Any]:
    def changed(value: Any) -> Any:
        if type(value) is str:
            return change(value)
        plain = _plain(value)
        return ABSENT if plain is None else change(plain)

    return changed


def _title(value: str) -> str:
    return "".join(word[0].upper() + word[1:].lower() for word in re.split(r"([-\s({\[<]+)", value) if word)


def _trim(value: Any, chars: Any) -> Any:
    plain = _plain(value)
    return ABSENT if plain is None else plain.strip(chars if type(chars) is str else None)


def _replace(value: Any, old: Any, new: Any, count: Any) -> Any:
    parts = [_plain(value), _plain(old), _plain(new)]
    if any(type(part) is not str for part in parts):
        return ABSENT
    plain, found, put = str(parts[0]), str(parts[1]), str(parts[2])
    times = count if type(count) is int else -1
    hits = plain.count(found) if times < 0 else min(times, plain.count(found))
    length = len(plain) + hits * (len(put) - len(found))
    if length > max(OUTPUT_LIMIT, len(plain)):
        raise ExpressionFailed("template-too-long", f"the text is longer than {OUTPUT_LIMIT} characters")
    return plain.replace(found, put, times)


def _truncate(value: Any, length: Any) -> Any:
    plain = _plain(value)
    return ABSENT if plain is None or type(length) is not int or length < 0 else plain[:length]


def _split(value: Any, separator: Any) -> Any:
    plain = _plain(value)
    if plain is None or separator == "":
        return ABSENT
    return plain.split(separator if type(separator) is str else None)


def _join(value: Any, separator: Any, attribute: Any) -> Any:
    if type(value) not in (list, str):
        return ABSENT
    parts = [text(_walk(one, attribute)) for one in value]
    return bounded(str(_plain(separator) or "").join(part for part in parts if part is not ABSENT and part != ""))


def _date(value: Any, pattern: Any) -> Any:
    if type(value) is not str or type(pattern) is not str or _DATE_WORDS.search(pattern) or "\0" in pattern:
        return ABSENT
    try:
        return bounded(datetime.fromisoformat(value).strftime(pattern))
    except ValueError:
        return ABSENT


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


# -- lists ---------------------------------------------------------------------------------------------


def _first(value: Any) -> Any:
    return _elements(value)[0] if _elements(value) else ABSENT


def _last(value: Any) -> Any:
    return _elements(value)[-1] if _elements(value) else ABSENT


def _length(value: Any) -> Any:
    return len(value) if isinstance(value, (str, list, dict)) else ABSENT


def _list(value: Any) -> Any:
    return _elements(value) if isinstance(value, (str, list, dict)) else ABSENT


def _sum(value: Any, attribute: Any, start: Any) -> Any:
    if type(value) is not list:
        return ABSENT
    total = start
    for one in value:
        part = _walk(one, attribute)
        total = total if is_blank(part) else add(total, part)
    return total


def _extreme(sign: int) -> Callable[[Any, Any, Any], Any]:
    def extreme(value: Any, case_sensitive: Any, attribute: Any) -> Any:
        there = [one for one in _elements(value) if not is_blank(_walk(one, attribute))]
        ranked = _ranked(there, attribute, bool(case_sensitive))
        if not ranked:
            return ABSENT
        best = ranked[0]
        for one in ranked[1:]:
            if (one[0] < best[0]) if sign < 0 else (one[0] > best[0]):
                best = one
        return there[best[1]]

    return extreme


def _sort(value: Any, reverse: Any, case_sensitive: Any, attribute: Any) -> Any:
    values = _elements(value)
    ranked = _ranked(values, attribute, bool(case_sensitive))
    if ranked is None:
        return ABSENT
    return [values[position] for _, position in sorted(ranked, key=lambda one: one[0], reverse=bool(reverse))]


def _unique(value: Any, case_sensitive: Any, attribute: Any) -> Any:
    seen: list[Any] = []
    kept = []
    for one in _elements(value):
        key = _folded(_walk(one, attribute), bool(case_sensitive))
        if key not in seen:
            seen.append(key)
            kept.append(one)
    return kept


def _map(value: Any, attribute: Any, default: Any) -> Any:
    found = [_walk(one, attribute) for one in _elements(value)]
    return [(None if default is ABSENT else default) if one is ABSENT else one for one in found]


def _map_with(value: Any, name: str, *args: Any) -> Any:
    change = FILTERS[name].call
    return [None if one is ABSENT else one for one in (change(each, *args) for each in _elements(value))]


def _chosen(wanted: bool) -> Callable[..., Any]:
    def chosen(value: Any, attribute: str | None, name: str, *args: Any) -> Any:
        holds = PREDICATES[name].call
        return [one for one in _elements(value) if holds(_walk(one, attribute), *args) is wanted]

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
    "capitalize": _guarded(_on_text(str.capitalize)),
    "count": _guarded(_length),
    "d": FilterSpec(_default, (Param("default_value", ""), Param("boolean", False))),
    "date": _guarded(_date, Param("format", "%Y-%m-%d")),
    "decimal": _guarded(_decimal, Param("default", ABSENT)),
    "default": FilterSpec(_default, (Param("default_value", ""), Param("boolean", False))),
    "first": _guarded(_first),
    "int": _guarded(_int, Param("default", ABSENT)),
    "join": _guarded(_join, Param("d", ""), _ATTRIBUTE),
    "last": _guarded(_last),
    "length": _guarded(_length),
    "list": _guarded(_list),
    "lower": _guarded(_on_text(str.lower)),
    "map": _guarded(_map, Param("attribute", literal=True), Param("default", ABSENT)),
    "max": _guarded(_extreme(1), _CASE, _ATTRIBUTE),
    "min": _guarded(_extreme(-1), _CASE, _ATTRIBUTE),
    "replace": _guarded(_replace, Param("old"), Param("new"), Param("count", None)),
    "round": _guarded(_round, Param("precision", 0), Param("method", "common")),
    "sort": _guarded(_sort, Param("reverse", False), _CASE, _ATTRIBUTE),
    "split": _guarded(_split, Param("sep", None)),
    "string": _guarded(_on_text(str)),
    "sum": _guarded(_sum, _ATTRIBUTE, Param("start", 0)),
    "title": _guarded(_on_text(_title)),
    "trim": _guarded(_trim, Param("chars", None)),
    "truncate": _guarded(_truncate, Param("length")),
    "unique": _guarded(_unique, _CASE, _ATTRIBUTE),
    "upper": _guarded(_on_text(str.upper)),
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
