"""The reference interpreter of expressions and templates: what generated code must agree with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.expressions import nodes as ours
from engine.expressions import operators as do
from engine.expressions.filters import FILTERS, WITH_NAMES
from engine.expressions.predicates import PREDICATES
from engine.model.values import ABSENT

Scope = Mapping[str, Any]


def evaluate(node: Any, scope: Scope) -> Any:
    """The value of an expression; absent for what is not there."""
    return VISITORS[type(node)](node, scope)


def render(template: ours.Template, scope: Scope) -> Any:
    """The text of a template; absent when something in it is absent or null."""
    return do.join_texts(*[_piece(piece, scope) for piece in template.pieces])


def _piece(piece: Any, scope: Scope) -> Any:
    if isinstance(piece, str):
        return piece
    if not isinstance(piece, ours.Branch):
        return evaluate(piece, scope)
    for test, body in piece.cases:
        if evaluate(test, scope):
            return render(body, scope)
    return render(piece.other, scope)


def _logic(node: ours.Logic, scope: Scope) -> Any:
    left = evaluate(node.left, scope)
    return evaluate(node.right, scope) if bool(left) is (node.op == "and") else left


def _compare(node: ours.Compare, scope: Scope) -> bool:
    left = evaluate(node.first, scope)
    for op, side in node.rest:
        right = evaluate(side, scope)
        if not do.COMPARISONS[op](left, right):
            return False
        left = right
    return True


def _arithmetic(node: ours.Arithmetic, scope: Scope) -> Any:
    return do.ARITHMETIC[node.op](evaluate(node.left, scope), evaluate(node.right, scope))


def _either(node: ours.Either, scope: Scope) -> Any:
    if evaluate(node.test, scope):
        return evaluate(node.then, scope)
    return ABSENT if node.other is None else evaluate(node.other, scope)


def filter_call(name: str) -> Callable[..., Any]:
    """What a filter of the checked tree calls."""
    return WITH_NAMES[name] if name in WITH_NAMES else FILTERS[name].call


def _filter(node: ours.Filter, scope: Scope) -> Any:
    return filter_call(node.name)(evaluate(node.value, scope), *(evaluate(one, scope) for one in node.args))


def _predicate(node: ours.Predicate, scope: Scope) -> bool:
    return PREDICATES[node.name].call(evaluate(node.value, scope), *(evaluate(one, scope) for one in node.args))


def _dict(node: ours.DictOf, scope: Scope) -> dict[str, Any]:
    values = do.listed(*(evaluate(one, scope) for _, one in node.pairs))
    return {key: value for (key, _), value in zip(node.pairs, values, strict=True)}


VISITORS: Final[dict[type, Callable[[Any, Scope], Any]]] = {
    ours.Arithmetic: _arithmetic,
    ours.Compare: _compare,
    ours.Concat: lambda node, scope: do.join_texts(*[evaluate(one, scope) for one in node.parts]),
    ours.Const: lambda node, scope: node.value,
    ours.Cut: lambda node, scope: do.cut(evaluate(node.base, scope), node.start, node.stop, node.step),
    ours.DictOf: _dict,
    ours.Either: _either,
    ours.Filter: _filter,
    ours.Item: lambda node, scope: do.member(evaluate(node.base, scope), evaluate(node.key, scope)),
    ours.ListOf: lambda node, scope: do.listed(*(evaluate(one, scope) for one in node.items)),
    ours.Logic: _logic,
    ours.Member: lambda node, scope: do.member(evaluate(node.base, scope), node.key),
    ours.Name: lambda node, scope: scope.get(node.name, ABSENT),
    ours.Not: lambda node, scope: not evaluate(node.value, scope),
    ours.Predicate: _predicate,
}
