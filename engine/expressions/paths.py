"""JMESPath read and interpreted: the reference that generated code is compared with.

As the `jmespath` library on plain trees, with these differences. A bare path (`a.b.c`) tells absent from null: a
step that is missing gives absent, a last member that is there and null gives null; any other path that yields null
is absent. Numbers are int and Decimal. A function of a value that it cannot take gives null (see `path_functions`).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from engine.expressions import path_functions as do
from engine.expressions.errors import DEPTH_LIMIT, NODE_LIMIT, ExpressionError, check_length, nearest
from engine.model.values import ABSENT

Node = dict[str, Any]
"""A node of jmespath's syntax tree: type, children, value."""


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed path; `steps` when it is bare."""

    tree: Node
    steps: tuple[str, ...] = ()
    has_expression: bool = False
    """It holds an expression argument (`&name`)."""


# -- reading -------------------------------------------------------------------------------------------


def read_path(text: str) -> Path:
    """The checked tree of a path."""
    check_length(text)
    tree = _syntax_tree(text)
    checker = _Checker(text)
    tree = checker.check(tree, 1)
    return Path(tree, _steps(tree), checker.has_expression)


def _syntax_tree(text: str) -> Node:
    from jmespath.exceptions import JMESPathError
    from jmespath.parser import Parser

    if not text.strip():
        raise ExpressionError("expression-syntax", "an empty path", hint="`@` is the record itself")
    if text.count("(") + text.count("[") + text.count("{") + text.count("!") > NODE_LIMIT:
        raise ExpressionError("expression-not-allowed", f"more than {NODE_LIMIT} parts", text=text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PendingDeprecationWarning)
            tree: Any = Parser().parse(text).parsed
    except PendingDeprecationWarning:
        hint, offset = "write text in single quotes", text.find("`")
        raise ExpressionError(
            "expression-syntax", "not JSON in backquotes", text=text, offset=offset, hint=hint
        ) from None
    except JMESPathError as error:
        offset = min(getattr(error, "lex_position", 0) or 0, len(text))
        raise ExpressionError("expression-syntax", _reason(error), text=text, offset=offset) from None
    except RecursionError:
        raise ExpressionError("expression-not-allowed", "nested too deep", text=text) from None
    checked: Node = tree
    return checked


def _reason(error: Exception) -> str:
    token = getattr(error, "token_value", None)
    kind = type(error).__name__
    if kind == "LexerError":
        return f"not a JMESPath: {getattr(error, 'message', '')}"
    return f"not a JMESPath: unexpected `{token}`" if token else "not a JMESPath: the path ends too early"


class _Checker:
    """Copies a syntax tree: caps its size, knows its functions, makes its numbers exact."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.count = 0
        self.has_expression = False

    def check(self, node: Node, depth: int) -> Node:
        """The checked copy of a node."""
        self.count += 1
        if self.count > NODE_LIMIT or depth > DEPTH_LIMIT:
            raise ExpressionError("expression-not-allowed", "more parts than a reader can follow", text=self.text)
        kind = node["type"]
        if kind not in VISITORS or kind == "expref":
            what = "`&` outside a function" if kind == "expref" else f"`{kind}`"
            raise ExpressionError("expression-not-allowed", f"{what} means nothing here", text=self.text)
        if kind == "literal":
            return {**node, "value": self.exact(node["value"])}
        if kind == "slice":
            return self.slice(node)
        if kind == "function_expression":
            return {**node, "children": [self.argument(one, depth + 1) for one in self.function(node)]}
        return {**node, "children": [self.check(one, depth + 1) for one in node["children"]]}

    def argument(self, node: Node, depth: int) -> Node:
        """The checked copy of an argument, which may be an expression."""
        if node["type"] != "expref":
            return self.check(node, depth)
        return {**node, "children": [self.check(one, depth + 1) for one in node["children"]]}

    def slice(self, node: Node) -> Node:
        """A slice as it is, unless it would never end."""
        if node["children"][2] == 0:
            raise ExpressionError("expression-not-allowed", "a slice with step 0", text=self.text)
        return node

    def function(self, node: Node) -> list[Node]:
        """The arguments; refuse an unknown function, a wrong number of arguments, an `&` where none belongs."""
        name, children = node["value"], node["children"]
        at = max(self.text.find(f"{name}("), 0)
        spec = do.FUNCTIONS.get(name)
        if spec is None:
            hint, say = nearest(name, do.FUNCTIONS), f"there is no function `{name}`"
            raise ExpressionError("unknown-function", say, text=self.text, offset=at, hint=hint)
        count = len(spec.takes)
        if len(children) < count or (len(children) > count and not spec.variadic):
            say = f"`{name}` takes {'at least ' if spec.variadic else ''}{count} argument(s)"
            raise ExpressionError("expression-not-allowed", say, text=self.text, offset=at)
        for position, child in enumerate(children):
            if (child["type"] == "expref") is not (position == spec.expression):
                say = f"`{name}` takes an `&` expression as argument {spec.expression + 1} only"
                say = say if spec.expression >= 0 else f"`{name}` takes no `&` expression"
                raise ExpressionError("expression-not-allowed", say, text=self.text, offset=at)
        self.has_expression = self.has_expression or spec.expression >= 0
        return list(children)

    def exact(self, value: Any) -> Any:
        """A literal without floats."""
        if isinstance(value, float):
            if value - value != 0:
                raise ExpressionError("expression-not-allowed", "a number beyond all use", text=self.text)
            return Decimal(repr(value))
        if isinstance(value, list):
            return [self.exact(one) for one in value]
        return {key: self.exact(one) for key, one in value.items()} if isinstance(value, dict) else value


