"""JMESPath to Python: one emitter per node of the syntax tree; null stands for what is not there."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from engine.expressions import path_functions as do
from engine.expressions.emitter import Emitter, Operand, both, either, is_, is_not, negate
from engine.expressions.paths import Node, Path, evaluate
from engine.model.values import ABSENT

_WRITTEN_OUT: Final = 4
"""Up to how many elements a list that is written out is unrolled."""
_LIST_APPEND: Final = list.append
_VALUES: Final = dict.values


def emit_path(emitter: Emitter, path: Path, current: Operand) -> Operand:
    """The value of a path, absent when it is not there."""
    if path.steps:
        for step in path.steps:
            current = emitter.member(current, step)
        return current
    if path.has_expression:
        return emitter.let(emitter.call(lambda value: evaluate(path, value), emitter.load(current)))
    result = emit(emitter, path.tree, _strict(emitter, current))
    if result.constant:
        return Operand(value=ABSENT) if result.value is None else result
    if result.known_bool or result.elements is not None or result.known_map:
        return result
    null = is_(emitter.load(result), ast.Constant(None))
    return emitter.let(ast.IfExp(null, emitter.bind(ABSENT), emitter.load(result)))


def emit(emitter: Emitter, node: Node, current: Operand) -> Operand:
    """The value of a node; it may be absent for a member (see `_strict`), else null."""
    return EMITTERS[node["type"]](emitter, node, current)


def _value(emitter: Emitter, node: Node, current: Operand) -> Operand:
    return _strict(emitter, emit(emitter, node, current))


def _strict(emitter: Emitter, operand: Operand) -> Operand:
    """The operand with null for absent."""
    if operand.constant:
        return Operand(value=None) if operand.value is ABSENT else operand
    if operand.never_absent or operand.known_map or operand.known_bool:
        return operand
    key = (operand.local, "null")
    found = emitter.recall(key)
    if found is None:
        test = is_(emitter.load(operand), emitter.bind(ABSENT))
        found = emitter.let(ast.IfExp(test, ast.Constant(None), emitter.load(operand)), never_absent=True)
        emitter.known[-1][key] = found
    return found


# -- places --------------------------------------------------------------------------------------------


def _field(emitter: Emitter, node: Node, current: Operand) -> Operand:
    return emitter.member(current, node["value"])


def _chain(emitter: Emitter, node: Node, current: Operand) -> Operand:
    for child in node["children"]:
        current = emit(emitter, child, current)
    return current


def _is_list(emitter: Emitter, operand: Operand) -> ast.expr:
    return is_(emitter.type_of(operand), emitter.bind(list))


def _index(emitter: Emitter, node: Node, current: Operand) -> Operand:
    if node["value"] not in (0, -1):
        found = emitter.call(do.index, emitter.load(current), ast.Constant(node["value"]))
        return emitter.let(found, never_absent=True)
    read = ast.Subscript(emitter.load(current), ast.Constant(node["value"]), ast.Load())
    test = both(_is_list(emitter, current), emitter.load(current))
    return emitter.let(ast.IfExp(test, read, ast.Constant(None)), never_absent=True)


def _slice(emitter: Emitter, node: Node, current: Operand) -> Operand:
    bounds = [ast.Constant(one) for one in node["children"]]
    return emitter.let(emitter.call(do.cut, emitter.load(current), *bounds), never_absent=True)


def _flatten(emitter: Emitter, node: Node, current: Operand) -> Operand:
    inner = emit(emitter, node["children"][0], current)
    return emitter.let(emitter.call(do.flat, emitter.load(inner)), never_absent=True)


# -- projections ---------------------------------------------------------------------------------------


def _projection(emitter: Emitter, node: Node, current: Operand) -> Operand:
    base = emit(emitter, node["children"][0], current)
    by_value = node["type"] == "value_projection"
    over = emitter.call(_VALUES, emitter.load(base)) if by_value else emitter.load(base)
    facts = base.elements or Operand()
    result, element = emitter.new(), replace(facts, local=emitter.new(), never_absent=True)
    if base.elements is not None and not by_value:
        emitter.set(result, ast.List([], ast.Load()))
        with emitter.block() as body:
            _collect(emitter, node, element, result)
        emitter.loop(element.local, over, body)
        kept = facts if node["children"][1]["type"] == "identity" else Operand()
        return Operand(result, never_absent=True, elements=kept)
    with emitter.block() as then:
        emitter.set(result, ast.List([], ast.Load()))
        with emitter.block() as body:
            _collect(emitter, node, element, result)
        emitter.loop(element.local, over, body)
    with emitter.block() as other:
        emitter.set(result, ast.Constant(None))
    kind = dict if by_value else list
    emitter.when(is_(emitter.type_of(base), emitter.bind(kind)), then, other)
    return Operand(result, never_absent=True)


def _collect(emitter: Emitter, node: Node, element: Operand, result: str) -> None:
    conditions = node["children"][2:]
    if not conditions:
        _keep(emitter, node["children"][1], element, result)
        return
    test = true(emitter, emit(emitter, conditions[0], element))
    with emitter.block() as kept:
        _keep(emitter, node["children"][1], element, result)
    emitter.when(test, kept)


def _keep(emitter: Emitter, right: Node, element: Operand, result: str) -> None:
    found = _value(emitter, right, element)
    with emitter.block() as kept:
        append = emitter.call(_LIST_APPEND, ast.Name(result, ast.Load()), emitter.load(found))
        emitter.add(ast.Expr(append))
    if found.known_map:
        emitter.body.extend(kept)
        return
    emitter.when(is_not(emitter.load(found), ast.Constant(None)), kept)


# -- making values -------------------------------------------------------------------------------------


def _guarded(emitter: Emitter, current: Operand, make: Callable[[], tuple[ast.expr, Operand]]) -> Operand:
    """A multi-select: null on null."""
    if current.known_map:
        made, facts = make()
        return replace(facts, local=emitter.let(made).local, never_absent=True)
    current = _strict(emitter, current)
    result = emitter.new()
    with emitter.block() as then:
        emitter.set(result, make()[0])
    with emitter.block() as other:
        emitter.set(result, ast.Constant(None))
    emitter.when(is_not(emitter.load(current), ast.Constant(None)), then, other)
    return Operand(result, never_absent=True)


def _multi_list(emitter: Emitter, node: Node, current: Operand) -> Operand:
    def make() -> tuple[ast.expr, Operand]:
        parts = [_value(emitter, child, current) for child in node["children"]]
        common = frozenset.intersection(*(part.keys for part in parts))
        facts = Operand(known_map=all(part.known_map for part in parts), keys=common)
        return ast.List([emitter.load(part) for part in parts], ast.Load()), Operand(elements=facts)

    return _guarded(emitter, current, make)


def _multi_dict(emitter: Emitter, node: Node, current: Operand) -> Operand:
    if current.known_map:
        return _parts(emitter, node, current)

    def make() -> tuple[ast.expr, Operand]:
        made = _parts(emitter, node, current)
        return emitter.load(made), Operand()

    return _guarded(emitter, current, make)


def _parts(emitter: Emitter, node: Node, current: Operand) -> Operand:
    """A map that is built only if someone needs it whole."""
    parts = {one["value"]: _value(emitter, one["children"][0], current) for one in node["children"]}
    return Operand(parts=parts, known_map=True, keys=frozenset(parts), never_absent=True)


def _function(emitter: Emitter, node: Node, current: Operand) -> Operand:
    args = [emitter.load(_value(emitter, child, current)) for child in node["children"]]
    return emitter.let(emitter.call(do.FUNCTIONS[node["value"]], *args), never_absent=True)


# -- truth ---------------------------------------------------------------------------------------------


def true(emitter: Emitter, operand: Operand) -> ast.expr:
    """JMESPath's truth of an operand as a test."""
    if operand.known_bool:
        return emitter.load(operand)
    strict = _strict(emitter, operand)
    zero = negate(emitter.call(do.false, emitter.load(strict)))
    return either(emitter.load(strict), both(is_not(emitter.load(strict), ast.Constant(None)), zero))


