"""Filters and tests of the dialect: their names and arguments are checked; every other call is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from engine.expressions import nodes as ours
from engine.expressions.errors import nearest
from engine.expressions.filters import CHOOSERS, FILTERS, Param
from engine.expressions.predicates import PREDICATES

if TYPE_CHECKING:
    pass
from engine.expressions.reader import SAY, Reader

_CALLS: Final = frozenset({"split", "replace", "lower", "upper", "title", "capitalize", "join"})
_CALL_NAMES: Final = {"strip": "trim", "len": "length", "str": "string", "format": "~", "get": "default"}
_RENAMED: Final = {"float": "decimal", "e": "string", "escape": "string"}


def read_call(reader: Reader, node: Any) -> NoReturn:
    called = node.node
    name = getattr(called, "attr", None) or getattr(called, "name", "")
    hint = SAY["Call"][1]
    if name in _CALLS or name in _CALL_NAMES:
        hint = f"use the filter: `value | {_CALL_NAMES.get(name, name)}`"
    what = f"`{name}(...)`" if name else "something"
    reader.fail(node, f"calling {what} is not part of the expression language", hint)


def _no_stars(reader: Reader, node: Any) -> None:
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        reader.fail(node, "`*` and `**` before arguments are not part of the expression language")


def read_filter(reader: Reader, node: Any) -> ours.Expr:
    _no_stars(reader, node)
    if node.node is None:
        reader.fail(node, "a filter block is not part of the expression language")
    if node.name in CHOOSERS:
        return _chooser(reader, node)
    if node.name == "map" and node.args:
        return _map_with(reader, node)
    spec = FILTERS.get(node.name)
    if spec is None:
        known = [*FILTERS, *CHOOSERS]
        hint = f"use `{_RENAMED[node.name]}`" if node.name in _RENAMED else nearest(node.name, known)
        reader.fail(node, f"there is no filter `{node.name}`", hint, "unknown-filter")
    value = reader.read(node.node)
    return ours.Filter(node.name, value, _arguments(reader, node, spec.params, node.args, node.kwargs))


def _arguments(reader: Reader, node: Any, params: tuple[Param, ...], args: Any, kwargs: Any) -> tuple[ours.Expr, ...]:
    given = dict(zip((param.name for param in params), args, strict=False))
    names = [param.name for param in params]
    for keyword in kwargs:
        if keyword.key not in names or keyword.key in given:
            reader.fail(keyword, f"`{node.name}` takes no `{keyword.key}` here", nearest(keyword.key, names))
        given[keyword.key] = keyword.value
    if len(args) > len(params):
        reader.fail(node, f"`{node.name}` takes at most {len(params)} argument(s)")
    return tuple(_argument(reader, node, param, given.get(param.name)) for param in params)


def _argument(reader: Reader, node: Any, param: Param, given: Any) -> ours.Expr:
    if given is None:
        if param.default is ...:
            reader.fail(node, f"`{node.name}` needs `{param.name}`")
        return ours.Const(param.default)
    value: ours.Expr = reader.read(given)
    if param.literal:
        if not isinstance(value, ours.Const) or type(value.value) is not str:
            reader.fail(given, f"`{param.name}` of `{node.name}` is a text in quotes")
        if "__" in value.value:
            reader.fail(given, "names that start with `__` are not read")
    return value


def _literal(reader: Reader, node: Any, given: Any, what: str) -> str:
    if type(given).__name__ != "Const" or type(given.value) is not str:
        reader.fail(given, f"`{node.name}` takes the name of {what} in quotes")
    reader.count += 1
    name: str = given.value
    return name


def _map_with(reader: Reader, node: Any) -> ours.Expr:
    name = _literal(reader, node, node.args[0], "a filter")
    spec = FILTERS.get(name)
    if spec is None:
        reader.fail(node.args[0], f"there is no filter `{name}`", nearest(name, FILTERS), "unknown-filter")
    value = reader.read(node.node)
    args = _arguments(reader, node, spec.params, node.args[1:], node.kwargs)
    return ours.Filter("map_with", value, (ours.Const(name), *args))


def _chooser(reader: Reader, node: Any) -> ours.Expr:
    keeps, by_attribute = CHOOSERS[node.name]
    if node.kwargs or (by_attribute and not node.args):
        reader.fail(node, f"`{node.name}` takes an attribute, the name of a test and its argument, in this order")
    rest = list(node.args)
    attribute = _literal(reader, node, rest.pop(0), "an attribute") if by_attribute else None
    if attribute is not None and "__" in attribute:
        reader.fail(node, "names that start with `__` are not read")
    test = rest.pop(0) if rest else None
    name = "truthy" if test is None else _literal(reader, node, test, "a test")
    _check_predicate(reader, test or node, name, len(rest))
    args = tuple(reader.read(one) for one in rest)
    value = reader.read(node.node)
    return ours.Filter("chosen" if keeps else "rejected", value, (ours.Const(attribute), ours.Const(name), *args))


def _check_predicate(reader: Reader, node: Any, name: str, count: int) -> None:
    spec = PREDICATES.get(name)
    if spec is None:
        reader.fail(node, f"there is no test `{name}`", nearest(name, PREDICATES), "unknown-test")
    if count != spec.arity:
        reader.fail(node, f"the test `{name}` takes {spec.arity} argument(s)")


def read_test(reader: Reader, node: Any) -> ours.Expr:
    _no_stars(reader, node)
    _check_predicate(reader, node, node.name, len(node.args) + len(node.kwargs))
    if node.kwargs:
        reader.fail(node, f"the test `{node.name}` takes its argument without a name")
    value = reader.read(node.node)
    return ours.Predicate(node.name, value, tuple(reader.read(one) for one in node.args))
