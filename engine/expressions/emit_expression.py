"""Expressions and templates to Python: one emitter per node class."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.expressions import nodes as ours
from engine.expressions import operators as do
from engine.expressions.emitter import Emitter, Operand, both, either, is_, is_not, negate, there
from engine.expressions.errors import OUTPUT_LIMIT
from engine.expressions.interpreter import filter_call
from engine.expressions.predicates import PREDICATES
from engine.expressions.read_sets import names_in
from engine.model.values import ABSENT

Names = Mapping[str, Operand]
"""Where the names of the scope stand in the generated function."""

_ORDER: Final[dict[str, type[ast.cmpop]]] = {"lt": ast.Lt, "lteq": ast.LtE, "gt": ast.Gt, "gteq": ast.GtE}
_FAST_TEXT: Final[dict[str, Callable[[str], str]]] = {"lower": str.lower, "upper": str.upper}


def emit_expression(emitter: Emitter, node: ours.Expr, names: Names) -> Operand:
    """The value of an expression."""
    return EMITTERS[type(node)](emitter, node, names)


def emit_test(emitter: Emitter, node: ours.Expr, names: Names) -> ast.expr:
    """The truth of an expression, as a test."""
    if isinstance(node, ours.Not):
        return negate(emit_test(emitter, node.value, names))
    return emitter.load(emit_expression(emitter, node, names))


# -- places --------------------------------------------------------------------------------------------


def _name(emitter: Emitter, node: ours.Name, names: Names) -> Operand:
    return names.get(node.name, Operand(value=ABSENT))


def _member(emitter: Emitter, node: ours.Member, names: Names) -> Operand:
    base = emit_expression(emitter, node.base, names)
    if isinstance(node.key, str):
        return emitter.member(base, node.key)
    return emitter.let(emitter.call(do.member, emitter.load(base), ast.Constant(node.key)))


def _item(emitter: Emitter, node: ours.Item, names: Names) -> Operand:
    base, key = emit_expression(emitter, node.base, names), emit_expression(emitter, node.key, names)
    return emitter.let(emitter.call(do.member, emitter.load(base), emitter.load(key)))


def _cut(emitter: Emitter, node: ours.Cut, names: Names) -> Operand:
    base = emit_expression(emitter, node.base, names)
    bounds = [ast.Constant(one) for one in (node.start, node.stop, node.step)]
    return emitter.let(emitter.call(do.cut, emitter.load(base), *bounds))


# -- truth ---------------------------------------------------------------------------------------------


def _not(emitter: Emitter, node: ours.Not, names: Names) -> Operand:
    return emitter.let(negate(emit_test(emitter, node.value, names)), known_bool=True)


def _logic(emitter: Emitter, node: ours.Logic, names: Names) -> Operand:
    left = emit_expression(emitter, node.left, names)
    result = emitter.new()
    emitter.set(result, emitter.load(left))
    with emitter.block() as then:
        right = emit_expression(emitter, node.right, names)
        emitter.set(result, emitter.load(right))
    test = emitter.load(left)
    emitter.when(test if node.op == "and" else negate(test), then)
    return Operand(result, known_bool=left.known_bool and right.known_bool)


def _either(emitter: Emitter, node: ours.Either, names: Names) -> Operand:
    test = emit_test(emitter, node.test, names)
    result = emitter.new()
    with emitter.block() as then:
        emitter.set(result, emitter.load(emit_expression(emitter, node.then, names)))
    with emitter.block() as other:
        value = Operand(value=ABSENT) if node.other is None else emit_expression(emitter, node.other, names)
        emitter.set(result, emitter.load(value))
    emitter.when(test, then, other)
    return Operand(result)


def _compare(emitter: Emitter, node: ours.Compare, names: Names) -> Operand:
    left = emit_expression(emitter, node.first, names)
    result = emitter.new()
    _comparisons(emitter, left, node.rest, names, result)
    return Operand(result, known_bool=True)


def _comparisons(
    emitter: Emitter, left: Operand, rest: tuple[tuple[str, ours.Expr], ...], names: Names, result: str
) -> None:
    (op, side), *more = rest
    right = emit_expression(emitter, side, names)
    emitter.set(result, _compared(emitter, op, left, right))
    if more:
        with emitter.block() as then:
            _comparisons(emitter, right, tuple(more), names, result)
        emitter.when(ast.Name(result, ast.Load()), then)


def _compared(emitter: Emitter, op: str, left: Operand, right: Operand) -> ast.expr:
    if left.constant and right.constant:
        return ast.Constant(do.COMPARISONS[op](left.value, right.value))
    if op in ("eq", "ne"):
        for one in (left, right):
            if one.constant and isinstance(one.value, str):
                equality: ast.cmpop = ast.Eq() if op == "eq" else ast.NotEq()
                return ast.Compare(emitter.load(left), [equality], [emitter.load(right)])
            if one.constant and (one.value is None or one.value is ABSENT):
                other = right if one is left else left
                load, null, absent = emitter.load, ast.Constant(None), emitter.bind(ABSENT)
                if op == "eq":
                    return either(is_(load(other), null), is_(load(other), absent))
                return both(is_not(load(other), null), is_not(load(other), absent))
    called = emitter.call(do.COMPARISONS[op], emitter.load(left), emitter.load(right))
    constant, other = (left, right) if left.constant else (right, left)
    if op in _ORDER and type(constant.value) in (int, str) and constant.constant and not other.constant:
        in_place = ast.Compare(emitter.load(left), [_ORDER[op]()], [emitter.load(right)])
        return ast.IfExp(is_(emitter.type_of(other), emitter.bind(type(constant.value))), in_place, called)
    return called


# -- computing -----------------------------------------------------------------------------------------


def _arithmetic(emitter: Emitter, node: ours.Arithmetic, names: Names) -> Operand:
    left, right = emit_expression(emitter, node.left, names), emit_expression(emitter, node.right, names)
    return emitter.let(emitter.call(do.ARITHMETIC[node.op], emitter.load(left), emitter.load(right)))


def _filter(emitter: Emitter, node: ours.Filter, names: Names) -> Operand:
    value = emit_expression(emitter, node.value, names)
    args = [emitter.load(emit_expression(emitter, one, names)) for one in node.args]
    if node.name in ("default", "d") and _is_false(node.args[1]):
        return emitter.let(ast.IfExp(there(emitter, value), emitter.load(value), args[0]))
    called = emitter.call(filter_call(node.name), emitter.load(value), *args)
    if node.name in _FAST_TEXT and not value.constant:
        fast = emitter.call(_FAST_TEXT[node.name], emitter.load(value))
        called = ast.IfExp(emitter.is_text(value), fast, called)
    return emitter.let(called)


def _is_false(node: ours.Expr) -> bool:
    return isinstance(node, ours.Const) and not node.value


def _predicate(emitter: Emitter, node: ours.Predicate, names: Names) -> Operand:
    value = emit_expression(emitter, node.value, names)
    args = [emitter.load(emit_expression(emitter, one, names)) for one in node.args]
    return emitter.let(emitter.call(PREDICATES[node.name].call, emitter.load(value), *args), known_bool=True)


def _list(emitter: Emitter, node: ours.ListOf, names: Names) -> Operand:
    if all(isinstance(one, ours.Const) for one in node.items):
        return Operand(value=do.listed(*(one.value for one in node.items if isinstance(one, ours.Const))))
    parts = [emitter.load(emit_expression(emitter, one, names)) for one in node.items]
    return emitter.let(emitter.call(do.listed, *parts))


def _dict(emitter: Emitter, node: ours.DictOf, names: Names) -> Operand:
    parts = [emitter.load(emit_expression(emitter, one, names)) for _, one in node.pairs]
    pairs = emitter.call(zip, emitter.constant(tuple(key for key, _ in node.pairs)), emitter.call(do.listed, *parts))
    return emitter.let(emitter.call(dict, pairs))


def _concat(emitter: Emitter, node: ours.Concat, names: Names) -> Operand:
    return _joined(emitter, [emit_expression(emitter, one, names) for one in node.parts])


# -- templates -----------------------------------------------------------------------------------------


def emit_template(emitter: Emitter, template: ours.Template, names: Names) -> Operand:
    """The text of a template."""
    pieces = []
    for piece in template.pieces:
        if isinstance(piece, str):
            pieces.append(Operand(value=piece))
        elif isinstance(piece, ours.Branch):
            pieces.append(_branch(emitter, piece, names))
        else:
            pieces.append(emit_expression(emitter, piece, names))
    return _joined(emitter, pieces)


def _branch(emitter: Emitter, branch: ours.Branch, names: Names) -> Operand:
    result = emitter.new()
    _cases(emitter, branch, 0, names, result)
    return Operand(result)


def _cases(emitter: Emitter, branch: ours.Branch, position: int, names: Names, result: str) -> None:
    if position == len(branch.cases):
        emitter.set(result, emitter.load(emit_template(emitter, branch.other, names)))
        return
    test, body = branch.cases[position]
    condition = emit_test(emitter, test, names)
    with emitter.block() as then:
        emitter.set(result, emitter.load(emit_template(emitter, body, names)))
    with emitter.block() as other:
        _cases(emitter, branch, position + 1, names, result)
    emitter.when(condition, then, other)


def _joined(emitter: Emitter, pieces: list[Operand]) -> Operand:
    """One text: an f-string when all holes are texts, else the whole rule."""
    pieces = [_plain(piece) for piece in pieces]
    holes = {piece.local: piece for piece in pieces if not piece.constant}
    literal = [piece.value for piece in pieces if piece.constant and type(piece.value) is str]
    if not holes and len(literal) == len(pieces):
        return Operand(value="".join(literal))
    slow = emitter.call(do.join_texts, *[emitter.load(piece) for piece in pieces])
    if len(holes) == 0 or len(literal) + sum(not piece.constant for piece in pieces) < len(pieces):
        return emitter.let(slow)
    result = emitter.new()
    with emitter.block() as then:
        emitter.set(result, _f_string(emitter, pieces))
        _cap(emitter, Operand(result))
    with emitter.block() as other:
        emitter.set(result, slow)
    emitter.when(both(*[emitter.is_text(piece) for piece in holes.values()]), then, other)
    return Operand(result)


def _plain(piece: Operand) -> Operand:
    """A constant number or boolean as its text."""
    return Operand(value=do.text(piece.value)) if piece.constant and type(piece.value) in (bool, int) else piece


def _f_string(emitter: Emitter, pieces: list[Operand]) -> ast.expr:
    return ast.JoinedStr(
        [
            ast.Constant(piece.value) if piece.constant else ast.FormattedValue(emitter.load(piece), -1, None)
            for piece in pieces
        ]
    )


def _cap(emitter: Emitter, found: Operand) -> None:
    with emitter.block() as then:
        emitter.add(ast.Expr(emitter.call(do.bounded, emitter.load(found))))
    long = ast.Compare(emitter.call(len, emitter.load(found)), [ast.Gt()], [ast.Constant(OUTPUT_LIMIT)])
    emitter.when(long, then)


EMITTERS: Final[dict[type, Callable[[Emitter, Any, Names], Operand]]] = {
    ours.Arithmetic: _arithmetic,
    ours.Compare: _compare,
    ours.Concat: _concat,
    ours.Const: lambda emitter, node, names: Operand(value=node.value),
    ours.Cut: _cut,
    ours.DictOf: _dict,
    ours.Either: _either,
    ours.Filter: _filter,
    ours.Item: _item,
    ours.ListOf: _list,
    ours.Logic: _logic,
    ours.Member: _member,
    ours.Name: _name,
    ours.Not: _not,
    ours.Predicate: _predicate,
}


def renderer(tree: ours.Expr | ours.Template) -> Callable[[Mapping[str, Any]], Any]:
    """An expression or a template as a function of a scope."""
    emitter = Emitter()
    names = {name: emitter.let(emitter.call(_look_up, _scope(), ast.Constant(name))) for name in sorted(names_in(tree))}
    if isinstance(tree, ours.Template):
        result = emit_template(emitter, tree, names)
    else:
        result = emit_expression(emitter, tree, names)
    return emitter.function(["scope"], emitter.load(result), "<expression>", 1)


def _scope() -> ast.expr:
    return ast.Name("scope", ast.Load())


def _look_up(scope: Mapping[str, Any], name: str) -> Any:
    return scope.get(name, ABSENT)