def _logic(emitter: Emitter, node: Node, current: Operand) -> Operand:
    left = _value(emitter, node["children"][0], current)
    result = emitter.new()
    emitter.set(result, emitter.load(left))
    with emitter.block() as then:
        emitter.set(result, emitter.load(_value(emitter, node["children"][1], current)))
    test = true(emitter, left)
    emitter.when(negate(test) if node["type"] == "or_expression" else test, then)
    return Operand(result, never_absent=True)


def _not(emitter: Emitter, node: Node, current: Operand) -> Operand:
    test = true(emitter, emit(emitter, node["children"][0], current))
    return emitter.let(negate(test), known_bool=True)


def _comparator(emitter: Emitter, node: Node, current: Operand) -> Operand:
    left, right = (_value(emitter, child, current) for child in node["children"])
    if left.constant and right.constant:
        return Operand(value=do.COMPARISONS[node["value"]](left.value, right.value))
    equality = {"eq": (ast.Eq(), ast.Is()), "ne": (ast.NotEq(), ast.IsNot())}.get(node["value"])
    if equality:
        for one, other in ((left, right), (right, left)):
            if one.constant and isinstance(one.value, (str, bool, type(None))):
                op = equality[0] if isinstance(one.value, str) else equality[1]
                return emitter.let(ast.Compare(emitter.load(other), [op], [emitter.load(one)]), known_bool=True)
    compared = emitter.call(do.COMPARISONS[node["value"]], emitter.load(left), emitter.load(right))
    return emitter.let(compared, known_bool=bool(equality), never_absent=True)


