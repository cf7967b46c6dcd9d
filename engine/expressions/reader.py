"""Reads the syntax tree of one text: counts its parts, knows its names, refuses at a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NoReturn

from engine.expressions import nodes as ours
from engine.expressions.errors import DEPTH_LIMIT, NODE_LIMIT, ExpressionError

if TYPE_CHECKING:
    from jinja2 import nodes

SAY: Final[dict[str, tuple[str, str]]] = {
    "Call": ("calling something", "use a filter: `value | filter(...)`"),
    "Pow": ("`**`", "multiply instead"),
    "For": ("`{% for %}`", "use `each` in the mapping, or the filters map, select, join"),
    "Assign": ("`{% set %}`", "make it a row of its own and read `mapped.name`"),
    "Slice": ("a slice with computed bounds", "use whole numbers, or `truncate`"),
}


class Reader:
    """Reads one text: counts nodes and depth, knows the names of the scope."""

    def __init__(self, text: str, names: frozenset[str], readers: Mapping[str, Callable[[Reader, Any], Any]]) -> None:
        self.text = text
        self.names = names
        self.readers = readers
        self.count = 0
        self.depth = 0
        self.by_member = False

    def fail(self, node: nodes.Node, message: str, hint: str = "", code: str = "expression-not-allowed") -> NoReturn:
        """Refuse the text at a node."""
        offset = min(max(node.lineno or 0, 0), len(self.text))
        raise ExpressionError(code, message, text=self.text, offset=offset, hint=hint)

    def read(self, node: Any) -> Any:
        """Our node for one of Jinja's."""
        self.count += 1
        self.depth += 1
        if self.count > NODE_LIMIT:
            self.fail(node, f"more than {NODE_LIMIT} parts", "split it over several rows")
        if self.depth > DEPTH_LIMIT:
            self.fail(node, "nested too deep", "split it over several rows")
        reader = self.readers.get(type(node).__name__)
        if reader is None:
            what, hint = SAY.get(type(node).__name__, (f"`{type(node).__name__.lower()}`", ""))
            self.fail(node, f"{what} is not part of the expression language", hint)
        result = reader(self, node)
        self.depth -= 1
        return result

    def number(self, node: Any) -> Any:
        """An integer or None of a slice."""
        if node is None:
            return None
        found = self.read(node)
        if not isinstance(found, ours.Const) or type(found.value) is not int:
            what, hint = SAY["Slice"]
            self.fail(node, f"{what} is not part of the expression language", hint)
        return found.value
