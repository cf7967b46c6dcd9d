"""One row to Python: `when`, overrides, source, default, functions, table, lookups, type, `missing`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from engine.expressions import row_steps as do
from engine.expressions.emit_expression import emit_expression, emit_template
from engine.expressions.emit_path import emit_path
from engine.expressions.emitter import Emitter, Operand, both, either, is_, is_not, negate, null_or_absent, there
from engine.expressions.purity import is_pure, is_pure_row
from engine.model.errors import ConcordError
from engine.model.values import ABSENT, UNKNOWN, Pending, is_blank
from engine.spec.mapping import Call, Choose, FirstOf, Literally, Row, Source, Text

FITTING: Final[dict[str, type]] = {"text": str, "boolean": bool, "integer": int}
"""Types whose values need no coercion when they are of this Python type already."""


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


# -- the row ----------------------------------------------------------------------------------------------


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
        _too_long(rows, row, frame, value)
        return Result(value, filler=frame.filler, gone="never" if found.never_absent or found.known_bool else "maybe")
    value = emitter.let(emitter.load(found))
    if fitting is None:
        _coerce(rows, row, frame, value, fitting=False, guarded=True)
        _too_long(rows, row, frame, value)
        return Result(value, filler=frame.filler)
    with emitter.block() as other:
        _coerce(rows, row, frame, value, fitting=False, guarded=True)
        _too_long(rows, row, frame, value)
        if frame.absent:
            with emitter.block() as gone:
                append(emitter, frame.absent, ast.Constant(row.target))
            emitter.when(is_(emitter.load(value), emitter.bind(ABSENT)), gone)
    with emitter.block() as fits:
        _too_long(rows, row, frame, value, known_text=fitting is str)
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
        _guard(rows, row, frame, result.value, attempt)
    _judge(rows, row, frame, result, exists)
    return result


def _guard(rows: Rows, row: Row, frame: Frame, value: Operand, attempt: list[ast.stmt]) -> None:
    """try: attempt; a failure is a problem, and the field is absent."""
    emitter = rows.emitter
    with emitter.block() as handler:
        error = ast.Name("error", ast.Load())
        append(emitter, "problems", emitter.call(do.failed, target_name(frame, row.target), error))
        emitter.set(value.local, emitter.bind(ABSENT))
    emitter.add(ast.Try(attempt, [ast.ExceptHandler(emitter.bind(ConcordError), "error", handler)], [], []))


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


def _judge(rows: Rows, row: Row, frame: Frame, result: Result, exists: str) -> None:
    emitter, value = rows.emitter, result.value
    _too_long(rows, row, frame, value)
    if row.missing != "leave":
        tests = [blank(emitter, value)]
        _say(rows, row, frame, row.missing, both(*([ast.Name(exists, ast.Load())] if exists else []), *tests))
    if result.default:
        with emitter.block() as used:
            append(emitter, "defaults", target_name(frame, row.target))
        kept = is_not(emitter.load(value), emitter.bind(ABSENT))
        emitter.when(both(ast.Name(result.default, ast.Load()), kept), used)


def _too_long(rows: Rows, row: Row, frame: Frame, value: Operand, *, known_text: bool = False) -> None:
    if row.type.length:
        emitter = rows.emitter
        count = emitter.call(len, emitter.load(value))
        long: ast.expr = ast.Compare(count, [ast.Gt()], [ast.Constant(row.type.length)])
        _say(rows, row, frame, "too_long", long if known_text else both(emitter.is_text(value), long))


def _say(rows: Rows, row: Row, frame: Frame, kind: str, test: ast.expr) -> None:
    emitter = rows.emitter
    with emitter.block() as then:
        append(emitter, "problems", emitter.call(do.problem, target_name(frame, row.target), ast.Constant(kind)))
    emitter.when(test, then)


# -- its steps --------------------------------------------------------------------------------------------


def _finish(rows: Rows, row: Row, frame: Frame, result: Result) -> None:
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
        _coerce(rows, row, frame, result.value, fitting=True, guarded=is_pure_row(row))


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
    _say(rows, row, frame, "unanswered", is_(emitter.load(value), emitter.bind(UNKNOWN)))
    with emitter.block() as then:
        emitter.set(value.local, emitter.bind(ABSENT))
    emitter.when(is_(emitter.load(value), emitter.bind(UNKNOWN)), then)


def _coerce(rows: Rows, row: Row, frame: Frame, value: Operand, *, fitting: bool, guarded: bool) -> None:
    """Make the value fit its type; `fitting`: unless it is of the right Python type already."""
    emitter, change = rows.emitter, rows.library.coercer(row.type)
    if change is None:
        return
    with emitter.block() as then:
        emitter.set(value.local, emitter.call(do.coerce, emitter.bind(change), emitter.load(value)))
    if guarded:
        with emitter.block() as guard:
            _guard(rows, row, frame, value, then)
        then = guard
    test = there(emitter, value)
    kind = FITTING.get(row.type.type)
    if fitting and kind is not None:
        test = both(is_not(emitter.type_of(value), emitter.bind(kind)), test)
    emitter.when(test, then)
