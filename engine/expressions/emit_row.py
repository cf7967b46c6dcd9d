"""One row to Python: `when`, overrides, source, default, functions, table, lookups, type, `missing`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from engine.expressions import row_steps as do
from engine.expressions.emit_expression import emit_expression, emit_template
from engine.expressions.emit_path import emit_path
from engine.expressions.emitter import Emitter, Operand, both, either, is_, is_not, negate, there
from engine.model.errors import ConcordError
from engine.model.values import ABSENT, UNKNOWN, Pending, is_blank
from engine.spec.mapping import Call, Literally, Row, Source, Text

FITTING: Final[dict[str, type]] = {"text": str, "boolean": bool, "integer": int}
"""Types whose values need no coercion when they are of this Python type already."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a row stands: what its paths start at, the names of its expressions, the name of what it is part of."""

    current: Operand
    names: Mapping[str, Operand]
    within: Callable[[], ast.expr] | None = None
    filler: str = ""
    """Local that tells whether a literal or a default gave the value; "" where nobody asks."""

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
    """The locals of a row: its value, whether a default gave it, whether only a filler did."""

    value: Operand
    default: str = ""
    filler: str = ""


# -- small pieces -----------------------------------------------------------------------------------------


def blank(emitter: Emitter, operand: Operand) -> ast.expr:
    """Whether a value is blank, decided in place for texts."""
    if operand.constant:
        return ast.Constant(is_blank(operand.value))
    empty = either(negate(emitter.load(operand)), emitter.call(str.isspace, emitter.load(operand)))
    return ast.IfExp(emitter.is_text(operand), empty, emitter.call(is_blank, emitter.load(operand)))


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
    if frame.within is None:
        return ast.Constant(name)
    return ast.JoinedStr([ast.FormattedValue(frame.within(), -1, None), ast.Constant(f".{name}")])


def append(emitter: Emitter, local: str, item: ast.expr) -> None:
    """local += (item,): `defaults` and `problems` are tuples that are nearly always empty."""
    emitter.add(ast.AugAssign(ast.Name(local, ast.Store()), ast.Add(), ast.Tuple([item], ast.Load())))


def flag(emitter: Emitter, local: str, value: bool) -> None:
    """local = True or False, where there is such a local."""
    if local:
        emitter.set(local, ast.Constant(value))


# -- the row ----------------------------------------------------------------------------------------------


def emit_row(rows: Rows, row: Row, frame: Frame) -> Result:
    """The final value of a row in a local of its own."""
    emitter = rows.emitter
    emitter.line = row.place.line or emitter.line
    result = Result(Operand(emitter.new()), emitter.new() if row.default else "", frame.filler)
    exists = emitter.new() if row.when and row.missing != "leave" else ""
    flag(emitter, result.default, False)
    flag(emitter, result.filler, False)
    flag(emitter, exists, True)
    with emitter.block() as attempt:
        _when(rows, row, frame, result, exists)
    _attempt(rows, row, frame, result, attempt)
    _judge(rows, row, frame, result, exists)
    return result


def _when(rows: Rows, row: Row, frame: Frame, result: Result, exists: str) -> None:
    emitter = rows.emitter
    if row.when is None:
        _finish(rows, row, frame, result)
        return
    test = emitter.load(emit_text(rows, row.when, frame))
    with emitter.block() as then:
        _finish(rows, row, frame, result)
    with emitter.block() as other:
        emitter.set(result.value.local, emitter.bind(ABSENT))
        flag(emitter, exists, False)
    emitter.when(test, then, other)


def _attempt(rows: Rows, row: Row, frame: Frame, result: Result, attempt: list[ast.stmt]) -> None:
    emitter = rows.emitter
    if _cannot_fail(rows, row, frame):
        emitter.body.extend(attempt)
        return
    with emitter.block() as handler:
        error = ast.Name("error", ast.Load())
        append(emitter, "problems", emitter.call(do.failed, target_name(frame, row.target), error))
        emitter.set(result.value.local, emitter.bind(ABSENT))
    emitter.add(ast.Try(attempt, [ast.ExceptHandler(emitter.bind(ConcordError), "error", handler)], [], []))


def _cannot_fail(rows: Rows, row: Row, frame: Frame) -> bool:
    more = (row.when, row.override, row.default, row.apply, row.table, row.by, row.linked)
    if any(more) or (rows.library.coercer(row.type) is not None and do.needs_coercion(row)):
        return False
    if isinstance(row.source, Text) and row.source.kind == "path":
        return bool(do.tree_of(row.source, frame.known_names, rows.targets).steps)
    return isinstance(row.source, Literally)


def _judge(rows: Rows, row: Row, frame: Frame, result: Result, exists: str) -> None:
    emitter, value = rows.emitter, result.value
    if row.type.length:
        count = ast.Compare(
            emitter.call(len, emitter.load(value)), [ast.Gt()], [ast.Constant(row.type.length)]
        )
        _say(rows, row, frame, "too_long", both(emitter.is_text(value), count))
    if row.missing != "leave":
        tests = [blank(emitter, value)]
        _say(rows, row, frame, row.missing, both(*([ast.Name(exists, ast.Load())] if exists else []), *tests))
    if result.default:
        with emitter.block() as used:
            append(emitter, "defaults", target_name(frame, row.target))
        kept = is_not(emitter.load(value), emitter.bind(ABSENT))
        emitter.when(both(ast.Name(result.default, ast.Load()), kept), used)


