"""The filters on lists, and how an attribute of an element is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.expressions.operators import add, bounded, member, text
from engine.expressions.text_filters import plain_text
from engine.model.values import ABSENT, is_blank, is_number


def elements(value: Any) -> list[Any]:
    if type(value) is list:
        return value
    return list(value) if isinstance(value, (str, dict)) else []


def walk(value: Any, attribute: str | None) -> Any:
    for key in attribute.split(".") if attribute else ():
        value = member(value, int(key) if key.isdigit() and type(value) is list else key)
    return value


def folded(value: Any, case_sensitive: bool) -> Any:
    return value if case_sensitive or type(value) is not str else value.lower()


def with_keys(values: list[Any], attribute: str | None, case_sensitive: bool) -> list[tuple[Any, int]] | None:
    """(sort key, position) of each element, None when they cannot be ordered together."""
    keys = [folded(walk(one, attribute), case_sensitive) for one in values]
    texts = sum(type(key) is str for key in keys)
    if texts == len(keys) or (texts == 0 and all(is_number(key) for key in keys)):
        return [(key, position) for position, key in enumerate(keys)]
    return None


def join(value: Any, separator: Any, attribute: Any) -> Any:
    if type(value) not in (list, str):
        return ABSENT
    parts = [text(walk(one, attribute)) for one in value]
    return bounded(str(plain_text(separator) or "").join(part for part in parts if part is not ABSENT and part != ""))


def first(value: Any) -> Any:
    return elements(value)[0] if elements(value) else ABSENT


def last(value: Any) -> Any:
    return elements(value)[-1] if elements(value) else ABSENT


def length(value: Any) -> Any:
    return len(value) if isinstance(value, (str, list, dict)) else ABSENT


def as_list(value: Any) -> Any:
    return elements(value) if isinstance(value, (str, list, dict)) else ABSENT


def total(value: Any, attribute: Any, start: Any) -> Any:
    if type(value) is not list:
        return ABSENT
    total = start
    for one in value:
        part = walk(one, attribute)
        total = total if is_blank(part) else add(total, part)
    return total


def extreme(sign: int) -> Callable[[Any, Any, Any], Any]:
    def extreme(value: Any, case_sensitive: Any, attribute: Any) -> Any:
        there = [one for one in elements(value) if not is_blank(walk(one, attribute))]
        ranked = with_keys(there, attribute, bool(case_sensitive))
        if not ranked:
            return ABSENT
        best = ranked[0]
        for one in ranked[1:]:
            if (one[0] < best[0]) if sign < 0 else (one[0] > best[0]):
                best = one
        return there[best[1]]

    return extreme


def ordered(value: Any, reverse: Any, case_sensitive: Any, attribute: Any) -> Any:
    values = elements(value)
    ranked = with_keys(values, attribute, bool(case_sensitive))
    if ranked is None:
        return ABSENT
    return [values[position] for _, position in sorted(ranked, key=lambda one: one[0], reverse=bool(reverse))]


def unique(value: Any, case_sensitive: Any, attribute: Any) -> Any:
    seen: list[Any] = []
    kept = []
    for one in elements(value):
        key = folded(walk(one, attribute), bool(case_sensitive))
        if key not in seen:
            seen.append(key)
            kept.append(one)
    return kept


def mapped(value: Any, attribute: Any, default: Any) -> Any:
    found = [walk(one, attribute) for one in elements(value)]
    return [(None if default is ABSENT else default) if one is ABSENT else one for one in found]
