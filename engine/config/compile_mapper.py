"""Compiled rows that come into being on first use: the code generator is only loaded by flows that run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.functions.apply import FUNCTIONS
from engine.functions.types import coercer, comparator
from engine.spec.mapping import Row, Source
from engine.spec.system import FieldSpec


class Library:
    """The functions and coercions that rows call by name."""

    def function(self, name: str) -> Callable[..., Any]:
        """The function of this name."""
        return FUNCTIONS[name].call

    def takes_blank(self, name: str) -> bool:
        """True when the function wants to see blanks too."""
        return FUNCTIONS[name].takes_blank

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


class StandIn:
    """True when our value is what the other direction would have put there for want of a better one."""

    __slots__ = ("equal", "make", "spec")

    def __init__(self, spec: FieldSpec, default: Source, settings: Mapping[str, Any], file: str) -> None:
        self.spec = spec
        self.equal = comparator(spec)
        self.make = LazyMapper((Row(spec.name, default, spec),), settings, file)

    def __call__(self, value: Any, partner: Any) -> bool:
        if partner is None:
            return False
        made = self.make(partner, None, _NobodyElse()).values.get(self.spec.name)
        return made is not None and self.equal(value, made)
