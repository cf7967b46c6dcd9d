"""What can never fail for any record: it needs no guard around it."""

from __future__ import annotations

from typing import Any, Final

from engine.expressions import nodes as ours
from engine.expressions import row_steps as do
from engine.expressions.paths import Node
from engine.expressions.read_sets import inner_expressions
from engine.spec.mapping import Choose, Each, FirstOf, Literally, Row, Source, Text, Unmapped

_FAILING: Final = (ours.Arithmetic, ours.Concat, ours.Filter, ours.Template, ours.Branch)
_NO_TARGETS: Final = frozenset[str]()


def is_pure_row(row: Row) -> bool:
    """A row that cannot fail before its value is made to fit its type."""
    if row.apply or row.table is not None or row.by or row.linked or not is_pure(row.source):
        return False
    overrides = (row.override.wins, row.override.fills_in) if row.override else ()
    return all(is_pure(one) for one in (row.when, row.default, *overrides) if one is not None)


def is_pure(source: Source) -> bool:
    """A source that cannot fail."""
    if isinstance(source, Text):
        tree = do.tree_of(source, do.LINE_NAMES, _NO_TARGETS)
        return _pure_path(tree.tree) if source.kind == "path" else _pure_expression(tree)
    if isinstance(source, FirstOf):
        return all(is_pure(one) for one in source.sources)
    if isinstance(source, Choose):
        return all(is_pure(case.when) and is_pure(case.value) for case in source.cases)
    if isinstance(source, Each):
        # Its rows guard themselves.
        return is_pure(source.items)
    return isinstance(source, (Literally, Unmapped))


def _pure_path(node: Node) -> bool:
    if node["type"] == "function_expression":
        return False
    return node["type"] == "slice" or all(_pure_path(child) for child in node["children"])


def _pure_expression(tree: Any) -> bool:
    return not isinstance(tree, _FAILING) and all(_pure_expression(part) for part in inner_expressions(tree))
