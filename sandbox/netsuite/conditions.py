"""The q language of collections: `email IS "a@b.example" AND (isInactive IS false OR id ANY_OF [1, 2])`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from .account import Account, Record
from .catalogue import Field
from .refusal import Refusal, bad_parameter

INVALID = "Invalid search query. Provide a valid search query."
TOKEN = re.compile(r'\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<mark>[()\[\],])|(?P<word>[^\s()\[\],"\']+))')
DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")

Fits = Callable[[Record], bool]


def invalid() -> Refusal:
    return bad_parameter(INVALID, "q")


def matcher(account: Account, type_: str, text: str) -> Fits:
    return _Parser(account, type_, tokens(text)).whole()


def tokens(text: str) -> list[str]:
    found, position = [], 0
    text = text.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise invalid()
        found.append(match["quoted"] or match["mark"] or match["word"])
        position = match.end()
    return found


class _Parser:
    """Recursive descent; AND binds tighter than OR."""

    def __init__(self, account: Account, type_: str, words: list[str]) -> None:
        self.fields = account.fields(type_)
        self.words = words
        self.at = 0

    def whole(self) -> Fits:
        fits = self._any()
        if self.at != len(self.words):
            raise invalid()
        return fits

    def _next(self) -> str:
        if self.at >= len(self.words):
            raise invalid()
        self.at += 1
        return self.words[self.at - 1]

    def _took(self, word: str) -> bool:
        if self.at < len(self.words) and self.words[self.at].upper() == word:
            self.at += 1
            return True
        return False

    def _any(self) -> Fits:
        parts = [self._all()]
        while self._took("OR"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else lambda record: any(part(record) for part in parts)

    def _all(self) -> Fits:
        parts = [self._one()]
        while self._took("AND"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else lambda record: all(part(record) for part in parts)

    def _one(self) -> Fits:
        if self._took("("):
            fits = self._any()
            if not self._took(")"):
                raise invalid()
            return fits
        return self._condition()

    def _condition(self) -> Fits:
        field = self.fields.get(self._next())
        if field is None or field.kind in ("address_book", "currency_list"):
            raise invalid()
        operator = self._next().upper()
        negated = operator.endswith("_NOT") or operator == "IS_NOT"
        operator = "IS" if operator == "IS_NOT" else operator.removesuffix("_NOT")
        family = FAMILIES.get(field.kind, "string")
        if operator == "EMPTY":
            return lambda record: (_stored(field, record) in (None, "")) != negated
        if operator not in OPERATORS[family]:
            raise invalid()
        return self._compared(field, family, operator, negated)

    def _compared(self, field: Field, family: str, operator: str, negated: bool) -> Fits:
        wanted = [READ[family](word) for word in self._values(operator)]
        test = OPERATORS[family][operator]

        def fits(record: Record) -> bool:
            value = _stored(field, record)
            if value in (None, ""):
                return negated
            return bool(test(COMPARABLE[family](value), wanted)) != negated

        return fits

    def _values(self, operator: str) -> list[str]:
        if operator not in ("ANY_OF", "BETWEEN", "WITHIN"):
            return [self._value()]
        if not self._took("["):
            raise invalid()
        found = [self._value()]
        while self._took(","):
            found.append(self._value())
        if not self._took("]"):
            raise invalid()
        return found

    def _value(self) -> str:
        word = self._next()
        if word in "()[],":
            raise invalid()
        return word[1:-1].replace('\\"', '"') if word.startswith('"') else word


def _stored(field: Field, record: Record) -> Any:
    return record.id if field.name == "id" else record.values.get(field.name)


def _number(word: Any) -> float:
    try:
        return float(word)
    except ValueError:
        raise invalid() from None


def _boolean(word: str) -> bool:
    if word.lower() not in ("true", "false"):
        raise invalid()
    return word.lower() == "true"


def _day(word: str) -> str:
    match = DAY.fullmatch(word)
    if match is None:
        raise invalid()
    return f"{int(match[3]):04}-{int(match[1]):02}-{int(match[2]):02}"


def _stored_day(value: str) -> str:
    return datetime.fromisoformat(value).strftime("%Y-%m-%d")


FAMILIES = {
    "boolean": "bool", "number": "number", "integer": "number", "ref": "number", "enum": "string",
    "date": "date", "datetime": "date",
}  # fmt: skip
READ: dict[str, Callable[[str], Any]] = {
    "bool": _boolean,
    "number": _number,
    "date": _day,
    "string": lambda word: word.lower(),
}
COMPARABLE: dict[str, Callable[[Any], Any]] = {
    "bool": bool,
    "number": _number,
    "date": _stored_day,
    "string": lambda value: str(value).lower(),
}
Test = Callable[[Any, list[Any]], bool]
_ORDERED: dict[str, Test] = {
    "EQUAL": lambda value, wanted: value == wanted[0],
    "GREATER": lambda value, wanted: value > wanted[0],
    "LESS": lambda value, wanted: value < wanted[0],
    "GREATER_OR_EQUAL": lambda value, wanted: value >= wanted[0],
    "LESS_OR_EQUAL": lambda value, wanted: value <= wanted[0],
    "BETWEEN": lambda value, wanted: wanted[0] <= value <= wanted[-1],
    "WITHIN": lambda value, wanted: wanted[0] <= value <= wanted[-1],
    "ANY_OF": lambda value, wanted: value in wanted,
}
OPERATORS: dict[str, dict[str, Test]] = {
    "bool": {"IS": lambda value, wanted: value is wanted[0]},
    "number": _ORDERED,
    "string": {
        "IS": lambda value, wanted: value == wanted[0],
        "ANY_OF": lambda value, wanted: value in wanted,
        "CONTAIN": lambda value, wanted: wanted[0] in value,
        "START_WITH": lambda value, wanted: value.startswith(wanted[0]),
        "END_WITH": lambda value, wanted: value.endswith(wanted[0]),
        "ENDWITH": lambda value, wanted: value.endswith(wanted[0]),
    },
    "date": {
        "ON": lambda value, wanted: value == wanted[0],
        "BEFORE": lambda value, wanted: value < wanted[0],
        "AFTER": lambda value, wanted: value > wanted[0],
        "ON_OR_AFTER": lambda value, wanted: value >= wanted[0],
        "ON_OR_BEFORE": lambda value, wanted: value <= wanted[0],
    },
}
