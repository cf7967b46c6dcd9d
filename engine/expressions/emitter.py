"""Builds one Python function out of `ast` nodes, statement by statement.

User text enters only as constants; the only names called are those bound here; there are no builtins and no
attribute access. Reads of the same member of the same value are emitted once per block.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from types import CodeType
from typing import Any, Final

from engine.model.values import ABSENT

PATIENCE: Final = 100
"""How often reading several members at once may fail before they are read one by one for good."""
_OFTEN: Final = 10
_LITERALS: Final = (str, int, bool, type(None))


@dataclass(frozen=True, slots=True)
class Operand:
    """A value in generated code: a local variable, or a constant."""

    local: str = ""
    value: Any = None
    known_map: bool = False
    """It is certainly a dict, with these `keys` at least."""
    keys: frozenset[str] = frozenset()
    known_bool: bool = False
    never_absent: bool = False
    elements: Operand | None = None
    """It is certainly a list, and this is true of its elements (no local)."""
    parts: Mapping[str, Operand] | None = None
    """It is a dict that nobody has built: these are its members."""

    @property
    def constant(self) -> bool:
        """True when the value is known now."""
        return not self.local and self.parts is None


class Emitter:
    """The body of the function under construction."""

    def __init__(self) -> None:
        self.line = 1
        self.body: list[ast.stmt] = []
        self.known: list[dict[tuple[str, str], Operand]] = [{}]
        self.bound: dict[str, Any] = {}
        self._names: dict[int, str] = {}
        self._count = 0

    # -- names and constants ---------------------------------------------------------------------------

    def new(self) -> str:
        """A fresh local variable."""
        self._count += 1
        return f"v{self._count}"

    def bind(self, thing: Any) -> ast.expr:
        """A reference to an object of ours."""
        name = self._names.get(id(thing))
        if name is None:
            label = str(getattr(thing, "__name__", ""))
            name = f"g{len(self._names)}_{label}" if label.isidentifier() else f"g{len(self._names)}"
            self._names[id(thing)] = name
            self.bound[name] = thing
        return ast.Name(name, ast.Load())

    def constant(self, value: Any) -> ast.expr:
        """A literal; what Python has no literal for is bound."""
        if type(value) in _LITERALS:
            return ast.Constant(value)
        return self.bind(value)

    def load(self, operand: Operand) -> ast.expr:
        """The value of an operand."""
        if operand.parts is not None:
            keys: list[ast.expr | None] = [ast.Constant(key) for key in operand.parts]
            return ast.Dict(keys, [self.load(part) for part in operand.parts.values()])
        return self.constant(operand.value) if operand.constant else ast.Name(operand.local, ast.Load())

    # -- statements ------------------------------------------------------------------------------------

    def add(self, statement: ast.stmt) -> None:
        """One statement at the line of the YAML."""
        statement.lineno = statement.end_lineno = self.line
        statement.col_offset = statement.end_col_offset = 0
        self.body.append(statement)

    def set(self, local: str, value: ast.expr) -> None:
        """local = value."""
        self.add(ast.Assign([ast.Name(local, ast.Store())], value))

    def let(self, value: ast.expr, *, known_bool: bool = False, never_absent: bool = False) -> Operand:
        """A new local with this value."""
        local = self.new()
        self.set(local, value)
        return Operand(local, known_bool=known_bool, never_absent=never_absent)

    def call(self, function: Callable[..., Any], *args: ast.expr) -> ast.expr:
        """A call of one of our functions."""
        return ast.Call(self.bind(function), list(args), [])

    @contextmanager
    def block(self) -> Iterator[list[ast.stmt]]:
        """Statements that run only under a condition: what they find out is forgotten after them."""
        outer, self.body = self.body, []
        self.known.append({})
        try:
            yield self.body
        finally:
            self.body = outer
            self.known.pop()

    def when(self, test: ast.expr, then: list[ast.stmt], other: Sequence[ast.stmt] = ()) -> None:
        """if test: then else: other."""
        if not then and not other:
            return
        if not then:
            test, then, other = ast.UnaryOp(ast.Not(), test), list(other), ()
        self.add(ast.If(test, then, list(other)))

    def loop(self, local: str, over: ast.expr, body: list[ast.stmt]) -> None:
        """for local in over: body."""
        self.add(ast.For(ast.Name(local, ast.Store()), over, body or [ast.Pass()], []))

    # -- reading ---------------------------------------------------------------------------------------

    def recall(self, key: tuple[str, str]) -> Operand | None:
        """What is known already at this point."""
        return next((facts[key] for facts in reversed(self.known) if key in facts), None)

    def member(self, base: Operand, name: str) -> Operand:
        """A member of a value by name, absent when it is not there."""
        if base.parts is not None:
            return base.parts.get(name, Operand(value=ABSENT))
        if base.constant:
            there = type(base.value) is dict and name in base.value
            return Operand(value=base.value[name] if there else ABSENT)
        key = (base.local, f".{name}")
        found = self.recall(key)
        if found is None:
            read = ast.Subscript(self.load(base), ast.Constant(name), ast.Load())
            if name in base.keys:
                found = self.let(read, never_absent=True)
            else:
                found = self.let(ast.IfExp(self._inside(base, name), read, self.bind(ABSENT)))
            self.known[-1][key] = found
        return found

    def _inside(self, base: Operand, name: str) -> ast.expr:
        inside = ast.Compare(ast.Constant(name), [ast.In()], [self.load(base)])
        return inside if base.known_map else both(self.is_map(base), inside)

    def members(self, base: Operand, names: Sequence[str]) -> None:
        """Read members of a map that has them as a rule: in one attempt, until that has failed too often."""
        found = {name: Operand(self.new()) for name in names}
        patience = self.bind([None] * PATIENCE)
        ready = patience if base.known_map else both(patience, self.is_map(base))
        with self.block() as attempt:
            for name, operand in found.items():
                self.set(operand.local, ast.Subscript(self.load(base), ast.Constant(name), ast.Load()))
        with self.block() as missed:
            self.add(ast.Expr(self.call(list.pop, patience)))
            self._one_by_one(base, found)
        with self.block() as then:
            self.add(ast.Try(attempt, [ast.ExceptHandler(self.bind(KeyError), None, missed)], [], []))
        with self.block() as other:
            self._one_by_one(base, found)
        self.when(ready, then, other)
        self.known[-1].update({(base.local, f".{name}"): operand for name, operand in found.items()})

    def _one_by_one(self, base: Operand, found: dict[str, Operand]) -> None:
        for name, operand in found.items():
            read = ast.Subscript(self.load(base), ast.Constant(name), ast.Load())
            self.set(operand.local, ast.IfExp(self._inside(base, name), read, self.bind(ABSENT)))

    def is_map(self, base: Operand) -> ast.expr:
        """Whether a value is a dict, asked once."""
        key = (base.local, "{}")
        found = self.recall(key)
        if found is None:
            found = self.let(is_(self.type_of(base), self.bind(dict)))
            self.known[-1][key] = found
        return self.load(found)

    def type_of(self, operand: Operand) -> ast.expr:
        """type(value)."""
        return self.call(type, self.load(operand))

    def is_text(self, operand: Operand) -> ast.expr:
        """Whether a value is a text."""
        return is_(self.type_of(operand), self.bind(str))

    # -- the whole -------------------------------------------------------------------------------------

    def function(self, args: Sequence[str], result: ast.expr, file: str, line: int) -> Callable[..., Any]:
        """The function made of the statements so far and a return."""
        self.add(ast.Return(result))
        self._keep_near()
        code = self.code(args, file, line)
        scope: dict[str, Any] = {"__builtins__": {}, **self.bound}
        exec(code, scope)  # noqa: S102 (made of ast nodes above, never of text)
        made: Callable[..., Any] = scope["generated"]
        return made

    def _keep_near(self) -> None:
        """What is used often becomes a local: Python finds locals faster than globals."""
        used = [node for part in self.body for node in ast.walk(part) if isinstance(node, ast.Name)]
        counts = Counter(node.id for node in used if node.id in self.bound)
        near = {name: f"n_{name}" for name, count in counts.items() if count >= _OFTEN}
        for node in used:
            node.id = near.get(node.id, node.id)
        start, self.body = self.body, []
        for name, local in near.items():
            self.set(local, ast.Name(name, ast.Load()))
        self.body += start

    def tree(self, args: Sequence[str], line: int) -> ast.Module:
        """The function as a syntax tree."""
        parameters = ast.arguments([], [ast.arg(name) for name in args], None, [], [], None, [])
        definition = ast.FunctionDef("generated", parameters, self.body, [], None)
        vars(definition).setdefault("type_params", [])
        definition.lineno = definition.end_lineno = line
        definition.col_offset = definition.end_col_offset = 0
        return ast.fix_missing_locations(ast.Module([definition], []))

    def code(self, args: Sequence[str], file: str, line: int) -> CodeType:
        """The function, compiled under the name of the YAML file."""
        return compile(self.tree(args, line), file, "exec")


# -- small expressions ---------------------------------------------------------------------------------


def is_(left: ast.expr, right: ast.expr) -> ast.expr:
    """left is right."""
    if _plain_literal(left) or _plain_literal(right):
        return ast.Constant(False)
    return ast.Compare(left, [ast.Is()], [right])


def is_not(left: ast.expr, right: ast.expr) -> ast.expr:
    """left is not right."""
    if _plain_literal(left) or _plain_literal(right):
        return ast.Constant(True)
    return ast.Compare(left, [ast.IsNot()], [right])


def _plain_literal(node: ast.expr) -> bool:
    """A text or a number: never one of the objects that identity is asked of."""
    return isinstance(node, ast.Constant) and not isinstance(node.value, (bool, type(None)))


def both(*tests: ast.expr) -> ast.expr:
    """tests joined by and."""
    return tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), list(tests))


def either(*tests: ast.expr) -> ast.expr:
    """tests joined by or."""
    return tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), list(tests))


def negate(test: ast.expr) -> ast.expr:
    """not test."""
    return ast.UnaryOp(ast.Not(), test)


def null_or_absent(emitter: Emitter, operand: Operand) -> ast.expr:
    """value is None or value is ABSENT."""
    load = emitter.load
    return either(is_(load(operand), ast.Constant(None)), is_(load(operand), emitter.bind(ABSENT)))


def there(emitter: Emitter, operand: Operand) -> ast.expr:
    """value is neither None nor ABSENT."""
    load = emitter.load
    return both(is_not(load(operand), ast.Constant(None)), is_not(load(operand), emitter.bind(ABSENT)))


def is_literal(value: Any) -> bool:
    """True for a value that Python writes as a literal, and for an exact number."""
    return type(value) in _LITERALS or type(value) is Decimal