EMITTERS: Final[dict[str, Callable[[Emitter, Node, Operand], Operand]]] = {
    "and_expression": _logic,
    "comparator": _comparator,
    "current": lambda emitter, node, current: current,
    "field": _field,
    "filter_projection": _projection,
    "flatten": _flatten,
    "function_expression": _function,
    "identity": lambda emitter, node, current: current,
    "index": _index,
    "index_expression": _chain,
    "literal": lambda emitter, node, current: Operand(value=node["value"]),
    "multi_select_dict": _multi_dict,
    "multi_select_list": _multi_list,
    "not_expression": _not,
    "or_expression": _logic,
    "pipe": _chain,
    "projection": _projection,
    "slice": _slice,
    "subexpression": _chain,
    "value_projection": _projection,
}


def emit_lines(emitter: Emitter, path: Path, current: Operand) -> list[tuple[ast.expr, Operand]] | None:
    """The elements of a path that writes out its list (`[{...}, {...}] | [?x]`): when each is there, and its map."""
    tree, conditions = path.tree, []
    if tree["type"] == "pipe" and tree["children"][1]["type"] == "filter_projection":
        tree, chosen = tree["children"]
        if any(child["type"] != "identity" for child in chosen["children"][:2]):
            return None
        conditions = chosen["children"][2:]
    written = tree["type"] == "multi_select_list" and 0 < len(tree["children"]) <= _WRITTEN_OUT
    if not written or not current.known_map or any(one["type"] != "multi_select_dict" for one in tree["children"]):
        return None
    lines = []
    for element in tree["children"]:
        parts = _parts(emitter, element, current)
        tests = [true(emitter, emit(emitter, one, parts)) for one in conditions]
        lines.append((both(*tests) if tests else ast.Constant(True), parts))
    return lines


def extractor(path: Path) -> Callable[[Any], Any]:
    """A path as a function of a value."""
    emitter = Emitter()
    result = emit_path(emitter, path, Operand("value"))
    return emitter.function(["value"], emitter.load(result), "<path>", 1)
