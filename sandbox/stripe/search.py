"""The vendor's search language: clauses joined by AND or OR, never both, no parentheses."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass
from typing import Any

from sandbox.stripe import refusals
from sandbox.stripe.collection import Record
from sandbox.stripe.index import SearchIndex, Word, value_of

MOST_CLAUSES = 10
SHORTEST_SUBSTRING = 3
TEXT, NUMBER, TOKEN = ":~", ":<>", ":"  # operators of a field's type, by their first character
FIELDS = {"created": NUMBER, "email": TEXT, "name": TEXT, "phone": TEXT, "metadata": TOKEN}

_CLAUSE = re.compile(
    r"""(?P<minus>-?)(?P<field>[A-Za-z_.]+)
        (?:\[(?P<quote>["'])(?P<key>(?:\\.|(?!(?P=quote)).)*)(?P=quote)\])?
        (?P<operator>>=|<=|[:~<>])
        (?:"(?P<double>(?:\\.|[^"\\])*)"|'(?P<single>(?:\\.|[^'\\])*)'|(?P<bare>[0-9]+|null))
        (?=\s|\Z)""",
    re.VERBOSE | re.DOTALL,
)
_JOIN = re.compile(r"\s+(?:(AND|OR)\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """field operator value; a value of None asks whether the field is absent."""

    field: str
    operator: str
    value: str | None
    negated: bool

    def fits(self, record: Record) -> bool:
        """Whether the record, as the index knows it, satisfies the clause."""
        return self._holds(value_of(record, self.field)) is not self.negated

    def word(self) -> Word | None:
        """The word it can be looked up by, when it can."""
        plain = (
            self.operator == ":" and self.value is not None and not self.negated and self.field != "created"
        )
        return (self.field, str(self.value).casefold()) if plain else None

    def _holds(self, held: Any) -> bool:
        if self.value is None or held is None:
            return held is None and self.value is None
        if self.field == "created":
            return _compare(int(held), self.operator, int(self.value))
        folded, wanted = str(held).casefold(), self.value.casefold()
        return wanted in folded if self.operator == "~" else wanted == folded


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query."""

    clauses: tuple[Clause, ...]
    any_of: bool = False

    def fits(self, record: Record) -> bool:
        """Whether the record is a hit."""
        join = any if self.any_of else all
        return join(clause.fits(record) for clause in self.clauses)

    def hits(self, index: SearchIndex, now: float) -> list[str]:
        """Ids of the records that the index finds now, in no order."""
        found = [clause.word() for clause in self.clauses]
        word = None if self.any_of else next((word for word in found if word), None)
        known = ((identifier, index.visible(identifier, now)) for identifier in index.candidates(word))
        return [identifier for identifier, record in known if record is not None and self.fits(record)]


def parse(text: str) -> Query:
    """Read a query, or refuse it."""
    clauses: list[Clause] = []
    joins: set[str] = set()
    place, text = 0, text.strip()
    while True:
        found = _CLAUSE.match(text, place)
        if found is None:
            raise _unreadable(text[place:])
        clauses.append(_clause(found))
        place = found.end()
        if place == len(text):
            break
        join = _JOIN.match(text, place)
        if join is None:
            raise _unreadable(text[place:])
        joins.add((join[1] or "AND").upper())
        place = join.end()
    if len(joins) > 1:
        raise _wrong("AND and OR cannot be used in the same query.")
    if len(clauses) > MOST_CLAUSES:
        raise _wrong(f"A query can have at most {MOST_CLAUSES} clauses.")
    return Query(tuple(clauses), any_of=joins == {"OR"})


def page_token(query: str, start: int) -> str:
    """An opaque token for the results of this query from `start` on."""
    return base64.urlsafe_b64encode(f"{zlib.crc32(query.encode())}:{start}".encode()).decode()


def page_start(query: str, token: str | None) -> int:
    """Where a token leads; a token of another query is refused."""
    if token is None:
        return 0
    try:
        mark, _, start = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
        if mark == str(zlib.crc32(query.encode())):
            return int(start)
    except ValueError:  # binascii.Error and UnicodeError are kinds of it
        pass
    raise refusals.invalid("Invalid page token.", "page")


def _clause(found: re.Match[str]) -> Clause:
    field, key, operator = found["field"], found["key"], found["operator"]
    if field not in FIELDS or (field == "metadata") is (key is None):
        raise _wrong(f"Field `{found['field']}` is an unsupported search field for resource `customers`.")
    if operator[0] not in FIELDS[field]:
        raise _wrong(f"Operator `{operator}` cannot be used with field `{field}`.")
    quoted = found["double"] if found["double"] is not None else found["single"]
    number = FIELDS[field] is NUMBER
    if quoted is None and found["bare"] != "null" and not number:
        raise _wrong(f"The value of field `{field}` must be quoted.")
    value = None if found["bare"] == "null" else _unescaped(found["bare"] if quoted is None else quoted)
    if number and not (value or "").isdigit():
        raise _wrong(f"The value of field `{field}` must be a number.")
    if operator == "~" and len(value or "") < SHORTEST_SUBSTRING:
        raise _wrong(f"A substring must have at least {SHORTEST_SUBSTRING} characters.")
    name = f"metadata.{_unescaped(key)}" if key is not None else field
    return Clause(name, operator, value, found["minus"] == "-")


def _compare(held: int, operator: str, wanted: int) -> bool:
    return {
        ":": held == wanted,
        "<": held < wanted,
        ">": held > wanted,
        "<=": held <= wanted,
        ">=": held >= wanted,
    }[operator]


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _unreadable(rest: str) -> refusals.Refusal:
    text = 'We were unable to parse your search query. Please try using the format `metadata["key"]:"value"`'
    return _wrong(f"{text} (at: {rest[:40]})")


def _wrong(message: str) -> refusals.Refusal:
    return refusals.invalid(message, "query")
