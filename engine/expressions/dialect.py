"""The closed Jinja dialect: turns a parsed syntax tree into our nodes and refuses everything else.

A node class without a reader in the table at the end is refused, so what Jinja learns later is refused too.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.expressions import lexing
from engine.expressions import nodes as ours
from engine.expressions.errors import DEPTH_LIMIT, NUMBER_LIMIT, nearest

if TYPE_CHECKING:
    pass
from engine.expressions.call_readers import read_call, read_filter, read_test
from engine.expressions.reader import Reader


def read_expression(text: str, names: frozenset[str]) -> ours.Expr:
    """The checked tree of an expression."""
    text = lexing.with_plain_newlines(text)
    tree: ours.Expr = Reader(text, names, READERS).read(lexing.parse_expression(text))
    return tree


def read_template(text: str, names: frozenset[str]) -> ours.Template:
    """The checked tree of a template."""
    text = lexing.with_plain_newlines(text)
    return _body(Reader(text, names, READERS), lexing.parse_template(text).body)


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
    "Call": read_call,
    "Compare": _compare,
    "Concat": _concat,
    "CondExpr": _either,
    "Const": _const,
    "Dict": _dict,
    "Div": _arithmetic("div"),
    "Filter": read_filter,
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
    "Test": read_test,
    "Tuple": _list,
}
