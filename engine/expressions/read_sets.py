"""Which paths an expression reads, found without running it.

A step `[]` goes through a list, if it is one. The answer is conservative: what is computed with as a whole counts as
read whole, and a key that is computed counts as its whole parent.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from engine.expressions import nodes as ours
from engine.expressions.paths import Node, Path

Steps = tuple[str, ...]
Where = frozenset[tuple[Steps, bool]]
"""Where a value may stand; True: it is a list that was made of what stands there."""

NOWHERE: Final[Where] = frozenset()
_PASSING: Final = frozenset({"chosen", "rejected", "sort", "unique", "list", "default", "d"})
_ENDS: Final = frozenset({"first", "last", "min", "max"})


def _member(where: Where, key: str) -> Where:
    return frozenset(((*steps, key), False) for steps, spread in where if not spread)


def elements(where: Where) -> Where:
    """Where the elements of a list stand."""
    return frozenset((steps if spread else (*steps, "[]"), False) for steps, spread in where)


def _spread(where: Where) -> Where:
    return frozenset((steps, True) for steps, _ in where)


def paths_of(where: Where) -> frozenset[Steps]:
    """The paths of a value that is used whole; () is everything."""
    return frozenset(steps for steps, _ in where)


# -- JMESPath --------------------------------------------------------------------------------------


class PathReads:
    """Walks a path; `seen` collects what is read on the way."""

    def __init__(self) -> None:
        self.seen: set[Steps] = set()

    def use(self, node: Node, where: Where) -> None:
        """A value that is computed with."""
        self.seen |= paths_of(self.walk(node, where))

    def walk(self, node: Node, where: Where) -> Where:
        """Where the value of a node stands."""
        kind, children = node["type"], node["children"]
        if kind == "field":
            return _member(where, node["value"])
        if kind in ("current", "identity"):
            return where
        if kind == "index":
            return elements(where)
        if kind == "slice":
            return _spread(elements(where))
        if kind in ("subexpression", "index_expression", "pipe"):
            for child in children:
                where = self.walk(child, where)
            return where
        if kind == "flatten":
            inner = self.walk(children[0], where)
            return frozenset(((*steps, "[]"), True) for steps, _ in inner)
        if kind in ("projection", "value_projection", "filter_projection"):
            return self.projection(node, where)
        return self.computed(node, where)

    def projection(self, node: Node, where: Where) -> Where:
        """The list that a projection makes."""
        base = elements(self.walk(node["children"][0], where))
        for condition in node["children"][2:]:
            self.use(condition, base)
        return _spread(self.walk(node["children"][1], base))

    def computed(self, node: Node, where: Where) -> Where:
        """A value that is made, not found: its parts are read whole."""
        if node["type"] in ("or_expression", "and_expression"):
            left, right = (self.walk(child, where) for child in node["children"])
            if node["type"] == "and_expression":
                self.seen |= paths_of(left)
            return left | right
        if node["type"].startswith("multi_select"):
            # Null when what it selects from is null; the record itself is always there.
            self.seen |= paths_of(where) - {()}
        inner = where
        if any(child["type"] == "expref" for child in node["children"]):
            for child in node["children"]:
                inner = inner if child["type"] == "expref" else elements(self.walk(child, where))
        for child in node["children"]:
            self.use(child, inner if child["type"] == "expref" else where)
        return NOWHERE


def path_where(path: Path, where: Where) -> tuple[Where, frozenset[Steps]]:
    """Where the value of a path stands, and what is read to find it."""
    reads = PathReads()
    found = reads.walk(path.tree, where)
    return found, frozenset(reads.seen)


def path_reads(path: Path) -> frozenset[Steps]:
    """Everything that a path reads, from the value it starts at."""
    found, seen = path_where(path, frozenset({((), False)}))
    return paths_of(found) | seen


# -- expressions -------------------------------------------------------------------------------------


class ExpressionReads:
    """Walks an expression; `seen` collects what is read on the way."""

    def __init__(self) -> None:
        self.seen: set[Steps] = set()

    def use(self, node: ours.Expr) -> None:
        """A value that is computed with."""
        self.seen |= paths_of(self.walk(node))

    def use_all(self, parts: Iterable[ours.Expr]) -> Where:
        """Values that are computed with."""
        for part in parts:
            self.use(part)
        return NOWHERE

    def walk(self, node: ours.Expr) -> Where:
        """Where the value of a node stands."""
        if isinstance(node, ours.Name):
            return frozenset({((node.name,), False)})
        if isinstance(node, ours.Member):
            base = self.walk(node.base)
            return _member(base, node.key) if isinstance(node.key, str) else elements(base)
        if isinstance(node, ours.Logic):
            return self.walk(node.left) | self.walk(node.right)
        if isinstance(node, ours.Either):
            self.use(node.test)
            return self.walk(node.then) | (NOWHERE if node.other is None else self.walk(node.other))
        if isinstance(node, ours.Filter):
            return self.filter(node)
        if isinstance(node, ours.Cut):
            return _spread(elements(self.walk(node.base))) | self.walk(node.base)
        return self.use_all(parts(node))

    def filter(self, node: ours.Filter) -> Where:
        """What a filter passes on, and what it looks at."""
        base = self.walk(node.value)
        self.use_all(node.args)
        attribute = next((str(arg.value) for arg in _attributes(node)), "")
        inner = _attribute(elements(base), attribute) if attribute else NOWHERE
        if node.name == "map":
            return _spread(inner)
        self.seen |= paths_of(inner)
        if node.name in _ENDS:
            return elements(base) if attribute or node.name in ("first", "last") else self._whole(base)
        if node.name in _PASSING:
            return base
        return self._whole(base) if not attribute else NOWHERE

    def _whole(self, base: Where) -> Where:
        self.seen |= paths_of(base)
        return NOWHERE


def _attribute(where: Where, attribute: str) -> Where:
    for key in attribute.split("."):
        where = elements(where) if key.isdigit() else _member(where, key)
    return where


_ATTRIBUTE_AT: Final = {
    "chosen": 0,
    "rejected": 0,
    "map": 0,
    "sum": 0,
    "join": 1,
    "min": 1,
    "max": 1,
    "unique": 1,
    "sort": 2,
}


def _attributes(node: ours.Filter) -> list[ours.Const]:
    position = _ATTRIBUTE_AT.get(node.name)
    found = node.args[position] if position is not None else None
    return [found] if isinstance(found, ours.Const) and found.value else []


def parts(node: ours.Expr) -> tuple[ours.Expr, ...]:
    """The expressions directly inside one."""
    if isinstance(node, ours.Not):
        return (node.value,)
    if isinstance(node, (ours.Logic, ours.Arithmetic)):
        return (node.left, node.right)
    if isinstance(node, ours.Compare):
        return (node.first, *(right for _, right in node.rest))
    if isinstance(node, (ours.Filter, ours.Predicate)):
        return (node.value, *node.args)
    if isinstance(node, ours.Either):
        return (node.test, node.then) if node.other is None else (node.test, node.then, node.other)
    if isinstance(node, ours.Item):
        return (node.base, node.key)
    if isinstance(node, (ours.Member, ours.Cut)):
        return (node.base,)
    if isinstance(node, ours.Concat):
        return node.parts
    if isinstance(node, ours.ListOf):
        return node.items
    return tuple(value for _, value in node.pairs) if isinstance(node, ours.DictOf) else ()


def _template_parts(template: ours.Template) -> Iterable[ours.Expr]:
    for piece in template.pieces:
        if isinstance(piece, ours.Branch):
            for test, body in piece.cases:
                yield test
                yield from _template_parts(body)
            yield from _template_parts(piece.other)
        elif not isinstance(piece, str):
            yield piece


def expression_reads(tree: ours.Expr | ours.Template) -> frozenset[Steps]:
    """Everything that an expression or a template reads: (name, member, ...)."""
    reads = ExpressionReads()
    reads.use_all(_template_parts(tree) if isinstance(tree, ours.Template) else (tree,))
    return frozenset(reads.seen)


def inner_expressions(tree: ours.Expr | ours.Template) -> tuple[ours.Expr, ...]:
    """The expressions directly inside an expression or a template."""
    return tuple(_template_parts(tree)) if isinstance(tree, ours.Template) else parts(tree)


def names_in(tree: ours.Expr | ours.Template) -> frozenset[str]:
    """The names of the scope that an expression uses."""
    own = frozenset({tree.name}) if isinstance(tree, ours.Name) else frozenset[str]()
    return own.union(*(names_in(part) for part in inner_expressions(tree)))
