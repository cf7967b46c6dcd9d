"""One row to Python: whether it is there, its value, what is said about it."""

from __future__ import annotations

import ast

from engine.expressions import row_steps as do
from engine.expressions.emit_frame import (
    Frame,
    Result,
    Rows,
    append,
    blank,
    emit_text,
    flag,
    guard,
    say,
    say_too_long,
    target_name,
)
from engine.expressions.emit_steps import FITTING, emit_coercion, finish
from engine.expressions.emitter import Operand, both, is_, is_not
from engine.expressions.purity import is_pure_row
from engine.model.errors import ConcordError
from engine.model.values import ABSENT
from engine.spec.mapping import Literally, Row, Text


def emit_row(rows: Rows, row: Row, frame: Frame) -> Result:
    """The final value of a row in a local."""
    rows.emitter.line = row.place.line or rows.emitter.line
    plain = not (row.when or row.override or row.default) and row.missing == "leave" and is_pure_row(row)
    if plain and isinstance(row.source, Literally):
        known = _known(rows, row, row.source)
        if known is not None:
            return Result(known, gone="never")
    if plain and isinstance(row.source, Text):
        return _plain_row(rows, row, row.source, frame)
    return _whole_row(rows, row, frame)


def _known(rows: Rows, row: Row, source: Literally) -> Operand | None:
    """The value of a literal, when it fits its field."""
    change = rows.library.coercer(row.type)
    try:
        value = source.value if change is None else do.coerce(change, source.value)
    except ConcordError:
        return None
    long = row.type.length and isinstance(value, str) and len(value) > row.type.length
    return None if long or value is ABSENT else Operand(value=value, never_absent=True)


def _plain_row(rows: Rows, row: Row, source: Text, frame: Frame) -> Result:
    """A row that is a text and a type: the usual case, in the fewest steps."""
    emitter = rows.emitter
    found = emit_text(rows, source, frame)
    flag(emitter, frame.filler, False)
    fitting = FITTING.get(row.type.type)
    if found.constant and type(found.value) is fitting and not row.type.length:
        return Result(found, filler=frame.filler, gone="never")
    if rows.library.coercer(row.type) is None or (found.known_bool and fitting is bool):
        value = emitter.let(emitter.load(found)) if found.constant else found
        say_too_long(rows, row, frame, value)
        return Result(value, filler=frame.filler, gone="never" if found.never_absent or found.known_bool else "maybe")
    value = emitter.let(emitter.load(found))
    if fitting is None:
        emit_coercion(rows, row, frame, value, fitting=False, guarded=True)
        say_too_long(rows, row, frame, value)
        return Result(value, filler=frame.filler)
    with emitter.block() as other:
        emit_coercion(rows, row, frame, value, fitting=False, guarded=True)
        say_too_long(rows, row, frame, value)
        if frame.absent:
            with emitter.block() as gone:
                append(emitter, frame.absent, ast.Constant(row.target))
            emitter.when(is_(emitter.load(value), emitter.bind(ABSENT)), gone)
    with emitter.block() as fits:
        say_too_long(rows, row, frame, value, known_text=fitting is str)
    emitter.when(is_not(emitter.type_of(value), emitter.bind(fitting)), other, fits)
    return Result(value, filler=frame.filler, gone="listed" if frame.absent else "maybe")


def _whole_row(rows: Rows, row: Row, frame: Frame) -> Result:
    """Any row, from `when` to `missing`."""
    emitter = rows.emitter
    result = Result(Operand(emitter.new()), emitter.new() if row.default else "", frame.filler)
    exists = emitter.new() if row.when and row.missing != "leave" else ""
    flag(emitter, result.default, False)
    flag(emitter, result.filler, False)
    flag(emitter, exists, True)
    if is_pure_row(row):
        _when(rows, row, frame, result, exists)
    else:
        with emitter.block() as attempt:
            _when(rows, row, frame, result, exists)
        guard(rows, row, frame, result.value, attempt)
    _judge(rows, row, frame, result, exists)
    return result


def _when(rows: Rows, row: Row, frame: Frame, result: Result, exists: str) -> None:
    emitter = rows.emitter
    if row.when is None:
        finish(rows, row, frame, result)
        return
    test = emitter.load(emit_text(rows, row.when, frame))
    with emitter.block() as then:
        finish(rows, row, frame, result)
    with emitter.block() as other:
        emitter.set(result.value.local, emitter.bind(ABSENT))
        flag(emitter, exists, False)
    emitter.when(test, then, other)


def _judge(rows: Rows, row: Row, frame: Frame, result: Result, exists: str) -> None:
    emitter, value = rows.emitter, result.value
    say_too_long(rows, row, frame, value)
    if row.missing != "leave":
        tests = [blank(emitter, value)]
        say(rows, row, frame, row.missing, both(*([ast.Name(exists, ast.Load())] if exists else []), *tests))
    if result.default:
        with emitter.block() as used:
            append(emitter, "defaults", target_name(frame, row.target))
        kept = is_not(emitter.load(value), emitter.bind(ABSENT))
        emitter.when(both(ast.Name(result.default, ast.Load()), kept), used)