def _say(rows: Rows, row: Row, frame: Frame, kind: str, test: ast.expr) -> None:
    emitter = rows.emitter
    with emitter.block() as then:
        append(emitter, "problems", emitter.call(do.problem, target_name(frame, row.target), ast.Constant(kind)))
    emitter.when(test, then)


# -- its steps --------------------------------------------------------------------------------------------


def _finish(rows: Rows, row: Row, frame: Frame, result: Result) -> None:
    _override(rows, row, frame, result)
    for call in row.apply:
        _apply(rows, call, result.value)
    if row.table is not None:
        _table(rows.emitter, row.table, result.value)
    if row.by or row.linked:
        _ask(rows, row, frame, result.value)
    change = rows.library.coercer(row.type) if do.needs_coercion(row) else None
    if change is not None:
        _coerce(rows.emitter, change, row.type.type, result.value)


def _override(rows: Rows, row: Row, frame: Frame, result: Result) -> None:
    wins = row.override.wins if row.override else None
    if wins is None:
        _sourced(rows, row, frame, result)
        return
    emitter = rows.emitter
    won = emit_text(rows, wins, frame)
    with emitter.block() as otherwise:
        _sourced(rows, row, frame, result)
    with emitter.block() as then:
        emitter.set(result.value.local, emitter.load(won))
    emitter.when(blank(emitter, won), otherwise, then)


def _sourced(rows: Rows, row: Row, frame: Frame, result: Result) -> None:
    emitter, value = rows.emitter, result.value
    inner = replace(frame, within=lambda: target_name(frame, row.target))
    rows.source(rows, row.source, value.local, inner)
    if row.default is not None:
        with emitter.block() as then:
            _default(rows, row.default, replace(inner, filler=""), result)
        emitter.when(blank(emitter, value), then)
    if row.override is not None and row.override.fills_in is not None:
        with emitter.block() as then:
            _fill(rows, row.override.fills_in, frame, result)
        emitter.when(blank(emitter, value), then)


def _default(rows: Rows, source: Source, frame: Frame, result: Result) -> None:
    emitter = rows.emitter
    default = Operand(emitter.new())
    rows.source(rows, source, default.local, frame)
    with emitter.block() as then:
        emitter.set(result.value.local, emitter.load(default))
        flag(emitter, result.default, True)
        flag(emitter, result.filler, True)
    emitter.when(negate(blank(emitter, default)), then)


def _fill(rows: Rows, text: Text, frame: Frame, result: Result) -> None:
    emitter = rows.emitter
    found = emit_text(rows, text, frame)
    with emitter.block() as then:
        emitter.set(result.value.local, emitter.load(found))
        flag(emitter, result.filler, False)
    emitter.when(negate(blank(emitter, found)), then)


def _apply(rows: Rows, call: Call, value: Operand) -> None:
    emitter, function = rows.emitter, rows.library.function(call.name)
    if function.takes_blank:
        args = [emitter.constant(function), emitter.constant(call.args), emitter.load(value)]
        emitter.set(value.local, emitter.call(do.apply, *args))
        return
    with emitter.block() as then:
        constants = [emitter.constant(one) for one in call.args]
        emitter.set(value.local, emitter.call(function.call, emitter.load(value), *constants))
    pending = is_not(emitter.type_of(value), emitter.bind(Pending))
    emitter.when(both(there(emitter, value), pending), then)


def _table(emitter: Emitter, table: Mapping[str, Any], value: Operand) -> None:
    """A row of the table in place for a text that has one or falls to `*`, else the whole rule."""
    plain = emitter.bind({key: one for key, one in table.items() if key != "*"})
    with emitter.block() as then:
        inside = ast.Compare(emitter.load(value), [ast.In()], [plain])
        found = ast.Subscript(plain, emitter.load(value), ast.Load())
        emitter.set(value.local, ast.IfExp(inside, found, emitter.constant(table.get("*", ABSENT))))
    with emitter.block() as other:
        emitter.set(value.local, emitter.call(do.look_up, emitter.bind(table), emitter.load(value)))
    text = both(emitter.is_text(value), negate(blank(emitter, value)))
    emitter.when(text, then, other)


def _ask(rows: Rows, row: Row, frame: Frame, value: Operand) -> None:
    emitter, context = rows.emitter, ast.Name("context", ast.Load())
    if row.by:
        constants = [ast.Constant(row.type.to), ast.Constant(row.by)]
        emitter.set(value.local, emitter.call(do.ask_by, context, *constants, emitter.load(value)))
    if row.linked:
        asked = emitter.call(do.ask_linked, context, ast.Constant(row.linked), emitter.load(value))
        emitter.set(value.local, asked)
    _say(rows, row, frame, "unanswered", is_(emitter.load(value), emitter.bind(UNKNOWN)))
    with emitter.block() as then:
        emitter.set(value.local, emitter.bind(ABSENT))
    emitter.when(is_(emitter.load(value), emitter.bind(UNKNOWN)), then)


def _coerce(emitter: Emitter, change: Callable[[Any], Any], kind: str, value: Operand) -> None:
    with emitter.block() as then:
        changed = emitter.call(do.coerce, emitter.bind(change), emitter.load(value))
        emitter.set(value.local, changed)
    test = there(emitter, value)
    if kind in FITTING:
        test = both(is_not(emitter.type_of(value), emitter.bind(FITTING[kind])), test)
    emitter.when(test, then)
