"""Normalised values to native ones, by catalogue type: the inverse of the readers.

`format` says how a code or an id is sent: `id_object` as `{"id": "1"}`, `number` as 1, `boolean` as true or
false, else as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.functions import consents, times
from engine.functions.failed import FunctionFailed, expected
from engine.functions.numerals import integer_of
from engine.functions.paths import put
from engine.functions.readers import element
from engine.model.values import ABSENT
from engine.spec.system import FieldSpec

Write = Callable[[Any], Any]


def writer(spec: FieldSpec) -> Write:
    """A function that writes a value of this field natively; ABSENT for what cannot or must not be sent."""
    write = WRITERS[spec.type](spec)
    blank = spec.null_is or {"null": None, "empty_text": "", "never": ABSENT}[spec.clear]

    def write_or_clear(value: Any) -> Any:
        return blank if value is None else ABSENT if value is ABSENT else write(value)

    return write_or_clear


def _as_it_is(_: FieldSpec) -> Write:
    return lambda value: value


def _code(spec: FieldSpec) -> Write:
    return CODE_FORMS.get(spec.format, _same)


def _same(code: Any) -> Any:
    return code


def _id_object(code: Any) -> Any:
    return {"id": code}


def _number(code: Any) -> Any:
    return integer_of(code) if isinstance(code, str) else code


def _truth(code: Any) -> Any:
    return code == "true" if isinstance(code, str) else code


def _choice(spec: FieldSpec) -> Write:
    form = _code(spec)
    return lambda value: form(spec.codes.get(value, value))


def _boolean(spec: FieldSpec) -> Write:
    if not spec.codes:
        return lambda value: value
    form = _code(spec)
    codes = {True: spec.codes["true"], False: spec.codes["false"]}
    return lambda value: form(codes[value])


def _consent(spec: FieldSpec) -> Write:
    form, write = _code(spec), consents.to_native(spec.codes)

    def write_consent(value: Any) -> Any:
        code = write(value)
        return ABSENT if code is ABSENT else form(code)

    return write_consent


def _datetime(spec: FieldSpec) -> Write:
    return times.to_native(spec.format)


def _date(spec: FieldSpec) -> Write:
    return times.day_to_native(spec.format) if spec.format else times.day


def _multi_choice(spec: FieldSpec) -> Write:
    return _list(replace(spec, of="choice", fields={}))


def _list(spec: FieldSpec) -> Write:
    write_one = writer(element(spec))

    def write(value: Any) -> Any:
        if not isinstance(value, list):
            raise expected("a list", value)
        sent = [one for one in map(write_one, value) if one is not ABSENT]
        return spec.joined_by.join(map(str, sent)) if spec.joined_by else sent

    return write


def _object(spec: FieldSpec) -> Write:
    members = {name: (one.path, writer(one)) for name, one in spec.fields.items()}
    # An object goes as a whole: what is not in it any more must be said to be empty, where the system needs that said.
    empty = {name: None for name, one in spec.fields.items() if one.clear == "empty_text" and one.writable}

    def write(value: Any) -> Any:
        if not isinstance(value, dict):
            raise expected("an object", value)
        return _members(members, {**empty, **value}) if members else value

    return write


def _members(members: Mapping[str, tuple[tuple[str, ...], Write]], value: dict[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, member in value.items():
        if name not in members:
            raise FunctionFailed("a member that the catalogue does not declare", name)
        path, write = members[name]
        native = write(member)
        if native is not ABSENT:
            put(tree, path, native)
    return tree


def _map(spec: FieldSpec) -> Write:
    blank = "" if spec.clear == "empty_text" else None
    return lambda value: {name: blank if one is None else one for name, one in value.items()}


CODE_FORMS: Mapping[str, Write] = {"id_object": _id_object, "number": _number, "boolean": _truth}

WRITERS: Mapping[str, Callable[[FieldSpec], Write]] = {
    "text": _code,
    "email": _as_it_is,
    "phone": _as_it_is,
    "url": _as_it_is,
    "boolean": _boolean,
    "integer": _as_it_is,
    "decimal": _as_it_is,
    "money": _as_it_is,
    "date": _date,
    "datetime": _datetime,
    "choice": _choice,
    "multi_choice": _multi_choice,
    "country": _code,
    "currency": _code,
    "language": _code,
    "reference": _code,
    "object": _object,
    "list": _list,
    "map": _map,
    "consent": _consent,
    "secret": _as_it_is,
}
