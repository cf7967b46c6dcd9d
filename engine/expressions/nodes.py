"""The tree of a checked Jinja expression: what is not here cannot be said, so it cannot be run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Const:
    """A literal: text, int, Decimal, bool, None."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the scope."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """Item access with a literal key: `a.b`, `a['b']`, `a[0]`."""

    base: Expr
    key: str | int


@dataclass(frozen=True, slots=True)
class Item:
    """Item access with a computed key: `a[b]`."""

    base: Expr
    key: Expr


@dataclass(frozen=True, slots=True)
class Cut:
    """A slice with literal bounds: `a[1:3]`."""

    base: Expr
    start: int | None
    stop: int | None
    step: int | None


@dataclass(frozen=True, slots=True)
class Not:
    """`not a`."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Logic:
    """`a and b`, `a or b`: the operand that decides."""

    op: Literal["and", "or"]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Compare:
    """A chain of comparisons: `1 < a <= 3`; ops are eq ne lt lteq gt gteq in notin."""

    first: Expr
    rest: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """add sub mul div floordiv mod; neg has its operand on the right of a zero."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Concat:
    """`a ~ b`."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """`a if test else b`; without `else` absent."""

    test: Expr
    then: Expr
    other: Expr | None


@dataclass(frozen=True, slots=True)
class Filter:
    """`a | name(args)`, arguments in the order of the filter's parameters."""

    name: str
    value: Expr
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Predicate:
    """`a is name(args)`."""

    name: str
    value: Expr
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]`, `(a, b)`."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class DictOf:
    """`{'a': b}` with literal keys."""

    pairs: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """`{% if %}` of a template; the body of the first test that holds."""

    cases: tuple[tuple[Expr, Template], ...]
    other: Template


@dataclass(frozen=True, slots=True)
class Template:
    """A text with holes: literal pieces, expressions, branches."""

    pieces: tuple[str | Branch | Expr, ...]


Expr = (
    Const
    | Name
    | Member
    | Item
    | Cut
    | Not
    | Logic
    | Compare
    | Arithmetic
    | Concat
    | Either
    | Filter
    | Predicate
    | ListOf
    | DictOf
)


def rebuilt(tree: Any, change: Callable[[Any], Any]) -> Any:
    """A copy of a node or template whose direct parts are changed."""
    if not is_dataclass(tree) or isinstance(tree, type):
        return tree
    parts = {one.name: _each(getattr(tree, one.name), change) for one in fields(tree)}
    return type(tree)(**parts)


def _each(part: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(part, tuple):
        return tuple(_each(one, change) for one in part)
    return change(part) if is_dataclass(part) else part
