"""The steps of a row to Python: overrides, source, default, functions, table, lookups, type."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from engine.expressions import row_steps as do
from engine.expressions.emit_frame import (
    Frame,
    Result,
    Rows,
    blank,
    emit_text,
    flag,
    guard,
    say,
    target_pieces,
)
from engine.expressions.emitter import Emitter, Operand, both, is_, is_not, negate, there
from engine.expressions.purity import is_pure, is_pure_row
from engine.model.values import ABSENT, UNKNOWN, Pending, is_blank
from engine.spec.mapping import Call, Choose, FirstOf, Literally, Row, Source, Text

FITTING: Final[dict[str, type]] = {"text": str, "boolean": bool, "integer": int}
"""Types whose values need no coercion when they are of this Python type already."""


def finish(rows: Rows, row: Row, frame: Frame, result: Result) -> None:
    first = _first_path(row)
    if first is None:
        _step_by_step(rows, row, frame, result)
        return
    emitter = rows.emitter
    found = emit_text(rows, first, frame)
    with emitter.block() as then:
        emitter.set(result.value.local, emitter.load(found))
    with emitter.block() as other:
        _step_by_step(rows, row, frame, result)
    there = negate(emitter.call(str.isspace, emitter.load(found)))
    emitter.when(both(emitter.is_text(found), emitter.load(found), there), then, other)


def _first_path(row: Row) -> Text | None:
    """The path whose text, where it has one, is already the value of the row."""
    source = row.source.sources[0] if isinstance(row.source, FirstOf) else row.source
    alone = row.default is None and row.source is source
    more = row.override or row.apply or row.table is not None or row.by or row.linked
    if more or row.type.type != "text" or alone or not is_pure(source):
        return None
    return source if isinstance(source, Text) and source.kind == "path" else None


def _step_by_step(rows: Rows, row: Row, frame: Frame, result: Result) -> None:
    _override(rows, row, frame, result)
    for call in row.apply:
        _apply(rows, call, result.value)
    if row.table is not None:
        _table(rows.emitter, row.table, result.value)
    if row.by or row.linked:
        _ask(rows, row, frame, result.value)
    if do.needs_coercion(row) and not _fits(row):
        emit_coercion(rows, row, frame, result.value, fitting=True, guarded=is_pure_row(row))


def _fits(row: Row) -> bool:
    """A row of type text that can be nothing but a text."""
    plain = not (row.override or row.apply or row.table is not None or row.by or row.linked)
    return plain and row.type.type == "text" and _is_text(row.source) and (row.default is None or _is_text(row.default))


def _is_text(source: Source) -> bool:
    if isinstance(source, Choose):
        return all(_is_text(case.value) for case in source.cases)
    if isinstance(source, Literally):
        return isinstance(source.value, str)
    return isinstance(source, Text) and source.kind == "template"


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
    inner = replace(frame, within=lambda: target_pieces(frame, row.target))
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
    if isinstance(source, Literally):
        if not is_blank(source.value):
            emitter.set(result.value.local, emitter.constant(source.value))
            flag(emitter, result.default, True)
            flag(emitter, result.filler, True)
        return
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
    spaces = emitter.call(str.isspace, emitter.load(value))
    emitter.when(both(emitter.is_text(value), emitter.load(value), negate(spaces)), then, other)


def _ask(rows: Rows, row: Row, frame: Frame, value: Operand) -> None:
    emitter, context = rows.emitter, ast.Name("context", ast.Load())
    if row.by:
        constants = [ast.Constant(row.type.to), ast.Constant(row.by)]
        emitter.set(value.local, emitter.call(do.ask_by, context, *constants, emitter.load(value)))
    if row.linked:
        asked = emitter.call(do.ask_linked, context, ast.Constant(row.linked), emitter.load(value))
        emitter.set(value.local, asked)
    say(rows, row, frame, "unanswered", is_(emitter.load(value), emitter.bind(UNKNOWN)))
    with emitter.block() as then:
        emitter.set(value.local, emitter.bind(ABSENT))
    emitter.when(is_(emitter.load(value), emitter.bind(UNKNOWN)), then)


def emit_coercion(rows: Rows, row: Row, frame: Frame, value: Operand, *, fitting: bool, guarded: bool) -> None:
    """Make the value fit its type; `fitting`: unless it is of the right Python type already."""
    emitter, change = rows.emitter, rows.library.coercer(row.type)
    if change is None:
        return
    with emitter.block() as then:
        emitter.set(value.local, emitter.call(do.coerce, emitter.bind(change), emitter.load(value)))
    if guarded:
        with emitter.block() as guarding:
            guard(rows, row, frame, value, then)
        then = guarding
    test = there(emitter, value)
    kind = FITTING.get(row.type.type)
    if fitting and kind is not None:
        test = both(is_not(emitter.type_of(value), emitter.bind(kind)), test)
    emitter.when(test, then)