def _steps(node: Node) -> tuple[str, ...]:
    if node["type"] == "field":
        return (node["value"],)
    if node["type"] != "subexpression":
        return ()
    parts = [_steps(child) for child in node["children"]]
    return sum(parts, ()) if all(parts) else ()


# -- interpreting --------------------------------------------------------------------------------------


def walk(value: Any, steps: tuple[str, ...]) -> Any:
    """The value of a bare path."""
    for step in steps:
        if type(value) is not dict or step not in value:
            return ABSENT
        value = value[step]
    return value


def evaluate(path: Path, value: Any) -> Any:
    """The value of a path."""
    if path.steps:
        return walk(value, path.steps)
    result = visit(path.tree, None if value is ABSENT else value)
    return ABSENT if result is None else result


def visit(node: Node, value: Any) -> Any:
    """The value of a node; null for everything that is not there."""
    return VISITORS[node["type"]](node, value)


def _field(node: Node, value: Any) -> Any:
    return value.get(node["value"]) if type(value) is dict else None


def _chain(node: Node, value: Any) -> Any:
    for child in node["children"]:
        value = visit(child, value)
    return value


def _projected(elements: Any, right: Node) -> Any:
    results = (visit(right, element) for element in elements)
    return [one for one in results if one is not None]


def _projection(node: Node, value: Any) -> Any:
    base = visit(node["children"][0], value)
    return _projected(base, node["children"][1]) if type(base) is list else None


def _value_projection(node: Node, value: Any) -> Any:
    base = visit(node["children"][0], value)
    return _projected(base.values(), node["children"][1]) if type(base) is dict else None


def _filter_projection(node: Node, value: Any) -> Any:
    base = visit(node["children"][0], value)
    if type(base) is not list:
        return None
    return _projected([one for one in base if not do.false(visit(node["children"][2], one))], node["children"][1])


def _multi_list(node: Node, value: Any) -> Any:
    return None if value is None else [visit(child, value) for child in node["children"]]


def _multi_dict(node: Node, value: Any) -> Any:
    return None if value is None else {one["value"]: visit(one["children"][0], value) for one in node["children"]}


def _or(node: Node, value: Any) -> Any:
    left = visit(node["children"][0], value)
    return visit(node["children"][1], value) if do.false(left) else left


def _and(node: Node, value: Any) -> Any:
    left = visit(node["children"][0], value)
    return left if do.false(left) else visit(node["children"][1], value)


def _comparator(node: Node, value: Any) -> Any:
    left, right = (visit(child, value) for child in node["children"])
    return do.COMPARISONS[node["value"]](left, right)


def _function(node: Node, value: Any) -> Any:
    return do.FUNCTIONS[node["value"]](*(visit(child, value) for child in node["children"]))


VISITORS: Final[dict[str, Callable[[Node, Any], Any]]] = {
    "and_expression": _and,
    "comparator": _comparator,
    "current": lambda node, value: value,
    "expref": lambda node, value: lambda element: visit(node["children"][0], element),
    "field": _field,
    "filter_projection": _filter_projection,
    "flatten": lambda node, value: do.flat(visit(node["children"][0], value)),
    "function_expression": _function,
    "identity": lambda node, value: value,
    "index": lambda node, value: do.index(value, node["value"]),
    "index_expression": _chain,
    "key_val_pair": lambda node, value: visit(node["children"][0], value),
    "literal": lambda node, value: node["value"],
    "multi_select_dict": _multi_dict,
    "multi_select_list": _multi_list,
    "not_expression": lambda node, value: do.false(visit(node["children"][0], value)),
    "or_expression": _or,
    "pipe": _chain,
    "projection": _projection,
    "slice": lambda node, value: do.cut(value, *node["children"]),
    "subexpression": _chain,
    "value_projection": _value_projection,
}
