"""Jinja's own parser on our terms: it only parses, keeps offsets, and reads decimals exactly.

Nothing here compiles, folds or looks anything up; `dialect` decides what of the tree is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from engine.expressions.errors import DEPTH_LIMIT, ExpressionError, check_length

if TYPE_CHECKING:
    from jinja2 import Environment, nodes
    from jinja2.lexer import Token

_NUMBER: Final = re.compile(r"[0-9_.eE+-]+")
_OPENING: Final = frozenset({"lparen", "lbracket", "lbrace"})
_CLOSING: Final = frozenset({"rparen", "rbracket", "rbrace"})
_NESTING: Final = DEPTH_LIMIT


def with_plain_newlines(text: str) -> str:
    """The text as Jinja counts it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_expression(text: str) -> nodes.Expr:
    """The syntax tree of one expression; the `lineno` of its nodes is their offset."""
    tree: nodes.Expr = _parsed(text, "variable", _whole_expression)
    return tree


def parse_template(text: str) -> nodes.Template:
    """The syntax tree of a template; the `lineno` of its nodes is their offset."""
    tree: nodes.Template = _parsed(text, None, lambda parser: parser.parse())
    return tree


def _whole_expression(parser: Any) -> Any:
    tree = parser.parse_expression()
    if not parser.stream.eos:
        token = parser.stream.current
        told = "; equality is written ==" if token.type == "assign" else ""
        parser.fail(f"unexpected text after the expression{told}", token.lineno)
    return tree


def _parsed(text: str, state: str | None, parse: Callable[[Any], Any]) -> Any:
    from jinja2 import TemplateSyntaxError
    from jinja2.parser import Parser

    check_length(text)
    try:
        return parse(Parser(_environment(), text, state=state))
    except TemplateSyntaxError as error:
        message, offset = error.message or "not an expression", error.lineno
        raise ExpressionError("expression-syntax", message, text=text, offset=min(offset, len(text))) from None
    except RecursionError:
        raise ExpressionError("expression-not-allowed", "nested too deep", text=text) from None


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, TemplateSyntaxError
    from jinja2.lexer import TokenStream

    class Lexed(Environment):
        """An environment whose tokens carry their offset where Jinja expects a line number."""

        def _tokenize(
            self, source: str, name: str | None, filename: str | None = None, state: str | None = None
        ) -> TokenStream:
            tokens = self.lexer.wrap(placed(source, state, self))
            return TokenStream(bounded(source, tokens), name, filename)

    def placed(text: str, state: str | None, environment: Environment) -> Iterator[tuple[int, str, str]]:
        offset = 0
        try:
            for _, kind, value in environment.lexer.tokeniter(text, None, None, state):
                # Whitespace that `-` strips is the only text that no token shows.
                offset = max(text.find(value, offset), offset)
                yield offset, kind, value
                offset += len(value)
        except TemplateSyntaxError as error:
            raise TemplateSyntaxError(error.message or "", offset) from None

    def bounded(text: str, tokens: Iterator[Token]) -> Iterator[Token]:
        depth = 0
        for token in tokens:
            depth += (token.type in _OPENING) - (token.type in _CLOSING)
            if depth > _NESTING:
                raise ExpressionError("expression-not-allowed", "nested too deep", text=text, offset=token.lineno)
            yield _exact(type(token), text, token) if token.type == "float" else token

    return Lexed()


def _exact(kind: type[Token], text: str, token: Token) -> Token:
    number = _NUMBER.match(text, token.lineno)
    digits = number.group().replace("_", "") if number else "0"
    exact: Any = Decimal(re.match(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", digits).group())  # type: ignore[union-attr]
    return kind(token.lineno, token.type, exact)
