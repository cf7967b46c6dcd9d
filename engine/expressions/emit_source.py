"""Sources to Python: one emitter per kind of source; lists become loops."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from engine.expressions import row_steps as do
from engine.expressions.assembling import AT_ONCE, assemble
from engine.expressions.emit_frame import Frame, Result, Rows, blank, blank_map, emit_text, flag
from engine.expressions.emit_path import emit_lines
from engine.expressions.emit_row import emit_row
from engine.expressions.emitter import Operand, both, either, is_, is_not, negate
from engine.expressions.sharing import hoist
from engine.model.values import ABSENT
from engine.spec.mapping import (
    Case,
    Choose,
    Collect,
    Each,
    FirstOf,
    Literally,
    Records,
    Row,
    Source,
    Text,
    Unmapped,
    With,
)


def emit_source(rows: Rows, source: Source, into: str, frame: Frame) -> None:
    """The value of a source into a local."""
    SOURCES[type(source)](rows, source, into, frame)


def _text(rows: Rows, source: Text, into: str, frame: Frame) -> None:
    rows.emitter.set(into, rows.emitter.load(emit_text(rows, source, frame)))
    _note(rows, source, frame)


def _literally(rows: Rows, source: Literally, into: str, frame: Frame) -> None:
    rows.emitter.set(into, rows.emitter.constant(source.value))
    _note(rows, source, frame)


def _note(rows: Rows, source: Source, frame: Frame) -> None:
    """Tell whether this value is a filler, where someone asks."""
    flag(rows.emitter, frame.filler, do.is_constant(source))


def _unmapped(rows: Rows, source: Unmapped, into: str, frame: Frame) -> None:
    rows.emitter.set(into, rows.emitter.bind(ABSENT))
    flag(rows.emitter, frame.filler, False)


def _first_of(rows: Rows, source: FirstOf, into: str, frame: Frame) -> None:
    _alternatives(rows, list(source.sources), [], into, frame)


def _alternatives(rows: Rows, left: list[Source], tried: list[Operand], into: str, frame: Frame) -> None:
    emitter = rows.emitter
    if not left:
        there = either(*[is_not(emitter.load(one), emitter.bind(ABSENT)) for one in tried])
        emitter.set(into, ast.IfExp(there, ast.Constant(None), emitter.bind(ABSENT)))
        return
    if isinstance(left[0], Text):
        one = emit_text(rows, left[0], frame)
        _note(rows, left[0], frame)
    else:
        one = Operand(emitter.new())
        emit_source(rows, left[0], one.local, frame)
    emitter.set(into, emitter.load(one))
    with emitter.block() as then:
        _alternatives(rows, left[1:], [*tried, one], into, frame)
    emitter.when(blank(emitter, one), then)


def _choose(rows: Rows, source: Choose, into: str, frame: Frame) -> None:
    _cases(rows, list(source.cases), into, frame)


def _cases(rows: Rows, cases: list[Case], into: str, frame: Frame) -> None:
    emitter = rows.emitter
    if not cases:
        emitter.set(into, emitter.bind(ABSENT))
        return
    test = emitter.load(emit_text(rows, cases[0].when, frame))
    with emitter.block() as then:
        emit_source(rows, cases[0].value, into, frame)
    with emitter.block() as other:
        _cases(rows, cases[1:], into, frame)
    emitter.when(test, then, other)


def _collect(rows: Rows, source: Collect, into: str, frame: Frame) -> None:
    emitter = rows.emitter
    found = emitter.let(ast.List([], ast.Load()))
    for case in source.cases:
        test = emitter.load(emit_text(rows, case.when, frame))
        with emitter.block() as then:
            one = Operand(emitter.new())
            emit_source(rows, case.value, one.local, replace(frame, filler=""))
            with emitter.block() as kept:
                emitter.add(ast.Expr(emitter.call(list.append, emitter.load(found), emitter.load(one))))
            emitter.when(is_not(emitter.load(one), emitter.bind(ABSENT)), kept)
        emitter.when(test, then)
    emitter.set(into, either(emitter.load(found), ast.Constant(None)))
    _note(rows, source, frame)


def _records(rows: Rows, source: Records, into: str, frame: Frame) -> None:
    emitter, context = rows.emitter, ast.Name("context", ast.Load())
    emitter.set(into, emitter.call(do.records, context, ast.Constant(source.object)))
    flag(emitter, frame.filler, False)
    if source.where is None:
        return
    found, item = emitter.let(ast.List([], ast.Load())), Operand(emitter.new())
    with emitter.block() as body:
        inner = replace(frame, names={**frame.names, "item": item})
        test = emitter.load(emit_text(rows, source.where, inner))
        with emitter.block() as kept:
            emitter.add(ast.Expr(emitter.call(list.append, emitter.load(found), emitter.load(item))))
        emitter.when(test, kept)
    emitter.loop(item.local, ast.Name(into, ast.Load()), body)
    emitter.set(into, emitter.load(found))


# -- lists and objects ------------------------------------------------------------------------------------


def _each(rows: Rows, source: Each, into: str, frame: Frame) -> None:
    emitter = rows.emitter
    written = None
    if isinstance(source.items, Text) and source.items.kind == "path":
        path = do.tree_of(source.items, frame.known_names, rows.targets)
        written = emit_lines(emitter, path, frame.current)
    if written is not None:
        lines = emitter.let(ast.List([], ast.Load()))
        for there, item in written:
            with emitter.block() as then:
                _line(rows, source.rows, item, lines, frame)
            emitter.when(there, then)
        emitter.set(into, either(emitter.load(lines), ast.Constant(None)))
    else:
        _loop(rows, source, into, frame)
    flag(emitter, frame.filler, False)


def _loop(rows: Rows, source: Each, into: str, frame: Frame) -> None:
    emitter = rows.emitter
    items = _items(rows, source.items, frame)
    with emitter.block() as then:
        lines = emitter.let(ast.List([], ast.Load()))
        item = replace(items.elements or Operand(), local=emitter.new())
        with emitter.block() as body:
            _line(rows, source.rows, item, lines, frame)
        emitter.loop(item.local, emitter.load(items), body)
        emitter.set(into, either(emitter.load(lines), ast.Constant(None)))
    with emitter.block() as other:
        emitter.set(into, emitter.bind(ABSENT))
    if items.elements is not None:
        emitter.body.extend(then)
    else:
        emitter.when(is_(emitter.type_of(items), emitter.bind(list)), then, other)


def _line(rows: Rows, members: tuple[Row, ...], item: Operand, lines: Operand, frame: Frame) -> None:
    emitter = rows.emitter

    def within() -> list[ast.expr]:
        count = ast.FormattedValue(emitter.call(len, emitter.load(lines)), -1, None)
        return [*_within(frame), ast.Constant("["), count, ast.Constant("]")]

    line = Operand(emitter.new())
    _members(rows, members, Frame(item, {**frame.names, "item": item}, within), line, keep=False, often=True)
    with emitter.block() as kept:
        emitter.add(ast.Expr(emitter.call(list.append, emitter.load(lines), emitter.load(line))))
    emitter.when(is_not(emitter.load(line), ast.Constant(None)), kept)


def _items(rows: Rows, source: Source, frame: Frame) -> Operand:
    if isinstance(source, Text):
        return emit_text(rows, source, frame)
    items = Operand(rows.emitter.new())
    emit_source(rows, source, items.local, replace(frame, filler=""))
    return items


def _within(frame: Frame) -> list[ast.expr]:
    return frame.within() if frame.within else []


def _with(rows: Rows, source: With, into: str, frame: Frame) -> None:
    emitter = rows.emitter
    keep = all(do.is_constant(row.source) for row in source.rows)
    made = Operand(into)
    if source.path is None:
        _members(rows, source.rows, Frame(frame.current, frame.names, frame.within), made, keep=keep, often=False)
        _absent_for_none(rows, made)
    else:
        base = emit_text(rows, source.path, frame)
        with emitter.block() as other:
            _members(rows, source.rows, Frame(base, frame.names, frame.within), made, keep=keep, often=False)
            _absent_for_none(rows, made)
        with emitter.block() as then:
            emitter.set(into, emitter.bind(ABSENT))
        emitter.when(blank_map(emitter, base), then, other)
    _note(rows, source, frame)


def _absent_for_none(rows: Rows, made: Operand) -> None:
    emitter = rows.emitter
    with emitter.block() as then:
        emitter.set(made.local, emitter.bind(ABSENT))
    emitter.when(is_(emitter.load(made), ast.Constant(None)), then)


def _members(rows: Rows, members: Iterable[Row], frame: Frame, made: Operand, *, keep: bool, often: bool) -> None:
    """The map of the members that are not absent; None, and no word of it, when only fillers have values.

    `often`: as a rule all members are there.
    """
    emitter = rows.emitter
    before = [(name, emitter.let(ast.Name(name, ast.Load()))) for name in ("defaults", "problems")]
    hoist(emitter, members, frame, rows.targets)
    if often:
        frame = replace(frame, absent=emitter.let(ast.Tuple([], ast.Load())).local)
    tests, results = [], []
    for count, row in enumerate(members):
        absent = frame.absent if count < AT_ONCE else ""
        result = emit_row(rows, row, replace(frame, filler=emitter.new() if _asks(row) else "", absent=absent))
        results.append((row.target, result))
        if keep or not (do.is_constant(row.source) and row.override is None):
            tests.append(_content(rows, result, keep))
    with emitter.block() as nothing:
        for name, saved in before:
            emitter.set(name, emitter.load(saved))
        emitter.set(made.local, ast.Constant(None))
    with emitter.block() as something:
        assemble(rows, made.local, results, frame)
    if tests:
        emitter.when(either(*tests), something, nothing)
    else:
        emitter.body.extend(nothing)


def _asks(row: Row) -> bool:
    """Whether only the record tells if the row's value is a filler."""
    return row.default is not None or row.override is not None or isinstance(row.source, (FirstOf, Choose))


def _content(rows: Rows, result: Result, keep: bool) -> ast.expr:
    there = negate(blank(rows.emitter, result.value))
    return both(negate(ast.Name(result.filler, ast.Load())), there) if result.filler and not keep else there


SOURCES: Final[dict[type, Callable[[Rows, Any, str, Frame], None]]] = {
    Choose: _choose,
    Collect: _collect,
    Each: _each,
    FirstOf: _first_of,
    Literally: _literally,
    Records: _records,
    Text: _text,
    Unmapped: _unmapped,
    With: _with,
}
