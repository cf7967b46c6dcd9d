"""Equality by catalogue type: two values are the same when their keys are. All blanks are one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from engine.functions import consents, numerals, phones, times
from engine.functions.canonical import encode
from engine.functions.compare import COMPARATORS, email_key
from engine.functions.failed import FunctionFailed
from engine.functions.readers import element, id_of
from engine.functions.texts import fold, same, text_of
from engine.model.values import ABSENT, UNKNOWN, Pending, is_blank
from engine.spec.system import FieldSpec

KeyOf = Callable[[Any], Hashable]

ANY_ORDER = "any_order"
"""`compare: any_order` on a list: the same elements, in whatever order."""


def key_of(spec: FieldSpec) -> KeyOf:
    """A function that gives equal keys to values that are the same for this field; None for every blank."""
    named = COMPARATORS.get(spec.compare)
    inner = named.key if named and spec.type not in ("list", "object", "map") else KEYS[spec.type](spec)

    def key(value: Any) -> Hashable:
        if is_blank(value):
            return None
        return value if isinstance(value, Pending) else _or_raw(inner, value)

    return key


def comparator(spec: FieldSpec) -> Callable[[Any, Any], bool]:
    """A function that tells whether two values are the same for this field."""
    key = key_of(spec)
    return lambda one, other: one is other or one == other or key(one) == key(other)


def _or_raw(key: KeyOf, value: Any) -> Hashable:
    """What the type cannot read is compared as it stands, so that comparing never fails."""
    try:
        return key(value)
    except FunctionFailed:
        return raw_key(value)


def raw_key(value: Any) -> Hashable:
    """A tree by its canonical form, blank members apart."""
    return encode(_pruned(value))


def _pruned(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {name: kept for name, one in tree.items() if not is_blank(kept := _pruned(one))}
    if isinstance(tree, list):
        return [None if is_blank(kept := _pruned(one)) else kept for one in tree]
    if isinstance(tree, Pending):
        return {"pending": [tree.operation, tree.field]}
    return None if tree is ABSENT or tree is UNKNOWN else tree


def _by(normalise: Callable[[str], str]) -> Callable[[FieldSpec], KeyOf]:
    return lambda _: lambda value: normalise(text_of(value)) or None


def _boolean(_: FieldSpec) -> KeyOf:
    return lambda value: text_of(value).casefold()


def _number(_: FieldSpec) -> KeyOf:
    return numerals.number_of


def _datetime(_: FieldSpec) -> KeyOf:
    return lambda value: times.instant(value)[:19]


def _date(_: FieldSpec) -> KeyOf:
    return times.day


def _reference(_: FieldSpec) -> KeyOf:
    return id_of


def _consent(spec: FieldSpec) -> KeyOf:
    """The status alone: its evidence belongs to it, and the same status with other evidence is no change. Statuses
    that the system has one word for are one."""
    word = consents.to_native(spec.codes)

    def key(value: Any) -> Hashable:
        status = consents.status_of(value)
        return str(word({"status": status})) if status and spec.codes else status

    return key


def _url(text: str) -> str:
    scheme, mark, rest = text.strip().partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}{mark}{host.lower()}{slash}{path}".rstrip("/")


def _language(text: str) -> str:
    return fold(text.strip()).replace("-", "_")


def _object(spec: FieldSpec) -> KeyOf:
    """By what the system lets us write; where that is nothing, by all of it."""
    writable = {name: one for name, one in spec.fields.items() if one.writable} or spec.fields
    members = tuple((name, key_of(one)) for name, one in writable.items())
    if not members:
        return _map(spec)

    def key(value: Any) -> Hashable:
        if not isinstance(value, dict):
            return raw_key(value)
        found = tuple(member(value.get(name)) for name, member in members)
        return found if any(one is not None for one in found) else None

    return key


def _list(spec: FieldSpec) -> KeyOf:
    key_one = key_of(element(spec))
    ordered = not (spec.key or spec.joined_by or spec.type == "multi_choice" or spec.compare == ANY_ORDER)

    def key(value: Any) -> Hashable:
        if not isinstance(value, list):
            return raw_key(value)
        keys = [key_one(one) for one in value]
        while keys and keys[-1] is None:
            keys.pop()
        if ordered:
            return tuple(keys) or None
        return frozenset(Counter(one for one in keys if one is not None).items()) or None

    return key


def _map(_: FieldSpec) -> KeyOf:
    def key(value: Any) -> Hashable:
        if not isinstance(value, dict):
            return raw_key(value)
        found = {name: _map_value(one) for name, one in value.items()}
        return frozenset((name, one) for name, one in found.items() if one is not None) or None

    return key


def _map_value(value: Any) -> Hashable:
    if is_blank(value):
        return None
    return raw_key(value) if isinstance(value, (dict, list, Pending)) else same(text_of(value))


KEYS: Mapping[str, Callable[[FieldSpec], KeyOf]] = {
    "text": _by(same),
    "email": _by(email_key),
    "phone": _by(lambda text: phones.key(text) or fold(text.strip())),
    "url": _by(_url),
    "boolean": _boolean,
    "integer": _number,
    "decimal": _number,
    "money": _number,
    "date": _date,
    "datetime": _datetime,
    "choice": _by(str.strip),
    "multi_choice": _list,
    "country": _by(lambda text: text.strip().upper()),
    "currency": _by(lambda text: text.strip().upper()),
    "language": _by(_language),
    "reference": _reference,
    "object": _object,
    "list": _list,
    "map": _map,
    "consent": _consent,
    "secret": _by(str),
}
