"""Short ways to write rows, a library of a few functions, and a context with a few answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.model.errors import ConcordError
from engine.model.values import ABSENT, UNKNOWN
from engine.spec.mapping import Row, Source, Text
from engine.spec.system import FieldSpec


def path(text: str) -> Text:
    """A JMESPath."""
    return Text("path", text)


def expr(text: str) -> Text:
    """A typed expression."""
    return Text("expr", text)


def template(text: str) -> Text:
    """A text with holes."""
    return Text("template", text)


def row(target: str, source: Source | str, type: str = "text", *, length: int = 0, to: str = "", **more: Any) -> Row:
    """A row; a bare text is a path."""
    given = path(source) if isinstance(source, str) else source
    return Row(target, given, FieldSpec(target, type=type, length=length, to=to), **more)


@dataclass(frozen=True)
class Function:
    """A function of `apply`."""

    call: Callable[..., Any]
    takes_blank: bool = False


def _refuse(_: Any) -> Any:
    raise ConcordError("no such word")


def as_text(value: Any) -> Any:
    """Texts and whole numbers."""
    if isinstance(value, (list, dict)):
        raise ConcordError("not a text")
    return str(value)


def as_truth(value: Any) -> Any:
    """true, false and their names."""
    return value if isinstance(value, bool) else {"true": True, "false": False}[value]


@dataclass(frozen=True)
class Library:
    """What the rows of these tests need."""

    functions: dict[str, Function] = field(
        default_factory=lambda: {
            "lower": Function(lambda value: value.lower()),
            "first": Function(lambda value, separator: value.split(separator)[0]),
            "forget": Function(lambda value: None),
            "vanish": Function(lambda value: ABSENT),
            "refuse": Function(_refuse),
            "present": Function(lambda value: value is not None and value is not ABSENT, takes_blank=True),
        }
    )

    def function(self, name: str) -> Function:
        """A function by name."""
        return self.functions[name]

    def coercer(self, spec: FieldSpec) -> Callable[[Any], Any] | None:
        """Texts and truths are made to fit, everything else fits."""
        return {"text": as_text, "boolean": as_truth}.get(spec.type)


@dataclass
class Context:
    """Answers by (object, field or "", value); a question that is not foreseen has no certain answer."""

    answers: dict[tuple[str, str, Any], Any] = field(default_factory=dict)
    staged: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    link: dict[str, Any] | None = None
    now: str = "2026-01-02T03:04:05Z"

    def by(self, object: str, field: str, value: Any) -> Any:
        """The record that has this value."""
        return self.answers.get((object, field, value), UNKNOWN)

    def linked(self, object: str, value: Any) -> Any:
        """What this record is linked to."""
        return self.answers.get((object, "", value), UNKNOWN)

    def records(self, object: str) -> Sequence[dict[str, Any]]:
        """The staged records."""
        return self.staged[object]
