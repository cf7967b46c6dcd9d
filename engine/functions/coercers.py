"""Mapped values to the target field's type, while mapping. Blank and pending values pass as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.functions import codes, consents, times
from engine.functions.failed import FunctionFailed, expected
from engine.functions.numerals import integer_of, number_of
from engine.functions.readers import READERS, element, id_of, read_tree
from engine.functions.texts import text_of
from engine.model.values import ABSENT, UNKNOWN, Pending
from engine.spec.system import FieldSpec

Coerce = Callable[[Any], Any]


def coercer(spec: FieldSpec) -> Coerce | None:
    """A function that makes a mapped value fit this field or raises FunctionFailed; None: any value fits."""
    if spec.type not in COERCERS:
        return None
    coerce = COERCERS[spec.type](spec)

    def passing(value: Any) -> Any:
        if value is None or value is ABSENT or value is UNKNOWN or isinstance(value, Pending):
            return value
        return coerce(value)

    return passing


def _text(_: FieldSpec) -> Coerce:
    return lambda value: value if type(value) is str else text_of(value)


def _trimmed(_: FieldSpec) -> Coerce:
    return lambda value: text_of(value).strip()


def _boolean(spec: FieldSpec) -> Coerce:
    read = READERS["boolean"](replace(spec, codes={}))
    return lambda value: value if isinstance(value, bool) else read(value)


def _number(_: FieldSpec) -> Coerce:
    return lambda value: value if type(value) is int else _from_text(number_of, value)


def _integer(_: FieldSpec) -> Coerce:
    return lambda value: value if type(value) is int else _from_text(integer_of, value)


def _datetime(_: FieldSpec) -> Coerce:
    return lambda value: _from_text(times.instant, value)


def _date(_: FieldSpec) -> Coerce:
    return lambda value: _from_text(times.day, value)


def _from_text(read: Coerce, value: Any) -> Any:
    """Blank text is no number and no time, but no failure either."""
    return None if isinstance(value, str) and not value.strip() else read(value)


def _reference(_: FieldSpec) -> Coerce:
    return id_of


def _choice(spec: FieldSpec) -> Coerce:
    values = frozenset(spec.values)
    folded = {value.casefold(): value for value in spec.values}

    def coerce(value: Any) -> Any:
        text = text_of(value)
        if not values or text in values or not text:
            return text
        if text.casefold() in folded:
            return folded[text.casefold()]
        raise FunctionFailed("not one of the values that the field knows")

    return coerce


def _multi_choice(spec: FieldSpec) -> Coerce:
    return _list(replace(spec, of="choice", fields={}))


def _country(_: FieldSpec) -> Coerce:
    def coerce(value: Any) -> Any:
        text = text_of(value).strip().upper()
        if text and text not in codes.country_codes():
            raise FunctionFailed("not a two-letter country code; apply country_code to names")
        return text

    return coerce


def _currency(_: FieldSpec) -> Coerce:
    def coerce(value: Any) -> Any:
        text = text_of(value).strip()
        if text and not (len(text) == 3 and text.isascii() and text.isalpha()):
            raise FunctionFailed("not a three-letter currency code; apply currency_code to names")
        return text

    return coerce


def _consent(_: FieldSpec) -> Coerce:
    return consents.consent


def _list(spec: FieldSpec) -> Coerce:
    coerce_one = coercer(element(spec))

    def coerce(value: Any) -> Any:
        if not isinstance(value, list):
            raise expected("a list", value)
        return [_member(coerce_one, one, f"[{place}]") for place, one in enumerate(value)]

    return coerce


def _object(spec: FieldSpec) -> Coerce:
    members = {name: coercer(one) for name, one in spec.fields.items()}

    def coerce(value: Any) -> Any:
        if not isinstance(value, dict):
            raise expected("an object", value)
        # Members that the target does not declare stay behind: its catalogue says what it can hold.
        kept = (name for name in value if not members or name in members)
        return {name: _member(members.get(name), value[name], name) for name in kept}

    return coerce


def _member(coerce: Coerce | None, value: Any, where: str) -> Any:
    try:
        return value if coerce is None else coerce(value)
    except FunctionFailed as failure:
        raise failure.inside(where) from failure


def _map(_: FieldSpec) -> Coerce:
    def coerce(value: Any) -> Any:
        if not isinstance(value, dict):
            raise expected("a map", value)
        return {name: one if one is None else _map_value(one) for name, one in value.items()}

    return coerce


def _map_value(value: Any) -> Any:
    if isinstance(value, Pending):
        return value
    return read_tree(value) if isinstance(value, (dict, list)) else text_of(value)


COERCERS: Mapping[str, Callable[[FieldSpec], Coerce]] = {
    "text": _text,
    "email": _trimmed,
    "phone": _trimmed,
    "url": _trimmed,
    "boolean": _boolean,
    "integer": _integer,
    "decimal": _number,
    "money": _number,
    "date": _date,
    "datetime": _datetime,
    "choice": _choice,
    "multi_choice": _multi_choice,
    "country": _country,
    "currency": _currency,
    "language": _trimmed,
    "reference": _reference,
    "object": _object,
    "list": _list,
    "map": _map,
    "consent": _consent,
    "secret": _text,
}
