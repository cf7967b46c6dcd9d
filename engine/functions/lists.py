"""Functions on lists."""

from __future__ import annotations

from typing import Any

from engine.functions.canonical import encode
from engine.functions.failed import expected
from engine.functions.texts import text_of
from engine.model.values import is_blank


def split(value: Any, sep: str) -> Any:
    """The parts between separators, trimmed, blank ones dropped; None when nothing is left."""
    if not sep:
        return [value]
    return [part for one in text_of(value).split(sep) if (part := one.strip())] or None


def join(value: Any, sep: str) -> Any:
    """The elements that are not blank, as one text; None when there is none."""
    return sep.join(text_of(one) for one in compact(value) or ()) or None


def unique(value: Any) -> Any:
    """Every element once, in the order of first sight."""
    first_seen: dict[bytes, Any] = {}
    for one in _elements(value):
        first_seen.setdefault(encode(one), one)
    return list(first_seen.values())


def compact(value: Any) -> Any:
    """The elements that are not blank; None when there is none."""
    return [one for one in _elements(value) if not is_blank(one)] or None


def first(value: Any) -> Any:
    """The first element that is not blank."""
    return next((one for one in _elements(value) if not is_blank(one)), None)


def last(value: Any) -> Any:
    """The last element that is not blank."""
    return first(_elements(value)[::-1])


def _elements(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise expected("a list", value)
    return value
