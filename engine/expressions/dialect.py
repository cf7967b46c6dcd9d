"""The closed Jinja dialect: turns a parsed syntax tree into our nodes and refuses everything else.

A node class without a reader in the table at the end is refused, so what Jinja learns later is refused too.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NoReturn

from engine.expressions import lexing
from engine.expressions import nodes as ours
from engine.expressions.errors import DEPTH_LIMIT, NODE_LIMIT, NUMBER_LIMIT, ExpressionError, nearest
from engine.expressions.filters import CHOOSERS, FILTERS, Param
from engine.expressions.predicates import PREDICATES

if TYPE_CHECKING:
    from jinja2 import nodes

_SAY: Final[dict[str, tuple[str, str]]] = {
    "Call": ("calling something", "use a filter: `value | filter(...)`"),
    "Pow": ("`**`", "multiply instead"),
    "For": ("`{% for %}`", "use `each` in the mapping, or the filters map, select, join"),
    "Assign": ("`{% set %}`", "make it a row of its own and read `mapped.name`"),
    "Slice": ("a slice with computed bounds", "use whole numbers, or `truncate`"),
}
_CALLS: Final = frozenset({"split", "replace", "lower", "upper", "title", "capitalize", "join"})
_CALL_NAMES: Final = {"strip": "trim", "len": "length", "str": "string", "format": "~", "get": "default"}
_RENAMED: Final = {"float": "decimal", "e": "string", "escape": "string"}


class Reader:
    """Reads one text: counts nodes and depth, knows the names of the scope."""

    def __init__(self, text: str, names: frozenset[str]) -> None:
        self.text = text
        self.names = names
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
        reader = READERS.get(type(node).__name__)
        if reader is None:
            what, hint = _SAY.get(type(node).__name__, (f"`{type(node).__name__.lower()}`", ""))
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
            what, hint = _SAY["Slice"]
            self.fail(node, f"{what} is not part of the expression language", hint)
        return found.value


def read_expression(text: str, names: frozenset[str]) -> ours.Expr:
    """The checked tree of an expression."""
    text = lexing.with_plain_newlines(text)
    tree: ours.Expr = Reader(text, names).read(lexing.parse_expression(text))
    return tree


def read_template(text: str, names: frozenset[str]) -> ours.Template:
    """The checked tree of a template."""
    text = lexing.with_plain_newlines(text)
    return _body(Reader(text, names), lexing.parse_template(text).body)


# -- one reader per node class -------------------------------------------------------------------------


def _const(reader: Reader, node: Any) -> ours.Expr:
    value = node.value
    if type(value) in (int, Decimal) and not -NUMBER_LIMIT <= value <= NUMBER_LIMIT:
        reader.fail(node, "a number beyond all use")
    if type(value) is Decimal and value.as_tuple().exponent < -200:  # type: ignore[operator]
        reader.fail(node, "a number beyond all use")
    return ours.Const(value)


def _name(reader: Reader, node: Any) -> ours.Expr:
    if node.name not in reader.names:
        code = "expression-not-allowed" if node.name.startswith("_") else "unknown-name"
        reader.fail(node, f"`{node.name}` is not a name that stands here", nearest(node.name, reader.names), code)
    if node.name == "mapped" and not reader.by_member:
        reader.fail(node, "`mapped` is read field by field", "write `mapped.name`")
    return ours.Name(node.name)


def _base(reader: Reader, node: Any) -> Any:
    """What a member is taken of."""
    reader.by_member = type(node).__name__ == "Name"
    base = reader.read(node)
    reader.by_member = False
    return base


def _getattr(reader: Reader, node: Any) -> ours.Expr:
    if node.attr.startswith("_"):
        reader.fail(node, f"`.{node.attr}`: names that start with `_` are not read with a dot", "write `['_name']`")
    return ours.Member(_base(reader, node.node), node.attr)


def _getitem(reader: Reader, node: Any) -> ours.Expr:
    literal = type(node.arg).__name__ == "Const" and type(node.arg.value) is str
    base = _base(reader, node.node) if literal else reader.read(node.node)
    if type(node.arg).__name__ == "Slice":
        part = node.arg
        step = reader.number(part.step)
        if step == 0:
            reader.fail(part, "a slice with step 0")
        return ours.Cut(base, reader.number(part.start), reader.number(part.stop), step)
    key = reader.read(node.arg)
    if not isinstance(key, ours.Const):
        return ours.Item(base, key)
    if type(key.value) not in (str, int):
        reader.fail(node, "only a text or a whole number can stand in `[...]`")
    if str(key.value).startswith("__"):
        reader.fail(node, "names that start with `__` are not read")
    return ours.Member(base, key.value)


def _logic(op: Any) -> Callable[[Reader, Any], ours.Expr]:
    return lambda reader, node: ours.Logic(op, reader.read(node.left), reader.read(node.right))


def _arithmetic(op: str) -> Callable[[Reader, Any], ours.Expr]:
    def read(reader: Reader, node: Any) -> ours.Expr:
        left, right = reader.read(node.left), reader.read(node.right)
        for side in (left, right):
            _check_operand(reader, node, side, "join texts with `~`" if op == "add" else "")
        return ours.Arithmetic(op, left, right)

    return read


def _neg(reader: Reader, node: Any) -> ours.Expr:
    value = reader.read(node.node)
    if isinstance(value, ours.Const) and type(value.value) in (int, Decimal):
        return ours.Const(-value.value if type(value.value) is int else value.value.copy_negate())
    return _signed(reader, node, "sub", value)


def _pos(reader: Reader, node: Any) -> ours.Expr:
    return _signed(reader, node, "add", reader.read(node.node))


def _signed(reader: Reader, node: Any, op: str, value: ours.Expr) -> ours.Expr:
    _check_operand(reader, node, value, "")
    return ours.Arithmetic(op, ours.Const(0), value)


def _check_operand(reader: Reader, node: Any, side: ours.Expr, hint: str) -> None:
    number = not isinstance(side, ours.Const) or type(side.value) in (int, Decimal)
    if isinstance(side, (ours.ListOf, ours.DictOf, ours.Concat)) or not number:
        reader.fail(node, "arithmetic takes numbers only", hint)


def _compare(reader: Reader, node: Any) -> ours.Expr:
    return ours.Compare(reader.read(node.expr), tuple((one.op, reader.read(one.expr)) for one in node.ops))


def _either(reader: Reader, node: Any) -> ours.Expr:
    other = None if node.expr2 is None else reader.read(node.expr2)
    return ours.Either(reader.read(node.test), reader.read(node.expr1), other)


def _dict(reader: Reader, node: Any) -> ours.Expr:
    pairs = []
    for pair in node.items:
        key = reader.read(pair.key)
        if not isinstance(key, ours.Const) or type(key.value) is not str:
            reader.fail(pair, "the keys of a map are texts in quotes")
        pairs.append((key.value, reader.read(pair.value)))
    return ours.DictOf(tuple(pairs))


def _list(reader: Reader, node: Any) -> ours.Expr:
    return ours.ListOf(tuple(reader.read(one) for one in node.items))


def _concat(reader: Reader, node: Any) -> ours.Expr:
    return ours.Concat(tuple(reader.read(one) for one in node.nodes))


def _call(reader: Reader, node: Any) -> NoReturn:
    called = node.node
    name = getattr(called, "attr", None) or getattr(called, "name", "")
    hint = _SAY["Call"][1]
    if name in _CALLS or name in _CALL_NAMES:
        hint = f"use the filter: `value | {_CALL_NAMES.get(name, name)}`"
    what = f"`{name}(...)`" if name else "something"
    reader.fail(node, f"calling {what} is not part of the expression language", hint)


# -- filters and tests ---------------------------------------------------------------------------------


def _no_stars(reader: Reader, node: Any) -> None:
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        reader.fail(node, "`*` and `**` before arguments are not part of the expression language")


def _filter(reader: Reader, node: Any) -> ours.Expr:
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


def _test(reader: Reader, node: Any) -> ours.Expr:
    _no_stars(reader, node)
    _check_predicate(reader, node, node.name, len(node.args) + len(node.kwargs))
    if node.kwargs:
        reader.fail(node, f"the test `{node.name}` takes its argument without a name")
    value = reader.read(node.node)
    return ours.Predicate(node.name, value, tuple(reader.read(one) for one in node.args))


# -- templates -----------------------------------------------------------------------------------------


def _body(reader: Reader, body: list[Any]) -> ours.Template:
    pieces: list[Any] = []
    for node in body:
        kind = type(node).__name__
        if kind == "Output":
            pieces += [one.data if type(one).__name__ == "TemplateData" else reader.read(one) for one in node.nodes]
        elif kind == "If":
            pieces.append(_branch(reader, node))
        else:
            reader.read(node)
            reader.fail(node, f"`{kind.lower()}` is not part of the expression language")
    return ours.Template(tuple(pieces))


def _branch(reader: Reader, node: Any) -> ours.Branch:
    reader.depth += 1
    if reader.depth > DEPTH_LIMIT:
        reader.fail(node, "nested too deep")
    cases = tuple((reader.read(one.test), _body(reader, one.body)) for one in (node, *node.elif_))
    other = _body(reader, node.else_)
    reader.depth -= 1
    return ours.Branch(cases, other)


READERS: Final[dict[str, Callable[[Reader, Any], ours.Expr]]] = {
    "Add": _arithmetic("add"),
    "And": _logic("and"),
    "Call": _call,
    "Compare": _compare,
    "Concat": _concat,
    "CondExpr": _either,
    "Const": _const,
    "Dict": _dict,
    "Div": _arithmetic("div"),
    "Filter": _filter,
    "FloorDiv": _arithmetic("floordiv"),
    "Getattr": _getattr,
    "Getitem": _getitem,
    "List": _list,
    "Mod": _arithmetic("mod"),
    "Mul": _arithmetic("mul"),
    "Name": _name,
    "Neg": _neg,
    "Not": lambda reader, node: ours.Not(reader.read(node.node)),
    "Or": _logic("or"),
    "Pos": _pos,
    "Sub": _arithmetic("sub"),
    "Test": _test,
    "Tuple": _list,
}
