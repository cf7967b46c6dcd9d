"""What the emitters of a mapping share: the frame of a row, its result, small pieces of code."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.expressions import row_steps as do
from engine.expressions.emit_expression import emit_expression, emit_template
from engine.expressions.emit_path import emit_path
from engine.expressions.emitter import Emitter, Operand, both, either, negate, null_or_absent
from engine.model.errors import ConcordError
from engine.model.values import ABSENT, is_blank
from engine.spec.mapping import Row, Source, Text


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a row stands: what its paths start at, the names of its expressions, the name of what it is part of."""

    current: Operand
    names: Mapping[str, Operand]
    within: Callable[[], list[ast.expr]] | None = None
    """The pieces of an f-string."""
    filler: str = ""
    """Local that tells whether a literal or a default gave the value; "" where nobody asks."""
    absent: str = ""
    """Local that lists the targets which turned out absent on the way; "" where they are put one by one."""

    @property
    def known_names(self) -> frozenset[str]:
        """The names that expressions may use here."""
        return do.LINE_NAMES if "item" in self.names else do.NAMES


@dataclass(frozen=True, slots=True)
class Rows:
    """What the rows of one function share; `source` emits a source into a local."""

    emitter: Emitter
    library: do.Library
    targets: frozenset[str]
    source: Callable[[Rows, Source, str, Frame], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What a row leaves: its value, whether a default gave it, whether only a filler did, whether it may be absent.

    `listed`: when it is absent, the frame's `absent` names it.
    """

    value: Operand
    default: str = ""
    filler: str = ""
    gone: Literal["never", "listed", "maybe"] = "maybe"


# -- small pieces -----------------------------------------------------------------------------------------


def blank(emitter: Emitter, operand: Operand) -> ast.expr:
    """Whether a value is blank, decided in place for texts."""
    if operand.constant or operand.parts is not None:
        return ast.Constant(is_blank(operand.value) if operand.parts is None else not operand.parts)
    empty = either(negate(emitter.load(operand)), emitter.call(str.isspace, emitter.load(operand)))
    other = either(null_or_absent(emitter, operand), emitter.call(is_blank, emitter.load(operand)))
    return ast.IfExp(emitter.is_text(operand), empty, other)


def blank_map(emitter: Emitter, operand: Operand) -> ast.expr:
    """The same, decided in place for maps."""
    if operand.constant or operand.parts is not None:
        return blank(emitter, operand)
    return ast.IfExp(emitter.is_map(operand), negate(emitter.load(operand)), blank(emitter, operand))


def emit_text(rows: Rows, text: Text, frame: Frame) -> Operand:
    """The value of a path, an expression or a template."""
    tree = do.tree_of(text, frame.known_names, rows.targets)
    if text.kind == "path":
        return emit_path(rows.emitter, tree, frame.current)
    if text.kind == "expr":
        return emit_expression(rows.emitter, tree, frame.names)
    return emit_template(rows.emitter, tree, frame.names)


def target_name(frame: Frame, name: str) -> ast.expr:
    """A target's full name as an expression."""
    pieces = target_pieces(frame, name)
    return ast.JoinedStr(pieces) if len(pieces) > 1 else pieces[0]


def target_pieces(frame: Frame, name: str) -> list[ast.expr]:
    """The pieces of a target's full name."""
    if frame.within is None:
        return [ast.Constant(name)]
    return [*frame.within(), ast.Constant(f".{name}")]


def append(emitter: Emitter, local: str, item: ast.expr) -> None:
    """local += (item,): `defaults` and `problems` are tuples that are nearly always empty."""
    emitter.add(ast.AugAssign(ast.Name(local, ast.Store()), ast.Add(), ast.Tuple([item], ast.Load())))


def flag(emitter: Emitter, local: str, value: bool) -> None:
    """local = True or False, where there is such a local."""
    if local:
        emitter.set(local, ast.Constant(value))


def guard(rows: Rows, row: Row, frame: Frame, value: Operand, attempt: list[ast.stmt]) -> None:
    """try: attempt; a failure is a problem, and the field is absent."""
    emitter = rows.emitter
    with emitter.block() as handler:
        error = ast.Name("error", ast.Load())
        append(emitter, "problems", emitter.call(do.failed, target_name(frame, row.target), error))
        emitter.set(value.local, emitter.bind(ABSENT))
    emitter.add(ast.Try(attempt, [ast.ExceptHandler(emitter.bind(ConcordError), "error", handler)], [], []))


def say_too_long(rows: Rows, row: Row, frame: Frame, value: Operand, *, known_text: bool = False) -> None:
    if row.type.length:
        emitter = rows.emitter
        count = emitter.call(len, emitter.load(value))
        long: ast.expr = ast.Compare(count, [ast.Gt()], [ast.Constant(row.type.length)])
        say(rows, row, frame, "too_long", long if known_text else both(emitter.is_text(value), long))


def say(rows: Rows, row: Row, frame: Frame, kind: str, test: ast.expr) -> None:
    emitter = rows.emitter
    with emitter.block() as then:
        append(emitter, "problems", emitter.call(do.problem, target_name(frame, row.target), ast.Constant(kind)))
    emitter.when(test, then)
