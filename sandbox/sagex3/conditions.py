"""The `where` of a query: comparisons, and, or, not, left(), dates between @ marks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.sagex3.refusals import Refusal

Row = dict[str, Any]
Test = Callable[[Row], Any]
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<date>@\d{4}-\d{2}-\d{2}@)|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_$][\w$]*)|(?P<mark>[(),]))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
}
DEEPEST = 20


def compile_where(text: str, known: Callable[[str], Callable[[Row], Any]]) -> Test:
    """A test of a row. `known` gives the reader of a property, or raises for one that is not there."""
    return _Parser(text, known).whole()


class _Parser:
    def __init__(self, text: str, known: Callable[[str], Callable[[Row], Any]]) -> None:
        self._tokens = list(_tokens(text))
        self._known = known
        self._at = 0
        self._depth = 0

    def whole(self) -> Test:
        found = self._any()
        if self._at < len(self._tokens):
            raise _wrong(f"unexpected '{self._tokens[self._at][1]}'")
        return found

    def _any(self) -> Test:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _wrong("it nests too deeply")
        found = self._every()
        while self._word("or"):
            found = _either(found, self._every())
        self._depth -= 1
        return found

    def _every(self) -> Test:
        found = self._one()
        while self._word("and"):
            found = _both(found, self._one())
        return found

    def _one(self) -> Test:
        if self._word("not"):
            inner = self._one()
            return lambda row: not inner(row)
        if self._mark("("):
            inner = self._any()
            self._must(")")
            return inner
        left = self._value()
        kind, word = self._next()
        if kind == "name" and word == "like":
            return _like(left, self._value())
        if kind != "name" or word not in _COMPARE:
            raise _wrong(f"'{word}' is no comparison")
        return _compared(_COMPARE[word], left, self._value())

    def _value(self) -> Callable[[Row], Any]:
        kind, word = self._next()
        if kind == "text":
            found: Any = word[1:-1].replace("''", "'")
        elif kind == "date":
            found = word[1:-1]
        elif kind == "number":
            found = float(word)
        elif kind == "name":
            return self._left() if word == "left" and self._mark("(") else self._known(word)
        else:
            raise _wrong(f"unexpected '{word}'")
        return lambda row: found

    def _left(self) -> Callable[[Row], Any]:
        inner = self._value()
        self._must(",")
        kind, word = self._next()
        if kind != "number":
            raise _wrong("left() takes a number")
        self._must(")")
        return lambda row: str(inner(row) or "")[: int(float(word))]

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise _wrong("it ends too soon")
        self._at += 1
        return self._tokens[self._at - 1]

    def _word(self, word: str) -> bool:
        return self._skip(("name", word))

    def _mark(self, mark: str) -> bool:
        return self._skip(("mark", mark))

    def _skip(self, token: tuple[str, str]) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at] == token
        self._at += found
        return found

    def _must(self, mark: str) -> None:
        if not self._mark(mark):
            raise _wrong(f"'{mark}' is missing")


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _wrong(f"at character {at}")
        kind = match.lastgroup or ""
        found.append((kind, match[kind]))
        at = match.end()
    return found


def _both(one: Test, two: Test) -> Test:
    return lambda row: one(row) and two(row)


def _either(one: Test, two: Test) -> Test:
    return lambda row: one(row) or two(row)


def _compared(same: Callable[[Any, Any], bool], left: Callable[[Row], Any], right: Callable[[Row], Any]) -> Test:
    def test(row: Row) -> bool:
        a, b = left(row), right(row)
        if isinstance(a, int | float) and isinstance(b, int | float):
            return same(a, b)
        if isinstance(a, str) and isinstance(b, str):
            return same(a.strip(), b.strip())
        raise Refusal(500, "type mismatch in the condition")

    return test


def _like(left: Callable[[Row], Any], right: Callable[[Row], Any]) -> Test:
    def test(row: Row) -> bool:
        pattern = "".join(".*" if mark == "%" else re.escape(mark) for mark in str(right(row)))
        return re.fullmatch(pattern, str(left(row) or "")) is not None

    return test


def _wrong(why: str) -> Refusal:
    return Refusal(400, f"the condition cannot be read: {why}")
