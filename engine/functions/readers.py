"""Native values to normalised ones, by catalogue type. Built once per field, run once per record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.functions import consents, times
from engine.functions.failed import FunctionFailed, expected
from engine.functions.numerals import integer_of, number_of
from engine.functions.paths import getter
from engine.functions.texts import clean, text_of
from engine.model.values import ABSENT, is_blank
from engine.spec.system import FieldSpec

Read = Callable[[Any], Any]

_WORDS = {
    "true": True, "t": True, "yes": True, "y": True, "1": True,
    "false": False, "f": False, "no": False, "n": False, "0": False,
}  # fmt: skip


def reader(spec: FieldSpec) -> Read:
    """A function that reads a native value: the normalised value, None, or ABSENT for an empty object."""
    read = READERS[spec.type](spec)
    return _with_null(read, spec.null_is) if spec.null_is else read


def element(spec: FieldSpec) -> FieldSpec:
    """The spec of one element of a list."""
    kind = "object" if spec.fields else spec.of or "text"
    return replace(spec, type=kind, of="", at=(), null_is="", joined_by="", compare="", key=())


def read_text(raw: Any) -> Any:
    """Text as it is, without what cannot be stored; numbers in digits."""
    if type(raw) is str:
        return raw if raw.isascii() and "\0" not in raw else clean(raw)
    return None if raw is None else text_of(raw)


def _with_null(read: Read, null_is: str) -> Read:
    def read_or_null(raw: Any) -> Any:
        if isinstance(raw, (dict, list)) or raw is None:
            return read(raw)
        return None if text_of(raw) == null_is else read(raw)

    return read_or_null


def _unless_blank(read: Read) -> Read:
    """Blank text says nothing where a number, a time or a reference is due."""

    def read_or_none(raw: Any) -> Any:
        if raw is None or (type(raw) is str and (not raw or raw.isspace())):
            return None
        return read(raw)

    return read_or_none


def _text(_: FieldSpec) -> Read:
    return read_text


def _boolean(spec: FieldSpec) -> Read:
    table = {theirs: ours == "true" for ours, theirs in spec.codes.items()} or _WORDS

    def read(raw: Any) -> Any:
        if raw is True or raw is False:
            return raw
        text = text_of(raw).strip()
        found = table.get(text, table.get(text.casefold()))
        if found is None:
            raise FunctionFailed("expected true or false, found something else")
        return found

    return _unless_blank(read)


def _integer(_: FieldSpec) -> Read:
    return _unless_blank(lambda raw: raw if type(raw) is int else integer_of(raw))


def _number(_: FieldSpec) -> Read:
    return _unless_blank(lambda raw: raw if type(raw) is int else number_of(raw))


def _datetime(spec: FieldSpec) -> Read:
    return _unless_blank(times.from_native(spec.format))


def _date(spec: FieldSpec) -> Read:
    plain = not spec.format or spec.format.startswith("%Y-%m-%d")
    return _unless_blank(times.day if plain else times.day_from_native(spec.format))


def id_of(raw: Any) -> Any:
    """The id of a reference: `{"id": "1", ...}`, `"1"` or `1`; None when it points nowhere."""
    if isinstance(raw, dict):
        raw = raw.get("id") if "id" in raw or not raw else raw
    if raw is None or isinstance(raw, str):
        return read_text(raw) or None
    if isinstance(raw, (bool, dict, list)):
        raise expected("an id", raw)
    return text_of(raw)


def _reference(_: FieldSpec) -> Read:
    return _unless_blank(id_of)


def _choice(spec: FieldSpec) -> Read:
    ours = {theirs: mine for mine, theirs in spec.codes.items()}

    def read(raw: Any) -> Any:
        text = read_text(raw["id"] if isinstance(raw, dict) and "id" in raw else raw)
        return ours.get(text, text) if ours else text

    return read


def _multi_choice(spec: FieldSpec) -> Read:
    return _list(replace(spec, of="choice", fields={}))


def _list(spec: FieldSpec) -> Read:
    read_one = reader(element(spec))
    # A null line is no line; a null among texts holds its place.
    keeps_null = not spec.fields

    def read(raw: Any) -> Any:
        if raw is None:
            return None
        if spec.joined_by and isinstance(raw, str):
            raw = [part for one in raw.split(spec.joined_by) if (part := one.strip())]
        if not isinstance(raw, list):
            raise expected("a list", raw)
        values = [_one(read_one, one, place) for place, one in enumerate(raw)]
        return [value for value in values if value is not ABSENT and (value is not None or keeps_null)]

    return read


def _one(read: Read, raw: Any, place: int) -> Any:
    try:
        return read(raw)
    except FunctionFailed as failure:
        raise failure.inside(f"[{place}]") from failure


def _object(spec: FieldSpec) -> Read:
    members = tuple((name, getter(one.path), reader(one)) for name, one in spec.fields.items())

    def read(raw: Any) -> Any:
        if raw is None:
            return None
        if not isinstance(raw, dict):
            raise expected("an object", raw)
        value = _members(members, raw) if members else read_tree(raw)
        return value if any(not is_blank(one) for one in value.values()) else ABSENT

    return read


def _members(members: tuple[tuple[str, Read, Read], ...], raw: dict[str, Any]) -> dict[str, Any]:
    value = {}
    name = ""
    try:
        for name, take, read in members:
            member = take(raw)
            if member is not ABSENT and (member := read(member)) is not ABSENT:
                value[name] = member
    except FunctionFailed as failure:
        raise failure.inside(name) from failure
    return value


def _map(_: FieldSpec) -> Read:
    def read(raw: Any) -> Any:
        if raw is None:
            return None
        if not isinstance(raw, dict):
            # Some languages write an empty map as an empty list.
            if raw == []:
                return {}
            raise expected("a map", raw)
        return {clean(name): _map_value(value) for name, value in raw.items()}

    return read


def _map_value(raw: Any) -> Any:
    return read_tree(raw) if isinstance(raw, (dict, list)) else read_text(raw)


def read_tree(raw: Any) -> Any:
    """A tree without declared members: its texts cleaned, its numbers checked, the rest as it is."""
    if isinstance(raw, dict):
        return {clean(name): read_tree(value) for name, value in raw.items()}
    if isinstance(raw, list):
        return [read_tree(value) for value in raw]
    if isinstance(raw, str):
        return clean(raw)
    return raw if raw is None or isinstance(raw, bool) else number_of(raw)


def _consent(spec: FieldSpec) -> Read:
    return consents.from_native(spec.codes)


def _code(_: FieldSpec) -> Read:
    """Country, currency, language: a code, or an object that holds it as its id."""
    return lambda raw: read_text(raw["id"]) if isinstance(raw, dict) and "id" in raw else read_text(raw)


READERS: Mapping[str, Callable[[FieldSpec], Read]] = {
    "text": _text,
    "email": _text,
    "phone": _text,
    "url": _text,
    "boolean": _boolean,
    "integer": _integer,
    "decimal": _number,
    "money": _number,
    "date": _date,
    "datetime": _datetime,
    "choice": _choice,
    "multi_choice": _multi_choice,
    "country": _code,
    "currency": _code,
    "language": _code,
    "reference": _reference,
    "object": _object,
    "list": _list,
    "map": _map,
    "consent": _consent,
    "secret": _text,
}
