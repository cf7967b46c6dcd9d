"""A text that was read and checked, ready to be interpreted or compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from engine.expressions.errors import ExpressionError

if TYPE_CHECKING:
    from engine.expressions.nodes import Expr, Template
    from engine.expressions.paths import Path

Scope = Mapping[str, Any]
Extract = Callable[[Any], Any]
Render = Callable[[Scope], Any]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A checked text: its kind, its tree, and the paths that it reads.

    Reads of an expression start with a name of the scope: `("source", "metadata", "x")`; those of a path start at
    the value it is applied to. The step `[]` goes through a list, if it is one.
    """

    kind: Literal["path", "expr", "template"]
    text: str
    tree: Path | Expr | Template
    reads: frozenset[tuple[str, ...]] = field(default=frozenset())


@lru_cache(maxsize=4096)
def parse_path(text: str) -> Parsed:
    """Read a JMESPath."""
    from engine.expressions.paths import read_path
    from engine.expressions.read_sets import path_reads

    path = read_path(text)
    return Parsed("path", text, path, path_reads(path))


@lru_cache(maxsize=4096)
def parse_expr(text: str, names: frozenset[str]) -> Parsed:
    """Read a typed expression over these names."""
    from engine.expressions.dialect import read_expression
    from engine.expressions.read_sets import expression_reads

    tree = read_expression(text, names)
    return Parsed("expr", text, tree, expression_reads(tree))


@lru_cache(maxsize=4096)
def parse_template(text: str, names: frozenset[str]) -> Parsed:
    """Read a template over these names."""
    from engine.expressions.dialect import read_template
    from engine.expressions.read_sets import expression_reads

    tree = read_template(text, names)
    return Parsed("template", text, tree, expression_reads(tree))


def parse(kind: str, text: str, names: frozenset[str]) -> Parsed:
    """Read a text of either language."""
    if kind == "path":
        return parse_path(text)
    if kind not in ("expr", "template"):
        raise ExpressionError("expression-syntax", f"no such language: {kind}")
    return parse_expr(text, names) if kind == "expr" else parse_template(text, names)


# -- interpreted ------------------------------------------------------------------------------------------


def interpret_path(text: str) -> Extract:
    """A path as a function, interpreted."""
    from engine.expressions.paths import evaluate

    path: Any = parse_path(text).tree
    return lambda value: evaluate(path, value)


def interpret_expr(text: str, names: frozenset[str]) -> Render:
    """An expression as a function of a scope, interpreted."""
    from engine.expressions.interpreter import evaluate

    tree = parse_expr(text, names).tree
    return lambda scope: evaluate(tree, scope)


def interpret_template(text: str, names: frozenset[str]) -> Render:
    """A template as a function of a scope, interpreted."""
    from engine.expressions.interpreter import render

    tree: Any = parse_template(text, names).tree
    return lambda scope: render(tree, scope)


# -- compiled ---------------------------------------------------------------------------------------------


def compile_path(text: str) -> Extract:
    """A path as a generated function."""
    from engine.expressions.emit_path import extractor

    path: Any = parse_path(text).tree
    return extractor(path)


def compile_expr(text: str, names: frozenset[str]) -> Render:
    """An expression as a generated function of a scope; a name that the scope lacks is absent."""
    from engine.expressions.emit_expression import renderer

    tree: Any = parse_expr(text, names).tree
    return renderer(tree)


def compile_template(text: str, names: frozenset[str]) -> Render:
    """A template as a generated function of a scope; a name that the scope lacks is absent."""
    from engine.expressions.emit_expression import renderer

    tree: Any = parse_template(text, names).tree
    return renderer(tree)
