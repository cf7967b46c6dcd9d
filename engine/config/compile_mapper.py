"""Compiled rows that come into being on first use: the code generator is only loaded by flows that run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.config.compile_bench import Lazy
from engine.config.compile_source import row_texts
from engine.functions.apply import FUNCTIONS, Function
from engine.functions.types import coercer, comparator
from engine.model.values import ABSENT
from engine.spec.mapping import Case, Choose, Collect, FirstOf, Row, Source, Text
from engine.spec.system import FieldSpec


class Library:
    """The functions and coercions that rows call by name."""

    def function(self, name: str) -> Function:
        """The function of this name."""
        return FUNCTIONS[name]

    def coercer(self, field: FieldSpec) -> Callable[[Any], Any] | None:
        """What brings a value into the field's type, or None."""
        return coercer(field)


LIBRARY = Library()


class LazyMapper:
    """(source view, held fields, context) -> Mapped, generated when it is first called."""

    __slots__ = ("_call", "file", "rows", "settings")

    def __init__(self, rows: tuple[Row, ...], settings: Mapping[str, Any], file: str) -> None:
        self.rows, self.settings, self.file = rows, settings, file
        self._call: Any = None

    def __call__(self, source: Any, held: Any, context: Any) -> Any:
        if self._call is None:
            from engine.expressions import compile_rows

            self._call = compile_rows(self.rows, self.settings, library=LIBRARY, file=self.file)
        return self._call(source, held, context)

    def __reduce__(self) -> tuple[Any, ...]:
        return LazyMapper, (self.rows, self.settings, self.file)


class ActionMapper:
    """Rows of an action over {source, target, link}. Its Jinja texts are worked out first and read like paths, since
    a mapping's own texts know no `target`."""

    __slots__ = ("made", "names", "rows")

    def __init__(self, rows: tuple[Row, ...], settings: Mapping[str, Any], file: str, names: frozenset[str]) -> None:
        texts = {one: f"={number}" for number, one in enumerate(_jinja(rows))}
        self.made = {key: Lazy(one.kind, one.text, names, one.place) for one, key in texts.items()}
        self.rows = LazyMapper(tuple(_with_paths(row, texts) for row in rows), settings, file)
        self.names = names

    def __call__(self, scope: Any, held: Any, context: Any) -> Any:
        values = {key: value for key, made in self.made.items() if (value := made(scope)) is not ABSENT}
        return self.rows({**scope, **values}, held, context)


def _jinja(rows: tuple[Row, ...]) -> list[Text]:
    found = [one for row in rows for one in row_texts(row) if one.kind != "path"]
    return list(dict.fromkeys(found))


def _with_paths(row: Row, texts: Mapping[Text, str]) -> Row:
    when = _as_path(row.when, texts) if row.when else None
    default = _source(row.default, texts) if row.default else None
    return replace(row, source=_source(row.source, texts), when=when, default=default)


def _source(source: Source, texts: Mapping[Text, str]) -> Source:
    if isinstance(source, Text):
        return _as_path(source, texts)
    if isinstance(source, FirstOf):
        return FirstOf(tuple(_source(one, texts) for one in source.sources))
    if isinstance(source, (Choose, Collect)):
        cases = tuple(Case(_as_path(one.when, texts), _source(one.value, texts)) for one in source.cases)
        return Choose(cases) if isinstance(source, Choose) else Collect(cases)
    return source


def _as_path(one: Text, texts: Mapping[Text, str]) -> Text:
    return Text("path", f'"{texts[one]}"', one.place) if one in texts else one


class _NobodyElse:
    """What a stand-in may ask about other records: nothing."""

    link = None
    now = ""

    def by(self, _object: str, _field: str, _value: Any) -> Any:
        return None

    def linked(self, _object: str, _value: Any) -> Any:
        return None

    def records(self, _object: str) -> list[dict[str, Any]]:
        return []


_ANY = "zq0any0qz"
"""What every field of a partner reads while the shape of stand-ins is worked out."""
_TELLING = 4
"""Characters of its own that a stand-in needs so that its shape alone tells it."""


class StandIn:
    """True when our value is what the other direction would have put there for want of a better one: made from this
    partner, or from one that is not there any more and told by its shape alone."""

    __slots__ = ("_shape", "any_partner", "equal", "make", "spec")

    def __init__(
        self, spec: FieldSpec, default: Source, settings: Mapping[str, Any], file: str, fields: Iterable[str]
    ) -> None:
        self.spec = spec
        self.equal = comparator(spec)
        self.make = LazyMapper((Row(spec.name, default, spec),), settings, file)
        self.any_partner = dict.fromkeys((*fields, "id"), _ANY)
        self._shape: re.Pattern[str] | None = None

    def __call__(self, value: Any, partner: Any) -> bool:
        if not isinstance(value, str):
            return False
        made = self._made(partner) if partner is not None else None
        if made is not None and self.equal(value, made):
            return True
        if self._shape is None:
            self._shape = _shape_of(self._made(self.any_partner))
        return self._shape.fullmatch(value) is not None

    def _made(self, partner: Any) -> Any:
        return self.make(partner, None, _NobodyElse()).values.get(self.spec.name)


def _shape_of(made: Any) -> re.Pattern[str]:
    """What a stand-in of any partner looks like; nothing fits where there is too little to tell it by."""
    parts = made.split(_ANY) if isinstance(made, str) else []
    telling = len("".join(parts)) >= _TELLING
    return re.compile(".+".join(map(re.escape, parts)) if telling else "(?!)", re.IGNORECASE | re.DOTALL)
